/** Trees that are put together in other ways, and are as healthy. */
import { expect, test } from 'vitest';
import { said } from './said';

const deployment = (name: string, image = `registry.example.com/${name}:1.0.0`) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      containers:
        - name: ${name}
          image: ${image}
`;

const sync = (cluster: string) => `-- clusters/${cluster}/flux-system/gotk-sync.yaml --
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: flux-system, namespace: flux-system }
spec: { interval: 1m, url: "ssh://git@example.com/org/repo" }
---
${kustomization('flux-system', `./clusters/${cluster}`)}`;

const kustomization = (name: string, path: string, more = '') => `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: ${name}, namespace: flux-system }
spec:
  interval: 10m
  path: ${path}
  prune: true
  sourceRef: { kind: GitRepository, name: flux-system }
${more}`;

test('Argo CD applies kustomizations, and Strata knows them as such only', () => {
	expect(
		said(`-- argocd/apps/web.yaml --
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  namespace: argocd
  finalizers: [resources-finalizer.argocd.argoproj.io]
spec:
  project: default
  source:
    repoURL: https://example.com/org/repo
    targetRevision: HEAD
    path: apps/web/overlays/prod
  destination: { server: "https://kubernetes.default.svc", namespace: web }
  syncPolicy: { automated: { prune: true } }
-- argocd/kustomization.yaml --
resources:
  - apps/web.yaml
-- apps/web/base/kustomization.yaml --
resources: [deployment.yaml]
-- apps/web/base/deployment.yaml --
${deployment('web')}-- apps/web/overlays/prod/kustomization.yaml --
resources: [../../base]
images: [{ name: registry.example.com/web, newTag: 1.2.3 }]
-- apps/web/overlays/dev/kustomization.yaml --
resources: [../../base]
images: [{ name: registry.example.com/web, newTag: 1.3.0-rc1 }]
`),
	).toEqual([]);
});

test('a Component as the base of Flux Kustomizations, with paths that climb out of the repository', () => {
	expect(
		said(`${sync('one')}-- clusters/one/web.yaml --
${kustomization('web', './apps/web', '  components: [../../../../components/limits]\n')}-- apps/web/deployment.yaml --
${deployment('web').replace('name: web\n', 'name: web\n  namespace: web\n')}-- components/limits/kustomization.yaml --
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
resources: [quota.yaml]
patches:
  - target: { kind: StatefulSet|Deployment }
    patch: |-
      - op: add
        path: /spec/revisionHistoryLimit
        value: 2
-- components/limits/quota.yaml --
apiVersion: v1
kind: ResourceQuota
metadata: { name: limits, namespace: web }
spec: { hard: { pods: "20" } }
`),
	).toEqual([]);
});

test('files outside of the root, an empty kustomization, and a directory that lists nothing yet', () => {
	expect(
		said(`${sync('one')}-- clusters/one/apps.yaml --
${kustomization('apps', './apps')}---
${kustomization('later', './later')}-- apps/kustomization.yaml --
resources:
  - web
-- apps/web/kustomization.yaml --
resources:
  - ../../shared/deployment.yaml
configMapGenerator:
  - name: settings
    namespace: web
    files:
      - ../../shared/settings.ini
-- shared/deployment.yaml --
${deployment('web').replace('name: web\n', 'name: web\n  namespace: web\n')}-- shared/settings.ini --
[a]
-- later/kustomization.yaml --
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: []
`),
	).toEqual([]);
});

test('shell variables that are none of Flux, and objects that opt out of substitution', () => {
	expect(
		said(`${sync('one')}-- clusters/one/apps.yaml --
${kustomization('apps', './apps', '  postBuild:\n    substitute: { REGION: eu }\n')}-- apps/kustomization.yaml --
resources: [job.yaml, dashboard.yaml]
-- apps/job.yaml --
apiVersion: batch/v1
kind: Job
metadata:
  name: migrate-\${REGION}
  namespace: web
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: migrate
          image: alpine:3
          command: [sh, -c, 'for f in *; do echo "$f" "$\${HOME}" $(date); done']
-- apps/dashboard.yaml --
apiVersion: v1
kind: ConfigMap
metadata:
  name: dashboard
  namespace: web
  annotations: { kustomize.toolkit.fluxcd.io/substitute: disabled }
data:
  dashboard.json: '{"expr": "up{job=\\"\${job}\\"}", "datasource": "\${DS_PROMETHEUS}"}'
`),
	).toEqual([]);
});

test('clusters that share layers, of which one has a name of its own for everything', () => {
	const cluster = (name: string, apps: string) => `${sync(name)}-- clusters/${name}/layers.yaml --
${kustomization('crds', './layers/crds')}---
${kustomization('apps', `./layers/apps/${apps}`, '  dependsOn: [{ name: crds }]\n')}`;
	expect(
		said(`${cluster('tpi-1', 'home')}${cluster('nas', 'nas')}-- layers/crds/crd.yaml --
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: things.example.com }
spec:
  group: example.com
  scope: Cluster
  names: { kind: Thing, listKind: ThingList, plural: things, singular: thing }
  versions:
    - name: v1
      served: true
      storage: true
      schema: { openAPIV3Schema: { type: object, properties: { spec: { type: object, properties: { nas: { type: string } } } } } }
-- layers/apps/base/kustomization.yaml --
resources: [deployment.yaml, thing.yaml]
-- layers/apps/base/deployment.yaml --
${deployment('web').replace('name: web\n', 'name: web\n  namespace: web\n')}-- layers/apps/base/thing.yaml --
apiVersion: example.com/v1
kind: Thing
metadata: { name: disk }
spec: {}
-- layers/apps/home/kustomization.yaml --
resources: [../base]
-- layers/apps/nas/kustomization.yaml --
resources: [../base]
patches:
  - target: { kind: Thing }
    patch: '[{ "op": "add", "path": "/spec/nas", "value": "nas.internal" }]'
`),
	).toEqual([]);
});

test('rendered manifests beside the tree, in which a Kustomization applies all of an artifact from elsewhere', () => {
	const rendered = (file: string) => `-- rendered/${file}.yaml --
${kustomization('operator', './').replace('kind: GitRepository, name: flux-system', 'kind: OCIRepository, name: operator')}---
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata: { name: operator, namespace: flux-system }
spec: { interval: 1h, url: "oci://registry.example.com/manifests/operator" }
`;
	expect(
		said(
			`${sync('one').replace(/-- .* --/, '-- tree/clusters/one/flux-system/gotk-sync.yaml --')}${rendered('one')}${rendered('two')}`,
		),
	).toEqual([]);
});

test('a hub that applies releases to other clusters, whose sources come from somewhere else', () => {
	const remote = '  targetNamespace: web\n  kubeConfig: { secretRef: { name: edge-kubeconfig } }\n';
	expect(
		said(`${sync('hub')}-- clusters/hub/edge.yaml --
${kustomization('edge-apps', './apps', remote)}-- apps/release.yaml --
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: web }
spec:
  interval: 10m
  chart: { spec: { chart: web, version: 1.0.0, sourceRef: { kind: HelmRepository, name: charts, namespace: flux-system } } }
`),
	).toEqual([]);
});

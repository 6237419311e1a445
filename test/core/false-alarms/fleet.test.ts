/** Fleets: several clusters, bases with overlays, tenants, other repositories, image automation. */
import { expect, test } from 'vitest';
import { said } from './said';

const source = (name: string, url: string, namespace = 'flux-system') => `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  interval: 1m
  ref:
    branch: main
  url: ${url}
`;

const flux = (
	name: string,
	path: string,
	extra = '',
	namespace = 'flux-system',
) => `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  interval: 10m
  path: ${path}
  prune: true
  sourceRef:
    kind: GitRepository
    name: ${/sourceName: (\S+)/.exec(extra)?.[1] ?? 'flux-system'}
${extra.replace(/ {2}sourceName: \S+\n/, '')}`;

const bootstrap = (cluster: string) => `-- clusters/${cluster}/flux-system/gotk-components.yaml --
# Placeholder for manifests generated at bootstrap
-- clusters/${cluster}/flux-system/gotk-sync.yaml --
${source('flux-system', 'ssh://git@github.com/org/fleet')}---
${flux('flux-system', `./clusters/${cluster}`)}-- clusters/${cluster}/flux-system/kustomization.yaml --
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - gotk-components.yaml
  - gotk-sync.yaml
patches:
  - target:
      kind: Deployment
      labelSelector: app.kubernetes.io/part-of=flux
    patch: |
      - op: add
        path: /spec/template/spec/containers/0/args/-
        value: --concurrent=20
  - target:
      kind: Deployment
      name: "(kustomize-controller|helm-controller)"
    patch: |
      - op: replace
        path: /spec/template/spec/containers/0/resources/limits/memory
        value: 2Gi
`;

test('apps and infrastructure of two clusters, with variables and an unencrypted ConfigMap of settings', () => {
	const cluster = (name: string) => `${bootstrap(name)}-- clusters/${name}/settings.yaml --
apiVersion: v1
kind: ConfigMap
metadata:
  name: cluster-settings
  namespace: flux-system
data:
  CLUSTER_NAME: ${name}
  CLUSTER_DOMAIN: ${name}.example.com
-- clusters/${name}/infrastructure.yaml --
${flux('infra-controllers', './infrastructure/controllers', '  wait: true\n  timeout: 5m\n')}---
${flux(
	'infra-configs',
	'./infrastructure/configs',
	`  dependsOn:
    - name: infra-controllers
  postBuild:
    substituteFrom:
      - kind: ConfigMap
        name: cluster-settings
      - kind: Secret
        name: cluster-secrets
        optional: true
  patches:
    - patch: |
        - op: replace
          path: /spec/acme/server
          value: https://acme-v02.api.letsencrypt.org/directory
      target:
        kind: ClusterIssuer
        name: letsencrypt
`,
)}-- clusters/${name}/apps.yaml --
${flux(
	'apps',
	`./apps/${name}`,
	`  dependsOn:
    - name: infra-configs
  postBuild:
    substituteFrom:
      - kind: ConfigMap
        name: cluster-settings
      - kind: Secret
        name: cluster-secrets
`,
)}-- apps/${name}/kustomization.yaml --
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - ../base/podinfo
patches:
  - path: podinfo-values.yaml
    target:
      kind: HelmRelease
      name: podinfo
-- apps/${name}/podinfo-values.yaml --
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: podinfo
  namespace: podinfo
spec:
  chart:
    spec:
      version: "${name === 'staging' ? '>=1.0.0-alpha' : '>=1.0.0'}" # {"$imagepolicy": "flux-system:podinfo:tag"}
  values:
    ingress:
      hosts:
        - host: podinfo.${name}.example.com
          paths:
            - path: /
              pathType: ImplementationSpecific
`;
	expect(
		said(`${cluster('staging')}${cluster('production')}-- infrastructure/controllers/kustomization.yaml --
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - cert-manager.yaml
-- infrastructure/controllers/cert-manager.yaml --
---
apiVersion: v1
kind: Namespace
metadata:
  name: cert-manager
  labels:
    toolkit.fluxcd.io/tenant: sre-team
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata:
  name: cert-manager
  namespace: cert-manager
spec:
  interval: 24h
  url: https://charts.jetstack.io
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: cert-manager
  namespace: cert-manager
spec:
  interval: 30m
  chart:
    spec:
      chart: cert-manager
      version: "1.x"
      sourceRef:
        kind: HelmRepository
        name: cert-manager
        namespace: cert-manager
      interval: 12h
  values:
    crds:
      enabled: true
-- infrastructure/configs/kustomization.yaml --
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - cluster-issuers.yaml
-- infrastructure/configs/cluster-issuers.yaml --
apiVersion: cert-manager.io/v1
kind: ClusterIssuer
metadata:
  name: letsencrypt
spec:
  acme:
    # Staging by default: the clusters patch it
    server: https://acme-staging-v02.api.letsencrypt.org/directory
    email: admin@\${CLUSTER_DOMAIN}
    privateKeySecretRef:
      name: letsencrypt-\${CLUSTER_NAME}
    solvers:
      - http01:
          ingress:
            class: nginx
-- apps/base/podinfo/kustomization.yaml --
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namespace: podinfo
resources:
  - namespace.yaml
  - repository.yaml
  - release.yaml
-- apps/base/podinfo/namespace.yaml --
apiVersion: v1
kind: Namespace
metadata:
  name: podinfo
-- apps/base/podinfo/repository.yaml --
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata:
  name: podinfo
spec:
  interval: 5m
  url: https://stefanprodan.github.io/podinfo
-- apps/base/podinfo/release.yaml --
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: podinfo
  namespace: podinfo
spec:
  releaseName: podinfo
  chart:
    spec:
      chart: podinfo
      sourceRef:
        kind: HelmRepository
        name: podinfo
  interval: 50m
  install:
    remediation:
      retries: 3
  valuesFrom:
    - kind: Secret
      name: podinfo-values
      optional: true
  values:
    cluster: \${CLUSTER_NAME}
    token: \${PODINFO_TOKEN}
    redis:
      enabled: true
      repository: public.ecr.aws/docker/library/redis
    ingress:
      enabled: true
      className: nginx
`),
	).toEqual([]);
});

test('tenants with repositories of their own', () => {
	expect(
		said(`${bootstrap('prod')}-- clusters/prod/tenants.yaml --
${flux('tenants', './tenants/prod')}-- tenants/prod/kustomization.yaml --
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - ../base/dev-team
patches:
  - path: dev-team-patch.yaml
-- tenants/prod/dev-team-patch.yaml --
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: dev-team
  namespace: apps
spec:
  path: ./production
-- tenants/base/dev-team/kustomization.yaml --
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - rbac.yaml
  - sync.yaml
-- tenants/base/dev-team/rbac.yaml --
apiVersion: v1
kind: Namespace
metadata:
  labels:
    toolkit.fluxcd.io/tenant: dev-team
  name: apps
---
apiVersion: v1
kind: ServiceAccount
metadata:
  labels:
    toolkit.fluxcd.io/tenant: dev-team
  name: dev-team
  namespace: apps
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  labels:
    toolkit.fluxcd.io/tenant: dev-team
  name: dev-team-reconciler
  namespace: apps
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: cluster-admin
subjects:
  - apiGroup: rbac.authorization.k8s.io
    kind: User
    name: gotk:apps:reconciler
  - kind: ServiceAccount
    name: dev-team
    namespace: apps
-- tenants/base/dev-team/sync.yaml --
${source('dev-team', 'https://github.com/org/dev-team', 'apps')}---
${flux('dev-team', './', '  serviceAccountName: dev-team\n  sourceName: dev-team\n', 'apps')}`),
	).toEqual([]);
});

test('paths without a kustomization, an archive, examples and a vendored chart', () => {
	expect(
		said(`${bootstrap('one')}-- clusters/one/apps.yaml --
${flux('apps', './apps', '  wait: true\n')}-- clusters/one/crds.yaml --
${flux('crds', './crds')}-- apps/web/deployment.yaml --
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: web
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web
          image: nginx:1.27 # {"$imagepolicy": "flux-system:web"}
-- apps/web/namespace.yaml --
apiVersion: v1
kind: Namespace
metadata:
  name: web
-- apps/shop/kustomization.yaml --
namespace: web
resources:
  - release.yaml
-- apps/shop/release.yaml --
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: shop
spec:
  interval: 5m
  chart:
    spec:
      chart: ./charts/shop
      sourceRef:
        kind: GitRepository
        name: flux-system
        namespace: flux-system
  values:
    replicas: 2
-- charts/shop/Chart.yaml --
apiVersion: v2
name: shop
version: 0.1.0
-- charts/shop/values.yaml --
replicas: 1
-- charts/shop/templates/deployment.yaml --
{{- if .Values.replicas }}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  replicas: {{ .Values.replicas }}
{{- end }}
-- crds/widgets.yaml --
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: widgets.example.com
spec:
  group: example.com
  names: { kind: Widget, listKind: WidgetList, plural: widgets, singular: widget }
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec: { type: object, x-kubernetes-preserve-unknown-fields: true }
-- _archive/old-app/kustomization.yaml --
resources:
  - gone.yaml
-- examples/demo/kustomization.yaml --
resources:
  - ../../nowhere
-- apps.bak/kustomization.yaml --
resources: [x.yaml]
-- scripts/validate.sh --
#!/usr/bin/env bash
find . -type f -name '*.yaml' -print0 | while IFS= read -r -d $'\\0' file; do kubeconform "$file"; done
kustomize build "\${dir}" --load-restrictor=LoadRestrictionsNone
-- docker-compose.yml --
services:
  db: { image: postgres }
-- mkdocs.yml --
site_name: Fleet
`),
	).toEqual([]);
});

test('dependsOn across namespaces, another repository, image automation, notifications', () => {
	expect(
		said(`${bootstrap('one')}-- clusters/one/kustomization.yaml --
resources:
  - flux-system
  - sources.yaml
  - apps.yaml
  - images.yaml
-- clusters/one/sources.yaml --
${source('manifests', 'https://github.com/org/manifests')}---
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata:
  name: artifacts
  namespace: flux-system
spec:
  interval: 10m
  url: oci://ghcr.io/org/manifests/base
  ref:
    tag: latest
-- clusters/one/apps.yaml --
${flux('other', './deploy/production', '  sourceName: manifests\n')}---
${flux('web', './apps/web', '  dependsOn:\n    - name: database\n      namespace: data\n', 'web')
	.replace('    name: flux-system', '    name: flux-system\n    namespace: flux-system')
	.replace('namespace: web\n', 'namespace: web\n')}---
${flux('database', './apps/database', '', 'data').replace('    name: flux-system', '    name: flux-system\n    namespace: flux-system')}---
${flux('oci', './', '').replace('GitRepository', 'OCIRepository').replace('    name: flux-system', '    name: artifacts')}-- apps/web/kustomization.yaml --
resources: [config.yaml]
-- apps/web/config.yaml --
apiVersion: v1
kind: ConfigMap
metadata: { name: web, namespace: web }
-- apps/database/kustomization.yaml --
resources: [config.yaml]
-- apps/database/config.yaml --
apiVersion: v1
kind: ConfigMap
metadata: { name: database, namespace: data }
-- clusters/one/images.yaml --
apiVersion: image.toolkit.fluxcd.io/v1beta2
kind: ImageRepository
metadata:
  name: web
  namespace: flux-system
spec:
  image: ghcr.io/org/web
  interval: 5m
---
apiVersion: image.toolkit.fluxcd.io/v1beta2
kind: ImagePolicy
metadata:
  name: web
  namespace: flux-system
spec:
  imageRepositoryRef:
    name: web
  policy:
    semver:
      range: 1.x
---
apiVersion: image.toolkit.fluxcd.io/v1beta2
kind: ImageUpdateAutomation
metadata:
  name: all
  namespace: flux-system
spec:
  interval: 30m
  sourceRef:
    kind: GitRepository
    name: flux-system
  git:
    checkout: { ref: { branch: main } }
    commit:
      author: { name: flux, email: flux@example.com }
    push: { branch: main }
  update:
    path: ./apps
    strategy: Setters
---
apiVersion: notification.toolkit.fluxcd.io/v1
kind: Receiver
metadata:
  name: github
  namespace: flux-system
spec:
  type: github
  events: [ping, push]
  secretRef: { name: webhook-token }
  resources:
    - kind: GitRepository
      name: flux-system
`),
	).toEqual(
		// Image automation has a v1 since Flux 2.7, and v1beta2 is deprecated.
		[1, 10, 22].map(line => `clusters/one/images.yaml:${line} warning flux/deprecated-api-version`).sort(),
	);
});

/** HelmReleases: where their values and charts come from when all is well. */
import { expect, test } from 'vitest';
import { said } from './said';

const FLUX = `-- flux-system/gotk-sync.yaml --
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: flux-system, namespace: flux-system }
spec: { interval: 1m, url: "https://example.com/org/repo" }
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec:
  interval: 10m
  path: ./cluster
  prune: true
  sourceRef: { kind: GitRepository, name: flux-system }
`;

test('values out of generated ConfigMaps, secrets made elsewhere, and several releases of one chart', () => {
	const release = (name: string) => `-- cluster/${name}/kustomization.yaml --
namespace: ${name}
resources:
  - namespace.yaml
  - release.yaml
configMapGenerator:
  - name: ${name}-values
    files:
      - values.yaml=values.yaml
configurations:
  - kustomizeconfig.yaml
-- cluster/${name}/kustomizeconfig.yaml --
nameReference:
  - kind: ConfigMap
    version: v1
    fieldSpecs:
      - path: spec/valuesFrom/name
        kind: HelmRelease
-- cluster/${name}/namespace.yaml --
apiVersion: v1
kind: Namespace
metadata:
  name: ${name}
-- cluster/${name}/values.yaml --
replicaCount: 2
# -- Comment as charts write them
service:
  type: ClusterIP
-- cluster/${name}/release.yaml --
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: ${name}
spec:
  interval: 30m
  chart:
    spec:
      chart: web
      version: 1.x
      sourceRef:
        kind: HelmRepository
        name: charts
        namespace: flux-system
  valuesFrom:
    - kind: ConfigMap
      name: ${name}-values
    - kind: Secret
      name: ${name}-values-secret
    - kind: Secret
      name: ${name}-token
      valuesKey: token
      targetPath: auth.token
      optional: true
`;
	expect(
		said(`${FLUX}-- cluster/sources.yaml --
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: { name: charts, namespace: flux-system }
spec: { interval: 1h, url: "https://charts.example.com" }
${release('one')}${release('two')}`),
	).toEqual([]);
});

test('values without a hash, a release in the namespace of another Kustomization, and old API versions of sources', () => {
	expect(
		said(
			`${FLUX}-- cluster/apps.yaml --
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: apps, namespace: flux-system }
spec:
  interval: 10m
  path: ./apps
  prune: true
  targetNamespace: apps
  sourceRef: { kind: GitRepository, name: flux-system }
-- cluster/namespace.yaml --
apiVersion: v1
kind: Namespace
metadata: { name: apps }
-- apps/kustomization.yaml --
resources: [release.yaml, repository.yaml]
generatorOptions:
  disableNameSuffixHash: true
configMapGenerator:
  - name: web-values
    files: [values.yaml]
-- apps/values.yaml --
a: {{not yaml for helm, but a text here}}
-- apps/repository.yaml --
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: { name: web }
spec: { interval: 1h, type: oci, url: "oci://ghcr.io/org/charts" }
-- apps/release.yaml --
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: web }
spec:
  interval: 30m
  chart:
    spec: { chart: web, version: 1.2.3, sourceRef: { kind: HelmRepository, name: web } }
  valuesFrom:
    - { kind: ConfigMap, name: web-values }
  postRenderers:
    - kustomize:
        patches:
          - target: { kind: Deployment, name: web }
            patch: |
              - op: add
                path: /spec/template/spec/hostNetwork
                value: true
`.replace('a: {{not yaml for helm, but a text here}}', 'a: b'),
		),
	).toEqual([]);
});

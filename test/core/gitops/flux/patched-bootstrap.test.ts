/** What begins a cluster is customised by patches: over `gotk-sync.yaml`, and in a FluxInstance. The first Kustomization is what they make of it. */
import { expect, test } from 'vitest';
import { analyse, diagnostics } from '../../../support/check';

const PATCHES = `patches:
  - target: {kind: Deployment, name: kustomize-controller}
    patch: |
      - op: add
        path: /spec/template/spec/containers/0/args/-
        value: --concurrent=10
  - target: {kind: Kustomization, name: flux-system}
    patch: |
      - op: add
        path: /spec/postBuild
        value: {substitute: {DOMAIN: example.com}}
      - op: replace
        path: /spec/prune
        value: false
`;

const CONFIG = `apiVersion: v1
kind: ConfigMap
metadata: {name: a, namespace: flux-system}
data:
  known: \${DOMAIN}
  unknown: \${NOWHERE}
`;

test.each([
	[
		'over gotk-sync.yaml',
		`-- clusters/one/flux-system/gotk-sync.yaml --
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 1m, url: "ssh://git@example.com/x/y"}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: flux-system, namespace: flux-system}
spec:
  interval: 10m
  path: ./clusters/one
  prune: true
  sourceRef: {kind: GitRepository, name: flux-system}
-- clusters/one/flux-system/kustomization.yaml --
resources: [gotk-sync.yaml]
${PATCHES.replace(/ {2}- target: {kind: Deployment[^]*?(?= {2}- target)/, '')}-- clusters/one/a.yaml --
${CONFIG}`,
	],
	[
		'in a FluxInstance',
		`-- clusters/one/instance.yaml --
apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata: {name: flux, namespace: flux-system}
spec:
  distribution: {version: 2.9.x, registry: ghcr.io/fluxcd}
  sync: {kind: GitRepository, url: "https://example.com/x/y", ref: refs/heads/main, path: clusters/one/apps}
  kustomize:
${PATCHES.replace(/^/gm, '    ').trimEnd()}
-- clusters/one/apps/a.yaml --
${CONFIG}`,
	],
])('variables that it gets %s', (_, tree) => {
	expect(diagnostics(analyse(tree))).toEqual([expect.stringMatching(/a\.yaml:6 flux\/variable-not-set/)]);
});

/** What a HelmRelease says of its chart and of where values are: completion and definition of each. */
import { describe, expect, test } from 'vitest';
import { analyse, complete, definition } from '../support/check';

const tree = (fields: { chart?: string; name?: string; key?: string; target?: string }) =>
	analyse(`-- clusters/prod/flux-system/gotk-sync.yaml --
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: flux-system, namespace: flux-system }
spec: { interval: 1m, url: https://git.example.com/fleet }
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec: { interval: 1m, prune: true, path: ./clusters/prod, sourceRef: { kind: GitRepository, name: flux-system } }
-- clusters/prod/kustomization.yaml --
resources: [flux-system/gotk-sync.yaml, release.yaml]
configurations: [names.yaml]
configMapGenerator:
  - name: values
    namespace: apps
    files: [values.yaml]
    literals:
      - tag=1.0.0
-- clusters/prod/names.yaml --
nameReference: [{ kind: ConfigMap, fieldSpecs: [{ kind: HelmRelease, path: spec/valuesFrom/name }] }]
-- clusters/prod/values.yaml --
replicas: 2
-- clusters/prod/release.yaml --
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: web
  namespace: apps
spec:
  interval: 1m
  chart:
    spec:
      chart: ${fields.chart ?? './charts/web'}
      sourceRef: { kind: GitRepository, name: flux-system, namespace: flux-system }
  valuesFrom:
    - kind: ConfigMap
      name: ${fields.name ?? 'values'}
    - kind: ConfigMap
      name: values
      valuesKey: ${fields.key ?? 'tag'}
      targetPath: ${fields.target ?? 'image.tag'}
-- charts/web/Chart.yaml --
apiVersion: v2
name: web
version: 1.0.0
-- charts/web/values.yaml --
image:
  tag: ""
  # Where it comes from
  pull.policy: Always
`);

describe('completion', () => {
	test('of a chart in a Git source offers directories', () => {
		expect(complete(tree({ chart: './$0' }))).toEqual(['./charts', './clusters']);
		expect(complete(tree({ chart: './charts/$0' }))).toContain('./charts/web');
	});

	test('of the name of a generated ConfigMap offers the one to write, not the one with its hash', () => {
		expect(complete(tree({ name: 'val$0' }))).toEqual(['values']);
	});

	test('of a key offers those of the object', () => {
		expect(complete(tree({ key: '$0' }))).toEqual(['tag', 'values.yaml']);
	});

	test('of a target offers the values of the chart, as `helm --set` writes them', () => {
		expect(complete(tree({ target: '$0' }))).toContain('image');
		expect(complete(tree({ target: 'image.$0' }))).toEqual(
			expect.arrayContaining(['image.tag', 'image.pull\\.policy']),
		);
	});
});

describe('definition', () => {
	test('of a chart in the tree is its Chart.yaml', () => {
		expect(definition(tree({ chart: './charts/w$0eb' }))).toEqual(['charts/web/Chart.yaml:1']);
	});

	test('of a key is what stands under it', () => {
		expect(definition(tree({ key: 't$0ag' }))).toEqual(['clusters/prod/kustomization.yaml:8']);
		expect(definition(tree({ key: 'val$0ues.yaml' }))).toEqual(['clusters/prod/values.yaml:1']);
	});
});

/** Kinds that only a chart at hand declares are known to hover and completion as they are to diagnostics. */
import { expect, test } from 'vitest';
import { analyse, complete, diagnostics, hover } from '../support/check';

const tree = (spec: string) => `-- app/kustomization.yaml --
resources: [r.yaml, x.yaml]
-- app/r.yaml --
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: here, namespace: shop}
spec: {interval: 1m, url: "https://example.com/x.git"}
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: c, namespace: shop}
spec:
  interval: 1h
  chart: {spec: {chart: ./chart, sourceRef: {kind: GitRepository, name: here}}}
-- chart/Chart.yaml --
apiVersion: v2
name: chart
version: 1.0.0
-- chart/crds/thing.yaml --
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.x.io}
spec:
  group: x.io
  scope: Namespaced
  names: {kind: Thing, plural: things}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            properties:
              size: {type: integer, description: How large it is.}
              mode: {type: string, enum: [fast, slow], default: slow}
              count: {type: integer, minimum: 1, maximum: 5}
              least: {type: integer, minimum: 0}
-- app/x.yaml --
apiVersion: x.io/v1
kind: Thing
metadata: {name: t, namespace: shop}
spec:
${spec}
`;

test('hover', () => {
	expect(hover(analyse(tree('  si$0ze: 3')))).toContain('How large it is.');
	expect(hover(analyse(tree('  mo$0de: fast')))).toContain('`string`, default `"slow"`, one of `fast`, `slow`');
	expect(hover(analyse(tree('  cou$0nt: 3')))).toContain('`integer`, from 1 to 5');
	expect(hover(analyse(tree('  lea$0st: 3')))).toContain('`integer`, at least 0');
});

test('completion', () => {
	expect(complete(analyse(tree('  $0')))).toEqual(['count', 'least', 'mode', 'size']);
	expect(complete(analyse(tree('  mode: $0')))).toEqual(['fast', 'slow']);
});

test('diagnostics', () => {
	expect(diagnostics(analyse(tree('  sise: 3\n  mode: fats')))).toEqual([
		'app/x.yaml:5 schema/unknown-field "sise"',
		'app/x.yaml:6 schema/not-in-enum "fats"',
	]);
});

/** Schemas that refer to themselves, rules and patterns that explode: judging ends soon, whatever charts and definitions in a tree say. */
import { expect, test } from 'vitest';
import { analyse, diagnostics } from '../../support/check';

const nested = (depth: number) => Array.from({ length: depth }).reduce<string>(text => `{a: ${text}}`, '1');

const chart = (schema: string, values = nested(60)) => `-- app/kustomization.yaml --
resources: [r.yaml]
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
  values: ${values}
-- chart/Chart.yaml --
apiVersion: v2
name: chart
version: 1.0.0
-- chart/values.yaml --
a: {}
-- chart/values.schema.json --
${schema}
`;

const definition = (schema: string, spec: string) => `-- app/kustomization.yaml --
resources: [crd.yaml, x.yaml]
-- app/crd.yaml --
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: things.x.io}
spec:
  group: x.io
  scope: Namespaced
  names: {kind: Thing, plural: things}
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, properties: {spec: ${schema}}}}}]
-- app/x.yaml --
apiVersion: x.io/v1
kind: Thing
metadata: {name: t, namespace: shop}
spec: ${spec}
`;

const list = (count: number, of: (i: number) => string) =>
	`[${Array.from({ length: count }, (_, i) => of(i)).join(', ')}]`;
const branches = (word: string) =>
	`{"${word}": [{"$ref": "#/$defs/x"}, {"$ref": "#/$defs/x"}], "$defs": {"x": {"type": "object", "properties": {"a": {"${word}": [{"$ref": "#/$defs/x"}, {"$ref": "#/$defs/x"}]}}, "required": ["z"]}}}`;

test.each([
	['a schema that is itself', chart('{"$ref": "#"}')],
	[
		'two that are each other',
		chart('{"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}}'),
	],
	['one that holds itself', chart('{"type": "object", "properties": {"a": {"$ref": "#"}}}')],
	['one that is not itself', chart('{"not": {"$ref": "#"}}')],
	['one that looks for itself', chart('{"$dynamicRef": "#x", "$dynamicAnchor": "x"}')],
	['branches that double', chart(branches('anyOf'))],
	['parts that double', chart(branches('allOf'))],
	['a pattern of values', chart('{"properties": {"a": {"pattern": "^(a+)+$"}}}', `{a: "${'a'.repeat(60)}!"}`)],
	['a reference in a definition', definition('{$ref: "#"}', nested(60))],
	['a pattern of a definition', definition('{type: string, pattern: "^(a+)+$"}', `"${'a'.repeat(60)}!"`)],
	[
		'rules with loops in loops',
		definition(
			'{type: array, items: {type: integer}, x-kubernetes-validations: [{rule: "self.all(a, self.all(b, self.all(c, a + b + c > 0)))"}]}',
			list(1_000, String),
		),
	],
	[
		'a rule with a pattern for each of many',
		definition(
			'{type: array, items: {type: string, x-kubernetes-validations: [{rule: "self.matches(\'^(a+)+$\')"}]}}',
			list(1_000, () => `"${'a'.repeat(60)}!"`),
		),
	],
])('%s', { timeout: 60_000 }, (_, text) => {
	const before = process.cpuUsage();
	diagnostics(analyse(text));
	expect(process.cpuUsage(before).user / 1000).toBeLessThan(10_000);
});

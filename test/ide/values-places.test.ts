/** Completion and hover of values wherever values are written. */
import { describe, expect, test } from 'vitest';
import { analyse, complete, hover } from '../support/check';

const CHART = `-- charts/web/Chart.yaml --
apiVersion: v2
name: web
version: 1.0.0
dependencies:
  - { name: cache, version: 1.x }
-- charts/web/values.yaml --
# -- How many
replicas: 1
## @param mode How it runs
mode: fast
global:
  # The registry of all
  registry: ""
-- charts/web/values.schema.json --
{ "properties": {
  "mode": { "enum": ["fast", "slow"] },
  "database": { "type": "object", "description": "Where data goes", "required": ["host", "port"],
    "properties": { "host": { "type": "string" }, "port": { "type": "integer", "default": 5432 }, "user": {} } } } }
-- charts/web/charts/cache/Chart.yaml --
apiVersion: v2
name: cache
version: 1.0.0
-- charts/web/charts/cache/values.yaml --
# Megabytes of it
size: 64
`;

const RELEASE = (values: string) => `-- base/release.yaml --
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: web
  namespace: web
spec:
  interval: 10m
  chart:
    spec:
      chart: ./charts/web
      sourceRef:
        kind: GitRepository
        name: fleet
        namespace: flux-system
  valuesFrom:
    - kind: ConfigMap
      name: generated
      optional: true
    - kind: ConfigMap
      name: written
      optional: true
${values}`;

const BASE = `-- base/source.yaml --
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: fleet
  namespace: flux-system
spec:
  interval: 1m
  url: https://git.example.com/fleet
`;

const indented = (text: string, by: number) => text.replace(/^(?=.)/gm, ' '.repeat(by));

/** The tree with a text of values at each place where values may be written. */
const PLACES: Readonly<Record<string, (values: string) => string>> = {
	'spec.values of the base': values =>
		`-- base/kustomization.yaml --\nresources: [release.yaml, source.yaml]\n${RELEASE(`  values:\n${indented(values, 4)}`)}`,
	'a file behind a generator': values =>
		`-- base/kustomization.yaml --\nresources: [release.yaml, source.yaml]\ngeneratorOptions: { disableNameSuffixHash: true }\nconfigMapGenerator:\n  - name: generated\n    namespace: web\n    files: [values.yaml]\n${RELEASE('')}-- base/values.yaml --\n${values}`,
	'a block in a ConfigMap': values =>
		`-- base/kustomization.yaml --\nresources: [release.yaml, source.yaml, config.yaml]\n${RELEASE('')}-- base/config.yaml --\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: written\n  namespace: web\ndata:\n  values.yaml: |\n${indented(values, 4)}`,
	'a values file of an overlay': values =>
		`-- base/kustomization.yaml --\nresources: [release.yaml, source.yaml]\n${RELEASE('')}-- prod/kustomization.yaml --\nresources: [../base]\ngeneratorOptions: { disableNameSuffixHash: true }\nconfigMapGenerator:\n  - name: generated\n    namespace: web\n    files: [values.yaml=my-values.yaml]\n-- prod/my-values.yaml --\n${values}`,
	'a patch file': values =>
		`-- base/kustomization.yaml --\nresources: [release.yaml, source.yaml]\n${RELEASE('')}-- prod/kustomization.yaml --\nresources: [../base]\npatches:\n  - path: patch.yaml\n-- prod/patch.yaml --\napiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: web\n  namespace: web\nspec:\n  values:\n${indented(values, 4)}`,
	'a patch file for a target': values =>
		`-- base/kustomization.yaml --\nresources: [release.yaml, source.yaml]\n${RELEASE('')}-- prod/kustomization.yaml --\nresources: [../base]\npatches:\n  - path: patch.yaml\n    target: { kind: HelmRelease, name: web }\n-- prod/patch.yaml --\napiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: whatever\nspec:\n  values:\n${indented(values, 4)}`,
	'a patch in a kustomization': values =>
		`-- base/kustomization.yaml --\nresources: [release.yaml, source.yaml]\n${RELEASE('')}-- prod/kustomization.yaml --\nresources: [../base]\npatches:\n  - patch: |\n      apiVersion: helm.toolkit.fluxcd.io/v2\n      kind: HelmRelease\n      metadata:\n        name: web\n        namespace: web\n      spec:\n        values:\n${indented(values, 10)}`,
};

const tree = (place: string, values: string) => analyse(`${CHART}${BASE}${PLACES[place]!(values)}`);

describe.each(Object.keys(PLACES))('%s', place => {
	test('offers the keys of the chart', () => {
		expect(complete(tree(place, 'x: 1\n$0\n'))).toEqual(
			expect.arrayContaining(['replicas', 'mode', 'database', 'cache', 'global']),
		);
	});

	test('offers those of a subchart, and of global', () => {
		expect(complete(tree(place, 'cache:\n  $0\n'))).toContain('size');
		expect(complete(tree(place, 'global:\n  $0\n'))).toContain('registry');
	});

	test('offers the values of an enumeration', () => {
		expect(complete(tree(place, 'mode: $0\n'))).toEqual(expect.arrayContaining(['fast', 'slow']));
	});

	test('explains a key', () => {
		expect(hover(tree(place, 'rep$0licas: 2\n'))).toContain('`integer`, default `1`: How many');
		expect(hover(tree(place, 'mo$0de: slow\n'))).toContain(
			'`string`, default `fast`, one of `fast`, `slow`: How it runs',
		);
		expect(hover(tree(place, 'cache:\n  si$0ze: 2\n'))).toContain('Megabytes of it');
		expect(hover(tree(place, 'global:\n  regis$0try: x\n'))).toContain('The registry of all');
	});
});

test('an object that needs keys is offered with them', () => {
	const { analysis, fixture } = tree('spec.values of the base', 'x: 1\ndata$0\n');
	const item = analysis.complete(fixture.caret!.file, fixture.caret!.offset).find(({ label }) => label === 'database');
	expect(item).toMatchObject({ snippet: true, documentation: 'Where data goes' });
	expect(item!.edit.text).toBe('database:\n      host: $1\n      port: ${2:5432}');
});

describe('between braces', () => {
	test('keys and values are offered, and nothing that goes on below', () => {
		const place = 'spec.values of the base';
		expect(complete(tree(place, 'cache: { $0 }\n'))).toContain('size');
		expect(complete(tree(place, 'x: { a: 1 }\nmode: $0\n'))).toContain('slow');
		const { analysis, fixture } = tree('a block in a ConfigMap', 'global: {}\ncache: { size: 1, $0 }\n');
		const items = analysis.complete(fixture.caret!.file, fixture.caret!.offset);
		expect(items.every(({ edit, snippet }) => !snippet && !edit.text.includes('\n'))).toBe(true);
	});
});

describe('a JSON patch', () => {
	const patch = (text: string) =>
		analyse(
			`${CHART}${BASE}-- base/kustomization.yaml --\nresources: [release.yaml, source.yaml]\n${RELEASE('  values:\n    replicas: 2\n')}-- prod/kustomization.yaml --\nresources: [../base]\npatches:\n  - path: patch.yaml\n    target: { kind: HelmRelease, name: web }\n-- prod/patch.yaml --\n${text}`,
		);
	const inline = (text: string) =>
		analyse(
			`${CHART}${BASE}-- base/kustomization.yaml --\nresources: [release.yaml, source.yaml]\n${RELEASE('  values:\n    replicas: 2\n')}-- prod/kustomization.yaml --\nresources: [../base]\npatches:\n  - target: { kind: HelmRelease, name: web }\n    patch: |\n${indented(text, 6)}`,
		);

	test.each([
		['in a file', patch],
		['in a kustomization', inline],
	])('%s is completed with the values of the chart', (_, of) => {
		expect(complete(of('- op: add\n  path: /spec/values/mode\n  value: $0\n'))).toEqual(['fast', 'slow']);
		expect(complete(of('- op: add\n  path: /spec/values/cache\n  value:\n    $0\n'))).toContain('size');
		expect(complete(of('- op: add\n  path: /spec/values/m$0\n  value: 1\n'))).toEqual(
			expect.arrayContaining(['/spec/values/mode', '/spec/values/replicas', '/spec/values/database']),
		);
		expect(complete(of('- op: $0\n  path: /spec/values/mode\n'))).toEqual(
			expect.arrayContaining(['add', 'replace', 'remove', 'test']),
		);
	});

	test('is completed with the fields of the kind, and with the elements of lists', () => {
		expect(complete(patch('- op: add\n  path: /spec/t$0\n  value: 5m\n'))).toEqual(
			expect.arrayContaining(['/spec/timeout', '/spec/targetNamespace']),
		);
		expect(complete(patch('- op: add\n  path: /spec/valuesFrom/$0\n  value: {}\n'))).toEqual([
			'/spec/valuesFrom/-',
			'/spec/valuesFrom/0',
			'/spec/valuesFrom/1',
		]);
		expect(complete(patch('- op: add\n  path: /spec/valuesFrom/0/kind\n  value: $0\n'))).toEqual(
			expect.arrayContaining(['ConfigMap', 'Secret']),
		);
	});
});

test('a values file of the chart itself is completed and explained from its schema, its defaults and its subcharts', () => {
	const of = (text: string) =>
		analyse(
			`${CHART}${BASE}-- base/kustomization.yaml --\nresources: [release.yaml, source.yaml]\n${RELEASE('')}-- charts/web/values-prod.yaml --\n${text}`,
		);
	expect(complete(of('$0'))).toEqual(expect.arrayContaining(['replicas', 'mode', 'database', 'cache', 'global']));
	expect(complete(of('cache:\n  $0'))).toContain('size');
	expect(complete(of('mode: $0'))).toEqual(expect.arrayContaining(['fast', 'slow']));
	expect(hover(of('mo$0de: slow\n'))).toContain('How it runs');
});

test('where nothing of the tree is known, a file that may be of values gets no fields of manifests', () => {
	const labels = (text: string) => {
		const { analysis, fixture } = analyse(`-- any/file.yaml --\n${text}`);
		const { file, offset } = fixture.caret!;
		return analysis.completeAlone(file, offset).map(({ label }) => label);
	};
	expect(labels('ingress:\n  enabled: true\n$0\n')).toEqual([]);
	expect(labels('apiVersion: apps/v1\nkind: Deployment\n$0\n')).toContain('spec');
});

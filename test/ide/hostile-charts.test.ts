/** Charts whose schemas and comments multiply: questions about their values are answered within a moment, and the values are checked within a bound. */
import { expect, test } from 'vitest';
import { Analysis } from '../../server/src/core/analysis';
import { memorySource } from '../support/fixture';

/** Milliseconds of processor time that a question may take; what multiplies takes hours. */
const A_QUESTION = 2_000;
const THE_CHECK = 10_000;

const VALUES = `    a:
      a:
        a: ${'a'.repeat(50)}b
        b: 1
    b: 1
`;

const RELEASE = `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: tree, namespace: flux-system }
spec: { interval: 1h, url: https://example.com/tree }
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: web, namespace: flux-system }
spec:
  interval: 1h
  chart: { spec: { chart: ./chart, sourceRef: { kind: GitRepository, name: tree } } }
  values:
${VALUES}`;

const times = (count: number, item: object): object[] => new Array<object>(count).fill(item);
const keys = (count: number) => Array.from({ length: count }, (_, i) => `key${i}`);
const SELF = { $ref: '#' };
const BELOW = { properties: { a: SELF, b: {} } };

interface Case {
	readonly what: string;
	readonly schema?: object;
	readonly values?: string;
}

const CASES: readonly Case[] = [
	{ what: 'a schema that is itself', schema: SELF },
	{ what: 'a schema that is itself below each key', schema: { ...BELOW, additionalProperties: SELF } },
	{ what: 'a schema that is itself a thousand times over', schema: { allOf: times(1000, SELF), ...BELOW } },
	{ what: 'a schema that may be itself in a thousand ways', schema: { anyOf: times(1000, BELOW), ...BELOW } },
	{
		what: 'two schemas that are each other in many ways',
		schema: {
			$ref: '#/definitions/x',
			definitions: {
				x: { oneOf: times(50, { $ref: '#/definitions/y' }), properties: { a: { $ref: '#/definitions/y' }, b: {} } },
				y: { anyOf: times(50, { $ref: '#/definitions/x' }), properties: { a: { $ref: '#/definitions/x' }, b: {} } },
			},
		},
	},
	{
		what: 'patterns by the thousand, each of which is long when it is compiled',
		schema: {
			patternProperties: Object.fromEntries(keys(20_000).map(key => [`^(a|b|c){1,50}${key}$`, {}])),
			...BELOW,
		},
	},
	{
		what: 'a pattern that goes through a text in many ways',
		schema: { properties: { a: { properties: { a: { properties: { a: { pattern: '(a?)'.repeat(20_000) } } } } } } },
	},
	{
		what: 'very many properties, all of them required',
		schema: {
			properties: Object.fromEntries(keys(20_000).map(key => [key, { type: 'string' }])),
			required: keys(20_000),
		},
	},
	{
		what: 'very many defaults with comments',
		values: keys(20_000)
			.map(key => `# -- What ${key} is\n${key}: 1\n`)
			.join(''),
	},
	{ what: 'a comment without end', values: `${'# so it goes\n'.repeat(100_000)}b: 1\n` },
];

test.each(CASES)(
	'$what',
	({ schema, values }) => {
		const file = '/repo/release/release.yaml';
		const analysis = new Analysis(
			memorySource(
				new Map([
					['/repo/release/kustomization.yaml', 'resources: [release.yaml, missing.yaml]\n'],
					[file, RELEASE],
					['/repo/chart/Chart.yaml', 'apiVersion: v2\nname: chart\nversion: 1.0.0\n'],
					...(schema ? [['/repo/chart/values.schema.json', JSON.stringify(schema)] as const] : []),
					...(values === undefined ? [] : [['/repo/chart/values.yaml', values] as const]),
				]),
			),
		);
		analysis.apply({ roots: ['/repo'] });
		const codes = within(THE_CHECK, () =>
			analysis.files().flatMap(each => analysis.diagnostics(each).map(({ code }) => code)),
		);
		expect(codes).toContain('kustomize/missing-resource');
		for (const place of ['        b', '\n    b']) {
			const offset = RELEASE.indexOf(place) + place.length;
			within(A_QUESTION, () => analysis.complete(file, offset));
			within(A_QUESTION, () => analysis.hover(file, offset));
			within(A_QUESTION, () => analysis.definition(file, offset));
			within(A_QUESTION, () => analysis.references(file, offset));
		}
	},
	60_000,
);

function within<T>(milliseconds: number, ask: () => T): T {
	const before = process.cpuUsage();
	const answer = ask();
	const { user, system } = process.cpuUsage(before);
	expect((user + system) / 1000).toBeLessThan(milliseconds);
	return answer;
}

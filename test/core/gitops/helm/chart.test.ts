import { describe, expect, test } from 'vitest';
import { addressOf, type MapNode, nodeAt, type Origin, toPlain } from '../../../../server/src/core/yaml/node';
import { type Chart, loadChartFiles } from '../../../../server/src/core/gitops/helm/chart';
import { coalesceChart, type HelmVersion } from '../../../../server/src/core/gitops/helm/coalesce';
import { readValuesFile } from '../../../../server/src/core/gitops/helm/merge-values';
import { valueAt, valuesBelow } from '../../../../server/src/core/gitops/helm/values-schema';
import { checkValues } from '../../../../server/src/core/gitops/helm/validate-values';

function chartOf(files: Readonly<Record<string, string>>): Chart {
	const encoded = Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)] as const);
	const loaded = loadChartFiles(new Map(encoded), '/charts/top');
	if (loaded.kind !== 'chart') throw new Error(loaded.problems[0]!.message);
	return loaded.chart;
}

function valuesOf(text: string): MapNode {
	const read = readValuesFile(text, { file: '/values.yaml', step: 'values' });
	const empty: MapNode = {
		kind: 'map',
		entries: [],
		origin: { step: 'values', file: '/values.yaml', document: 0, link: undefined },
	};
	return read.kind === 'values' ? (read.root ?? empty) : empty;
}

const TOP = 'apiVersion: v2\nname: top\nversion: 1.0.0\n';
const SUB = 'apiVersion: v2\nname: sub\nversion: 1.2.0\n';

describe('coalescing', () => {
	const files = {
		'Chart.yaml': `${TOP}dependencies:\n- { name: sub, version: 1.x, alias: other, condition: other.enabled, tags: [extra], import-values: [shared] }\n`,
		'values.yaml': 'a: { b: 1, c: 2 }\nother: { x: 1 }\nglobal: { g: 1 }\n',
		'charts/sub/Chart.yaml': SUB,
		'charts/sub/values.yaml': 'x: 0\nz: 3\nexports: { shared: { imported: yes } }\n',
	};
	const result = (given: string, version: HelmVersion = '4.2') =>
		coalesceChart(chartOf(files), valuesOf(given), version);

	test('defaults, an alias, globals, import-values', () => {
		const { values, root } = result('a: { c: 9 }\n');
		expect(toPlain(values)).toEqual({
			a: { b: 1, c: 9 },
			global: { g: 1 },
			imported: true,
			other: { x: 1, z: 3, global: { g: 1 }, exports: { shared: { imported: true } } },
		});
		expect(root.subcharts.map(({ name }) => name)).toEqual(['other']);
		expect(addressOf(nodeAt(values, ['other', 'z'])!.origin)).toMatchObject({
			file: '/charts/top/charts/sub/values.yaml',
			path: ['z'],
		});
		const chain = (origin: Origin | undefined): string[] => (origin ? [origin.step, ...chain(origin.replaced)] : []);
		expect(chain(nodeAt(values, ['a', 'c'])!.origin)).toEqual(['values', 'chartDefault']);
	});

	test('whoever wrote a global wrote it in the subchart, too', () => {
		const writers = (given: string, path: string[], chart = files) => {
			const { values } = coalesceChart(chartOf(chart), valuesOf(given), '4.2');
			const chain = (origin: Origin | undefined): string[] => {
				if (!origin) return [];
				const { file, path } = addressOf(origin);
				return [`${file} ${path.join('.')}`, ...chain(origin.replaced)];
			};
			return chain(nodeAt(values, ['other', ...path])!.origin);
		};
		const top = '/charts/top/values.yaml';
		expect(writers('', ['global'])).toEqual([`${top} global`]);
		expect(writers('', ['global', 'g'])).toEqual([`${top} global.g`]);
		const given = 'global: { g: 2, m: { deep: 1 } }\n';
		expect(writers(given, ['global'])).toEqual(['/values.yaml global', `${top} global`]);
		expect(writers(given, ['global', 'g'])).toEqual(['/values.yaml global.g', `${top} global.g`]);
		expect(writers(given, ['global', 'm', 'deep'])).toEqual(['/values.yaml global.m.deep']);
		// What the subchart itself was given is overwritten.
		const own = 'other: { global: { g: 0, h: 1 } }\nglobal: { g: 2 }\n';
		expect(writers(own, ['global', 'g'])).toEqual([
			'/values.yaml global.g',
			`${top} global.g`,
			'/values.yaml other.global.g',
		]);
		expect(writers(own, ['global', 'h'])).toEqual(['/values.yaml other.global.h']);
		expect(writers(own, ['global'])).toEqual(['/values.yaml global', `${top} global`, '/values.yaml other.global']);
		// Nobody wrote the one that helm puts there.
		expect(writers('', ['global'], { ...files, 'values.yaml': 'other: { x: 1 }\n' })).toEqual([`${top} other`]);
	});

	test('conditions and tags switch subcharts off', () => {
		expect(result('other: { enabled: false }').root.subcharts).toEqual([]);
		expect(result('tags: { extra: false }').root.subcharts).toEqual([]);
		expect(result('tags: { extra: false }\nother: { enabled: true }').root.subcharts).toHaveLength(1);
	});

	test.each(['4.1', '4.2'] as const)('nulls take defaults away, and those for nothing stay (helm %s)', version => {
		expect(toPlain(nodeAt(result('a: { b: null, k: null }', version).values, ['a'])!)).toEqual({ c: 2, k: null });
	});

	test('nulls among the defaults stay up to 4.1', () => {
		const chart = chartOf({ 'Chart.yaml': TOP, 'values.yaml': 'a: { m: null, o: 1 }\nb: null\n' });
		const values = (version: HelmVersion) => toPlain(coalesceChart(chart, valuesOf(''), version).values);
		expect(values('4.1')).toEqual({ a: { m: null, o: 1 }, b: null });
		expect(values('4.2')).toEqual({ a: { o: 1 } });
	});

	test('a subchart whose values are no map', () => {
		expect(result('other: 5').failure?.words).toContain('type mismatch on other');
	});
});

describe('values against a schema', () => {
	const schema = {
		type: 'object',
		additionalProperties: false,
		required: ['image'],
		properties: {
			replicas: { type: 'integer', minimum: 1 },
			image: { type: 'object', properties: { tag: { type: 'string', pattern: '^v' } } },
			mode: { $ref: '#/$defs/mode' },
			global: {},
		},
		$defs: { mode: { enum: ['a', 'b'] } },
	};
	const chart = chartOf({
		'Chart.yaml': TOP,
		'values.yaml': 'image: { tag: v1 }\n',
		'values.schema.json': JSON.stringify(schema),
	});

	function check(given: string, of: Chart = chart, isSecret = () => false, anything: 'known' | 'unknown' = 'known') {
		const merged = { values: valuesOf(given), failures: [], unknown: new Set<never>(), anything };
		return checkValues(of, merged, {
			fallback: { file: '/release.yaml', document: 0, path: ['spec', 'chart'] },
			isSecret,
			version: '4.2',
		});
	}

	const told = (given: string, of: Chart = chart) =>
		check(given, of).problems.map(({ code, at }) => `${code} ${at.path.join('.')}`);

	test('each error stands where the value is written, with helm words', () => {
		const { problems } = check('replicas: "3"\nmode: c\nimage: { tag: 1.0 }\nreplica: 3\n');
		expect(problems.map(({ at }) => at.path.join('.'))).toEqual(['replicas', 'mode', 'image.tag', 'replica']);
		expect(problems[0]!.details).toContain("top:\n- at '/replicas': got string, want integer");
		expect(problems[1]!.message).toContain("value must be one of 'a', 'b'");
		expect(problems[3]!.message).toContain('did you mean "replicas"?');
		expect(told('replicas: 1')).toEqual([]);
	});

	test('several errors of one value below stand in a group', () => {
		const inner = { maxProperties: 0, properties: { b: { type: 'string' } } };
		const of = chartOf({
			'Chart.yaml': TOP,
			'values.schema.json': JSON.stringify({ minProperties: 2, properties: { a: inner } }),
		});
		expect(check('a: { b: 1 }', of).problems.map(({ details }) => details!.split('\n').slice(2))).toEqual([
			["- at '': minProperties: got 1, want 2"],
			["- at '/a': validation failed", "  - at '/a': maxProperties: got 1, want 0"],
			["- at '/a': validation failed", "  - at '/a/b': got number, want string"],
		]);
	});

	test('what the values do not cause stands at the release', () => {
		expect(check('image: null').problems[0]!.at.path).toEqual([]);
		const bad = chartOf({
			'Chart.yaml': TOP,
			'values.yaml': 'a: x\n',
			'values.schema.json': '{ "properties": { "a": { "type": "integer" } } }',
		});
		expect(check('', bad).problems).toMatchObject([{ code: 'helm/values-schema', at: { file: '/release.yaml' } }]);
	});

	test('a secret is never shown', () => {
		const { problems } = check('image: { tag: hunter2 }', chart, () => true);
		expect(problems).toHaveLength(1);
		expect(JSON.stringify(problems)).not.toContain('hunter2');
	});

	test('what may be another value in the cluster is not judged', () => {
		expect(told('replicas: ${n}\nimage: {}')).toEqual([]);
		expect(check('image: null\n', chart, () => false, 'unknown').problems).toEqual([]);
		expect(check('replicas: x\n', chart, () => false, 'unknown').problems).toHaveLength(1);
	});

	test('a schema out of the web is skipped with a note, a broken one is an error', () => {
		const with_ = (text: string) => check('a: 1', chartOf({ 'Chart.yaml': TOP, 'values.schema.json': text }));
		expect(with_('{ "$ref": "https://example.org/x.json" }')).toMatchObject({
			problems: [],
			notes: [expect.stringContaining('https://example.org')],
		});
		expect(with_('{').problems).toMatchObject([{ code: 'helm/chart-schema-broken' }]);
		expect(with_('{ "properties": { "a": { "required": true } } }').problems).toMatchObject([
			{
				code: 'helm/chart-schema-broken',
				message: expect.stringContaining('is not valid (at "properties.a.required" got boolean, want array)'),
				details: expect.stringContaining('is not valid against metaschema: jsonschema validation failed with'),
			},
		]);
	});

	test('drafts differ', () => {
		const draft = (id: string, more: object) =>
			chartOf({ 'Chart.yaml': TOP, 'values.schema.json': JSON.stringify({ $schema: id, properties: { a: more } }) });
		const four = 'http://json-schema.org/draft-04/schema#';
		const seven = 'http://json-schema.org/draft-07/schema#';
		const twenty = 'https://json-schema.org/draft/2020-12/schema';
		expect(told('a: 1', draft(four, { minimum: 1, exclusiveMinimum: true }))).toHaveLength(1);
		expect(told('a: nope', draft(seven, { format: 'email' }))).toHaveLength(1);
		expect(told('a: nope', draft(twenty, { format: 'email' }))).toHaveLength(0);
		expect(told('a: [1, x]', draft(seven, { items: [{ type: 'integer' }], additionalItems: false }))).toHaveLength(1);
		expect(told('a: [x]', draft(twenty, { prefixItems: [{ type: 'integer' }] }))).toHaveLength(1);
		expect(
			told('a: { b: 1, c: 2 }', draft(twenty, { properties: { b: {} }, unevaluatedProperties: false })),
		).toHaveLength(1);
	});
});

describe('values against defaults', () => {
	const chartWith = (schema?: object) =>
		chartOf({
			...(schema && { 'values.schema.json': JSON.stringify(schema) }),
			'Chart.yaml': TOP,
			'values.yaml':
				'replicaCount: 1\nservice: { port: 80, type: ClusterIP }\ningress: { enabled: false, hosts: [] }\nannotations: { a: b }\nextra: {}\nconfig: { logLevel: info, nested: { a: 1 } }\n',
			'templates/x.yaml':
				'{{ .Values.replicaCount }}{{ .Values.service.port }}{{ toYaml .Values.ingress }}{{ .Values.hidden }}{{ .Values.service.type }}{{ .Values.config.logLevel }}{{ toYaml .Values.config }}',
		});
	const told = (given: string, schema?: object) =>
		checkValues(
			chartWith(schema),
			{ values: valuesOf(given), failures: [], unknown: new Set(), anything: 'known' },
			{ fallback: { file: '/r', document: 0, path: [] }, isSecret: () => false, version: '4.2' },
		).problems.map(
			({ code, severity, at, message }) =>
				`${severity} ${code} ${at.path.join('.')}${/did you mean.*$/.exec(message)?.[0] ?? ''}`,
		);

	test('unknown keys, with the nearest', () => {
		expect(told('replicaCuont: 2')).toEqual([
			'warning helm/values-unknown-key replicaCuontdid you mean "replicaCount"?',
		]);
		expect(told('service: { prot: 80, ports: 1 }')).toHaveLength(2);
		expect(told('somethingElse: 1')).toHaveLength(1);
	});

	test('never where a template may take them', () => {
		expect(
			told('hidden: 1\nglobal: { x: 1 }\nannotations: { c: d }\nextra: { x: 1 }\ningress: { className: x }'),
		).toEqual([]);
	});

	test('where a map is free, only what is nearly the name of a value that templates ask for', () => {
		expect(told('config: { logLvel: debug }')).toEqual([
			'warning helm/values-unknown-key config.logLveldid you mean "logLevel"?',
		]);
		expect(told('config: { other: debug, nestde: { a: 1 } }')).toEqual([]);
	});

	test('what values ask for that are templates themselves', () => {
		expect(told('own: { a: 1 }')).toHaveLength(1);
		expect(told('own: { a: 1 }\nannotations: { x: "{{ .Values.own.a }}" }')).toEqual([]);
	});

	test('of what a schema does not speak of', () => {
		const properties = { replicaCount: { type: 'integer' }, service: { type: 'object' }, more: {} };
		expect(told('replicaCuont: 2', { properties })).toEqual([
			'warning helm/values-unknown-key replicaCuontdid you mean "replicaCount"?',
		]);
		expect(told('more: 1\nservice: { prot: 1 }', { properties })).toEqual([]);
		expect(told('replicaCuont: 2', { properties, additionalProperties: true })).toEqual([]);
		expect(told('replicaCuont: 2', { properties, additionalProperties: {} })).toEqual([]);
		expect(told('replicaCuont: 2', { properties, patternProperties: { '^rep': {} } })).toEqual([]);
		expect(told('replicaCuont: 2', { allOf: [{ $ref: 'https://example.com/x.json' }], properties })).toEqual([]);
		const refused = told('replicaCuont: 2', { properties, additionalProperties: false });
		expect(refused.filter(line => line.includes('values-unknown-key'))).toEqual([]);
		expect(refused.some(line => line.startsWith('error helm/values-schema replicaCuont'))).toBe(true);
		// Of types the schema has the last word.
		expect(told('ingress: { enabled: "false" }', { properties })).toEqual([]);
	});

	test('types that differ', () => {
		expect(told('ingress: { enabled: "false" }')).toEqual(['warning helm/values-type ingress.enabled']);
		expect(told('service: 80\nreplicaCount: { a: 1 }')).toHaveLength(2);
		expect(told('replicaCount: "2"\nservice: { port: http, type: null }')).toEqual([]);
	});
});

describe('what is known of values', () => {
	test('of comments in three styles', () => {
		const chart = chartOf({
			'Chart.yaml': TOP,
			'values.yaml': `## @param image.tag [string] The tag of the image
image:
  tag: v1
# -- (int) How many
# of them
# @default -- 1
replicas: 1
# Plain words.
# example: 5
port: 80 # -- not this one
host: a # behind the value
bare: true
`,
		});
		const text = (...path: string[]) => valueAt(chart, path)!;
		expect(text('image', 'tag')).toMatchObject({ description: 'The tag of the image', types: ['string'] });
		expect(text('replicas')).toMatchObject({ description: 'How many\nof them', types: ['integer'] });
		expect(text('port')).toMatchObject({ description: 'Plain words.\nexample: 5', types: ['integer'] });
		expect(text('host')).toMatchObject({ description: 'behind the value' });
		expect(text('bare')).toMatchObject({ description: undefined, types: ['boolean'] });
	});

	test('of the schema, of subcharts, and of what is allowed', () => {
		const chart = chartOf({
			'Chart.yaml': `${TOP}dependencies: [{ name: sub, version: 1.x, alias: other }]\n`,
			'values.yaml': 'mode: a\n',
			'values.schema.json': JSON.stringify({
				required: ['mode'],
				properties: {
					mode: { $ref: '#/definitions/mode' },
					only: { type: ['string', 'null'], description: 'From the schema' },
				},
				definitions: { mode: { enum: ['a', 'b'], description: 'Which one' } },
			}),
			'charts/sub/Chart.yaml': SUB,
			'charts/sub/values.yaml': '# -- In the subchart\nx: 1\n',
		});
		expect(valuesBelow(chart, []).map(({ key }) => key)).toEqual(['mode', 'only', 'other', 'global']);
		expect(valueAt(chart, ['mode'])).toMatchObject({ allowed: ['a', 'b'], required: true, description: 'Which one' });
		expect(valueAt(chart, ['only'])).toMatchObject({ types: ['string', 'null'] });
		expect(valuesBelow(chart, ['other'])).toMatchObject([{ key: 'x', description: 'In the subchart', chart: 'sub' }]);
	});
});

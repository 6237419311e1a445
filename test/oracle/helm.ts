/**
 * Values beside the real helm: random charts with subcharts, aliases, conditions, tags, imported values, nulls and schemas, given random values.
 * What `helm template` prints of `.Values` in each chart, or the error that it stops with, has to be what Strata says.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Chart, loadChartFiles } from '../../server/src/core/gitops/helm/chart';
import { coalesceChart } from '../../server/src/core/gitops/helm/coalesce';
import { kubernetesProblem } from '../../server/src/core/gitops/helm/kubernetes-range';
import { readValuesFile } from '../../server/src/core/gitops/helm/merge-values';
import { type MapNode, nodeAt, toPlain } from '../../server/src/core/yaml/node';
import { dumps, schemaWords, sortedKeys, VALUES_HOST } from '../support/helm-words';

const KUBERNETES = '1.31';
const DUMP =
	'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: x }\ndata:\n  values: {{ .Values | toJson | quote }}\n';

interface Case {
	readonly files: Readonly<Record<string, string>>;
	readonly values: string;
}

function main(): number {
	const { values } = parseArgs({
		options: {
			seconds: { type: 'string', default: '20' },
			count: { type: 'string', default: '1000000' },
			seed: { type: 'string', default: '1' },
		},
	});
	const helm = process.env.STRATA_HELM!;
	const until = performance.now() + 1000 * Number(values.seconds);
	const counts = new Map<string, number>();
	const first = Number(values.seed);
	for (let seed = first; seed < first + Number(values.count) && performance.now() < until; seed++) {
		const made = randomCase(randomNumbers(seed));
		const theirs = helmAnswer(helm, made);
		const ours = strataAnswer(made);
		const verdict = theirs.text === ours.text ? `same ${theirs.kind}` : 'DIFFERENT';
		counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
		if (verdict === 'DIFFERENT')
			console.log(
				`--seed ${seed} --count 1\n${JSON.stringify(made, undefined, 1)}\nhelm: ${theirs.text}\nhere: ${ours.text}`,
			);
	}
	console.log('values of random charts against helm');
	for (const [verdict, count] of [...counts].sort()) console.log(`  ${verdict}: ${count}`);
	return counts.has('DIFFERENT') ? 1 : 0;
}

interface Answer {
	readonly kind: 'values' | 'error';
	readonly text: string;
}

function helmAnswer(helm: string, { files, values }: Case): Answer {
	const directory = mkdtempSync(join(tmpdir(), 'strata-helm-'));
	try {
		for (const [path, text] of Object.entries({ ...files, '../given.yaml': values })) {
			const file = join(directory, 'top', path);
			mkdirSync(dirname(file), { recursive: true });
			writeFileSync(file, text);
		}
		const args = ['template', 'r', 'top', '-f', 'given.yaml', '--kube-version', `v${KUBERNETES}.0`];
		const { status, stdout, stderr } = spawnSync(helm, args, { cwd: directory, encoding: 'utf8', timeout: 60_000 });
		if (status === 0) return valuesAnswer(dumps(stdout).map(({ path, values: seen }) => [path.join('.'), seen]));
		const words = stderr
			.slice(stderr.indexOf('Error: ') + 'Error: '.length)
			.split('\n\nUse --debug')[0]!
			.trim();
		return errorAnswer(words.replace(`v${KUBERNETES}.0`, `v${KUBERNETES}`));
	} finally {
		rmSync(directory, { recursive: true, force: true });
	}
}

/** In the order of helm: Chart.yaml, the release of Kubernetes, the values of subcharts, schemas. */
function strataAnswer({ files, values }: Case): Answer {
	const encoder = new TextEncoder();
	const loaded = loadChartFiles(
		new Map(Object.entries(files).map(([path, text]) => [path, encoder.encode(text)])),
		'/top',
	);
	if (loaded.kind === 'failed') return errorAnswer(loaded.problems[0]!.details ?? '');
	const { chart } = loaded;
	const read = readValuesFile(values, VALUES_HOST);
	const given: MapNode = (read.kind === 'values' ? read.root : undefined) ?? { ...chart.values, entries: [] };
	const tooOld = kubernetesProblem(chart, KUBERNETES, given)?.details;
	const { values: seen, root, failure } = coalesceChart(chart, given, '4.1');
	const words = failure?.words ?? schemaWords(chart, given)?.trim();
	const error = words ?? tooOld;
	if (error !== undefined) return errorAnswer(error);
	const all: [string, unknown][] = [];
	const visit = (
		of: { readonly chart: Chart; readonly name: string; readonly subcharts: readonly (typeof of)[] },
		path: readonly string[],
	) => {
		const node = nodeAt(seen, path);
		all.push([path.join('.'), node && toPlain(node)]);
		for (const subchart of of.subcharts) visit(subchart, [...path, subchart.name]);
	};
	visit(root, []);
	return valuesAnswer(all);
}

/** Of errors side by side, helm's maps have no order. */
function errorAnswer(words: string): Answer {
	// Names come in the order of Go's maps, which is another one each time.
	const named = words.replace(/(?<=additional properties )'.*'(?= not allowed)/g, names =>
		names.split(', ').sort().join(', '),
	);
	return { kind: 'error', text: named.split('\n').sort().join('\n') };
}

function valuesAnswer(all: readonly (readonly [string, unknown])[]): Answer {
	const sorted = [...all].sort(([a], [b]) => (a < b ? -1 : 1));
	return {
		kind: 'values',
		text: sorted.map(([path, values]) => `${path}: ${JSON.stringify(sortedKeys(values))}`).join('\n'),
	};
}

type Random = (below: number) => number;

/** The same numbers for the same seed (`mulberry32`). */
function randomNumbers(seed: number): Random {
	let state = seed;
	return below => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
	};
}

const KEYS = ['a', 'b', 'c', 'global', 'one', 'two', 'exports', 'tags', 'enabled'];

function randomCase(random: Random): Case {
	const files: Record<string, string> = {};
	const subcharts = ['one', 'two'].slice(0, random(3));
	const dependencies = subcharts.flatMap(name => (random(8) === 0 ? [] : [dependency(random, name)]));
	const range = random(12) === 0 ? ['>=1.40.0', '1.31.x', '<1.31.0'][random(3)] : undefined;
	const metadata = { apiVersion: 'v2', name: 'top', version: '1.0.0', ...(range && { kubeVersion: range }) };
	files['Chart.yaml'] = JSON.stringify({ ...metadata, ...(dependencies.length > 0 && { dependencies }) });
	for (const [directory, name] of [
		['', 'top'],
		...subcharts.map(each => [`charts/${each}/`, each] as const),
	] as const) {
		if (directory) files[`${directory}Chart.yaml`] = JSON.stringify({ apiVersion: 'v2', name, version: '1.2.0' });
		files[`${directory}values.yaml`] = JSON.stringify(randomMap(random, 0));
		files[`${directory}templates/dump.yaml`] = DUMP;
		if (random(3) === 0) files[`${directory}values.schema.json`] = JSON.stringify(randomSchema(random, 0));
	}
	return { files, values: JSON.stringify(randomMap(random, 0)) };
}

function dependency(random: Random, name: string): object {
	const alias = random(4) === 0 ? `${name}er` : undefined;
	return {
		name,
		version: ['1.x', '>=1.0.0', '*'][random(3)],
		repository: 'https://charts.example.com',
		...(alias && { alias }),
		...(random(3) === 0 && { condition: [`${alias ?? name}.enabled`, 'a.enabled,b.enabled'][random(2)] }),
		...(random(4) === 0 && { tags: ['a', 'b'].slice(random(2)) }),
		...(random(4) === 0 && { 'import-values': [['a', { child: 'b', parent: 'c' }][random(2)]] }),
	};
}

function randomMap(random: Random, depth: number): Record<string, unknown> {
	const map: Record<string, unknown> = {};
	for (let i = random(depth === 0 ? 6 : 4); i > 0; i--) {
		const key = KEYS[random(KEYS.length)]!;
		map[key] = key === 'enabled' ? random(4) > 0 && random(2) === 0 : randomValue(random, depth + 1);
	}
	// Maps, as people write them; what else helm makes of them is in the conformance cases.
	for (const key of ['global', 'one', 'two', 'exports', 'tags'])
		if (key in map && (typeof map[key] !== 'object' || map[key] === null || Array.isArray(map[key])))
			map[key] = depth < 2 ? randomMap(random, depth + 1) : {};
	return map;
}

function randomValue(random: Random, depth: number): unknown {
	switch (random(depth < 3 ? 9 : 6)) {
		case 0:
			return null;
		case 1:
			return random(5);
		case 2:
			return ['x', 'y', ''][random(3)];
		case 3:
			return random(2) === 0;
		case 4:
			return [random(3), 'z'].slice(0, random(3));
		case 5:
			return 1.5;
		default:
			return randomMap(random, depth);
	}
}

function randomSchema(random: Random, depth: number): object {
	if (depth > 2) return {};
	const type = ['object', 'string', 'integer', 'boolean', 'array', ['object', 'null'], 'number'][
		depth === 0 ? 0 : random(7)
	]!;
	const properties = Object.fromEntries(
		['a', 'b', 'c', 'one'].slice(0, random(4)).map(key => [key, randomSchema(random, depth + 1)]),
	);
	switch (random(7)) {
		case 0:
			return { type, properties, required: ['a', 'b'].slice(0, random(3)) };
		case 1:
			return { type, properties, additionalProperties: depth === 0 || random(2) === 0 };
		case 2:
			return { type, properties, maxProperties: random(6) };
		case 3:
			return depth === 0 ? { type, properties } : { enum: ['x', 1, true] };
		case 4:
			return depth === 0 ? { properties } : { type: ['string', 'number'], minLength: 1, minimum: 1 };
		default:
			return { type, properties };
	}
}

process.exitCode = main();

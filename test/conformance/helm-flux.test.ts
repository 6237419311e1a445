/**
 * What Flux and helm really answer, out of `../shared/conformance/helm`: substitution and valuesFrom (all cases), the cases about values
 * and schemas among the scenarios, version ranges, and the values of real charts. Skipped with a message where that directory
 * is missing.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { linkOf } from '../../server/src/core/base/address';
import { Database } from '../../server/src/core/base/query';
import { substitute } from '../../server/src/core/gitops/flux/envsubst';
import { loadArchive, loadChartFiles } from '../../server/src/core/gitops/helm/chart';
import { coalesceChart } from '../../server/src/core/gitops/helm/coalesce';
import {
	mergeMaps,
	mergeReleaseValues,
	readValuesFile,
	type ValuesPart,
} from '../../server/src/core/gitops/helm/merge-values';
import { inRange, parseRange, parseVersion } from '../../server/src/core/gitops/helm/semver';
import { setPath } from '../../server/src/core/gitops/helm/set-path';
import { mapFromNode, mapToNode, type ValueMap } from '../../server/src/core/gitops/helm/values-tree';
import { nodeAt, type Origin, toPlain } from '../../server/src/core/yaml/node';
import { dumps, schemaWords, sortedKeys, VALUES_HOST, valuesProblems } from '../support/helm-words';

const DIRECTORY = join(import.meta.dirname, '../../../shared/conformance/helm');
const present = existsSync(DIRECTORY);
if (!present) console.log(`skipped, because ${DIRECTORY} is not there: conformance of Flux and helm values`);

const AT: Origin = { step: 'values', file: '/values.yaml', document: 0, link: undefined };

function lines<T>(path: string): T[] {
	const text = readFileSync(join(DIRECTORY, path), 'utf8');
	return text.split('\n').flatMap(line => (line.trim() === '' ? [] : [JSON.parse(line) as T]));
}

/** How many cases pass, and the ids of those that do not. */
function count<T extends { readonly id: string }>(
	name: string,
	cases: readonly T[],
	passes: (each: T) => boolean,
): string[] {
	const failed = cases.filter(each => !passes(each)).map(({ id }) => id);
	console.log(`${name}: ${cases.length - failed.length} of ${cases.length}`);
	return failed;
}

const same = (a: unknown, b: unknown) => JSON.stringify(sortedKeys(a)) === JSON.stringify(sortedKeys(b));

interface Substitution {
	readonly id: string;
	readonly input: string;
	readonly params: Readonly<Record<string, string>>;
	readonly strict: boolean;
	readonly output?: string;
	readonly error?: string;
}

interface ValuesFrom {
	readonly id: string;
	readonly values: string;
	readonly valuesFrom: readonly {
		readonly kind: string;
		readonly name: string;
		readonly valuesKey?: string;
		readonly targetPath?: string;
		readonly literal?: boolean;
		readonly optional?: boolean;
	}[];
	readonly resources?: Readonly<Record<string, Readonly<Record<string, string>>>>;
	readonly want?: unknown;
	readonly error?: string;
}

interface Scenario {
	readonly id: string;
	readonly files: Readonly<Record<string, string>>;
	readonly values: readonly string[];
	readonly set?: readonly string[];
	readonly expected?: string;
	readonly error?: string;
}

describe.skipIf(!present)('Flux', () => {
	test('envsubst', () => {
		const failed = count(
			'envsubst',
			lines<Substitution>('flux/envsubst.jsonl'),
			({ input, params, strict, output, error }) => {
				const lookup = (name: string) => (Object.hasOwn(params, name) ? params[name] : undefined);
				const result = substitute(input, lookup, strict ? 'strict' : 'lax');
				return result.kind === 'text' ? result.text === output : result.message === error;
			},
		);
		expect(failed).toEqual([]);
	});

	test('valuesFrom', () => {
		const shared = JSON.parse(readFileSync(join(DIRECTORY, 'flux/resources.json'), 'utf8')) as NonNullable<
			ValuesFrom['resources']
		>;
		const failed = count('valuesFrom', lines<ValuesFrom>('flux/values-from.jsonl'), each => {
			const { parts, missing } = partsOf(each, each.resources ?? shared);
			const own = readValuesFile(each.values, VALUES_HOST);
			const merged = mergeReleaseValues(
				new Database(undefined),
				parts,
				own.kind === 'values' ? own.root : undefined,
				AT,
			);
			const words = merged.failures[0]?.words;
			if (each.error === undefined) return !missing && words === undefined && same(toPlain(merged.values), each.want);
			// go-yaml's words for what it cannot read are its own.
			return (
				missing || (words !== undefined && (each.error.endsWith(words) || /converting YAML/.test(each.error + words)))
			);
		});
		expect(failed).toEqual([]);
	});
});

function partsOf({ valuesFrom }: ValuesFrom, resources: NonNullable<ValuesFrom['resources']>) {
	const parts: ValuesPart[] = [];
	let missing = false;
	for (const { kind, name, valuesKey: key = 'values.yaml', targetPath, literal, optional } of valuesFrom) {
		const text = kind === 'ConfigMap' || kind === 'Secret' ? resources[`${kind}/${name}`]?.[key] : undefined;
		if (text === undefined) missing ||= !optional;
		else {
			const origin: Origin = {
				step: 'resource',
				file: `/${kind}-${name}.yaml`,
				document: 0,
				link: linkOf(['data', key]),
			};
			const target =
				targetPath === undefined ? undefined : ({ path: targetPath, mode: literal ? 'literal' : 'typed' } as const);
			parts.push({ entry: { value: { kind: 'known', text }, origin, form: 'plain' }, target });
		}
	}
	return { parts, missing };
}

/** The chart of a scenario and the values that are given to it. */
function readScenario({ files, values, set = [] }: Scenario) {
	const encoder = new TextEncoder();
	const loaded = loadChartFiles(
		new Map(Object.entries(files).map(([path, text]) => [path, encoder.encode(text)])),
		'/chart',
	);
	let given: ValueMap = { kind: 'map', entries: new Map(), origin: AT };
	let error: string | undefined = loaded.problems[0]?.details;
	for (const text of values) {
		const read = readValuesFile(text, VALUES_HOST);
		if (read.kind === 'failure') error = read.failure.words;
		else if (read.root) given = mergeMaps(given, mapFromNode(read.root));
	}
	for (const line of set) {
		const [path = '', ...rest] = line.split('=');
		error ??= setPath(given, path, rest.join('='), 'typed', AT);
	}
	return { chart: loaded.kind === 'chart' ? loaded.chart : undefined, given: mapToNode(given), error };
}

/** Cases in which the command line differs from the controller, or the printed values do not say what they were. */
const NOT_OURS: ReadonlySet<string> = new Set([
	// `-f` reads all documents of a file, valuesFrom only the first.
	'scenario-values-user-multi-doc',
	// A check of the command line; source-controller fetches the dependency.
	'scenario-dep-missing',
	// helm prints the key `n` without quotes, which reads as another key.
	'scenario-set-616e2f',
	// The words of the metaschema.
	'scenario-schema-bad-type',
]);

describe.skipIf(!present)('helm', () => {
	test('values of scenarios', () => {
		const cases = lines<Scenario>('scenarios/scenarios.jsonl').filter(
			({ id, files }) =>
				!NOT_OURS.has(id) && !id.includes('schema') && Object.keys(files).some(path => path.endsWith('dump.yaml')),
		);
		const failed = count('values scenarios', cases, scenario => {
			const { chart, given, error } = readScenario(scenario);
			const result = chart && coalesceChart(chart, given, '4.1');
			const failure = error ?? result?.failure?.words;
			if (scenario.error !== undefined) return failure !== undefined;
			if (failure !== undefined || !result) return false;
			return dumps(scenario.expected ?? '').every(({ path, values }) => {
				const found = nodeAt(result.values, path);
				return found !== undefined && same(toPlain(found), values);
			});
		});
		expect(failed).toEqual([]);
	});

	test('schemas of scenarios, in helm 4 words', () => {
		const cases = lines<Scenario>('scenarios/scenarios.jsonl').filter(
			({ id }) => id.includes('schema') && !NOT_OURS.has(id),
		);
		const failed = count('schema scenarios', cases, scenario => {
			const { chart, given } = readScenario(scenario);
			return chart !== undefined && schemaWords(chart, given) === scenario.error;
		});
		expect(failed).toEqual([]);
	});

	test('version ranges', () => {
		interface Case {
			readonly id: string;
			readonly template: string;
			readonly expected?: string;
		}
		const cases = lines<Case>('unit/matrix.jsonl').flatMap(each => {
			const [, range, version] = /^\{\{\s*semverCompare "([^"]*)" "([^"]*)"\s*\}\}$/.exec(each.template) ?? [];
			return range === undefined || version === undefined ? [] : [{ ...each, range, version }];
		});
		const failed = count('version ranges', cases, ({ range, version, expected }) => {
			const parsed = parseRange(range);
			const at = parseVersion(version);
			return parsed && at ? String(inRange(at, parsed)) === expected : expected === undefined;
		});
		expect(failed).toEqual([]);
	});

	test('values of real charts: an error exactly where helm has one, and a warning only where somebody has made a mistake', () => {
		const cases = readdirSync(join(DIRECTORY, 'render')).flatMap(chart =>
			readdirSync(join(DIRECTORY, 'render', chart)).map(name => ({ id: `${chart}/${name}`, chart, name })),
		);
		const charts = new Map<string, ReturnType<typeof loadArchive>>();
		const warnings: string[] = [];
		const failed = count('values of real charts', cases, ({ chart: id, name }) => {
			if (!charts.has(id))
				charts.set(id, loadArchive(readFileSync(join(DIRECTORY, 'charts', `${id}.tgz`)), `/${id}.tgz`));
			const loaded = charts.get(id)!;
			const directory = join(DIRECTORY, 'render', id, name);
			const { error = '' } = JSON.parse(readFileSync(join(directory, 'case.json'), 'utf8')) as { error?: string };
			const files = readdirSync(directory)
				.filter(file => file.startsWith('values'))
				.sort();
			const { given } = readScenario({
				id,
				files: {},
				values: files.map(file => readFileSync(join(directory, file), 'utf8')),
			});
			if (loaded.kind === 'failed') return loaded.problems[0]!.details === error;
			for (const { severity, message } of valuesProblems(loaded.chart, given))
				if (severity === 'warning') warnings.push(`${id}/${name}: ${message}`);
			const words = schemaWords(loaded.chart, given);
			return (words !== undefined) === error.includes("don't meet the specifications");
		});
		expect(failed).toEqual([]);
		expect(warnings).toEqual(REAL_MISTAKES);
	}, 240_000);
});

/** Keys that no template of the chart and no other value mentions, or that differ by a letter from the one that is meant. */
const REAL_MISTAKES = [
	'argoproj--argo-events/test-values: chart "argo-events" has no value "singleNamespace" and will ignore it.',
	'aws--appmesh-gateway/values: chart "appmesh-gateway" has no value "region" and will ignore it.',
	'grafana--k8s-monitoring/features--profiles-receiver: chart "feature-profiles-receiver" has no value "profilesReceiver.profilesProcessingRules" and will ignore it; did you mean "profileProcessingRules"?',
	'prometheus-community--prometheus-postgres-exporter/pdb-values: chart "prometheus-postgres-exporter" has no value "podDisruptionBudget.minAvailable" and will ignore it; did you mean "maxUnavailable"?',
];

/**
 * Values held against the defaults of a chart that has no schema. Helm takes any key, so a wrong one is silently ignored; but
 * charts also hand whole maps to their templates. A key is only called unknown where no template mentions it and no template takes
 * the map that it stands in as a whole, or where it is nearly the name of another.
 */
import { type FieldPath, formatPath } from '../../base/address';
import { didYouMean, nearest } from '../../base/nearest';
import { child, isNull, type MapNode, type Node } from '../../yaml/node';
import type { Chart } from './chart';

export interface DefaultProblem {
	readonly code: 'helm/values-unknown-key' | 'helm/values-type';
	readonly message: string;
	readonly node: Node;
	readonly anchor: 'key' | 'value';
}

/**
 * What differs. `parents` are the charts above, whose templates may read these values, too; `subcharts` are names under which
 * other charts find theirs; `prefix` leads to this chart's values.
 */
export function defaultProblems(
	chart: Chart,
	parents: readonly Chart[],
	subcharts: readonly string[],
	values: MapNode,
	prefix: FieldPath,
): readonly DefaultProblem[] {
	const names = [
		...subcharts,
		...chart.dependencies.map(({ name, alias }) => alias ?? name),
		...chart.subcharts.map(({ name }) => name),
	];
	const apart = new Set(['global', 'tags', 'exports', ...names]);
	const problems: DefaultProblem[] = [];
	const templates = new Templates([chart, ...parents]);
	const visit = (given: MapNode, defaults: MapNode, path: FieldPath) => {
		for (const { key, value } of given.entries) {
			if (path.length === 0 && apart.has(key)) continue;
			if (value.origin.step === 'chartDefault') continue;
			const expected = child(defaults, key);
			if (expected === undefined) {
				const problem = unknownKey(chart, templates, defaults, [...path, key], value, prefix);
				if (problem) problems.push(problem);
				continue;
			}
			const mismatch = typeMismatch(chart, expected, value, [...prefix, ...path, key]);
			if (mismatch) problems.push(mismatch);
			else if (value.kind === 'map' && expected.kind === 'map' && isChecked(expected, key))
				visit(value, expected, [...path, key]);
		}
	};
	if (chart.values.entries.length > 0) visit(values, chart.values, []);
	return problems;
}

/** Maps by these names hold what users like, whatever stands in them by default. */
const FREE_FORM =
	/(annotations?|labels?|selectors?|resources|limits|requests|env|envs|envvars|environment|args|securitycontext|affinity|tolerations?|config|configs|configmaps?|configuration|settings|data|secrets?|files?|options|parameters|params|headers|hosts|volumes?|mounts?|rules|dashboards|datasources|providers|overrides|spec|ini|extra.*|additional.*|custom.*)$/i;

function isChecked(defaults: MapNode, key: string): boolean {
	return defaults.entries.length > 0 && !FREE_FORM.test(key);
}

function unknownKey(
	chart: Chart,
	templates: Templates,
	defaults: MapNode,
	path: FieldPath,
	node: Node,
	prefix: FieldPath,
): DefaultProblem | undefined {
	const key = String(path.at(-1));
	if (/^extra|^additional|^x-/i.test(key)) return undefined;
	const known = defaults.entries.map(entry => entry.key);
	const similar = nearest(key, known);
	if (templates.mention(key) || (similar === undefined && templates.takeWhole(path.slice(0, -1)))) return undefined;
	// What is nearly a sibling's name and stands in a map that is handed on as a whole may still be meant.
	if (similar !== undefined && templates.takeWhole(path.slice(0, -1)) && child(defaults, similar)?.kind === 'map')
		return undefined;
	return {
		code: 'helm/values-unknown-key',
		message: `chart "${chart.name}" has no value "${formatPath([...prefix, ...path])}" and will ignore it${didYouMean(key, known)}`,
		node,
		anchor: 'key',
	};
}

function typeMismatch(chart: Chart, expected: Node, given: Node, path: FieldPath): DefaultProblem | undefined {
	if (isNull(expected) || isNull(given)) return undefined;
	if (given.kind === 'scalar' && given.text.includes('${')) return undefined;
	const want = typeOf(expected);
	const got = typeOf(given);
	const collections = expected.kind !== given.kind;
	if (collections && expected.kind !== 'scalar' && isEmpty(expected)) return undefined;
	if (collections && expected.kind === 'scalar' && expected.text === '') return undefined;
	const boolean = !collections && expected.kind === 'scalar' && want === 'boolean' && got !== want;
	if (!collections && !boolean) return undefined;
	const words = boolean && got === 'string' ? ' (a text is always true in a template)' : '';
	return {
		code: 'helm/values-type',
		message: `"${formatPath(path)}" is ${article(want)} in chart "${chart.name}", and here it is ${article(got)}${words}.`,
		node: given,
		anchor: 'value',
	};
}

function isEmpty(node: Node): boolean {
	return node.kind === 'map' ? node.entries.length === 0 : node.kind === 'seq' && node.items.length === 0;
}

function typeOf(node: Node): string {
	if (node.kind === 'map') return 'map';
	if (node.kind === 'seq') return 'list';
	return node.tag === '!!bool' ? 'boolean' : node.tag === '!!int' || node.tag === '!!float' ? 'number' : 'string';
}

function article(type: string): string {
	return `a ${type}`;
}

/** The texts of all templates of charts and of their subcharts; read when first asked. */
class Templates {
	readonly #charts: readonly Chart[];
	#text: string | undefined;

	constructor(charts: readonly Chart[]) {
		this.#charts = charts;
	}

	/** Whether a word stands anywhere in them. */
	mention(word: string): boolean {
		const text = this.#all();
		for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
			if (!/\w/.test(text[at - 1] ?? '') && !/\w/.test(text[at + word.length] ?? '')) return true;
		}
		return false;
	}

	/** Whether a template takes the map at a path as a whole, or all of the values; then anything in it may count. */
	takeWhole(path: FieldPath): boolean {
		const text = this.#all();
		if (text === '' || /\.Values(?![.\w])/.test(text)) return true;
		return path.some((_, i) => {
			const dotted = path
				.slice(0, i + 1)
				.map(key => String(key).replaceAll(/[^\w-]/g, '\\$&'))
				.join('\\.');
			return new RegExp(`\\.Values\\.${dotted}(?![\\w.-])`).test(text);
		});
	}

	#all(): string {
		this.#text ??= this.#charts.flatMap(templateTexts).join('\n');
		return this.#text;
	}
}

function templateTexts({ files, subcharts }: Chart): readonly string[] {
	const own = files.paths.flatMap(path => (path.startsWith('templates/') ? (files.text(path) ?? '') : []));
	return [...own, ...subcharts.flatMap(templateTexts)];
}

/**
 * Values held against the defaults of a chart, as far as a schema does not speak of them. Helm takes any key, so a wrong one is silently
 * ignored; but charts also hand whole maps to their templates. A key is only called unknown where no template mentions it and no template takes
 * the map that it stands in as a whole, or where it is nearly the name of another.
 */
import { type FieldPath, formatPath } from '../../base/address';
import { didYouMean, nearest } from '../../base/nearest';
import { child, isNull, type MapNode, type Node, walk } from '../../yaml/node';
import type { Chart } from './chart';
import { schemaSpeaksOf } from './values-schema';

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
	const templates = new Templates([chart, ...parents], values);
	const isInSchema = (path: FieldPath) =>
		[chart, ...parents].some((each, i) => schemaSpeaksOf(each, [...prefix.slice(prefix.length - i), ...path]));
	const visit = (given: MapNode, defaults: MapNode, path: FieldPath, form: Form) => {
		for (const { key, value } of given.entries) {
			if (path.length === 0 && apart.has(key)) continue;
			if (value.origin.step === 'chartDefault') continue;
			const expected = child(defaults, key);
			if (expected === undefined) {
				const problem = isInSchema([...path, key])
					? undefined
					: unknownKey(chart, templates, defaults, [...path, key], value, prefix, form);
				if (problem) problems.push(problem);
				continue;
			}
			const mismatch =
				chart.schema || form === 'free' ? undefined : typeMismatch(chart, expected, value, [...prefix, ...path, key]);
			if (mismatch) problems.push(mismatch);
			else if (value.kind === 'map' && expected.kind === 'map' && expected.entries.length > 0)
				visit(value, expected, [...path, key], form === 'free' || FREE_FORM.test(key) ? 'free' : 'fixed');
		}
	};
	if (chart.values.entries.length > 0) visit(values, chart.values, [], 'fixed');
	return problems;
}

/** Maps by these names hold what users like, whatever stands in them by default. */
const FREE_FORM =
	/(annotations?|labels?|selectors?|resources|limits|requests|env|envs|envvars|environment|args|securitycontext|affinity|tolerations?|config|configs|configmaps?|configuration|settings|data|secrets?|files?|options|parameters|params|headers|hosts|volumes?|mounts?|rules|dashboards|datasources|providers|overrides|spec|ini|extra.*|additional.*|custom.*)$/i;

/** Whether a map has the keys of its defaults, or whatever one likes. */
type Form = 'fixed' | 'free';

function unknownKey(
	chart: Chart,
	templates: Templates,
	defaults: MapNode,
	path: FieldPath,
	node: Node,
	prefix: FieldPath,
	form: Form,
): DefaultProblem | undefined {
	const key = String(path.at(-1));
	const known = defaults.entries.map(entry => entry.key);
	const similar = nearest(key, known);
	if (templates.mention(key)) return undefined;
	const parent = path.slice(0, -1);
	// Nearly the name of a value that templates ask for by its name is meant for that one, wherever it stands.
	if (similar === undefined || !templates.read([...parent, similar])) {
		if (form === 'free' || /^extra|^additional|^x-/i.test(key)) return undefined;
		// What stands in a map that is handed on as a whole may be meant, also nearly by a sibling's name.
		if (templates.takeWhole(parent) && (similar === undefined || child(defaults, similar)?.kind === 'map'))
			return undefined;
	}
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

/** The texts of all templates of charts and of their subcharts, and of values that are templates themselves; read when first asked. */
class Templates {
	readonly #charts: readonly Chart[];
	readonly #values: Node;
	#text: string | undefined;

	constructor(charts: readonly Chart[], values: Node) {
		this.#charts = charts;
		this.#values = values;
	}

	/** Whether a template asks for the value at a path by its name. */
	read(path: FieldPath): boolean {
		return new RegExp(`\\.Values\\.${dotted(path)}(?![\\w-])`).test(this.#all());
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
			return new RegExp(`\\.Values\\.${dotted(path.slice(0, i + 1))}(?![\\w.-])`).test(text);
		});
	}

	#all(): string {
		this.#text ??= [...this.#charts.flatMap(templateTexts), ...templatesAmong(this.#values)].join('\n');
		return this.#text;
	}
}

/** A path of values as a regular expression. */
function dotted(path: FieldPath): string {
	return path.map(key => String(key).replaceAll(/[^\w-]/g, '\\$&')).join('\\.');
}

/** Values that charts hand to `tpl`, which may ask for keys of their author's own. */
function templatesAmong(values: Node): readonly string[] {
	const texts: string[] = [];
	walk(values, node => {
		if (node.kind === 'scalar' && node.text.includes('{{')) texts.push(node.text);
	});
	return texts;
}

function templateTexts({ files, subcharts }: Chart): readonly string[] {
	const own = files.paths.flatMap(path => (path.startsWith('templates/') ? (files.text(path) ?? '') : []));
	return [...own, ...subcharts.flatMap(templateTexts)];
}

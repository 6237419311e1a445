/**
 * What is known of a chart's values for those who write them: keys, types, defaults, descriptions and allowed values at a path, out of
 * values.schema.json and out of values.yaml with its comments (helm-docs, Bitnami's readme-generator, or plain ones).
 */
import type { FieldPath } from '../../base/address';
import { goRegExp } from '../../base/go-regexp';
import { child, type Node, type Plain, scalarValue } from '../../yaml/node';
import { locate, type SyntaxEntry, type SyntaxNode } from '../../yaml/syntax';
import type { Chart } from './chart';

export interface ValueInfo {
	readonly key: string;
	/** JSON's names; empty where nothing tells. */
	readonly types: readonly string[];
	/** The default in values.yaml, or the schema's; absent where there is none. */
	readonly defaultNode: Node | undefined;
	readonly defaultValue: Plain | undefined;
	/** Plain text or Markdown of the chart's author. */
	readonly description: string | undefined;
	readonly allowed: readonly Plain[];
	readonly required: boolean;
	/** What the schema demands of an object that is written, with the default as text where there is a simple one. */
	readonly requiredKeys: readonly { readonly key: string; readonly preset: string | undefined }[];
	readonly deprecated: boolean;
	/** The chart whose value it is: a subchart's for its keys. */
	readonly chart: string;
}

/** The values that a chart knows below a path of its values: those of its schema first, then others that have a default. */
export function valuesBelow(chart: Chart, path: FieldPath): readonly ValueInfo[] {
	const { owner, inner } = ownerOf(chart, path);
	const schemas = [...schemasAt(chart, path), ...(owner === chart ? [] : schemasAt(owner, inner))];
	const defaults = [nodeBelow(chart.values, path), owner === chart ? undefined : nodeBelow(owner.values, inner)];
	const keys = new Set<string>();
	for (const { schema, root } of schemas)
		for (const each of alternatives(schema, root))
			for (const key of Object.keys(asObject(each['properties']))) keys.add(key);
	for (const node of defaults) if (node?.kind === 'map') for (const entry of node.entries) keys.add(entry.key);
	if (path.length === 0) {
		for (const { name, alias } of chart.dependencies) keys.add(alias ?? name);
		keys.add('global');
	}
	const comments = new Comments();
	return [...keys].slice(0, MAX_KEYS).map(key => valueWith(comments, chart, [...path, key], key));
}

/** No chart that people write knows more below one key; each is looked for among the others. */
const MAX_KEYS = 1_000;

/** What is known of the value at a path; nothing for the empty path. */
export function valueAt(chart: Chart, path: FieldPath): ValueInfo | undefined {
	const key = path.at(-1);
	return key === undefined ? undefined : valueWith(new Comments(), chart, path, key);
}

function valueWith(comments: Comments, chart: Chart, path: FieldPath, key: string | number): ValueInfo {
	const { owner, inner } = ownerOf(chart, path);
	const own = inner.length === 0;
	const found = [...schemasAt(chart, path), ...(owner === chart || own ? [] : schemasAt(owner, inner))];
	const schemas = found.flatMap(({ schema, root }) => alternatives(schema, root));
	const defaultNode = nodeBelow(chart.values, path) ?? (owner === chart ? undefined : nodeBelow(owner.values, inner));
	const comment = comments.of(chart, path) ?? (owner === chart || own ? undefined : comments.of(owner, inner));
	const declared = schemas.map(schema => schema['default']).find(value => value !== undefined);
	const types = new Set(schemas.flatMap(schema => typesOf(schema)));
	if (types.size === 0) for (const type of comment?.types ?? []) types.add(type);
	if (types.size === 0 && defaultNode) for (const type of typesOfNode(defaultNode)) types.add(type);
	const parents = schemasAt(chart, path.slice(0, -1)).flatMap(({ schema, root }) => alternatives(schema, root));
	return {
		key: String(key),
		types: [...types],
		defaultNode,
		defaultValue: defaultNode ? undefined : declared,
		description:
			schemas.map(schema => textOf(schema['description']) ?? textOf(schema['title'])).find(Boolean) ?? comment?.text,
		allowed: [...new Set(schemas.flatMap(schema => allowedOf(schema)))],
		required: parents.some(parent => asList(parent['required']).includes(String(key))),
		requiredKeys: requiredKeysOf(schemas, defaultNode),
		deprecated: schemas.some(schema => schema['deprecated'] === true) || /^deprecated\b/i.test(comment?.text ?? ''),
		chart: owner.name,
	};
}

/** What the defaults give need not be written. */
function requiredKeysOf(schemas: readonly SchemaObject[], preset: Node | undefined): ValueInfo['requiredKeys'] {
	const keys = new Set(schemas.flatMap(schema => asList(schema['required'])).filter(key => typeof key === 'string'));
	return [...keys]
		.filter(key => child(preset, key) === undefined)
		.map(key => {
			const declared = schemas.map(schema => asObject(asObject(schema['properties'])[key])['default']).find(isSimple);
			return { key, preset: declared === undefined ? undefined : String(declared) };
		});
}

function isSimple(value: Plain | undefined): value is string | number | boolean {
	return (typeof value === 'string' && value !== '') || typeof value === 'number' || typeof value === 'boolean';
}

/** The chart that reads a value, and the path in its own values. */
function ownerOf(chart: Chart, path: FieldPath): { readonly owner: Chart; readonly inner: FieldPath } {
	const [first, ...rest] = path;
	const dependency = chart.dependencies.find(({ name, alias }) => (alias ?? name) === first);
	const subchart = chart.subcharts.find(({ name }) => name === (dependency?.name ?? first));
	return subchart ? ownerOf(subchart, rest) : { owner: chart, inner: path };
}

/**
 * Whether the chart's schema has a say in what a key of its values is: it knows the key, refuses it, or leaves the map in which it stands open on
 * purpose. False, too, where there is no schema.
 */
export function schemaSpeaksOf(chart: Chart, path: FieldPath): boolean {
	const key = path.at(-1)!;
	const parents = schemasAt(chart, path.slice(0, -1)).flatMap(({ schema, root }) => alternatives(schema, root));
	if (parents.length === 0) return false;
	const listing = parents.filter(parent => isObject(parent['properties']));
	return (
		listing.length === 0 ||
		listing.some(parent => Object.hasOwn(asObject(parent['properties']), key)) ||
		parents.some(
			parent =>
				stepInto(parent, key).length > 0 ||
				parent['additionalProperties'] !== undefined ||
				parent['unevaluatedProperties'] !== undefined ||
				(typeof parent['$ref'] === 'string' && !parent['$ref'].startsWith('#')),
		)
	);
}

type SchemaObject = { readonly [key: string]: Plain };

interface Found {
	readonly schema: SchemaObject;
	readonly root: SchemaObject;
}

/** The schemas that speak of the value at a path. */
function schemasAt(chart: Chart, path: FieldPath): readonly Found[] {
	const root = chart.schema?.json;
	if (!isObject(root)) return [];
	let at: readonly SchemaObject[] = [root];
	for (const key of path) {
		const below = at.flatMap(schema => alternatives(schema, root)).flatMap(schema => stepInto(schema, key));
		at = [...new Set(below)].slice(0, MAX_SCHEMAS);
	}
	return at.map(schema => ({ schema, root }));
}

/** More schemas do not speak of one value in any chart that people write. */
const MAX_SCHEMAS = 50;

function stepInto(schema: SchemaObject, key: string | number): readonly SchemaObject[] {
	if (typeof key === 'number') {
		const items = schema['items'];
		const tuple = asList(schema['prefixItems'] ?? items)[key];
		return [tuple, Array.isArray(items) ? undefined : items].filter(isObject);
	}
	const properties = asObject(schema['properties']);
	if (Object.hasOwn(properties, key)) return [properties[key]].filter(isObject);
	const fitting = Object.entries(asObject(schema['patternProperties']))
		.slice(0, MAX_PATTERNS)
		.flatMap(([pattern, inner]) => (goRegExp(pattern)?.test(key) ? [inner] : []));
	return (fitting.length > 0 ? fitting : [schema['additionalProperties']]).filter(isObject);
}

/** Schemas that people write name no more patterns in one place; to compile one may take a tenth of a second. */
const MAX_PATTERNS = 20;

/** The schema itself, what it refers to, and the parts that it is put together from; each once, for they may lead back to it. */
function alternatives(schema: SchemaObject, root: SchemaObject): readonly SchemaObject[] {
	const found = new Set<SchemaObject>();
	const visit = (each: Plain | undefined) => {
		if (!isObject(each) || found.has(each) || found.size >= MAX_SCHEMAS) return;
		found.add(each);
		const reference = each['$ref'];
		if (typeof reference === 'string') visit(follow(reference, root));
		for (const keyword of ['allOf', 'anyOf', 'oneOf']) asList(each[keyword]).forEach(visit);
		visit(each['then']);
		visit(each['else']);
	};
	visit(schema);
	return [...found];
}

function follow(reference: string, root: SchemaObject): SchemaObject | undefined {
	if (!reference.startsWith('#')) return undefined;
	let at: Plain | undefined = root;
	for (const raw of reference.slice(1).split('/').filter(Boolean)) {
		const key = raw.replaceAll('~1', '/').replaceAll('~0', '~');
		at = Array.isArray(at)
			? (at as readonly Plain[])[Number(key)]
			: isObject(at) && Object.hasOwn(at, key)
				? at[key]
				: undefined;
	}
	return isObject(at) ? at : undefined;
}

function typesOf(schema: SchemaObject): readonly string[] {
	const type = schema['type'];
	if (typeof type === 'string') return [type];
	return asList(type).filter(item => typeof item === 'string');
}

function allowedOf(schema: SchemaObject): readonly Plain[] {
	return schema['const'] !== undefined ? [schema['const']] : asList(schema['enum']);
}

function typesOfNode(node: Node): readonly string[] {
	if (node.kind === 'map') return ['object'];
	if (node.kind === 'seq') return ['array'];
	const value = scalarValue(node);
	if (value === null) return [];
	if (typeof value === 'number' || typeof value === 'bigint')
		return [Number.isInteger(Number(value)) ? 'integer' : 'number'];
	return [typeof value];
}

function nodeBelow(node: Node | undefined, path: FieldPath): Node | undefined {
	let at = node;
	for (const key of path)
		at = typeof key === 'number' ? (at?.kind === 'seq' ? (at.items[key] ?? at.items[0]) : undefined) : child(at, key);
	return at;
}

interface Comment {
	readonly text: string;
	readonly types: readonly string[];
}

/** The comments of values.yaml files; lives as long as one question. */
class Comments {
	readonly #parameters = new Map<Chart, ReadonlyMap<string, Comment>>();
	readonly #documents = new Map<Chart, SyntaxNode | undefined>();

	/** The comment that belongs to a value. */
	of(chart: Chart, path: FieldPath): Comment | undefined {
		const named = this.#parametersOf(chart).get(path.filter(key => typeof key === 'string').join('.'));
		if (named) return named;
		const { entry, depth } = locate(this.#documentOf(chart), path);
		return entry && depth === path.length ? commentAbove(chart.valuesText, entry) : undefined;
	}

	#parametersOf(chart: Chart): ReadonlyMap<string, Comment> {
		let known = this.#parameters.get(chart);
		if (!known) this.#parameters.set(chart, (known = bitnamiParameters(chart.valuesText)));
		return known;
	}

	#documentOf(chart: Chart): SyntaxNode | undefined {
		if (!this.#documents.has(chart)) this.#documents.set(chart, chart.files.syntax('values.yaml').documents[0]?.root);
		return this.#documents.get(chart);
	}
}

/** `## @param image.tag [string] What it is`: the path stands in the comment itself. */
function bitnamiParameters(text: string): ReadonlyMap<string, Comment> {
	const found = new Map<string, Comment>();
	if (!text.includes('@param')) return found;
	for (const [, path = '', type = '', words = ''] of text.matchAll(
		/^\s*##? ?@param\s+(\S+)\s*(?:\[([^\]]*)\])?\s*(.*)$/gm,
	)) {
		const types = type.split(',').flatMap(part => JSON_TYPES.get(part.trim().toLowerCase()) ?? []);
		found.set(path, { text: words.trim(), types });
	}
	return found;
}

const JSON_TYPES: ReadonlyMap<string, string> = new Map([
	...['string', 'boolean', 'integer', 'number', 'object', 'array', 'null'].map(name => [name, name] as const),
	['bool', 'boolean'],
	['int', 'integer'],
	['float', 'number'],
	['list', 'array'],
	['map', 'object'],
	['dict', 'object'],
]);

/** Longer comments are no descriptions. */
const MAX_LINES = 200;

/** Comment lines right above the key, or behind the value. `# -- ` begins helm-docs' text; what stands above it does not count. */
function commentAbove(text: string, entry: SyntaxEntry): Comment | undefined {
	const lines: string[] = [];
	let end = text.lastIndexOf('\n', entry.key.range.start - 1);
	while (end > 0 && lines.length < MAX_LINES) {
		const start = text.lastIndexOf('\n', end - 1) + 1;
		const line = text.slice(start, end).trim();
		if (!line.startsWith('#')) break;
		lines.unshift(line.replace(/^#+\s?/, ''));
		end = start - 1;
	}
	if (lines.length === 0) return commentBehind(text, entry);
	const begin = lines.findLastIndex(line => /^--\s/.test(line));
	return commentOfLines(begin >= 0 ? lines.slice(begin) : plainLines(lines));
}

/** What `helm create` writes at the head of the file. */
const BOILERPLATE = /^(default values for \S+|this is a yaml-formatted file|declare variables to be passed)/i;

/** Commented-out YAML is an example, not a description. */
function plainLines(written: readonly string[]): readonly string[] {
	const lines = written.filter(line => !BOILERPLATE.test(line));
	return lines.filter(
		line =>
			!/^\s*(- |[\w.-]+:(\s|$))/.test(line) || /^(note|ref|see|default|example|e\.g\.?|warning|important):/i.test(line),
	);
}

function commentBehind(text: string, { range }: SyntaxEntry): Comment | undefined {
	const newline = text.indexOf('\n', range.end);
	const rest = text.slice(range.end, newline < 0 ? text.length : newline);
	const found = /^\s+#+\s?(?:--\s)?(.*)$/.exec(rest);
	return found ? commentOfLines([found[1]!]) : undefined;
}

/** Without helm-docs' `-- `, its `(type)` and its `@default` and the like. */
function commentOfLines(lines: readonly string[]): Comment | undefined {
	const kept = lines
		.map(line => line.replace(/^--\s+/, ''))
		.filter(
			line =>
				!/^\s*@(default|notationType|ignored?|raw|section|schema|skip|extra|descriptionStart|descriptionEnd)\b/.test(
					line,
				),
		);
	const typed = /^\(([\w/]+)\)\s+/.exec(kept[0] ?? '');
	const type = JSON_TYPES.get(typed?.[1]?.split('/')[0]?.toLowerCase() ?? '');
	const text = [...(kept.length > 0 ? [kept[0]!.slice(typed?.[0].length ?? 0)] : []), ...kept.slice(1)]
		.join('\n')
		.trim();
	if (text === '' && !type) return undefined;
	return { text, types: type ? [type] : [] };
}

function textOf(value: Plain | undefined): string | undefined {
	return typeof value === 'string' && value !== '' ? value : undefined;
}

function isObject(value: Plain | undefined): value is SchemaObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asObject(value: Plain | undefined): SchemaObject {
	return isObject(value) ? value : {};
}

function asList(value: Plain | undefined): readonly Plain[] {
	return Array.isArray(value) ? (value as readonly Plain[]) : [];
}

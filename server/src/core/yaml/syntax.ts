/**
 * YAML text as an immutable tree with ranges. It is tolerant: a half-typed file gives what can be told of it, and its errors.
 * With `tab-errors.ts` the only place that knows the `yaml` package's trees. No meaning here: `content.ts` gives the values.
 */
import { isAlias, isMap, isScalar, isSeq, type Document, type Node as LibraryNode, type Pair, visit } from 'yaml';
import type { FieldPath } from '../base/address';
import type { Range } from '../base/text';
import { BEYOND_LIMITS, parseBounded } from './bounded-parse';
import { tabErrors } from './tab-errors';

interface Common {
	readonly range: Range;
	readonly anchor?: string;
	/** An explicit tag, as the specification spells it in full. */
	readonly tag?: string;
}

export interface SyntaxScalar extends Common {
	readonly kind: 'scalar';
	readonly text: string;
	readonly style: 'plain' | 'single' | 'double' | 'literal' | 'folded';
}

export interface SyntaxAlias extends Common {
	readonly kind: 'alias';
	readonly name: string;
}

export interface SyntaxEntry {
	/** The key's text; for a key that is not a scalar, its source. */
	readonly key: SyntaxScalar;
	/** The key is a map or a sequence (`{{ .x }}: 1`), which no Kubernetes object can have. */
	readonly complexKey?: true;
	readonly value: SyntaxNode | undefined;
	readonly range: Range;
}

export interface SyntaxMap extends Common {
	readonly kind: 'map';
	readonly flow: boolean;
	readonly entries: readonly SyntaxEntry[];
}

export interface SyntaxSeq extends Common {
	readonly kind: 'seq';
	readonly flow: boolean;
	readonly items: readonly (SyntaxNode | undefined)[];
	/** A comment on the line of its key, or above it, or behind it, that looks like JSON: kyaml reads a schema from it. */
	readonly comment?: string;
}

export type SyntaxNode = SyntaxScalar | SyntaxAlias | SyntaxMap | SyntaxSeq;

export interface SyntaxError {
	readonly code: string;
	readonly message: string;
	readonly range: Range;
}

export interface SyntaxDocument {
	/** From its `---` (or the end of the document before) to its end. */
	readonly range: Range;
	readonly root: SyntaxNode | undefined;
	readonly errors: readonly SyntaxError[];
}

export interface Syntax {
	readonly documents: readonly SyntaxDocument[];
}

/** Reads a stream of YAML documents. */
export function parseSyntax(text: string): Syntax {
	const control = CONTROL.exec(text);
	if (control) {
		const at = { start: control.index, end: control.index + 1 };
		return refused(text, 'CONTROL_CHARACTER', 'control characters are not allowed', at);
	}
	const documents = parseBounded(text);
	if (typeof documents === 'string') return refused(text, BEYOND_LIMITS, documents, { start: 0, end: 0 });
	const again = OLD_BREAKS.test(text) ? parseBounded(withOldBreaks(text, documents)) : documents;
	const read = typeof again === 'string' ? documents : again;
	return { documents: read.map(document => readDocument(document, text)) };
}

function refused(text: string, code: string, message: string, range: Range): Syntax {
	return {
		documents: [{ range: { start: 0, end: text.length }, root: undefined, errors: [{ code, message, range }] }],
	};
}

/** What no YAML may hold unescaped (`yaml_parser_update_buffer`). */
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/;

const OLD_BREAKS = /[\u0085\u2028\u2029]|\r(?!\n)/;

/**
 * YAML 1.1, and so go-yaml, ends lines at U+0085, U+2028 and U+2029 too, where 1.2 takes them for text. As line feeds they have the
 * effect that they have there (indentation, the end of a comment), and no offset moves. In quotes, where they stay what they are or
 * become a space, they are left alone. A carriage return alone ends a line for both,
 * though not for the package; in quotes it becomes a space.
 */
function withOldBreaks(text: string, documents: readonly Document.Parsed[]): string {
	const characters = [...text.matchAll(new RegExp(OLD_BREAKS, 'g'))].map(({ index }) => index);
	const quoted: (readonly [number, number])[] = [];
	for (const document of documents)
		visit(document, {
			Scalar: (_, { type, range }) =>
				void (range && (type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE') && quoted.push([range[0], range[1]])),
		});
	const out = text.split('');
	for (const at of characters) {
		if (!quoted.some(([start, end]) => at >= start && at < end)) out[at] = '\n';
		else if (text[at] === '\r') out[at] = ' ';
	}
	return out.join('');
}

function readDocument(document: Document.Parsed, text: string): SyntaxDocument {
	const [start, , end] = document.range;
	const errors = document.errors.map(error => ({
		code: error.code as string,
		message: error.message,
		range: { start: error.pos[0], end: Math.max(error.pos[1], error.pos[0]) },
	}));
	return {
		range: { start, end },
		root: document.contents ? readNode(document.contents as LibraryNode, text, undefined) : undefined,
		errors: text.includes('\t') ? [...errors, ...tabErrors(document, text)] : errors,
	};
}

const STYLES: Readonly<Record<string, SyntaxScalar['style']>> = {
	PLAIN: 'plain',
	QUOTE_SINGLE: 'single',
	QUOTE_DOUBLE: 'double',
	BLOCK_LITERAL: 'literal',
	BLOCK_FOLDED: 'folded',
};

/** `holder` is where the map's key or the list of dashes begins that the node stands in. */
function readNode(node: LibraryNode, text: string, holder: number | undefined): SyntaxNode {
	const [start, end] = node.range ?? [0, 0];
	const range = { start, end };
	const anchor = 'anchor' in node && node.anchor ? { anchor: node.anchor } : undefined;
	const tag = node.tag && !isAlias(node) && hasExplicitTag(node.tag, node) ? { tag: node.tag } : undefined;
	if (isAlias(node)) return { kind: 'alias', name: node.source, range };
	if (isMap(node)) {
		const entries = (node.items as Pair<LibraryNode, LibraryNode | null>[]).map(pair => readEntry(pair, text));
		return { kind: 'map', flow: node.flow === true, entries, range, ...anchor, ...tag };
	}
	if (isSeq(node)) {
		const items = (node.items as (LibraryNode | null)[]).map(item =>
			isEmpty(item) ? undefined : readNode(item!, text, start),
		);
		return { kind: 'seq', flow: node.flow === true, items, range, ...anchor, ...tag };
	}
	if (isScalar(node)) {
		const style = STYLES[node.type ?? 'PLAIN'] ?? 'plain';
		const value = node.source ?? String(node.value ?? '');
		const source = text.slice(start, end);
		let read = value;
		if (style === 'double') read = withEmptyLines(source) ?? value;
		else if (style === 'literal' || style === 'folded') {
			const column = columnOf(text, holder);
			if (INDICATED.test(source)) read = indicatedBlock(value, source + blankBehind(text, end), column);
			if (end === text.length) read = withoutMadeUpBreak(read, source, column);
		}
		return { kind: 'scalar', text: read, style, range, ...anchor, ...tag };
	}
	return { kind: 'scalar', text: text.slice(start, end), style: 'plain', range };
}

function columnOf(text: string, offset: number | undefined): number {
	return offset === undefined ? 0 : offset - (text.lastIndexOf('\n', offset - 1) + 1);
}

/** A line end that a backslash takes away, and the empty lines behind it with the indentation of what follows. */
const EMPTY_BEHIND_ESCAPED = /(?<!\\)((?:\\\\)*)\\\r?\n((?:[ \t]*\r?\n)+)[ \t]*/g;

/**
 * A text in double quotes where a backslash at the end of a line has empty lines behind it: each of them is a line feed, which the
 * package folds with the line's own end (`yaml_parser_scan_flow_scalar`). Nothing where there is no such place.
 */
function withEmptyLines(source: string): string | undefined {
	const written = source.replace(
		EMPTY_BEHIND_ESCAPED,
		(_, before: string, empty: string) => before + '\\n'.repeat(empty.split('\n').length - 1),
	);
	if (written === source) return undefined;
	const documents = parseBounded(written);
	const root: unknown = typeof documents === 'string' ? undefined : documents[0]?.contents;
	return isScalar(root) ? root.source : undefined;
}

/**
 * A block whose header says how far it is indented, and whose last lines are of spaces alone: what of these is further in is its content,
 * which the package overlooks (`yaml_parser_scan_block_scalar`).
 */
function indicatedBlock(value: string, source: string, column: number): string {
	const [header, indicator] = INDICATED.exec(source)!;
	const indent = column + Number(indicator);
	const lines = source.slice(source.indexOf('\n') + 1).split('\n');
	const contents = lines.map(line => line.slice(indent));
	const last = contents.findLastIndex(content => content !== '');
	const text = contents.findLastIndex(content => content.trim() !== '');
	if (last === text) return value;
	const before = text < 0 ? '' : value.slice(0, value.lastIndexOf(contents[text]!));
	const kept = before + contents.slice(Math.max(0, text), last + 1).join('\n');
	if (header.includes('-')) return kept;
	return header.includes('+') ? kept + '\n'.repeat(Math.max(1, lines.length - 1 - last)) : `${kept}\n`;
}

/** The header of a block that says how far it is indented. */
const INDICATED = /^[|>][-+]?([1-9])[-+]?/;

/** Spaces and line ends from an offset on, as far as lines hold nothing else. */
function blankBehind(text: string, offset: number): string {
	const blank = / *(?:\n *)*(?=\n|$)/y;
	blank.lastIndex = offset;
	return blank.exec(text)?.[0] ?? '';
}

/**
 * A block whose last line is the last of the text, with nothing that ends it: for go-yaml there is no line break there either
 * (`yaml_parser_scan_block_scalar`), where the package adds one.
 */
function withoutMadeUpBreak(value: string, source: string, column: number): string {
	const lines = source.split('\n').slice(1);
	const last = lines.at(-1);
	if (!last || !value.endsWith('\n')) return value;
	const indicator = INDICATED.exec(source)?.[1];
	const first = lines.find(line => line.trim() !== '');
	const indent = indicator ? column + Number(indicator) : (first?.search(/\S/) ?? 0);
	return last.length > indent || /^\n*$/.test(value) ? value.slice(0, -1) : value;
}

/** The failsafe schema gives every collection its default tag; only what was written counts. */
function hasExplicitTag(tag: string, node: LibraryNode): boolean {
	if (isMap(node)) return tag !== 'tag:yaml.org,2002:map';
	if (isSeq(node)) return tag !== 'tag:yaml.org,2002:seq';
	return true;
}

/** A value that is not there: `key:` with nothing behind it. */
function isEmpty(node: LibraryNode | null | undefined): boolean {
	return !node || (isScalar(node) && node.type === 'PLAIN' && !node.source && !node.anchor && !node.tag);
}

function readEntry(pair: Pair<LibraryNode, LibraryNode | null>, text: string): SyntaxEntry {
	const keyNode = pair.key
		? readNode(pair.key, text, undefined)
		: { kind: 'scalar' as const, text: '', style: 'plain' as const, range: { start: 0, end: 0 } };
	const key: SyntaxScalar =
		keyNode.kind === 'scalar'
			? keyNode
			: {
					kind: 'scalar',
					text: text.slice(keyNode.range.start, keyNode.range.end),
					style: 'plain',
					range: keyNode.range,
				};
	const read = isEmpty(pair.value) ? undefined : readNode(pair.value!, text, key.range.start);
	const value = read?.kind === 'seq' ? withComment(read, key, text) : read;
	const end = value ? value.range.end : (pair.value?.range?.[1] ?? key.range.end);
	const range = { start: key.range.start, end: Math.max(end, key.range.end) };
	return { key, value, range, ...(isCollection(keyNode) ? { complexKey: true } : undefined) };
}

function isCollection({ kind }: SyntaxNode): boolean {
	return kind === 'map' || kind === 'seq';
}

function withComment(seq: SyntaxSeq, key: SyntaxScalar, text: string): SyntaxSeq {
	const lineStart = text.lastIndexOf('\n', key.range.start - 1) + 1;
	const above = text.slice(text.lastIndexOf('\n', lineStart - 2) + 1, lineStart);
	const on = text.slice(key.range.end, lineEnd(text, key.range.end));
	const behind = seq.flow ? text.slice(seq.range.end, lineEnd(text, seq.range.end)) : '';
	const found =
		/^\s*:\s*#+\s*(\{.*\})\s*$/.exec(on) ?? /^\s*#+\s*(\{.*\})\s*$/.exec(behind) ?? /^\s*#+\s*(\{.*\})\s*$/.exec(above);
	return found ? { ...seq, comment: found[1]! } : seq;
}

function lineEnd(text: string, from: number): number {
	const end = text.indexOf('\n', from);
	return end < 0 ? text.length : end;
}

/** The node at a path, the entry that holds it where its parent is a map, and how much of the path was found. */
export interface Located {
	readonly node: SyntaxNode | undefined;
	readonly entry: SyntaxEntry | undefined;
	readonly depth: number;
}

/** The last entry of a name. Files of tens of thousands of fields are asked for the place of each. */
function entryOf(map: SyntaxMap, name: string): SyntaxEntry | undefined {
	if (map.entries.length < MANY_ENTRIES) return map.entries.findLast(({ key }) => key.text === name);
	let known = entriesByName.get(map);
	if (!known) entriesByName.set(map, (known = new Map(map.entries.map(entry => [entry.key.text, entry]))));
	return known.get(name);
}

const MANY_ENTRIES = 50;
const entriesByName = new WeakMap<SyntaxMap, ReadonlyMap<string, SyntaxEntry>>();

/** Follows a path as far as it goes. Of equal keys the last counts, as for the values. Aliases are not followed. */
export function locate(root: SyntaxNode | undefined, path: FieldPath): Located {
	let node = root;
	let entry: SyntaxEntry | undefined;
	for (const [depth, key] of path.entries()) {
		if (node?.kind === 'map') {
			const found = entryOf(node, String(key));
			if (!found) return { node, entry, depth };
			entry = found;
			node = found.value;
		} else if (node?.kind === 'seq' && typeof key === 'number' && key < node.items.length) {
			entry = undefined;
			node = node.items[key];
		} else return { node, entry, depth };
	}
	return { node, entry, depth: path.length };
}

/** Where an offset lies in a document. */
export interface Cursor {
	readonly path: FieldPath;
	readonly node: SyntaxNode | undefined;
	/** Whether it is on a map's key; `path` then ends with that key. */
	readonly onKey: boolean;
}

/** The innermost node that an offset touches, with its path; nothing outside of the document's root. */
export function cursorAt(document: SyntaxDocument, offset: number): Cursor | undefined {
	let node = document.root;
	const path: (string | number)[] = [];
	if (!node || offset < node.range.start || offset > node.range.end) return undefined;
	for (;;) {
		if (node?.kind === 'map') {
			const entry: SyntaxEntry | undefined = node.entries.find(e => offset >= e.range.start && offset <= e.range.end);
			if (!entry) return { path, node, onKey: false };
			path.push(entry.key.text);
			if (offset <= entry.key.range.end) return { path, node: entry.value, onKey: true };
			if (!entry.value || offset < entry.value.range.start) return { path, node: entry.value, onKey: false };
			node = entry.value;
		} else if (node?.kind === 'seq') {
			const at: number = node.items.findIndex(item => item && offset >= item.range.start && offset <= item.range.end);
			if (at < 0) return { path, node, onKey: false };
			path.push(at);
			node = node.items[at];
		} else return { path, node, onKey: false };
	}
}

/** The index of the document that holds an offset; the last one that begins before it. */
export function documentAt(syntax: Syntax, offset: number): number {
	return Math.max(
		0,
		syntax.documents.findLastIndex(document => document.range.start <= offset),
	);
}

/** From addresses to ranges and back, at the very end of every answer (invariant I4). */
import { type Address, type FieldPath } from '../base/address';
import type { FilePath } from '../base/paths';
import type { Anchor } from '../base/problem';
import { type Database, query } from '../base/query';
import type { Range } from '../base/text';
import { embeddedOffsets, innerOffset } from '../yaml/embedded';
import {
	type Cursor,
	cursorAt,
	documentAt,
	locate,
	type Located,
	parseSyntax,
	type Syntax,
	type SyntaxNode,
	type SyntaxScalar,
} from '../yaml/syntax';
import { syntaxOf } from './documents';
import { textOf } from './inputs';

/**
 * The range of the field at an address. Where the field is no longer there, that of the nearest parent's key; the first
 * line of the file where nothing of it is.
 */
export function rangeOf(db: Database, address: Address, anchor: Anchor = 'value'): Range {
	const text = textOf(db, address.file) ?? '';
	if (typeof anchor !== 'string' && isWholeFile(address))
		return { start: Math.min(anchor.from, text.length), end: Math.min(anchor.to, text.length) };
	if (OF_LINES.test(address.file)) return lineOfKey(text, address.path);
	const root = syntaxOf(db, address.file).documents[address.document]?.root;
	if (!root || (root.kind !== 'map' && root.kind !== 'seq')) return lineOfKey(text, address.path);
	const located = locate(root, address.path);
	const outer = rangeOfLocated(located, address.path, typeof anchor === 'string' ? anchor : 'value', text);
	if (located.node?.kind !== 'scalar' || located.depth < address.path.length) return outer;
	if (typeof anchor !== 'string') return partOf(db, address, anchor) ?? outer;
	if (!address.within) return outer;
	const inner = embeddedIn(db, address);
	const innerRoot = inner?.syntax.documents[address.within.document]?.root;
	if (!inner || !innerRoot) return outer;
	const range = rangeOfLocated(locate(innerRoot, address.within.path), address.within.path, anchor, located.node.text);
	return { start: inner.offsets[range.start] ?? outer.start, end: inner.offsets[range.end] ?? outer.end };
}

/** A generator takes a file as one text. */
function isWholeFile({ document, path, within }: Address): boolean {
	return document === 0 && path.length === 0 && !within;
}

/** Files whose lines are what they consist of, whatever YAML would make of them. */
const OF_LINES = /\.(env|ini)$/;

/** Characters of the text that a scalar holds. */
function partOf(db: Database, address: Address, { from, to }: { from: number; to: number }): Range | undefined {
	const offsets = address.within ? undefined : embeddedIn(db, address)?.offsets;
	const start = offsets?.[from];
	const end = offsets?.[to];
	return start === undefined || end === undefined ? undefined : { start, end };
}

function rangeOfLocated(
	{ node, entry, depth }: Located,
	path: FieldPath,
	anchor: Extract<Anchor, string>,
	text: string,
): Range {
	if (depth < path.length) return entry ? entry.key.range : firstLine(text, node?.range.start ?? 0);
	if (anchor === 'entry') return entry?.range ?? node?.range ?? { start: 0, end: 0 };
	if (anchor === 'key' && entry) return entry.key.range;
	if (!node) return entry ? entry.key.range : { start: 0, end: 0 };
	if (node.kind === 'scalar' && node.style !== 'literal' && node.style !== 'folded') return node.range;
	if (node.kind === 'alias') return node.range;
	// A collection or a block of text would underline half the file: its key says enough.
	return entry ? entry.key.range : firstLine(text, node.range.start);
}

function firstLine(text: string, start: number): Range {
	const newline = text.indexOf('\n', start);
	return { start, end: newline < 0 ? text.length : newline };
}

/** In a file that is not YAML: the line of that number, or a text in it; or the line that begins with the key (`KEY=value`); else the first line. */
function lineOfKey(text: string, path: FieldPath): Range {
	const key = path[0];
	if (typeof key === 'number') {
		let start = 0;
		for (let line = 0; line < key && start >= 0; line++) start = text.indexOf('\n', start) + 1 || -1;
		const line = firstLine(text, Math.max(start, 0));
		const [, part] = path;
		const at = typeof part === 'string' ? text.slice(line.start, line.end).indexOf(part) : -1;
		return at < 0 ? line : { start: line.start + at, end: line.start + at + String(part).length };
	}
	if (typeof key === 'string') {
		for (let start = 0; start < text.length;) {
			const range = firstLine(text, start);
			if (
				text
					.slice(start, range.end)
					.trimStart()
					.startsWith(key + '=')
			)
				return range;
			start = range.end + 1;
		}
	}
	return firstLine(text, 0);
}

interface Embedded {
	readonly syntax: Syntax;
	readonly offsets: Uint32Array;
}

const embedded = query<Embedded | undefined>('embedded', (db, key) => {
	const [file, document, path] = JSON.parse(key) as [FilePath, number, FieldPath];
	const { node } = locate(syntaxOf(db, file).documents[document]?.root, path);
	if (node?.kind !== 'scalar') return undefined;
	return { syntax: parseSyntax(node.text), offsets: embeddedOffsets(textOf(db, file) ?? '', node) };
});

/** The YAML in the scalar at an address (its `within` does not matter), with the file's offsets. */
export function embeddedIn(db: Database, { file, document, path }: Address): Embedded | undefined {
	return db.get(embedded, JSON.stringify([file, document, path]));
}

/** What stands at an offset of a file. */
export interface Spot {
	readonly address: Address;
	readonly onKey: boolean;
	readonly range: Range;
	readonly node: SyntaxNode | undefined;
}

/** The field at an offset, inside of embedded YAML where there is some; nothing between documents. */
export function spotAt(db: Database, file: FilePath, offset: number): Spot | undefined {
	const line = lineSpot(db, file, offset);
	if (line) return line;
	const syntax = syntaxOf(db, file);
	const document = documentAt(syntax, offset);
	const cursor = syntax.documents[document] && cursorAt(syntax.documents[document], offset);
	if (!cursor) return undefined;
	const address: Address = { file, document, path: cursor.path };
	const inner =
		cursor.node?.kind === 'scalar' && !cursor.onKey && holdsYaml(cursor.node) ? embeddedIn(db, address) : undefined;
	if (inner) {
		const at = innerOffset(inner.offsets, offset);
		const index = documentAt(inner.syntax, at);
		const found = inner.syntax.documents[index] && cursorAt(inner.syntax.documents[index], at);
		if (found) return spot(db, { ...address, within: { document: index, path: found.path } }, found);
	}
	return spot(db, address, cursor);
}

/** In a file of lines (`KEY=value`): the line that a generator takes as a key with its value. */
function lineSpot(db: Database, file: FilePath, offset: number): Spot | undefined {
	const root = OF_LINES.test(file) ? undefined : syntaxOf(db, file).documents[0]?.root;
	if (root && root.kind !== 'scalar') return undefined;
	const text = textOf(db, file) ?? '';
	const start = text.lastIndexOf('\n', offset - 1) + 1;
	const line = firstLine(text, start);
	const [, indent = '', key] = /^(\s*)([^\s#=][^\s=]*)=/.exec(text.slice(line.start, line.end)) ?? [];
	if (key === undefined) return undefined;
	const name = { start: start + indent.length, end: start + indent.length + key.length };
	const onKey = offset <= name.end;
	const value = { start: name.end + 1, end: line.end };
	return { address: { file, document: 0, path: [key] }, onKey, range: onKey ? name : value, node: undefined };
}

function spot(db: Database, address: Address, { onKey, node }: Cursor): Spot {
	return { address, onKey, node, range: rangeOf(db, address, onKey ? 'key' : 'value') };
}

/** Whether a scalar is a block of text that reads as a map or list: a patch, a values file, a whole manifest. */
export function holdsYaml({ style, text }: SyntaxScalar): boolean {
	return (style === 'literal' || style === 'folded') && /^\s*(- |[\w"'./-]+:(\s|$)|---|#)/.test(text);
}

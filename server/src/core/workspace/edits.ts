/**
 * Changes told in addresses (`SourceEdit`) as edits of texts. Comments, quoting and order of what is not touched stay as they are;
 * new lines take the indentation of their neighbours.
 */
import type { FieldPath } from '../base/address';
import type { FilePath } from '../base/paths';
import type { SourceEdit } from '../base/problem';
import type { Database } from '../base/query';
import type { Range, TextEdit } from '../base/text';
import { locate, parseSyntax, type SyntaxMap, type SyntaxNode, type SyntaxSeq } from '../yaml/syntax';
import { embeddedIn } from './places';
import { syntaxOf } from './documents';
import { textOf } from './inputs';

/** Edits of texts, files to make, files to delete. */
export interface SourceChange {
	readonly edits: ReadonlyMap<FilePath, readonly TextEdit[]>;
	readonly create: ReadonlyMap<FilePath, string>;
	readonly delete: readonly FilePath[];
}

/** Computes the change for edits that hold for the present texts. Edits whose place is gone are left out. */
export function sourceChange(db: Database, edits: readonly SourceEdit[]): SourceChange {
	const byFile = new Map<FilePath, TextEdit[]>();
	const create = new Map<FilePath, string>();
	const remove: FilePath[] = [];
	for (const edit of edits) {
		if (edit.kind === 'create-file') create.set(edit.file, edit.text);
		else if (edit.kind === 'delete-file') remove.push(edit.file);
		else {
			const file = edit.kind === 'append-text' ? edit.file : edit.at.file;
			const done = edit.kind === 'append-text' ? appending(db, edit) : textEdit(db, edit);
			if (done) byFile.set(file, [...(byFile.get(file) ?? []), done]);
		}
	}
	return { edits: new Map([...byFile].map(([file, list]) => [file, withoutOverlaps(list)])), create, delete: remove };
}

type FieldEdit = Exclude<SourceEdit, { kind: 'create-file' | 'delete-file' | 'append-text' }>;

function appending(db: Database, { file, text }: { readonly file: FilePath; readonly text: string }): TextEdit {
	const before = textOf(db, file) ?? '';
	const isOpen = before !== '' && !before.endsWith('\n');
	return { range: { start: before.length, end: before.length }, text: (isOpen ? '\n' : '') + text };
}

/** A YAML text with the tree of one of its documents. */
interface Sheet {
	readonly text: string;
	readonly root: SyntaxNode | undefined;
}

function textEdit(db: Database, edit: FieldEdit): TextEdit | undefined {
	const { at } = edit;
	const text = textOf(db, at.file);
	if (text === undefined) return undefined;
	if (!at.within) return editSheet({ text, root: syntaxOf(db, at.file).documents[at.document]?.root }, at.path, edit);
	const inner = embeddedIn(db, at);
	const host = locate(syntaxOf(db, at.file).documents[at.document]?.root, at.path).node;
	if (!inner || host?.kind !== 'scalar') return undefined;
	const sheet = { text: host.text, root: inner.syntax.documents[at.within.document]?.root };
	const done = editSheet(sheet, at.within.path, edit);
	if (!done) return undefined;
	const start = inner.offsets[done.range.start]!;
	const indent = indentAt(text, inner.offsets[0]!);
	return { range: { start, end: inner.offsets[done.range.end]! }, text: done.text.replaceAll('\n', '\n' + indent) };
}

function editSheet(sheet: Sheet, path: FieldPath, edit: FieldEdit): TextEdit | undefined {
	switch (edit.kind) {
		case 'remove':
			return removal(sheet, path);
		case 'insert':
			return insertion(sheet, path, edit.key, edit.yaml);
		case 'rename-key': {
			const { entry, depth } = locate(sheet.root, path);
			return entry && depth === path.length ? { range: entry.key.range, text: edit.key } : undefined;
		}
		case 'set': {
			const { node, entry, depth } = locate(sheet.root, path);
			if (depth < path.length) return undefined;
			if (node && isInline(node) && edit.text.startsWith('- '))
				return onLinesBelow(sheet.text, node.range, edit.text, listIndent(sheet));
			if (node)
				return {
					range: { start: node.range.start, end: trimmedEnd(sheet.text, node.range) },
					text: edit.text.replaceAll('\n', '\n' + ' '.repeat(columnOf(sheet.text, node.range.start))),
				};
			return entry ? { range: { start: entry.range.end, end: entry.range.end }, text: ' ' + edit.text } : undefined;
		}
	}
}

/** Takes a field away; a parent that would be left empty goes with it. */
function removal(sheet: Sheet, path: FieldPath): TextEdit | undefined {
	if (path.length === 0 || locate(sheet.root, path).depth < path.length) return undefined;
	const parent = locate(sheet.root, path.slice(0, -1)).node;
	const key = path.at(-1)!;
	if (parent?.kind === 'map') {
		if (parent.entries.length === 1 && path.length > 1) return removal(sheet, path.slice(0, -1));
		const index = parent.entries.findLastIndex(entry => entry.key.text === key);
		return parent.flow
			? removeFlow(
					sheet.text,
					parent.entries.map(entry => entry.range),
					index,
				)
			: removeBlockEntry(sheet.text, parent, index);
	}
	if (parent?.kind !== 'seq' || typeof key !== 'number') return undefined;
	if (parent.items.length === 1 && path.length > 1) return removal(sheet, path.slice(0, -1));
	if (parent.flow)
		return removeFlow(
			sheet.text,
			parent.items.map(item => item?.range ?? { start: 0, end: 0 }),
			key,
		);
	const item = parent.items[key];
	return (
		item && {
			range: wholeLines(sheet.text, { start: dashBefore(sheet.text, item.range.start), end: item.range.end }),
			text: '',
		}
	);
}

function removeFlow(text: string, ranges: readonly Range[], index: number): TextEdit | undefined {
	const range = ranges[index];
	if (!range) return undefined;
	const next = ranges[index + 1];
	if (next) return { range: { start: range.start, end: next.start }, text: '' };
	const before = ranges[index - 1];
	return { range: { start: before ? before.end : range.start, end: trimmedEnd(text, range) }, text: '' };
}

function removeBlockEntry(text: string, map: SyntaxMap, index: number): TextEdit | undefined {
	const entry = map.entries[index];
	if (!entry) return undefined;
	const lineStart = text.lastIndexOf('\n', entry.range.start - 1) + 1;
	const next = map.entries[index + 1];
	// The first key of a list's item stands behind its dash: the next key takes its place.
	const behindDash = text.slice(lineStart, entry.range.start).trim() !== '';
	if (behindDash && next) return { range: { start: entry.range.start, end: next.range.start }, text: '' };
	return { range: wholeLines(text, entry.range), text: '' };
}

/** From the start of the range's first line to the start of the line after its last one. */
function wholeLines(text: string, range: Range): Range {
	const start = text.lastIndexOf('\n', range.start - 1) + 1;
	const newline = text.indexOf('\n', trimmedEnd(text, range));
	return { start, end: newline < 0 ? text.length : newline + 1 };
}

/** The end of a range without the white space that a block's range takes along. */
function trimmedEnd(text: string, { start, end }: Range): number {
	let at = Math.min(end, text.length);
	while (at > start && /\s/.test(text[at - 1]!)) at--;
	return at;
}

function dashBefore(text: string, start: number): number {
	const at = text.lastIndexOf('-', start - 1);
	return at < 0 ? start : at;
}

/** Adds `key: yaml`, or `- yaml` without a key, to the collection at a path; what of the path is missing is made. */
function insertion(sheet: Sheet, path: FieldPath, key: string | undefined, yaml: string): TextEdit | undefined {
	const { node, entry, depth } = locate(sheet.root, path);
	const indent = listIndent(sheet);
	let value = yaml;
	let name = key;
	for (let i = path.length - 1; i >= depth; i--) {
		const missing = path[i]!;
		value = lines(name, value, indent);
		name = typeof missing === 'string' ? missing : undefined;
	}
	const text = lines(name, value, indent);
	if (node?.kind === 'map' || node?.kind === 'seq') {
		if (node.flow) return insertFlow(sheet.text, node, text);
		const last = node.kind === 'map' ? node.entries.at(-1)?.range : node.items.at(-1)?.range;
		const first =
			node.kind === 'map'
				? node.entries[0]?.range.start
				: dashBefore(sheet.text, node.items[0]?.range.start ?? node.range.start);
		if (!last || first === undefined) return undefined;
		return insertLines(endOfLine(sheet.text, trimmedEnd(sheet.text, last)), text, columnOf(sheet.text, first));
	}
	if (entry) {
		const at = endOfLine(sheet.text, entry.key.range.end);
		return insertLines(at, text, columnOf(sheet.text, entry.key.range.start) + (name === undefined ? indent : 2));
	}
	const separator = sheet.text === '' || sheet.text.endsWith('\n') ? '' : '\n';
	return { range: { start: sheet.text.length, end: sheet.text.length }, text: `${separator}${text}\n` };
}

function insertFlow(text: string, node: SyntaxMap | SyntaxSeq, added: string): TextEdit | undefined {
	const empty = node.kind === 'map' ? node.entries.length === 0 : node.items.length === 0;
	if (empty) return onLinesBelow(text, node.range, added, node.kind === 'map' ? 2 : 0);
	const flow = inFlow(added);
	if (flow === undefined) return undefined;
	const at = node.range.end - 1;
	return { range: { start: at, end: at }, text: `, ${flow}` };
}

function isInline(node: SyntaxNode): boolean {
	return (node.kind === 'map' || node.kind === 'seq') && node.flow;
}

/** Block YAML in the place of what stands behind a key, on lines of its own. */
function onLinesBelow(text: string, range: Range, block: string, indent: number): TextEdit {
	const column = columnOf(text, lineContentStart(text, range.start)) + indent;
	const start = trimmedEnd(text, { start: 0, end: range.start });
	return { range: { start, end: range.end }, text: '\n' + indented(block, column) };
}

/** An entry of a block as one of braces or brackets; nothing for a block scalar, which cannot stand there. */
function inFlow(entry: string): string | undefined {
	if (!entry.startsWith('- ')) return entry.includes('\n') ? undefined : entry;
	const root = parseSyntax(entry).documents[0]?.root;
	const item = root?.kind === 'seq' ? root.items[0] : undefined;
	return item && flowText(entry, item);
}

function flowText(text: string, node: SyntaxNode): string | undefined {
	switch (node.kind) {
		case 'alias':
			return text.slice(node.range.start, node.range.end);
		case 'scalar':
			return node.text.includes('\n') ? undefined : text.slice(node.range.start, trimmedEnd(text, node.range));
		case 'seq':
			return joined(
				'[',
				node.items.map(item => (item ? flowText(text, item) : 'null')),
				']',
			);
		case 'map': {
			const parts = node.entries.map(({ key, value }) => {
				const shown = value ? flowText(text, value) : 'null';
				return shown && `${flowText(text, key)}: ${shown}`;
			});
			return joined('{ ', parts, ' }');
		}
	}
}

function joined(open: string, parts: readonly (string | undefined)[], close: string): string | undefined {
	return parts.includes(undefined) ? undefined : open + parts.join(', ') + close;
}

function insertLines(at: number, added: string, column: number): TextEdit {
	return { range: { start: at, end: at }, text: '\n' + indented(added, column) };
}

/** How far the document indents lists below their keys: both 0 and 2 are common. */
function listIndent({ text, root }: Sheet): number {
	if (root?.kind !== 'map') return 2;
	for (const { key, value } of root.entries) {
		if (value?.kind === 'seq' && !value.flow)
			return Math.max(columnOf(text, value.range.start) - columnOf(text, key.range.start), 0);
		if (value?.kind === 'map' && !value.flow && hasList(value)) return listIndent({ text, root: value });
	}
	return 2;
}

function hasList({ entries }: SyntaxMap): boolean {
	return entries.some(
		({ value }) => (value?.kind === 'seq' && !value.flow) || (value?.kind === 'map' && !value.flow && hasList(value)),
	);
}

/** `key: value` or `- value`; a value of several lines goes below its key. */
function lines(key: string | undefined, value: string, indent: number): string {
	if (key === undefined) return '- ' + value.replaceAll('\n', '\n  ');
	if (!value.includes('\n') && !/^(- |[\w"'./-]+: )/.test(value)) return `${key}: ${value}`;
	return /^[|>]/.test(value)
		? `${key}: ${value.replaceAll('\n', '\n  ')}`
		: `${key}:\n${indented(value, value.startsWith('- ') ? indent : 2)}`;
}

function indented(text: string, column: number): string {
	return text.replace(/^(?=.)/gm, ' '.repeat(column));
}

function columnOf(text: string, offset: number): number {
	return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}

function lineContentStart(text: string, offset: number): number {
	const start = text.lastIndexOf('\n', offset - 1) + 1;
	return start + (/^[ ]*/.exec(text.slice(start))?.[0].length ?? 0);
}

function indentAt(text: string, offset: number): string {
	return ' '.repeat(columnOf(text, lineContentStart(text, offset)));
}

function endOfLine(text: string, offset: number): number {
	const newline = text.indexOf('\n', offset);
	return newline < 0 ? text.length : newline;
}

/** Of edits that overlap, the wider one; removing a parent takes its children along. */
function withoutOverlaps(edits: readonly TextEdit[]): TextEdit[] {
	const kept: TextEdit[] = [];
	for (const edit of edits.toSorted((a, b) => a.range.start - b.range.start || b.range.end - a.range.end)) {
		const last = kept.at(-1);
		if (!last || edit.range.start >= last.range.end) kept.push(edit);
	}
	return kept;
}

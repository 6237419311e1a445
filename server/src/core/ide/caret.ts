/**
 * What is being typed at an offset, in a file that may be half-typed: a key, a value or a list's item, and of which field. A marker is
 * put at the place and the text is read again, so the answer is the parser's, not a guess from indentation.
 */
import type { FieldPath } from '../base/address';
import type { Range } from '../base/text';
import { parseSyntax, type SyntaxNode } from '../yaml/syntax';

export interface Caret {
	/** `item` is a list's item that is not yet known to be a map or a scalar; `path` then ends with its index. */
	readonly position: 'key' | 'value' | 'item';
	readonly document: number;
	/** Of the map that takes the key; of the value itself. */
	readonly path: FieldPath;
	/** Where the scalar at `path` holds YAML: the place in it. */
	readonly within: { readonly document: number; readonly path: FieldPath } | undefined;
	/** The word at the offset, from its start to its end, which an answer replaces. */
	readonly word: Range;
	/** The other keys of the map that takes the key. */
	readonly siblings: readonly string[];
	/** The white space (and dashes turned to spaces) before the key, for what goes below it. */
	readonly indent: string;
	/** Whether a colon already stands behind the word. */
	readonly hasColon: boolean;
	/** Whether it stands between braces or brackets of its line, where nothing can go on below. */
	readonly isFlow: boolean;
	/** What of the word stands before the offset. */
	readonly typed: string;
}

const MARKER = 'sTrAtAcArEt';

const VALUE = /^(\s*(?:- +)*)(?:"[^"]*"|'[^']*'|[^\s:#"'][^:#]*):\s+(["']?)([^\s"'#]*)$/;
const KEY = /^(\s*(?:- +)*)(["']?)([^\s:#"']*)$/;

const FLOW_VALUE = /^()\s*(?:"[^"]*"|'[^']*'|[^\s:#"',]+):\s+(["']?)([^\s"'#]*)$/;
const FLOW_KEY = /^()\s*(["']?)([^\s:#"']*)$/;

/** What stands between the caret and the brace, bracket or comma before it, where a flow collection of its line is open there. */
function flowBefore(before: string): { readonly bracket: string; readonly text: string } | undefined {
	const open: { readonly bracket: string; start: number }[] = [];
	let quote = '';
	for (let at = 0; at < before.length; at++) {
		const character = before[at]!;
		if (quote) quote = character === quote ? '' : quote;
		else if (character === '#' && /\s/.test(before[at - 1] ?? ' ')) return undefined;
		else if (/["']/.test(character) && /[\s[{,]/.test(before[at - 1] ?? ' ')) quote = character;
		// Elsewhere a brace is a part of a plain text: `${NAME}`.
		else if (/[[{]/.test(character) && (open.length > 0 || /(^|[:-]\s+)$/.test(before.slice(0, at))))
			open.push({ bracket: character, start: at + 1 });
		else if (/[\]}]/.test(character)) open.pop();
		else if (character === ',' && open.length > 0) open.at(-1)!.start = at + 1;
	}
	const last = open.at(-1);
	return last && { bracket: last.bracket, text: before.slice(last.start) };
}

/** The caret at an offset of a text; nothing in comments and in the middle of prose. */
export function caretAt(text: string, offset: number): Caret | undefined {
	const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
	const before = text.slice(lineStart, offset);
	const flow = flowBefore(before);
	const [value, key, typedAt] = flow ? [FLOW_VALUE, FLOW_KEY, flow.text] : [VALUE, KEY, before];
	const isValue = value.test(typedAt);
	const match = value.exec(typedAt) ?? key.exec(typedAt);
	if (!match) return undefined;
	const [, lead = '', quote = '', typed = ''] = match;
	const rest = (flow === undefined ? /^[^\s:#"']*/ : /^[^\s:#"',{}[\]]*/).exec(text.slice(offset))![0];
	const end = offset + rest.length + (quote && text[offset + rest.length] === quote ? 1 : 0);
	const word = { start: offset - typed.length - quote.length, end };
	const hasColon = /^\s*:(\s|$)/.test(text.slice(end, end + 100).split('\n')[0]!);
	const shape = {
		word,
		indent: lead.replaceAll('-', ' '),
		hasColon,
		isFlow: flow !== undefined,
		typed,
	};
	const forms = isValue
		? [MARKER]
		: (lead.includes('-') || flow?.bracket === '[') && !hasColon
			? [MARKER]
			: [hasColon ? MARKER : `${MARKER}:`, MARKER];
	for (const form of forms) {
		const marked = text.slice(0, word.start) + form + text.slice(word.end);
		const found = find(marked);
		if (found) return { ...found, ...shape };
	}
	return undefined;
}

type Found = Pick<Caret, 'position' | 'document' | 'path' | 'within' | 'siblings'>;

/** Looks for the marker in the text, and where a scalar holds it among other words, in the YAML that this scalar may hold. */
function find(text: string): Found | undefined {
	const found = findInDocuments(text);
	if (!found) return undefined;
	if (!('text' in found)) return { ...found, within: undefined };
	// No deeper: prose is a scalar that holds itself.
	const inner = findInDocuments(found.text);
	if (!inner || 'text' in inner) return undefined;
	const { document, path } = found;
	return { ...inner, document, path, within: { document: inner.document, path: inner.path } };
}

function findInDocuments(text: string): (FoundHere & { readonly document: number }) | undefined {
	for (const [document, { root }] of parseSyntax(text).documents.entries()) {
		const found = root && findIn(root, []);
		if (found) return { ...found, document };
	}
	return undefined;
}

type FoundHere = Pick<Caret, 'position' | 'path' | 'siblings'> | { readonly text: string; readonly path: FieldPath };

function findIn(node: SyntaxNode, path: FieldPath): FoundHere | undefined {
	if (node.kind === 'alias') return undefined;
	if (node.kind === 'scalar') {
		if (node.text === MARKER) return { position: 'value', path, siblings: [] };
		return node.text.includes(MARKER) ? { text: node.text, path } : undefined;
	}
	if (node.kind === 'seq') {
		for (const [index, item] of node.items.entries()) {
			const found = item && findIn(item, [...path, index]);
			if (found) return item.kind === 'scalar' && 'position' in found ? { ...found, position: 'item' } : found;
		}
		return undefined;
	}
	for (const { key, value } of node.entries) {
		if (key.text === MARKER) {
			const siblings = node.entries.map(entry => entry.key.text).filter(name => name !== MARKER);
			return { position: 'key', path, siblings };
		}
		const found = value && findIn(value, [...path, key.text]);
		if (found) return found;
	}
	return undefined;
}

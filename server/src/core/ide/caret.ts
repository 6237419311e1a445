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
}

const MARKER = 'sTrAtAcArEt';

const VALUE = /^(\s*(?:- +)*)(?:"[^"]*"|'[^']*'|[^\s:#"'][^:#]*):\s+(["']?)([^\s"'#]*)$/;
const KEY = /^(\s*(?:- +)*)(["']?)([^\s:#"']*)$/;

/** The caret at an offset of a text; nothing in comments and in the middle of prose. */
export function caretAt(text: string, offset: number): Caret | undefined {
	const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
	const before = text.slice(lineStart, offset);
	const match = VALUE.exec(before) ?? KEY.exec(before);
	if (!match) return undefined;
	const [, lead = '', quote = '', typed = ''] = match;
	const rest = /^[^\s:#"']*/.exec(text.slice(offset))![0];
	const end = offset + rest.length + (quote && text[offset + rest.length] === quote ? 1 : 0);
	const word = { start: offset - typed.length - quote.length, end };
	const hasColon = /^\s*:(\s|$)/.test(text.slice(end, end + 100).split('\n')[0]!);
	const isValue = VALUE.test(before);
	const shape = {
		word,
		indent: lead.replaceAll('-', ' '),
		hasColon,
	};
	const forms = isValue
		? [MARKER]
		: lead.includes('-') && !hasColon
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

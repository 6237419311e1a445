/** A value that somebody typed, as YAML that keeps the type of what it takes the place of. */
import type { FieldPath } from '../../base/address';
import { readContent } from '../../yaml/content';
import { type MapNode, type Node, type ScalarNode, type SeqNode, withEntry, withItems } from '../../yaml/node';
import { parseSyntax } from '../../yaml/syntax';
import { isPlainString } from '../../yaml/scalar';

export interface NewValue {
	/** On one line where it is a scalar; else in block style, not indented. */
	readonly text: string;
	readonly node: Node;
}

/** What was typed in the place of `present`: a text stays a text, `8` in the place of `"4"` becomes `"8"`. Nothing where it is no YAML. */
export function newValue(present: Node, typed: string): NewValue | undefined {
	const read = readValue(typed);
	if (present.kind === 'scalar' && present.tag === '!!str' && isOtherThanText(read, typed)) {
		return readNew(JSON.stringify(typed));
	}
	if (!read) return undefined;
	return read.kind === 'scalar' ? { text: typed.trim(), node: read } : valueOf(read);
}

function isOtherThanText(read: Node | undefined, typed: string): boolean {
	const isText = read?.kind === 'scalar' && read.tag === '!!str' && (read.style !== 'plain' || read.text === typed);
	return !isText;
}

function readNew(text: string): NewValue | undefined {
	const node = readValue(text);
	return node && { text, node };
}

function readValue(text: string): Node | undefined {
	const documents = readContent(parseSyntax(text), { file: '/', step: 'patch' });
	const [document] = documents;
	return documents.length === 1 && document && !document.syntaxError && document.problems.length === 0
		? document.root
		: undefined;
}

/** A value that exists already, to be written somewhere else. */
export function valueOf(node: Node): NewValue {
	return { text: textOf(node), node };
}

/** The tree with another value at a path that exists in it. */
export function replacedAt(tree: Node, path: FieldPath, value: Node): Node {
	const [key, ...rest] = path;
	if (key === undefined) return value;
	if (typeof key === 'number' && tree.kind === 'seq') {
		return withItems(
			tree,
			tree.items.map((item, index) => (index === key ? replacedAt(item, rest, value) : item)),
		);
	}
	if (tree.kind !== 'map' || typeof key !== 'string') return tree;
	const present = tree.entries.find(entry => entry.key === key)?.value;
	return present ? withEntry(tree, key, replacedAt(present, rest, value)) : tree;
}

/** In block style, in the order of the tree. */
function textOf(node: Node): string {
	switch (node.kind) {
		case 'scalar':
			return scalarText(node);
		case 'map':
			return node.entries.length === 0 ? '{}' : mapText(node);
		case 'seq':
			return node.items.length === 0 ? '[]' : seqText(node);
	}
}

function mapText({ entries }: MapNode): string {
	return entries.map(({ key, value }) => field(key, textOf(value), isBlock(value))).join('\n');
}

function seqText({ items }: SeqNode): string {
	return items.map(item => '- ' + textOf(item).replaceAll('\n', '\n  ')).join('\n');
}

function isBlock(node: Node): boolean {
	return (node.kind === 'map' && node.entries.length > 0) || (node.kind === 'seq' && node.items.length > 0);
}

/** `key: text`, or the text below its key. */
export function field(key: string, text: string, block: boolean): string {
	const name = keyText(key);
	return block ? `${name}:\n${text.replace(/^(?=.)/gm, '  ')}` : `${name}: ${text}`;
}

/** A key as YAML has it: in quotes where it would be read as something else. */
export function keyText(key: string): string {
	return scalarText({ kind: 'scalar', text: key, tag: '!!str', style: 'plain', origin: NOWHERE });
}

const NOWHERE = { step: 'patch', file: '/', document: 0, link: undefined } as const;

function scalarText({ text, tag, style }: ScalarNode): string {
	if (tag !== '!!str') return text === '' ? 'null' : text;
	const read = /[\n\r]/.test(text) ? undefined : readValue(text);
	const isSafe = isPlainString(text) && read?.kind === 'scalar' && read.text === text && read.style === 'plain';
	return isSafe && (style === 'plain' || style === 'literal' || style === 'folded') ? text : JSON.stringify(text);
}

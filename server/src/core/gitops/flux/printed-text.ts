/**
 * A resource that is printed, changed as a text, and read again, as Flux's controllers do it for variables and inputs. A value may so change a
 * field's type, break the YAML, or become a map; here that happens scalar by scalar, and every node keeps its origin.
 */
import { readContent } from '../../yaml/content';
import { type MapEntry, type MapNode, type Node, type Origin, type ScalarNode, withItems } from '../../yaml/node';
import { parseSyntax } from '../../yaml/syntax';
import { asYaml11 } from '../../yaml/yaml-11';
import { type PrintedStyle, printedStyle, printScalar } from './printed-scalar';

/** What becomes of a text. */
export interface Rewritten {
	readonly text: string;
	/** Of the node that stands there then. */
	readonly origin: Origin;
	/** What was put in, for messages. */
	readonly names: readonly string[];
}

export interface Rewriting {
	/** A cheap look, so that most texts need not be printed. */
	affects(text: string): boolean;
	/** The printed text changed; nothing where it stays as it is. `held` is the text of the value before it was printed; absent for a key. */
	rewrite(text: string, origin: Origin, held?: string): Rewritten | undefined;
	/** What was written cannot be read; the node stays as it is. */
	broken(written: Rewritten, origin: Origin, words: string): void;
}

/** The resource after it; the same object where nothing changed. */
export function rewritePrinted(node: MapNode, by: Rewriting): MapNode {
	const entries = node.entries.map(entry => rewriteEntry(entry, by));
	return entries.every((entry, i) => entry === node.entries[i]) ? node : { ...node, entries };
}

type Context = 'map' | 'seq';

function rewriteNode(node: Node, context: Context, by: Rewriting): Node {
	switch (node.kind) {
		case 'map':
			return rewritePrinted(node, by);
		case 'seq':
			return withItems(
				node,
				node.items.map(item => rewriteNode(item, 'seq', by)),
			);
		case 'scalar':
			return by.affects(node.text) ? rewriteScalar(node, context, by) : node;
	}
}

function rewriteEntry(entry: MapEntry, by: Rewriting): MapEntry {
	const value = rewriteNode(entry.value, 'map', by);
	const key = by.affects(entry.key) ? (by.rewrite(entry.key, entry.value.origin)?.text ?? entry.key) : entry.key;
	return value === entry.value && key === entry.key ? entry : { ...entry, key, value };
}

function rewriteScalar(node: ScalarNode, context: Context, by: Rewriting): Node {
	const style = printedStyle(node.text);
	const written = by.rewrite(printScalar(node.text, style), node.origin, node.text);
	if (!written) return node;
	const read = readPrinted(written.text, style, context, written.origin);
	if (read.kind === 'node') return read.node;
	by.broken(written, node.origin, read.message);
	return node;
}

type Read = { readonly kind: 'node'; readonly node: Node } | { readonly kind: 'broken'; readonly message: string };

/** Reads what stands there after substitution. Block texts stay texts; everything else may have become anything. */
function readPrinted(text: string, style: PrintedStyle, context: Context, origin: Origin): Read {
	if (style === 'literal')
		return { kind: 'node', node: { kind: 'scalar', text, tag: '!!str', style: 'literal', origin } };
	const syntax = parseSyntax(context === 'map' ? `v: ${text}\n` : `- ${text}\n`);
	const [document] = readContent(syntax, { file: origin.file, step: 'substitute' });
	const error = document?.syntaxError ?? document?.problems[0]?.kind;
	if (error !== undefined || syntax.documents.length !== 1)
		return { kind: 'broken', message: error ?? 'more than one document' };
	const root = document?.root;
	const value =
		root?.kind === 'map' && root.entries.length === 1
			? root.entries[0]!.value
			: root?.kind === 'seq' && root.items.length === 1
				? root.items[0]
				: undefined;
	return value
		? { kind: 'node', node: withOrigin(asYaml11(value), origin) }
		: { kind: 'broken', message: 'did not find expected key' };
}

function withOrigin(node: Node, origin: Origin): Node {
	switch (node.kind) {
		case 'scalar':
			return { ...node, origin };
		case 'seq':
			return { ...node, items: node.items.map(item => withOrigin(item, origin)), origin };
		case 'map':
			return {
				...node,
				entries: node.entries.map(entry => ({ ...entry, value: withOrigin(entry.value, origin) })),
				origin,
			};
	}
}

/**
 * The comments that stand at the values of a document, for readers to whom a comment says something. A parser may hang a comment to what is before it or
 * to what follows, so what certainly belongs to a value is told apart from what may.
 */
import type { FieldPath } from '../base/address';
import type { SyntaxNode } from './syntax';

export interface Comments {
	/** At the value's own line or right above it, or so at one of the maps and lists around it. Without the `#`. */
	readonly certain: readonly string[];
	/** These, and whatever else may be read as one of the value's. */
	readonly possible: readonly string[];
}

export const NO_COMMENTS: Comments = { certain: [], possible: [] };

/** Gives the comments at a path; nothing where the document has no such path of its own, as behind an alias. */
export type CommentsAt = (path: FieldPath) => Comments | undefined;

/** Reads the comments of a document of the text. */
export function commentsOf(text: string, root: SyntaxNode | undefined, start: number): CommentsAt {
	const found = new Map<string, Comments>();
	if (root) new Reader(text, found).visit(root, '', start, NO_COMMENTS, !isFlow(root));
	return path => found.get(path.map(step => `/${step}`).join(''));
}

function isFlow(node: SyntaxNode): boolean {
	return (node.kind === 'map' || node.kind === 'seq') && node.flow;
}

class Reader {
	readonly #text: string;
	readonly #found: Map<string, Comments>;

	constructor(text: string, found: Map<string, Comments>) {
		this.#text = text;
		this.#found = found;
	}

	/** `before` is where what stands before the node ends; gives where the node ends itself, with the comments that certainly belong to it. */
	visit(node: SyntaxNode, at: string, before: number, around: Comments, inBlock: boolean): number {
		this.#found.set(at, around);
		const isBlock = inBlock && !isFlow(node);
		let end = before;
		if (node.kind === 'map')
			for (const { key, value, range } of node.entries) {
				const path = `${at}/${key.text}`;
				const stop = value ? this.#item(key.range.start, key.range.end, value, path, end, around, isBlock) : 0;
				end = Math.max(stop, range.end);
			}
		if (node.kind === 'seq')
			for (const [index, item] of node.items.entries()) {
				if (!item) continue;
				end = this.#item(item.range.start, item.range.start, item, `${at}/${index}`, end, around, isBlock);
			}
		return Math.max(end, node.range.end);
	}

	#item(
		start: number,
		head: number,
		value: SyntaxNode,
		at: string,
		before: number,
		around: Comments,
		isBlock: boolean,
	): number {
		const text = this.#text;
		const lineEnd = endOfLine(text, value.range.end);
		const behind = commentsIn(text.slice(value.range.end, lineEnd));
		const isOneLine = value.kind === 'scalar' && !text.slice(start, value.range.end).includes('\n');
		const above = isBlock ? this.#rightAbove(start, before) : [];
		const comments: Comments = {
			certain: [...around.certain, ...above, ...(isBlock && isOneLine ? behind : [])],
			possible: [
				...around.possible,
				...commentsIn(text.slice(before, start)),
				...commentsIn(text.slice(head, endOfLine(text, head))),
				...(value.kind === 'scalar' ? commentsIn(text.slice(head, value.range.start)) : []),
				...behind,
			],
		};
		const end = this.visit(value, at, head, comments, isBlock);
		return isBlock && isOneLine ? lineEnd : end;
	}

	/** The lines that hold a comment alone, in the column of what begins at `start`, without a gap above it. */
	#rightAbove(start: number, before: number): readonly string[] {
		const text = this.#text;
		const found: string[] = [];
		let line = text.lastIndexOf('\n', start - 1) + 1;
		// The dash of an item stands before it; a key of a map that is an item has its comments at the item.
		const column = /^\s*/.exec(text.slice(line, start))![0].length;
		if (/[^\s-]/.test(text.slice(line, start))) return [];
		while (line > before) {
			const previous = text.lastIndexOf('\n', line - 2) + 1;
			if (previous < before) break;
			const [, indent, comment] = /^([ \t]*)#(.*)$/.exec(text.slice(previous, line - 1).replace(/\r$/, '')) ?? [];
			if (indent?.length !== column || comment === undefined) break;
			found.unshift(comment);
			line = previous;
		}
		return found;
	}
}

function endOfLine(text: string, from: number): number {
	// The range of a block scalar ends behind its last line.
	if (from > 0 && text[from - 1] === '\n') return from;
	const end = text.indexOf('\n', from);
	return end < 0 ? text.length : end;
}

/** In what stands between values: there every `#` behind white space begins a comment. */
function commentsIn(gap: string): readonly string[] {
	return [...gap.matchAll(/(?:^|\s)#([^\r\n]*)/g)].map(([, comment]) => comment!);
}

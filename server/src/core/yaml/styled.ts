/**
 * YAML that keeps what a tree of values forgets: flow style, anchors, aliases, explicit tags, comments. For text inside of scalars
 * that kustomize reads, changes and prints again with go-yaml 3 (`kyaml/yaml.Parse`, `RNode.String`).
 */
import type { PathLink } from '../base/address';
import type { MapEntry, Node, Origin, ScalarNode } from './node';
import { resolvePlain, type Tag } from './scalar';
import { parseSyntax, type SyntaxNode, type SyntaxScalar } from './syntax';

/** How one node was written. Comments are whole lines' texts; an empty text among them is a blank line. */
export interface Presentation {
	/** The node that was written so; another one in its place has only its comments and its anchor. */
	readonly origin: Origin;
	readonly flow: boolean;
	readonly anchor: string | undefined;
	/** An explicit tag in its short form. */
	readonly tag: string | undefined;
	readonly keyStyle: ScalarNode['style'];
	readonly head: readonly string[];
	readonly line: string | undefined;
	readonly foot: readonly string[];
}

export interface StyledDocument {
	/** Nothing where the document is empty. Keys that stand twice are there twice. */
	readonly root: Node | undefined;
	/** By place: the root's is empty, `/0/2` is the third child of the first. */
	readonly presentations: ReadonlyMap<string, Presentation>;
	/** The nodes that stand for aliases, with the names. They have no content here. */
	readonly aliases: ReadonlyMap<Node, string>;
}

/** Reads the first document of a text, or says in a parser's words why it cannot. Its nodes have origins within `host`. */
export function parseStyled(text: string, host: Origin): StyledDocument | { readonly error: string } {
	const [document] = parseSyntax(text).documents;
	if (document && document.errors.length > 0) return { error: document.errors[0]!.message };
	const reader = new StyledReader(text, host);
	const root = document?.root && reader.root(document.root, document.range.end);
	return { root, presentations: reader.presentations, aliases: reader.aliases };
}

interface Comment {
	readonly start: number;
	readonly text: string;
	readonly column: number;
	/** Whether nothing stands before it on its line. */
	readonly alone: boolean;
	readonly blankBefore: boolean;
	readonly blankAfter: boolean;
}

/** Reads one document; lives as long as that takes. */
class StyledReader {
	readonly presentations = new Map<string, Presentation>();
	readonly aliases = new Map<Node, string>();
	readonly #text: string;
	readonly #host: Origin;
	#comments: Comment[] = [];

	constructor(text: string, host: Origin) {
		this.#text = text;
		this.#host = host;
	}

	root(syntax: SyntaxNode, end: number): Node {
		this.#comments = findComments(this.#text, syntax, end);
		const head = this.#alone(comment => comment.start < syntax.range.start);
		const node = this.#node(syntax, '', undefined);
		const foot = this.#alone(() => true);
		const presentation = this.presentations.get('')!;
		const last = head.at(-1);
		this.presentations.set('', {
			...presentation,
			head: [...lines(head), ...(last?.blankAfter ? [''] : [])],
			line: this.#takeLine(syntax.range.end),
			foot: foot.length > 0 && foot[0]!.blankBefore ? ['', ...lines(foot)] : lines(foot),
		});
		return node;
	}

	#node(syntax: SyntaxNode | undefined, place: string, link: PathLink | undefined): Node {
		const node = this.#value(syntax, place, link);
		const collection = syntax?.kind === 'map' || syntax?.kind === 'seq';
		const before = this.presentations.get(place);
		this.presentations.set(place, {
			keyStyle: 'plain',
			head: [],
			line: undefined,
			foot: [],
			...before,
			origin: node.origin,
			flow: collection && syntax.flow,
			anchor: syntax?.anchor,
			tag: syntax?.tag?.replace('tag:yaml.org,2002:', '!!'),
		});
		return node;
	}

	#value(syntax: SyntaxNode | undefined, place: string, link: PathLink | undefined): Node {
		const origin = this.#origin(link);
		if (syntax === undefined) return { kind: 'scalar', text: '', tag: '!!null', style: 'plain', origin };
		switch (syntax.kind) {
			case 'alias': {
				const node: Node = { kind: 'map', entries: [], origin };
				this.aliases.set(node, syntax.name);
				return node;
			}
			case 'scalar':
				return { kind: 'scalar', text: syntax.text, tag: tagOf(syntax), style: syntax.style, origin };
			case 'seq': {
				const items: Node[] = [];
				let end = syntax.range.start;
				syntax.items.forEach((item, i) => {
					const here = `${place}/${i}`;
					const start = item?.range.start ?? end;
					const head = syntax.flow ? [] : this.#before(start, items.length > 0 ? `${place}/${i - 1}` : undefined);
					items.push(this.#node(item, here, { parent: link, key: i }));
					end = item?.range.end ?? end;
					this.#annotate(here, { head, line: this.#takeLine(end) });
				});
				if (!syntax.flow) this.#trailing(syntax, `${place}/${items.length - 1}`);
				return { kind: 'seq', items, origin };
			}
			case 'map': {
				const entries: MapEntry[] = [];
				syntax.entries.forEach(({ key, value }, i) => {
					const here = `${place}/${i}`;
					const head = syntax.flow ? [] : this.#before(key.range.start, i > 0 ? `${place}/${i - 1}` : undefined);
					const line = value && startsBelow(this.#text, key, value) ? this.#takeLine(key.range.end) : undefined;
					const node = this.#node(value, here, { parent: link, key: key.text });
					const tag = tagOf(key);
					entries.push({ key: key.text, ...(tag === '!!str' ? undefined : { keyTag: tag }), value: node });
					const after = line ?? this.#takeLine((value ?? key).range.end);
					this.#annotate(here, { head, line: after, keyStyle: key.style });
				});
				if (!syntax.flow && entries.length > 0) this.#trailing(syntax, `${place}/${entries.length - 1}`);
				return { kind: 'map', entries, origin };
			}
		}
	}

	#annotate(place: string, more: Partial<Presentation>): void {
		this.presentations.set(place, { ...this.presentations.get(place)!, ...more });
	}

	/** The comments in front of an entry; the first ones are the foot of the entry before where they touch it and a blank line follows. */
	#before(start: number, previous: string | undefined): readonly string[] {
		const found = this.#alone(comment => comment.start < start);
		const touching = found.findIndex(comment => comment.blankAfter);
		const cut = previous !== undefined && found[0] && !found[0].blankBefore && touching >= 0 ? touching + 1 : 0;
		if (cut > 0) this.#annotate(previous!, { foot: lines(found.slice(0, cut)) });
		return lines(found.slice(cut));
	}

	/** What stands behind the last entry as deep as it, or deeper, is its foot. */
	#trailing(syntax: SyntaxNode, last: string): void {
		const column = columnAt(this.#text, syntax.range.start);
		const next = this.#comments.findIndex(comment => comment.start > syntax.range.start && comment.column < column);
		const limit = next < 0 ? Infinity : this.#comments[next]!.start;
		const end = nextContent(this.#text, syntax.range.end);
		const foot =
			column === 0 && end >= this.#text.length
				? []
				: this.#alone(({ start }) => start < limit && start > syntax.range.start && start < end);
		if (foot.length > 0) this.#annotate(last, { foot: lines(foot) });
	}

	#alone(which: (comment: Comment) => boolean): readonly Comment[] {
		const found = this.#comments.filter(comment => comment.alone && which(comment));
		if (found.length > 0) this.#comments = this.#comments.filter(comment => !found.includes(comment));
		return found;
	}

	/** The comment on the line on which something ends. */
	#takeLine(end: number): string | undefined {
		const newline = this.#text.indexOf('\n', Math.max(0, end - 1));
		const limit = newline < 0 ? this.#text.length : newline;
		const at = this.#comments.findIndex(({ alone, start }) => !alone && start >= end && start < limit);
		return at < 0 ? undefined : this.#comments.splice(at, 1)[0]!.text;
	}

	#origin(link: PathLink | undefined): Origin {
		const { step, file, document, link: outer } = this.#host;
		return { step, file, document, link: outer, within: { document: 0, link } };
	}
}

function tagOf({ tag, style, text }: SyntaxScalar): Tag {
	const short = tag?.replace('tag:yaml.org,2002:', '!!');
	if (short !== undefined) return KNOWN_TAGS.has(short) ? (short as Tag) : '!!str';
	return style === 'plain' ? resolvePlain(text) : '!!str';
}

const KNOWN_TAGS: ReadonlySet<string> = new Set([
	'!!str',
	'!!int',
	'!!float',
	'!!bool',
	'!!null',
	'!!timestamp',
	'!!binary',
	'!!merge',
]);

function lines(comments: readonly Comment[]): readonly string[] {
	return comments.flatMap((comment, i) => (i > 0 && comment.blankBefore ? ['', comment.text] : [comment.text]));
}

function startsBelow(text: string, key: SyntaxNode, value: SyntaxNode): boolean {
	const block = (value.kind === 'map' || value.kind === 'seq') && !value.flow;
	return block && text.slice(key.range.end, value.range.start).includes('\n');
}

/** Where the next thing that is neither blank nor a comment begins. */
function nextContent(text: string, from: number): number {
	const found = /(?:\s+|(?<=\s|^)#[^\n]*)*/y;
	found.lastIndex = from;
	return from + (found.exec(text)?.[0].length ?? 0);
}

function columnAt(text: string, offset: number): number {
	return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}

/** Every `#` that begins a comment: behind white space, and not inside of a scalar. */
function findComments(text: string, root: SyntaxNode, end: number): Comment[] {
	const scalars: { start: number; end: number }[] = [];
	const collect = (node: SyntaxNode | undefined): void => {
		if (node?.kind === 'map') node.entries.forEach(({ key, value }) => (collect(key), collect(value)));
		else if (node?.kind === 'seq') node.items.forEach(collect);
		else if (node) scalars.push(node.range);
	};
	collect(root);
	const comments: Comment[] = [];
	let next = 0;
	for (let at = text.indexOf('#'); at >= 0 && at < end; at = text.indexOf('#', at + 1)) {
		while (next < scalars.length && scalars[next]!.end <= at) next++;
		const scalar = scalars[next];
		if (scalar && scalar.start <= at) {
			at = scalar.end - 1;
			continue;
		}
		const lineStart = text.lastIndexOf('\n', at - 1) + 1;
		const newline = text.indexOf('\n', at);
		const stop = newline < 0 ? text.length : newline;
		if (at > 0 && !/\s/.test(text[at - 1]!)) continue;
		comments.push({
			start: at,
			text: text.slice(at, stop).trimEnd(),
			column: at - lineStart,
			alone: text.slice(lineStart, at).trim() === '',
			blankBefore: /\n[ \t]*\n$/.test(text.slice(0, lineStart)),
			blankAfter: /^\n[ \t]*\n/.test(text.slice(stop)),
		});
		at = stop - 1;
	}
	return comments;
}

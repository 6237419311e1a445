/**
 * The YAML that nearly all manifests are written in, read in one pass: block maps and lists, plain and quoted scalars of one line, literal
 * blocks, comments, documents between `---`. What it does not know for certain (flow collections of several lines, anchors,
 * tags, escapes, scalars of several lines, mistakes) it leaves to the parser proper, whose tree and ranges are the same to the character.
 */
import type { Syntax, SyntaxDocument, SyntaxEntry, SyntaxMap, SyntaxNode, SyntaxScalar, SyntaxSeq } from './syntax';

/** What gives a list the comment that kyaml reads a schema from. */
export type CommentReader = (seq: SyntaxSeq, key: SyntaxScalar, text: string) => SyntaxSeq;

/** The documents of a text; nothing where any of it is beyond this reader. */
export function blockSyntax(text: string, withComment: CommentReader): Syntax | undefined {
	return UNUSUAL.test(text) ? undefined : new Reader(text, withComment).read();
}

/** Tabs, carriage returns, control characters, byte order marks and the line ends that only YAML 1.1 has. */
const UNUSUAL = /[\0-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/;

const MAX_DEPTH = 50;

const PLAIN_KEY = /[\w$./(\u00a0-\ud7ff][^\s:#,[\]{}&*!|>'"%@`]*(?=:(?: |\n|$))/y;
const QUOTED_KEY = /(?:"[^"\\\n]*"|'[^'\n]*')(?=:(?: |\n|$))/y;
const QUOTED = /(?:"[^"\\\n]*"|'[^'\n]*')(?= *(?:\n|$)| +#)/y;
const PLAIN = /(?:[\w$./(+=<^~;\\\u00a0-\ud7ff]|-(?=\S))[^\n]*/y;
const FLOW_PLAIN = /(?:[\w$./(+=<^~;]|-(?=[^\s,\]}]))[^\s,[\]{}:#&*!|>'"%@`?]*/y;
const FLOW_QUOTED = /"[^"\\\n]*"|'[^'\n]*'/y;
const NOTHING_MORE = /(?= *(?:\n|$)| +#)/y;
const LITERAL = /\|-?(?= *(?:\n|$))/y;

const SPACE = 32;
const NEWLINE = 10;
const HASH = 35;
const DASH = 45;

class Reader {
	/** Where the content of the next line that has any begins; the text's length behind the last one. */
	#at = 0;
	/** How far that is from the beginning of its line; -1 at a `---` and at the end. */
	#indent = -1;
	/** Whether the last value that was read is not there at all, which the parser proper has its own ranges for. */
	#endsEmpty = false;
	#failed = false;
	#depth = 0;

	constructor(
		readonly text: string,
		readonly withComment: CommentReader,
	) {}

	read(): Syntax | undefined {
		const documents: SyntaxDocument[] = [];
		this.#toContent(0);
		if (this.#at >= this.text.length) return undefined;
		let start = this.#at;
		do {
			if (this.#indent < 0) this.#toContent(this.#at + 3);
			if (this.#indent !== 0) return undefined;
			const root = this.#block(0);
			if (this.#failed || !root || this.#indent >= 0 || this.#endsEmpty) return undefined;
			documents.push({ range: { start, end: this.#at }, root, errors: [] });
			start = this.#at;
		} while (this.#at < this.text.length);
		return { documents };
	}

	/** Goes to the next content at or behind an offset that is the beginning or the end of a line. */
	#toContent(from: number): void {
		const { text } = this;
		let line = text.charCodeAt(from) === NEWLINE ? from + 1 : from;
		let comment = 0;
		for (;;) {
			let at = line;
			while (text.charCodeAt(at) === SPACE) at++;
			const code = text.charCodeAt(at);
			if (code === NEWLINE) line = at + 1;
			else if (code === HASH) {
				comment = Math.max(comment, at - line);
				line = this.#lineEnd(at) + 1;
			} else {
				const isEnd = at >= text.length;
				this.#at = isEnd ? text.length : at;
				this.#indent = isEnd ? -1 : at - line;
				if (at === line) this.#marker(at);
				// A comment that is indented further than what comes next belongs to what came before.
				if (comment > Math.max(this.#indent, 0)) this.#failed = true;
				return;
			}
		}
	}

	#marker(at: number): void {
		const { text } = this;
		const isMarker = text.startsWith('---', at);
		if (isMarker) this.#indent = -1;
		const next = text.charCodeAt(at + 3);
		if (text.startsWith('...', at) || text[at] === '%' || (isMarker && next !== NEWLINE)) this.#failed = true;
	}

	#lineEnd(from: number): number {
		const end = this.text.indexOf('\n', from);
		return end < 0 ? this.text.length : end;
	}

	#fail(): undefined {
		this.#failed = true;
		return undefined;
	}

	/** A map or a list whose first line is the current one. */
	#block(indent: number): SyntaxNode | undefined {
		if (this.#failed || ++this.#depth > MAX_DEPTH) return this.#fail();
		const node = this.#isItem(this.#at) ? this.#seq(indent) : this.#map(indent);
		this.#depth--;
		return node;
	}

	#isItem(at: number): boolean {
		const next = this.text.charCodeAt(at + 1);
		return this.text.charCodeAt(at) === DASH && (next === SPACE || next === NEWLINE);
	}

	#map(indent: number): SyntaxMap | undefined {
		const start = this.#at;
		const entries: SyntaxEntry[] = [];
		while (this.#indent === indent && !this.#isItem(this.#at)) {
			const entry = this.#entry(indent);
			if (!entry || this.#failed) return this.#fail();
			entries.push(entry);
		}
		return this.#indent > indent
			? this.#fail()
			: { kind: 'map', flow: false, entries, range: { start, end: this.#end } };
	}

	/** Behind the last value, its comment and the end of its line. */
	#end = 0;

	#entry(indent: number): SyntaxEntry | undefined {
		const key = this.#key();
		if (!key) return undefined;
		const { start } = key.range;
		const at = this.#pastSpaces(key.range.end + 1);
		if (at < this.text.length && this.text.charCodeAt(at) !== NEWLINE) {
			if (this.text.charCodeAt(at) === HASH) return undefined;
			const read = this.#inline(at, indent);
			const value = read?.kind === 'seq' ? this.withComment(read, key, this.text) : read;
			return value && { key, value, range: { start, end: value.range.end } };
		}
		this.#toContent(at);
		if (this.#indent > indent || (this.#indent === indent && this.#isItem(this.#at))) {
			const block = this.#block(this.#indent);
			if (!block) return undefined;
			const value = block.kind === 'seq' ? this.withComment(block, key, this.text) : block;
			return { key, value, range: { start, end: value.range.end } };
		}
		this.#endsEmpty = true;
		this.#end = at;
		return { key, value: undefined, range: { start, end: at } };
	}

	#key(): SyntaxScalar | undefined {
		const start = this.#at;
		PLAIN_KEY.lastIndex = start;
		if (PLAIN_KEY.test(this.text)) {
			const end = PLAIN_KEY.lastIndex;
			return { kind: 'scalar', text: this.text.slice(start, end), style: 'plain', range: { start, end } };
		}
		QUOTED_KEY.lastIndex = start;
		if (!QUOTED_KEY.test(this.text)) return undefined;
		return this.#quoted(start, QUOTED_KEY.lastIndex);
	}

	#quoted(start: number, end: number): SyntaxScalar {
		const style = this.text[start] === '"' ? 'double' : 'single';
		return { kind: 'scalar', text: this.text.slice(start + 1, end - 1), style, range: { start, end } };
	}

	/** A list: each item a map that begins on the line of its dash, a scalar, or a block below. */
	#seq(indent: number): SyntaxSeq | undefined {
		const start = this.#at;
		const items: SyntaxNode[] = [];
		while (this.#indent === indent && this.#isItem(this.#at)) {
			const at = this.#pastSpaces(this.#at + 1);
			if (this.#isItem(at) || this.text.charCodeAt(at) === HASH || this.text.charCodeAt(at) === NEWLINE)
				return this.#fail();
			const column = indent + at - this.#at;
			const item = this.#isEntry(at) ? this.#compactMap(at, column) : this.#inline(at, indent);
			if (!item || this.#failed) return this.#fail();
			items.push(item);
		}
		return this.#indent > indent ? this.#fail() : { kind: 'seq', flow: false, items, range: { start, end: this.#end } };
	}

	#isEntry(at: number): boolean {
		PLAIN_KEY.lastIndex = QUOTED_KEY.lastIndex = at;
		return PLAIN_KEY.test(this.text) || QUOTED_KEY.test(this.text);
	}

	#compactMap(at: number, column: number): SyntaxNode | undefined {
		this.#at = at;
		this.#indent = column;
		return this.#block(column);
	}

	/** A value on the line of its key or dash, which stands at `indent`. */
	#inline(at: number, indent: number): SyntaxNode | undefined {
		const { text } = this;
		LITERAL.lastIndex = at;
		if (LITERAL.test(text)) return this.#literal(at, LITERAL.lastIndex, indent);
		const node = this.#scalar(at) ?? this.#flow(at);
		if (!node) return undefined;
		const end = this.#lineEnd(node.range.end);
		this.#end = Math.min(end + 1, text.length);
		this.#endsEmpty = false;
		this.#toContent(end);
		// What is indented further goes on with the scalar.
		return this.#indent > indent ? undefined : node;
	}

	#scalar(start: number): SyntaxScalar | undefined {
		const { text } = this;
		QUOTED.lastIndex = PLAIN.lastIndex = start;
		if (QUOTED.test(text)) return this.#quoted(start, QUOTED.lastIndex);
		const found = PLAIN.exec(text)?.[0];
		if (found === undefined) return undefined;
		const comment = found.indexOf(' #');
		const plain = (comment < 0 ? found : found.slice(0, comment)).trimEnd();
		if (plain.includes(': ') || plain.endsWith(':')) return undefined;
		return { kind: 'scalar', text: plain, style: 'plain', range: { start, end: start + plain.length } };
	}

	/** A list or a map between brackets on one line. */
	#flow(start: number): SyntaxNode | undefined {
		const node = this.#flowCollection(start);
		NOTHING_MORE.lastIndex = node?.range.end ?? 0;
		return NOTHING_MORE.test(this.text) ? node : undefined;
	}

	#flowCollection(start: number): SyntaxMap | SyntaxSeq | undefined {
		const { text } = this;
		const isMap = text[start] === '{';
		if ((!isMap && text[start] !== '[') || this.#depth > MAX_DEPTH) return undefined;
		this.#depth++;
		const close = isMap ? '}' : ']';
		const items: SyntaxNode[] = [];
		const entries: SyntaxEntry[] = [];
		let at = this.#pastSpaces(start + 1);
		if (text[at] !== close) {
			for (;;) {
				const key = isMap ? this.#flowScalar(at) : undefined;
				if (isMap && (!key || !text.startsWith(': ', key.range.end))) return undefined;
				const from = key ? this.#pastSpaces(key.range.end + 1) : at;
				const value = this.#flowScalar(from) ?? this.#flowCollection(from);
				if (!value) return undefined;
				if (key) entries.push({ key, value, range: { start: at, end: value.range.end } });
				else items.push(value);
				at = this.#pastSpaces(value.range.end);
				if (text[at] === close) break;
				if (text[at] !== ',') return undefined;
				at = this.#pastSpaces(at + 1);
			}
		}
		this.#depth--;
		const range = { start, end: at + 1 };
		return isMap ? { kind: 'map', flow: true, entries, range } : { kind: 'seq', flow: true, items, range };
	}

	#flowScalar(start: number): SyntaxScalar | undefined {
		FLOW_PLAIN.lastIndex = FLOW_QUOTED.lastIndex = start;
		if (FLOW_QUOTED.test(this.text)) return this.#quoted(start, FLOW_QUOTED.lastIndex);
		if (!FLOW_PLAIN.test(this.text)) return undefined;
		const end = FLOW_PLAIN.lastIndex;
		return { kind: 'scalar', text: this.text.slice(start, end), style: 'plain', range: { start, end } };
	}

	#pastSpaces(from: number): number {
		let at = from;
		while (this.text.charCodeAt(at) === SPACE) at++;
		return at;
	}

	#literal(start: number, header: number, indent: number): SyntaxScalar | undefined {
		const { text } = this;
		let line = this.#lineEnd(header) + 1;
		let width = 0;
		while (text.charCodeAt(line + width) === SPACE) width++;
		// An empty first line tells nothing of the indentation.
		if (width <= indent || line + width >= text.length || text.charCodeAt(line + width) === NEWLINE) return undefined;
		const lines: string[] = [];
		let kept = 0;
		let end = line;
		while (line < text.length) {
			let at = line;
			while (text.charCodeAt(at) === SPACE) at++;
			const stop = this.#lineEnd(at);
			if (at === stop) {
				if (at - line > width) return undefined;
				lines.push('');
			} else if (at - line < width) break;
			else {
				lines.push(text.slice(line + width, stop));
				kept = lines.length;
				end = Math.min(stop + 1, text.length);
			}
			line = stop + 1;
		}
		this.#end = end;
		this.#endsEmpty = false;
		const ended = text.charCodeAt(end - 1) === NEWLINE;
		this.#toContent(ended ? end : text.length);
		if (this.#indent > indent) return undefined;
		const body = lines.slice(0, kept).join('\n');
		const keeps = text[start + 1] !== '-';
		return { kind: 'scalar', text: keeps ? `${body}\n` : body, style: 'literal', range: { start, end } };
	}
}

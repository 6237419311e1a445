/**
 * How go-yaml 2 writes a string: which style it chooses, what it escapes, where it folds a line. The functions follow libyaml's
 * emitter (`yaml_emitter_analyze_scalar`, `_select_scalar_style`, `_write_..._scalar` in emitterc.go), with a width of 80.
 */
import { isPlainString } from './scalar';

/** Where a scalar is written. */
export interface ScalarPlace {
	/** Spaces before each further line. */
	readonly indent: number;
	/** Characters that stand before it on its line, the space in front of it included. */
	readonly column: number;
	/** A key that shares its line with its value is neither folded nor written as a block. */
	readonly role: 'value' | 'simple-key';
}

const WIDTH = 80;

/** Strings that are written as they are whatever the place: short, of harmless characters, not like any other type. */
const HARMLESS = /^[A-Za-z_/][A-Za-z0-9_./-]*$/;

/** The text of a string: what stands on its line, then further whole lines. */
export function formatString(text: string, place: ScalarPlace): readonly string[] {
	if (HARMLESS.test(text) && (text.length > 5 || isPlainString(text))) return [text];
	const looks = analyze(text);
	switch (chooseStyle(text, looks, place)) {
		case 'plain':
			return writePlain(text, place);
		case 'single':
			return writeSingle(text, place);
		case 'double':
			return writeDouble(text, place);
		case 'literal':
			return writeLiteral(text, place);
	}
}

/** What `yaml_emitter_analyze_scalar` finds; only block style is ever asked for. */
interface Looks {
	readonly plainAllowed: boolean;
	readonly singleAllowed: boolean;
	readonly literalAllowed: boolean;
	readonly multiline: boolean;
}

/** Characters that libyaml does not print as they are: controls, the byte order mark, surrogates and all beyond U+FFFF. */
const NOT_PRINTABLE = /[^\n\u0020-\u007e\u00a0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/;
const BREAK = /[\r\n\u0085\u2028\u2029]/;
const INDICATOR_FIRST = /^[#,[\]{}&*!|>'"%@`]/;
/** Not `: ` before a break: a text with breaks is not written plain anyway. */
const INDICATOR_WITHIN = /^[?:-](?:[ \t]|$)|:(?:[ \t]|$)|[ \t\r\n\u0085\u2028\u2029]#|^---|^\.\.\./;

function analyze(text: string): Looks {
	const multiline = BREAK.test(text);
	const special = NOT_PRINTABLE.test(text) || / [\r\n\u0085\u2028\u2029]/.test(text);
	const breakThenSpace = /[\r\n\u0085\u2028\u2029] /.test(text);
	const edge = /^[ \r\n\u0085\u2028\u2029]|[ \r\n\u0085\u2028\u2029]$/.test(text);
	const indicators = INDICATOR_FIRST.test(text) || INDICATOR_WITHIN.test(text);
	return {
		plainAllowed: !multiline && !special && !edge && !indicators,
		singleAllowed: !breakThenSpace && !special,
		literalAllowed: !special && !text.endsWith(' ') && text !== '',
		multiline,
	};
}

function chooseStyle(text: string, looks: Looks, { role }: ScalarPlace): 'plain' | 'single' | 'double' | 'literal' {
	if (role === 'simple-key' && looks.multiline) return 'double';
	if (text.includes('\n')) return looks.literalAllowed && role === 'value' ? 'literal' : 'double';
	if (!isPlainString(text)) return 'double';
	if (looks.plainAllowed) return 'plain';
	return looks.singleAllowed ? 'single' : 'double';
}

/** The lines of a scalar while it is written. */
class Lines {
	readonly lines: string[] = [];
	current = '';
	column: number;
	readonly #indent: number;

	constructor({ column, indent }: ScalarPlace) {
		this.column = column;
		this.#indent = indent;
	}

	put(text: string): void {
		this.current += text;
		this.column += isNarrow(text) ? text.length : [...text].length;
	}

	fold(): void {
		this.lines.push(this.current);
		this.current = ' '.repeat(this.#indent);
		this.column = this.#indent;
	}

	done(): readonly string[] {
		this.lines.push(this.current);
		return this.lines;
	}
}

function isNarrow(text: string): boolean {
	return !/[\ud800-\udbff]/.test(text);
}

function writePlain(text: string, place: ScalarPlace): readonly string[] {
	if (place.role === 'simple-key' || place.column + text.length <= WIDTH) return [text];
	const out = new Lines(place);
	for (const [at, word] of foldable(text)) {
		if (at > 0) {
			if (out.column > WIDTH) out.fold();
			else out.put(' ');
		}
		out.put(word);
	}
	return out.done();
}

/** The text cut at its single spaces, with the offset of each piece; runs of spaces stay inside of a piece. */
function* foldable(text: string): Generator<readonly [number, string]> {
	let start = 0;
	for (let i = 1; i < text.length - 1; i++) {
		if (text[i] !== ' ' || text[i - 1] === ' ' || text[i + 1] === ' ') continue;
		yield [start, text.slice(start, i)];
		start = i + 1;
	}
	yield [start, text.slice(start)];
}

function writeSingle(text: string, place: ScalarPlace): readonly string[] {
	const out = new Lines(place);
	out.put("'");
	if (BREAK.test(text)) writeBroken(text, out, place);
	else {
		for (const [at, word] of foldable(text)) {
			if (at > 0) {
				if (out.column > WIDTH && place.role === 'value') out.fold();
				else out.put(' ');
			}
			out.put(word.replaceAll("'", "''"));
		}
	}
	out.put("'");
	return out.done();
}

/** Line and paragraph separators (no newline is among them here) are written as they are, with an indentation behind them. */
function writeBroken(text: string, out: Lines, place: ScalarPlace): void {
	let after: 'break' | 'space' | 'other' = 'other';
	for (let i = 0; i < text.length; i++) {
		const c = text[i]!;
		if (BREAK.test(c)) {
			out.current += c;
			out.column = 0;
			after = 'break';
		} else if (c === ' ') {
			const single = after !== 'space' && text[i + 1] !== ' ' && i > 0 && i < text.length - 1;
			if (single && out.column > WIDTH && place.role === 'value') out.fold();
			else out.put(c);
			after = 'space';
		} else {
			if (after === 'break') out.put(' '.repeat(place.indent));
			out.put(c === "'" ? "''" : c);
			after = 'other';
		}
	}
}

const ESCAPES: ReadonlyMap<number, string> = new Map([
	[0x00, '0'],
	[0x07, 'a'],
	[0x08, 'b'],
	[0x09, 't'],
	[0x0a, 'n'],
	[0x0b, 'v'],
	[0x0c, 'f'],
	[0x0d, 'r'],
	[0x1b, 'e'],
	[0x22, '"'],
	[0x5c, '\\'],
	[0x85, 'N'],
	[0xa0, '_'],
	[0x2028, 'L'],
	[0x2029, 'P'],
]);

function writeDouble(text: string, place: ScalarPlace): readonly string[] {
	const out = new Lines(place);
	out.put('"');
	let spaces = false;
	// `is_bom` looks at the start of the text whatever the offset, so such a text is escaped throughout.
	const startsWithMark = text.startsWith('\ufeff');
	for (let i = 0; i < text.length;) {
		const code = text.codePointAt(i)!;
		const width = code > 0xffff ? 2 : 1;
		if (code === 0x20 && !startsWithMark) {
			const inside = i > 0 && i < text.length - 1;
			if (place.role === 'value' && !spaces && out.column > WIDTH && inside) {
				out.fold();
				if (text[i + 1] === ' ') out.put('\\');
			} else out.put(' ');
			spaces = true;
		} else {
			out.put(startsWithMark || mustEscape(code) ? escape(code) : String.fromCodePoint(code));
			spaces = false;
		}
		i += width;
	}
	out.put('"');
	return out.done();
}

/** Whether a character cannot stand in double quotes as it is. */
export function mustEscape(code: number): boolean {
	return code === 0x22 || code === 0x5c || BREAK.test(String.fromCodePoint(code)) || !isPrintable(code);
}

function isPrintable(code: number): boolean {
	return (
		(code >= 0x20 && code <= 0x7e) ||
		(code >= 0xa0 && code <= 0xd7ff) ||
		(code >= 0xe000 && code <= 0xfffd && code !== 0xfeff)
	);
}

/** A character as an escape of double-quoted style. */
export function escape(code: number): string {
	const short = ESCAPES.get(code);
	if (short !== undefined) return `\\${short}`;
	const [letter, width] = code <= 0xff ? ['x', 2] : code <= 0xffff ? ['u', 4] : ['U', 8];
	return `\\${letter}${code.toString(16).toUpperCase().padStart(width, '0')}`;
}

function writeLiteral(text: string, { indent }: ScalarPlace): readonly string[] {
	const hint = /^[ \n\r\u0085\u2028\u2029]/.test(text) ? '2' : '';
	const padding = ' '.repeat(indent);
	const lines = text.split('\n');
	if (text.endsWith('\n')) lines.pop();
	const body = lines.map(line => (line === '' ? '' : padded(line, padding)));
	return [`|${hint}${chomping(text)}`, ...body];
}

/** Separators inside of a line start a line for libyaml, which indents what follows. */
function padded(line: string, padding: string): string {
	if (!BREAK.test(line)) return padding + line;
	const parts = line.split(/(?<=[\r\u0085\u2028\u2029])/);
	return parts.map(part => (BREAK.test(part[0]!) ? part : padding + part)).join('');
}

/** `yaml_emitter_write_block_scalar_hints`. */
function chomping(text: string): '-' | '' | '+' {
	if (!BREAK.test(text.at(-1)!)) return '-';
	return text.length === 1 || BREAK.test(text.at(-2)!) ? '+' : '';
}

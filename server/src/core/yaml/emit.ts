/**
 * A tree as kustomize prints it (`Resource.AsYAML`): through go-yaml 3 into JSON, and through go-yaml 2 out again. So comments,
 * styles and the order of keys are gone, numbers and dates are written anew, and what JSON cannot hold is an error.
 */
import type { PathLink } from '../base/address';
import { decodeBase64 } from '../base/base64';
import { decodeUtf8, utf8Length } from '../base/utf8';
import { formatString } from './emit-scalar';
import { compareKeys } from './key-order';
import type { MapNode, Node, ScalarNode, SeqNode } from './node';
import { refold } from './refold';
import { isUnreadableBlock, parseFloatText, parseInteger, parseTimestamp, resolvePlain } from './scalar';

/** One line of the output, with the node that stands on it: of a list item's first field, the field. */
export interface EmittedLine {
	readonly text: string;
	readonly node: Node;
	/** The way to `node` from the tree's root. */
	readonly link: PathLink | undefined;
}

/** Something that kustomize cannot print, so that its build fails. A best text is printed nevertheless. */
export interface EmitError {
	readonly kind: 'key-not-a-string' | 'number-not-finite' | 'value-not-of-its-tag' | 'control-character';
	readonly node: Node;
	readonly link: PathLink | undefined;
	/** The real tool's own words. */
	readonly words: string;
}

export interface Emitted {
	readonly lines: readonly EmittedLine[];
	readonly errors: readonly EmitError[];
}

/** Prints a tree line by line. */
export function emitLines(root: Node): Emitted {
	const emitter = new Emitter();
	emitter.root(root);
	return { lines: emitter.lines, errors: emitter.errors };
}

/** The tree's text, which ends in a newline. */
export function emitText(root: Node): string {
	let text = '';
	for (const line of emitLines(root).lines) text += line.text + '\n';
	return text;
}

/** What JSON makes of a scalar: the text that go-yaml 2 writes, and whether it is a string that may need quotes. */
export interface PrintedScalar {
	readonly kind: 'string' | 'other';
	readonly text: string;
	readonly error?: Omit<EmitError, 'node' | 'link'>;
}

/** A key longer than this does not share a line with its value (`yaml_emitter_check_simple_key`; bytes). */
const LONGEST_SIMPLE_KEY = 128;

/** Prints one tree; lives as long as that takes. */
class Emitter {
	readonly lines: EmittedLine[] = [];
	readonly errors: EmitError[] = [];
	#line = '';
	#node: Node | undefined;
	#link: PathLink | undefined;

	root(node: Node): void {
		this.#on(node, undefined);
		if (node.kind === 'map' && node.entries.length > 0) this.#map(node, 0, undefined);
		else if (node.kind === 'seq' && node.items.length > 0) this.#seq(node, 0, undefined);
		else this.#leaf(node, 2, undefined);
		this.#endLine();
	}

	#map(map: MapNode, indent: number, link: PathLink | undefined): void {
		const isRoot = link === undefined;
		for (const { key, keyTag, value } of sortedEntries(map)) {
			const here = { parent: link, key };
			if (keyTag !== undefined && keyTag !== '!!str' && !isRoot) this.#error(value, here, NOT_A_STRING_KEY);
			if (key.includes('\u0085')) this.#error(value, here, NEXT_LINE_IN_KEY);
			else if (REFUSED.test(key)) this.#error(value, here, REFUSED_CHARACTER);
			this.#startAt(indent);
			if (isSimpleKey(key)) {
				const [text] = formatString(key, { indent: indent + 2, column: this.#line.length, role: 'simple-key' });
				this.#line += `${text}:`;
				this.#on(value, here);
				this.#afterKey(value, indent, here);
			} else {
				this.#line += '? ';
				this.#on(value, here);
				this.#continue(formatString(key, { indent: indent + 2, column: this.#line.length, role: 'value' }));
				this.#startAt(indent);
				this.#line += ':';
				this.#on(value, here);
				this.#afterDash(value, indent, here);
			}
		}
	}

	#seq(seq: SeqNode, indent: number, link: PathLink | undefined): void {
		for (let key = 0; key < seq.items.length; key++) {
			const item = seq.items[key]!;
			const here = { parent: link, key };
			this.#startAt(indent);
			this.#line += '-';
			this.#on(item, here);
			this.#afterDash(item, indent, here);
		}
	}

	/** A list below a key is not indented; a map is. */
	#afterKey(value: Node, indent: number, link: PathLink): void {
		if (value.kind === 'map' && value.entries.length > 0) {
			this.#endLine();
			this.#map(value, indent + 2, link);
		} else if (value.kind === 'seq' && value.items.length > 0) {
			this.#endLine();
			this.#seq(value, indent, link);
		} else this.#leaf(value, indent + 2, link);
	}

	/** What follows a dash begins on its line. */
	#afterDash(value: Node, indent: number, link: PathLink): void {
		if (value.kind === 'map' && value.entries.length > 0) {
			this.#line += ' ';
			this.#map(value, indent + 2, link);
		} else if (value.kind === 'seq' && value.items.length > 0) {
			this.#line += ' ';
			this.#seq(value, indent + 2, link);
		} else this.#leaf(value, indent + 2, link);
	}

	#leaf(value: Node, indent: number, link: PathLink | undefined): void {
		if (this.#line !== '') this.#line += ' ';
		if (value.kind === 'map') this.#line += '{}';
		else if (value.kind === 'seq') this.#line += '[]';
		else {
			const { kind, text, error } = printScalar(value);
			if (error) this.#error(value, link, error);
			if (kind === 'other') this.#line += text;
			else this.#continue(formatString(text, { indent, column: this.#column(), role: 'value' }));
		}
	}

	#column(): number {
		const { length } = this.#line;
		return /[\ud800-\udbff]/.test(this.#line) ? [...this.#line].length : length;
	}

	/** Indents a new line; stays on the line where a dash has just been written. */
	#startAt(indent: number): void {
		if (this.#line.length === indent && (indent === 0 || this.#line.endsWith(' '))) return;
		this.#endLine();
		this.#line = ' '.repeat(indent);
	}

	#continue(lines: readonly string[]): void {
		this.#line += lines[0];
		for (let i = 1; i < lines.length; i++) {
			this.#push();
			this.#line = lines[i]!;
		}
		// The last line of a block may be empty, and is a line all the same.
		if (lines.length > 1 && this.#line === '') this.#push();
	}

	#on(node: Node, link: PathLink | undefined): void {
		this.#node = node;
		this.#link = link;
	}

	#endLine(): void {
		if (this.#line !== '') this.#push();
		this.#line = '';
	}

	#push(): void {
		this.lines.push({ text: this.#line, node: this.#node!, link: this.#link });
	}

	#error(node: Node, link: PathLink | undefined, error: Omit<EmitError, 'node' | 'link'>): void {
		this.errors.push({ ...error, node, link });
	}
}

/** JSON holds these as they are, and go-yaml 2 refuses to read them. */
const REFUSED = /[\x7f-\x84\x86-\x9f\ufffe\uffff]/;

const REFUSED_CHARACTER = { kind: 'control-character', words: 'yaml: control characters are not allowed' } as const;

const NEXT_LINE_IN_KEY = {
	kind: 'control-character',
	words: "yaml: line 1: did not find expected ',' or '}'",
} as const;

const DOCUMENT_MARK = {
	kind: 'control-character',
	words: 'yaml: line 2: found unexpected document indicator',
} as const;

const TAB_FIRST = {
	kind: 'control-character',
	words: 'yaml: found a tab character where an indentation space is expected',
} as const;

const NOT_A_STRING_KEY = {
	kind: 'key-not-a-string',
	words: 'json: unsupported type: map[interface {}]interface {}',
} as const;

function sortedEntries({ entries }: MapNode): MapNode['entries'] {
	for (let i = 1; i < entries.length; i++) {
		if (compareKeys(entries[i - 1]!.key, entries[i]!.key) > 0) {
			return entries.toSorted((a, b) => compareKeys(a.key, b.key));
		}
	}
	return entries;
}

function isSimpleKey(key: string): boolean {
	return (
		(key.length <= LONGEST_SIMPLE_KEY / 3 || utf8Length(key) <= LONGEST_SIMPLE_KEY) &&
		!/[\r\n\u0085\u2028\u2029]/.test(key)
	);
}

/** A scalar as it comes out at the end, before it is quoted: `1.0` is `1`, `010` is `8`, a date a string in RFC 3339. */
export function printScalar({ tag, text, style }: ScalarNode): PrintedScalar {
	if (tag === '!!str' && beginsWithTab({ text, style })) return { ...printString(text), error: TAB_FIRST };
	if (tag === '!!str' || tag === '!!merge') return printString(style === 'folded' ? refold(text) : text);
	if (tag === '!!binary') return printBinary(text);
	const actual = resolvePlain(text);
	if (actual !== tag && !(tag === '!!float' && actual === '!!int')) {
		const words = `yaml: cannot decode ${actual} \`${text}\` as a ${tag}`;
		return { ...printString(text), error: { kind: 'value-not-of-its-tag', words } };
	}
	switch (tag) {
		case '!!null':
			return { kind: 'other', text: 'null' };
		case '!!bool':
			return { kind: 'other', text: text.toLowerCase() };
		case '!!int':
			return { kind: 'other', text: String(parseInteger(text)) };
		case '!!timestamp':
			return printTimestamp(text);
		case '!!float':
			return printFloat(actual === '!!int' ? Number(parseInteger(text)) : parseFloatText(text), text);
	}
}

/** Whether a generated text of several lines comes out as a block that cannot be read again. */
export function beginsWithTab({ text, style }: Pick<ScalarNode, 'text' | 'style'>): boolean {
	return style === 'plain' && text.includes('\n') && isUnreadableBlock(text);
}

function printTimestamp(text: string): PrintedScalar {
	const printed = printString(parseTimestamp(text) ?? text);
	if (!/[-+]24:..$/.test(text)) return printed;
	const words = 'Time.MarshalJSON: timezone hour outside of range [0,23]';
	return { ...printed, error: { kind: 'value-not-of-its-tag', words } };
}

/** Bytes that are no UTF-8 become replacement characters, as in Go's JSON. */
function printBinary(text: string): PrintedScalar {
	const bytes = decodeBase64(text);
	if (bytes) return printString(decodeUtf8(bytes));
	return {
		kind: 'string',
		text,
		error: { kind: 'value-not-of-its-tag', words: '!!binary value contains invalid base64 data' },
	};
}

/** A text that has been through JSON: a next-line character stands bare in there, and go-yaml 2 folds it like every line break. */
export function foldNextLines(text: string): string {
	if (!text.includes('\u0085')) return text;
	return text.replace(/ *(?:\u0085 *)+/g, run => {
		const breaks = run.replaceAll(' ', '').length;
		return breaks === 1 ? ' ' : '\n'.repeat(breaks - 1);
	});
}

function printString(text: string): PrintedScalar {
	const folded = foldNextLines(text);
	if (/\u0085(---|\.\.\.)[ \u0085]/.test(text)) return { kind: 'string', text: folded, error: DOCUMENT_MARK };
	if (!REFUSED.test(folded)) return { kind: 'string', text: folded };
	return { kind: 'string', text: folded, error: REFUSED_CHARACTER };
}

const MAX_UINT64 = (1n << 64n) - 1n;
const MIN_INT64 = -(1n << 63n);

function printFloat(value: number, text: string): PrintedScalar {
	if (!Number.isFinite(value)) {
		const name = Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
		const error = { kind: 'number-not-finite', words: `json: unsupported value: ${name}` } as const;
		return { kind: 'other', text, error };
	}
	// `encoding/json` writes whole numbers below 1e21 with all their digits, and go-yaml 2 reads them as integers if they fit.
	if (Number.isInteger(value) && Math.abs(value) < 1e21) {
		const integer = BigInt(String(value));
		if (integer >= MIN_INT64 && integer <= MAX_UINT64) return { kind: 'other', text: String(integer) };
	}
	return { kind: 'other', text: formatGoFloat(value) };
}

/** Go's `strconv.FormatFloat(value, 'g', -1, 64)`: an exponent below -4 or above 5 is written as one, with two digits or more. */
export function formatGoFloat(value: number): string {
	const [mantissa = '', power = '0'] = value.toExponential().split('e');
	const exponent = Number(power);
	if (exponent >= -4 && exponent < 6) return expand(mantissa, exponent);
	const digits = String(Math.abs(exponent)).padStart(2, '0');
	return `${mantissa}e${exponent < 0 ? '-' : '+'}${digits}`;
}

function expand(mantissa: string, exponent: number): string {
	const sign = mantissa.startsWith('-') ? '-' : '';
	const digits = mantissa.replace(/[-.]/g, '');
	if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
	const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
	const rest = digits.slice(exponent + 1);
	return sign + (rest ? `${whole}.${rest}` : whole);
}

/**
 * `${VAR}` in texts as Flux substitutes it: fluxcd/pkg/envsubst, all of its functions, strict and lax. Lengths and offsets
 * are in bytes, since the fork slices Go strings.
 */
import { decodeUtf8, encodeUtf8, utf8Length } from '../../base/utf8';
import { expansionsOf, type Expansion, parseSubstitutions, type Part } from './envsubst-parse';
import { matchPattern } from './shell-pattern';

/** Whether a variable that is not set fails (since kustomize-controller 1.9) or is an empty text (before). */
export type Strictness = 'strict' | 'lax';

export type Substituted =
	| {
			readonly kind: 'text';
			readonly text: string;
			/** Names that were looked up, each once, in the order of the text. */
			readonly names: readonly string[];
	  }
	/** `message` is the fork's own; `name` is the variable that is not set, where that is the error. */
	| { readonly kind: 'error'; readonly message: string; readonly name?: string };

/** Results larger than this many characters are refused; a nested replacement can multiply its input without end. */
const MAX_LENGTH = 8_000_000;
/** Trimming by a pattern tries every prefix; longer values are refused rather than waited for. */
const MAX_TRIM = 8_192;
const TOO_LONG = 'the result of the substitution is too long';

/** Replaces every `${...}` of the text by what `lookup` knows of it; `undefined` stands for a variable that is not set. */
export function substitute(
	text: string,
	lookup: (name: string) => string | undefined,
	strictness: Strictness,
): Substituted {
	const parsed = parseSubstitutions(text);
	if (parsed.kind === 'error') return { kind: 'error', message: parsed.message };
	const names = [...new Set(expansionsOf(parsed.parts).map(expansion => expansion.name))];
	const evaluator = new Evaluator(lookup, strictness);
	const result = evaluator.join(parsed.parts);
	return evaluator.failure ? { kind: 'error', ...evaluator.failure } : { kind: 'text', text: result, names };
}

/** Lives as long as one text is evaluated; counts what it has written. After a failure everything is an empty text. */
class Evaluator {
	readonly #lookup: (name: string) => string | undefined;
	readonly #strictness: Strictness;
	#written = 0;
	failure: { readonly message: string; readonly name?: string } | undefined;

	constructor(lookup: (name: string) => string | undefined, strictness: Strictness) {
		this.#lookup = lookup;
		this.#strictness = strictness;
	}

	join(parts: readonly Part[]): string {
		return parts.map(part => this.#part(part)).join('');
	}

	#part(part: Part): string {
		if (this.failure) return '';
		const text = typeof part === 'string' ? part : this.#expand(part);
		this.#written += text.length;
		if (this.#written > MAX_LENGTH) this.failure ??= { message: TOO_LONG };
		return text;
	}

	#expand({ name, operator, args }: Expansion): string {
		// Arguments come first: a default that cannot be evaluated fails even where it is not needed.
		const values = args.map(arg => this.#part(arg));
		const value = this.#lookup(name);
		if (value === undefined && this.#strictness === 'strict' && !DEFAULT_OPERATORS.has(operator)) {
			this.failure ??= { message: `variable not set (strict mode): "${name}"`, name };
		}
		if (this.failure) return '';
		const applied = applyOperator(operator, value ?? '', values);
		if (applied === undefined) this.failure = { message: TOO_LONG };
		return applied ?? '';
	}
}

/** Operators that have an answer of their own for a variable that is not set (`isDefaultOp` in template.go). */
const DEFAULT_OPERATORS: ReadonlySet<string> = new Set(['=', ':=', ':-', ':?', ':+']);

/** `lookupFunc` in template.go with funcs.go; what is unknown there behaves like a default. Nothing where a limit forbids it. */
function applyOperator(operator: string, value: string, args: readonly string[]): string | undefined {
	const [first = '', second] = args;
	switch (operator) {
		case ',':
			return mapFirst(value, lower);
		case ',,':
			return Array.from(value, lower).join('');
		case '^':
			return mapFirst(value, upper);
		case '^^':
			return Array.from(value, upper).join('');
		case '#':
			return args.length === 0 ? String(utf8Length(value)) : trim(value, first, 'prefix', 'shortest');
		case '##':
			return trim(value, first, 'prefix', 'longest');
		case '%':
			return trim(value, first, 'suffix', 'shortest');
		case '%%':
			return trim(value, first, 'suffix', 'longest');
		case ':':
			return substring(value, first, second);
		case '/#':
			return second !== undefined && value.startsWith(first) ? second + value.slice(first.length) : value;
		case '/%':
			return second !== undefined && value.endsWith(first)
				? value.slice(0, value.length - first.length) + second
				: value;
		case '/':
			return replaceFirst(value, first, second ?? '');
		case '//':
			return replaceAll(value, first, second ?? '');
		default:
			return value === '' ? args.join('') : value;
	}
}

/** Go's `unicode.ToUpper` maps one character to one; where JavaScript gives several (ß), the character stays. */
function upper(character: string): string {
	const mapped = character.toUpperCase();
	return [...mapped].length === 1 ? mapped : character;
}

function lower(character: string): string {
	const [mapped = character] = character.toLowerCase();
	return mapped;
}

function mapFirst(value: string, map: (character: string) => string): string {
	const code = value.codePointAt(0);
	if (code === undefined) return value;
	const first = String.fromCodePoint(code);
	return map(first) + value.slice(first.length);
}

function replaceFirst(value: string, search: string, replacement: string): string {
	const at = value.indexOf(search);
	return at < 0 ? value : value.slice(0, at) + replacement + value.slice(at + search.length);
}

/** Go's `strings.Replace` with an empty search inserts before every character and at the end. */
function replaceAll(value: string, search: string, replacement: string): string | undefined {
	const parts = search === '' ? ['', ...value, ''] : value.split(search);
	return parts.length * replacement.length > MAX_LENGTH ? undefined : parts.join(replacement);
}

function substring(value: string, offset: string, length: string | undefined): string {
	const bytes = encodeUtf8(value);
	const from = parseGoInteger(offset);
	if (from === undefined) return value;
	const start = from < 0 ? Math.max(bytes.length + from, 0) : from;
	if (length === undefined) return decodeUtf8(bytes.subarray(Math.min(start, bytes.length)));
	const count = parseGoInteger(length);
	if (count === undefined) return value;
	const end = count < 0 ? bytes.length + count : start + count;
	return end < start ? '' : decodeUtf8(bytes.subarray(Math.min(start, bytes.length), Math.min(end, bytes.length)));
}

/** `strconv.Atoi`; nothing for what it refuses. */
function parseGoInteger(text: string): number | undefined {
	if (!/^[+-]?[0-9]+$/.test(text)) return undefined;
	const value = BigInt(text.replace(/^\+/, ''));
	return value >= -(1n << 63n) && value < 1n << 63n ? Number(value) : undefined;
}

/** Takes away the shortest or longest beginning or end that the pattern matches. Ends are matched backwards, pattern and all. */
function trim(
	value: string,
	pattern: string,
	end: 'prefix' | 'suffix',
	extent: 'shortest' | 'longest',
): string | undefined {
	if (end === 'suffix') {
		const trimmed = trim(reverse(value), reverse(pattern), 'prefix', extent);
		return trimmed === undefined ? undefined : reverse(trimmed);
	}
	const bytes = encodeUtf8(value);
	if (bytes.length > MAX_TRIM) return undefined;
	const glob = encodeUtf8(pattern);
	let cut = 0;
	for (let length = bytes.length; length > 0; length--) {
		const matched = matchPattern(glob, bytes.subarray(0, length));
		if (matched === 'malformed') return value;
		if (matched === 'no') continue;
		cut = length;
		if (extent === 'longest') break;
	}
	return cut === 0 ? value : decodeUtf8(bytes.subarray(cut));
}

function reverse(text: string): string {
	return [...text].reverse().join('');
}

/**
 * The language of `${VAR}` as fluxcd/pkg/envsubst/parse reads it: a part of the shell's parameter expansion with the fork's own
 * limits. Keeps where each variable's name stands, which the fork does not.
 */
import type { Range } from '../../base/text';

/** Plain text, or one `${...}`. */
export type Part = string | Expansion;

export interface Expansion {
	readonly name: string;
	/** Where the name stands in the text. */
	readonly range: Range;
	/** Empty for a bare `${x}`; `#` without arguments is the length. */
	readonly operator: string;
	/** For an operator with a default, the pieces of that default; else one part an argument. */
	readonly args: readonly Part[];
}

export type Parsed =
	| { readonly kind: 'parts'; readonly parts: readonly Part[] }
	/** `message` is the fork's own; `at` is the offset of the `${` that cannot be read. */
	| { readonly kind: 'error'; readonly message: string; readonly at: number };

const BAD_SUBSTITUTION = 'bad substitution';
const MISSING_BRACE = 'missing closing brace';
const BAD_NAME = 'unable to parse variable name';
const BAD_PARAMETER = 'unable to parse substitution within function';
const TOO_DEEP = 'substitutions nested too deeply';

/** Deeper nesting is refused, so that recursion stays within the stack; nobody writes it. */
const MAX_DEPTH = 100;

const NAME_CHARACTER = /^[\p{L}\p{Nd}_]$/u;

/** Reads a text. Only `${` begins a substitution; `$$` stands for one dollar. */
export function parseSubstitutions(text: string): Parsed {
	const parser = new Parser(text);
	const parts = parser.text();
	return parser.failure ? { kind: 'error', ...parser.failure } : { kind: 'parts', parts };
}

/** Every `${...}` in the parts, inner ones behind the outer one that holds them. */
export function expansionsOf(parts: readonly Part[]): readonly Expansion[] {
	return parts.flatMap(part => (typeof part === 'string' ? [] : [part, ...expansionsOf(part.args)]));
}

/** Lives as long as one text is read. After a failure it stands at the end of the text, so that whatever is under way ends. */
class Parser {
	readonly #text: string;
	#at = 0;
	#depth = 0;
	/** Where the outermost `${` that is being read begins. */
	#opened = 0;
	#failure: { readonly message: string; readonly at: number } | undefined;

	constructor(text: string) {
		// The fork takes a NUL for the end.
		const end = text.indexOf('\0');
		this.#text = end < 0 ? text : text.slice(0, end);
	}

	get failure(): { readonly message: string; readonly at: number } | undefined {
		return this.#failure;
	}

	text(): Part[] {
		const parts: Part[] = [];
		while (this.#at < this.#text.length) {
			this.#opened = this.#at;
			if (this.#skip('${')) parts.push(this.#expansion());
			else parts.push(this.#literal(() => true, 'dollar'));
		}
		return parts;
	}

	/** What follows `${`, its closing brace included. */
	#expansion(): Expansion {
		if (++this.#depth > MAX_DEPTH) this.#fail(TOO_DEEP);
		const expansion = this.#skip('#') ? this.#length() : this.#withName();
		this.#depth--;
		return expansion;
	}

	#length(): Expansion {
		const named = this.#name(BAD_SUBSTITUTION);
		return this.#closed({ ...named, operator: '#', args: [] });
	}

	#withName(): Expansion {
		const named = this.#name(BAD_NAME);
		const next = this.#text[this.#at + 1] ?? '';
		switch (this.#text[this.#at]) {
			case ':':
				return '=-?+'.includes(next) && next !== '' ? this.#default(named, 2) : this.#substring(named);
			case '=':
				return this.#default(named, 1);
			case ',':
			case '^':
				return this.#closed({ ...named, operator: this.#operator(',^', ',^'), args: [] });
			case '/':
				return this.#replacement(named);
			case '#':
			case '%': {
				const sign = this.#text[this.#at]!;
				const operator = this.#operator(sign, sign);
				return this.#closed({ ...named, operator, args: [this.#parameter(c => c !== '}', 'none')] });
			}
			case '}':
				this.#at++;
				return { ...named, operator: '', args: [] };
			default:
				this.#fail(MISSING_BRACE);
				return { ...named, operator: '', args: [] };
		}
	}

	#default(named: Named, length: number): Expansion {
		const operator = this.#text.slice(this.#at, this.#at + length);
		this.#at += length;
		const args: Part[] = [];
		while (this.#text[this.#at] !== '}' && !this.#failure) args.push(this.#parameter(c => c !== '}', 'none'));
		return this.#closed({ ...named, operator, args });
	}

	#substring(named: Named): Expansion {
		this.#at++;
		const args = [this.#parameter(c => c !== ':' && c !== '}', 'none')];
		if (this.#skip('}')) return { ...named, operator: ':', args };
		if (!this.#skip(':')) this.#fail(BAD_SUBSTITUTION);
		while (this.#skip(':'));
		args.push(this.#parameter(c => c !== '}', 'none'));
		return this.#closed({ ...named, operator: ':', args });
	}

	#replacement(named: Named): Expansion {
		const operator = this.#operator('/', '/#%');
		const args = [this.#text[this.#at] === '/' ? '' : this.#parameter(c => c !== '/', 'all')];
		if (!this.#skip('/')) this.#fail(BAD_SUBSTITUTION);
		while (this.#skip('/'));
		if (this.#text[this.#at] !== '}') args.push(this.#parameter(c => c !== '}', 'all'));
		return this.#closed({ ...named, operator, args });
	}

	/** One argument: either a nested `${...}` or text up to a delimiter; never both. */
	#parameter(accept: (c: string) => boolean, escapes: Escapes): Part {
		if (this.#skip('${')) return this.#expansion();
		const text = this.#literal(accept, escapes);
		if (text === '') this.#fail(BAD_PARAMETER);
		return text;
	}

	/** Text up to the next `${`, or to what is not accepted. */
	#literal(accept: (c: string) => boolean, escapes: Escapes): string {
		let out = '';
		while (this.#at < this.#text.length && !this.#text.startsWith('${', this.#at)) {
			if (this.#isEscape(escapes)) this.#at++;
			else if (!accept(this.#text[this.#at]!)) break;
			out += this.#text[this.#at++];
		}
		return out;
	}

	/** Whether the character here only protects the next one. */
	#isEscape(escapes: Escapes): boolean {
		const next = this.#text[this.#at + 1];
		switch (this.#text[this.#at]) {
			case '$':
				return escapes !== 'none' && next === '$';
			case '\\':
				return escapes === 'all' && (next === '/' || next === '\\');
			default:
				return false;
		}
	}

	#name(otherwise: string): Named {
		const start = this.#at;
		for (;;) {
			const code = this.#text.codePointAt(this.#at);
			if (code === undefined) break;
			const character = String.fromCodePoint(code);
			if (!NAME_CHARACTER.test(character)) break;
			this.#at += character.length;
		}
		if (this.#at === start) this.#fail(otherwise);
		return { name: this.#text.slice(start, this.#at), range: { start, end: this.#at } };
	}

	#operator(first: string, second: string): string {
		const start = this.#at;
		for (const allowed of [first, second]) {
			const c = this.#text[this.#at];
			if (c === undefined || !allowed.includes(c)) break;
			this.#at++;
		}
		return this.#text.slice(start, this.#at);
	}

	#closed(expansion: Expansion): Expansion {
		if (!this.#skip('}')) this.#fail(BAD_SUBSTITUTION);
		return expansion;
	}

	/** Only the first failure counts. */
	#fail(message: string): void {
		this.#failure ??= { message, at: this.#opened };
		this.#at = this.#text.length;
	}

	#skip(text: string): boolean {
		if (!this.#text.startsWith(text, this.#at)) return false;
		this.#at += text.length;
		return true;
	}
}

interface Named {
	readonly name: string;
	readonly range: Range;
}

/** Which characters protect the next one: `$$` in text, `\/` and `\\` too in a replacement, none elsewhere. */
type Escapes = 'dollar' | 'all' | 'none';

/**
 * Sets one value at a path, as helm-controller does for `targetPath`: the line `path=value` is read with the grammar of
 * `helm --set` (pkg/strvals), or of `--set-literal`. So a comma in the value begins another path, and `{a,b}` is a list.
 */
import type { Origin, ScalarNode } from '../../yaml/node';
import type { Tag } from '../../yaml/scalar';
import { goTypeOf, isNullValue, replacing, type Value, type ValueList, type ValueMap } from './values-tree';

/** How the value is read: typed, as the text it is, or without any escapes or separators. */
export type SetMode = 'typed' | 'string' | 'literal';

/** Sets `path` in the map, in place. Gives helm's words for what cannot be done; the map may then be half changed. */
export function setPath(map: ValueMap, path: string, value: string, mode: SetMode, origin: Origin): string | undefined {
	const parser = mode === 'literal' ? new LiteralLine(path, value, origin) : new SetLine(path, value, mode, origin);
	for (;;) {
		const outcome = parser.key(map, 0);
		if (outcome === 'end') return undefined;
		if (outcome !== 'more') return outcome.error;
	}
}

/** helm-controller's `ReplacePathValue`: a quoted value stays a text. */
export function replacePathValue(
	map: ValueMap,
	path: string,
	value: string,
	mode: 'typed' | 'literal',
	origin: Origin,
): string | undefined {
	if (mode === 'literal') return setPath(map, path, value, 'literal', origin);
	const quoted = ["'", '"'].some(quote => value.startsWith(quote) && value.endsWith(quote));
	if (!quoted) return setPath(map, path, value, 'typed', origin);
	return setPath(map, path, value.replace(/^['"]+|['"]+$/g, ''), 'string', origin);
}

/** `end`: nothing is left to read. helm takes an index that never closes for the end, too. */
type Outcome = 'more' | 'end' | { readonly error: string };

/** A list after an index was set in it: the same one where it was long enough, else a longer copy (Go's slices). */
interface ListOutcome {
	readonly list: ValueList;
	readonly outcome: Outcome;
}

const MAX_INDEX = 65536;
const MAX_NESTING = 30;

/** What both grammars share. Lives as long as one line is read. */
abstract class Line {
	readonly #characters: readonly string[];
	readonly #origin: Origin;
	#at = 0;

	constructor(path: string, value: string, origin: Origin) {
		this.#characters = [...`${path}=${value}`];
		this.#origin = origin;
	}

	/** Characters that end a key. */
	protected abstract readonly keyEnds: string;
	protected abstract readonly escapes: 'backslash' | 'none';
	/** What stands behind `=`. */
	protected abstract value(): { readonly value: Value; readonly outcome: Outcome } | { readonly error: string };

	key(map: ValueMap, nesting: number): Outcome {
		const { text, end } = this.until(this.keyEnds);
		switch (end) {
			case undefined:
				return text === '' ? 'end' : { error: `key ${JSON.stringify(text)} has no value` };
			case '[':
				return this.#indexed(map, text, nesting);
			case '=': {
				const read = this.value();
				if ('error' in read) return read;
				set(map, text, read.value);
				return read.outcome;
			}
			case ',':
				return { error: `key ${JSON.stringify(text)} has no value (cannot end with ,)` };
			default:
				return this.#nested(map, text, nesting + 1);
		}
	}

	#nested(map: ValueMap, key: string, nesting: number): Outcome {
		if (nesting > MAX_NESTING)
			return { error: `value name nested level is greater than maximum supported nested level of ${MAX_NESTING}` };
		const existing = map.entries.get(key);
		if (existing && existing.kind !== 'map') return wrongType(existing, 'map[string]interface {}');
		const inner = existing ?? this.#emptyMap();
		const outcome = this.key(inner, nesting);
		if (outcome === 'more' && inner.entries.size === 0) return { error: `key map ${JSON.stringify(key)} has no value` };
		if (inner.entries.size > 0 && inner !== existing) set(map, key, inner);
		return outcome;
	}

	#indexed(map: ValueMap, key: string, nesting: number): Outcome {
		const index = this.#index();
		if (typeof index !== 'number') return index;
		const existing = map.entries.get(key);
		if (existing && existing.kind !== 'list') return wrongType(existing, '[]interface {}');
		const { list, outcome } = this.#item(existing ?? this.#emptyList(), index, nesting);
		if (list !== existing) set(map, key, list);
		return outcome;
	}

	#index(): number | Outcome {
		const { text, end } = this.until(']');
		if (end === undefined) return 'end';
		if (!/^[+-]?[0-9]+$/.test(text))
			return { error: `error parsing index: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax` };
		const index = Number(text);
		if (Number.isSafeInteger(index)) return index;
		return { error: `error parsing index: strconv.Atoi: parsing ${JSON.stringify(text)}: value out of range` };
	}

	#item(list: ValueList, index: number, nesting: number): ListOutcome {
		if (index < 0) return { list, outcome: { error: `negative ${index} index not allowed` } };
		const { text, end } = this.until('[.=');
		if (text !== '') return { list, outcome: { error: `unexpected data at end of array index: ${goQuoted(text)}` } };
		switch (end) {
			case undefined:
				return { list, outcome: 'end' };
			case '=': {
				const read = this.value();
				return 'error' in read ? { list, outcome: read } : this.#setIndex(list, index, read.value);
			}
			case '[': {
				const next = this.#index();
				if (typeof next !== 'number') return { list, outcome: next };
				const existing = list.items[index];
				if (existing && existing.kind !== 'list' && !isNullValue(existing))
					return { list, outcome: wrongType(existing, '[]interface {}') };
				const inner = this.#item(existing?.kind === 'list' ? existing : this.#emptyList(), next, nesting);
				return inner.outcome === 'more' ? this.#setIndex(list, index, inner.list) : { list, outcome: inner.outcome };
			}
			default: {
				const existing = list.items[index];
				const inner = existing?.kind === 'map' ? existing : this.#emptyMap();
				if (existing && inner !== existing) list.items[index] = inner;
				const outcome = this.key(inner, nesting);
				return outcome === 'more' ? this.#setIndex(list, index, inner) : { list, outcome };
			}
		}
	}

	#setIndex(list: ValueList, index: number, value: Value): ListOutcome {
		if (index > MAX_INDEX) {
			const error = `index of ${index} is greater than maximum supported index of ${MAX_INDEX}`;
			return { list, outcome: { error } };
		}
		const long = index < list.items.length ? list : { ...list, items: [...list.items] };
		while (long.items.length <= index) long.items.push(this.scalar('null', '!!null'));
		long.items[index] = replacing(value, list.items[index]);
		return { list: long, outcome: 'more' };
	}

	#emptyMap(): ValueMap {
		return { kind: 'map', entries: new Map(), origin: this.#origin };
	}

	#emptyList(): ValueList {
		return this.list([]);
	}

	protected list(items: Value[]): ValueList {
		return { kind: 'list', items, origin: this.#origin };
	}

	protected scalar(text: string, tag: Tag): ScalarNode {
		return { kind: 'scalar', text, tag, style: 'plain', origin: this.#origin };
	}

	/** Reads up to one of the characters and over it; `end` is that character, or nothing at the end of the line. */
	protected until(ends: string): { readonly text: string; readonly end: string | undefined } {
		let text = '';
		for (;;) {
			const character = this.next();
			if (character === undefined || ends.includes(character)) return { text, end: character };
			if (character !== '\\' || this.escapes === 'none') {
				text += character;
				continue;
			}
			const escaped = this.next();
			if (escaped === undefined) return { text, end: undefined };
			text += escaped;
		}
	}

	protected next(): string | undefined {
		return this.#characters[this.#at++];
	}

	protected back(): void {
		this.#at--;
	}
}

class SetLine extends Line {
	protected readonly keyEnds = '=[,.';
	protected readonly escapes = 'backslash';
	readonly #mode: 'typed' | 'string';

	constructor(path: string, value: string, mode: 'typed' | 'string', origin: Origin) {
		super(path, value, origin);
		this.#mode = mode;
	}

	protected value() {
		const first = this.next();
		if (first === undefined) return { value: this.scalar('', '!!str'), outcome: 'end' as const };
		if (first === '{') return this.#values();
		this.back();
		return { value: this.#typed(this.until(',').text), outcome: 'more' as const };
	}

	#values() {
		const items: Value[] = [];
		for (;;) {
			const { text, end } = this.until(',}');
			if (end === undefined) return { error: "list must terminate with '}'" };
			items.push(this.#typed(text));
			if (end === ',') continue;
			const after = this.next();
			if (after !== ',') this.back();
			return { value: this.list(items), outcome: 'more' as const };
		}
	}

	/** `typedVal`: a leading zero keeps a number a text. */
	#typed(text: string): ScalarNode {
		if (this.#mode === 'string') return this.scalar(text, '!!str');
		const word = text.toLowerCase();
		if (word === 'true' || word === 'false') return this.scalar(word, '!!bool');
		if (word === 'null') return this.scalar('null', '!!null');
		if (text === '0') return this.scalar(text, '!!int');
		return isGoInteger(text) && !text.startsWith('0') ? this.scalar(text, '!!int') : this.scalar(text, '!!str');
	}
}

class LiteralLine extends Line {
	protected readonly keyEnds = '=[.';
	protected readonly escapes = 'none';

	protected value() {
		return { value: this.scalar(this.until('').text, '!!str'), outcome: 'more' as const };
	}
}

/** An empty key is read and dropped. */
function set(map: ValueMap, key: string, value: Value): void {
	if (key !== '') map.entries.set(key, replacing(value, map.entries.get(key)));
}

function wrongType(value: Value, wanted: string): { readonly error: string } {
	return { error: `unable to parse key: interface conversion: interface {} is ${goTypeOf(value)}, not ${wanted}` };
}

function isGoInteger(text: string): boolean {
	if (!/^[+-]?[0-9]+$/.test(text)) return false;
	const value = BigInt(text.replace(/^\+/, ''));
	return value >= -(1n << 63n) && value < 1n << 63n;
}

/** `%q` of a slice of runes. */
function goQuoted(text: string): string {
	return `[${Array.from(text, character => `'${character}'`).join(' ')}]`;
}

/** Plain values as Go's JSON has them, with the conversions that Kyverno makes between them. */
import type { Plain } from '../../../yaml/node';

export type PlainMap = { readonly [key: string]: Plain };

/** Whether the value is a map. */
export function isMap(value: Plain | undefined): value is PlainMap {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether the value is a list. */
export function isList(value: Plain | undefined): value is readonly Plain[] {
	return Array.isArray(value);
}

/** The value under a key; nothing where there is none. */
export function get(value: Plain | undefined, ...keys: readonly string[]): Plain | undefined {
	let at = value;
	for (const key of keys) {
		if (!isMap(at) || !Object.hasOwn(at, key)) return undefined;
		at = at[key];
	}
	return at;
}

/** The text at a path; nothing where there is none. */
export function textOf(value: Plain | undefined, ...keys: readonly string[]): string | undefined {
	const at = get(value, ...keys);
	return typeof at === 'string' ? at : undefined;
}

/** The items at a path; none where there is no list. */
export function listOf(value: Plain | undefined, ...keys: readonly string[]): readonly Plain[] {
	const at = get(value, ...keys);
	return isList(at) ? at : [];
}

/** The texts of a list; none where there is no list. */
export function textsOf(value: Plain | undefined, ...keys: readonly string[]): readonly string[] {
	return listOf(value, ...keys).filter(item => typeof item === 'string');
}

/** A map without prototype, as YAML trees have them. */
export function mapOf(entries: Iterable<readonly [string, Plain]>): PlainMap {
	const out: { [key: string]: Plain } = Object.create(null);
	for (const [key, value] of entries) out[key] = value;
	return out;
}

/** A copy in which every text, keys included, has gone through `change`. */
export function mapTexts(value: Plain, change: (text: string) => string): Plain {
	if (typeof value === 'string') return change(value);
	if (isList(value)) return value.map(item => mapTexts(item, change));
	if (isMap(value)) return mapOf(Object.entries(value).map(([key, item]) => [change(key), mapTexts(item, change)]));
	return value;
}

/** Whether two values are equal to the last leaf; `reflect.DeepEqual` after JSON. */
export function sameValue(a: Plain | undefined, b: Plain | undefined): boolean {
	if (a === b) return true;
	if (isList(a)) return isList(b) && a.length === b.length && a.every((item, i) => sameValue(item, b[i]));
	if (!isMap(a) || !isMap(b)) return false;
	const keys = Object.keys(a);
	return keys.length === Object.keys(b).length && keys.every(key => Object.hasOwn(b, key) && sameValue(a[key], b[key]));
}

/** As Go's `fmt.Sprint` prints it. */
export function printed(value: Plain | undefined): string {
	if (value === null || value === undefined) return '<nil>';
	if (isList(value)) return `[${value.map(printed).join(' ')}]`;
	if (isMap(value))
		return `map[${Object.keys(value)
			.sort()
			.map(key => `${key}:${printed(value[key])}`)
			.join(' ')}]`;
	return String(value);
}

/**
 * What a plain YAML scalar means. The rules are those of go-yaml 3 (`resolve` in resolve.go), since every tool
 * that reads these files is written with it: `yes` and `on` are strings, `0777` is an integer, `2020-01-01` a timestamp.
 * go-yaml 2, which writes kustomize's output, knows the same types and a few words more.
 */

/** The type of a scalar, in YAML's own names. */
export type Tag = '!!str' | '!!int' | '!!float' | '!!bool' | '!!null' | '!!timestamp' | '!!binary' | '!!merge';

const WORDS: ReadonlyMap<string, Tag> = new Map([
	...['true', 'True', 'TRUE', 'false', 'False', 'FALSE'].map(word => [word, '!!bool'] as const),
	...['', '~', 'null', 'Null', 'NULL'].map(word => [word, '!!null'] as const),
	...['.nan', '.NaN', '.NAN', '.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF', '-.inf', '-.Inf', '-.INF'].map(
		word => [word, '!!float'] as const,
	),
	['<<', '!!merge'] as const,
]);

/** Booleans of YAML 1.1 that go-yaml 3 takes for strings. */
const OLD_BOOLEANS: ReadonlySet<string> = new Set(
	['y', 'n', 'yes', 'no', 'on', 'off'].flatMap(word => [
		word,
		word.toUpperCase(),
		word[0]!.toUpperCase() + word.slice(1),
	]),
);

/** Go's `strconv.ParseInt` with base 0, and the prefixes that go-yaml takes off itself, behind which a sign may stand. */
const INTEGER = /^([-+]?(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)|0b[-+][01]+|0o[-+][0-7]+)$/;
const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
/** Behind a leading point Go's `strconv.ParseFloat` decides alone: underscores stand between digits only. */
const POINT_FLOAT = /^\.[0-9](_?[0-9])*([eE][-+]?[0-9](_?[0-9])*)?$/;
const BASE_60 = /^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$/;
const TIMESTAMP =
	/^(\d{4})-(\d{1,2})-(\d{1,2})(?:([Tt ])(\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,](\d+))?(Z|([-+])(\d\d):(\d\d))?)?$/;

const MAX_UINT64 = (1n << 64n) - 1n;
const MIN_INT64 = -(1n << 63n);

/** The tag of a plain scalar that carries none of its own. */
export function resolvePlain(text: string): Tag {
	const word = WORDS.get(text);
	if (word) return word;
	if (!/^[-+.0-9]/.test(text)) return '!!str';
	if (parseTimestamp(text)) return '!!timestamp';
	const plain = text.replaceAll('_', '');
	if (text.startsWith('.')) return POINT_FLOAT.test(text) && Number.isFinite(Number(plain)) ? '!!float' : '!!str';
	if (INTEGER.test(plain)) {
		const value = parseInteger(plain);
		if (value >= MIN_INT64 && value <= MAX_UINT64) return '!!int';
	}
	return FLOAT.test(plain) && Number.isFinite(Number(plain)) ? '!!float' : '!!str';
}

/** Whether YAML 1.1 takes a text for a boolean that go-yaml 3 takes for a string. */
export function isOldBoolean(text: string): boolean {
	return OLD_BOOLEANS.has(text);
}

/** Whether go-yaml 2 writes a string without quotes as far as its meaning goes: read back plain, it would be a string (`stringv`). */
export function isPlainString(text: string): boolean {
	const tag = resolvePlain(text);
	return (tag === '!!str' || tag === '!!merge') && !OLD_BOOLEANS.has(text) && !BASE_60.test(text);
}

/** The value of a text that `resolvePlain` calls an integer. */
export function parseInteger(text: string): bigint {
	const plain = text.replaceAll('_', '').replace(/^(0[bo])([-+])/, '$2$1');
	const negative = plain.startsWith('-');
	const digits = plain.replace(/^[-+]/, '');
	const octal = /^0[0-7]+$/.test(digits) ? '0o' + digits.slice(1) : digits;
	const value = BigInt(octal);
	return negative ? -value : value;
}

/** The value of a text that `resolvePlain` calls a float. */
export function parseFloatText(text: string): number {
	const plain = text.replaceAll('_', '');
	if (/^[-+]?\.inf$/i.test(plain)) return plain.startsWith('-') ? -Infinity : Infinity;
	if (/^\.nan$/i.test(plain)) return NaN;
	return Number(plain);
}

/**
 * Whether go-yaml 3 writes a text of several lines as a block that it cannot read again: it gives an indicator of the indentation for spaces
 * and line breaks at the beginning, and not for a tab (`yaml_emitter_write_block_scalar_hints`). With spaces at the end of a line, or with
 * what YAML does not print, it takes quotes.
 */
export function isUnreadableBlock(text: string): boolean {
	return text.startsWith('\t') && !/ (?=[\n\u0085\u2028\u2029]|$)/.test(text) && !UNPRINTABLE.test(text);
}

const UNPRINTABLE = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/;

/**
 * A timestamp in RFC 3339 with nanoseconds, as Go's `encoding/json` writes it; nothing where the text is none of the four formats
 * that go-yaml tries (`parseTimestamp`), or no day that exists.
 */
export function parseTimestamp(text: string): string | undefined {
	const parts = TIMESTAMP.exec(text);
	if (!parts) return undefined;
	const [, year, month, day, separator, hour, minute, second, fraction, zone, sign, zoneHour, zoneMinute] = parts;
	if (separator !== undefined && (separator === ' ') !== (zone === undefined)) return undefined;
	if (Number(month) < 1 || Number(month) > 12 || Number(day) < 1) return undefined;
	if (Number(day) > daysIn(Number(year), Number(month))) return undefined;
	if (Number(hour ?? 0) > 23 || Number(minute ?? 0) > 59 || Number(second ?? 0) > 59) return undefined;
	if (Number(zoneHour ?? 0) > 24 || Number(zoneMinute ?? 0) > 60) return undefined;
	const two = (number: string | undefined): string => (number ?? '').padStart(2, '0');
	const nanoseconds = (fraction ?? '').slice(0, 9).replace(/0+$/, '');
	const utc = zone === undefined || zone === 'Z' || (Number(zoneHour) === 0 && Number(zoneMinute) === 0);
	return (
		`${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}` +
		(nanoseconds ? `.${nanoseconds}` : '') +
		(utc ? 'Z' : `${sign}${zoneHour}:${zoneMinute}`)
	);
}

function daysIn(year: number, month: number): number {
	if (month !== 2) return [4, 6, 9, 11].includes(month) ? 30 : 31;
	return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

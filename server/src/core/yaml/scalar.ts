/**
 * What a plain YAML scalar means. The rules are those of go-yaml 3 (`resolve` in resolve.go), since every tool
 * that reads these files is written with it: `yes` and `on` are strings, `0777` is an integer, `2020-01-01` a timestamp.
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

const INTEGER = /^[-+]?(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)$/;
const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
const TIMESTAMP =
	/^(\d{4})-(\d{1,2})-(\d{1,2})([Tt ]\s*(\d{1,2}):(\d{1,2}):(\d{1,2})(\.\d+)?\s*(Z|[-+]\d{1,2}(:\d{2})?)?)?$/;

const MAX_INT64 = (1n << 64n) - 1n;
const MIN_INT64 = -(1n << 63n);

/** The tag of a plain scalar that carries none of its own. */
export function resolvePlain(text: string): Tag {
	const word = WORDS.get(text);
	if (word) return word;
	if (!/^[-+.0-9]/.test(text)) return '!!str';
	if (isTimestamp(text)) return '!!timestamp';
	const plain = text.startsWith('.') ? text : text.replaceAll('_', '');
	if (INTEGER.test(plain)) {
		const value = parseInteger(plain);
		return value >= MIN_INT64 && value <= MAX_INT64 ? '!!int' : '!!float';
	}
	return FLOAT.test(plain) ? '!!float' : '!!str';
}

/** The value of a text that `resolvePlain` calls an integer. */
export function parseInteger(text: string): bigint {
	const plain = text.replaceAll('_', '');
	const negative = plain.startsWith('-');
	const digits = plain.replace(/^[-+]/, '');
	const octal = /^0[0-7]+$/.test(digits) ? '0o' + digits.slice(1) : digits;
	const value = BigInt(octal);
	return negative ? -value : value;
}

/** The value of a text that `resolvePlain` calls a float. */
export function parseFloatText(text: string): number {
	const plain = text.startsWith('.') ? text : text.replaceAll('_', '');
	if (/^[-+]?\.inf$/i.test(plain)) return plain.startsWith('-') ? -Infinity : Infinity;
	if (/^\.nan$/i.test(plain)) return NaN;
	return Number(plain);
}

/** Whether the text is one of the four date formats that go-yaml tries, and a day that exists. */
function isTimestamp(text: string): boolean {
	const parts = TIMESTAMP.exec(text);
	if (!parts) return false;
	const [, year, month, day, time, hour, minute, second] = parts;
	const days = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
	if (Number(month) < 1 || Number(month) > 12 || Number(day) < 1 || Number(day) > days) return false;
	return time === undefined || (Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60);
}

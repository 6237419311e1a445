/** Scalars that parsers, printers and people disagree about, and a generator of more of them. */
import type { Random } from '../../scripts/bench/random.mjs';

/** As they stand in YAML, without quotes. */
export const NASTY: readonly string[] = [
	...[
		'',
		'~',
		'null',
		'Null',
		'NULL',
		'nUll',
		'true',
		'True',
		'TRUE',
		'tRue',
		'false',
		'yes',
		'Yes',
		'no',
		'NO',
		'on',
		'Off',
		'y',
		'Y',
		'n',
		'N',
	],
	...[
		'0',
		'-0',
		'+0',
		'1',
		'-1',
		'+1',
		'007',
		'010',
		'0o17',
		'0O17',
		'0x1F',
		'0X1f',
		'-0x10',
		'0b101',
		'-0b1',
		'1_000',
		'_1',
		'1_',
		'0x_1',
	],
	...[
		'9223372036854775807',
		'9223372036854775808',
		'18446744073709551615',
		'18446744073709551616',
		'-9223372036854775809',
		'1'.repeat(60),
	],
	...[
		'1.0',
		'1.',
		'.5',
		'-.5',
		'+.5',
		'1e3',
		'1E3',
		'1e+3',
		'1e-3',
		'1.5e300',
		'1e400',
		'1e',
		'e1',
		'0.1',
		'00.1',
		'1_0.5',
		'.inf',
		'-.inf',
		'+.Inf',
		'.NaN',
		'.nan',
		'nan',
		'inf',
		'1.10',
		'1000000.0',
		'0.000001',
		'1e21',
		'123456789.125',
	],
	...[
		'190:20:30',
		'1:30',
		'12:30:45',
		'2001-12-14',
		'2001-12-14t21:59:43.10-05:00',
		'2001-12-14 21:59:43.10 -5',
		'2001-1-1',
		'2001-13-45',
		'2020-01-01T00:00:00Z',
	],
	...[
		'=',
		'<<',
		'-',
		'--',
		'---',
		'...',
		'?',
		':',
		',',
		'.',
		'..',
		'*',
		'&',
		'!',
		'%',
		'@',
		'`',
		'|',
		'>',
		'#',
		"'",
		'"',
		'{',
		'}',
		'[',
		']',
		'{}',
		'[]',
		'- a',
		'a: b',
		'a:',
		':a',
		'a #b',
		'a#b',
		'#a',
		'? a',
		'!a',
		'&a',
		'*a',
		'@a',
		'`a',
		'%a',
		'>a',
		'|a',
		"'a'",
		'"a"',
		"it's",
		'a"b',
		'a\\b',
		'a,b',
		'[a',
		'a]',
		'{a',
		'a}',
	],
	...[
		'é',
		'ä\u0308',
		'\u00a0',
		'\u2028',
		'\ufeff',
		'\u200b',
		'\u0085',
		'日本',
		'😀',
		'\u{1f468}\u200d\u{1f469}',
		'\u0301',
		'\u061c',
		'\u{10ffff}',
		'\ufffd',
		'\u007f',
	],
	...[
		'$(X)',
		'${X}',
		'$$',
		'{{ .x }}',
		'a b',
		'a  b',
		'nginx:1.2@sha256:00',
		'a/b',
		'~1',
		'a~0b',
		'/',
		'a.b',
		'x'.repeat(90),
		'word '.repeat(30).trim(),
		`${'x'.repeat(130)} y`,
	],
];

/** Whole values in flow or plain style, to stand where another value stood. */
export const NASTY_VALUES: readonly string[] = [
	...NASTY,
	...[
		'{a: 1}',
		'[a, b]',
		'[]',
		'{}',
		'[[]]',
		'{a: {b: {c: [1, {d: null}]}}}',
		'[null]',
		'{a: }',
		'{"a": "b"}',
		'{name: x}',
		'[{name: x}]',
		"''",
		'""',
		"' '",
		'"\\n"',
		'"\\t"',
		'"\\u00e9"',
		'"\\x41"',
		'"a\\\n  b"',
	],
	...[
		'!!str 1',
		'!!int "1"',
		'!!bool yes',
		'!!null ""',
		'!!float 1',
		'!!binary aGk=',
		'!!binary not base64',
		'!!timestamp 2001-01-01',
		'!local x',
		'!!map {a: 1}',
		'!!seq [1]',
		'!!set {a, b}',
		'! x',
		'!!str',
		'!!str {a: 1}',
	],
	...['&x 1', '*x', '&a [*a]', '*undefined', '|\n  literal\n', '>\n  folded\n', '|-\n    x\n'],
];

const LETTERS = [
	'a',
	'b',
	'Z',
	'0',
	'1',
	'9',
	'_',
	'-',
	'.',
	' ',
	' ',
	'  ',
	':',
	': ',
	'#',
	' #',
	',',
	'{',
	'}',
	'[',
	']',
	'"',
	"'",
	'\\',
	'/',
	'&',
	'*',
	'!',
	'|',
	'>',
	'%',
	'@',
	'`',
	'?',
	'=',
	'~',
	'$',
	'e',
	'x',
	'word',
	'é',
	'😀',
	'\u00a0',
	'\u0085',
	'\u2028',
	'\ufeff',
	'\u200b',
	'日',
];
const BREAKS = [
	'\n',
	'\n\n',
	'\n ',
	' \n',
	'\t',
	'\n  - ',
	'\n---\n',
	'\r\n',
	'\r',
	'\n#',
	'\u0000',
	'\u0007',
	'\u001b',
];

/** Any text: short or long, one line or several. */
export function randomText(random: Random): string {
	const letters =
		random.next() < 0.4
			? [...LETTERS, ...BREAKS]
			: random.next() < 0.3
				? ['word ', 'of ', 'x', '\n', 'more ']
				: LETTERS;
	const length = random.next() < 0.2 ? 20 + random.below(120) : random.below(12);
	return Array.from({ length }, () => random.of(letters)).join('');
}

/**
 * Breaks of lines in YAML 1.1, which stay what they are where lines are joined. Strata knows that they end lines, and no more: nobody
 * writes them without an escape.
 */
export const SEPARATORS = /[\u0085\u2028\u2029]/g;

/**
 * A quote that nothing closes on its line. Kustomize reads on to the next quote, wherever that is; Strata reads on as far as lines are
 * indented, as YAML has it, and says which quote is not closed.
 */
const OPEN_QUOTE = /^(?:"(?:[^"\\]|\\.)*|'(?:[^']|'')*)$/;

/** The text of a plain scalar, with something before such a quote. */
export function closed(text: string): string {
	return OPEN_QUOTE.test(text) ? `a${text}` : text;
}

/** A scalar in one of YAML's five styles, as text that stands behind `key: ` at the given indentation (in spaces). */
export function scalarSource(random: Random, indent: number): string {
	const any = random.next() < 0.5 ? random.of(NASTY) : randomText(random);
	const style = random.below(5);
	const text = style === 2 ? any : any.replace(SEPARATORS, '');
	const pad = ' '.repeat(indent + 2);
	switch (style) {
		case 0:
			return closed(text.replace(/[\n\r\t\0-\x1f]/g, ' '));
		case 1:
			return `'${text
				.replace(/[\0-\x08\x0b-\x1f]/g, '')
				.replaceAll("'", "''")
				.replace(/\n/g, `\n\n${pad}`)}'`;
		case 2:
			return quoted(text);
		default: {
			const lines = text.replace(/[\0-\x08\x0b-\x1f]/g, '').split('\n');
			const header = `${random.of(['|', '>'])}${/^\s/.test(text) || text.trim() === '' ? '2' : ''}${random.of(['', '-', '+'])}`;
			return `${header}\n${lines.map(line => (line === '' && random.next() < 0.8 ? '' : pad + line)).join('\n')}`;
		}
	}
}

/** In double quotes, with nothing in it that ends a line for YAML 1.1. */
export function quoted(text: string): string {
	return JSON.stringify(text).replace(
		/[\u007f-\u009f\u2028\u2029]/g,
		character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
	);
}

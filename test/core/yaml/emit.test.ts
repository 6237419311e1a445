import { describe, expect, test } from 'vitest';
import { formatPath, pathOf } from '../../../server/src/core/base/address';
import { readContent } from '../../../server/src/core/yaml/content';
import { emitLines, emitText } from '../../../server/src/core/yaml/emit';
import type { Node } from '../../../server/src/core/yaml/node';
import { parseSyntax } from '../../../server/src/core/yaml/syntax';

// What `kubectl kustomize` (5.8.1) prints for the same field, found by asking it.

function read(text: string): Node {
	const [document] = readContent(parseSyntax(text), { file: '/r.yaml', step: 'resource' });
	return document!.root!;
}

describe('scalars are written as go-yaml 2 writes what JSON held', () => {
	test.each([
		['1.0', '1'],
		['1.10', '1.1'],
		['010', '8'],
		['0o17', '15'],
		['0b-1', '-1'],
		['0888', '888'],
		['1_000', '1000'],
		['.1_0', '0.1'],
		['.1__0', '.1__0'],
		['123456789012.5', '1.234567890125e+11'],
		['100000.5', '100000.5'],
		['18446744073709551615', '18446744073709551615'],
		['18446744073709551616', '1.8446744073709552e+19'],
		['-9223372036854775809', '-9.223372036854776e+18'],
		['1e20', '1e+20'],
		['1e15', '1000000000000000'],
		['0.00001', '1e-05'],
		['1e400', '1e400'],
		['2020-01-01', '"2020-01-01T00:00:00Z"'],
		['2020-1-1', '"2020-01-01T00:00:00Z"'],
		['2001-12-14t21:59:43.10-05:00', '"2001-12-14T21:59:43.1-05:00"'],
		['2001-12-14 21:59:43.10 -5', '2001-12-14 21:59:43.10 -5'],
		['2020-02-30', '2020-02-30'],
		['~', 'null'],
		['TRUE', 'true'],
		['yes', '"yes"'],
		['"y"', '"y"'],
		["'1:20'", '"1:20"'],
		['"<<"', '<<'],
		['!!int "5"', '5'],
		['!!float 3', '3'],
		['!!binary aGVsbG8=', 'hello'],
		['!custom x', 'x'],
		['"😀"', '"\\U0001F600"'],
		['"é"', 'é'],
		['"a\\tb"', '"a\\tb"'],
		['" a"', "' a'"],
		['"a: b"', "'a: b'"],
		['"a:b"', 'a:b'],
		['"- a"', "'- a'"],
		['"-a"', '-a'],
		['"a #b"', "'a #b'"],
		['"\'"', "''''"],
		['"@a"', "'@a'"],
		['""', '""'],
		['"\\u00a0"', '\u00a0'],
		['"a\\u0085b"', 'a b'],
		['"\\ufeffa"', '"\\uFEFF\\x61"'],
		['{}', '{}'],
		['[]', '[]'],
	])('%s is printed as %s', (source, printed) => {
		expect(emitText(read(`a: ${source}\n`))).toBe(`a: ${printed}\n`);
	});
});

describe('blocks', () => {
	test('a block of text is literal, with the hints it needs', () => {
		expect(emitText(read('a: "x\\ny"\nb: "x\\n"\nc: "x\\n\\n"\nd: " x\\ny"\n'))).toBe(
			'a: |-\n  x\n  y\nb: |\n  x\nc: |+\n  x\n\nd: |2-\n   x\n  y\n',
		);
	});
	test('a space before a line break, or at the end, forces double quotes', () => {
		expect(emitText(read('a: "x \\ny"\nb: "x\\ny "\n'))).toBe('a: "x \\ny"\nb: "x\\ny "\n');
	});
	test('go-yaml 3 does not read a folded block as it wrote it', () => {
		expect(emitText(read('a: >-\n  a\n   b\n  c\n'))).toBe('a: |-\n  a\n\n   b\n  c\n');
	});
	test('lines are folded behind column 80, words and runs of spaces kept whole', () => {
		const words = 'word '.repeat(20).trim();
		expect(emitText(read(`a: ${words}\n`))).toBe(`a: ${'word '.repeat(16).trim()}\n  word word word word\n`);
		expect(emitText(read(`a: "${words}: x"\n`))).toBe(`a: '${'word '.repeat(16).trim()}\n  word word word word: x'\n`);
		expect(emitText(read(`a: "${'x'.repeat(90)}  y"\n`))).toBe(`a: ${'x'.repeat(90)}  y\n`);
	});
});

describe('collections', () => {
	test('keys sort naturally', () => {
		const keys = ['a10', 'a2', 'A', 'b', 'a', '10', '9', 'a_b', 'a-b', 'a.b', 'é', '_', 'a01', 'a1'];
		const text = keys.map(key => `"${key}": 0\n`).join('');
		expect(emitText(read(text)).replaceAll(': 0', '').replaceAll('"', '').trim().split('\n')).toEqual([
			'_',
			'9',
			'10',
			'A',
			'a',
			'a-b',
			'a.b',
			'a_b',
			'a1',
			'a01',
			'a2',
			'a10',
			'b',
			'é',
		]);
	});
	test('lists are not indented below a key, and are in a list', () => {
		expect(emitText(read('a: [1, {c: 2, b: [3]}, [4, [5]]]\n'))).toBe('a:\n- 1\n- b:\n  - 3\n  c: 2\n- - 4\n  - - 5\n');
	});
	test('a key of more than 128 bytes does not share its line with its value', () => {
		const key = 'k'.repeat(129);
		expect(emitText(read(`${key}: {a: [1]}\nb: 2\n`))).toBe(`b: 2\n? ${key}\n: a:\n  - 1\n`);
	});
	test('a key at the root may be of any type, elsewhere only a string', () => {
		expect(emitLines(read('1: x\n')).errors).toEqual([]);
		const { errors } = emitLines(read('a: {1: x}\n'));
		expect(errors.map(error => [formatPath(pathOf(error.link)), error.kind])).toEqual([['a.1', 'key-not-a-string']]);
	});
});

test('each line knows the node that stands on it', () => {
	const { lines } = emitLines(read('b: |\n  x\n  y\na:\n- c: 1\n  d: {}\n'));
	expect(lines.map(({ text, link }) => [text, formatPath(pathOf(link))])).toEqual([
		['a:', 'a'],
		['- c: 1', 'a[0].c'],
		['  d: {}', 'a[0].d'],
		['b: |', 'b'],
		['  x', 'b'],
		['  y', 'b'],
	]);
});

test.each([
	['.inf', 'json: unsupported value: +Inf'],
	['.nan', 'json: unsupported value: NaN'],
	['!!int abc', 'yaml: cannot decode !!str `abc` as a !!int'],
	['"\\u007f"', 'yaml: control characters are not allowed'],
])('%s cannot be printed', (source, words) => {
	expect(emitLines(read(`a: ${source}\n`)).errors.map(error => error.words)).toEqual([words]);
});

import { expect, test } from 'vitest';
import { emitStyled } from '../../../server/src/core/yaml/emit-styled';
import { parseStyled } from '../../../server/src/core/yaml/styled';

const ORIGIN = { step: 'resource', file: '/x', document: 0, link: undefined } as const;

function printed(text: string): string {
	const document = parseStyled(text, ORIGIN);
	if ('error' in document) throw new Error(document.error);
	return emitStyled(document);
}

/** What go-yaml 3 leaves as it is. */
const SAME = [
	'# top\n\na: 1\n',
	'# top\na: 1 # one\n# foot\n\n# head\nb: 2\n',
	'x:\n  y: 1\n  # in\n# out\na: 1\n',
	'a: 1\nx: # c\n  y: 2\n',
	'a: |\n  lit\n   eral\nw: |+\n  k\n\nv: end\n',
	"s: 'it''s'\nd: \"q\"\nf: {a: 1, b: [x, 'y']}\ne: {}\n",
	'"q k": 1\ns: !!str 5\nc: !foo bar\nn: ~\n',
	'base: &b\n  k: v\nuse: *b\n',
	'- - 1\n  - 2\n- {a: b}\n- x: 1 # i\n  # j\n  y: 2\n# k\n- q\n',
];

test.each(SAME)('%j stays as it is', text => {
	expect(printed(text)).toBe(text);
});

test.each([
	['a:\n    deep:\n        - x\n        -   y: 1\n', 'a:\n  deep:\n  - x\n  - y: 1\n'],
	['a: 1\n\n\n# mid\n\nb: 2\n', 'a: 1\n# mid\nb: 2\n'],
	['l:\n  - one   # c\n# foo\ns: "3"\n', 'l:\n- one # c\n# foo\ns: "3"\n'],
	['m: x\n  y\n', 'm: x y\n'],
	['use:\n  <<: *b\n', 'use:\n  !!merge <<: *b\n'],
])('%j comes out as %j', (text, expected) => {
	expect(printed(text)).toBe(expected);
});

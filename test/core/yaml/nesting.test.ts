/** How deep a text may be: what nests counts, not what looks like it. */
import { expect, test } from 'vitest';
import { parseSyntax } from '../../../server/src/core/yaml/syntax';

const faults = (text: string) =>
	parseSyntax(text).documents.flatMap(({ errors }) => errors.map(({ message }) => message));

test.each([
	['brackets in quoted texts', '- "a: ["\n'.repeat(2000)],
	['braces in blocks of text', `a: |\n${'  if (x) {\n'.repeat(2000)}`],
	['brackets in plain texts', 'a:\n' + '  - b[0\n'.repeat(2000)],
	['brackets in comments', `${'# [\n'.repeat(2000)}a: 1\n`],
	['a block of text that is indented far', `a: |\n  a\n${' '.repeat(2000)}b\n`],
	['four hundred levels of flow', `a: ${'['.repeat(400)}${']'.repeat(400)}\n`],
	['four hundred levels of blocks', Array.from({ length: 400 }, (_, i) => `${' '.repeat(i)}a:\n`).join('')],
])('%s are read', (_, text) => {
	expect(faults(text)).toEqual([]);
});

test.each([
	['lists', '['.repeat(200_000)],
	['maps', '{a: '.repeat(200_000)],
	['lists that end', '['.repeat(200_000) + ']'.repeat(200_000)],
	['dashes', '- '.repeat(200_000)],
	['question marks', '? '.repeat(200_000)],
	['blocks', Array.from({ length: 1500 }, (_, i) => `${' '.repeat(i)}a:\n`).join('')],
])('%s beyond any stack are refused', (_, text) => {
	expect(faults(`${text}\n`)).toEqual([expect.stringContaining('nested deeper than 500 levels')]);
});

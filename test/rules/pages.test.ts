/**
 * Every code has a page, and the examples on the pages are tests: a block ```repo bad``` gives exactly what its comments say, the
 * page's own code among it; a block ```repo good``` gives nothing.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CODES } from '../../server/src/core/rules/registry';
import { analyse, diagnostics, expected } from '../support/check';

const PAGES = resolve(__dirname, '../../docs/rules');

function* pages(directory: string): Generator<string> {
	for (const name of readdirSync(directory).sort()) {
		const path = join(directory, name);
		if (statSync(path).isDirectory()) yield* pages(path);
		else if (name.endsWith('.md') && name !== 'README.md') yield path;
	}
}

test('every code has a page, and every page a code', () => {
	const codes = [...pages(PAGES)].map(page => relative(PAGES, page).replace(/\.md$/, ''));
	expect(codes).toEqual(CODES.map(({ code }) => code).sort());
});

test('the index lists every code with its severity', () => {
	const index = existsSync(join(PAGES, 'README.md')) ? readFileSync(join(PAGES, 'README.md'), 'utf8') : '';
	const rows = CODES.filter(({ code, severity }) => !index.includes(`[${code}](${code}.md) | ${severity} |`));
	expect(rows.map(({ code }) => code)).toEqual([]);
});

for (const page of pages(PAGES)) {
	const code = relative(PAGES, page).replace(/\.md$/, '');
	const blocks = [...readFileSync(page, 'utf8').matchAll(/^```repo (bad|good)\n([^]*?)^```$/gm)];
	describe(code, () => {
		test.each(blocks.map(([, kind, text], i) => [`${kind} example ${i + 1}`, kind!, text!] as const))(
			'%s',
			(_, kind, text) => {
				const analysed = analyse(text);
				const wanted = expected(analysed.fixture);
				const found = diagnostics(analysed);
				const missing = wanted.filter(
					({ line, code: of, text: under }) =>
						!found.some(each => each.startsWith(`${line} ${of} ${under === undefined ? '' : JSON.stringify(under)}`)),
				);
				expect({ missing, count: found.length, found }).toEqual({ missing: [], count: wanted.length, found });
				expect(wanted.some(each => each.code === code)).toBe(kind === 'bad');
			},
		);
	});
}

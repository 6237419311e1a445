/**
 * Every code has a page, and the examples on the pages are tests: a block ```repo bad``` gives exactly what its comments say, the
 * page's own code among it; a block ```repo good``` gives nothing else than its comments say, and not the page's own code.
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
	expect(codes.sort()).toEqual(CODES.map(({ code }) => code).sort());
});

test('the index lists every code with its severity (scripts/rule-index.mjs writes it)', () => {
	const index = existsSync(join(PAGES, 'README.md')) ? readFileSync(join(PAGES, 'README.md'), 'utf8') : '';
	const rows = [...index.matchAll(/^\| (\[.*?\]\(.*?\)) \| (\w+) \|/gm)].map(
		([, link, severity]) => `${link} ${severity}`,
	);
	expect(rows.sort()).toEqual(CODES.map(({ code, severity }) => `[${code}](${code}.md) ${severity}`).sort());
});

/** What no small repository of text files can show; each page says why. */
const WITHOUT_EXAMPLE: readonly string[] = [
	'helm/chart-archive-refused',
	'kustomize/duplicate-key',
	'kustomize/outside-root',
	'kustomize/unreadable-file',
	'policy/rego',
	'schema/field-of-newer-release',
	'sealed-secret/bad-certificate',
	'sealed-secret/certificate-expired',
	'sealed-secret/certificate-expires',
	'sealed-secret/key-rotated',
	'sealed-secret/certificate-not-yet-valid',
	'sealed-secret/cannot-open',
	'sealed-secret/scope-drift',
	'sealed-secret/wrong-key',
	'tree/search-ended',
	'yaml/binary',
	'yaml/too-large',
	'kustomize/too-large',
];

test('every page has its parts, and a bad and a good example where there can be one', () => {
	const lacking = CODES.flatMap(({ code, severity }) => {
		const text = readFileSync(join(PAGES, `${code}.md`), 'utf8');
		const title = `# ${code}\n\n**${severity.charAt(0).toUpperCase()}${severity.slice(1)}.** `;
		const headings = ['What it finds', 'Why it matters', 'How to fix it', 'Example'];
		const parts = [...headings.map(heading => `\n\n## ${heading}\n\n`), ...examplesOf(code)];
		return [title, ...parts].filter(part => !text.includes(part)).map(part => `${code}: ${part.trim()}`);
	});
	expect(lacking).toEqual([]);
});

function examplesOf(code: string): readonly string[] {
	return WITHOUT_EXAMPLE.includes(code) ? ['## Example\n\nNo example: '] : ['```repo bad\n', '```repo good\n'];
}

for (const page of pages(PAGES)) {
	const code = relative(PAGES, page).replace(/\.md$/, '');
	const blocks = [...readFileSync(page, 'utf8').matchAll(/^```repo (bad|good)\n([^]*?)^```$/gm)];
	if (blocks.length === 0) continue;
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

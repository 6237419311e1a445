/** The trees in `examples/`, from the real disk: nothing is wrong with one of them, and with the other exactly what its README says. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { Analysis } from '../server/src/core/analysis';
import { relative } from '../server/src/core/base/paths';
import { diskSource } from '../server/src/host/disk';

const EXAMPLES = resolve(__dirname, '../examples');

/** `file:line code` of everything that is found, of whatever severity. */
function findings(name: string): string[] {
	const root = resolve(EXAMPLES, name);
	const analysis = new Analysis(diskSource());
	analysis.apply({ roots: [root] });
	return analysis
		.files()
		.flatMap(file =>
			analysis.diagnostics(file).map(({ range, code }) => {
				const before = readFileSync(file, 'utf8').slice(0, range.start);
				return `${relative(root, file)}:${before.split('\n').length} ${code}`;
			}),
		)
		.sort();
}

test('nothing is found in fleet', () => {
	expect(findings('fleet')).toEqual([]);
});

test('in broken is found what the table in its README says, and nothing else', () => {
	const readme = readFileSync(resolve(EXAMPLES, 'broken/README.md'), 'utf8');
	const rows = [...readme.matchAll(/^\|.*\| `(clusters\/[^`]+:\d+)` \|.*\(`([a-z-]+\/[a-z-]+)`\) \|.*\|$/gm)];
	expect(rows).toHaveLength(9);
	expect(findings('broken')).toEqual(rows.map(([, place, code]) => `${place} ${code}`).sort());
});

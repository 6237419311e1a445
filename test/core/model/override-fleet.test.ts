/** Overrides of the example tree: whatever is offered changes what was meant, and nothing else, for who starts afresh on the result. */
import { expect, test } from 'vitest';
import type { Analysis } from '../../../server/src/core/analysis';
import type { FilePath } from '../../../server/src/core/base/paths';
import { after, analysisOf, exampleFiles } from '../../support/examples';
import { ROOT } from '../../support/fixture';

/** What each environment renders, without the hashes of generated names, nor the data that a release reads. */
function renderings(analysis: Analysis): Map<string, string[]> {
	return new Map(
		analysis.entryPoints().map(({ id }) => {
			const text = analysis.render(id)!.text.replace(/-[bcdfghkmt24-9]{10}$/gm, '');
			return [id, text.split('\n')];
		}),
	);
}

/** Places of values in base files: every scalar behind a key, by file. */
function* scalarsIn(files: ReadonlyMap<FilePath, string>): Generator<{ file: FilePath; offset: number; text: string }> {
	for (const [file, text] of files) {
		if (
			!file.startsWith(`${ROOT}/clusters/base/`) ||
			!file.endsWith('.yaml') ||
			/\/(examples|sealed-secrets)\//.test(file)
		)
			continue;
		for (const match of text.matchAll(/^[ -]*[\w./-]+: (?=[^\s|>&*{[])(.+)$/gm)) {
			yield { file, offset: match.index + match[0].length - 1, text: match[1]! };
		}
	}
}

/** Another value of the same type. */
function other(value: string): string {
	if (/^\d+$/.test(value)) return String(Number(value) + 1);
	if (value === 'true' || value === 'false') return String(value !== 'true');
	if (value.startsWith('"')) return JSON.stringify(`${JSON.parse(value)}x`);
	return `${value.replace(/ *#.*$/, '')}x`;
}

test('of every 29th value of the bases', { timeout: 180_000 }, () => {
	const files = exampleFiles('fleet');
	const analysis = analysisOf(files);
	const before = renderings(analysis);
	const all = [...scalarsIn(files)];
	expect(all.length).toBeGreaterThan(200);
	const outcomes = { changed: 0, refused: 0 };
	for (const { file, offset, text } of all.filter((_, index) => index % 29 === 0)) {
		const found = analysis.overridable(file, offset);
		if (!found?.environments.some(({ name }) => name === 'production')) continue;
		const result = analysis.override(file, offset, { production: other(text) });
		if (result.kind === 'refused') {
			outcomes.refused++;
			continue;
		}
		outcomes.changed++;
		const fresh = analysisOf(after(files, result.change));
		for (const [id, lines] of renderings(fresh)) {
			const was = before.get(id)!;
			const differing = lines.filter((line, index) => line !== was[index]);
			const isProduction = id.includes('/clusters/production/');
			expect({ file, text, id, differing }).toSatisfy(() => isProduction || differing.length === 0);
		}
		const failed = fresh.outline().entryPoints.filter(entry => entry.failed);
		expect(failed).toEqual([]);
	}
	expect(renderings(analysis)).toEqual(before);
	expect(outcomes.changed).toBeGreaterThan(outcomes.refused);
});

/** What is said of an edited file once its builds are done again, before the rest of the tree has been looked at. */
import { expect, test } from 'vitest';
import { makeTree } from '../../scripts/bench/tree.mjs';
import { Analysis } from '../../server/src/core/analysis';
import type { Diagnostic } from '../../server/src/core/ide/results';
import { allSteps } from '../../server/src/core/base/steps';
import { helmTree } from '../bench/helm-tree';
import { NOW } from '../support/check';
import { memorySource } from '../support/fixture';

const ROOT = '/repo';

/** What entry points find themselves, of all that is found in the two trees. */
const OF_ENTRIES = /^(schema|kustomize)\/|^helm\/(values-(rejected|unknown-key|wrong-type|schema)|.*-not-found)/;

const shown = (all: readonly Diagnostic[]) =>
	all
		.map(({ code, range, message, environments }) => `${code} ${range.start} ${message} ${environments.join()}`)
		.sort();

test.each([
	['with a shared base', makeTree({ files: 60, seed: 5 })],
	['of HelmReleases', helmTree(1)],
])('in a tree %s all that the builds find is said as it will be, and nothing that will be taken back', (_, tree) => {
	const files = new Map([...tree].map(([file, text]) => [`${ROOT}/${file}`, text]));
	const analysis = new Analysis(memorySource(files));
	analysis.apply({ roots: [ROOT], now: NOW });
	const [any] = files.keys();
	expect(allSteps(analysis.diagnosticsSoon(any!))).toBeUndefined();
	analysis.files();
	let found = 0;
	for (const [file, text] of files) {
		if (!file.endsWith('.yaml')) continue;
		let last = analysis.diagnostics(file);
		for (const [what, by] of [
			[/: (\d+)$/m, ': [wrong]'],
			[/^( +)(\w+): /m, '$1$2x: '],
			[/\.yaml$/m, '-gone.yaml'],
		] as const) {
			const changed = text.replace(what, by);
			if (changed === text) continue;
			analysis.apply({ texts: new Map([[file, changed]]) });
			const soon = allSteps(analysis.diagnosticsSoon(file))!;
			const all = analysis.diagnostics(file);
			expect(shown(all.filter(({ code }) => OF_ENTRIES.test(code)))).toEqual(
				shown(soon.filter(({ code }) => OF_ENTRIES.test(code))),
			);
			// All else is what was found last, wherever that stands by now.
			const known = new Set([...last, ...all].map(({ code, message }) => `${code} ${message}`));
			expect(soon.filter(({ code, message }) => !known.has(`${code} ${message}`))).toEqual([]);
			last = all;
			found += soon.filter(({ code }) => OF_ENTRIES.test(code)).length;
		}
		analysis.apply({ texts: new Map([[file, undefined]]) });
	}
	expect(found).toBeGreaterThan(20);
});

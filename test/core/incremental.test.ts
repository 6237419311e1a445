/** Invariant I7: after any edits, moves and branches, the answers equal those of a fresh start on the same files. */
import { expect, test } from 'vitest';
import { Random } from '../../scripts/bench/random.mjs';
import { makeTree } from '../../scripts/bench/tree.mjs';
import { helmTree } from '../bench/helm-tree';
import { RandomSession } from '../support/random-session';

test.each([1, 2, 3])(
	'a random session (seed %i) ends with the diagnostics of a fresh start',
	seed => {
		const session = new RandomSession(makeTree({ files: 120, seed }), new Random(seed));
		const before = session.diagnostics();
		// The tree's environments set all that they set in common to values of their own.
		expect(before.filter(each => !each.includes('base/overridden-everywhere'))).toEqual([]);
		for (let i = 1; i <= 80; i++) {
			session.step();
			if (i % 20 === 0) expect(session.differencesToFresh(), `after ${i} steps`).toEqual([]);
		}
		session.restore();
		expect(session.diagnostics()).toEqual(before);
	},
	120_000,
);

test.each([4, 5])(
	'a random session among HelmReleases (seed %i) ends with the diagnostics of a fresh start',
	seed => {
		const session = new RandomSession(helmTree(3), new Random(seed));
		for (let i = 1; i <= 60; i++) {
			session.step();
			if (i % 20 === 0) expect(session.differencesToFresh(), `after ${i} steps`).toEqual([]);
		}
	},
	120_000,
);

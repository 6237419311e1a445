/** Invariant I7: after any edits, moves and branches, the answers equal those of a fresh start on the same files. */
import { expect, test } from 'vitest';
import { Random } from '../../scripts/bench/random.mjs';
import { makeTree } from '../../scripts/bench/tree.mjs';
import { RandomSession } from '../support/random-session';

test.each([1, 2, 3])(
	'a random session (seed %i) ends with the diagnostics of a fresh start',
	seed => {
		const session = new RandomSession(makeTree({ files: 120, seed }), new Random(seed));
		for (let i = 1; i <= 80; i++) {
			session.step();
			if (i % 20 === 0) expect(session.differencesToFresh(), `after ${i} steps`).toEqual([]);
		}
		session.restore();
		expect(session.diagnostics()).toEqual([]);
	},
	120_000,
);

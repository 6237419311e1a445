/** What a rule is. Each stands in a file of its own, is listed in `registry.ts`, and has a page under `docs/rules/`. */
import type { CodeInfo, Problem } from '../base/problem';
import type { Pieces } from '../base/pieces';
import type { Database } from '../base/query';
import type { Steps } from '../base/steps';

/** A problem, and the environments in which it holds; none where it is about the sources themselves. */
export interface Finding extends Problem {
	readonly environments?: readonly string[];
}

export interface Rule extends CodeInfo {
	/** Looks at the whole tree, in steps where that takes long; parts that are costly are queries of their own. */
	readonly check: (db: Database) => readonly Finding[] | Steps<readonly Finding[]>;
	/** The costly parts of `check`, each remembered when it was run: where there are many, nobody has to wait for all of them in one go. */
	readonly pieces?: (db: Database) => Pieces;
}

/** What is found in what one entry point builds: faults of the build, of its releases, its sealed secrets, and by the schemas. */
import type { Problem } from '../base/problem';
import type { Database } from '../base/query';
import { fluxOutlines } from '../gitops/flux/graph';
import { sealedSecretProblems } from '../gitops/secrets/sealed-secret';
import { chartedReleases } from '../model/charts';
import type { Entry } from '../model/cluster-tree';
import { buildOf, perEntry } from '../model/entries';
import { sealedSecretContext } from '../model/sealing-proof';
import { isOfUnknownKind, schemaProblems } from '../model/schemas';
import { atItsUse } from './shared-faults';

/** What an entry point's build, and judging what it gives, finds. */
export const entryFindings = perEntry<readonly Problem[]>('entryFindings', [], (db, entry) => {
	const { problems, resources, failed } = buildOf(db, entry);
	return [
		...problems,
		...chartedReleases(db, entry).flatMap(({ release, check }) => [
			// A generator that fails leaves its keys out.
			...release.problems.filter(({ code }) => !failed || code !== 'helm/values-key-not-found'),
			...check.problems,
		]),
		...sealedSecretProblems(resources, sealedSecretContext(db, entry.environment)),
		// Of an unknown kind the charts of the environment may know.
		...schemaProblems(db, resources, entry.environment).filter(problem => entry.setAside || !isOfUnknownKind(problem)),
	];
});

/** The same where and as loudly as they are told, in a tree with these environments of which not everything is known. */
export function toldOfEntry(db: Database, entry: Entry, halfKnown: ReadonlySet<string>): readonly Problem[] {
	// What a broken cluster would have brought may be patched on its way there.
	const isOutside = entry.flux === undefined && halfKnown.has(entry.environment) && fluxOutlines(db).length > 0;
	return entryFindings(db, entry).map(found => {
		const problem = atItsUse(db, entry, found, other => entryFindings(db, other));
		return entry.setAside || (isOutside && !problem.fatal) ? quieter(problem) : problem;
	});
}

/** Of what nobody applies, the faults are worth knowing and no more. */
function quieter(problem: Problem): Problem {
	return problem.severity === 'error' || problem.severity === 'warning'
		? { ...problem, severity: 'information' }
		: problem;
}

/**
 * Fixes that have been tried: each is made in a scratch state of the tree before anybody is offered it. Those of the tree's order must leave
 * what every environment renders as it is; all must break nothing that works, and those of a failing build must mend it.
 */
import type { Fix } from '../base/problem';
import type { Database } from '../base/query';
import { clusterTree } from '../model/cluster-tree';
import { effectOf } from '../model/differences';
import { sourceChange } from '../workspace/edits';
import { MAKERS } from './fixes/makers';
import { entryFindings } from './entry-findings';
import type { Finding } from './rule';

/** The fixes of a finding that do what they say. Not for use inside of a query. */
export function provenFixes(db: Database, finding: Finding): readonly Fix[] {
	const made = MAKERS.get(finding.code)?.(db, finding) ?? [];
	return [...(finding.fixes ?? []), ...made].filter(fix => isProven(db, finding, fix));
}

/** What these find is about how the sources are arranged, never about what they mean. */
const OF_ORDER = /^((overlay|base|docs|strata)\/|kustomize\/deprecated-field$)/;

/** What a fix must make go away, although nothing fails to build. */
const MENDS = /^sealed-secret\/[a-z]+-drift$/;

function isProven(db: Database, finding: Finding, { edits }: Fix): boolean {
	const change = sourceChange(db, edits);
	if (change.edits.size + change.create.size + change.delete.length === 0) return false;
	const { differences, broken, answer } = effectOf(
		db,
		change,
		() => (finding.fatal === true || MENDS.test(finding.code)) && isStillThere(db, finding),
	);
	return broken.length === 0 && !answer && (differences.length === 0 || !OF_ORDER.test(finding.code));
}

/** Whether an entry point says the same of the same file still. */
function isStillThere(db: Database, { code, at, message }: Finding): boolean {
	return db
		.get(clusterTree, '')
		.entries.some(entry =>
			entryFindings(db, entry).some(
				other => other.code === code && other.at.file === at.file && other.message === message,
			),
		);
}

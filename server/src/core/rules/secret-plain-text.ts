/** `secret/plain-text`: an overlay holds the values of a Secret for everyone to read. In a base, `secret/in-base` says so. */
import type { Address } from '../base/address';
import { ofObject } from '../base/memo';
import type { Problem } from '../base/problem';
import type { Database } from '../base/query';
import { plainSecretProblems } from '../gitops/secrets/plain-secrets';
import type { Resource } from '../kube/resource';
import { homeOf } from '../model/bases';
import { clusterTree } from '../model/cluster-tree';
import { buildOf, eachEntry, perEntry } from '../model/entries';
import type { Finding, Rule } from './rule';
import { sopsFindingsIn } from './sops-rules';

export const secretPlainText: Rule = {
	code: 'secret/plain-text',
	severity: 'warning',
	summary: 'A Secret stands in the repository in plain text.',
	pieces: db => eachEntry(db, inEntry),
	check: db => db.get(clusterTree, '').entries.flatMap(entry => inEntry(db, entry)),
};

const inEntry = perEntry<readonly Finding[]>('plainTextSecrets', [], (db, entry) => {
	const { resources } = buildOf(db, entry);
	return resources
		.flatMap(resource => problemsOf(db, resource))
		.filter(({ at }) => homeOf(db, at.file)?.role !== 'base' && !isSaidBySops(db, at));
});

/** Where a rule of `.sops.yaml` covers the values, `sops/not-encrypted` says so, and what to do about it. */
function isSaidBySops(db: Database, at: Address): boolean {
	if (!VALUES.has(at.path[0])) return false;
	return sopsFindingsIn(db, at.file).some(
		({ code, at: { document, path } }) =>
			code === 'sops/not-encrypted' && document === at.document && VALUES.has(path[0]),
	);
}

const VALUES: ReadonlySet<string | number | undefined> = new Set(['data', 'stringData']);

const problemsOf = ofObject<Resource, readonly Problem[]>(resource => {
	const found = plainSecretProblems([resource]);
	return found.length === 0 ? NOTHING : found;
});

const NOTHING: readonly Problem[] = [];

/** Environments of which something does not build: what is seen of them is not all that they have. */
import { type Database, query } from '../base/query';
import { fluxClusters } from '../gitops/flux/graph';
import { clusterTree } from './cluster-tree';
import { buildOf } from './entries';

/** The environments in which an entry point fails, or a Flux Kustomization leads nowhere. */
export function halfKnownEnvironments(db: Database): ReadonlySet<string> {
	return db.get(halfKnown, '');
}

/** What was last known of it; nobody waits for it. */
export function lastHalfKnownEnvironments(db: Database): ReadonlySet<string> {
	return db.peek(halfKnown, '') ?? new Set();
}

const halfKnown = query<ReadonlySet<string>>(
	'halfKnownEnvironments',
	db => {
		const { entries } = db.get(clusterTree, '');
		const lost = new Set(
			fluxClusters(db).flatMap(({ id, nodes }) =>
				nodes.some(({ source, built }) => source === 'here' && !built?.build) ? [id] : [],
			),
		);
		const broken = entries.filter(entry => buildOf(db, entry).failed || lost.has(entry.flux?.cluster ?? ''));
		return new Set(broken.map(({ environment }) => environment));
	},
	(a, b) => a.size === b.size && [...a].every(each => b.has(each)),
);

/** Where a field of a base ends up in an environment, and which of that environment's overlays may say something else. */
import type { Address, FieldPath } from '../../base/address';
import type { Database } from '../../base/query';
import type { Node } from '../../yaml/node';
import { homeOf } from '../bases';
import { clusterTree, type Kustomized } from '../cluster-tree';
import { buildOf } from '../entries';
import { occurrencesInTree, type Rendered } from '../subjects';

export interface OverrideTarget {
	readonly environment: string;
	/** What is rendered: an object, or the values of a HelmRelease. */
	readonly subject: Rendered;
	/** The field in it, and its present value there. */
	readonly path: FieldPath;
	readonly node: Node;
	readonly base: Kustomized;
	/** The environment's own kustomization that stands nearest to the base. */
	readonly overlay: Kustomized;
}

/** One target for each environment that has the field and an overlay; none where the place is no base's. */
export function overrideTargets(db: Database, address: Address): readonly OverrideTarget[] {
	const base = homeOf(db, address.file);
	if (!base || base.environments.length < 2) return [];
	const targets = new Map<string, OverrideTarget>();
	for (const { subject, path, node } of occurrencesInTree(db, address)) {
		const { environment } = subject.entry;
		if (environment === '' || targets.has(environment) || path.length === 0) continue;
		const overlay = overlayOf(db, base, subject);
		if (overlay) targets.set(environment, { environment, subject, path, node, base, overlay });
	}
	return [...targets.values()].sort((a, b) => (a.environment < b.environment ? -1 : 1));
}

/** The nearest on the ways up from the base that the entry point builds, and no other environment does. */
function overlayOf(db: Database, base: Kustomized, { entry }: Rendered): Kustomized | undefined {
	const { kustomized } = db.get(clusterTree, '');
	const { directories } = buildOf(db, entry);
	const seen = new Set([base]);
	for (const each of seen) {
		const isOwn =
			each.environments.length === 1 && each.links.file !== undefined && each.links.kind === 'Kustomization';
		if (isOwn) return each;
		for (const user of each.users) if (directories.has(user)) seen.add(kustomized.get(user)!);
	}
	return undefined;
}

/** Whether the field says which object this is: with another value there it would be another object. */
export function isIdentity({ subject, path }: OverrideTarget): boolean {
	return subject.kind === 'resource' && IDENTITY.has(path.join('.'));
}

const IDENTITY: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata.name', 'metadata.namespace']);

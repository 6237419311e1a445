/** Completion of names of other objects: what the environments hold of the kind that the field takes. */
import type { FilePath } from '../base/paths';
import type { Database } from '../base/query';
import { fluxCluster } from '../gitops/flux/graph';
import { kindsNamedAt } from '../kube/object-references';
import { resourceIdOf } from '../kube/resource-id';
import type { Resource } from '../kube/resource';
import { clusterTree, type Entry } from '../model/cluster-tree';
import { buildOf, entriesOf } from '../model/entries';
import { chainOf } from '../model/occurrences';
import { nodeAt, textAt } from '../yaml/node';
import type { Candidate } from './candidates';
import type { CaretDocument } from './caret-document';

/** Names for the field at the caret; none where it takes no name of an object. Those of the namespace that counts come first. */
export function objectNames(db: Database, file: FilePath, { root, path }: CaretDocument): Candidate[] {
	const kinds = kindsNamedAt(root, path);
	if (kinds.length === 0) return [];
	const id = resourceIdOf(root);
	const namespace = textAt(nodeAt(root, path.slice(0, -1)), 'namespace') ?? id.namespace;
	const own = entriesOf(db, file);
	const entries = own.length > 0 ? own : db.get(clusterTree, '').entries;
	return objectsBeside(db, entries)
		.filter(each => kinds.includes(each.id.kind) && !(each.id.kind === id.kind && each.id.name === id.name))
		.map((each): Candidate => ({
			label: nameToWrite(each),
			kind: 'reference',
			insert: nameToWrite(each),
			detail: each.id.namespace ? `${each.id.kind} in ${each.id.namespace}` : each.id.kind,
			rank: namespace === '' || each.id.namespace === namespace ? 1 : 2,
		}))
		.sort((a, b) => (a.rank ?? 5) - (b.rank ?? 5));
}

/** A name with a hash is another one tomorrow: what is written is the one that the generator has. */
function nameToWrite({ node, id, originalId }: Resource): string {
	const name = nodeAt(node, ['metadata', 'name']);
	return name && chainOf(name.origin).some(({ step }) => step === 'hash') ? originalId.name : id.name;
}

/** What the clusters of the entry points hold, and what those build that no cluster is known for. */
function objectsBeside(db: Database, entries: readonly Entry[]): readonly Resource[] {
	const clusters = new Set(entries.flatMap(({ flux }) => (flux ? [flux.cluster] : [])));
	return [
		...[...clusters].flatMap(id => fluxCluster(db, id)?.index.resources ?? []),
		...entries.filter(({ flux }) => !flux).flatMap(entry => buildOf(db, entry).resources),
	];
}

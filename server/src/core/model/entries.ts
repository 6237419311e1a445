/** What the entry points of the tree give: their builds, and the trees in which a place of the sources may end up. */
import type { Address, FieldPath } from '../base/address';
import type { FilePath } from '../base/paths';
import { type Database, query } from '../base/query';
import type { Resource } from '../kube/resource';
import { describeId } from '../kube/resource-id';
import { build, type Build } from '../kustomize/build';
import { clusterTree, type Entry } from './cluster-tree';
import { type Occurrence, occurrencesOf, type Subject } from './occurrences';

/** The build of an entry point. */
export function buildOf(db: Database, entry: Entry): Build {
	return build(db, entry.directory, { loadRestrictor: 'LoadRestrictionsNone' });
}

/** The entry points whose builds read a file, by id. */
const entriesByFile = query<ReadonlyMap<FilePath, readonly Entry[]>>('entriesByFile', db => {
	const byFile = new Map<FilePath, Entry[]>();
	for (const entry of db.get(clusterTree, '').entries) {
		for (const file of buildOf(db, entry).files) {
			const entries = byFile.get(file);
			if (entries) entries.push(entry);
			else byFile.set(file, [entry]);
		}
	}
	return byFile;
});

/** The entry points whose builds read a file, sorted by environment and directory. */
export function entriesOf(db: Database, file: FilePath): readonly Entry[] {
	return db.get(entriesByFile, '').get(file) ?? [];
}

/** Every file that some entry point's build reads. */
export function filesOfTree(db: Database): readonly FilePath[] {
	return [...db.get(entriesByFile, '').keys()].sort();
}

/** What an occurrence is found in. */
export interface Rendered {
	readonly entry: Entry;
	/** `Deployment/web in namespace shop`. */
	readonly title: string;
	readonly resource: Resource;
}

/** Where a place ends up, in each entry point that reads its file. */
export function occurrencesInTree(db: Database, address: Address): readonly Occurrence<Rendered>[] {
	return entriesOf(db, address.file).flatMap(entry => occurrencesOf(subjectsOf(db, entry), address));
}

/** The trees of an entry point: its built resources. */
export function subjectsOf(db: Database, entry: Entry): readonly Subject<Rendered>[] {
	return buildOf(db, entry).resources.map(resource => ({
		of: { entry, title: describeId(resource.id), resource },
		tree: resource.node,
	}));
}

/** Whether what stands at a path of the subject must never be shown. */
export function isSecret({ resource }: Rendered, path: FieldPath): boolean {
	return resource.id.kind === 'Secret' && (path[0] === 'data' || path[0] === 'stringData');
}

/** What the entry points of the tree give: their builds, and which files these read. */
import type { FilePath } from '../base/paths';
import { type Database, query } from '../base/query';
import { build, type Build } from '../kustomize/build';
import { clusterTree, type Entry } from './cluster-tree';

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

/** The bases of the tree, and which files are theirs. */
import { dirname, type FilePath, isWithin } from '../base/paths';
import { type Database, query } from '../base/query';
import { clusterTree, type Kustomized, sameKustomized } from './cluster-tree';

/** The directories that entries of several environments stand on, sorted. */
export function baseDirectories(db: Database): readonly Kustomized[] {
	return db.get(bases, '');
}

const bases = query<readonly Kustomized[]>('bases', db =>
	[...db.get(clusterTree, '').kustomized.values()]
		.filter(each => each.role === 'base')
		.sort((a, b) => (a.directory < b.directory ? -1 : 1)),
);

/** The kustomization file of a directory and the files that it names in or below its own directory, each once. */
export function sourceFilesOf({ directory, links }: Kustomized): readonly FilePath[] {
	const named = links.links
		.filter(link => link.kind === 'file' && isWithin(directory, link.target))
		.map(link => link.target);
	return [...new Set([...(links.file ? [links.file] : []), ...named])];
}

/** The kustomized directory that a file belongs to: its own, or the nearest above it. */
export function homeOf(db: Database, file: FilePath): Kustomized | undefined {
	return db.get(homeQuery, dirname(file));
}

const homeQuery = query<Kustomized | undefined>(
	'home',
	(db, directory) => {
		const { kustomized } = db.get(clusterTree, '');
		for (let at = directory; at !== '/'; at = dirname(at)) {
			const home = kustomized.get(at);
			if (home) return home;
		}
		return undefined;
	},
	(a, b) => a === b || (a !== undefined && b !== undefined && sameKustomized(a, b)),
);

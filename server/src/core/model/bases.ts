/** The bases of the tree, and which files are theirs. */
import { dirname, type FilePath, isWithin } from '../base/paths';
import { type Database, query } from '../base/query';
import { clusterTree, type ClusterTree, type Entry, type Kustomized, sameKustomized } from './cluster-tree';
import { perEntry } from './entries';

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
	(db, directory) => homeIn(db.get(clusterTree, ''), directory),
	(a, b) => a === b || (a !== undefined && b !== undefined && sameKustomized(a, b)),
);

function homeIn({ kustomized }: ClusterTree, directory: FilePath): Kustomized | undefined {
	for (let at = directory; at !== '/'; at = dirname(at)) {
		const home = kustomized.get(at);
		if (home) return home;
	}
	return undefined;
}

/** Which files are an entry point's own environment's, and not of a base that it shares. */
export interface OwnFiles {
	readonly entry: Entry;
	has(file: FilePath): boolean;
}

/** Another object only when the tree is another one, so that what is said in its light can be remembered with it. */
export const ownFilesOf = perEntry<OwnFiles | undefined>('ownFiles', undefined, (db, entry) => {
	const tree = db.get(clusterTree, '');
	const known = new Map<FilePath, boolean>();
	const isOwn = (directory: FilePath) => {
		const environments = homeIn(tree, directory)?.environments;
		return environments?.length === 1 && environments[0] === entry.environment;
	};
	return {
		entry,
		has: file => {
			const directory = dirname(file);
			let own = known.get(directory);
			if (own === undefined) known.set(directory, (own = isOwn(directory)));
			return own;
		},
	};
});

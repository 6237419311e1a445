/** What the entry points of the tree give: their builds, and which files these read. */
import type { FilePath } from '../base/paths';
import { ofObject } from '../base/memo';
import { type Pieces, piecesOf } from '../base/pieces';
import { type Database, longQuery, query } from '../base/query';
import { inSteps } from '../base/steps';
import { fluxCluster } from '../gitops/flux/graph';
import type { Resource } from '../kube/resource';
import { build, type Build } from '../kustomize/build';
import { clusterTree, type Entry } from './cluster-tree';

/** The build of an entry point; of a Flux Kustomization, as its controller applies it. */
export function buildOf(db: Database, entry: Entry): Build {
	return db.get(builds, entry.id) ?? plainBuild(db, entry.directory);
}

/** The build of a directory as it stands, without what Flux makes of it. */
export function plainBuild(db: Database, directory: FilePath): Build {
	return build(db, directory, { loadRestrictor: 'RepositoryOnly' });
}

const builds = query<Build | undefined>(
	'entryBuild',
	(db, id) => {
		const entry = db.get(entryQuery, id);
		if (!entry?.flux) return entry && plainBuild(db, entry.directory);
		const { cluster, key } = entry.flux;
		const built = fluxCluster(db, cluster)?.nodes.find(
			node => node.key === key && node.directory === entry.directory,
		)?.built;
		return built?.build && { ...built.build, resources: built.resources, problems: built.problems };
	},
	sameBuild,
);

/** A cluster is followed again after each edit in it; of most of its Kustomizations everything is as it was. */
function sameBuild(a: Build | undefined, b: Build | undefined): boolean {
	if (a === undefined || b === undefined || a === b) return a === b;
	const same = (left: readonly unknown[], right: readonly unknown[]) =>
		left.length === right.length && left.every((each, i) => each === right[i]);
	return (
		same(a.resources, b.resources) &&
		same(a.problems, b.problems) &&
		a.applications === b.applications &&
		a.files === b.files &&
		a.directories === b.directories &&
		a.failed === b.failed &&
		a.order === b.order
	);
}

/** The entry points by id. */
const entriesById = query<ReadonlyMap<string, Entry>>(
	'entriesById',
	db => new Map(db.get(clusterTree, '').entries.map(entry => [entry.id, entry])),
);

const entryQuery = query<Entry | undefined>(
	'entry',
	(db, id) => db.get(entriesById, '').get(id),
	(a, b) => JSON.stringify(a) === JSON.stringify(b),
);

/**
 * Something that is computed for each entry point on its own and remembered, so that an edit costs as much as the entry points that it
 * reaches. `nothing` stands for an entry point that is gone; who reads it runs again unless the new value `equals` the old one.
 */
export function perEntry<V>(
	name: string,
	nothing: V,
	compute: (db: Database, entry: Entry) => V,
	equals?: (a: V, b: V) => boolean,
	sharing?: (before: V, made: V) => V,
): (db: Database, entry: Entry) => V {
	const remembered = query<V>(
		name,
		(db, id) => {
			const entry = db.get(entryQuery, id);
			return entry ? compute(db, entry) : nothing;
		},
		equals,
		sharing,
	);
	return (db, { id }) => db.get(remembered, id);
}

/** The resources of an entry point that are called so now, or were in their files; in the order of the build. */
export function resourcesNamed(db: Database, entry: Entry, name: string): readonly Resource[] {
	return byName(db, buildOf(db, entry).resources).get(name) ?? [];
}

const byName = ofObject<readonly Resource[], ReadonlyMap<string, readonly Resource[]>>(resources => {
	const found = new Map<string, Resource[]>();
	const add = (name: string, resource: Resource) => {
		const same = found.get(name);
		if (same) same.push(resource);
		else found.set(name, [resource]);
	};
	for (const resource of resources) {
		const { id, originalId } = resource;
		add(id.name, resource);
		if (originalId.name !== id.name) add(originalId.name, resource);
	}
	return found;
});

/** What is computed for each entry point, as pieces of work. */
export function eachEntry(db: Database, compute: (db: Database, entry: Entry) => unknown): Pieces {
	return piecesOf(
		() => db.get(clusterTree, '').entries,
		entry => compute(db, entry),
	);
}

/** The entry point of an id, where there still is one; for queries whose keys name it. */
export function entryOf(db: Database, id: string): Entry | undefined {
	return db.get(entryQuery, id);
}

/** The files that an entry point's build reads; another object only where they are others. */
const filesRead = query<ReadonlySet<FilePath>>(
	'filesRead',
	(db, id) => {
		const entry = db.get(entryQuery, id);
		return entry ? buildOf(db, entry).files : new Set();
	},
	(a, b) => a.size === b.size && [...a].every(file => b.has(file)),
);

/** The entry points whose builds read a file, by id. */
const entriesByFile = longQuery<ReadonlyMap<FilePath, readonly Entry[]>>('entriesByFile', function* (db) {
	const byFile = new Map<FilePath, Entry[]>();
	// Asked for first: what is made of them is lost where one has to be waited for.
	const { entries: all } = db.get(clusterTree, '');
	const read = yield* inSteps(all, entry => ({ entry, files: db.get(filesRead, entry.id) }));
	for (const { entry, files } of read) {
		for (const file of files) {
			const entries = byFile.get(file);
			if (entries) entries.push(entry);
			else byFile.set(file, [entry]);
		}
		yield;
	}
	return byFile;
});

/** The entry points whose builds read a file, sorted by environment and directory. */
export function entriesOf(db: Database, file: FilePath): readonly Entry[] {
	return db.get(entriesByFile, '').get(file) ?? [];
}

/** Every file that some entry point's build reads. */
export function filesOfTree(db: Database): readonly FilePath[] {
	return db.get(treeFiles, '');
}

const treeFiles = query<readonly FilePath[]>('treeFiles', db => [...db.get(entriesByFile, '').keys()].sort());

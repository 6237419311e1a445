/**
 * Which directories each kustomization is built on: found without building anything, so that cycles are seen before a build would run
 * into them (invariant I6).
 */
import type { Address } from '../base/address';
import { type FilePath, isWithin } from '../base/paths';
import { type Database, query } from '../base/query';
import { shortestWay } from '../base/shortest-way';
import { findComponent, findResource } from './loader';
import { kustomizationOf } from './read/kustomization';
import type { Kustomization } from './read/model';

/** A directory that the kustomization of another one names. */
export interface Edge {
	readonly to: FilePath;
	readonly at: Address;
}

const edgesQuery = query<readonly Edge[]>('kustomizationEdges', (db, directory) => {
	const { kustomization } = kustomizationOf(db, directory);
	return kustomization ? readEdges(db, directory, kustomization) : [];
});

/** What the kustomization of a directory is built on, in the order of its fields; nothing that is missing or remote. */
function edgesOf(db: Database, directory: FilePath): readonly Edge[] {
	return db.get(edgesQuery, directory);
}

const reachQuery = query<ReadonlySet<FilePath>>(
	'kustomizationReach',
	(db, directory) => {
		const seen = new Set<FilePath>();
		const queue = [directory];
		for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
			for (const edge of edgesOf(db, at)) {
				if (seen.has(edge.to)) continue;
				seen.add(edge.to);
				queue.push(edge.to);
			}
		}
		return seen;
	},
	(a, b) => a.size === b.size && [...a].every(directory => b.has(directory)),
);

/** Every directory that building this one would build; itself only where it is built on itself. */
function directoriesBelow(db: Database, directory: FilePath): ReadonlySet<FilePath> {
	return db.get(reachQuery, directory);
}

/** Whether `to` may not be built on from `from`: it contains it, or is built on it. */
export function closesCycle(db: Database, from: FilePath, to: FilePath): boolean {
	return isWithin(to, from) || directoriesBelow(db, to).has(from);
}

/** The edges by which one comes from a directory to another, in order; none where it only contains the other. */
export function wayBetween(db: Database, from: FilePath, to: FilePath): readonly Edge[] {
	const way = shortestWay(from, to, at => edgesOf(db, at).map(edge => edge.to));
	if (!way) return [];
	return way.slice(1).map((directory, i) => edgesOf(db, way[i]!).find(edge => edge.to === directory)!);
}

/**
 * The edges that make kustomize give up when `root` is built although nothing goes round: a directory that contains one of those
 * on the way to it (`fileloader.errIfArgEqualOrHigher`).
 */
export function containingEdges(db: Database, root: FilePath): readonly ContainingEdge[] {
	return db.get(containingQuery, root);
}

interface ContainingEdge {
	readonly edge: Edge;
	readonly visited: FilePath;
}

const containingQuery = query<readonly ContainingEdge[]>('containingEdges', (db, root) => {
	const directories = [root, ...directoriesBelow(db, root)];
	return directories.flatMap(from =>
		edgesOf(db, from).flatMap(edge => {
			if (closesCycle(db, from, edge.to)) return [];
			const visited = directories.find(
				each => each !== edge.to && isWithin(edge.to, each) && directoriesBelow(db, each).has(from),
			);
			return visited ? [{ edge, visited }] : [];
		}),
	);
});

function readEdges(db: Database, from: FilePath, kustomization: Kustomization): readonly Edge[] {
	const { resources, components, generators, transformers, validators } = kustomization;
	// A plugin may be written out in the place of its path.
	const plugins = [...generators, ...transformers, ...validators].filter(({ value }) => !/[\n\r{]|: /.test(value));
	const listed = (fields: typeof resources, find: typeof findComponent) =>
		fields.flatMap(({ value, at }): Edge[] => {
			const target = find(db, from, value, at);
			return target.kind === 'directory' ? [{ to: target.directory, at }] : [];
		});
	const resource: typeof findComponent = (...entry) => findResource(...entry, 'RepositoryOnly');
	return [...listed(resources, resource), ...listed(components, findComponent), ...listed(plugins, resource)];
}

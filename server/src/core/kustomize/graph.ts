/**
 * What each kustomization reads, as edges from its directory to files and directories: found without building anything, so that
 * cycles are seen before a build would run into them (invariant I6).
 */
import type { Address } from '../base/address';
import { type FilePath, isWithin, join } from '../base/paths';
import { type Database, query } from '../base/query';
import { directoryExists, realPath } from '../workspace/inputs';
import { findComponent, findResource } from './loader';
import { isRemoteFile } from './remote';
import { kustomizationOf } from './read/kustomization';
import type { Field, Kustomization } from './read/model';

/** One thing that a kustomization reads. */
export interface Edge {
	readonly from: FilePath;
	/** A directory with a kustomization, or a file. */
	readonly to: FilePath;
	readonly kind: 'directory' | 'file';
	/** The field of the kustomization that names it. */
	readonly role:
		| 'resources'
		| 'components'
		| 'patches'
		| 'generator'
		| 'configurations'
		| 'crds'
		| 'openapi'
		| 'replacements'
		| 'plugins';
	readonly at: Address;
}

const edgesQuery = query<readonly Edge[]>('kustomizationEdges', (db, directory) => {
	const { kustomization } = kustomizationOf(db, directory);
	return kustomization ? readEdges(db, directory, kustomization) : [];
});

/** What the kustomization of a directory reads, in the order of its fields; nothing that is missing or remote. */
export function edgesOf(db: Database, directory: FilePath): readonly Edge[] {
	return db.get(edgesQuery, directory);
}

const reachQuery = query<ReadonlySet<FilePath>>(
	'kustomizationReach',
	(db, directory) => {
		const seen = new Set<FilePath>();
		const queue = [directory];
		for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
			for (const edge of edgesOf(db, at)) {
				if (edge.kind !== 'directory' || seen.has(edge.to)) continue;
				seen.add(edge.to);
				queue.push(edge.to);
			}
		}
		return seen;
	},
	(a, b) => a.size === b.size && [...a].every(directory => b.has(directory)),
);

/** Every directory that building this one would build; itself only where it is built on itself. */
export function directoriesBelow(db: Database, directory: FilePath): ReadonlySet<FilePath> {
	return db.get(reachQuery, directory);
}

/** Whether `to` may not be built on from `from`: it contains it, or is built on it. */
export function closesCycle(db: Database, from: FilePath, to: FilePath): boolean {
	return isWithin(to, from) || directoriesBelow(db, to).has(from);
}

/**
 * The edges that make kustomize give up when `root` is built although nothing goes round: a directory that contains one of those
 * on the way to it (`fileloader.errIfArgEqualOrHigher`).
 */
export function containingEdges(
	db: Database,
	root: FilePath,
): readonly { readonly edge: Edge; readonly visited: FilePath }[] {
	const directories = [root, ...directoriesBelow(db, root)];
	return directories.flatMap(from =>
		edgesOf(db, from).flatMap(edge => {
			if (edge.kind !== 'directory' || closesCycle(db, from, edge.to)) return [];
			const visited = directories.find(
				each => each !== edge.to && isWithin(edge.to, each) && directoriesBelow(db, each).has(from),
			);
			return visited ? [{ edge, visited }] : [];
		}),
	);
}

/** The edges of many kustomizations by what they lead to. */
export function edgesByTarget(db: Database, directories: Iterable<FilePath>): ReadonlyMap<FilePath, readonly Edge[]> {
	const found = new Map<FilePath, Edge[]>();
	for (const directory of directories) {
		for (const edge of edgesOf(db, directory)) {
			const same = found.get(edge.to);
			if (same) same.push(edge);
			else found.set(edge.to, [edge]);
		}
	}
	return found;
}

function readEdges(db: Database, from: FilePath, kustomization: Kustomization): readonly Edge[] {
	const edges: Edge[] = [];
	const add = (kind: Edge['kind'], to: FilePath, role: Edge['role'], at: Address) =>
		edges.push({ from, to, kind, role, at });
	const resource = (field: Field<string>, role: Edge['role']) => {
		const target = findResource(db, from, field.value, field.at, 'LoadRestrictionsNone');
		if (target.kind === 'file') add('file', target.file, role, field.at);
		if (target.kind === 'directory') add('directory', target.directory, role, field.at);
	};
	const file = (path: string, role: Edge['role'], at: Address) => {
		if (path === '' || /[\n\r]/.test(path) || isRemoteFile(path)) return;
		const to = join(from, path);
		const real = db.read(realPath, to);
		if (real !== undefined && !directoryExists(db, real)) add('file', to, role, at);
	};
	for (const field of kustomization.resources) resource(field, 'resources');
	for (const field of kustomization.components) {
		const target = findComponent(db, from, field.value, field.at);
		if (target.kind === 'directory') add('directory', target.directory, 'components', field.at);
	}
	for (const { path } of [...kustomization.patches, ...kustomization.patchesJson6902])
		if (path) file(path.value, 'patches', path.at);
	for (const field of kustomization.patchesStrategicMerge) file(field.value, 'patches', field.at);
	for (const { files, envs } of [...kustomization.configMapGenerator, ...kustomization.secretGenerator]) {
		for (const field of files) file(field.value.slice(field.value.indexOf('=') + 1), 'generator', field.at);
		for (const field of envs) file(field.value, 'generator', field.at);
	}
	for (const { path } of kustomization.replacements) if (path) file(path.value, 'replacements', path.at);
	for (const field of kustomization.configurations) file(field.value, 'configurations', field.at);
	for (const field of kustomization.crds) file(field.value, 'crds', field.at);
	const { path: openapi } = kustomization.openapi;
	if (openapi) file(openapi.value, 'openapi', openapi.at);
	for (const field of [...kustomization.generators, ...kustomization.transformers, ...kustomization.validators])
		if (!/[\n\r{]|: /.test(field.value)) resource(field, 'plugins');
	return edges;
}

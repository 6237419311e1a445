/** Objects that an overlay says again although a base says them: whole files, and patches that repeat most of what they patch. */
import { type Address, pathOf } from '../base/address';
import { dirname, type FilePath } from '../base/paths';
import { type Pieces, piecesOf } from '../base/pieces';
import { type Database, query } from '../base/query';
import { describeId, resourceIdOf } from '../kube/resource-id';
import { contentOf } from '../workspace/documents';
import { addressOf, type MapNode, type Node, nodeAt, sameValue, walk } from '../yaml/node';
import { baseDirectories } from './bases';
import { clusterTree, type Kustomized } from './cluster-tree';

export interface CopiedResource {
	readonly kind: 'file' | 'patch';
	readonly environment: string;
	readonly overlay: Kustomized;
	readonly base: Kustomized;
	/** `Deployment/web` */
	readonly title: string;
	/** The copy, and what it is one of. */
	readonly at: Address;
	readonly original: Address;
	readonly root: MapNode;
	readonly originalRoot: MapNode;
	/** Values that both have, and how many the original has. */
	readonly same: number;
	readonly all: number;
}

/** Fewer values than these make no copy: small objects of one kind look alike. */
const LEAST_VALUES = 4;
/** So much of the original stands in a copy. */
const SHARE = 0.7;

export function copiedResources(db: Database): readonly CopiedResource[] {
	return db.get(copiedQuery, '');
}

const copiedQuery = query<readonly CopiedResource[]>('copiedResources', db =>
	overlays(db).flatMap(({ directory }) => db.get(copiesIn, directory)),
);

/** What `copiedResources` does, in pieces. */
export function* copyWork(db: Database): Pieces {
	const declared = () =>
		[...db.get(clusterTree, '').kustomized.values()].flatMap(({ links }) =>
			links.links.flatMap(({ field, kind, target }) => (field === 'resources' && kind === 'file' ? [target] : [])),
		);
	yield* piecesOf(declared, file => db.get(keysIn, file));
	yield* piecesOf(
		() => overlays(db),
		({ directory }) => db.get(copiesIn, directory),
	);
}

function overlays(db: Database): readonly Kustomized[] {
	return [...db.get(clusterTree, '').kustomized.values()].filter(({ environments }) => environments.length === 1);
}

/** The copies that one directory holds: of an edit only what it can have made one, or made no longer one, is looked at again. */
const copiesIn = query<readonly CopiedResource[]>('copiesIn', (db, directory) => {
	const overlay = db.get(clusterTree, '').kustomized.get(directory);
	return (overlay?.links.links ?? []).flatMap(({ field, kind, target }) => {
		if (kind !== 'file' || (field !== 'resources' && field !== 'patches' && field !== 'patchesStrategicMerge'))
			return [];
		return db.get(keysIn, target).flatMap((key, i) => {
			const all = db.get(originals, '').get(key) ?? [];
			// A file that both list is the base's own, and no copy of it.
			const found = all.find(({ base, file }) => file !== target && isOf(base, overlay!, field === 'resources'));
			if (!found) return [];
			const original = objectsIn(db, found.file)[found.index]!;
			return copy(overlay!, found.base, field === 'resources' ? 'file' : 'patch', objectsIn(db, target)[i]!, original);
		});
	});
});

interface Original {
	readonly base: Kustomized;
	/** Where it stands among the objects of its file. */
	readonly file: FilePath;
	readonly index: number;
}

/** What the bases declare, by key. */
const originals = query<ReadonlyMap<string, readonly Original[]>>('originalsOfCopies', db => {
	const byKey = new Map<string, Original[]>();
	for (const base of baseDirectories(db)) {
		for (const { field, kind, target } of base.links.links) {
			if (field !== 'resources' || kind !== 'file') continue;
			for (const [index, key] of db.get(keysIn, target).entries()) {
				const original = { base, file: target, index };
				const same = byKey.get(key);
				if (same) same.push(original);
				else byKey.set(key, [original]);
			}
		}
	}
	return byKey;
});

/** A copy of a file stands in the place of a base that is not built; a patch patches one that is. */
function isOf(base: Kustomized, overlay: Kustomized, isFile: boolean): boolean {
	const [environment] = overlay.environments;
	const builds = overlay.builds.includes(base.directory);
	return isFile
		? environment !== undefined && !base.environments.includes(environment) && isBeside(base, overlay)
		: builds;
}

/** Components have the names of their directories in every environment. */
function isBeside(base: Kustomized, overlay: Kustomized): boolean {
	const last = (path: string) => path.slice(path.lastIndexOf('/') + 1);
	return last(base.directory) === last(overlay.directory) || dirname(base.directory) === dirname(overlay.directory);
}

/** What the objects of a file are called, in their order. Hardly any edit changes it. */
const keysIn = query<readonly string[]>('copyKeys', (db, file) => objectsIn(db, file).map(keyOf));

function objectsIn(db: Database, file: FilePath): MapNode[] {
	return contentOf(db, file).flatMap(({ root }) => (root?.kind === 'map' ? [root] : []));
}

/** Namespaces differ, and an overlay may say one that the base leaves open. */
function keyOf(root: Node): string {
	const { group, kind, name } = resourceIdOf(root);
	return `${group} ${kind} ${name}`;
}

function copy(
	overlay: Kustomized,
	base: Kustomized,
	kind: CopiedResource['kind'],
	root: MapNode,
	original: MapNode,
): CopiedResource[] {
	let all = 0;
	let same = 0;
	walk(original, (node, link) => {
		if (node.kind !== 'scalar') return;
		const path = pathOf(link);
		if (path[0] === 'apiVersion' || path[0] === 'kind' || path[0] === 'metadata') return;
		all++;
		if (sameValue(nodeAt(root, path), node)) same++;
	});
	if (all < LEAST_VALUES || same / all < SHARE) return [];
	const [environment] = overlay.environments;
	const title = describeId(resourceIdOf(original));
	return [
		{
			kind,
			environment: environment!,
			overlay,
			base,
			title,
			at: addressOf(root.origin),
			original: addressOf(original.origin),
			root,
			originalRoot: original,
			same,
			all,
		},
	];
}

/**
 * Where Flux begins in a tree: what bootstrap wrote (`gotk-sync.yaml`), a FluxInstance with `spec.sync`, or else the directories
 * under `clusters/`, or else every Flux Kustomization that no other one leads to. Each seed is one cluster.
 */
import { basename, dirname, type FilePath, isWithin, isYamlFile, join } from '../../base/paths';
import { type Database, query } from '../../base/query';
import { type ResourceId, resourceIdOf } from '../../kube/resource-id';
import type { Resource } from '../../kube/resource';
import { contentOf } from '../../workspace/documents';
import { directoryEntries, directoryExists, roots, textOf } from '../../workspace/inputs';
import { child, type MapNode, type Node, nodeAt, type Origin, stringNode, textAt } from '../../yaml/node';
import { isFluxKustomization, KUSTOMIZE_GROUP } from './kustomization';
import type { Strictness } from './envsubst';

export interface Seed {
	/** Stable: the directory that it syncs. */
	readonly id: string;
	/** The repository's root, as far as the tree tells. */
	readonly root: FilePath;
	/** The first Flux Kustomization, real or standing for one. */
	readonly kustomization: Resource;
	/** Other objects of the same file: the source, a FluxInstance. */
	readonly others: readonly Resource[];
	/** `found` ones are only assumed to be applied by somebody. */
	readonly kind: 'gotk-sync' | 'flux-instance' | 'clusters-directory' | 'found';
	/** By the Flux version of this cluster; since 2.9 it is strict. */
	readonly strictness: Strictness;
	readonly version: string | undefined;
}

/** The seeds of all open folders, sorted by id. */
export const seedsQuery = query<readonly Seed[]>('fluxSeeds', db => {
	const files = db.read(roots, '').flatMap(root => db.get(yamlFiles, root));
	const marked = new Map(files.map(file => [file, db.get(markOf, file)]));
	const of = (mark: Mark) => files.filter(file => marked.get(file) === mark);
	const bootstrapped = [...of('flux-instance'), ...of('sync')].flatMap(file => seedsIn(db, file));
	if (bootstrapped.length > 0) return sorted(bootstrapped);
	const kustomizations = of('kustomization');
	const clusters = clusterDirectories(db, kustomizations);
	if (clusters.length > 0) return sorted(clusters.map(directory => directorySeed(db, directory)));
	return sorted(kustomizations.flatMap(file => foundSeeds(db, file)));
});

/** What a file's text promises; a cheap look, so that not every file need be parsed. */
type Mark = 'sync' | 'flux-instance' | 'kustomization' | 'none';

const markOf = query<Mark>('fluxMark', (db, file) => {
	const text = textOf(db, file) ?? '';
	if (/^\s*(- )?kind:\s*["']?FluxInstance\b/m.test(text)) return 'flux-instance';
	if (!text.includes(KUSTOMIZE_GROUP) || !/^\s*(- )?kind:\s*["']?Kustomization\b/m.test(text)) return 'none';
	return basename(file) === 'gotk-sync.yaml' ? 'sync' : 'kustomization';
});

const SKIPPED: ReadonlySet<string> = new Set(['node_modules', '.git', 'vendor']);
const MAX_FILES = 20_000;
const MAX_DEPTH = 30;

const yamlFiles = query<readonly FilePath[]>(
	'fluxYamlFiles',
	(db, root) => {
		const found: FilePath[] = [];
		const visit = (at: FilePath, depth: number) => {
			for (const { name, kind } of db.read(directoryEntries, at) ?? []) {
				const path = join(at, name);
				if (found.length >= MAX_FILES) return;
				if (kind === 'file') {
					if (isYamlFile(path) && !path.endsWith('.json')) found.push(path);
				} else if (depth < MAX_DEPTH && !SKIPPED.has(name)) visit(path, depth + 1);
			}
		};
		visit(root, 0);
		return found;
	},
	(a, b) => a.length === b.length && a.every((file, i) => file === b[i]),
);

/** The documents of a file as resources. */
export function resourcesIn(db: Database, file: FilePath): readonly Resource[] {
	return contentOf(db, file).flatMap(({ root }, document) => {
		if (root?.kind !== 'map') return [];
		const id = resourceIdOf(root);
		return id.kind === '' ? [] : [{ node: root, id, originalId: id, from: { file, document, path: [] }, removed: [] }];
	});
}

/** Files under `flux-system` or for one cluster: the sync object itself and the source beside it. */
function seedsIn(db: Database, file: FilePath): readonly Seed[] {
	const resources = resourcesIn(db, file);
	const instances = resources.filter(({ id }) => id.kind === 'FluxInstance' && nodeHasSync(id, resources));
	if (instances.length > 0) {
		return instances.flatMap(instance => {
			const kustomization = instanceKustomization(instance);
			const version = textAt(instance.node, 'spec', 'distribution', 'version');
			return kustomization ? [seed(db, file, kustomization, resources, 'flux-instance', version)] : [];
		});
	}
	return resources
		.filter(isFluxKustomization)
		.map(kustomization => seed(db, file, kustomization, resources, 'gotk-sync', componentsVersion(db, dirname(file))));
}

function nodeHasSync(id: ResourceId, resources: readonly Resource[]): boolean {
	return resources.some(resource => resource.id === id && nodeAt(resource.node, ['spec', 'sync']) !== undefined);
}

function seed(
	db: Database,
	file: FilePath,
	kustomization: Resource,
	resources: readonly Resource[],
	kind: Seed['kind'],
	version: string | undefined,
): Seed {
	const path = textAt(kustomization.node, 'spec', 'path') ?? './';
	const root = rootFor(db, file, path);
	const others = resources.filter(resource => resource !== kustomization);
	return { id: join(root, path), root, kustomization, others, kind, version, strictness: strictnessOf(version) };
}

/**
 * The nearest directory above the file from which the path leads to a directory that holds the file; else to any directory; else
 * the open folder.
 */
function rootFor(db: Database, file: FilePath, path: string): FilePath {
	const folder = db.read(roots, '').find(root => isWithin(root, file)) ?? dirname(file);
	const above: FilePath[] = [];
	for (let at = dirname(file); isWithin(folder, at); at = dirname(at)) {
		above.push(at);
		if (at === '/') break;
	}
	const named = path.replace(/^\.?\/+/, '') !== '' && path !== '.';
	if (!named) return folder;
	return (
		above.find(at => isWithin(join(at, path), file)) ??
		above.findLast(at => directoryExists(db, join(at, path))) ??
		folder
	);
}

/** The operator makes a Kustomization and a source, both called after the namespace unless `spec.sync.name` says otherwise. */
function instanceKustomization(instance: Resource): Resource | undefined {
	const sync = nodeAt(instance.node, ['spec', 'sync']);
	if (sync?.kind !== 'map') return undefined;
	const namespace = instance.id.namespace || 'flux-system';
	const name = textAt(sync, 'name') ?? namespace;
	const path = child(sync, 'path') ?? stringNode('./', sync.origin);
	const kind = child(sync, 'kind') ?? stringNode('GitRepository', sync.origin);
	return standIn(instance, sync.origin, namespace, name, path, kind);
}

function standIn(
	from: Pick<Resource, 'from'>,
	origin: Origin,
	namespace: string,
	name: string,
	path: Node,
	kind: Node,
): Resource {
	const map = (fields: Readonly<Record<string, Node>>): MapNode => ({
		kind: 'map',
		entries: Object.entries(fields).map(([key, value]) => ({ key, value })),
		origin,
	});
	const text = (value: string) => stringNode(value, origin);
	const node = map({
		apiVersion: text(`${KUSTOMIZE_GROUP}/v1`),
		kind: text('Kustomization'),
		metadata: map({ name: text(name), namespace: text(namespace) }),
		spec: map({ path, sourceRef: map({ kind, name: text(name) }) }),
	});
	const id = resourceIdOf(node);
	return { node, id, originalId: id, from: from.from, removed: [] };
}

/** `clusters/NAME` of those files. */
function clusterDirectories(_db: Database, files: readonly FilePath[]): readonly FilePath[] {
	return [...new Set(files.flatMap(file => /^(.*\/clusters\/[^/]+)\//.exec(file)?.[1] ?? []))].filter(
		directory => basename(directory) !== 'base',
	);
}

function directorySeed(db: Database, directory: FilePath): Seed {
	const root = dirname(dirname(directory));
	const origin: Origin = { step: 'flux', file: directory, document: 0, link: undefined };
	const path = stringNode(`./clusters/${basename(directory)}`, origin);
	const from = { from: { file: directory, document: 0, path: [] } };
	const kustomization = standIn(from, origin, 'flux-system', 'flux-system', path, stringNode('GitRepository', origin));
	const version = componentsVersion(db, join(directory, 'flux-system'));
	return {
		id: directory,
		root,
		kustomization,
		others: [],
		kind: 'clusters-directory',
		version,
		strictness: strictnessOf(version),
	};
}

/** Kustomizations that nobody is known to apply, each for itself. */
function foundSeeds(db: Database, file: FilePath): readonly Seed[] {
	return resourcesIn(db, file)
		.filter(isFluxKustomization)
		.map(kustomization => seed(db, file, kustomization, [], 'found', undefined));
}

/** `# Flux Version: v2.9.1` at the head of gotk-components.yaml, or the label on its namespace. */
function componentsVersion(db: Database, directory: FilePath): string | undefined {
	const text = textOf(db, join(directory, 'gotk-components.yaml'))?.slice(0, 4_000);
	return (
		/^# Flux Version:\s*(v?[0-9][^\s]*)/m.exec(text ?? '')?.[1] ??
		/app\.kubernetes\.io\/version:\s*"?(v?[0-9][^\s"]*)/.exec(text ?? '')?.[1]
	);
}

/** Strict since Flux 2.9, and where nothing tells the version. */
export function strictnessOf(version: string | undefined): Strictness {
	const parts = /^v?([0-9]+)\.([0-9]+)/.exec(version ?? '');
	if (!parts) return 'strict';
	return Number(parts[1]) < 2 || (Number(parts[1]) === 2 && Number(parts[2]) < 9) ? 'lax' : 'strict';
}

function sorted(seeds: readonly Seed[]): readonly Seed[] {
	return seeds.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

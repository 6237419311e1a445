/**
 * What a cluster begins with: the sync that bootstrap wrote (`gotk-sync.yaml`), a FluxInstance with `spec.sync` or the values of its
 * chart, or a directory under `clusters/`. Which of these count in a tree: `begun-seeds.ts`.
 */
import { basename, dirname, entryPath, type FilePath, isWithin, isYamlFile, join, relative } from '../../base/paths';
import { type Pieces, piecesOf } from '../../base/pieces';
import { type Database, longQuery, query } from '../../base/query';
import { inSteps } from '../../base/steps';
import { resourceIdOf } from '../../kube/resource-id';
import type { Resource } from '../../kube/resource';
import { contentOf } from '../../workspace/documents';
import { directoryEntries, directoryExists, roots, textOf } from '../../workspace/inputs';
import { setting } from '../../workspace/settings';
import { child, type MapNode, type Node, nodeAt, type Origin, stringNode, textAt } from '../../yaml/node';
import { patchedByInstance } from './instance-patches';
import { isFluxKustomization, KUSTOMIZE_GROUP } from './kustomization';
import type { Strictness } from './envsubst';

export interface Seed {
	/** Stable: the directory that it syncs. */
	readonly id: string;
	/** The repository's root, as far as the tree tells. */
	readonly root: FilePath;
	/** The first Flux Kustomization, real or standing for one. */
	readonly kustomization: Resource;
	/** Others that nothing in the tree leads to either. */
	readonly further: readonly Resource[];
	/** Other objects of the same file: the source, a FluxInstance. */
	readonly others: readonly Resource[];
	/** `found` ones are only assumed to be applied by somebody. */
	readonly kind: 'gotk-sync' | 'flux-instance' | 'self-sync' | 'clusters-directory' | 'found';
	/** By the Flux version of this cluster; since 2.9 it is strict. */
	readonly strictness: Strictness;
	readonly version: string | undefined;
}

/** What a file's text promises; a cheap look, so that not every file need be parsed. */
export type Mark = 'sync' | 'flux-instance' | 'kustomization' | 'none';

/** The YAML files of all open folders with what they promise. */
export function markedFiles(db: Database): readonly Marked[] {
	return db.get(markedQuery, '');
}

interface Marked {
	readonly file: FilePath;
	readonly mark: Mark;
}

const markedQuery = longQuery<readonly Marked[]>(
	'fluxMarkedFiles',
	db => {
		const files = db.read(roots, '').flatMap(root => db.get(yamlFiles, root));
		return inSteps(files, file => ({ file, mark: db.get(markOf, file) }));
	},
	(a, b) => a.length === b.length && a.every(({ file, mark }, i) => file === b[i]!.file && mark === b[i]!.mark),
);

/** The same in pieces. */
export function markWork(db: Database): Pieces {
	const files = () => db.read(roots, '').flatMap(root => db.get(yamlFiles, root));
	return piecesOf(files, file => db.get(markOf, file));
}

const markOf = query<Mark>('fluxMark', (db, file) => {
	const text = textOf(db, file) ?? '';
	if (/^\s*(- )?kind:\s*["']?FluxInstance\b/m.test(text)) return 'flux-instance';
	if (/^\s*instance:\s*$/m.test(text) && /^\s*sync:\s*$/m.test(text)) return 'flux-instance';
	if (!text.includes(KUSTOMIZE_GROUP) || !/^\s*(- )?kind:\s*["']?Kustomization\b/m.test(text)) return 'none';
	return basename(file) === 'gotk-sync.yaml' ? 'sync' : 'kustomization';
});

const SKIPPED: ReadonlySet<string> = new Set([
	'node_modules',
	'.git',
	'vendor',
	'.terraform',
	'.venv',
	'venv',
	'.direnv',
	'.idea',
	'.cache',
]);
/** So many files of a folder are looked at. */
export const MOST_LOOKED_AT = 20_000;
/** Names in a path: each level of the walk takes room on the stack. */
const MAX_DEPTH = 100;

/** The YAML files of a directory and of those below it, each a query: nobody has to wait for the whole walk. Links are not entered, as they may lead in circles. */
const yamlFiles = query<readonly FilePath[]>('fluxYamlFiles', (db, directory) => {
	const found: FilePath[] = [];
	const entries = db.read(directoryEntries, directory) ?? [];
	const isChart = entries.some(({ name }) => name === 'Chart.yaml');
	const isDeep = directory.split('/').length > MAX_DEPTH;
	for (const { name, kind, isLink } of entries) {
		const path = entryPath(directory, name);
		if (kind === 'file') {
			if (isYamlFile(path) && !path.endsWith('.json')) found.push(path);
		} else if (!isDeep && !isLink && !SKIPPED.has(name) && !(isChart && name === 'templates')) {
			for (const file of db.get(yamlFiles, path)) found.push(file);
		}
		if (found.length >= MOST_LOOKED_AT) break;
	}
	return found.slice(0, MOST_LOOKED_AT);
});

/** Whether a folder has more files than are looked at. */
export function hasMoreThanLookedAt(db: Database, root: FilePath): boolean {
	return db.get(yamlFiles, root).length >= MOST_LOOKED_AT;
}

/** The documents of a file as resources. */
export function resourcesIn(db: Database, file: FilePath): readonly Resource[] {
	return contentOf(db, file).flatMap(({ root }, document) => {
		if (root?.kind !== 'map') return [];
		const id = resourceIdOf(root);
		return id.kind === '' ? [] : [{ node: root, id, originalId: id, from: { file, document, path: [] }, removed: [] }];
	});
}

/** Files under `flux-system` or for one cluster: the sync object itself and the source beside it. */
export function seedsIn(db: Database, file: FilePath): readonly Seed[] {
	const resources = resourcesIn(db, file);
	const instances = instancesIn(db, file);
	if (instances.length > 0) {
		return instances.map(instance => {
			const version = textAt(instance.node, 'distribution', 'version');
			const kustomization = patchedByInstance(db, instance.node, instanceKustomization(instance));
			return seed(db, file, kustomization, resources, 'flux-instance', version);
		});
	}
	return resources
		.filter(isFluxKustomization)
		.map(kustomization => (isReadable(db, kustomization) ? kustomization : placedBeside(db, file, kustomization)))
		.map(kustomization => seed(db, file, kustomization, resources, 'gotk-sync', componentsVersion(db, dirname(file))));
}

/** A file that is no YAML may have lost its path, and without one all of the repository would be applied. */
function isReadable(db: Database, { from }: Resource): boolean {
	return contentOf(db, from.file)[from.document]?.syntaxError === undefined;
}

/** Bootstrap writes `flux-system/gotk-sync.yaml` into the directory that it syncs. */
function placedBeside(db: Database, file: FilePath, { from, id, node }: Resource): Resource {
	const folder = db.read(roots, '').find(root => isWithin(root, file)) ?? '/';
	const path = stringNode(`./${relative(folder, dirname(dirname(file)))}`, node.origin);
	return standIn({ from }, node.origin, id.namespace, id.name, path, stringNode('GitRepository', node.origin));
}

/** What a FluxInstance says, wherever it stands. */
interface Instance {
	readonly node: Node;
	readonly sync: MapNode;
	readonly namespace: string;
	readonly from: Resource['from'];
}

/** FluxInstances, and the values of their chart (`instance.sync`) in a HelmRelease or in a values file of its own. */
function instancesIn(db: Database, file: FilePath): readonly Instance[] {
	return contentOf(db, file).flatMap(({ root }, document) => {
		if (root?.kind !== 'map') return [];
		const { kind, namespace } = resourceIdOf(root);
		const path =
			kind === 'FluxInstance' ? ['spec'] : kind === 'HelmRelease' ? ['spec', 'values', 'instance'] : ['instance'];
		const node = nodeAt(root, path);
		const sync = nodeAt(node, ['sync']);
		// One that a template engine has yet to fill in says nothing.
		if (!node || sync?.kind !== 'map' || textAt(sync, 'path')?.includes('{{')) return [];
		// A release mostly gets its namespace from a kustomization; the instance of the chart stands in the same one.
		return [{ node, sync, namespace: namespace || 'flux-system', from: { file, document, path } }];
	});
}

/** The seed of a Flux Kustomization that stands in a file. */
export function seed(
	db: Database,
	file: FilePath,
	kustomization: Resource,
	resources: readonly Resource[],
	kind: Seed['kind'],
	found: string | undefined,
): Seed {
	const path = textAt(kustomization.node, 'spec', 'path') ?? './';
	const root = rootFor(db, file, path);
	const version = setting(db, 'fluxVersion') ?? found;
	const others = resources.filter(resource => resource !== kustomization);
	return {
		id: join(root, path),
		root,
		kustomization,
		further: [],
		others,
		kind,
		version,
		strictness: strictnessOf(version),
	};
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
function instanceKustomization({ sync, namespace, from }: Instance): Resource {
	const name = textAt(sync, 'name') ?? namespace;
	const path = child(sync, 'path') ?? stringNode('./', sync.origin);
	const kind = child(sync, 'kind') ?? stringNode('GitRepository', sync.origin);
	return standIn({ from }, sync.origin, namespace, name, path, kind);
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
		spec: map({ path, prune: { ...text('true'), tag: '!!bool' }, sourceRef: map({ kind, name: text(name) }) }),
	});
	const id = resourceIdOf(node);
	return { node, id, originalId: id, from: from.from, removed: [] };
}

/** `clusters/NAME` of those files. */
export function clusterDirectories(files: readonly FilePath[]): readonly FilePath[] {
	return [...new Set(files.flatMap(file => /^(.*\/clusters\/[^/]+)\//.exec(file)?.[1] ?? []))].filter(
		directory => basename(directory) !== 'base',
	);
}

/** `root` is the repository's, from which paths are told. */
export function directorySeed(db: Database, directory: FilePath, root: FilePath): Seed {
	const origin: Origin = { step: 'flux', file: directory, document: 0, link: undefined };
	const path = stringNode(`./${relative(root, directory)}`, origin);
	const from = { from: { file: directory, document: 0, path: [] } };
	const kustomization = standIn(from, origin, 'flux-system', 'flux-system', path, stringNode('GitRepository', origin));
	const version = setting(db, 'fluxVersion') ?? componentsVersion(db, join(directory, 'flux-system'));
	return {
		id: directory,
		root,
		kustomization,
		further: [],
		others: [],
		kind: 'clusters-directory',
		version,
		strictness: strictnessOf(version),
	};
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

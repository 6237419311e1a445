/**
 * The kustomization that kustomize-controller builds for a Flux Kustomization: the directory's own, or a generated one where there is
 * none, with what the Flux object adds (fluxcd/pkg/kustomize `Generator.WriteFile`).
 */
import { type FilePath, join, KUSTOMIZATION_NAMES } from '../../base/paths';
import type { Database } from '../../base/query';
import { contentOf } from '../../workspace/documents';
import { directoryEntries, directoryExists } from '../../workspace/inputs';
import {
	child,
	entriesOf,
	itemsOf,
	type MapNode,
	type Node,
	type Origin,
	type SeqNode,
	stringNode,
	textAt,
	withEntry,
} from '../../yaml/node';
import { emitText } from '../../yaml/emit';
import { isLeftOut } from './source-ignore';

/** What the controller has of the repository. */
export interface Artifact {
	/** The repository's root, out of which no component leads. */
	readonly root: FilePath;
	/** The source's `spec.ignore`. */
	readonly ignore: string;
}

/** The edited kustomization. */
export function editedKustomization(db: Database, directory: FilePath, spec: Node, artifact: Artifact): MapNode {
	const { root } = artifact;
	let edited = existing(db, directory) ?? generated(db, directory, spec.origin, artifact);
	for (const [from, to] of REPLACED) {
		const value = child(spec, from);
		if (value?.kind === 'scalar' && value.text !== '') edited = withEntry(edited, to, asFlux(value));
	}
	for (const field of APPENDED)
		edited = append(
			edited,
			field,
			itemsOf(child(spec, field)).map(item => asFlux(withText(item, field))),
		);
	edited = append(edited, 'components', components(db, directory, spec, root));
	return withImages(edited, itemsOf(child(spec, 'images')));
}

/** The directory's kustomization file, if it has one. */
export function kustomizationFile(db: Database, directory: FilePath): FilePath | undefined {
	const names = new Set(
		db.read(directoryEntries, directory)?.flatMap(entry => (entry.kind === 'file' ? entry.name : [])),
	);
	const name = KUSTOMIZATION_NAMES.find(candidate => names.has(candidate));
	return name && join(directory, name);
}

/** Fields of the Flux object that take the place of the kustomization's. */
const REPLACED = [
	['targetNamespace', 'namespace'],
	['namePrefix', 'namePrefix'],
	['nameSuffix', 'nameSuffix'],
] as const;

const APPENDED = ['patches', 'patchesStrategicMerge', 'patchesJson6902'] as const;

/** An empty file is no kustomization for kustomize, and is one for Flux. */
function existing(db: Database, directory: FilePath): MapNode | undefined {
	const file = kustomizationFile(db, directory);
	if (file === undefined) return undefined;
	const root = contentOf(db, file)[0]?.root;
	return root?.kind === 'map' ? root : emptyKustomization({ step: 'flux', file, document: 0, link: undefined });
}

/** All YAML files below, and a directory with a kustomization of its own as one resource. */
function generated(db: Database, directory: FilePath, origin: Origin, artifact: Artifact): MapNode {
	const made: Origin = { ...origin, step: 'flux' };
	const resources = manifestsBelow(db, directory, artifact).map(path => stringNode(`./${path}`, made));
	return withEntry(emptyKustomization(made), 'resources', { kind: 'seq', items: resources, origin: made });
}

function emptyKustomization(origin: Origin): MapNode {
	const map: MapNode = { kind: 'map', entries: [], origin };
	const typed = withEntry(map, 'apiVersion', stringNode('kustomize.config.k8s.io/v1beta1', origin));
	return withEntry(typed, 'kind', stringNode('Kustomization', origin));
}

/** More files than this are not listed; such a path is a mistake. */
const MAX_FILES = 5_000;
const MAX_DEPTH = 30;

/** What a generated kustomization lists, by path below the directory, in the order of a directory walk. */
function manifestsBelow(db: Database, directory: FilePath, { root, ignore }: Artifact): readonly string[] {
	const found: string[] = [];
	const visit = (at: FilePath, prefix: string, depth: number) => {
		for (const { name, kind } of db.read(directoryEntries, at) ?? []) {
			if (found.length >= MAX_FILES) return;
			if (kind === 'file') {
				if (/\.ya?ml$/.test(name) && !isLeftOut(db, join(at, name), root, ignore)) found.push(prefix + name);
			} else if (kustomizationFile(db, join(at, name)) !== undefined) found.push(prefix + name);
			else if (depth < MAX_DEPTH) visit(join(at, name), `${prefix}${name}/`, depth + 1);
		}
	};
	visit(directory, '', 0);
	return found;
}

/** Paths that climb out of the repository stop at its root, as in the controller's file system. */
function components(db: Database, directory: FilePath, spec: Node, root: FilePath): Node[] {
	const lenient = textAt(spec, 'ignoreMissingComponents') === 'true';
	return itemsOf(child(spec, 'components')).flatMap(item => {
		if (item.kind !== 'scalar') return [];
		const inside = clamp(directory, item.text, root);
		if (lenient && !directoryExists(db, join(directory, inside))) return [];
		return [{ ...item, text: inside, origin: { ...item.origin, step: 'flux' as const } }];
	});
}

function clamp(directory: FilePath, path: string, root: FilePath): string {
	const depth =
		directory === root
			? 0
			: directory
					.slice(root === '/' ? 0 : root.length)
					.split('/')
					.filter(Boolean).length;
	let climbed = 0;
	let rest = path;
	const kept: string[] = [];
	for (; rest.startsWith('../'); rest = rest.slice(3)) if (climbed++ < depth) kept.push('..');
	return [...kept, rest].join('/');
}

function append(map: MapNode, field: string, items: readonly Node[]): MapNode {
	if (items.length === 0) return map;
	const before = child(map, field);
	const seq: SeqNode = before?.kind === 'seq' ? before : { kind: 'seq', items: [], origin: items[0]!.origin };
	return withEntry(map, field, { ...seq, items: [...seq.items, ...items] });
}

/** Images of the same name are merged field by field, others are appended. */
function withImages(map: MapNode, images: readonly Node[]): MapNode {
	let items = [...itemsOf(child(map, 'images'))];
	for (const image of images.map(asFlux)) {
		const name = textAt(image, 'name');
		const at = items.findIndex(item => textAt(item, 'name') === name);
		const before = items[at];
		if (before?.kind !== 'map') items.push(image);
		else
			items = items.with(
				at,
				entriesOf(image).reduce<MapNode>((merged, { key, value }) => withEntry(merged, key, value), before),
			);
	}
	const [first] = items;
	if (images.length === 0 || !first) return map;
	const before = child(map, 'images');
	return withEntry(
		map,
		'images',
		before?.kind === 'seq' ? { ...before, items } : { kind: 'seq', items, origin: first.origin },
	);
}

/** The older versions of the API take these patches as objects; the controller prints them for kustomize, which takes texts. */
function withText(item: Node, field: (typeof APPENDED)[number]): Node {
	if (field === 'patchesStrategicMerge' && item.kind === 'map') return stringNode(emitText(item), item.origin);
	const patch = field === 'patchesJson6902' ? child(item, 'patch') : undefined;
	if (item.kind !== 'map' || patch?.kind !== 'seq') return item;
	return withEntry(item, 'patch', stringNode(emitText(patch), patch.origin));
}

/** The fields keep their places; only entries of the list say that Flux brought them. */
function asFlux(node: Node): Node {
	return { ...node, origin: { ...node.origin, step: 'flux' } };
}

/**
 * Merges a patch object into a resource and puts back what a patch may not change (`Resource.ApplySmPatch`): kind, name and
 * namespace, unless the patch's options let it rename.
 */
import type { MergeSchemas } from '../../kube/kustomize-facts';
import type { Removal } from '../../kube/resource';
import { child, type MapNode, type Node, stringNode, withEntry, withoutEntry } from '../../yaml/node';
import { rememberId } from '../identity';
import { type LostElements, type MergeTrouble, strategicMerge } from '../merge/strategic-merge';
import { type Tracked, withNode } from '../tracked';

export interface PatchOptions {
	readonly name: 'kept' | 'changed';
	readonly kind: 'kept' | 'changed';
	/**
	 * What was made of the patch before: `resWrangler.ApplySmPatch` copies it for each resource that it selects, which makes texts
	 * of its labels and annotations, so that null does not delete them.
	 */
	readonly applied: 'itself' | 'as-copy';
}

export interface MergePatched {
	/** The very same resource where nothing changed; nothing where the patch deletes it. */
	readonly resource: Tracked | undefined;
	readonly troubles: readonly MergeTrouble[];
	readonly lost: readonly LostElements[];
}

/** Applies a patch to a resource. */
export function applyMergePatch(
	resource: Tracked,
	patch: MapNode,
	options: PatchOptions,
	schemas: MergeSchemas,
): MergePatched {
	const renames = options.name === 'changed' || options.kind === 'changed';
	const before = renames ? rememberId(resource) : resource;
	const { node, removed, troubles, lost } = strategicMerge(resource.node, preparePatch(patch, options), schemas);
	if (troubles.length > 0) return { resource, troubles, lost };
	if (!node || node.entries.length === 0) return { resource: undefined, troubles, lost: [] };
	const restored = withVersion(restore(resource.node, node, options), patch, options);
	const result = withNode(before, restored);
	const gone = removed.filter(({ path }) => !isRestored(path, options));
	return { resource: gone.length > 0 ? { ...result, removed: [...result.removed, ...gone] } : result, troubles, lost };
}

/** The patch without what will be put back anyway, its metadata as the copying leaves it. */
function preparePatch(patch: MapNode, { name, kind, applied }: PatchOptions): MapNode {
	let result = applied === 'as-copy' ? withoutEntry(patch, 'apiVersion') : patch;
	if (kind === 'kept') result = withoutEntry(result, 'kind');
	const metadata = child(result, 'metadata');
	if (metadata?.kind !== 'map') return result;
	let prepared = withoutEntry(metadata, 'namespace');
	if (name === 'kept') prepared = withoutEntry(prepared, 'name');
	if (applied === 'as-copy') prepared = withTexts(prepared, 'labels');
	if (applied === 'as-copy' || name === 'changed' || kind === 'changed') prepared = withTexts(prepared, 'annotations');
	return withEntry(result, 'metadata', prepared);
}

/** Labels or annotations as kustomize reads and writes them: every value a text, and none at all where there are no entries. */
export function withTexts(metadata: MapNode, field: 'labels' | 'annotations'): MapNode {
	const map = child(metadata, field);
	if (map === undefined) return metadata;
	if (map.kind !== 'map' || map.entries.length === 0) return withoutEntry(metadata, field);
	const entries = map.entries.map(entry => {
		const { value } = entry;
		if (value.kind === 'scalar' && value.tag === '!!str') return entry;
		return { ...entry, value: stringNode(value.kind === 'scalar' ? value.text : '', value.origin) };
	});
	const same = entries.every((entry, i) => entry === map.entries[i]);
	return same ? metadata : withEntry(metadata, field, { ...map, entries });
}

/** Kind, name and namespace as they were, where they may not change. */
function restore(before: MapNode, after: MapNode, { name, kind }: PatchOptions): MapNode {
	const kept = kind === 'kept' ? restoreField(before, after, 'kind') : after;
	const oldMetadata = child(before, 'metadata');
	const newMetadata = child(kept, 'metadata');
	if (oldMetadata?.kind !== 'map') return kept;
	const base: MapNode = newMetadata?.kind === 'map' ? newMetadata : { ...oldMetadata, entries: [] };
	const named = name === 'kept' ? restoreField(oldMetadata, base, 'name') : base;
	const metadata = restoreField(oldMetadata, named, 'namespace');
	return metadata.entries.length === 0 ? kept : withEntry(kept, 'metadata', metadata);
}

/** A copy of a patch has the `apiVersion` of what it is for, an empty one where that has none (`Resource.SetGvk`). */
function withVersion(node: MapNode, { origin }: MapNode, { applied }: PatchOptions): MapNode {
	if (applied === 'itself' || child(node, 'apiVersion')) return node;
	return withEntry(node, 'apiVersion', { kind: 'scalar', text: '', tag: '!!null', style: 'plain', origin });
}

function restoreField(before: MapNode, after: MapNode, key: string): MapNode {
	const value: Node | undefined = child(before, key);
	return value ? withEntry(after, key, value) : withoutEntry(after, key);
}

function isRestored(path: Removal['path'], { name, kind }: PatchOptions): boolean {
	const [first, second, ...more] = path;
	if (first === 'kind') return kind === 'kept';
	return (
		first === 'metadata' && more.length === 0 && (second === 'namespace' || (second === 'name' && name === 'kept'))
	);
}

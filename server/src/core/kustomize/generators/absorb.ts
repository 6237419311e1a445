/** Puts generated objects among the resources: as new ones, or merged into or in place of those that are there (`resmap.AbsorbAll`). */
import { changeTo } from '../../base/change-to';
import type { Problem } from '../../base/problem';
import { nearest } from '../../base/nearest';
import { describeId, formatId, type ResourceId } from '../../kube/resource-id';
import {
	child,
	type MapEntry,
	type MapNode,
	type Node,
	type ScalarNode,
	withEntry,
	withoutEntry,
} from '../../yaml/node';
import { nameOf } from '../accumulation-problems';
import { writtenEntry } from '../field-spec';
import { effectiveNamespace, isOrWas } from '../identity';
import { type Tracked, withNode } from '../tracked';

export interface Absorbed {
	readonly resources: readonly Tracked[];
	readonly problem: Problem | undefined;
}

/** Adds one generated object by its behavior. The resources are as they were where it cannot be. */
export function absorb(resources: readonly Tracked[], generated: Tracked): Absorbed {
	const matches = resources.filter(resource => isOrWas(resource, generated.id));
	const [old] = matches;
	const merges = generated.behavior === 'merge' || generated.behavior === 'replace';
	if (!old) {
		return merges
			? { resources, problem: missing(generated, resources) }
			: { resources: [...resources, generated], problem: undefined };
	}
	if (matches.length > 1) return { resources, problem: ambiguous(generated, matches) };
	if (!merges) return { resources, problem: exists(generated, old) };
	const at = resources.indexOf(old);
	return { resources: resources.with(at, combined(old, generated)), problem: undefined };
}

/** `Resource.CopyMergeMetaDataFieldsFrom`: the old one's name and history, both ones' labels and annotations. */
function combined(old: Tracked, generated: Tracked): Tracked {
	let node = withMetadata(generated.node, old.node);
	if (generated.behavior === 'merge') {
		node = withMap(node, 'data', mergedTexts(child(old.node, 'data'), child(node, 'data')));
		node = withMap(node, 'binaryData', mergedTexts(child(old.node, 'binaryData'), child(node, 'binaryData')));
	}
	const resource = withNode({ ...old, node: generated.node, id: generated.id }, node);
	return {
		...resource,
		from: generated.behavior === 'merge' ? old.from : generated.from,
		needsHash: old.needsHash && generated.needsHash,
		...notesOf(old, generated),
	};
}

/** A merged object keeps its origin; one that was replaced comes from where the new one does. */
function notesOf(old: Tracked, generated: Tracked): Pick<Tracked, 'notes'> | undefined {
	if (!old.notes || generated.behavior === 'merge') return undefined;
	return { notes: { ...old.notes, origin: generated.notes?.origin ?? old.notes.origin } };
}

function withMetadata(node: MapNode, old: MapNode): MapNode {
	const before = child(old, 'metadata');
	let metadata = child(node, 'metadata');
	if (metadata?.kind !== 'map' || before?.kind !== 'map') return node;
	for (const field of ['labels', 'annotations'] as const)
		metadata = withMap(metadata, field, mergedTexts(child(before, field), child(metadata, field)));
	for (const field of ['name', 'namespace'] as const) {
		const value = child(before, field);
		metadata = value ? withEntry(metadata, field, value) : withoutEntry(metadata, field);
	}
	return withEntry(node, 'metadata', metadata);
}

function withMap(map: MapNode, key: string, value: MapNode | undefined): MapNode {
	return value ? withEntry(map, key, value) : withoutEntry(map, key);
}

/** Both maps with their values as texts, the new one's on top; nothing where neither has a key. */
function mergedTexts(old: Node | undefined, own: Node | undefined): MapNode | undefined {
	const entries = new Map<string, MapEntry>();
	for (const { key, value } of old?.kind === 'map' ? old.entries : [])
		if (value.kind === 'scalar') entries.set(key, writtenEntry(key, asText(value)));
	for (const { key, value } of own?.kind === 'map' ? own.entries : []) {
		if (value.kind !== 'scalar') continue;
		const before = entries.get(key)?.value;
		const origin = before ? { ...value.origin, replaced: before.origin } : value.origin;
		entries.set(key, writtenEntry(key, { ...asText(value), origin }));
	}
	const origin = own?.origin ?? old?.origin;
	return entries.size === 0 || !origin ? undefined : { kind: 'map', entries: [...entries.values()], origin };
}

function asText(value: ScalarNode): ScalarNode {
	return value.tag === '!!str' ? value : { ...value, tag: '!!str' };
}

/** Go's `%#v` of a `resid.ResId`. */
function goId(id: ResourceId): string {
	const cluster = effectiveNamespace(id) === '_non_namespaceable_';
	return `resid.ResId{Gvk:resid.Gvk{Group:"${id.group}", Version:"${id.version}", Kind:"${id.kind}", isClusterScoped:${cluster}}, Name:"${id.name}", Namespace:"${id.namespace}"}`;
}

function exists(generated: Tracked, old: Tracked): Problem {
	return {
		code: 'kustomize/generator-exists',
		severity: 'error',
		fatal: true,
		message: `${describeId(generated.id)} exists already; set \`behavior: merge\` or \`replace\`, or choose another name`,
		at: nameOf(generated),
		related: [{ message: `the other ${describeId(old.id)}`, at: nameOf(old) }],
		details: `id ${goId(generated.id)} exists; can not use behavior: '${generated.behavior}', behavior must be merge or replace`,
	};
}

function missing(generated: Tracked, resources: readonly Tracked[]): Problem {
	const { id } = generated;
	const alike = resources.filter(each => each.id.kind === id.kind && each.id.group === id.group);
	const elsewhere = alike.find(each => each.id.name === id.name);
	const near = nearest(
		id.name,
		alike.map(each => each.id.name),
	);
	const hint = elsewhere
		? `; there is ${describeId(elsewhere.id)}, so give this one ${elsewhere.id.namespace ? `\`namespace: ${elsewhere.id.namespace}\`` : 'no namespace'}`
		: near
			? `; did you mean \`${near}\`?`
			: '';
	return {
		code: 'kustomize/generator-missing',
		severity: 'error',
		fatal: true,
		message: `there is no ${describeId(id)} to ${generated.behavior} into${hint}`,
		at: nameOf(generated),
		details: `id ${goId(id)} does not exist; cannot merge or replace`,
		...(!elsewhere && changeTo(nameOf(generated), near)),
	};
}

function ambiguous(generated: Tracked, matches: readonly Tracked[]): Problem {
	return {
		code: 'kustomize/generator-ambiguous',
		severity: 'error',
		fatal: true,
		message: `several resources are or were called ${describeId(generated.id)}; kustomize does not know which one is meant`,
		at: nameOf(generated),
		related: matches.map(match => ({ message: describeId(match.id), at: nameOf(match) })),
		details: `found multiple objects ... that could accept merge of ${formatId(generated.id)}`,
	};
}

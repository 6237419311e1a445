/**
 * Changes the fields that a field spec names, in a copy that shares what it did not touch (`api/filters/fieldspec`). A path goes
 * through maps by name and through every element of the lists on its way.
 */
import type { FieldSpec } from '../kube/kustomize-facts';
import type { Gvk } from '../kube/resource-id';
import {
	addressOf,
	child,
	type MapEntry,
	type MapNode,
	type Node,
	type Origin,
	type ScalarNode,
	withEntry,
	withItems,
} from '../yaml/node';
import { resolvePlain, type Tag } from '../yaml/scalar';
import { fits } from './identity';
import type { Address } from '../base/address';

/** Where a field is not what the step can work on; kustomize's own words. */
export interface FieldTrouble {
	readonly at: Address;
	readonly details: string;
}

export interface FieldEdit {
	/** What becomes of a field that the path leads to. The same node where nothing changes. */
	readonly set: (node: Node) => Node;
	/** What a field is made as that is missing or null, where the spec says so; nothing: it is never made. */
	readonly create: 'scalar' | 'map' | undefined;
	/** Of what is made on the way. */
	readonly origin: Origin;
	readonly trouble: (trouble: FieldTrouble) => void;
}

/** Whether the spec speaks of the kind. */
export function appliesTo(spec: FieldSpec, gvk: Gvk): boolean {
	return fits(gvk, spec);
}

/** Applies an edit at the spec's path; whether the kind matches is up to the caller. */
export function editFields(root: MapNode, spec: FieldSpec, edit: FieldEdit): MapNode {
	const changed = visit(root, splitPath(spec.path, '/'), 0, spec.create === true, edit);
	return changed.kind === 'map' ? changed : root;
}

/** A path's parts: behind a backslash a separator does not part, and one in front of everything says nothing (`utils.PathSplitter`). */
export function splitPath(path: string, separator: '/' | '.'): readonly string[] {
	const parts: string[] = [];
	for (const part of path.split(separator)) {
		const last = parts.at(-1);
		if (last?.endsWith('\\')) parts[parts.length - 1] = `${last.slice(0, -1)}${separator}${part}`;
		else parts.push(part);
	}
	return parts.length > 1 && parts[0] === '' ? parts.slice(1) : parts;
}

function visit(node: Node, path: readonly string[], depth: number, create: boolean, edit: FieldEdit): Node {
	if (depth === path.length) return edit.set(node);
	if (node.kind === 'seq')
		return withItems(
			node,
			node.items.map(item => visit(item, path, depth, create, edit)),
		);
	if (node.kind === 'map') return visitField(node, path, depth, create, edit);
	if (node.tag !== '!!null') {
		edit.trouble({ at: addressOf(node.origin), details: 'expected sequence or mapping node' });
	}
	return node;
}

/** What kyaml takes for an element of a list, wherever it stands (`PathGetter.getFilter`). */
const ELEMENT = /^(\d+|-|\[.+\])$/;

function visitField(map: MapNode, path: readonly string[], depth: number, create: boolean, edit: FieldEdit): MapNode {
	const part = path[depth]!;
	const isSequence = part.endsWith('[]');
	const name = isSequence ? part.slice(0, -2) : part;
	if (name === '') {
		edit.trouble({ at: addressOf(map.origin), details: 'cannot set or create an empty field name' });
		return map;
	}
	if (ELEMENT.test(name)) {
		const details = 'wrong node kind: expected SequenceNode but got MappingNode';
		edit.trouble({ at: addressOf(map.origin), details });
		return map;
	}
	const makes = create && !isSequence && edit.create !== undefined;
	const found = child(map, name);
	if (found === undefined && !makes) return map;
	const isLast = depth === path.length - 1;
	if (isSequence && found?.kind === 'scalar' && found.tag === '!!null')
		return withEntry(map, name, { kind: 'seq', items: [], origin: found.origin });
	const field =
		found === undefined || (found.kind === 'scalar' && found.tag === '!!null' && makes)
			? made(isLast ? edit.create! : 'map', found ? { ...edit.origin, replaced: found.origin } : edit.origin)
			: found;
	const changed = visit(field, path, depth + 1, create, edit);
	return changed === found ? map : withEntry(map, name, changed);
}

function made(kind: 'scalar' | 'map', origin: Origin): Node {
	return kind === 'map'
		? { kind: 'map', entries: [], origin }
		: { kind: 'scalar', text: '', tag: '!!str', style: 'plain', origin };
}

/**
 * The scalar with another text and the style that it had (`yaml.FieldSetter` without a name). Without a tag its type is what its
 * text then says, so `replicas: "1"` stays a text and `replicas: 1` a number.
 */
export function withText(node: ScalarNode, text: string, tag: Tag | undefined, origin: Origin): ScalarNode {
	const newTag = tag ?? untaggedType(node, text);
	if (node.text === text && node.tag === newTag && !node.isWatched) return node;
	const { isUntagged: _, ...rest } = node;
	const untagged = tag === undefined ? { isUntagged: true as const } : undefined;
	return { ...rest, text, tag: newTag, ...untagged, origin: { ...origin, replaced: node.origin } };
}

/** What a text is where nothing says its type. */
export function untaggedType({ style }: ScalarNode, text: string): Tag {
	return style === 'plain' ? resolvePlain(text) : '!!str';
}

/**
 * The map with a text under `key`; what stood there is remembered as replaced. The same map where it says so already. A new entry's text
 * is shared with the others of that name.
 */
export function withTextEntry(map: MapNode, key: string, text: string, origin: Origin, shared: string): MapNode {
	const before = child(map, key);
	if (before?.kind === 'scalar') {
		const value = withText(before, text, '!!str', origin);
		return value === before ? map : withEntry(map, key, value);
	}
	const replaced = before ? { ...origin, replaced: before.origin } : origin;
	const value: Node = { kind: 'scalar', text, tag: '!!str', style: 'plain', origin: replaced };
	if (before) return withEntry(map, key, value);
	return { ...map, entries: [...map.entries, writtenEntry(key, { ...value, shared })] };
}

/**
 * An entry as kustomize writes one: its key goes out without quotes and comes back as what it looks like, so that a label called
 * `5` or `true` makes the build fail (`yaml.FieldSetter`).
 */
export function writtenEntry(key: string, value: Node): MapEntry {
	const keyTag = resolvePlain(key);
	return keyTag === '!!str' ? { key, value } : { key, keyTag, value };
}

/**
 * Lists that merge (kyaml `yaml/walk/associative_sequence.go`): elements are paired by their merge keys, or by their text where they
 * are scalars, and the patch's come first. The steps are kustomize's one by one, since its answer for elements that
 * lack a key, or share one, follows from nothing else.
 */
import type { PathLink } from '../../base/address';
import type { MergeSchema } from '../../kube/kustomize-facts';
import { child, type Node, type ScalarNode, type SeqNode, withEntry, withoutEntry } from '../../yaml/node';
import { resolvePlain } from '../../yaml/scalar';
import { isBlank, mapDirective, textOf } from './directive';

/** What merging lists needs of the merge that it is a part of. */
export interface ListMerge {
	walk(
		dest: Node | undefined,
		patch: Node | undefined,
		schema: MergeSchema | undefined,
		link: PathLink | undefined,
	): Node | undefined;
	remove(link: PathLink | undefined, dest: Node, by: Node | undefined): void;
	trouble(patch: Node, dest: Node | undefined, link: PathLink | undefined, details: string): void;
}

/** Merges lists of maps (`setAssociativeSequenceElements`). `dest` and `patch` may be one list. */
export function mergeElements(
	merge: ListMerge,
	dest: SeqNode,
	patch: SeqNode | undefined,
	keys: readonly string[],
	schema: MergeSchema | undefined,
	link: PathLink | undefined,
): readonly Node[] {
	if (isPlainList(dest, patch, keys)) return walkEach(merge, dest, patch, schema, link);
	const same = patch === dest;
	let ours: Node[] = [...dest.items];
	let theirs: Node[] = same ? ours : [...(patch?.items ?? [])];
	const drop = (pairs: readonly Pair[]): void => {
		ours = setElement(ours, pairs, undefined);
		if (same) theirs = ours;
	};
	let items: Node[] = [];
	const values = valuesOf([...theirs, ...(same ? [] : ours)], keys);
	for (const value of values) {
		const pairs = validPairs(value, keys);
		const mine = ours.findIndex(item => matches(item, pairs));
		const yours = same ? mine : theirs.findIndex(item => matches(item, pairs));
		const before = ours[mine];
		const given = theirs[yours];
		const index = before ? dest.items.indexOf(before) : -1;
		const here = { parent: link, key: index < 0 ? dest.items.length : index };
		const merged = merge.walk(before, given, schema, here);
		if (given) theirs[yours] = withoutDirective(given);
		if (merged === undefined || isBlank(merged)) {
			if (before && !same) merge.remove(here, before, given);
			drop(pairs);
			continue;
		}
		// An element that is replaced as a whole stays in the old list as it was, and so comes back below.
		if (before && !replaces(given)) ours[mine] = merged;
		items = setElement(items, pairs, withKeys(merged, pairs));
	}
	return appendAll(items, ours, values, keys);
}

/** Merges lists of scalars (`setPrimitiveSequenceElements`): each text once, the patch's first. */
export function mergeValues(
	merge: ListMerge,
	dest: SeqNode,
	patch: SeqNode | undefined,
	link: PathLink | undefined,
): readonly Node[] {
	const theirs = patch?.items ?? [];
	const odd = [...theirs, ...dest.items].find(item => item.kind !== 'scalar');
	if (odd) {
		merge.trouble(odd, dest, link, 'wrong node kind: expected ScalarNode but got a collection');
		return dest.items;
	}
	const items = new Map<string, Node>();
	for (const item of [...theirs, ...dest.items]) {
		if (isBlank(item) || items.has(textOf(item)!)) continue;
		items.set(textOf(item)!, dest.items.find(own => textOf(own) === textOf(item) && sameTag(own, item)) ?? item);
	}
	return [...items.values()];
}

function sameTag(a: Node, b: Node): boolean {
	return (a as ScalarNode).tag === (b as ScalarNode).tag;
}

/** A merge key and the value that an element must have there. */
interface Pair {
	readonly key: string;
	readonly value: string;
}

/** The usual case: the patch is silent or the list its own, every element is a map with the one key, and no two share it. */
function isPlainList(dest: SeqNode, patch: SeqNode | undefined, keys: readonly string[]): boolean {
	if (patch !== undefined && patch !== dest) return false;
	if (keys.length !== 1) return false;
	const seen = new Set<string>();
	for (const item of dest.items) {
		const value = textOf(child(item, keys[0]!));
		if (!value || seen.has(value)) return false;
		seen.add(value);
	}
	return true;
}

function walkEach(
	merge: ListMerge,
	dest: SeqNode,
	patch: SeqNode | undefined,
	schema: MergeSchema | undefined,
	link: PathLink | undefined,
): readonly Node[] {
	return dest.items.flatMap((item, key) => {
		const merged = merge.walk(item, patch ? item : undefined, schema, { parent: link, key });
		return merged === undefined || isBlank(merged) ? [] : [merged];
	});
}

/** `elementValues`: the values of the keys in each element, without repetition. */
function valuesOf(items: readonly Node[], keys: readonly string[]): readonly (readonly string[])[] {
	const found = new Map<string, readonly string[]>();
	for (const item of items) {
		const value = keys.map(key => {
			const at = child(item, key);
			return at?.kind === 'scalar' && at.tag !== '!!null' ? at.text : '';
		});
		const id = JSON.stringify(value);
		if (!found.has(id)) found.set(id, value);
	}
	return [...found.values()];
}

/** `validateKeys`: keys that an element lacks do not count, unless it lacks them all. */
function validPairs(value: readonly string[], keys: readonly string[]): readonly Pair[] {
	const pairs = keys.map((key, i) => ({ key, value: value[i]! }));
	const valid = pairs.filter(pair => pair.value !== '');
	return valid.length > 0 ? valid : pairs;
}

function matches(item: Node, pairs: readonly Pair[]): boolean {
	return item.kind === 'map' && pairs.every(({ key, value }) => textOf(child(item, key)) === value);
}

/**
 * `ElementSetter`: puts an element in the place of those that match, or at the end; takes them out where there is none. Blank
 * elements go. A pair without value fits every element that has the key; without pairs nothing fits, and nothing stays.
 */
function setElement(items: readonly Node[], pairs: readonly Pair[], element: Node | undefined): Node[] {
	const out: Node[] = [];
	let found = false;
	for (const item of items) {
		if (isBlank(item)) continue;
		const fits =
			pairs.length > 0 &&
			item.kind === 'map' &&
			pairs.every(({ key, value }) => {
				const at = child(item, key);
				return at !== undefined && (value === '' || textOf(at) === value);
			});
		if (fits) {
			found = true;
			if (element) out.push(element);
		} else if (pairs.length > 0) out.push(item);
	}
	if (element && !found) out.push(element);
	return out;
}

/** An element without one of its keys, as after a patch that nulls it, gets it back. */
function withKeys(node: Node, pairs: readonly Pair[]): Node {
	if (node.kind !== 'map') return node;
	return pairs.reduce((map, { key, value }) => {
		if (child(map, key) !== undefined) return map;
		return withEntry(map, key, {
			kind: 'scalar',
			text: value,
			tag: resolvePlain(value),
			style: 'plain',
			origin: map.origin,
		});
	}, node);
}

function withoutDirective(node: Node): Node {
	return node.kind === 'map' && mapDirective(node).kind !== 'unknown' ? withoutEntry(node, '$patch') : node;
}

function replaces(node: Node | undefined): boolean {
	return node?.kind === 'map' && mapDirective(node).kind === 'replace';
}

/** `appendListNode`, once for each value: the old list's elements go into the new one. */
function appendAll(
	items: readonly Node[],
	ours: readonly Node[],
	values: readonly (readonly string[])[],
	keys: readonly string[],
): readonly Node[] {
	let result = items;
	let source = ours;
	const settled = new Set<string>();
	for (const value of values) {
		const pairs = validPairs(value, keys);
		const [only] = pairs;
		if (pairs.length === 1 && only && !settled.has(only.key)) {
			const next = appendBy(result, source, only.key);
			// Doing the same to itself again changes nothing any more.
			if (source === result && next.every((item, i) => item === result[i]) && next.length === result.length) {
				settled.add(only.key);
			}
			result = next;
		}
		source = result;
	}
	return values.length === 0 ? ours : result;
}

function appendBy(into: readonly Node[], from: readonly Node[], key: string): readonly Node[] {
	let result = [...into];
	for (const item of from) {
		const at = child(item, key);
		if (at === undefined) result.push(item);
		result = setElement(result, at === undefined ? [] : [{ key, value: textOf(at)! }], item);
	}
	return result;
}

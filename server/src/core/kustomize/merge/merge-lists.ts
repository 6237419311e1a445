/**
 * Lists that merge (kyaml `yaml/walk/associative_sequence.go`): elements are paired by their merge keys, or by their text where they
 * are scalars, and the patch's come first. The steps are kustomize's one by one, since its answer for elements that
 * lack a key, or share one, follows from nothing else.
 */
import { wrongNodeKind } from '../node-kinds';
import type { PathLink } from '../../base/address';
import type { MergeSchema } from '../../kube/kustomize-facts';
import { child, type Node, type SeqNode, withEntry, withoutEntry } from '../../yaml/node';
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
	const odd = [...dest.items, ...(patch?.items ?? [])].find(item => item.kind !== 'map' && !isBlank(item));
	if (odd) {
		merge.trouble(odd, dest, link, wrongNodeKind('map', odd));
		return dest.items;
	}
	if ((patch === undefined || patch === dest) && isPlainList(dest, keys)) {
		return walkEach(merge, dest, patch, schema, link);
	}
	const same = patch === dest;
	let ours: readonly Node[] = dest.items;
	let theirs: readonly Node[] = patch?.items ?? [];
	const values = withCounterparts(valuesOf([...theirs, ...(same ? [] : ours)], keys), keys);
	const used = keysInUse(values, keys);
	let items: readonly Node[] = [];
	for (const value of values) {
		const wanted = pairsOf(keys, value).filter(pair => used.includes(pair.key));
		const given = wanted.filter(pair => pair.value !== '');
		const pairs = given.length > 0 ? given : wanted;
		const mine = ours.findIndex(item => matches(item, pairs));
		const yours = same ? mine : theirs.findIndex(item => matches(item, pairs));
		const before = ours[mine];
		const after = theirs[yours];
		const index = before ? dest.items.indexOf(before) : -1;
		const merged = merge.walk(before, after, schema, { parent: link, key: index < 0 ? dest.items.length : index });
		if (after) theirs = theirs.with(yours, withoutDirective(after));
		if (same) ours = theirs;
		if (merged === undefined || isBlank(merged)) {
			if (before && !same) merge.remove({ parent: link, key: index }, before, after);
			ours = setElement(ours, wanted, undefined);
			if (same) theirs = ours;
			continue;
		}
		const complete = withKeys(merged, given);
		// An element that is replaced as a whole stays in the old list as it was, and so comes back below.
		if (before && (same || !replaces(after))) ours = ours.with(mine, complete);
		if (same) theirs = ours;
		items = setElement(items, wanted, complete);
	}
	return values.length === 0 ? ours : appendAll(items, ours, used);
}

/** Merges lists of scalars (`setPrimitiveSequenceElements`): each text once, the patch's first; `1` and `"1"` have one text. */
export function mergeValues(
	merge: ListMerge,
	dest: SeqNode,
	patch: SeqNode | undefined,
	link: PathLink | undefined,
): readonly Node[] {
	const theirs = patch?.items ?? [];
	const odd = [...theirs, ...dest.items].find(item => item.kind !== 'scalar');
	if (odd) {
		merge.trouble(odd, dest, link, wrongNodeKind('scalar', odd));
		return dest.items;
	}
	const items = new Map<string, Node>();
	// `appendListNode`: the old list's elements take the place of the patch's with their text, the last of several.
	for (const item of theirs) if (!isBlank(item) && !items.has(textOf(item)!)) items.set(textOf(item)!, item);
	for (const item of dest.items) if (!isBlank(item)) items.set(textOf(item)!, item);
	return [...items.values()];
}

/** A merge key and the value that an element must have there. */
interface Pair {
	readonly key: string;
	readonly value: string;
}

/** The usual case: every element has all the keys that any has, and no two have them alike. */
function isPlainList({ items }: SeqNode, keys: readonly string[]): boolean {
	const values = items.map(item => valueOf(item, keys));
	const used = keysInUse(values, keys);
	const seen = new Set(values.map(value => JSON.stringify(value)));
	return (
		seen.size === items.length && used.length > 0 && values.every(value => value.filter(Boolean).length === used.length)
	);
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

function valueOf(item: Node, keys: readonly string[]): readonly string[] {
	return keys.map(key => {
		const at = child(item, key);
		return at?.kind === 'scalar' && at.tag !== '!!null' ? at.text : '';
	});
}

/** `elementValues`: the values of the keys in each element, without repetition. */
function valuesOf(items: readonly Node[], keys: readonly string[]): readonly (readonly string[])[] {
	const values = items.map(item => valueOf(item, keys));
	return [...new Map(values.map(value => [JSON.stringify(value), value])).values()];
}

/** `mergeValues`: of several keys, what one element leaves out is taken from another that agrees with it elsewhere. */
function withCounterparts(
	values: readonly (readonly string[])[],
	keys: readonly string[],
): readonly (readonly string[])[] {
	if (keys.length < 2 || values.every(value => value.every(Boolean))) return values;
	const result = [...values];
	for (const i of values.keys()) {
		const first = result[i]!;
		for (const [j, second] of result.entries()) {
			const both = completed(first, second);
			if (!both) continue;
			result[i] = both;
			result[j] = both;
		}
	}
	return result;
}

function completed(a: readonly string[], b: readonly string[]): readonly string[] | undefined {
	const agree = a.some((value, i) => value === b[i]);
	const differ = a.some((value, i) => value !== b[i] && value !== '' && b[i] !== '');
	return agree && !differ ? a.map((value, i) => value || b[i]!) : undefined;
}

/** `validateKeys`: a key that no element has does not count, unless none has any. */
function keysInUse(values: readonly (readonly string[])[], keys: readonly string[]): readonly string[] {
	const used = keys.filter((_key, i) => values.some(value => value[i] !== ''));
	return used.length > 0 ? used : keys;
}

function pairsOf(keys: readonly string[], value: readonly string[]): readonly Pair[] {
	return keys.map((key, i) => ({ key, value: value[i]! }));
}

function matches(item: Node, pairs: readonly Pair[]): boolean {
	return item.kind === 'map' && pairs.every(({ key, value }) => textOf(child(item, key)) === value);
}

/**
 * `ElementSetter`: puts an element in the place of those that match, or at the end; takes them out where there is none. Blank
 * elements go. A pair without value fits every element that has the key; without pairs nothing fits, and nothing stays.
 */
function setElement(items: readonly Node[], pairs: readonly Pair[], element: Node | undefined): readonly Node[] {
	const out: Node[] = [];
	let found = false;
	for (const item of items) {
		if (isBlank(item)) continue;
		const fits =
			pairs.length > 0 &&
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

/** `appendListNode`: the old list's elements go into the new one; of several keys, behind all others. */
function appendAll(items: readonly Node[], ours: readonly Node[], keys: readonly string[]): readonly Node[] {
	let result = items;
	for (const item of ours) {
		const found: string[] = [];
		for (const key of keys) {
			const at = child(item, key);
			if (at === undefined) result = [...result, item];
			else found.push(textOf(at)!);
		}
		// Where a key is missing, the values move up to the keys before them.
		const pairs = found.map((value, i) => ({ key: keys[i]!, value }));
		if (keys.length > 1) result = setElement(result, pairs, undefined);
		result = setElement(result, pairs, item);
	}
	return result;
}

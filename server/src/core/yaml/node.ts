/**
 * The values that everything above works on: immutable YAML trees in which every node knows where it comes from. A scalar
 * keeps its text and tag, because kustomize edits texts and gives them a type only at the very end.
 */
import { type Address, type FieldPath, type PathLink, pathOf } from '../base/address';
import type { FilePath } from '../base/paths';
import { parseFloatText, parseInteger, type Tag } from './scalar';

/** What made a value be as it is: reading a file, or the step of a build that set it. */
export type Step =
	| 'resource'
	| 'generator'
	| 'patch'
	| 'namespace'
	| 'prefix'
	| 'suffix'
	| 'labels'
	| 'annotations'
	| 'replicas'
	| 'images'
	| 'replacement'
	| 'vars'
	| 'hash'
	| 'nameReference'
	| 'transformer'
	| 'buildMetadata'
	| 'flux'
	| 'substitute'
	| 'chartDefault'
	| 'valuesFrom'
	| 'values';

/**
 * Who wrote a node: the place in the sources, the step that took it from there, and the node that it replaced, if any.
 * `replaced` leads down to the first writer.
 */
export interface Origin {
	readonly step: Step;
	readonly file: FilePath;
	readonly document: number;
	readonly link: PathLink | undefined;
	/** The place inside of the YAML that the scalar at `link` holds. */
	readonly within?: { readonly document: number; readonly link: PathLink | undefined };
	readonly replaced?: Origin;
	/** That the step took the value out of a Secret: it is not to be shown, wherever it is now. */
	readonly secret?: true;
}

export interface ScalarNode {
	readonly kind: 'scalar';
	readonly text: string;
	readonly tag: Tag;
	/** As it was written; generated scalars are plain. A quoted or block scalar is a string whatever it looks like. */
	readonly style: 'plain' | 'single' | 'double' | 'literal' | 'folded';
	/** That a tag says that it is a text, where YAML 1.1 would take it for a boolean without one: `!!str yes`. */
	readonly isTagged?: true;
	/** That a step which writes the text that stands here makes another node all the same. */
	readonly isWatched?: true;
	/** That a step wrote it without saying of what type it is: that is what its text looks like, also once another step changes the text. */
	readonly isUntagged?: true;
	/** The same for scalars of one object that change together, since a step of kustomize's wrote one node into several places. */
	readonly shared?: string;
	readonly origin: Origin;
}

export interface MapEntry {
	readonly key: string;
	/**
	 * Absent where it is `!!str`, unless YAML 1.1 would take it for a boolean and quotes say that it is none; kustomize refuses integer and
	 * boolean keys in the end.
	 */
	readonly keyTag?: Tag;
	readonly value: Node;
}

export interface MapNode {
	readonly kind: 'map';
	readonly entries: readonly MapEntry[];
	/** Of each key that stands more than once, the first entry; `entries` has the last. A merge patch takes the first. */
	readonly repeated?: readonly MapEntry[];
	readonly origin: Origin;
}

export interface SeqNode {
	readonly kind: 'seq';
	readonly items: readonly Node[];
	/** A comment in JSON at its key; kustomize may find there how the list merges. */
	readonly comment?: string;
	readonly origin: Origin;
}

export type Node = ScalarNode | MapNode | SeqNode;

/** The origin's place as an address. */
export function addressOf(origin: Origin): Address {
	const { file, document, link, within } = origin;
	const place = { file, document, path: pathOf(link) };
	return within ? { ...place, within: { document: within.document, path: pathOf(within.link) } } : place;
}

/** A new scalar string. */
export function stringNode(text: string, origin: Origin): ScalarNode {
	return { kind: 'scalar', text, tag: '!!str', style: 'plain', origin };
}

/** The value under a key of a map; nothing where the node is no map or has no such key. */
export function child(node: Node | undefined, key: string): Node | undefined {
	if (node?.kind !== 'map') return undefined;
	for (const entry of node.entries) if (entry.key === key) return entry.value;
	return undefined;
}

/** The node at a path; nothing where the way ends before. */
export function nodeAt(node: Node | undefined, path: FieldPath): Node | undefined {
	let at = node;
	for (const key of path) {
		if (at === undefined) return undefined;
		at = typeof key === 'number' ? (at.kind === 'seq' ? at.items[key] : undefined) : child(at, key);
	}
	return at;
}

/** The text of a scalar that is a string, or nothing. */
export function stringAt(node: Node | undefined, ...path: FieldPath): string | undefined {
	const at = nodeAt(node, path);
	return at?.kind === 'scalar' && at.tag === '!!str' ? at.text : undefined;
}

/** The text of any scalar but null, or nothing. */
export function textAt(node: Node | undefined, ...path: FieldPath): string | undefined {
	const at = nodeAt(node, path);
	return at?.kind === 'scalar' && at.tag !== '!!null' ? at.text : undefined;
}

/** The items of a sequence; none where the node is something else. */
export function itemsOf(node: Node | undefined): readonly Node[] {
	return node?.kind === 'seq' ? node.items : [];
}

/** The entries of a map; none where the node is something else. */
export function entriesOf(node: Node | undefined): readonly MapEntry[] {
	return node?.kind === 'map' ? node.entries : [];
}

/** Whether the node is a null scalar. */
export function isNull(node: Node | undefined): boolean {
	return node?.kind === 'scalar' && node.tag === '!!null';
}

/** The map with `key` set: in place where it was, else at the end. The same map where the value is the same object. */
export function withEntry(map: MapNode, key: string, value: Node): MapNode {
	const at = map.entries.findIndex(entry => entry.key === key);
	if (at < 0) return { ...map, entries: [...map.entries, { key, value }] };
	const entry = map.entries[at]!;
	return entry.value === value ? map : { ...map, entries: map.entries.with(at, { ...entry, value }) };
}

/** The map without `key`; the same map where it has none. */
export function withoutEntry(map: MapNode, key: string): MapNode {
	const entries = map.entries.filter(entry => entry.key !== key);
	return entries.length === map.entries.length ? map : { ...map, entries };
}

/** The sequence with other items; the same sequence where all of them are the same objects. */
export function withItems(seq: SeqNode, items: readonly Node[]): SeqNode {
	const same = items.length === seq.items.length && items.every((item, i) => item === seq.items[i]);
	return same ? seq : { ...seq, items };
}

/** Whether two trees hold the same keys in the same order, texts, tags and styles. Origins do not count. */
export function sameTree(a: Node | undefined, b: Node | undefined): boolean {
	return sameNodes(a, b, () => true);
}

/** Whether two trees hold the same, as `sameTree` has it, and every node of them was written by the same. */
export function sameWriting(a: Node | undefined, b: Node | undefined): boolean {
	return sameNodes(a, b, (left, right) => sameOrigin(left.origin, right.origin));
}

/** Whether two trees hold the same, and `alike` holds for each pair of nodes that are not one object. */
function sameNodes(a: Node | undefined, b: Node | undefined, alike: (a: Node, b: Node) => boolean): boolean {
	if (a === b) return true;
	if (a === undefined || b === undefined || a.kind !== b.kind || !alike(a, b)) return false;
	switch (a.kind) {
		case 'scalar':
			return (
				b.kind === 'scalar' &&
				a.text === b.text &&
				a.tag === b.tag &&
				a.style === b.style &&
				a.shared === b.shared &&
				a.isUntagged === b.isUntagged
			);
		case 'seq':
			return (
				b.kind === 'seq' &&
				a.comment === b.comment &&
				a.items.length === b.items.length &&
				a.items.every((item, i) => sameNodes(item, b.items[i], alike))
			);
		case 'map':
			return (
				b.kind === 'map' &&
				a.entries.length === b.entries.length &&
				a.entries.every((entry, i) => {
					const other = b.entries[i]!;
					return entry.key === other.key && entry.keyTag === other.keyTag && sameNodes(entry.value, other.value, alike);
				})
			);
	}
}

/** Whether two origins lead to the same place by the same steps, all the way down. */
export function sameOrigin(a: Origin | undefined, b: Origin | undefined): boolean {
	if (a === b) return true;
	return (
		a !== undefined &&
		b !== undefined &&
		a.step === b.step &&
		a.file === b.file &&
		a.document === b.document &&
		a.secret === b.secret &&
		a.within?.document === b.within?.document &&
		sameLink(a.link, b.link) &&
		sameLink(a.within?.link, b.within?.link) &&
		sameOrigin(a.replaced, b.replaced)
	);
}

function sameLink(a: PathLink | undefined, b: PathLink | undefined): boolean {
	return a === b || (a !== undefined && b !== undefined && a.key === b.key && sameLink(a.parent, b.parent));
}

/** Whether two trees mean the same: order of keys and style of scalars do not count, `1` and `1.0` are the same number. */
export function sameValue(a: Node | undefined, b: Node | undefined): boolean {
	if (a === b) return true;
	if (a === undefined || b === undefined || a.kind !== b.kind) return false;
	if (a.kind === 'scalar') {
		const left = scalarValue(a);
		const right = scalarValue(b as ScalarNode);
		return (
			left === right ||
			(typeof left !== 'string' &&
				typeof right !== 'string' &&
				left !== null &&
				right !== null &&
				typeof left !== 'boolean' &&
				typeof right !== 'boolean' &&
				Number(left) === Number(right))
		);
	}
	if (a.kind === 'seq') {
		const items = (b as SeqNode).items;
		return a.items.length === items.length && a.items.every((item, i) => sameValue(item, items[i]));
	}
	const entries = (b as MapNode).entries;
	return a.entries.length === entries.length && a.entries.every(({ key, value }) => sameValue(value, child(b, key)));
}

/** A scalar as a JavaScript value. Integers beyond 2^53 are bigints; a timestamp stays a text. */
export function scalarValue(node: ScalarNode): string | number | bigint | boolean | null {
	switch (node.tag) {
		case '!!null':
			return null;
		case '!!bool':
			return /^[ty]/i.test(node.text) || node.text.toLowerCase() === 'on';
		case '!!int': {
			const value = parseInteger(node.text);
			return Number.isSafeInteger(Number(value)) ? Number(value) : value;
		}
		case '!!float':
			return parseFloatText(node.text);
		default:
			return node.text;
	}
}

/** A plain JavaScript value. */
export type Plain = string | number | bigint | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };

/** The tree as plain JavaScript values, as JSON would have them. Maps have no prototype, so that no key is special. */
export function toPlain(node: Node): Plain {
	switch (node.kind) {
		case 'scalar':
			return scalarValue(node);
		case 'seq':
			return node.items.map(toPlain);
		case 'map': {
			const out: { [key: string]: Plain } = Object.create(null);
			for (const { key, value } of node.entries) out[key] = toPlain(value);
			return out;
		}
	}
}

/** Calls `visit` for the node and everything below it, with the path from the node; a visit that answers `false` goes no deeper. */
export function walk(
	node: Node,
	visit: (node: Node, link: PathLink | undefined) => boolean | void,
	link?: PathLink,
): void {
	if (visit(node, link) === false) return;
	if (node.kind === 'map') for (const { key, value } of node.entries) walk(value, visit, { parent: link, key });
	else if (node.kind === 'seq') node.items.forEach((item, key) => walk(item, visit, { parent: link, key }));
}

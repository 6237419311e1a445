/**
 * Values while they are merged. Helm and helm-controller merge Go maps in place and share them between the parts, which shows in
 * the result (a `targetPath` inside of a map of `spec.values` changes `spec.values` itself), so the merge runs on maps and lists
 * that have an identity, too. Before and after stand immutable trees.
 */
import type { MapNode, Node, Origin, ScalarNode } from '../../yaml/node';

export interface ValueMap {
	readonly kind: 'map';
	readonly entries: Map<string, Value>;
	origin: Origin;
}

export interface ValueList {
	readonly kind: 'list';
	readonly items: Value[];
	origin: Origin;
}

export type Value = ScalarNode | ValueMap | ValueList;

/** Fresh maps and lists with the tree's content; scalars are shared. */
export function fromNode(node: Node): Value {
	switch (node.kind) {
		case 'scalar':
			return node;
		case 'seq':
			return { kind: 'list', items: node.items.map(fromNode), origin: node.origin };
		case 'map':
			return mapFromNode(node);
	}
}

/** The same for a map. */
export function mapFromNode(node: MapNode): ValueMap {
	return {
		kind: 'map',
		entries: new Map(node.entries.map(({ key, value }) => [key, fromNode(value)])),
		origin: node.origin,
	};
}

/** The values as a tree; what is merged later does not change it. */
export function toNode(value: Value): Node {
	switch (value.kind) {
		case 'scalar':
			return value;
		case 'list':
			return { kind: 'seq', items: value.items.map(toNode), origin: value.origin };
		case 'map':
			return mapToNode(value);
	}
}

/** The same for a map. */
export function mapToNode({ entries, origin }: ValueMap): MapNode {
	return { kind: 'map', entries: [...entries].map(([key, value]) => ({ key, value: toNode(value) })), origin };
}

/** A copy that shares no map and no list. */
export function deepCopy<V extends Value>(value: V): V;
export function deepCopy(value: Value): Value {
	switch (value.kind) {
		case 'scalar':
			return value;
		case 'list':
			return { ...value, items: value.items.map(item => deepCopy(item)) };
		case 'map':
			return { ...value, entries: new Map([...value.entries].map(([key, item]) => [key, deepCopy(item)])) };
	}
}

/** Whether it is a null, which stands for "take the default away". */
export function isNullValue(value: Value | undefined): boolean {
	return value?.kind === 'scalar' && value.tag === '!!null';
}

/** The value with `replaced` at the end of its chain of origins; below it nothing changes. */
export function replacing(value: Value, replaced: Value | undefined): Value {
	if (!replaced || replaced === value || replaced.origin === value.origin) return value;
	return { ...value, origin: appendOrigin(value.origin, replaced.origin) };
}

/** The origin with another one's chain at the end of its own, but for what is in it already: a value may be put in its place more than once. */
export function appendOrigin(origin: Origin, last: Origin): Origin {
	const rest = without(last, origin);
	if (!rest) return origin;
	return { ...origin, replaced: origin.replaced ? appendOrigin(origin.replaced, rest) : rest };
}

function without(chain: Origin, place: Origin): Origin | undefined {
	const replaced = chain.replaced && without(chain.replaced, place);
	if (samePlace(chain, place)) return replaced;
	return replaced === chain.replaced ? chain : { ...chain, replaced };
}

function samePlace(a: Origin, b: Origin): boolean {
	return (
		a.step === b.step &&
		a.file === b.file &&
		a.document === b.document &&
		a.link === b.link &&
		a.within?.link === b.within?.link
	);
}

/** Go's name for the value's type in its messages; numbers out of YAML are float64 there. */
export function goTypeOf(value: Value): string {
	switch (value.kind) {
		case 'map':
			return 'map[string]interface {}';
		case 'list':
			return '[]interface {}';
		case 'scalar':
			switch (value.tag) {
				case '!!null':
					return 'nil';
				case '!!bool':
					return 'bool';
				case '!!int':
				case '!!float':
					return 'float64';
				default:
					return 'string';
			}
	}
}

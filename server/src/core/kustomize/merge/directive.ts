/** `$patch` in a strategic merge patch: on a map, or as an element of its own in a list (kyaml `yaml/merge2/smpdirective.go`). */
import { child, type MapNode, type Node, type SeqNode, withItems, withoutEntry } from '../../yaml/node';

const KEY = '$patch';

/** What a part of a patch asks for, and the part without the directive. */
export type Directive<N extends Node> =
	| { readonly kind: 'merge' | 'replace' | 'delete'; readonly rest: N; readonly node: Node | undefined }
	| { readonly kind: 'unknown'; readonly rest: N; readonly node: Node; readonly text: string };

/** The directive of a map; without one it is merged. */
export function mapDirective(map: MapNode): Directive<MapNode> {
	const node = child(map, KEY);
	return node ? named(node, map, () => withoutEntry(map, KEY)) : { kind: 'merge', rest: map, node: undefined };
}

/** The directive of a list: its first element with `$patch`, if it has no other key. */
export function listDirective(list: SeqNode): Directive<SeqNode> {
	const element = list.items.find(item => child(item, KEY) !== undefined);
	const node = child(element, KEY);
	if (element?.kind !== 'map' || !node || element.entries.length > 1) {
		return { kind: 'merge', rest: list, node: undefined };
	}
	const text = textOf(node);
	return named(node, list, () =>
		withItems(
			list,
			list.items.filter(item => !isBlank(item) && textOf(child(item, KEY)) !== text),
		),
	);
}

function named<N extends Node>(node: Node, whole: N, rest: () => N): Directive<N> {
	const text = textOf(node) ?? '';
	return text === 'merge' || text === 'replace' || text === 'delete'
		? { kind: text, rest: rest(), node }
		: { kind: 'unknown', rest: whole, node, text };
}

/** Null and the empty map: no element of a list that merges (`ElementSetter`). */
export function isBlank(node: Node): boolean {
	return node.kind === 'map' ? node.entries.length === 0 : node.kind === 'scalar' && node.tag === '!!null';
}

/** What go-yaml's `Node.Value` holds: the text of a scalar, nothing of a collection. */
export function textOf(node: Node | undefined): string | undefined {
	return node === undefined ? undefined : node.kind === 'scalar' ? node.text : '';
}

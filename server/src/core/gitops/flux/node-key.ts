/** A tree with its origins as a string and back, so that what a Flux Kustomization says can be the key of a query. */
import { linkOf, pathOf } from '../../base/address';
import { type Node, type Origin, type ScalarNode } from '../../yaml/node';

type OriginKey = readonly [
	string,
	string,
	number,
	readonly (string | number)[],
	(readonly [number, readonly (string | number)[]])?,
	OriginKey?,
];
type NodeKey =
	| readonly ['s', OriginKey, string, string, string]
	| readonly ['l', OriginKey, readonly NodeKey[]]
	| readonly ['m', OriginKey, readonly (readonly [string, NodeKey])[]];

/** Equal for trees with equal content and origins. */
export function nodeKey(node: Node): string {
	return JSON.stringify(encode(node));
}

/** Equal for origins that lead to the same places by the same steps. */
export function originKey(origin: Origin): string {
	return JSON.stringify(encodeOrigin(origin));
}

/** The tree of a key. */
export function nodeOfKey(key: string): Node {
	return decode(JSON.parse(key) as NodeKey);
}

function encode(node: Node): NodeKey {
	const origin = encodeOrigin(node.origin);
	switch (node.kind) {
		case 'scalar':
			return ['s', origin, node.text, node.tag, node.style];
		case 'seq':
			return ['l', origin, node.items.map(encode)];
		case 'map':
			return ['m', origin, node.entries.map(({ key, value }) => [key, encode(value)] as const)];
	}
}

function encodeOrigin({ step, file, document, link, within, replaced }: Origin): OriginKey {
	const inner = within && ([within.document, pathOf(within.link)] as const);
	return [step, file, document, pathOf(link), inner, replaced && encodeOrigin(replaced)];
}

function decode(key: NodeKey): Node {
	const origin = decodeOrigin(key[1]);
	switch (key[0]) {
		case 's':
			return {
				kind: 'scalar',
				text: key[2],
				tag: key[3] as ScalarNode['tag'],
				style: key[4] as ScalarNode['style'],
				origin,
			};
		case 'l':
			return { kind: 'seq', items: key[2].map(decode), origin };
		case 'm':
			return { kind: 'map', entries: key[2].map(([name, value]) => ({ key: name, value: decode(value) })), origin };
	}
}

function decodeOrigin([step, file, document, path, within, replaced]: OriginKey): Origin {
	return {
		step: step as Origin['step'],
		file,
		document,
		link: linkOf(path),
		...(within && { within: { document: within[0], link: linkOf(within[1]) } }),
		...(replaced && { replaced: decodeOrigin(replaced) }),
	};
}

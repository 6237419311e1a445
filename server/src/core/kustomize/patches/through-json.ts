/**
 * What is left of a tree after kustomize made JSON of it and read that again, as it does around a JSON patch
 * (`RNode.MarshalJSON`, `RNode.UnmarshalJSON`): every number has become a float64, every date a text.
 */
import { formatGoFloat, printScalar } from '../../yaml/emit';
import { type Node, type ScalarNode, scalarValue, withItems } from '../../yaml/node';
import { unshared } from '../shared-scalars';

/** The tree with such scalars rewritten; the same objects wherever nothing differs. Origins stay. */
export function throughJson<N extends Node>(node: N): N;
export function throughJson(node: Node): Node {
	switch (node.kind) {
		case 'scalar':
			return scalar(node);
		case 'seq':
			return withItems(
				node,
				node.items.map(item => throughJson(item)),
			);
		case 'map': {
			let changed = false;
			const entries = node.entries.map(entry => {
				const value = throughJson(entry.value);
				if (value === entry.value) return entry;
				changed = true;
				return { ...entry, value };
			});
			return changed ? { ...node, entries } : node;
		}
	}
}

function scalar(read: ScalarNode): ScalarNode {
	const node = tagged(unshared(read));
	if (node.tag === '!!str' && node.style !== 'folded') return node;
	// Booleans of YAML 1.1 in a patch's operations are told by their tag alone.
	if (node.tag === '!!bool') return withText(node, String(scalarValue(node)));
	const { kind, text, error } = printScalar(node);
	if (error) return node;
	if (kind === 'string') return { ...node, text, tag: '!!str', style: 'literal' };
	if (node.tag !== '!!int' && node.tag !== '!!float') return withText(node, text);
	const written = formatGoFloat(Number(text));
	const tag = /[.e]/.test(written) ? '!!float' : '!!int';
	return node.text === written && node.tag === tag ? node : { ...node, text: written, tag, style: 'plain' };
}

function tagged(node: ScalarNode): ScalarNode {
	if (!node.isUntagged) return node;
	const { isUntagged: _, ...rest } = node;
	return rest;
}

function withText(node: ScalarNode, text: string): ScalarNode {
	return node.text === text ? node : { ...node, text };
}

/** What JSON schemas ask of single values: types, equality, multiples. */
import { child, type Node, type Origin, type Plain, sameValue, type ScalarNode, toPlain } from '../../yaml/node';
import type { SchemaObject } from './json-schema-document';
import { isPrimitive } from './json-schema-words';

/** In the order in which messages name them. */
export const TYPE_ORDER: readonly string[] = ['null', 'boolean', 'number', 'integer', 'string', 'array', 'object'];
/** In the order of the alphabet. */
export const TYPE_NAMES: readonly string[] = [...TYPE_ORDER].sort();

/** JSON's name for the type; integers are numbers. */
export function typeOf(node: Node): string {
	if (node.kind === 'map') return 'object';
	if (node.kind === 'seq') return 'array';
	const value = toPlain(node);
	if (value === null) return 'null';
	return typeof value === 'bigint' ? 'number' : typeof value;
}

/** `1e3` and `2.0` are integers. */
export function isInteger(node: Node): boolean {
	const value = toPlain(node);
	return typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
}

/** Within the precision of what floats can tell. */
export function isMultiple(value: number, of: number): boolean {
	if (of === 0) return true;
	const quotient = value / of;
	return Math.abs(quotient - Math.round(quotient)) < 1e-9 * Math.max(1, Math.abs(quotient));
}

/** Whether a tree means the same as a JSON value. */
export function samePlain(node: Node, value: Plain): boolean {
	if (isPrimitive(value)) {
		if (node.kind !== 'scalar') return false;
		const own = toPlain(node);
		const numbers = [own, value].every(item => typeof item === 'number' || typeof item === 'bigint');
		return numbers ? Number(own) === Number(value) : own === value;
	}
	if (Array.isArray(value)) {
		const items = value as readonly Plain[];
		return (
			node.kind === 'seq' &&
			node.items.length === items.length &&
			node.items.every((item, i) => samePlain(item, items[i]!))
		);
	}
	const entries = Object.entries(value as SchemaObject);
	return (
		node.kind === 'map' &&
		node.entries.length === entries.length &&
		entries.every(([key, item]) => {
			const own = child(node, key);
			return own !== undefined && samePlain(own, item);
		})
	);
}

/** The first two items that are equal. */
export function firstDuplicates(items: readonly Node[]): readonly [number, number] | undefined {
	// Quadratic as the library's own; long lists are left alone.
	if (items.length > 1_000) return undefined;
	for (let j = 1; j < items.length; j++) for (let i = 0; i < j; i++) if (sameValue(items[i], items[j])) return [i, j];
	return undefined;
}

const NOWHERE: Origin = { file: '', document: 0, link: undefined, step: 'values' };

/** A value that stands in no file as a tree. */
export function treeOf(value: Plain): Node {
	if (Array.isArray(value)) return { kind: 'seq', items: (value as readonly Plain[]).map(treeOf), origin: NOWHERE };
	if (typeof value === 'object' && value !== null) {
		const entries = Object.entries(value).map(([key, item]) => ({ key, value: treeOf(item as Plain) }));
		return { kind: 'map', entries, origin: NOWHERE };
	}
	return { kind: 'scalar', text: String(value), tag: tagOf(value), style: 'plain', origin: NOWHERE };
}

function tagOf(value: Plain): ScalarNode['tag'] {
	switch (typeof value) {
		case 'string':
			return '!!str';
		case 'boolean':
			return '!!bool';
		case 'object':
			return '!!null';
		default:
			return Number.isInteger(Number(value)) ? '!!int' : '!!float';
	}
}

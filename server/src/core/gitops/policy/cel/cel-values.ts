/** Values between YAML trees and CEL: maps as `Map`, integers as `bigint`. */
import { type Node, type Plain, scalarValue } from '../../../yaml/node';
import { isList, isMap } from '../kyverno/plain-values';

export type CelValue = unknown;

/**
 * The tree as CEL sees it. Fields that are null are left out: the API server drops them before it admits an object of a typed kind.
 */
export function celValueOf(node: Node): CelValue {
	switch (node.kind) {
		case 'scalar': {
			const value = scalarValue(node);
			return typeof value === 'number' && node.tag === '!!int' ? BigInt(value) : value;
		}
		case 'seq':
			return node.items.map(celValueOf);
		case 'map': {
			const out = new Map<string, CelValue>();
			for (const { key, value } of node.entries)
				if (!(value.kind === 'scalar' && value.tag === '!!null')) out.set(key, celValueOf(value));
			return out;
		}
	}
}

/** Plain values as CEL's: integers are `int`. */
export function celValue(value: Plain): CelValue {
	if (isList(value)) return value.map(celValue);
	if (isMap(value)) return new Map(Object.entries(value).map(([key, item]) => [key, celValue(item)]));
	return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value;
}

/** The entries of a map, also of one that an expression has made, which is a plain object; nothing for what is no map. */
export function mapEntries(value: CelValue): readonly (readonly [unknown, unknown])[] | undefined {
	if (value instanceof Map) return [...value];
	if (typeof value !== 'object' || value === null) return undefined;
	const prototype: unknown = Object.getPrototypeOf(value);
	return prototype === null || prototype === Object.prototype ? Object.entries(value) : undefined;
}

/** A plain record as a map of CEL. */
export function celMap(entries: Readonly<Record<string, CelValue>>): ReadonlyMap<string, CelValue> {
	return new Map(Object.entries(entries));
}

/** The length of the longest text anywhere in a value. */
export function longestText(value: CelValue): number {
	if (typeof value === 'string') return value.length;
	const items: readonly unknown[] = Array.isArray(value) ? value : (mapEntries(value)?.map(([, item]) => item) ?? []);
	return items.reduce<number>((longest, item) => Math.max(longest, longestText(item)), 0);
}

/**
 * The size of the largest collection anywhere in a value, at least 1. A character of a text counts for `perCharacter` elements: one where an
 * expression makes lists of texts, none where it does not.
 */
export function largestCollection(value: CelValue, perCharacter: 0 | 1): number {
	if (typeof value === 'string') return Math.max(1, value.length * perCharacter);
	const items: readonly unknown[] | undefined = Array.isArray(value)
		? value
		: mapEntries(value)?.map(([, item]) => item);
	if (!items) return 1;
	let largest = Math.max(1, items.length);
	for (const item of items) largest = Math.max(largest, largestCollection(item, perCharacter));
	return largest;
}

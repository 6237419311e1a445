/** What the API server makes of a custom resource before it checks it: nulls pruned, defaults set (apiextensions-apiserver, schema/defaulting). */
import { isNull, type MapEntry, type Node, type Origin, type Plain, withItems } from '../../yaml/node';
import { propertyOf, type Schema } from './schema';

/** The tree with its defaults; the same tree where nothing is missing. A default has the origin of the map that it stands in. */
export function withDefaults(node: Node, schema: Schema): Node {
	switch (node.kind) {
		case 'scalar':
			return node;
		case 'seq': {
			const { items } = schema;
			return items
				? withItems(
						node,
						node.items.map(item => withDefaults(item, items)),
					)
				: node;
		}
		case 'map': {
			const entries: MapEntry[] = [];
			let changed = false;
			const present = new Set<string>();
			for (const entry of node.entries) {
				const property = propertyOf(schema, entry.key);
				if (property && isNull(entry.value) && !property.facts.nullable) {
					changed = true;
					continue;
				}
				present.add(entry.key);
				const value = property ? withDefaults(entry.value, property) : entry.value;
				changed ||= value !== entry.value;
				entries.push(value === entry.value ? entry : { ...entry, value });
			}
			for (const [key, property] of schema.properties) {
				const value = property.facts.default;
				if (value === undefined || present.has(key)) continue;
				entries.push({ key, value: withDefaults(fromPlain(value, node.origin), property) });
				changed = true;
			}
			return changed ? { ...node, entries } : node;
		}
	}
}

function fromPlain(value: Plain, origin: Origin): Node {
	if (Array.isArray(value)) return { kind: 'seq', items: value.map(item => fromPlain(item, origin)), origin };
	if (typeof value === 'object' && value !== null) {
		const entries = Object.entries(value).map(([key, item]) => ({ key, value: fromPlain(item as Plain, origin) }));
		return { kind: 'map', entries, origin };
	}
	const tag =
		value === null
			? '!!null'
			: typeof value === 'boolean'
				? '!!bool'
				: typeof value === 'string'
					? '!!str'
					: Number.isInteger(Number(value))
						? '!!int'
						: '!!float';
	return { kind: 'scalar', text: value === null ? 'null' : String(value), tag, style: 'plain', origin };
}

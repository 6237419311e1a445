/**
 * A label or annotation that one transformer wrote into several places of an object is one node in kustomize (`filtersutil.SetEntry`
 * hands the same pointer to each), and kustomize changes nodes in place: a patch or replacement that later sets `metadata.labels.app`
 * sets the selector and the template with it. Such scalars carry a name here, and change together, until a JSON patch
 * makes the object anew.
 */
import { child, type MapNode, type Node, type ScalarNode, withItems } from '../yaml/node';

/** The tree that a step made of another, with what it changed also where the same node stands elsewhere. */
export function changedTogether(before: MapNode, after: MapNode): MapNode {
	const changes = new Map<string, ScalarNode>();
	collect(before, after, changes);
	return changes.size === 0 ? after : (spread(after, changes) as MapNode);
}

/** The shared scalars that are not what they were. Looks only into what is another object than before. */
function collect(before: Node | undefined, after: Node, changes: Map<string, ScalarNode>): void {
	if (before === after || before === undefined) return;
	if (after.kind === 'scalar') {
		const { shared } = after;
		if (shared === undefined || before.kind !== 'scalar' || before.shared !== shared) return;
		if (before.text !== after.text || before.tag !== after.tag) changes.set(shared, after);
	} else if (after.kind === 'map' && before.kind === 'map') {
		after.entries.forEach(({ key, value }, i) => {
			const there = before.entries[i];
			collect(there?.key === key ? there.value : child(before, key), value, changes);
		});
	} else if (after.kind === 'seq' && before.kind === 'seq') {
		const old = new Set(before.items);
		const now = new Set(after.items);
		const gone = before.items.filter(item => !now.has(item));
		after.items.filter(item => !old.has(item)).forEach((item, i) => collect(gone[i], item, changes));
	}
}

function spread(node: Node, changes: ReadonlyMap<string, ScalarNode>): Node {
	switch (node.kind) {
		case 'scalar': {
			const changed = node.shared === undefined ? undefined : changes.get(node.shared);
			if (!changed || changed === node || (changed.text === node.text && changed.tag === node.tag)) return node;
			return { ...changed, origin: { ...changed.origin, replaced: node.origin } };
		}
		case 'seq':
			return withItems(
				node,
				node.items.map(item => spread(item, changes)),
			);
		case 'map':
			return withValues(node, value => spread(value, changes));
	}
}

/** The scalar as one that stands only here. */
export function unshared(node: ScalarNode): ScalarNode {
	if (node.shared === undefined) return node;
	const { shared: _, ...own } = node;
	return own;
}

function withValues(node: MapNode, change: (value: Node) => Node): MapNode {
	let changed = false;
	const entries = node.entries.map(entry => {
		const value = change(entry.value);
		if (value === entry.value) return entry;
		changed = true;
		return { ...entry, value };
	});
	return changed ? { ...node, entries } : node;
}

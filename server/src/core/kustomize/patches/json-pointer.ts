/** Places in a tree that a JSON pointer names, as `gopkg.in/evanphx/json-patch.v4` finds and changes them. */
import { formatPath } from '../../base/address';
import { nearest } from '../../base/nearest';
import type { Removal } from '../../kube/resource';
import {
	child,
	isNull,
	type MapNode,
	type Node,
	type Origin,
	sameTree,
	type SeqNode,
	withEntry,
	withItems,
	withoutEntry,
} from '../../yaml/node';

/** A container of the tree and the key in it that a pointer ends with. */
export interface Place {
	readonly container: MapNode | SeqNode;
	/** The way to the container; negative indices have been counted. */
	readonly path: readonly (string | number)[];
	readonly key: string;
	/** What stands there now. */
	readonly node: Node | undefined;
}

/** `findObject`: what stands before the first slash does not matter, and the whole document has no container. */
export function findPlace(root: Node, pointer: string): Place | undefined {
	const parts = pointer.split('/').slice(1).map(unescape);
	const key = parts.pop();
	if (key === undefined) return undefined;
	let at: Node = root;
	const path: (string | number)[] = [];
	for (const part of parts) {
		const index: number | string = at.kind === 'seq' ? indexIn(at, part) : part;
		if (at.kind === 'seq' && typeof index === 'string') return undefined;
		const next: Node | undefined = at.kind === 'seq' ? at.items[Number(index)] : child(at, part);
		if (next === undefined || isNull(next)) return undefined;
		path.push(index);
		at = next;
	}
	if (at.kind === 'scalar') return undefined;
	const index = at.kind === 'seq' ? indexIn(at, key) : key;
	const node = at.kind === 'map' ? child(at, key) : typeof index === 'number' ? at.items[index] : undefined;
	return { container: at, path, key, node };
}

function unescape(part: string): string {
	return part.replaceAll('~1', '/').replaceAll('~0', '~');
}

const INDEX = /^[-+]?\d+$/;

/** The index that a part names, or the words for why there is none. */
export function indexIn(list: SeqNode, part: string): number | string {
	if (!INDEX.test(part)) return `strconv.Atoi: parsing ${JSON.stringify(part)}: invalid syntax`;
	const index = Number(part);
	const size = list.items.length;
	if (index >= size || index < -size) return outOfRange(part);
	return index < 0 ? index + size : index;
}

function outOfRange(part: string): string {
	return `Unable to access invalid index: ${Number(part)}: invalid index referenced`;
}

/** `add`: a map's key is set, a list's element moves the others on. The words for why not, where it cannot be. */
export function insert(root: Node, { container, path, key, node }: Place, value: Node): Node | string {
	if (container.kind === 'map') {
		return rebuild(root, path, withEntry(container, key, node && sameTree(node, value) ? node : value));
	}
	const size = container.items.length;
	if (key !== '-' && !INDEX.test(key)) {
		return `value was not a proper array index: '${key}': strconv.Atoi: parsing ${JSON.stringify(key)}: invalid syntax`;
	}
	const index = key === '-' ? size : Number(key) < 0 ? Number(key) + size + 1 : Number(key);
	if (index > size || index < 0) return outOfRange(key);
	const { replaced: _old, ...origin } = value.origin;
	const element = container.items[index] === undefined ? value : { ...value, origin };
	return rebuild(root, path, { ...container, items: container.items.toSpliced(index, 0, element) });
}

export function takeOut(
	root: Node,
	{ container, path, key, node }: Place,
	by: Origin,
): { readonly root: Node; readonly removed?: Removal } | string {
	const removal = (at: string | number, old: Node): Removal => ({
		path: [...path, at],
		origin: { ...by, replaced: old.origin },
	});
	if (container.kind === 'map') {
		if (!node) return `Unable to remove nonexistent key: ${key}: missing value`;
		return { root: rebuild(root, path, withoutEntry(container, key)), removed: removal(key, node) };
	}
	const index = indexIn(container, key);
	if (typeof index === 'string') return index;
	const items = container.items.toSpliced(index, 1);
	return { root: rebuild(root, path, { ...container, items }), removed: removal(index, container.items[index]!) };
}

/** The tree with another node at a path that exists. */
export function rebuild(root: Node, path: readonly (string | number)[], node: Node): Node {
	const [key, ...rest] = path;
	if (key === undefined) return node;
	if (root.kind === 'seq') {
		const index = Number(key);
		return withItems(root, root.items.with(index, rebuild(root.items[index]!, rest, node)));
	}
	if (root.kind === 'map') return withEntry(root, String(key), rebuild(child(root, String(key))!, rest, node));
	return root;
}

/** The container is there, the key in it is not. */
export function whatIsMissing({ container, path, key }: Place): string {
	const holder = path.length === 0 ? 'the resource' : `\`${formatPath(path)}\``;
	if (container.kind === 'map') return `${holder} has no \`${key}\`${suggestion(container, key)}`;
	return INDEX.test(key)
		? `${holder} has ${count(container.items.length)}, and no index ${key}`
		: `${holder} is a list, in which \`${key}\` is no index`;
}

/** How far a pointer leads, and what stands there instead. */
export function whereItEnds(root: Node, pointer: string): string {
	if (!pointer.includes('/')) return 'a path begins with `/`; the whole resource cannot be changed';
	let at: Node = root;
	const path: (string | number)[] = [];
	for (const part of pointer.split('/').slice(1).map(unescape)) {
		const here = path.length === 0 ? 'the resource' : `\`${formatPath(path)}\``;
		if (at.kind === 'scalar') return `${here} is ${isNull(at) ? 'null' : 'a single value'}, and holds no \`${part}\``;
		const index: number | string = at.kind === 'seq' ? indexIn(at, part) : part;
		if (at.kind === 'seq' && typeof index === 'string') {
			return INDEX.test(part)
				? `${here} has ${count(at.items.length)}, and no index ${part}`
				: `${here} is a list, in which \`${part}\` is no index`;
		}
		const next: Node | undefined = at.kind === 'seq' ? at.items[Number(index)] : child(at, part);
		if (next === undefined) {
			const torn =
				part.includes('.') && !pointer.endsWith(`/${part}`) ? '; a `/` that belongs to a key is written `~1`' : '';
			return `${here} has no \`${part}\`${suggestion(at, part) || torn}`;
		}
		path.push(index);
		at = next;
	}
	return `\`${formatPath(path)}\` cannot be changed`;
}

/**
 * The pointer with each key that is not there changed to the one that is nearest; nothing where that leads nowhere either. The last
 * key may be a new one where an operation adds it.
 */
export function nearestPointer(root: Node, pointer: string, last: 'there' | 'new'): string | undefined {
	let at: Node = root;
	const parts: string[] = [];
	const wanted = pointer.split('/').slice(1);
	for (const [i, raw] of wanted.entries()) {
		const part = unescape(raw);
		if (at.kind === 'map') {
			const keys = at.entries.map(({ key }) => key);
			// A slash in a key is written ~1; without that, it takes the key apart.
			const whole = keys.find(key => key === wanted.slice(i).map(unescape).join('/'));
			if (whole !== undefined) return ['', ...parts, escape(whole)].join('/');
			const isLast = last === 'new' && i === wanted.length - 1;
			const isTorn = last === 'new' && !isLast && part.includes('.') && !keys.includes(part);
			if (isTorn) parts.push(escape(wanted.slice(i).map(unescape).join('/')));
			if (isTorn) break;
			const key: string | undefined = keys.includes(part) || isLast ? part : nearest(part, keys);
			if (key === undefined) return undefined;
			parts.push(escape(key));
			at = child(at, key) ?? at;
		} else if (at.kind === 'seq') {
			const index: number | string = indexIn(at, part);
			if (typeof index === 'string' && part !== '-') return undefined;
			parts.push(raw);
			at = at.items[Number(index)] ?? at;
		} else return undefined;
	}
	const found = ['', ...parts].join('/');
	return found === pointer ? undefined : found;
}

function escape(key: string): string {
	return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

function count(size: number): string {
	return size === 0 ? 'no elements' : size === 1 ? 'one element' : `${size} elements`;
}

function suggestion(node: Node, key: string): string {
	const keys = node.kind === 'map' ? node.entries.map(entry => entry.key) : [];
	const near = nearest(key, keys);
	return near === undefined ? '' : `; did you mean \`${near}\`?`;
}

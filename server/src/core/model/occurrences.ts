/**
 * Where a place in the sources ends up: the nodes of built resources (and merged values) that it wrote, whether or not something wrote
 * over it later. Hover, definition, references, lenses and the preview are all read off these.
 */
import type { Address, FieldPath, PathLink } from '../base/address';
import { pathOf } from '../base/address';
import { type Node, type Origin, walk } from '../yaml/node';

/** A tree in which a place is looked for: a built resource's, or the merged values of a HelmRelease. */
export interface Subject<T> {
	readonly of: T;
	readonly tree: Node;
}

export interface Occurrence<T> {
	readonly subject: T;
	/** The node as it ended up, and where. */
	readonly node: Node;
	readonly path: FieldPath;
	/** Who wrote it, newest first. */
	readonly chain: readonly Origin[];
	/** Where in the chain the place stands; -1 where it only holds others that do (a map of a patch merged into the base's). */
	readonly index: number;
}

/** All occurrences of a place in the subjects. */
export function occurrencesOf<T>(subjects: readonly Subject<T>[], address: Address): Occurrence<T>[] {
	return subjects.flatMap(subject => {
		const exact: Occurrence<T>[] = [];
		const around = new Map<string, Occurrence<T>>();
		walk(subject.tree, (node, link) => {
			const chain = chainOf(node.origin);
			const index = chain.findIndex(origin => matches(origin, address) === 0);
			if (index >= 0) exact.push({ subject: subject.of, node, path: pathOf(link), chain, index });
			if (exact.length > 0) return;
			const below = chain.map(origin => matches(origin, address)).find(rest => rest !== undefined && rest > 0);
			if (below === undefined) return;
			const path = pathOf(link);
			const parent = path.slice(0, path.length - below);
			const holder = path.length >= below ? follow(subject.tree, parent) : undefined;
			if (holder) {
				const occurrence = {
					subject: subject.of,
					node: holder,
					path: parent,
					chain: chainOf(holder.origin),
					index: -1,
				};
				around.set(JSON.stringify(parent), occurrence);
			}
		});
		return exact.length > 0 ? exact : [...around.values()];
	});
}

/** What the place, or anything below it, wrote: `index` is where it stands in the chain. */
export function writtenBelow<T>(subjects: readonly Subject<T>[], address: Address): Occurrence<T>[] {
	return subjects.flatMap(subject => {
		const found: Occurrence<T>[] = [];
		walk(subject.tree, (node, link) => {
			const chain = chainOf(node.origin);
			const index = chain.findIndex(origin => matches(origin, address) !== undefined);
			if (index >= 0) found.push({ subject: subject.of, node, path: pathOf(link), chain, index });
		});
		return found;
	});
}

/** Who wrote a node, newest first. */
export function chainOf(origin: Origin): readonly Origin[] {
	const chain: Origin[] = [];
	for (let at: Origin | undefined = origin; at; at = at.replaced) chain.push(at);
	return chain;
}

/** How many keys below the address the origin stands: 0 is the address itself; nothing where it lies elsewhere. */
function matches(origin: Origin, address: Address): number | undefined {
	if (origin.file !== address.file || origin.document !== address.document) return undefined;
	if (!address.within) {
		const outer = depthBelow(origin.link, address.path);
		// Below the scalar that holds the YAML, the inner path goes on where the outer one ends.
		return origin.within && outer === 0 ? undefined : outer;
	}
	if (!origin.within || origin.within.document !== address.within.document) return undefined;
	return depthBelow(origin.link, address.path) === 0 ? depthBelow(origin.within.link, address.within.path) : undefined;
}

/** The number of keys that `link` has beyond `path`, where it begins with `path`. */
function depthBelow(link: PathLink | undefined, path: FieldPath): number | undefined {
	const whole = pathOf(link);
	if (whole.length < path.length || !path.every((key, i) => whole[i] === key)) return undefined;
	return whole.length - path.length;
}

function follow(tree: Node, path: FieldPath): Node | undefined {
	let at: Node | undefined = tree;
	for (const key of path) {
		if (at?.kind === 'seq') at = at.items[Number(key)];
		else if (at?.kind === 'map') at = at.entries.find(entry => entry.key === key)?.value;
		else return undefined;
	}
	return at;
}

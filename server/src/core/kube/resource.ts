/** A Kubernetes object on its way through a build: its tree, where it came from, and what it has been called. */
import { type Address, addressKey, type FieldPath, formatPath } from '../base/address';
import { type MapNode, type Origin, sameOrigin, sameWriting } from '../yaml/node';
import { type ResourceId, sameId } from './resource-id';

/** A field that is no longer there, because a patch took it away. */
export interface Removal {
	readonly path: FieldPath;
	/** Who removed it; `replaced` leads to who had written it. */
	readonly origin: Origin;
}

export interface Resource {
	readonly node: MapNode;
	/** The id of `node` as it is now. */
	readonly id: ResourceId;
	/** The id that it had in its file or generator, before any transformer. */
	readonly originalId: ResourceId;
	/** The document, or the entry of a generator, that brought it. */
	readonly from: Address;
	readonly removed: readonly Removal[];
}

/**
 * Whether the two are the same object, brought and written by the same. For queries: a step that makes new objects out of what has not
 * changed need not make those who read them run again.
 */
export function sameResource(a: Resource | undefined, b: Resource | undefined): boolean {
	if (a === b) return true;
	return (
		a !== undefined &&
		b !== undefined &&
		sameId(a.originalId, b.originalId) &&
		addressKey(a.from) === addressKey(b.from) &&
		sameWriting(a.node, b.node) &&
		a.removed.length === b.removed.length &&
		a.removed.every(({ path, origin }, i) => {
			const other = b.removed[i]!;
			return formatPath(path) === formatPath(other.path) && sameOrigin(origin, other.origin);
		})
	);
}

/** The resources, each as the object that `before` has for it where there is one that is the same. */
export function sharingResources(before: readonly Resource[], made: readonly Resource[]): readonly Resource[] {
	let known: Map<string, Resource> | undefined;
	return made.map((resource, i) => {
		const here = before[i];
		if (sameResource(here, resource)) return here!;
		// The one that has changed.
		if (here && addressKey(here.from) === addressKey(resource.from)) return resource;
		known ??= new Map(before.map(each => [addressKey(each.from), each]));
		const other = known.get(addressKey(resource.from));
		return other && sameResource(other, resource) ? other : resource;
	});
}

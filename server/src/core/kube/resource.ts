/** A Kubernetes object on its way through a build: its tree, where it came from, and what it has been called. */
import { type Address, addressKey, type FieldPath } from '../base/address';
import { type MapNode, type Origin, sameWriting } from '../yaml/node';
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
		sameWriting(a.node, b.node)
	);
}

/** A Kubernetes object on its way through a build: its tree, where it came from, and what it has been called. */
import type { Address } from '../base/address';
import type { MapNode, Origin } from '../yaml/node';
import type { FieldPath } from '../base/address';
import type { ResourceId } from './resource-id';

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

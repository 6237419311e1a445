/**
 * The engine's own view of a resource: the object and what kustomize has to remember about it until the end of a build. Kustomize
 * keeps this in `internal.config.kubernetes.io/...` annotations on the object; here it stands beside the tree.
 */
import type { Address } from '../base/address';
import type { FilePath } from '../base/paths';
import type { Problem } from '../base/problem';
import type { Database } from '../base/query';
import type { Resource } from '../kube/resource';
import { resourceIdOf } from '../kube/resource-id';
import { child, type MapNode, type Node } from '../yaml/node';
import type { Application } from './build';
import { changedTogether } from './shared-scalars';

/** What a generated object does with one of its name that is there already (`types.GenerationBehavior`). */
export type Behavior = 'unspecified' | 'create' | 'merge' | 'replace';

/** What an object was called before a step renamed it. Group and version are always today's (`utils.PrevIds`). */
export interface PreviousId {
	readonly name: string;
	/** The effective namespace then: `default` where none was given, `_non_namespaceable_` for cluster-scoped kinds. */
	readonly namespace: string;
	readonly kind: string;
}

export interface Tracked extends Resource {
	/** Oldest first. */
	readonly previous: readonly PreviousId[];
	/** In the order in which they were put on, innermost first. */
	readonly namePrefixes: readonly string[];
	readonly nameSuffixes: readonly string[];
	/** Whether the name will end in a hash of the content. */
	readonly needsHash: boolean;
	readonly behavior: Behavior;
	/** Names of the `vars` that take a value from this object. */
	readonly refVarNames: readonly string[];
	/** Kept only where the root's `buildMetadata` asks for it. */
	readonly notes?: BuildNotes;
}

/** `resource.Origin`: a file as seen from the directory that is built, or who configured the step. */
export interface BuildNote {
	readonly path?: string;
	readonly configuredIn?: string;
	readonly configuredBy?: {
		readonly apiVersion: string;
		readonly kind: string;
		readonly name: string;
		readonly namespace: string;
	};
}

export interface BuildNotes {
	readonly origin: BuildNote | undefined;
	readonly transformations: readonly BuildNote[];
}

/** A file as kustomize's loader gives it. */
export type Loaded =
	| { readonly kind: 'text'; readonly file: FilePath; readonly text: string }
	| { readonly kind: 'bytes'; readonly file: FilePath; readonly bytes: Uint8Array }
	| { readonly kind: 'problem'; readonly problem: Problem };

/** A schema of the user's own, and whether kustomize's is there too. */
export interface OpenApi {
	readonly file: FilePath;
	readonly besides: 'built-in' | 'nothing';
}

/** What a transformer may look at besides the resources. */
export interface TransformContext {
	readonly db: Database;
	/** The directory of the kustomization whose step this is; relative paths start here. */
	readonly directory: FilePath;
	/** Reads a file that the field at `at` names, under the build's load restriction. Notes it in the build's `files`. */
	readonly load: (path: string, at: Address) => Loaded;
	/** The `openapi` field that holds now (of this kustomization or of one built before it), if any. */
	readonly openApi: OpenApi | undefined;
}

export interface Transformed {
	/** The same array where nothing changed; every object that did not change is the same object. */
	readonly resources: readonly Tracked[];
	readonly problems: readonly Problem[];
	readonly applications: readonly Application[];
}

/** One step of a build. An entry of a kustomization, or a built-in plugin's configuration, is turned into one of these. */
export type Transformer = (context: TransformContext, resources: readonly Tracked[]) => Transformed;

/** A resource as it comes out of a file or a generator. */
export function newTracked(node: MapNode, from: Address): Tracked {
	const id = resourceIdOf(node);
	return {
		node,
		id,
		originalId: id,
		from,
		removed: [],
		previous: [],
		namePrefixes: [],
		nameSuffixes: [],
		needsHash: false,
		behavior: 'unspecified',
		refVarNames: [],
	};
}

/** The resource with another tree and the id that this gives it; the same resource where the tree is the same. */
export function withNode(resource: Tracked, changed: MapNode): Tracked {
	if (changed === resource.node) return resource;
	const node = changedTogether(resource.node, changed);
	const same = (key: string): boolean => child(node, key) === child(resource.node, key);
	const id = same('apiVersion') && same('kind') && same('metadata') ? resource.id : resourceIdOf(node);
	return { ...resource, node, id };
}

/** Like `withNode` for what a filter gives for a tree that is known to be a map. */
export function withTree(resource: Tracked, node: Node): Tracked {
	return node.kind === 'map' ? withNode(resource, node) : resource;
}

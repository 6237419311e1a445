/** The result of building one kustomization, with everything that later layers ask of it. */
import type { Address } from '../base/address';
import type { FilePath } from '../base/paths';
import type { Problem } from '../base/problem';
import type { Database } from '../base/query';
import type { ResourceId } from '../kube/resource-id';
import type { Resource } from '../kube/resource';
import type { MapNode, Step } from '../yaml/node';

/** What one entry of a kustomization did: one patch, one image, one replacement target, one generator. */
export interface Application {
	readonly step: Step;
	/** The entry in the kustomization file (or the patch file's document, where the entry names a file). */
	readonly at: Address;
	/** The resources that it selected, by the ids they had then. */
	readonly matched: readonly ResourceId[];
	/** Whether any of them is another object after it. */
	readonly changed: boolean;
}

export interface Build {
	readonly directory: FilePath;
	/** In build order: depth first, as listed. Present as far as possible even where the build failed. */
	readonly resources: readonly Resource[];
	/** Of this directory and all below it. */
	readonly problems: readonly Problem[];
	/** Whether the real tool would have failed: some problem is fatal. */
	readonly failed: boolean;
	readonly applications: readonly Application[];
	/** Every file that was read, kustomization files included. */
	readonly files: ReadonlySet<FilePath>;
	/** The directories whose kustomizations took part, bases and components included. */
	readonly directories: ReadonlySet<FilePath>;
}

export interface BuildOptions {
	/** `LoadRestrictionsNone` lets files stand outside of the kustomization's directory, as Flux does. */
	readonly loadRestrictor: 'LoadRestrictionsRootOnly' | 'LoadRestrictionsNone';
	/** Replaces what the directory's kustomization file says; Flux's controller edits it before it builds. */
	readonly kustomization?: MapNode;
}

/** Builds a directory as `kustomize build` does, in build order. Never throws for what users write. */
export declare function build(db: Database, directory: FilePath, options: BuildOptions): Build;

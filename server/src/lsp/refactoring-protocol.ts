/** What the server and its VS Code client say to each other about refactorings: like `protocol.ts`, names of methods and shapes only. */
import type { Position, WorkspaceEdit } from 'vscode-languageserver/node';

/**
 * The edit asks to be confirmed, so that editors show it before it is made; `notes` say what is left to do. `why` there is no edit is a
 * sentence for people.
 */
export type RefactoringResult =
	{ readonly edit: WorkspaceEdit; readonly notes?: readonly string[] } | { readonly why: string };

/** Request: what can be overridden at a position, and in which environments; null where no field of a base stands there. */
export const OVERRIDABLE = 'strata/overridable';
export interface OverridableParams {
	readonly textDocument: { readonly uri: string };
	readonly position: Position;
}
export interface OverridableResult {
	/** `spec.replicas of Deployment/web`. */
	readonly title: string;
	/** `value` is the present one, as YAML; empty where it must not be shown. `overlay` is what would say something else. */
	readonly environments: readonly { readonly name: string; readonly value: string; readonly overlay: string }[];
}

/** Request: the edit that makes environments say other values at a position; a `RefactoringResult`. */
export const OVERRIDE = 'strata/override';
export interface OverrideParams extends OverridableParams {
	/** YAML, by environment. */
	readonly values: Readonly<Record<string, string>>;
}

/** Command of the client, also on a code action: overrides the field at a position; at the cursor where it is given none. */
export const OVERRIDE_COMMAND = 'strata.overrideInEnvironment';
export type OverrideArguments = readonly [uri: string, position: Position];

/** Request: what `SCAFFOLD` can make. The parameters are an empty object. */
export const SCAFFOLD_CHOICES = 'strata/scaffoldChoices';
export interface ScaffoldChoicesResult {
	readonly environments: readonly string[];
	/** Directories in which components stand side by side. */
	readonly groups: readonly { readonly uri: string; readonly path: string }[];
	/** By the directories of their bases; `missing` are the environments that lack them. */
	readonly components: readonly {
		readonly uri: string;
		readonly path: string;
		readonly name: string;
		readonly missing: readonly string[];
	}[];
}

/** Request: the edit that makes a new part of the tree in the layout that it has; a `RefactoringResult`. */
export const SCAFFOLD = 'strata/scaffold';
export type ScaffoldParams =
	| {
			readonly what: 'component';
			readonly name: string;
			/** The `uri` of one of the groups. */
			readonly group: string;
			readonly kind: 'helm' | 'manifests';
			readonly environments: readonly string[];
	  }
	| { readonly what: 'environment'; readonly like: string; readonly name: string }
	/** `component` is the `uri` of one of the components. */
	| { readonly what: 'overlay'; readonly component: string; readonly environment: string };

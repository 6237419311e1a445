/** What the server and its VS Code client say to each other about refactorings: like `protocol.ts`, names of methods and shapes only. */
import type { Position, WorkspaceEdit } from 'vscode-languageserver/node';

/** The edit asks to be confirmed, so that editors show it before it is made; `why` is a sentence for people. */
export type RefactoringResult = { readonly edit: WorkspaceEdit } | { readonly why: string };

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

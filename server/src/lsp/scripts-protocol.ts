/** What the server says of the tree's scripts: like `protocol.ts`, names of methods and shapes only. */

/** Request: the scripts under `scripts/cluster` and `scripts/gitops`, sorted; a list of `ScriptItem`. The parameters are an empty object. */
export const SCRIPTS = 'strata/scripts';
export interface ScriptItem {
	readonly uri: string;
	/** The folder from which it is run. */
	readonly folder: string;
	/** Below the folder. */
	readonly path: string;
	readonly group: 'cluster' | 'gitops';
	/** The first paragraph of its leading comment; empty where there is none. */
	readonly summary: string;
	/** All of its leading comment. */
	readonly description: string;
	readonly takes: 'arguments' | 'nothing';
}

/** What the language server needs of the outside, so that it can be started over any connection. */
import type { FilePath } from '../core/base/paths';
import type { Means } from '../core/snapshot';
import type { Source } from '../core/workspace/inputs';
import type { RegoEngine } from '../core/workspace/rego-engine';
import type { ChartStore } from './charts';
import type { HistoriesOf } from './histories';
import type { Turns } from './scheduler';
import type { Log, Seal } from './session';
import type { StartCache } from './starts';

export interface Host {
	readonly source: Source;
	readonly turns: Turns;
	/** The time in milliseconds since 1970. */
	readonly clock: () => number;
	readonly log: Log;
	readonly seal: Seal;
	/** Takes the private keys of these files for the source's `sealingKeys`; gives what could not be read, in a sentence each. */
	readonly usePrivateKeys: (files: readonly string[]) => readonly string[];
	readonly charts: ChartStore;
	readonly histories: HistoriesOf;
	/** Runs compiled Rego policies of a trusted folder. */
	readonly rego?: RegoEngine;
	/** Tells which commit a folder's repository is at. */
	readonly repositoryState: (folder: FilePath) => string;
	/** What is kept between two starts, in a directory that the client names or where caches are. */
	readonly starts: (storage: string | undefined) => StartCache;
	readonly means: Means;
	/** Calls `run` after so many milliseconds. */
	readonly later: (run: () => void, ms: number) => void;
	readonly version: string;
	/** URI of the page that explains a diagnostic's code; nothing where there is none. */
	readonly rulePage: (code: string) => string | undefined;
}

/** What a command may use of the outside. Tests bring their own. */
import type { FilePath } from '../core/base/paths';
import type { Means } from '../core/snapshot';
import type { ChartArchive } from '../core/workspace/chart-archives';
import type { Source } from '../core/workspace/inputs';
import type { FileHistories } from '../core/workspace/sealing-history';
import type { RegoEngine } from '../core/workspace/rego-engine';

export interface Terminal {
	readonly source: Source;
	/** Where what a check finds is kept for the next; absent where nothing is to be kept. */
	readonly starts?: {
		readonly cache: StartCache;
		readonly means: Means;
		/** Tells which commit a folder's repository is at. */
		repositoryState(folder: FilePath): string;
	};
	readonly version: string;
	/** When the command was started, in milliseconds since 1970. */
	readonly now: number;
	/** URI of the page that explains a code; nothing where there is none. */
	rulePage(code: string): string | undefined;
	out(text: string): void;
	err(text: string): void;
	/** Whether `out` goes to a terminal that shows colours. */
	readonly colours: boolean;
	/** The core's spelling of a path that the user gave. */
	path(given: string): FilePath;
	/** What the repository that a folder is in has committed of files below it. */
	histories(root: FilePath, files: readonly FilePath[]): FileHistories;
	/** Charts from outside of the tree, by the keys of `wantedCharts`; absent where there are none. */
	readonly charts?: {
		/** What this machine has, without the network; nothing where it has none. */
		lookUp(key: string): Promise<ChartArchive | undefined>;
		fetch(key: string): Promise<ChartArchive>;
	};
	/** Runs compiled Rego policies of the tree; absent where nothing can. */
	readonly rego?: RegoEngine;
	/** Takes the steps of `work` to its end; gives false where one had to be stopped because it did not end. */
	bounded(work: Iterator<void>): boolean;
	/** Writes a file; what went wrong as a sentence, or nothing. */
	write(file: FilePath, text: string): string | undefined;
	/** Serves an editor until it is gone. */
	serve(): void;
}

/** How a command ended; `undefined` where it goes on after its function has returned. */
export type ExitCode = 0 | 1 | 2 | 3 | undefined;

/** Where lines of text are kept by name. Neither fails: what cannot be kept is not there. */
export interface StartCache {
	load(name: string): readonly string[] | undefined;
	save(name: string, lines: readonly string[]): void;
}

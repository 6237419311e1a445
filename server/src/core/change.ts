/** What hosts tell the analysis. */
import type { FilePath } from './base/paths';
import type { ChartArchive } from './workspace/chart-archives';
import type { RegoEngine } from './workspace/rego-engine';
import type { SealingHistory } from './workspace/sealing-history';
import type { Settings } from './workspace/settings';

/** What happened outside. All of it takes effect at once. */
export interface Change {
	/** Texts that differ from the disk's: what an editor holds open. `undefined` gives the file back to the disk. */
	readonly texts?: ReadonlyMap<FilePath, string | undefined>;
	/** Paths of files and directories that were made, changed or deleted on disk; a directory stands for all below it. */
	readonly changed?: readonly FilePath[];
	readonly roots?: readonly FilePath[];
	readonly settings?: Settings;
	/** Charts from outside of the tree, by the keys of `wantedCharts`. */
	readonly charts?: ReadonlyMap<string, ChartArchive>;
	/** What the repository's history says of sealed secrets, by the files of `wantedHistories`. */
	readonly histories?: ReadonlyMap<FilePath, SealingHistory>;
	/** Runs compiled Rego policies; hosts set it where the folder is trusted. */
	readonly rego?: RegoEngine;
	/** The time in milliseconds since 1970; hosts say it by the hour. Until then nothing is said of what expires. */
	readonly now?: number;
	/** The user's private keys for sealed secrets are others. */
	readonly sealingKeysChanged?: boolean;
}

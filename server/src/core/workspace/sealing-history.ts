/**
 * What the repository's history says of sealed secrets: under which name, namespace and scope each ciphertext was first written down. The
 * host looks for it (`host/git-history.ts`) and sets what it found; until then nothing is known but the files as they are.
 */
import type { FilePath } from '../base/paths';
import { input } from '../base/query';
import type { SealingTarget } from './inputs';

/** What a SealedSecret's file says that its values were sealed for. Empty where it does not say. */
export interface SealedAs extends SealingTarget {
	/** kubeseal writes it here once more, and transformers leave it alone. */
	readonly template: SealingTarget;
}

/** The same as it stood in a commit, since `time` (in milliseconds since 1970). */
export interface SealedVersion extends SealedAs {
	readonly commit: string;
	readonly time: number;
}

/** By ciphertext: what it was written down for, oldest first, with an entry for each change. */
export type SealingHistory = ReadonlyMap<string, readonly SealedVersion[]>;

/** A text of a file in a commit. */
export interface FileVersion {
	readonly commit: string;
	/** In milliseconds since 1970. */
	readonly time: number;
	readonly text: string;
}

/** What was committed of files, oldest first; a file that the history does not have is absent. */
export type FileHistories = ReadonlyMap<FilePath, readonly FileVersion[]>;

/** By file. Nobody loads it from the workspace's source; the host sets it. */
export const sealingHistory = input<unknown, SealingHistory | undefined>('sealingHistory', () => undefined);

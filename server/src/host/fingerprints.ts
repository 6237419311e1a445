/**
 * What tells that a file is still the one that was read, without reading it: size, times and inode, as git's index has them. The change
 * time cannot be set by hand, so a file that was written to has another one; only one that changed about when it was read may look the
 * same afterwards, and is not vouched for.
 */
import fs from 'node:fs';
import type { FilePath } from '../core/base/paths';
import { toNative } from './native-paths';

/** Times of files may be as coarse as this (FAT), in milliseconds. */
const COARSEST_TIME_MS = 2000;

export class FileFingerprints {
	readonly #read = new Map<FilePath, string>();

	/** To be told what the disk says of a file just before it is read. */
	reading(file: FilePath, stat: fs.Stats | 'missing' | 'unknown'): void {
		if (stat === 'unknown' || (stat !== 'missing' && isRecent(stat))) this.#read.delete(file);
		else this.#read.set(file, fingerprintOf(stat));
	}

	whenRead(file: FilePath): string | undefined {
		return this.#read.get(file);
	}

	now(file: FilePath): string | undefined {
		try {
			return fingerprintOf(fs.statSync(toNative(file), { throwIfNoEntry: false }) ?? 'missing');
		} catch {
			return undefined;
		}
	}
}

function isRecent({ mtimeMs, ctimeMs }: fs.Stats): boolean {
	return Math.max(mtimeMs, ctimeMs) > Date.now() - COARSEST_TIME_MS;
}

function fingerprintOf(stat: fs.Stats | 'missing'): string {
	if (stat === 'missing') return stat;
	if (stat.isDirectory()) return 'directory';
	return [stat.mode, stat.size, stat.mtimeMs, stat.ctimeMs, stat.ino, stat.dev].join(' ');
}

/** What is kept between two starts, in memory. */
import type { Fingerprints, Means } from '../../server/src/core/snapshot';
import { sha256Digest } from '../../server/src/host/start-cache';

/** A cache whose entries can be looked at, and changed. */
export class MemoryCache {
	readonly entries = new Map<string, readonly string[]>();

	load(name: string): readonly string[] | undefined {
		return this.entries.get(name);
	}

	save(name: string, lines: readonly string[]): void {
		this.entries.set(name, lines);
	}
}

/** A disk that vouches for nothing: contents tell. */
const SILENT: Fingerprints = { whenRead: () => undefined, now: () => undefined };

export function means(fingerprints: Fingerprints = SILENT): Means {
	return { digest: sha256Digest, fingerprints };
}

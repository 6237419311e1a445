/**
 * Charts that do not stand in the tree: the host looks for them (helm's cache on the machine, a download that somebody asked
 * for) and sets what it found. Until then a chart is not known, and nothing is said about what it might contain.
 */
import { input } from '../base/query';

export type ChartArchive =
	| { readonly kind: 'unknown' }
	/** The `.tgz` itself, and the version that it was found under. */
	| { readonly kind: 'archive'; readonly bytes: Uint8Array; readonly version: string }
	/** It was looked for and cannot be had; `why` is a sentence for people, without credentials. */
	| { readonly kind: 'unavailable'; readonly why: string };

/** By `chartArchiveKey`. Nobody loads it from the workspace's source; the host sets it. */
export const chartArchive = input<unknown, ChartArchive>('chartArchive', () => ({ kind: 'unknown' }));

/** The key of a chart: its repository (or `oci://` address), its name (empty for OCI) and a version or range (empty for the latest). */
export function chartArchiveKey(url: string, name: string, version: string): string {
	return JSON.stringify([url, name, version]);
}

/** The parts of a key, for the host. */
export function parseChartArchiveKey(key: string): {
	readonly url: string;
	readonly name: string;
	readonly version: string;
} {
	const [url, name, version] = JSON.parse(key) as [string, string, string];
	return { url, name, version };
}

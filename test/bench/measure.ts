/** Times and memory of this process. */

/** How long `run` takes, in milliseconds, and what it gives. */
export function timed<T>(run: () => T): { readonly ms: number; readonly value: T } {
	const start = performance.now();
	const value = run();
	return { ms: performance.now() - start, value };
}

/** The value below which the share `q` of the samples lies. */
export function quantile(samples: readonly number[], q: number): number {
	const sorted = samples.toSorted((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
}

/** Live heap after a collection, and what the process holds, in MB (10^6 bytes). Needs `--expose-gc`. */
export function memory(): { readonly heap: number; readonly rss: number } {
	const collect = (globalThis as { readonly gc?: () => void }).gc;
	if (!collect) throw new Error('run this with --expose-gc');
	collect();
	collect();
	const { heapUsed, rss } = process.memoryUsage();
	return { heap: heapUsed / 1e6, rss: rss / 1e6 };
}

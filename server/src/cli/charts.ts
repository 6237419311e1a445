/**
 * Charts from outside of the tree, for one run of a command: what this machine has, and what their repositories have where the command line
 * says so. And what is said of those that are not at hand, so that nobody takes silence for a check.
 */
import type { Analysis } from '../core/analysis';
import type { UnknownChart } from '../core/model/charts';
import type { ChartArchive } from '../core/workspace/chart-archives';
import type { Terminal } from './terminal';

/** So many charts are asked for at the same time. */
const AT_ONCE = 4;

/** More than this is not kept in memory, in bytes of archives. */
const MAX_BYTES = 256 * 1024 * 1024;

/** So many releases of one chart are named. */
const MOST_RELEASES = 3;

export class Charts {
	readonly #asked = new Set<string>();
	#bytes = 0;

	constructor(
		private readonly analysis: Analysis,
		private readonly store: Terminal['charts'],
		private readonly reach: 'machine' | 'network',
	) {}

	/** Looks for charts that have not been looked for, and sets what it finds; gives whether that is anything. */
	async find(keys: readonly string[]): Promise<boolean> {
		const missing = keys.filter(key => !this.#asked.has(key));
		const charts = new Map<string, ChartArchive>();
		for (let at = 0; at < missing.length; at += AT_ONCE) {
			const some = missing.slice(at, at + AT_ONCE);
			const found = await Promise.all(some.map(key => this.#ask(key)));
			for (const [i, archive] of found.entries()) if (archive && this.#hasRoom(archive)) charts.set(some[i]!, archive);
		}
		if (charts.size > 0) this.analysis.apply({ charts });
		return charts.size > 0;
	}

	async #ask(key: string): Promise<ChartArchive | undefined> {
		this.#asked.add(key);
		return (await this.store?.lookUp(key)) ?? (this.reach === 'network' ? this.store?.fetch(key) : undefined);
	}

	#hasRoom(archive: ChartArchive): boolean {
		if (archive.kind !== 'archive') return true;
		if (this.#bytes + archive.bytes.length > MAX_BYTES) return false;
		this.#bytes += archive.bytes.length;
		return true;
	}
}

/** A paragraph on the charts that releases were not held against; empty where there are none. */
export function unknownText(unknown: readonly UnknownChart[], reach: 'machine' | 'network'): string {
	if (unknown.length === 0) return '';
	const { size } = new Set(unknown.flatMap(({ releases }) => releases));
	const whose =
		size === 1
			? 'the values of one HelmRelease were not held against its chart'
			: `the values of ${size} HelmReleases were not held against their charts`;
	const way = reach === 'machine' ? '; --fetch-charts gets charts from their repositories' : '';
	const lines = unknown.map(({ releases, why }) => `    ${named(releases)}: ${why}\n`);
	return `strata check: ${whose}${way}\n${lines.join('')}`;
}

function named(releases: readonly string[]): string {
	const others = releases.length - MOST_RELEASES;
	return `${releases.slice(0, MOST_RELEASES).join(', ')}${others > 0 ? ` and ${others} more` : ''}`;
}

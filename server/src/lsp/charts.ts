/**
 * Charts from outside of the tree, on behalf of the analysis: after each check it looks for those that are not known yet on this machine,
 * and in the network where the settings allow it or the user asks for it. Nothing here keeps an answer waiting: what is found is set
 * like any other change. In a folder that is not trusted nothing happens at all.
 */
import type { Change } from '../core/change';
import { type ChartArchive, parseChartArchiveKey } from '../core/workspace/chart-archives';
import type { FetchChartsResult, UnknownChartsParams } from './protocol';
import type { Session } from './session';

/** What this machine and the network have of charts. */
export interface ChartStore {
	/** What this machine has, without the network; nothing where it has none. */
	lookUp(key: string): Promise<ChartArchive | undefined>;
	/** Asks the network. Throws only what the signal carries when it is aborted. */
	fetch(key: string, signal: AbortSignal): Promise<ChartArchive>;
}

export interface FetchProgress {
	readonly done: number;
	readonly total: number;
	readonly name: string;
}

/** So many charts are asked for at the same time. */
const AT_ONCE = 4;

/** More than this is not kept in memory, in bytes of archives. */
const MAX_BYTES = 256 * 1024 * 1024;

export class Charts {
	/** How far each chart has been looked for. */
	readonly #asked = new Map<string, 'machine' | 'network'>();
	readonly #stopped = new AbortController();
	#bytes = 0;
	#busy = false;
	/** The revision at which everything was last checked. */
	#checkedAt = 0;
	#told = '[]';
	/** `strata.charts.fetch`. */
	fetches = false;

	constructor(
		private readonly session: Session,
		private readonly store: ChartStore,
		private readonly apply: (change: Change) => void,
		private readonly tell: (unknown: UnknownChartsParams) => void,
	) {}

	stop(): void {
		this.#stopped.abort();
	}

	/** Looks on the machine for charts that an earlier check wanted; gives whether there was anything to look for, and says so when it is done. */
	lookUp(keys: readonly string[], done: () => void): boolean {
		const missing = keys.filter(key => !this.#asked.has(key));
		if (!this.session.trusted || missing.length === 0) return false;
		this.#onMachine(missing)
			.then(found => this.#keep(found))
			.catch((error: unknown) => this.session.log.failure('looking for charts', error))
			.finally(done);
		return true;
	}

	/** To be called when everything has been checked: now it is known which charts are missing. */
	afterCheck(): void {
		const { analysis } = this.session;
		const { revision } = analysis;
		this.#checkedAt = revision;
		if (this.#busy) return;
		if (!this.session.trusted) return this.#sayUnknown();
		const goal = this.fetches ? 'network' : 'machine';
		const missing = analysis
			.wantedCharts()
			.filter(key => this.#asked.get(key) !== 'network' && this.#asked.get(key) !== goal);
		if (missing.length === 0) return this.#sayUnknown();
		this.#busy = true;
		this.#find(missing, this.#stopped.signal)
			// What was found is checked first, and so is what somebody has edited meanwhile.
			.then(found => found || analysis.revision !== revision || this.#sayUnknown())
			.catch((error: unknown) => {
				if (!this.#stopped.signal.aborted) this.session.log.failure('looking for charts', error);
			})
			.finally(() => {
				this.#busy = false;
				// A check ended meanwhile, and none has begun since.
				if (this.#checkedAt !== revision && this.#checkedAt === analysis.revision) this.afterCheck();
			});
	}

	/** What is still not known; nothing where that was said before. */
	#sayUnknown(): void {
		if (this.#stopped.signal.aborted) return;
		const charts = this.session.analysis.unknownCharts();
		const said = JSON.stringify(charts);
		if (said === this.#told) return;
		this.#told = said;
		this.tell({ charts });
	}

	/** The machine first, which takes no time; then the network. Gives whether anything is known now that was not. */
	async #find(keys: readonly string[], signal: AbortSignal): Promise<boolean> {
		const found = await this.#onMachine(keys);
		this.#keep(found);
		if (!this.fetches) return found.size > 0;
		const left = keys.filter(key => !found.has(key));
		const fetched = await this.#fetch(left, signal, () => undefined);
		return found.size + fetched.size > 0;
	}

	async #onMachine(keys: readonly string[]): Promise<ReadonlyMap<string, ChartArchive>> {
		const found = new Map<string, ChartArchive>();
		await each(keys, async key => {
			const archive = this.#asked.has(key) ? undefined : await this.store.lookUp(key);
			this.#asked.set(key, archive ? 'network' : 'machine');
			if (archive) found.set(key, archive);
		});
		return found;
	}

	/** Fetches every chart that the tree names, known ones anew: a range may have a newer version by now. */
	async fetchAll(signal: AbortSignal, progress: (progress: FetchProgress) => void): Promise<FetchChartsResult> {
		if (!this.session.trusted)
			return { fetched: 0, failed: ['The folder is not trusted, so nothing is fetched for it.'] };
		const keys = this.session.analysis.wantedCharts();
		const found = await this.#fetch(keys, AbortSignal.any([signal, this.#stopped.signal]), progress);
		const failed = [...found.values()].flatMap(archive => (archive.kind === 'unavailable' ? [archive.why] : []));
		return { fetched: found.size - failed.length, failed };
	}

	async #fetch(
		keys: readonly string[],
		signal: AbortSignal,
		progress: (progress: FetchProgress) => void,
	): Promise<ReadonlyMap<string, ChartArchive>> {
		const found = new Map<string, ChartArchive>();
		try {
			await each(keys, async key => {
				const { name, url } = parseChartArchiveKey(key);
				progress({ done: found.size, total: keys.length, name: name || url.slice(url.lastIndexOf('/') + 1) });
				found.set(key, await this.store.fetch(key, signal));
				this.#asked.set(key, 'network');
			});
		} catch (error) {
			// What came before the user had enough is kept.
			if (!signal.aborted) throw error;
		}
		this.#keep(found);
		return found;
	}

	#keep(found: ReadonlyMap<string, ChartArchive>): void {
		const kept = new Map<string, ChartArchive>();
		for (const [key, archive] of found) {
			if (archive.kind === 'archive') {
				if (this.#bytes + archive.bytes.length > MAX_BYTES) continue;
				this.#bytes += archive.bytes.length;
			}
			kept.set(key, archive);
		}
		if (kept.size > 0) this.apply({ charts: kept });
	}
}

/** Runs for all, a few at a time, in order. */
async function each<T>(items: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
	const queue = [...items];
	const worker = async () => {
		for (let item = queue.shift(); item !== undefined; item = queue.shift()) await run(item);
	};
	await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

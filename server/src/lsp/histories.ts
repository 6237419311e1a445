/**
 * The repository's history, on behalf of the analysis: after each check it asks for the files of sealed secrets of which it is not known yet when they
 * were sealed. Nothing here keeps an answer waiting: what is found is set like any other change. In a folder that is not trusted nothing
 * happens at all.
 */
import type { Change } from '../core/change';
import { type FilePath, isWithin } from '../core/base/paths';
import { sealingHistoryOf } from '../core/gitops/secrets/sealing-history';
import type { WantedHistory } from '../core/model/sealing-histories';
import type { FileHistories, SealingHistory } from '../core/workspace/sealing-history';
import type { Turns } from './scheduler';
import type { Session } from './session';

/** Asks the history of the repository that a folder is in for files below it. */
export type HistoriesOf = (root: FilePath, files: readonly FilePath[], signal: AbortSignal) => Promise<FileHistories>;

export class Histories {
	/** What each file said when it was asked for. */
	readonly #asked = new Map<FilePath, WantedHistory>();
	readonly #stopped = new AbortController();
	/** Whether it has asked and has no answer yet. */
	busy = false;
	/** `strata.sealedSecrets.gitHistory`. */
	wanted = true;

	constructor(
		private readonly session: Session,
		private readonly historiesOf: HistoriesOf,
		private readonly turns: Turns,
		private readonly apply: (change: Change) => void,
	) {}

	stop(): void {
		this.#stopped.abort();
	}

	/** To be called when everything has been checked: now it is known which secrets there are. */
	afterCheck(): void {
		if (!this.session.trusted || !this.wanted || this.busy) return;
		const missing = this.session.analysis.wantedHistories().filter(each => this.#asked.get(each.file) !== each);
		if (missing.length === 0) return;
		this.busy = true;
		this.#find(missing)
			.catch((error: unknown) => {
				if (!this.#stopped.signal.aborted) this.session.log.failure('looking at the history', error);
			})
			.finally(() => (this.busy = false));
	}

	async #find(missing: readonly WantedHistory[]): Promise<void> {
		for (const each of missing) this.#asked.set(each.file, each);
		const found = new Map<FilePath, SealingHistory>();
		// The most specific folder first: it may be a repository of its own.
		const left = new Map(missing.map(each => [each.file, each]));
		for (const root of this.session.roots.toReversed()) {
			const files = [...left.keys()].filter(file => isWithin(root, file));
			if (files.length === 0) continue;
			const histories = await this.historiesOf(root, files, this.#stopped.signal);
			for (const file of files) {
				const { sealed } = left.get(file)!;
				left.delete(file);
				const reading = sealingHistoryOf(file, sealed, histories.get(file) ?? []);
				let step = reading.next();
				for (; !step.done; step = reading.next()) await this.#letOthersIn();
				found.set(file, step.value);
			}
		}
		if (!this.#stopped.signal.aborted) this.apply({ histories: found });
	}

	#letOthersIn(): Promise<void> {
		return new Promise(resolve => this.turns.defer(resolve));
	}
}

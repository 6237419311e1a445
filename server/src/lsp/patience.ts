/**
 * How long a question may keep everybody waiting. What an editor asks with every key or move of the pointer is answered within a moment,
 * with what is known by then; what somebody asked for waits until it is known, and lets everything else in between meanwhile.
 */
import type { CancellationToken } from 'vscode-languageserver/node';
import { LSPErrorCodes, ResponseError } from 'vscode-languageserver/node';
import type { Analysis } from '../core/analysis';
import type { Turns } from './scheduler';

/** So long (in milliseconds) a question is thought about before others come in. */
const TURN_MS = 8;

/**
 * So long (in milliseconds) a question is thought about that is answered at once, whatever is known. It may have to wait for a slice of work before, and
 * for what takes its answer's place: all of it together should stay below 50, which people do not notice.
 */
const MOMENT_MS = 8;

/** What was not known within a moment is not known soon: so long (in milliseconds) nobody is kept waiting for it again. */
const PAUSE_MS = 100;

export class Patience {
	/** Those who wait do so one after the other: what comes in between waits for one of them only. */
	#queue: Promise<unknown> = Promise.resolve();

	constructor(
		private readonly analysis: Analysis,
		private readonly turns: Turns,
		private readonly onStuck: () => void,
	) {}

	#pausedUntil = 0;

	/** The answer, if it is known within a moment; of several questions that are asked together, the first one finds that out for all. */
	atOnce<T>(ask: () => T): { readonly value: T } | undefined {
		if (this.turns.now() < this.#pausedUntil) return undefined;
		const known = this.soon(ask, MOMENT_MS);
		if (!known) this.#pausedUntil = this.turns.now() + PAUSE_MS;
		return known;
	}

	/** The answer, if it is known within so many milliseconds. */
	soon<T>(ask: () => T, ms = TURN_MS): { readonly value: T } | undefined {
		const end = this.turns.now() + ms;
		return this.#bounded(() => this.analysis.db.attempt(() => this.turns.now() >= end, ask));
	}

	/** The answer, however long it takes to find. */
	now<T>(ask: () => T): T {
		return this.#bounded(ask);
	}

	/** Fails where the answer had to be given up because it did not come. */
	#bounded<T>(ask: () => T): T {
		const answers: T[] = [];
		if (this.turns.bounded(() => void answers.push(ask()))) return answers[0]!;
		this.onStuck();
		throw new ResponseError(LSPErrorCodes.RequestFailed, 'Strata gave up: the answer did not come.');
	}

	/** The answer, at once where it is known within a moment, and later where not. */
	eventually<T>(ask: () => T, token: CancellationToken): T | Promise<T> {
		const known = this.soon(ask);
		if (known) return known.value;
		const answer = this.#queue.then(() => this.#insist(ask, token));
		this.#queue = answer.catch(() => undefined);
		return answer;
	}

	async #insist<T>(ask: () => T, token: CancellationToken): Promise<T> {
		for (;;) {
			if (token.isCancellationRequested) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'Cancelled.');
			const known = this.soon(ask);
			if (known) return known.value;
			await new Promise<void>(resolve => this.turns.defer(resolve));
		}
	}
}

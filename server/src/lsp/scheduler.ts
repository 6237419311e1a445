/**
 * Runs long work in slices between messages, on one thread. A piece of work is a generator that yields wherever it may be
 * interrupted; starting another one gives up the one that runs.
 */

/** So long (in milliseconds) work goes on before it lets messages in. */
export const SLICE_MS = 5;

/** So long (in milliseconds) work stands back at most while questions are answered. */
const MOST_PATIENCE_MS = 100;

/** Time and turns of the event loop; tests bring their own. */
export interface Turns {
	now(): number;
	/** Calls `run` after the messages that have arrived. */
	defer(run: () => void): void;
	/** Calls `run`; gives false where that had to be stopped because it did not end. */
	bounded(run: () => void): boolean;
}

export type Work = Generator<void, void, void>;

export class Scheduler {
	#work: Work | undefined;
	#waiting = false;
	#end = 0;
	#asked = false;

	constructor(
		private readonly turns: Turns,
		private readonly onFailure: (error: unknown) => void,
		private readonly onStuck: () => void,
	) {}

	/** Whether there is work left. */
	get busy(): boolean {
		return this.#work !== undefined;
	}

	/** Whether the slice that runs has taken long enough. */
	get isLate(): boolean {
		return this.turns.now() >= this.#end;
	}

	/** A message was taken. Others may have arrived with it, and go first. */
	letIn(): void {
		this.#asked = true;
	}

	/** Starts on `work` after the messages that have arrived, instead of what runs now. Whoever opens twenty files tells so in twenty of them. */
	start(work: Work): void {
		this.#work = work;
		this.letIn();
		this.#wait();
	}

	stop(): void {
		this.#work = undefined;
	}

	#wait(): void {
		if (this.#waiting) return;
		this.#waiting = true;
		const start = this.turns.now();
		const turn = () => {
			if (this.#asked && this.turns.now() - start < MOST_PATIENCE_MS) {
				this.#asked = false;
				return this.turns.defer(turn);
			}
			this.#waiting = false;
			this.#asked = false;
			this.#slice();
		};
		this.turns.defer(turn);
	}

	#slice(): void {
		const work = this.#work;
		if (!work) return;
		this.#end = this.turns.now() + SLICE_MS;
		try {
			const ended = this.turns.bounded(() => {
				do {
					if (!work.next().done) continue;
					// Unless its last step started other work.
					if (this.#work === work) this.#work = undefined;
					return;
				} while (this.#work === work && !this.isLate);
			});
			if (!ended) {
				this.#work = undefined;
				this.onStuck();
			}
		} catch (error) {
			if (this.#work === work) this.#work = undefined;
			this.onFailure(error);
		}
		if (this.#work) this.#wait();
	}
}

/** The event loop's turns, as the server takes them. */
import { bounded } from './bounded';

/** A message that arrives while something runs goes through so many turns before it is taken: it is read, decoded, queued, and its turn comes. */
const TURNS_OF_MESSAGE = 4;

/** Time by the clock, what is put off until messages have been taken, and work of at most `patienceMs` milliseconds. */
export function eventLoopTurns(patienceMs: number) {
	return {
		now: () => performance.now(),
		defer: (run: () => void) => afterTurns(TURNS_OF_MESSAGE, run),
		bounded: (run: () => void) => bounded(patienceMs, run),
	};
}

function afterTurns(count: number, run: () => void): void {
	setImmediate(count === 1 ? run : () => afterTurns(count - 1, run));
}

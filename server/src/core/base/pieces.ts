/** Long work in pieces: who runs them may let others in between, and run one again that was interrupted. */

/** So many things are one piece: most have been done before, and to find that out costs less than a piece does. */
const AT_ONCE = 32;

/** One after the other. Nothing but pieces may ask for what is yet to be found: between them nobody interrupts. */
export type Pieces = Iterable<() => unknown>;

/**
 * `work` on each of the items, which a piece of its own asks for. Both are to be queries, or made of queries: what was done before is passed
 * by.
 */
export function* piecesOf<T>(items: () => readonly T[], work: (item: T) => unknown): Generator<() => unknown, void> {
	let all: readonly T[] = [];
	yield () => void (all = items());
	for (let start = 0; start < all.length; start += AT_ONCE) {
		yield () => {
			for (const item of all.slice(start, start + AT_ONCE)) work(item);
		};
	}
}

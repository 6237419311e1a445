/** Long work in pieces: who runs them may let others in between, and run one again that was interrupted. */

/** So many things are one piece: most have been done before, and to find that out costs less than a piece does. */
const AT_ONCE = 32;

/** `work` on each of the items. It is to be a query, or made of queries: what was done before is passed by. */
export function* piecesOf<T>(items: readonly T[], work: (item: T) => unknown): Generator<() => void, void, void> {
	for (let start = 0; start < items.length; start += AT_ONCE) {
		yield () => {
			for (const item of items.slice(start, start + AT_ONCE)) work(item);
		};
	}
}

/** Which of the known names somebody meant who wrote another one. */

/**
 * The candidate that takes the fewest changes (a character more, less, another, or two swapped; case counts half) to
 * come from `word`, if few enough do; the first in order of the alphabet among equals.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
	const limit = word.length <= 3 ? 1 : word.length <= 7 ? 2 : Math.min(4, Math.ceil(word.length / 3));
	let best: string | undefined;
	let least = limit + 0.5;
	for (const candidate of [...new Set(candidates)].sort()) {
		if (candidate === word || Math.abs(candidate.length - word.length) > limit) continue;
		const changes = distance(word, candidate);
		if (changes < least && changes < Math.max(word.length, candidate.length)) {
			best = candidate;
			least = changes;
		}
	}
	return best;
}

/** The end of a sentence: `; did you mean "x"?` for the nearest candidate, a full stop where there is none. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
	const found = nearest(word, candidates);
	return found === undefined ? '.' : `; did you mean "${found}"?`;
}

/** Names longer than this are only compared by their first characters. */
const MAX_LENGTH = 80;

function distance(from: string, to: string): number {
	const a = from.slice(0, MAX_LENGTH);
	const b = to.slice(0, MAX_LENGTH);
	let before: number[] = [];
	let row = Array.from({ length: b.length + 1 }, (_, j) => j);
	for (let i = 1; i <= a.length; i++) {
		const next = [i];
		for (let j = 1; j <= b.length; j++) {
			const x = a[i - 1]!;
			const y = b[j - 1]!;
			const change = x === y ? 0 : x.toLowerCase() === y.toLowerCase() ? 0.5 : 1;
			let least = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + change);
			if (i > 1 && j > 1 && x === b[j - 2] && y === a[i - 2]) least = Math.min(least, before[j - 2]! + 1);
			next.push(least);
		}
		before = row;
		row = next;
	}
	return row[b.length]!;
}

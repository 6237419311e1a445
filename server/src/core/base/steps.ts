/** Long computations step by step, for `longQuery`. */

/** The way to a value; whoever walks it may stop after each step and go on later. */
export type Steps<V> = Generator<void, V, void>;

/** What `of` gives for each of the items, each in a step. */
export function* inSteps<T, V>(items: Iterable<T>, of: (item: T) => V): Steps<V[]> {
	const made: V[] = [];
	for (const item of items) {
		made.push(of(item));
		yield;
	}
	return made;
}

/** What all steps lead to, in one go. */
export function allSteps<V>(steps: Steps<V>): V {
	for (;;) {
		const step = steps.next();
		if (step.done) return step.value;
	}
}

/** A generator of numbers that gives the same for the same seed, whatever the machine. */
export class Random {
	constructor(seed: number);
	/** A number in [0, 1). */
	next(): number;
	/** An integer in [0, below). */
	below(below: number): number;
	/** One of a list, which must not be empty. */
	of<T>(list: readonly T[]): T;
	bytes(length: number): Buffer;
}

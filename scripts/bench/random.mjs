/** A generator of numbers that gives the same for the same seed, whatever the machine (mulberry32). */
export class Random {
	#state;

	constructor(seed) {
		this.#state = seed >>> 0;
	}

	/** A number in [0, 1). */
	next() {
		this.#state = (this.#state + 0x6d2b79f5) >>> 0;
		let t = this.#state;
		t = Math.imul(t ^ (t >>> 15), t | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	}

	/** An integer in [0, below). */
	below(below) {
		return Math.floor(this.next() * below);
	}

	/** One of a list. */
	of(list) {
		return list[this.below(list.length)];
	}

	/** Bytes. */
	bytes(length) {
		const out = Buffer.alloc(length);
		for (let i = 0; i < length; i++) out[i] = this.below(256);
		return out;
	}
}

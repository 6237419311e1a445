/**
 * What the functions of one expression may cost together. The loops of an expression are judged before it runs (`program.ts`); what a function costs depends on
 * the values that it is given: a pattern on a long text, each of a list with each of another.
 */
import { RE2JS } from 're2js';
import { NotEvaluated } from './program';

/** About half a second. */
const LIMIT = 20_000_000;
const MAX_COMPILED = 100;

export class Budget {
	#left = LIMIT;
	#depth = 0;
	readonly #compiled = new Map<string, RE2JS>();

	/** Runs an expression; those that run inside of it spend of the same. */
	within<T>(run: () => T): T {
		if (this.#depth === 0) this.#left = LIMIT;
		this.#depth++;
		try {
			return run();
		} finally {
			this.#depth--;
		}
	}

	/** Throws where there is no more. */
	spend(steps: number): void {
		this.#left -= steps;
		if (this.#left < 0) throw new NotEvaluated('the expression takes too many steps');
	}

	/** The pattern on the text, whose cost is the product of both. */
	matcher(pattern: string, text: string): ReturnType<RE2JS['matcher']> {
		const compiled = this.#compile(pattern);
		this.spend(compiled.programSize() * text.length);
		return compiled.matcher(text);
	}

	/** A loop asks for the same pattern again and again. */
	#compile(pattern: string): RE2JS {
		const known = this.#compiled.get(pattern);
		if (known) return known;
		this.spend(pattern.length * 100);
		const compiled = RE2JS.compile(pattern);
		this.spend(compiled.programSize() * 500);
		if (this.#compiled.size >= MAX_COMPILED) this.#compiled.clear();
		this.#compiled.set(pattern, compiled);
		return compiled;
	}
}

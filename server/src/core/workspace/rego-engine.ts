/**
 * Rego policies that somebody has compiled to WebAssembly. The core runs no foreign code: the host does, within bounds and in a thread of its
 * own, and sets its engine as an input, in folders only that the user trusts.
 */
import { input } from '../base/query';

/** What a rule says of an object. */
export interface RegoFinding {
	/** The entry point, and the rule below it: `main/deny`. */
	readonly rule: string;
	readonly kind: 'deny' | 'warn';
	/** Empty where the rule gives no message. */
	readonly message: string;
}

export type RegoAnswer =
	/** For each object what is found, in their order. */
	| { readonly kind: 'answers'; readonly answers: readonly (readonly RegoFinding[])[] }
	/** A sentence's end for people: `it ran longer than 5 s`. */
	| { readonly kind: 'not-evaluated'; readonly why: string };

export interface RegoBundle {
	/** A bundle (`.tar.gz`) or a bare `policy.wasm`. */
	readonly bytes: Uint8Array;
	/** The JSON of `data` beside a bare policy. */
	readonly data: string | undefined;
}

/** The same bundle and objects give the same answer. */
export interface RegoEngine {
	evaluate(bundle: RegoBundle, objects: readonly string[]): RegoAnswer;
}

/** Nothing where the folder is not trusted, or the host has none. */
export const regoEngine = input<unknown, RegoEngine | undefined>('regoEngine', () => undefined);

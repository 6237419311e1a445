/** What the functions that Kyverno adds to JMESPath take; kyverno `pkg/engine/jmespath/utils.go`. */
import type { Plain } from '../../../yaml/node';

/** Asked for something that the tree cannot tell: the time, a random number, a name server's answer. */
export class NeedsCluster extends Error {
	override readonly name = 'NeedsCluster';
}

/** How many arguments a function takes, and what it gives. */
export interface KyvernoFunction {
	readonly arguments: number;
	readonly run: (...values: readonly Plain[]) => Plain;
}

/** An argument that is written as a text; numbers and booleans are printed. */
export function textArgument(value: Plain | undefined): string {
	if (typeof value === 'string') return value;
	if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
	throw new Error('a string is expected');
}

/** An argument that is a number. */
export function numberArgument(value: Plain | undefined): number {
	if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
	throw new Error('a number is expected');
}

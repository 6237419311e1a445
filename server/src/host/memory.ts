/** How much memory the process takes. */
import v8 from 'node:v8';

/**
 * Lets garbage grow to three quarters of what is in use before it is collected. Left alone V8 waits until there is three times as much of it, as long
 * as the machine has the memory; other programs have a use for that.
 */
export function keepGarbageSmall(): void {
	v8.setFlagsFromString('--heap-growing-percent=75');
}

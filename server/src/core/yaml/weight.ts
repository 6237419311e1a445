/**
 * How much a tree holds, for what can make much out of little: aliases, copies of fields, replacements that double what they replace. Nodes may
 * be shared, so that a tree which nobody could print takes no memory at all.
 */
import type { Node } from './node';

/** Nobody's object weighs nearly as much: a node weighs 1, and each 64 characters of a text as much again. */
export const MAX_WEIGHT = 400_000;

/** Of a scalar. */
export function weightOfText(text: string): number {
	return 1 + (text.length >> 6);
}

/** Whether there is more in a tree than is worked with. Looks no further than that. */
export function isTooHeavy(node: Node): boolean {
	let weight = 0;
	const left = [node];
	for (let at = left.pop(); at; at = left.pop()) {
		weight += at.kind === 'scalar' ? weightOfText(at.text) : 1;
		if (weight + left.length > MAX_WEIGHT) return true;
		if (at.kind === 'seq') for (const item of at.items) left.push(item);
		if (at.kind === 'map') for (const { value } of at.entries) left.push(value);
	}
	return false;
}

/** Values that a step has taken out of a Secret and put somewhere else (`replacements`, `vars`, Flux's substitution): they are no more to be shown there. */
import type { Node, Origin, Step } from '../yaml/node';

/** What stands where a value of a Secret is not shown. */
export const SECRET = '(secret)';

/** Steps that change a part of a text and leave the rest of it. */
const PARTIAL: ReadonlySet<Step> = new Set(['substitute', 'vars', 'replacement', 'images', 'prefix', 'suffix']);

/** Whether the value, or a part of it, was taken out of a Secret. */
export function isTakenFromSecret(origin: Origin): boolean {
	for (let at: Origin | undefined = origin; at; at = PARTIAL.has(at.step) ? at.replaced : undefined)
		if (at.secret) return true;
	return false;
}

/** The text of a scalar as a message may say it. */
export function shownText({ text, origin }: { readonly text: string; readonly origin: Origin }): string {
	return isTakenFromSecret(origin) ? SECRET : text;
}

/** The node, marked as one that was taken out of a Secret. */
export function markedAsSecret<N extends Node>(node: N): N {
	return { ...node, origin: { ...node.origin, secret: true } };
}

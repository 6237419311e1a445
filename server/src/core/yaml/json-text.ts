/** JSON that stands in a repository, read no deeper than the walks over it can go. */
import type { Plain } from './node';

/** As for YAML; Go's reader stops at 10,000. */
const MAX_DEPTH = 500;

/** The value of a JSON text. Throws a `SyntaxError` where it is none, or nested too deeply. */
export function parseShallowJson(text: string): Plain {
	// Texts are skipped: brackets in them are characters.
	let depth = 0;
	for (const [mark] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gs)) {
		if (mark === '[' || mark === '{') depth++;
		else if (mark === ']' || mark === '}') depth--;
		if (depth > MAX_DEPTH) throw new SyntaxError(`nested deeper than ${MAX_DEPTH} levels`);
	}
	return JSON.parse(text) as Plain;
}

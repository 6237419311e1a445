/** Regular expressions as Go reads them (RE2): what the real tools call a pattern, in time linear in the text. */
import { RE2JS } from 're2js';

export interface GoRegExp {
	/** Whether the pattern is found anywhere in the text. */
	test(text: string): boolean;
}

interface Compiled extends GoRegExp {
	/** How many steps it has; a text may take so many for each of its letters. */
	readonly size: number;
}

/** A pattern is tried on one field after another, and compiling it costs far more than that. */
const MAX_COMPILED = 200;
const compiled = new Map<string, Compiled | undefined>();

/** The pattern, or nothing where Go would refuse it. */
export function goRegExp(source: string): Compiled | undefined {
	if (compiled.has(source)) return compiled.get(source);
	if (compiled.size >= MAX_COMPILED) compiled.clear();
	const made = compile(source);
	compiled.set(source, made);
	return made;
}

function compile(source: string): Compiled | undefined {
	try {
		const pattern = RE2JS.compile(source);
		return { size: pattern.programSize(), test: text => pattern.matcher(text).find() };
	} catch {
		return undefined;
	}
}

/** What Go says of a pattern that it refuses. */
export function goRegExpError(source: string): string | undefined {
	try {
		RE2JS.compile(source);
		return undefined;
	} catch (error) {
		return error instanceof Error ? error.message : undefined;
	}
}

/** What means itself in a regular expression, but for the point. */
const LITERAL = /^[\w@/:, =~<>"'%&;!#-]*$/;

/** The pattern that must fit a whole text, or nothing where Go would refuse it. Most selectors are names, and cost nothing to compile. */
export function goRegExpOfWhole(source: string): GoRegExp | undefined {
	return LITERAL.test(source) ? { test: text => text === source } : goRegExp(ofWhole(source));
}

/** Kustomize's way of making a pattern fit a whole text (`types.anchorRegex`). */
export function ofWhole(source: string): string {
	return `^(?:${source})$`;
}

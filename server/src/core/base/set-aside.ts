/** Where things lie that are not meant to be applied: archives, examples, templates. */
import { type FilePath, isWithin } from './paths';

const SET_ASIDE =
	/\/(_[^/]*|\.[^/]+|archived?|attic|examples?|samples?|templates?|tests?|testdata|old|unused|disabled|deprecated|[^/]*\.(bak|old|disabled))(\/|$)/i;

/** Among these, `test` is an environment. */
const ENVIRONMENT_CALLED_TEST =
	/\/(clusters?|env(ironment)?s?|overlays?|stages?|apps|applications|infrastructure|tenants)\/tests?(?=\/|$)/gi;

/** Whether a path lies in such a place below the open folder that holds it; how the way to that folder is called does not matter. */
export function isSetAside(roots: readonly FilePath[], path: FilePath): boolean {
	return SET_ASIDE.test(belowRoot(roots, path).replace(ENVIRONMENT_CALLED_TEST, ''));
}

/** Whether a path lies among other people's code, or below names that a template engine fills in. */
export function isVendored(roots: readonly FilePath[], path: FilePath): boolean {
	return /\/(vendor|third[_-]party)(\/|$)|\{\{|\[\[/i.test(belowRoot(roots, path));
}

/** Whether a text is written for a template engine, with statements on lines of their own (Go, Jinja and the like). */
export function isTemplate(text: string): boolean {
	return /^\s*(\{\{[^}]*\}\}|\{%.*%\})\s*$/m.test(text);
}

function belowRoot(roots: readonly FilePath[], path: FilePath): string {
	const root = roots.findLast(each => isWithin(each, path)) ?? '/';
	return root === '/' ? path : path.slice(root.length);
}

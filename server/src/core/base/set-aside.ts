/** Where things lie that are not meant to be applied: archives, examples, templates. */
import { type FilePath, isWithin } from './paths';

const SET_ASIDE =
	/\/(_[^/]*|\.[^/]+|archived?|attic|examples?|samples?|templates?|tests?|testdata|old|unused|disabled|deprecated|[^/]*\.(bak|old|disabled))(\/|$)/i;

/** Whether a path lies in such a place below the open folder that holds it; how the way to that folder is called does not matter. */
export function isSetAside(roots: readonly FilePath[], path: FilePath): boolean {
	const root = roots.findLast(each => isWithin(each, path)) ?? '/';
	return SET_ASIDE.test(root === '/' ? path : path.slice(root.length));
}

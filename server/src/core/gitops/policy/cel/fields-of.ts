/** Which field of the object an expression is about, as far as its text tells: where a violation is shown. */
import type { FieldPath } from '../../../base/address';
import type { CelVariable } from './environment';

/** `object.spec.?containers`, with the method that is called on it last, or an index. */
const CHAIN = /(?<![\w.])object((?:\s*\.\s*\??[A-Za-z_]\w*)+)\s*(\()?/g;
const VARIABLE = /(?<![\w.])variables\s*\.\s*([A-Za-z_]\w*)/g;
const MAX_DEPTH = 5;

/** The longest chain of fields in the expression and in the variables that it reads; empty where it names none. */
export function fieldOf(expression: string, variables: readonly CelVariable[]): FieldPath {
	const read = new Set<string>();
	const texts = [expression];
	for (let at = [expression], depth = 0; at.length > 0 && depth < MAX_DEPTH; depth++) {
		const names = at
			.flatMap(text => [...text.matchAll(VARIABLE)].map(([, name]) => name!))
			.filter(name => !read.has(name));
		for (const name of names) read.add(name);
		at = variables.filter(({ name }) => names.includes(name)).map(each => each.expression);
		texts.push(...at);
	}
	return texts.flatMap(chainsIn).reduce((longest, chain) => (chain.length > longest.length ? chain : longest), []);
}

function chainsIn(text: string): readonly string[][] {
	return [...text.matchAll(CHAIN)].map(([, chain = '', call]) => {
		const names = chain.split('.').flatMap(name => name.replace(/[\s?]/g, '') || []);
		return call === undefined ? names : names.slice(0, -1);
	});
}

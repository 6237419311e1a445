/** Which field a deny rule is about, as far as the keys of its conditions tell: where the violation is shown. */
import type { FieldPath } from '../../../base/address';
import type { Plain } from '../../../yaml/node';
import { conditionsHold } from './conditions';
import { isList, isMap, listOf } from './plain-values';

/** A chain of fields of the object, or of the element of a loop. */
const CHAIN = /(?<![\w.])(request\.object|element\d*)((?:\.(?:[A-Za-z_][\w-]*|"[^"]+")|\[\d+\])+)(?!\w*\()/;
const STEP = /\.([A-Za-z_][\w-]*)|\."([^"]+)"|\[(\d+)\]/g;

/**
 * The field that the first of the conditions names that hold; `element` leads to the element of the loop around them, and is the answer where
 * none names a field.
 */
export function placeOfDenial(
	conditions: Plain | undefined,
	resolve: (value: Plain) => Plain,
	element: FieldPath,
): FieldPath {
	for (const condition of flattened(conditions)) {
		const path = fieldIn(condition['key'], element);
		if (path && conditionsHold([condition], resolve)) return path;
	}
	return element;
}

function flattened(conditions: Plain | undefined): readonly { readonly [key: string]: Plain }[] {
	if (isList(conditions)) return conditions.flatMap(flattened);
	if (!isMap(conditions)) return [];
	const inner = [...listOf(conditions, 'any'), ...listOf(conditions, 'all')];
	return inner.length > 0 ? inner.flatMap(flattened) : [conditions];
}

function fieldIn(key: Plain | undefined, element: FieldPath): FieldPath | undefined {
	const [, root, chain] = (typeof key === 'string' && CHAIN.exec(key)) || [];
	if (root === undefined || chain === undefined) return undefined;
	const path = stepsOf(chain);
	return root === 'request.object' ? path : [...element, ...path];
}

/** The list that a loop runs over, as a path; `outer` leads to the element of the loop around it. Nothing where it is more than a field. */
export function placeOfList(list: string, outer: FieldPath): FieldPath | undefined {
	const [, root, chain = ''] = /^\s*(request\.object|element\d*)((?:\.\w+)+)(?:\[\])?\s*(?:\|\|.*)?$/.exec(list) ?? [];
	if (root === undefined) return undefined;
	return [...(root === 'request.object' ? [] : outer), ...stepsOf(chain)];
}

function stepsOf(chain: string): FieldPath {
	return [...chain.matchAll(STEP)].map(([, name, quoted, index]) => (index ? Number(index) : (name ?? quoted ?? '')));
}

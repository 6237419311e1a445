/** What is wrong with a value, and what a schema has spoken of; collected while schema and tree are walked. */
import type { FieldPath } from '../../base/address';
import { child, type Node, type Plain } from '../../yaml/node';
import { isObject, type SchemaObject } from './json-schema-document';
import { goNumber, quote } from './json-schema-words';

export interface SchemaError {
	readonly path: FieldPath;
	/** The value that does not fit; the map that holds it, for what is missing or superfluous. */
	readonly node: Node;
	/** What is wrong, in the library's words: `got string, want integer`. */
	readonly words: string;
	readonly keyword: string;
	/** For additional properties and missing ones: their names. */
	readonly names: readonly string[];
	/** For additional properties: the names that the schema has for the map. */
	readonly known: readonly string[];
	readonly causes: readonly SchemaError[];
}

/** What a schema found, and which keys and items it has spoken of (for `unevaluated...`). */
export interface Outcome {
	readonly errors: readonly SchemaError[];
	readonly keys: ReadonlySet<string>;
	readonly items: ReadonlySet<number>;
}

export const PASSED: Outcome = { errors: [], keys: new Set(), items: new Set() };

/** What one schema finds about one value. */
export class Findings {
	readonly #errors: SchemaError[] = [];
	readonly keys = new Set<string>();
	readonly items = new Set<number>();

	push(found: SchemaError): void {
		this.#errors.push(found);
	}

	/** Of a schema for the same value. */
	add(outcome: Outcome): void {
		this.#errors.push(...outcome.errors);
		this.noteEvaluated(outcome);
	}

	/** Of a schema for a value below. */
	below(outcome: Outcome): void {
		this.#errors.push(...outcome.errors);
	}

	/** What failed has evaluated nothing. */
	noteEvaluated({ errors, keys, items }: Outcome): void {
		if (errors.length > 0) return;
		for (const key of keys) this.keys.add(key);
		for (const item of items) this.items.add(item);
	}

	outcome(): Outcome {
		return { errors: this.#errors, keys: this.keys, items: this.items };
	}
}

export function failing(found: SchemaError): Outcome {
	return { ...PASSED, errors: [found] };
}

export function error(node: Node, path: FieldPath, keyword: string, words: string): SchemaError {
	return { path, node, words, keyword, names: [], known: [], causes: [] };
}

/** Several errors of one schema about one value. */
export function groupError(node: Node, path: FieldPath, causes: readonly SchemaError[]): SchemaError {
	return { ...error(node, path, GROUP, 'validation failed'), causes };
}

const GROUP = 'group';

/** What a lone group holds, where no group is made of it: at the root. */
export function ungrouped(errors: readonly SchemaError[]): readonly SchemaError[] {
	const [only] = errors;
	return errors.length === 1 && only?.keyword === GROUP ? only.causes : errors;
}

/** The errors of groups one by one, each with the groups that it stands in, outermost first. */
export function singleErrors(
	errors: readonly SchemaError[],
	groups: readonly SchemaError[] = [],
): readonly { readonly error: SchemaError; readonly groups: readonly SchemaError[] }[] {
	return errors.flatMap(each =>
		each.keyword === GROUP ? singleErrors(each.causes, [...groups, each]) : [{ error: each, groups }],
	);
}

export function requiredError(node: Node, path: FieldPath, names: readonly string[]): SchemaError {
	const words =
		names.length === 1 ? `missing property ${quote(names[0]!)}` : `missing properties ${names.map(quote).join(', ')}`;
	return { ...error(node, path, 'required', words), names };
}

export function limit(
	schema: SchemaObject,
	keyword: string,
	got: number,
	fails: (got: number, want: number) => boolean,
	node: Node,
	path: FieldPath,
	found: Findings,
): void {
	const want = numberOf(schema[keyword]);
	if (want !== undefined && fails(got, want))
		found.push(error(node, path, keyword, `${keyword}: got ${goNumber(got)}, want ${goNumber(want)}`));
}

export function missingNames(node: Node, names: Plain | undefined): readonly string[] {
	return listOf(names).flatMap(name => (typeof name === 'string' && child(node, name) === undefined ? [name] : []));
}

export function listOf(value: Plain | undefined): readonly Plain[] {
	return Array.isArray(value) ? (value as readonly Plain[]) : [];
}

export function entriesOfSchema(value: Plain | undefined): readonly (readonly [string, Plain])[] {
	return isObject(value) ? Object.entries(value) : [];
}

export function numberOf(value: Plain | undefined): number | undefined {
	return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined;
}

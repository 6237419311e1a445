/**
 * Assertion trees, `validate.assert`: each key says what to take of the value, each leaf what must be there; kyverno-json `pkg/core/assertion`,
 * `projection`, `matching`, kyverno `validate_assert.go`.
 */
import type { FieldPath } from '../../../base/address';
import type { Plain } from '../../../yaml/node';
import { parseAssertionKey } from './assertion-key';
import { asOneQuery, queryWithBindings } from './jmespath';
import { isList, isMap, type PlainMap } from './plain-values';
import { Unanswerable, Unresolved } from './variables';

export interface Mismatch {
	readonly message: string;
	/** Leads to the field that is wrong, as far as the keys of the tree are fields. */
	readonly path: FieldPath;
}

/** All that the value is not as the tree says. Throws `Unresolved` where Kyverno would end with an error, and `Unanswerable`. */
export function assertTree(tree: Plain, value: Plain, bindings: PlainMap): readonly Mismatch[] {
	const budget = { left: MAX_STEPS };
	const whole = { value, written: '', path: [], isExact: true };
	return asOneQuery(() => assertNode(tree, whole, { bindings, budget }));
}

const MAX_STEPS = 20_000;

/** A value and where it came from: in the words of the tree, and in the object as far as that is known. */
interface Place {
	readonly value: Plain;
	readonly written: string;
	readonly path: FieldPath;
	/** Whether only fields were asked for on the way. */
	readonly isExact: boolean;
}

interface Scope {
	readonly bindings: PlainMap;
	readonly budget: { left: number };
}

function spend({ budget }: Scope): void {
	if (budget.left-- <= 0) throw new Unanswerable('the assertion looks at too many values');
}

function assertNode(tree: Plain, at: Place, scope: Scope): readonly Mismatch[] {
	spend(scope);
	if (isList(tree)) return assertList(tree, at, scope);
	return isMap(tree) ? assertMap(tree, at, scope) : assertLeaf(tree, at, scope);
}

function mismatch({ written, path }: Place, why: string): readonly Mismatch[] {
	return [{ message: written ? `${written}: ${why}` : why, path }];
}

function assertList(tree: readonly Plain[], at: Place, scope: Scope): readonly Mismatch[] {
	const { value } = at;
	if (value === null) return mismatch(at, 'Invalid value: value is null');
	if (!isList(value)) throw new Unresolved(`${at.written}: expected a slice`);
	if (value.length !== tree.length) return mismatch(at, "Invalid value: lengths of slices don't match");
	return tree.flatMap((item, index) => assertNode(item, elementOf(at, index, value[index]!), scope));
}

function elementOf({ written, path, isExact }: Place, key: string | number, value: Plain): Place {
	return { value, written: `${written}[${key}]`, path: isExact ? [...path, key] : path, isExact };
}

function assertMap(tree: PlainMap, at: Place, scope: Scope): readonly Mismatch[] {
	const keys = Object.keys(tree);
	if (keys.length === 0) return at.value === null ? mismatch(at, 'Invalid value: invalid value, must not be null') : [];
	let { bindings } = scope;
	return keys.flatMap(key => {
		const { isForeach, index, binding, engine, statement } = parseAssertionKey(key);
		const written = at.written ? `${at.written}.${key}` : key;
		const value = engine === undefined ? fieldOf(at, statement) : evaluate(engine, statement, at, bindings);
		const isExact = at.isExact && engine === undefined;
		const path = isExact ? [...at.path, statement] : at.path;
		if (value === undefined)
			return mismatch({ ...at, written, path }, 'Required value: field not found in the input object');
		if (binding !== undefined) bindings = { ...bindings, [binding]: value };
		const here = { value, written, path, isExact };
		if (!isForeach) return assertNode(tree[key]!, here, { ...scope, bindings });
		if (!isList(value) && !isMap(value)) throw new Unresolved(`${written}: expected a slice or a map`);
		return Object.entries(value).flatMap(([name, item]) => {
			const at = isList(value) ? Number(name) : name;
			const named = index === undefined ? bindings : { ...bindings, [index]: at };
			return assertNode(tree[key]!, elementOf(here, at, item as Plain), { ...scope, bindings: named });
		});
	});
}

function fieldOf({ value, written }: Place, name: string): Plain | undefined {
	if (value === null) return undefined;
	if (!isMap(value)) throw new Unresolved(`${written}: projection not recognized`);
	return Object.hasOwn(value, name) ? value[name] : undefined;
}

function evaluate(engine: string, source: string, { value }: Place, bindings: PlainMap): Plain {
	if (engine !== 'default' && engine !== 'jp') throw new Unanswerable(`assertions in ${engine} are not supported`);
	const result = queryWithBindings(value, source, bindings);
	switch (result.kind) {
		case 'value':
			return result.value;
		case 'not-found':
			return null;
		case 'not-evaluated':
			throw new Unanswerable(result.why);
		case 'error':
			throw new Unresolved(`failed to evaluate ${source}: ${result.message}`);
	}
}

function assertLeaf(leaf: Plain, at: Place, scope: Scope): readonly Mismatch[] {
	if (typeof leaf !== 'string') return matches(leaf, at.value, scope) ? [] : mismatch(at, expectation(leaf));
	const { isForeach, binding, engine, statement } = parseAssertionKey(leaf);
	if (isForeach) throw new Unresolved('foreach is not supported in scalar projections');
	if (binding !== undefined) throw new Unresolved('binding is not supported in scalar projections');
	const expected = engine === undefined ? statement : evaluate(engine, statement, at, scope.bindings);
	if (matches(expected, at.value, scope)) return [];
	// What an expression gave may come from anywhere; the expression itself stands in the policy.
	return mismatch(at, expectation(engine === undefined ? statement : leaf));
}

function expectation(expected: Plain): string {
	return `Invalid value: Expected value: ${typeof expected === 'bigint' ? String(expected) : JSON.stringify(expected)}`;
}

/** kyverno-json `Match` and `Equal`: values of different types cannot be compared, which is an error and no mismatch. */
function matches(expected: Plain, actual: Plain, scope: Scope): boolean {
	spend(scope);
	if (isList(expected)) {
		if (!isList(actual)) throw new Unresolved('invalid actual value, must be a slice');
		return expected.length === actual.length && expected.every((item, index) => matches(item, actual[index]!, scope));
	}
	if (isMap(expected)) {
		if (!isMap(actual)) throw new Unresolved('invalid actual value, must be a map');
		return Object.entries(expected).every(
			([key, item]) => Object.hasOwn(actual, key) && matches(item, actual[key]!, scope),
		);
	}
	if (expected === null || actual === null) return expected === actual;
	const kinds = [expected, actual].map(kindOf);
	if (kinds[0] !== kinds[1]) throw new Unresolved(`types are not comparable, ${kinds[0]} - ${kinds[1]}`);
	return kinds[0] === 'number' ? Number(expected) === Number(actual) : expected === actual;
}

function kindOf(value: Plain): string {
	if (isList(value)) return 'slice';
	if (isMap(value)) return 'map';
	return typeof value === 'bigint' ? 'number' : typeof value;
}

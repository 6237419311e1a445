/** Functions of lists, sets and optional values: Kubernetes' list library, and CEL's `sets`, `lists` and optional extensions. */
import { type Environment, Optional } from '@marcbachmann/cel-js';
import type { Budget } from './budget';
import { mapEntries } from './cel-values';

class SetsNamespace {}
class ListsNamespace {}

/** Adds them to an environment. */
export function addListFunctions(environment: Environment, budget: Budget): Environment {
	const includes = (list: List, item: unknown): boolean => {
		budget.spend(list.length);
		return list.some(other => equal(other, item));
	};
	const includesAll = (list: List, items: List): boolean => items.every(item => includes(list, item));
	const flatten = (list: List, depth: number): List => {
		if (depth < 1) return list;
		const flat: unknown[] = [];
		for (const item of list) {
			const items = Array.isArray(item) ? flatten(item as List, depth - 1) : [item];
			budget.spend(items.length + 1);
			for (const each of items) flat.push(each);
		}
		return flat;
	};
	environment
		.registerType('SetsNamespace', SetsNamespace)
		.registerType('ListsNamespace', ListsNamespace)
		.registerConstant('sets', 'SetsNamespace', new SetsNamespace())
		.registerConstant('lists', 'ListsNamespace', new ListsNamespace())
		.registerFunction('SetsNamespace.contains(list, list): bool', (_: unknown, a: List, b: List) => includesAll(a, b))
		.registerFunction(
			'SetsNamespace.equivalent(list, list): bool',
			(_: unknown, a: List, b: List) => includesAll(a, b) && includesAll(b, a),
		)
		.registerFunction('SetsNamespace.intersects(list, list): bool', (_: unknown, a: List, b: List) =>
			b.some(item => includes(a, item)),
		)
		.registerFunction('ListsNamespace.range(int): list<int>', (_: unknown, count: bigint) => range(count))
		.registerFunction('list.isSorted(): bool', (list: List) =>
			list.every((item, i) => i === 0 || compareValues(list[i - 1], item) <= 0),
		)
		.registerFunction('list.sum(): dyn', sum)
		.registerFunction('list.min(): dyn', (list: List) => extreme(list, -1))
		.registerFunction('list.max(): dyn', (list: List) => extreme(list, 1))
		.registerFunction('list.indexOf(dyn): int', (list: List, item: unknown) =>
			BigInt(list.findIndex(other => equal(other, item))),
		)
		.registerFunction('list.lastIndexOf(dyn): int', (list: List, item: unknown) =>
			BigInt(list.findLastIndex(other => equal(other, item))),
		)
		.registerFunction('list.distinct(): list', (list: List) =>
			list.reduce<unknown[]>((kept, item) => {
				if (!includes(kept, item)) kept.push(item);
				return kept;
			}, []),
		)
		.registerFunction('list.reverse(): list', (list: List) => list.toReversed())
		.registerFunction('list.sort(): list', (list: List) => list.toSorted(compareValues))
		.registerFunction('list.slice(int, int): list', (list: List, from: bigint, to: bigint) =>
			list.slice(Number(from), Number(to)),
		)
		.registerFunction('list.flatten(): list', (list: List) => flatten(list, 1))
		.registerFunction('list.flatten(int): list', (list: List, depth: bigint) =>
			flatten(list, Math.min(Number(depth), MAX_DEPTH)),
		)
		.registerFunction('list.first(): optional', (list: List) => present(list[0]))
		.registerFunction('list.last(): optional', (list: List) => present(list.at(-1)))
		.registerFunction('list.unwrapOpt(): list', unwrap)
		.registerFunction('OptionalNamespace.unwrap(list): list', (_: unknown, list: List) => unwrap(list))
		.registerFunction('OptionalNamespace.ofNonZeroValue(dyn): optional', (_: unknown, value: unknown) =>
			isZero(value) ? Optional.none() : Optional.of(value),
		);
	return environment;
}

type List = readonly unknown[];

/** Equality of CEL values: numbers by value whatever their type, collections by their elements. */
export function equal(a: unknown, b: unknown): boolean {
	if (Object.is(a, b)) return true;
	if (isNumber(a) && isNumber(b)) return Number(a) === Number(b);
	if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => equal(item, b[i]));
	const entries = mapEntries(a);
	if (entries) {
		const others = new Map(mapEntries(b) ?? []);
		return (
			entries.length === others.size && entries.every(([key, item]) => others.has(key) && equal(item, others.get(key)))
		);
	}
	return false;
}

function isNumber(value: unknown): value is number | bigint {
	return typeof value === 'number' || typeof value === 'bigint';
}

/** Nothing is nested deeper than what the YAML reader takes. */
const MAX_DEPTH = 100;

/** The order of two values; throws where there is none. */
export function compareValues(a: unknown, b: unknown): number {
	if (isNumber(a) && isNumber(b)) return a < b ? -1 : a > b ? 1 : 0;
	if (typeof a === typeof b && (typeof a === 'string' || typeof a === 'boolean')) return a < b! ? -1 : a > b! ? 1 : 0;
	const left = (a as { valueOf(): unknown } | null)?.valueOf();
	const right = (b as { valueOf(): unknown } | null)?.valueOf();
	if (typeof left === 'number' && typeof right === 'number') return left - right;
	throw new Error('no such overload: values cannot be ordered');
}

/** The greatest (`sign` 1) or least of some values. */
export function extreme(list: List, sign: 1 | -1): unknown {
	if (list.length === 0) throw new Error(`${sign > 0 ? 'max' : 'min'} called on empty list`);
	return list.reduce((best, item) => (compareValues(item, best) * sign > 0 ? item : best));
}

function present(value: unknown): Optional {
	return value === undefined ? Optional.none() : Optional.of(value);
}

/** The values of those that have one. */
function unwrap(list: List): unknown[] {
	return list.flatMap(item => (item instanceof Optional && item.hasValue() ? [item.value()] : []));
}

function isZero(value: unknown): boolean {
	if (Array.isArray(value)) return value.length === 0;
	if (mapEntries(value)?.length === 0) return true;
	return value === null || value === false || value === '' || value === 0 || value === 0n;
}

function sum(list: List): unknown {
	if (list.every(item => typeof item === 'bigint')) return list.reduce((total: bigint, item) => total + item, 0n);
	if (list.every(item => typeof item === 'number')) return list.reduce((total: number, item) => total + item, 0);
	throw new Error('no such overload: sum');
}

const MAX_RANGE = 10_000n;

function range(count: bigint): bigint[] {
	if (count > MAX_RANGE) throw new Error('the range is too long');
	return Array.from({ length: Number(count) }, (_, i) => BigInt(i));
}

/** Functions of lists and sets: Kubernetes' list library, and CEL's `sets`, `lists` and `math` extensions. */
import type { Environment } from '@marcbachmann/cel-js';

class SetsNamespace {}
class MathNamespace {}
class ListsNamespace {}

/** Adds them to an environment. */
export function addListFunctions(environment: Environment): Environment {
	environment
		.registerType('SetsNamespace', SetsNamespace)
		.registerType('MathNamespace', MathNamespace)
		.registerType('ListsNamespace', ListsNamespace)
		.registerConstant('sets', 'SetsNamespace', new SetsNamespace())
		.registerConstant('math', 'MathNamespace', new MathNamespace())
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
			list.every((item, i) => i === 0 || compare(list[i - 1], item) <= 0),
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
			list.filter((item, i) => !includes(list.slice(0, i), item)),
		)
		.registerFunction('list.reverse(): list', (list: List) => list.toReversed())
		.registerFunction('list.sort(): list', (list: List) => list.toSorted(compare))
		.registerFunction('list.slice(int, int): list', (list: List, from: bigint, to: bigint) =>
			list.slice(Number(from), Number(to)),
		)
		.registerFunction('list.flatten(): list', (list: List) => list.flat())
		.registerFunction('MathNamespace.greatest(list): dyn', (_: unknown, list: List) => extreme(list, 1))
		.registerFunction('MathNamespace.least(list): dyn', (_: unknown, list: List) => extreme(list, -1))
		.registerFunction('MathNamespace.greatest(dyn, dyn): dyn', (_: unknown, ...items: List) => extreme(items, 1))
		.registerFunction('MathNamespace.least(dyn, dyn): dyn', (_: unknown, ...items: List) => extreme(items, -1))
		.registerFunction('MathNamespace.greatest(dyn, dyn, dyn): dyn', (_: unknown, ...items: List) => extreme(items, 1))
		.registerFunction('MathNamespace.least(dyn, dyn, dyn): dyn', (_: unknown, ...items: List) => extreme(items, -1));
	return environment;
}

type List = readonly unknown[];

/** Equality of CEL values: numbers by value whatever their type, collections by their elements. */
export function equal(a: unknown, b: unknown): boolean {
	if (Object.is(a, b)) return true;
	if (isNumber(a) && isNumber(b)) return Number(a) === Number(b);
	if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => equal(item, b[i]));
	if (a instanceof Map)
		return (
			b instanceof Map && a.size === b.size && [...a].every(([key, item]) => b.has(key) && equal(item, b.get(key)))
		);
	return false;
}

function isNumber(value: unknown): value is number | bigint {
	return typeof value === 'number' || typeof value === 'bigint';
}

function includes(list: List, item: unknown): boolean {
	return list.some(other => equal(other, item));
}

function includesAll(list: List, items: List): boolean {
	return items.every(item => includes(list, item));
}

function compare(a: unknown, b: unknown): number {
	if (isNumber(a) && isNumber(b)) return a < b ? -1 : a > b ? 1 : 0;
	if (typeof a === typeof b && (typeof a === 'string' || typeof a === 'boolean')) return a < b! ? -1 : a > b! ? 1 : 0;
	const left = (a as { valueOf(): unknown } | null)?.valueOf();
	const right = (b as { valueOf(): unknown } | null)?.valueOf();
	if (typeof left === 'number' && typeof right === 'number') return left - right;
	throw new Error('no such overload: values cannot be ordered');
}

function extreme(list: List, sign: 1 | -1): unknown {
	if (list.length === 0) throw new Error(`${sign > 0 ? 'max' : 'min'} called on empty list`);
	return list.reduce((best, item) => (compare(item, best) * sign > 0 ? item : best));
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

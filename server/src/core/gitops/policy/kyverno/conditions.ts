/** Conditions of preconditions and deny rules with all operators; kyverno `pkg/engine/variables/operator`. */
import type { Plain } from '../../../yaml/node';
import { parseGoDuration } from '../go-duration';
import { parseQuantity } from '../../../kube/quantity';
import { isList, isMap, listOf, printed, sameValue, textOf } from './plain-values';
import { isRange, matchesScalar } from './scalar-pattern';
import { matchesWildcard } from './wildcard';

/**
 * Whether the conditions hold: a list (all of it), or a map with `any` and `all`; kyverno `EvaluateConditions`. `resolve` fills in variables.
 */
export function conditionsHold(conditions: Plain | undefined, resolve: (value: Plain) => Plain): boolean {
	if (conditions === undefined || conditions === null) return true;
	if (isList(conditions)) {
		// Since 1.11 each item of a list may be a map of any and all.
		return conditions.every(item =>
			isMap(item) && ('any' in item || 'all' in item) ? conditionsHold(item, resolve) : conditionHolds(item, resolve),
		);
	}
	if (!isMap(conditions)) return false;
	const any = listOf(conditions, 'any');
	const all = listOf(conditions, 'all');
	return (
		(any.length === 0 || any.some(item => conditionHolds(item, resolve))) &&
		all.every(item => conditionHolds(item, resolve))
	);
}

function conditionHolds(condition: Plain, resolve: (value: Plain) => Plain): boolean {
	if (!isMap(condition)) return false;
	const operator = OPERATORS[(textOf(condition, 'operator') ?? '').toLowerCase()];
	if (!operator) return false;
	return operator(resolve(condition['key'] ?? null), resolve(condition['value'] ?? null));
}

type Operator = (key: Plain, value: Plain) => boolean;

const OPERATORS: Readonly<Record<string, Operator>> = {
	equal: equals,
	equals,
	notequal: notEquals,
	notequals: notEquals,
	in: (key, value) => allIn(key, value) === true,
	allin: (key, value) => allIn(key, value) === true,
	anyin: (key, value) => someIn(key, value) === true,
	notin: (key, value) => allIn(key, value) === false,
	allnotin: (key, value) => someIn(key, value) === false,
	anynotin: (key, value) => allIn(key, value) === false,
	greaterthan: numeric((a, b) => a > b),
	greaterthanorequals: numeric((a, b) => a >= b),
	lessthan: numeric((a, b) => a < b),
	lessthanorequals: numeric((a, b) => a <= b),
	durationgreaterthan: duration((a, b) => a > b),
	durationgreaterthanorequals: duration((a, b) => a >= b),
	durationlessthan: duration((a, b) => a < b),
	durationlessthanorequals: duration((a, b) => a <= b),
};

function equals(key: Plain, value: Plain): boolean {
	return compareEqual(key, value) === true;
}

function notEquals(key: Plain, value: Plain): boolean {
	const equal = compareEqual(key, value);
	return equal === undefined ? key !== null : !equal;
}

/** Nothing where the types cannot be compared. */
function compareEqual(key: Plain, value: Plain): boolean | undefined {
	if (typeof key === 'boolean') return typeof value === 'boolean' ? key === value : undefined;
	if (isNumber(key)) {
		if (isNumber(value)) return Number(key) === Number(value);
		const nanoseconds = typeof value === 'string' ? parseGoDuration(value) : undefined;
		if (nanoseconds !== undefined && value !== '0') return nanosecondsOf(key) === nanoseconds;
		return typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value))
			? Number(value) === Number(key)
			: undefined;
	}
	if (typeof key === 'string') return compareTextEqual(key, value);
	if (isMap(key)) return isMap(value) ? sameValue(key, value) : undefined;
	if (isList(key)) return isList(value) ? sameValue(key, value) : undefined;
	return undefined;
}

function compareTextEqual(key: string, value: Plain): boolean | undefined {
	const durations = durationPair(key, value);
	if (durations) return durations[0] === durations[1];
	const quantity = parseQuantity(key);
	if (quantity !== undefined && (typeof value === 'string' || isNumber(value))) {
		const other = parseQuantity(String(value));
		return other !== undefined && other === quantity;
	}
	return typeof value === 'string' ? matchesWildcard(value, key) : undefined;
}

/** Both as nanoseconds, where at least one is written as a duration; kyverno `parseDuration`. A number is seconds. */
function durationPair(key: Plain, value: Plain): readonly [bigint, bigint] | undefined {
	const written = (side: Plain) => (typeof side === 'string' && side !== '0' ? parseGoDuration(side) : undefined);
	const a = written(key);
	const b = written(value);
	const left = a ?? (b === undefined ? undefined : nanosecondsOf(key));
	const right = b ?? (a === undefined ? undefined : nanosecondsOf(value));
	return left !== undefined && right !== undefined ? [left, right] : undefined;
}

/** A number of seconds in nanoseconds; nothing for what is no finite number. */
function nanosecondsOf(value: Plain): bigint | undefined {
	return isNumber(value) && Number.isFinite(Number(value)) ? BigInt(Math.trunc(Number(value) * 1e9)) : undefined;
}

function isNumber(value: Plain): value is number | bigint {
	return typeof value === 'number' || typeof value === 'bigint';
}

/** Whether some (or no) element of the key is found in the value, or each; nothing where their types do not go together. */
type Found = (key: Plain, value: Plain) => boolean | undefined;

const someIn: Found = (key, value) => among(key, value)?.some(found => found);
const allIn: Found = (key, value) => among(key, value)?.every(found => found);

/** For each element of the key whether it is in the value; kyverno `anyKeyExistsInArray`, `anySetExistsInArray` and their like. */
function among(key: Plain, value: Plain): readonly boolean[] | undefined {
	if (key === null || isMap(key)) return undefined;
	const keys = isList(key) ? key.map(printed) : [printed(key)];
	if (typeof value === 'string') {
		if (!isList(key) && matchesWildcard(value, keys[0]!)) return [true];
		if (isRange(value)) return keys.map(item => matchesScalar(item, value));
		const texts = textsIn(value);
		return texts && keys.map(item => (isList(key) ? isLike(item, texts) : texts.includes(item)));
	}
	if (isList(value)) return keys.map(item => isLike(item, value.map(printed)));
	return isNumber(value) && isList(key) ? keys.map(item => isLike(item, [printed(value)])) : undefined;
}

/** Wildcards may stand on either side. */
function isLike(key: string, texts: readonly string[]): boolean {
	return texts.some(text => matchesWildcard(text, key) || matchesWildcard(key, text));
}

/** The texts of a list written as JSON, or the one text; nothing for JSON that is no list of texts. */
function textsIn(value: string): readonly string[] | undefined {
	let parsed: unknown;
	try {
		parsed = JSON.parse(value);
	} catch {
		return [value];
	}
	return Array.isArray(parsed) && parsed.every(item => typeof item === 'string') ? parsed : undefined;
}

function numeric(test: (a: number | bigint, b: number | bigint) => boolean): Operator {
	return (key, value) => {
		const durations = durationPair(key, value);
		if (durations) return test(...durations);
		const left = toNumber(key);
		const right = toNumber(value);
		if (left !== undefined && right !== undefined) return test(left, right);
		const quantities = [key, value].map(side =>
			typeof side === 'string' || isNumber(side) ? parseQuantity(String(side)) : undefined,
		);
		if (quantities[0] !== undefined && quantities[1] !== undefined) return test(quantities[0], quantities[1]);
		const versions = [key, value].map(side => (typeof side === 'string' ? versionNumber(side) : undefined));
		return versions[0] !== undefined && versions[1] !== undefined && test(versions[0], versions[1]);
	};
}

function toNumber(value: Plain): number | undefined {
	if (isNumber(value)) return Number(value);
	return typeof value === 'string' && /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(value) ? Number(value) : undefined;
}

/** Semantic versions are compared part by part; kyverno tries them last. */
function versionNumber(text: string): bigint | undefined {
	const parts = /^v?(\d{1,6})\.(\d{1,6})\.(\d{1,6})$/.exec(text);
	return parts ? BigInt(parts[1]!) * 10n ** 12n + BigInt(parts[2]!) * 10n ** 6n + BigInt(parts[3]!) : undefined;
}

function duration(test: (a: bigint, b: bigint) => boolean): Operator {
	const nanoseconds = (side: Plain) => (typeof side === 'string' ? parseGoDuration(side) : nanosecondsOf(side));
	return (key, value) => {
		const a = nanoseconds(key);
		const b = nanoseconds(value);
		return a !== undefined && b !== undefined && test(a, b);
	};
}

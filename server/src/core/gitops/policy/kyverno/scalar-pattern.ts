/**
 * One value against one pattern of Kyverno: wildcards, operators (`>=`, `!`, `10-20`, `10!-20`), `|` and `&`, durations and quantities;
 * kyverno `pkg/engine/pattern`.
 */
import type { Plain } from '../../../yaml/node';
import { parseGoDuration } from '../go-duration';
import { parseQuantity } from '../../../kube/quantity';
import { isList, isMap } from './plain-values';
import { matchesWildcard } from './wildcard';

type Operator = '' | '>=' | '<=' | '>' | '<' | '!' | '-' | '!-';

const RANGE = /^([-+]?\d+(?:\.\d+)?[A-Za-z]*)(!?-)([-+]?\d+(?:\.\d+)?[A-Za-z]*)$/;

/** Whether the value satisfies the pattern; kyverno `pattern.Validate`. */
export function matchesScalar(value: Plain | undefined, pattern: Plain): boolean {
	if (typeof pattern === 'boolean') return value === pattern;
	if (typeof pattern === 'number' || typeof pattern === 'bigint') return matchesNumber(value, Number(pattern));
	if (pattern === null) return value === undefined || value === null || value === 0 || value === '' || value === false;
	if (typeof pattern === 'string') return matchesText(value, pattern);
	return isMap(pattern) && isMap(value);
}

function matchesNumber(value: Plain | undefined, pattern: number): boolean {
	if (typeof value === 'number' || typeof value === 'bigint') return Number(value) === pattern;
	return typeof value === 'string' && /^[-+]?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(value) && Number(value) === pattern;
}

function matchesText(value: Plain | undefined, pattern: string): boolean {
	if (value === pattern) return true;
	return pattern.split('|').some(part =>
		part
			.trim()
			.split('&')
			.every(condition => matchesCondition(value, condition.trim())),
	);
}

function matchesCondition(value: Plain | undefined, pattern: string): boolean {
	const range = RANGE.exec(pattern);
	if (range) {
		const [, from = '', operator, to = ''] = range;
		return operator === '-'
			? compare(value, from, '>=') && compare(value, to, '<=')
			: compare(value, from, '<') || compare(value, to, '>');
	}
	const operator = (/^(>=|<=|>|<|!)/.exec(pattern)?.[0] ?? '') as Operator;
	return compare(value, pattern.slice(operator.length).trim(), operator);
}

/** Whether a text is a range, which the `In` operators of conditions understand. */
export function isRange(text: string): boolean {
	return RANGE.exec(text)?.[2] === '-';
}

function compare(value: Plain | undefined, pattern: string, operator: Operator): boolean {
	return (
		compareNumbers(numberOf(value, parseGoDuration), parseGoDuration(pattern), operator) ||
		compareNumbers(numberOf(value, parseQuantity), parseQuantity(pattern), operator) ||
		compareTexts(value, pattern, operator)
	);
}

/** Nothing counts as zero; kyverno `convertNumberToString`. */
function numberOf(value: Plain | undefined, parse: (text: string) => bigint | undefined): bigint | undefined {
	if (value === undefined || value === null) return 0n;
	return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint'
		? parse(String(value))
		: undefined;
}

function compareNumbers(a: bigint | undefined, b: bigint | undefined, operator: Operator): boolean {
	if (a === undefined || b === undefined) return false;
	switch (operator) {
		case '':
			return a === b;
		case '!':
			return a !== b;
		case '>':
			return a > b;
		case '<':
			return a < b;
		case '>=':
			return a >= b;
		case '<=':
			return a <= b;
		default:
			return false;
	}
}

function compareTexts(value: Plain | undefined, pattern: string, operator: Operator): boolean {
	if (operator !== '' && operator !== '!') return false;
	if (value === undefined || value === null || isMap(value) || isList(value)) return false;
	return matchesWildcard(pattern, String(value)) !== (operator === '!');
}

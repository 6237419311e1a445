/** Values and names as santhosh-tekuri/jsonschema v6 prints them in its messages (kind.go). */
import type { Plain } from '../../yaml/node';

/** Whether the value is neither a list nor an object. */
export function isPrimitive(value: Plain): boolean {
	return typeof value !== 'object' || value === null;
}

/** What an `enum` wants. */
export function enumWords(allowed: readonly Plain[]): string {
	if (!allowed.every(isPrimitive)) return "'enum' failed";
	return allowed.length === 1
		? `value must be ${display(allowed[0]!)}`
		: `value must be one of ${allowed.map(display).join(', ')}`;
}

/** A single value. */
export function display(value: Plain): string {
	if (typeof value === 'string') return quote(value);
	return value === null ? '<nil>' : typeof value === 'number' ? goNumber(value) : String(value);
}

/** Go's `%v` of a float64: an exponent from 21 digits on. */
export function goNumber(value: number): string {
	return Number.isInteger(value) && Math.abs(value) >= 1e21
		? value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2')
		: String(value);
}

/** The library's single quotes. */
export function quote(text: string): string {
	return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

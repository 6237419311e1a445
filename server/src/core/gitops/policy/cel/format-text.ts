/** CEL's `format`: `%s %d %f %e %b %x %X %o` with a precision; cel-go `ext/formatting.go`. */

import { mapEntries } from './cel-values';

/** The text with its clauses filled in. Throws where a clause and its value do not fit, which is an error of the expression. */
export function formatText(text: string, values: readonly unknown[]): string {
	let next = 0;
	return text.replace(
		/%(?:(%)|(?:\.(\d{1,2}))?([sdfeboxX])|(.?))/g,
		(_, percent: string, precision: string, clause: string, bad: string) => {
			if (percent) return '%';
			if (!clause) throw new Error(`could not parse formatting clause: unrecognized formatting clause "${bad ?? ''}"`);
			if (next >= values.length) throw new Error(`index ${next} out of range`);
			return formatClause(clause, precision === undefined ? 6 : Number(precision), values[next++]);
		},
	);
}

function formatClause(clause: string, precision: number, value: unknown): string {
	switch (clause) {
		case 's':
			return formatValue(value);
		case 'd':
			if (typeof value === 'bigint') return String(value);
			break;
		case 'f':
			if (typeof value === 'number' || typeof value === 'bigint') return Number(value).toFixed(precision);
			break;
		case 'e':
			if (typeof value === 'number' || typeof value === 'bigint')
				return Number(value)
					.toExponential(precision)
					.replace(/e([+-])(\d)$/, 'e$10$2');
			break;
		case 'b':
			if (typeof value === 'bigint') return value.toString(2);
			if (typeof value === 'boolean') return value ? '1' : '0';
			break;
		case 'o':
			if (typeof value === 'bigint') return value.toString(8);
			break;
		default: {
			const digits =
				typeof value === 'bigint'
					? value.toString(16)
					: typeof value === 'string'
						? [...value].map(character => character.codePointAt(0)!.toString(16).padStart(2, '0')).join('')
						: undefined;
			if (digits !== undefined) return clause === 'X' ? digits.toUpperCase() : digits;
		}
	}
	throw new Error(`error during formatting: %${clause} clause does not fit the value`);
}

/** A value as `%s` shows it: lists and maps as CEL literals without quotes. */
function formatValue(value: unknown): string {
	if (Array.isArray(value)) return `[${value.map(formatValue).join(', ')}]`;
	const entries = mapEntries(value);
	if (entries)
		return `{${entries
			.map(([key, item]) => `${formatValue(key)}: ${formatValue(item)}`)
			.sort()
			.join(', ')}}`;
	return value === null ? 'null' : String(value);
}

/** Holds a single value against its schema: type, enum, format, pattern, bounds. */
import { shownText } from '../taken-secrets';
import type { PathLink } from '../../base/address';
import { nearest } from '../../base/nearest';
import type { Fix } from '../../base/problem';
import { addressOf, type ScalarNode, scalarValue } from '../../yaml/node';
import { formatFault, integerFits } from './formats';
import type { Schema, SchemaType } from './schema';
import { applyPath, hasPlaceholder, placeOf, report, serverPath, type Walk } from './walk';

/** Texts longer than this are not matched against patterns. */
const MAX_MATCHED = 20_000;

/** Checks a scalar that is not null. */
export function checkScalar(walk: Walk, node: ScalarNode, schema: Schema, link: PathLink | undefined): void {
	if (hasPlaceholder(node.text)) return;
	const value = scalarValue(node);
	if (!hasType(walk, node, schema, value)) {
		wrongType(walk, node, schema, link);
		return;
	}
	checkEnum(walk, node, schema, link);
	if (typeof value === 'string' || isText(node)) checkText(walk, node, schema, link);
	else if (typeof value === 'number' || typeof value === 'bigint') checkNumber(walk, node, schema, value, link);
}

/** What a YAML value is, in the words of schemas. */
export function typeOfScalar(node: ScalarNode): SchemaType | 'null' {
	switch (node.tag) {
		case '!!null':
			return 'null';
		case '!!bool':
			return 'boolean';
		case '!!int':
			return 'integer';
		case '!!float':
			return Number.isInteger(scalarValue(node)) ? 'integer' : 'number';
		default:
			return 'string';
	}
}

const isText = (node: ScalarNode) => typeOfScalar(node) === 'string';

function hasType(
	walk: Walk,
	node: ScalarNode,
	{ facts }: Schema,
	value: string | number | bigint | boolean | null,
): boolean {
	const actual = typeOfScalar(node);
	if (facts.intOrString) {
		// A quantity is decoded from whatever number stands there.
		if (facts.format === 'quantity') return actual === 'integer' || actual === 'number' || actual === 'string';
		return actual === 'integer' || actual === 'string';
	}
	switch (facts.type) {
		case undefined:
			return true;
		case 'number':
			return actual === 'number' || actual === 'integer';
		case 'integer':
			return actual === 'integer' && (!walk.typed || typeof value !== 'string');
		default:
			return facts.type === actual;
	}
}

/** An article for the types that messages speak of. */
const NOUNS: Readonly<Record<SchemaType | 'null', string>> = {
	object: 'a map',
	array: 'a list',
	string: 'a string',
	integer: 'an integer',
	number: 'a number',
	boolean: 'a boolean',
	null: 'null',
};

/** The type that a field takes, as a noun: `a string`, `an integer or a string`. */
export function nounOf({ facts }: Schema): string {
	if (facts.format === 'quantity') return 'a quantity';
	if (facts.intOrString) return 'an integer or a string';
	return NOUNS[facts.type ?? 'object'];
}

/** Reports a value of the wrong type; quotes, or their absence, are often all that is wrong. */
export function wrongType(walk: Walk, node: ScalarNode, schema: Schema, link: PathLink | undefined): void {
	const actual = typeOfScalar(node);
	const takes = nounOf(schema);
	const asked = schema.facts.type === 'string' ? askedFor(node) : undefined;
	const fixes = asked ? [] : typeFixes(node, schema.facts.type);
	const hint = asked
		? `; Flux puts \`${shownText(node)}\` for the variable as it is, whatever quotes stood around either`
		: fixes.length === 0
			? ''
			: schema.facts.type === 'string'
				? '; put it in quotes'
				: '; take the quotes away';
	report(walk, 'schema/wrong-type', asked ?? node, {
		message: `${placeOf(walk, link)} takes ${takes}, and ${NOUNS[actual]} stands there${hint}.`,
		details: walk.typed
			? `${applyPath(link)}: expected ${schema.facts.type ?? 'valid'} value, got ${actual}`
			: `${serverPath(link)}: Invalid value: "${actual}": ${serverPath(link)} in body must be of type ${
					schema.facts.intOrString ? 'integer or string' : schema.facts.type
				}: "${actual}"`,
		...(fixes.length > 0 ? { fixes } : undefined),
	});
}

/** Where a variable was asked for that became the value: a text that is good in itself is no text any more there. */
function askedFor(node: ScalarNode): ScalarNode | undefined {
	const { step, replaced } = node.origin;
	return step === 'substitute' && replaced ? { ...node, origin: replaced } : undefined;
}

function typeFixes(node: ScalarNode, wanted: SchemaType | undefined): readonly Fix[] {
	const at = addressOf(node.origin);
	if (wanted === 'string' && node.style === 'plain' && node.tag !== '!!null' && node.text !== '') {
		return [{ title: 'Put the value in quotes', edits: [{ kind: 'set', at, text: JSON.stringify(node.text) }] }];
	}
	const quoted = node.style === 'single' || node.style === 'double';
	const unquoted =
		(wanted === 'boolean' && /^(true|false)$/.test(node.text)) ||
		((wanted === 'integer' || wanted === 'number') && /^-?(0|[1-9]\d*)$/.test(node.text));
	return quoted && unquoted ? [{ title: 'Take the quotes away', edits: [{ kind: 'set', at, text: node.text }] }] : [];
}

function checkEnum(walk: Walk, node: ScalarNode, { facts }: Schema, link: PathLink | undefined): void {
	const values = facts.enum;
	if (!values) return;
	// In Kubernetes' own kinds an empty text counts as absent.
	if (walk.typed && node.text === '') return;
	const value = scalarValue(node);
	if (values.some(allowed => allowed === value)) return;
	const names = values.map(String);
	const meant = nearest(node.text, names);
	const text = shownText(node);
	const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
	report(walk, 'schema/not-in-enum', node, {
		message:
			`"${shown}" is not a value of ${placeOf(walk, link)}` +
			(meant === undefined
				? `, which takes ${listed(names)}.`
				: `; did you mean "${meant}"? It takes ${listed(names)}.`),
		details: `${serverPath(link)}: Unsupported value: "${shown}": supported values: ${names.map(name => `"${name}"`).join(', ')}`,
		...(meant === undefined
			? undefined
			: {
					fixes: [
						{
							title: `Change it to "${meant}"`,
							edits: [{ kind: 'set', at: addressOf(node.origin), text: meant === '' ? '""' : meant }],
						},
					],
				}),
	});
}

/** Names in a sentence, the first dozen of them. */
export function listed(names: readonly string[]): string {
	const shown = names.slice(0, 12).map(name => `"${name}"`);
	if (names.length > shown.length) return `${shown.join(', ')} and ${names.length - shown.length} more`;
	const last = shown.pop();
	return shown.length > 0 ? `${shown.join(', ')} or ${last}` : (last ?? 'nothing');
}

function checkText(walk: Walk, node: ScalarNode, schema: Schema, link: PathLink | undefined): void {
	const { format, pattern, limits } = schema.facts;
	// An empty text in Kubernetes' own kinds is mostly as good as none; time and quantity read it as zero.
	const fault = format && !(walk.typed && node.text === '') ? formatFault(format, node.text) : undefined;
	// `quantity` is a format of Go types only; a CRD says it with a pattern.
	if (fault !== undefined && (walk.typed || format !== 'quantity')) {
		report(walk, 'schema/bad-format', node, {
			message: `${placeOf(walk, link)} is not ${fault}.`,
			details:
				format === 'quantity'
					? "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
					: `${serverPath(link)} in body must be of type ${format}`,
		});
	}
	if (pattern !== undefined && node.text.length <= MAX_MATCHED && schema.pattern?.test(node.text) === false) {
		report(walk, 'schema/bad-pattern', node, {
			message: `${placeOf(walk, link)} does not match the pattern ${pattern}`,
			details: `${serverPath(link)} in body should match '${pattern}'`,
		});
	}
	if (limits?.minLength === undefined && limits?.maxLength === undefined) return;
	const length = [...node.text].length;
	const { minLength = 0, maxLength = Infinity } = limits;
	if (length < minLength || length > maxLength) {
		report(walk, 'schema/out-of-range', node, {
			message: `${placeOf(walk, link)} has ${count(length, 'character')}; it must have ${span(minLength, maxLength)}.`,
			details: `${serverPath(link)} in body should be ${
				length < minLength ? `at least ${minLength}` : `at most ${maxLength}`
			} chars long`,
		});
	}
}

/** `at least 1`, `at most 5`, `1 to 5`. */
export function span(least: number, most: number): string {
	if (most === Infinity) return `at least ${least}`;
	return least <= 0 ? `at most ${most}` : `${least} to ${most}`;
}

/** `1 character`, `2 characters`. */
export function count(number: number, noun: string): string {
	return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function checkNumber(
	walk: Walk,
	node: ScalarNode,
	{ facts }: Schema,
	value: number | bigint,
	link: PathLink | undefined,
): void {
	const { format, limits } = facts;
	// IntOrString holds an int32 (apimachinery intstr).
	const width = format ?? (walk.typed && facts.intOrString ? 'int32' : undefined);
	if (width !== undefined && !integerFits(width, value)) {
		report(walk, 'schema/out-of-range', node, {
			message: `${placeOf(walk, link)} is ${value}, which does not fit into ${width}.`,
		});
	}
	if (!limits) return;
	const number = Number(value);
	const { minimum = -Infinity, maximum = Infinity, multipleOf } = limits;
	const low = limits.exclusiveMinimum ? number <= minimum : number < minimum;
	const high = limits.exclusiveMaximum ? number >= maximum : number > maximum;
	if (low || high) {
		const bound = low
			? `${limits.exclusiveMinimum ? 'greater than' : 'at least'} ${minimum}`
			: `${limits.exclusiveMaximum ? 'less than' : 'at most'} ${maximum}`;
		report(walk, 'schema/out-of-range', node, {
			message: `${placeOf(walk, link)} is ${value}; it must be ${bound}.`,
			details: `${serverPath(link)} in body should be ${
				low
					? `greater than ${limits.exclusiveMinimum ? '' : 'or equal to '}${minimum}`
					: `less than ${limits.exclusiveMaximum ? '' : 'or equal to '}${maximum}`
			}`,
		});
	}
	if (multipleOf !== undefined && multipleOf > 0 && !isMultiple(number, multipleOf)) {
		report(walk, 'schema/out-of-range', node, {
			message: `${placeOf(walk, link)} is ${value}; it must be a multiple of ${multipleOf}.`,
			details: `${serverPath(link)} in body should be a multiple of ${multipleOf}`,
		});
	}
}

function isMultiple(value: number, of: number): boolean {
	const times = value / of;
	return Math.abs(times - Math.round(times)) < 1e-9;
}

/** What may be written at a place of a resource or patch: keys with what they must hold, and values. */
import { type FieldInfo, fieldsOf } from './at';
import type { Schema } from './schema';
import type { Plain } from '../../yaml/node';

export interface KeyCandidate extends FieldInfo {
	/**
	 * A snippet in LSP's syntax that writes the key with what it needs: required fields below it, `- ` for a list. Lines after the
	 * first are indented relative to the key, two spaces a level.
	 */
	readonly snippet: string;
}

export interface ValueCandidate {
	/** As it has to stand in YAML, in quotes where it would mean something else without. */
	readonly text: string;
	readonly detail: 'enum' | 'boolean' | 'default';
}

/** How deep required fields are written out. */
const MAX_DEPTH = 4;

/** The keys that may be added to a map that has `present` already. In a patch, nothing is required below them. */
export function keyCandidates(
	schema: Schema,
	present: ReadonlySet<string>,
	mode: 'resource' | 'patch',
): readonly KeyCandidate[] {
	return fieldsOf(schema)
		.filter(field => !present.has(field.key))
		.map(field => {
			const stops = { next: 1 };
			return { ...field, snippet: keySnippet(field, mode, '', MAX_DEPTH, stops) };
		});
}

/** The values that may stand at a place; none where any text will do. The default comes first. */
export function valueCandidates(schema: Schema): readonly ValueCandidate[] {
	const { enum: values, default: preset, type } = schema.facts;
	const out: ValueCandidate[] = [];
	const add = (value: Plain, detail: ValueCandidate['detail']) => {
		const text = yamlText(value);
		if (text !== undefined && !out.some(other => other.text === text)) out.push({ text, detail });
	};
	if (preset !== undefined) add(preset, 'default');
	for (const value of values ?? []) add(value, 'enum');
	if (type === 'boolean') for (const value of [true, false]) add(value, 'boolean');
	return out;
}

function keySnippet(
	field: FieldInfo,
	mode: 'resource' | 'patch',
	indent: string,
	depth: number,
	stops: { next: number },
): string {
	return `${escape(field.key)}:${valueSnippet(field.schema, mode, indent, depth, stops)}`;
}

function valueSnippet(
	schema: Schema,
	mode: 'resource' | 'patch',
	indent: string,
	depth: number,
	stops: { next: number },
): string {
	const { type, intOrString } = schema.facts;
	const inner = `${indent}  `;
	if (type === 'array' && !intOrString) {
		const item = schema.items;
		const fields = item ? requiredFields(item, mode, depth) : [];
		return `\n${inner}- ${fieldLines(fields, mode, `${inner}  `, depth, stops)}`;
	}
	if (type === 'object' && !intOrString) {
		return `\n${inner}${fieldLines(requiredFields(schema, mode, depth), mode, inner, depth, stops)}`;
	}
	return ` ${scalarSnippet(schema, stops)}`;
}

function requiredFields(schema: Schema, mode: 'resource' | 'patch', depth: number): readonly FieldInfo[] {
	return mode === 'patch' || depth === 0 ? [] : fieldsOf(schema).filter(field => field.required);
}

function fieldLines(
	fields: readonly FieldInfo[],
	mode: 'resource' | 'patch',
	indent: string,
	depth: number,
	stops: { next: number },
): string {
	if (fields.length === 0) return `$${stops.next++}`;
	return fields.map(field => keySnippet(field, mode, indent, depth - 1, stops)).join(`\n${indent}`);
}

function scalarSnippet(schema: Schema, stops: { next: number }): string {
	const stop = stops.next++;
	const texts = valueCandidates(schema).map(({ text }) => text);
	// A choice may hold neither commas nor bars (LSP snippet grammar).
	if (texts.length > 1 && texts.every(text => !/[,|$}\\]/.test(text))) return `\${${stop}|${texts.join(',')}|}`;
	return texts.length > 0 ? `\${${stop}:${escape(texts[0]!)}}` : `$${stop}`;
}

const escape = (text: string) => text.replace(/[\\$}]/g, '\\$&');

/** A scalar as it stands in YAML; nothing for maps and lists that are not empty. */
function yamlText(value: Plain): string | undefined {
	if (Array.isArray(value)) return value.length === 0 ? '[]' : undefined;
	if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0 ? '{}' : undefined;
	if (typeof value !== 'string') return String(value);
	return /^[A-Za-z_][\w./-]*$/.test(value) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(value)
		? value
		: JSON.stringify(value);
}

/** What a schema says about one field, for hover and completion. */
import type { FieldPath } from '../../base/address';
import { describeType, propertyOf, type Schema } from './schema';
import type { Plain } from '../../yaml/node';

/** A field as people see it. */
export interface FieldInfo {
	readonly key: string;
	/** `integer or string`, `array of string`, `map of string`, `object`. */
	readonly type: string;
	readonly required: boolean;
	readonly enum: readonly Plain[] | undefined;
	readonly default: Plain | undefined;
	readonly description: string | undefined;
	/** Its text says that it is deprecated. */
	readonly deprecated: boolean;
	/** The release of Kubernetes that brought it, where that is known. */
	readonly since: string | undefined;
	readonly schema: Schema;
}

/** The schema of the place at a path; nothing where the kind says nothing about it. Numbers and any key stand for a list's item. */
export function schemaAt(schema: Schema | undefined, path: FieldPath): Schema | undefined {
	let at = schema;
	for (const key of path) {
		if (at === undefined) return undefined;
		at = typeof key === 'number' ? at.items : propertyOf(at, key);
	}
	return at;
}

/** The field at a path; nothing where the kind says nothing about it, or where the path ends in a list's item. */
export function fieldAt(schema: Schema | undefined, path: FieldPath): FieldInfo | undefined {
	const key = path.at(-1);
	const parent = schemaAt(schema, path.slice(0, -1));
	return typeof key === 'string' && parent ? fieldOf(parent, key) : undefined;
}

/** The declared fields of a place, sorted as they are declared; required ones first. */
export function fieldsOf(schema: Schema): readonly FieldInfo[] {
	const fields = [...schema.properties.keys()].flatMap(key => fieldOf(schema, key) ?? []);
	return [...fields.filter(field => field.required), ...fields.filter(field => !field.required)];
}

function fieldOf(parent: Schema, key: string): FieldInfo | undefined {
	const schema = propertyOf(parent, key);
	if (!schema) return undefined;
	const { enum: values, default: preset, description } = schema.facts;
	return {
		key,
		type: describeType(schema),
		required: parent.facts.required?.includes(key) ?? false,
		enum: values,
		default: preset,
		description,
		deprecated: description !== undefined && /^\s*deprecated\b/i.test(description),
		since: parent.facts.since?.[key],
		schema,
	};
}

/**
 * The fields of a kustomization file, for hover and completion, out of the hand-written table `schemas/kustomization.json`. What
 * is wrong with such a file is told by who reads it to build.
 */
import { type Database, query } from '../../base/query';
import { bundledText } from '../../workspace/inputs';
import type { Plain } from '../../yaml/node';
import { ANYTHING, LazySchema, type Schema, type SchemaFacts } from './schema';

interface Field {
	/** `string`, `boolean`, `integer`, `any`, `map of string`, `list of <type>`, or the name of a type of the table. */
	readonly type: string;
	readonly text: string;
	readonly required?: boolean;
	readonly default?: Plain;
	readonly values?: readonly string[];
	/** The field to use instead. */
	readonly deprecated?: string;
}

type Types = Readonly<Record<string, Readonly<Record<string, Field>>>>;

const kustomizationQuery = query<Schema>('kustomizationSchema', db => {
	const text = db.read(bundledText, 'schemas/kustomization.json');
	return text === undefined ? ANYTHING : structSchema(JSON.parse(text).types, 'Kustomization', {});
});

/** The schema of a kustomization file, of either kind; one that knows nothing where this build has no table. */
export const kustomizationSchema = (db: Database): Schema => db.get(kustomizationQuery, '');

function structSchema(types: Types, name: string, facts: SchemaFacts): Schema {
	const fields = types[name] ?? {};
	const required = Object.keys(fields).filter(key => fields[key]!.required);
	const made = new Map<Field, Schema>();
	return new LazySchema<Field>(
		{ ...facts, type: 'object', ...(required.length > 0 ? { required } : undefined) },
		{ properties: fields },
		field => {
			const known = made.get(field) ?? fieldSchema(types, field);
			made.set(field, known);
			return known;
		},
	);
}

function fieldSchema(types: Types, field: Field): Schema {
	const text = field.deprecated === undefined ? field.text : `Deprecated, use \`${field.deprecated}\`. ${field.text}`;
	const facts = {
		description: text,
		...(field.default === undefined ? undefined : { default: field.default }),
	};
	return typeSchema(types, field.type, facts, field.values);
}

function typeSchema(types: Types, type: string, facts: SchemaFacts, values: readonly string[] | undefined): Schema {
	const [, item] = /^list of (.+)$/.exec(type) ?? [];
	if (item !== undefined) {
		return new LazySchema<string>({ ...facts, type: 'array' }, { items: item }, of =>
			typeSchema(types, of, {}, values),
		);
	}
	switch (type) {
		case 'any':
			return new LazySchema<never>({ ...facts, preserveUnknown: true }, {}, ref => ref);
		case 'map of string':
			return new LazySchema<string>({ ...facts, type: 'object' }, { additional: 'string' }, of =>
				typeSchema(types, of, {}, undefined),
			);
		case 'string':
		case 'boolean':
		case 'integer':
			return new LazySchema<never>({ ...facts, type, ...(values ? { enum: values } : undefined) }, {}, ref => ref);
		default:
			return structSchema(types, type, facts);
	}
}

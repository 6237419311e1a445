/**
 * What a schema itself must look like, by draft: helm refuses one that does not (santhosh-tekuri/jsonschema v6 validates each document against the
 * metaschema of its draft). The shapes of keywords as JSON schemas, for the same walk.
 */
import type { Plain } from '../../yaml/node';
import { validateSchema } from './json-schema';
import { type Draft, draftOf, isObject, type SchemaObject } from './json-schema-document';
import type { SchemaError } from './json-schema-findings';
import { treeOf } from './json-schema-values';

/** What is wrong with a schema itself; helm uses none of it then. */
export interface SchemaFault {
	/** Of the draft's metaschema. */
	readonly name: string;
	readonly errors: readonly SchemaError[];
}

/** Holds a schema against the metaschema of its draft; nothing where it is right, or where it has a metaschema of somebody's own. */
export function schemaFault(schema: Plain): SchemaFault | undefined {
	const draft = draftOf(schema);
	if (draft === undefined || !isAllOf(draft, schema)) return undefined;
	const result = validateSchema(metaschemaOf(draft), treeOf(schema));
	return result.kind === 'checked' && result.errors.length > 0
		? { name: METASCHEMA_NAMES[draft], errors: result.errors }
		: undefined;
}

/** Whether no schema within is of another draft. */
function isAllOf(draft: Draft, schema: Plain): boolean {
	if (Array.isArray(schema)) return (schema as readonly Plain[]).every(item => isAllOf(draft, item));
	if (!isObject(schema)) return true;
	if (typeof schema['$schema'] === 'string' && draftOf(schema) !== draft) return false;
	return Object.values(schema).every(item => isAllOf(draft, item));
}

/** The metaschema's own name in messages. */
const METASCHEMA_NAMES: Readonly<Record<Draft, string>> = {
	4: 'http://json-schema.org/draft-04/schema#',
	6: 'http://json-schema.org/draft-06/schema#',
	7: 'http://json-schema.org/draft-07/schema#',
	2019: 'https://json-schema.org/draft/2019-09/schema#',
	2020: 'https://json-schema.org/draft/2020-12/schema#',
};

const SELF = { $ref: '#' };
const BOOLEAN = { type: 'boolean' };
const NUMBER = { type: 'number' };
const STRING = { type: 'string' };
const LIST = { type: 'array' };
const COUNT = { type: 'integer', minimum: 0 };
const SELVES = { type: 'array', minItems: 1, items: SELF };
const SELF_BY_NAME = { type: 'object', additionalProperties: SELF };
const NAMES = { type: 'array', uniqueItems: true, items: STRING };
const SOME_NAMES = { ...NAMES, minItems: 1 };
const TYPES = { enum: ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'] };

type Keywords = Readonly<Record<string, Plain>>;

const ALWAYS: Keywords = {
	$schema: STRING,
	$ref: STRING,
	title: STRING,
	description: STRING,
	format: STRING,
	pattern: STRING,
	multipleOf: { ...NUMBER, exclusiveMinimum: 0 },
	maximum: NUMBER,
	minimum: NUMBER,
	...Object.fromEntries(
		['maxLength', 'minLength', 'maxItems', 'minItems', 'maxProperties', 'minProperties'].map(name => [name, COUNT]),
	),
	uniqueItems: BOOLEAN,
	definitions: SELF_BY_NAME,
	properties: SELF_BY_NAME,
	patternProperties: SELF_BY_NAME,
	type: { anyOf: [TYPES, { type: 'array', items: TYPES, minItems: 1, uniqueItems: true }] },
	allOf: SELVES,
	anyOf: SELVES,
	oneOf: SELVES,
	not: SELF,
};

const UP_TO_7: Keywords = { enum: { type: 'array', minItems: 1, uniqueItems: true } };

const UP_TO_2019: Keywords = { items: { anyOf: [SELF, SELVES] }, additionalItems: SELF };

const SINCE_6: Keywords = {
	$id: STRING,
	exclusiveMaximum: NUMBER,
	exclusiveMinimum: NUMBER,
	required: NAMES,
	additionalProperties: SELF,
	propertyNames: SELF,
	contains: SELF,
	examples: LIST,
	dependencies: { type: 'object', additionalProperties: { anyOf: [SELF, NAMES] } },
};

const SINCE_7: Keywords = {
	$comment: STRING,
	if: SELF,
	then: SELF,
	else: SELF,
	contentMediaType: STRING,
	contentEncoding: STRING,
	readOnly: BOOLEAN,
};

const SINCE_2019: Keywords = {
	$anchor: STRING,
	$recursiveAnchor: BOOLEAN,
	$recursiveRef: STRING,
	$defs: SELF_BY_NAME,
	enum: LIST,
	writeOnly: BOOLEAN,
	deprecated: BOOLEAN,
	contentSchema: SELF,
	dependentSchemas: SELF_BY_NAME,
	dependentRequired: { type: 'object', additionalProperties: NAMES },
	maxContains: COUNT,
	minContains: COUNT,
	unevaluatedItems: SELF,
	unevaluatedProperties: SELF,
};

const BOOLEAN_OR_SELF = { anyOf: [BOOLEAN, SELF] };

const KEYWORDS: Readonly<Record<Draft, Keywords>> = {
	4: {
		...ALWAYS,
		...UP_TO_7,
		...UP_TO_2019,
		id: STRING,
		exclusiveMaximum: BOOLEAN,
		exclusiveMinimum: BOOLEAN,
		required: SOME_NAMES,
		additionalItems: BOOLEAN_OR_SELF,
		additionalProperties: BOOLEAN_OR_SELF,
		dependencies: { type: 'object', additionalProperties: { anyOf: [SELF, SOME_NAMES] } },
	},
	6: { ...ALWAYS, ...UP_TO_7, ...UP_TO_2019, ...SINCE_6 },
	7: { ...ALWAYS, ...UP_TO_7, ...UP_TO_2019, ...SINCE_6, ...SINCE_7 },
	2019: { ...ALWAYS, ...UP_TO_2019, ...SINCE_6, ...SINCE_7, ...SINCE_2019 },
	2020: {
		...ALWAYS,
		...SINCE_6,
		...SINCE_7,
		...SINCE_2019,
		items: SELF,
		prefixItems: SELVES,
		$dynamicAnchor: STRING,
		$dynamicRef: STRING,
	},
};

/** The schema that schemas of a draft must satisfy; itself of draft 7. */
function metaschemaOf(draft: Draft): SchemaObject {
	return {
		$schema: METASCHEMA_NAMES[7],
		type: draft === 4 ? 'object' : ['object', 'boolean'],
		properties: KEYWORDS[draft],
		...(draft === 4 && {
			dependencies: { exclusiveMaximum: ['maximum'], exclusiveMinimum: ['minimum'] },
		}),
	};
}

/**
 * The kinds that CustomResourceDefinitions of the user's tree declare. Such files are long, so they are recognised by their
 * text, and read as YAML only when somebody asks for a kind that they seem to declare.
 */
import type { FilePath } from '../../base/paths';
import { type Database, query } from '../../base/query';
import type { Steps } from '../../base/steps';
import { contentOf } from '../../workspace/documents';
import { textOf } from '../../workspace/inputs';
import { child, isNull, itemsOf, type Node, type Plain, stringAt, toPlain } from '../../yaml/node';
import { parseApiVersion } from '../resource-id';
import {
	ANYTHING,
	LazySchema,
	type Limits,
	type Schema,
	type SchemaFacts,
	type SchemaType,
	type ValidationRule,
} from './schema';

export interface CustomVersion {
	readonly schema: Schema;
	readonly served: boolean;
	readonly deprecated: boolean;
	readonly deprecationWarning: string | undefined;
}

/** A kind that a CustomResourceDefinition declares. */
export interface CustomKind {
	readonly group: string;
	readonly kind: string;
	readonly plural: string;
	readonly scope: 'Namespaced' | 'Cluster';
	readonly versions: ReadonlyMap<string, CustomVersion>;
	/** Whether the API server keeps every unknown field (`preserveUnknownFields` of v1beta1). */
	readonly keepsUnknown: boolean;
	/** The CustomResourceDefinition, whose origin says where it stands. */
	readonly definition: Node;
}

/** Where custom kinds are looked up. */
export interface CustomKinds {
	find(group: string, kind: string): CustomKind | undefined;
}

/** The kinds declared by the CustomResourceDefinitions among some nodes (documents, or resources of a build). */
export function customKindsOf(nodes: Iterable<Node>): CustomKinds {
	const definitions = new Map<string, Node>();
	for (const node of nodes) {
		if (!isDefinition(node)) continue;
		const spec = child(node, 'spec');
		const key = `${stringAt(spec, 'group')}/${stringAt(spec, 'names', 'kind')}`;
		if (!definitions.has(key)) definitions.set(key, node);
	}
	const read = new Map<string, CustomKind | undefined>();
	return {
		find(group, kind) {
			const key = `${group}/${kind}`;
			if (!read.has(key)) read.set(key, definitions.has(key) ? readDefinition(definitions.get(key)!) : undefined);
			return read.get(key);
		},
	};
}

/**
 * The kinds declared in some files of the workspace. The first file that declares a kind counts. Whoever remembers the result
 * depends on the text of each file that declares any.
 */
export function* customKindsIn(db: Database, files: readonly FilePath[]): Steps<CustomKinds> {
	const declaring = new Map<string, FilePath[]>();
	for (const file of files) {
		yield;
		const names = db.get(declaredNamesQuery, file);
		if (names.length > 0) textOf(db, file);
		for (const name of names) {
			const list = declaring.get(name);
			if (list) list.push(file);
			else declaring.set(name, [file]);
		}
	}
	return {
		find(group, kind) {
			for (const file of declaring.get(`${group}/${kind}`) ?? []) {
				const found = db.get(fileKindsQuery, file).find(group, kind);
				if (found) return found;
			}
			return undefined;
		},
	};
}

/** What `customKindsIn` asks of one file. */
export function lookForCustomKinds(db: Database, file: FilePath): void {
	db.get(declaredNamesQuery, file);
}

/** Whether a text seems to hold a CustomResourceDefinition. */
export function mentionsDefinition(text: string): boolean {
	return /\bkind["']?:\s*["']?CustomResourceDefinition\b/.test(text);
}

/** `group/Kind` of what a text seems to declare: more than it does, perhaps, and never less. */
export function declaredNames(text: string): readonly string[] {
	if (!mentionsDefinition(text)) return [];
	const groups = matches(text, /\bgroup["']?:\s*["']?([a-z0-9.-]+)/g);
	const kinds = matches(text, /\bkind["']?:\s*["']?([A-Za-z0-9]+)/g);
	return groups.flatMap(group => kinds.map(kind => `${group}/${kind}`));
}

const declaredNamesQuery = query<readonly string[]>(
	'declaredNames',
	(db, file) => declaredNames(textOf(db, file) ?? ''),
	(a, b) => a.length === b.length && a.every((name, i) => name === b[i]),
);

const fileKindsQuery = query<CustomKinds>('fileKinds', (db, file) =>
	customKindsOf(contentOf(db, file).flatMap(({ root }) => (root ? [root] : []))),
);

function matches(text: string, pattern: RegExp): readonly string[] {
	return [...new Set([...text.matchAll(pattern)].map(match => match[1]!))];
}

function isDefinition(node: Node): boolean {
	return (
		stringAt(node, 'kind') === 'CustomResourceDefinition' &&
		parseApiVersion(stringAt(node, 'apiVersion') ?? '').group === 'apiextensions.k8s.io'
	);
}

function readDefinition(definition: Node): CustomKind | undefined {
	const spec = child(definition, 'spec');
	const group = stringAt(spec, 'group');
	const kind = stringAt(spec, 'names', 'kind');
	if (group === undefined || kind === undefined) return undefined;
	const beta = stringAt(definition, 'apiVersion') === 'apiextensions.k8s.io/v1beta1';
	// v1beta1 may state one version and one schema for all of them beside the list.
	const common = child(child(spec, 'validation'), 'openAPIV3Schema');
	const listed = itemsOf(child(spec, 'versions')).map(version => [stringAt(version, 'name'), version] as const);
	const single = stringAt(spec, 'version');
	const versions = new Map<string, CustomVersion>();
	for (const [name, version] of listed.length > 0 || single === undefined ? listed : [[single, undefined] as const]) {
		if (name === undefined) continue;
		const schema = child(child(version, 'schema'), 'openAPIV3Schema') ?? common;
		versions.set(name, {
			schema: schema ? openApiSchema(toPlain(schema)) : ANYTHING,
			served: !isFalse(child(version, 'served')),
			deprecated: isTrue(child(version, 'deprecated')),
			deprecationWarning: stringAt(version, 'deprecationWarning'),
		});
	}
	const preserve = child(spec, 'preserveUnknownFields');
	return {
		group,
		kind,
		plural: stringAt(spec, 'names', 'plural') ?? kind.toLowerCase(),
		scope: stringAt(spec, 'scope') === 'Cluster' ? 'Cluster' : 'Namespaced',
		versions,
		keepsUnknown: isTrue(preserve) || (beta && (preserve === undefined || isNull(preserve))),
		definition,
	};
}

const isTrue = (node: Node | undefined) => node?.kind === 'scalar' && node.tag === '!!bool' && /^t/i.test(node.text);
const isFalse = (node: Node | undefined) => node?.kind === 'scalar' && node.tag === '!!bool' && /^f/i.test(node.text);

type PlainMap = { readonly [key: string]: Plain };

/** An OpenAPI v3 schema of a CRD. Whatever in it is not of the form that the API server demands is as if it were not there. */
export function openApiSchema(plain: Plain): Schema {
	if (!isMap(plain)) return ANYTHING;
	const properties = isMap(plain['properties']) ? plain['properties'] : undefined;
	const additional = plain['additionalProperties'];
	const links = {
		...(properties ? { properties } : undefined),
		...(isMap(plain['items']) ? { items: plain['items'] } : undefined),
		...(isMap(additional) || typeof additional === 'boolean' ? { additional } : undefined),
		...parts('allOf', plain),
		...parts('anyOf', plain),
		...parts('oneOf', plain),
		...(isMap(plain['not']) ? { not: plain['not'] } : undefined),
	};
	const made = new Map<Plain, Schema>();
	return new LazySchema<Plain>(factsOf(plain), links, ref => {
		const known = made.get(ref);
		if (known) return known;
		const schema = openApiSchema(ref);
		made.set(ref, schema);
		return schema;
	});
}

function parts(key: 'allOf' | 'anyOf' | 'oneOf', plain: PlainMap) {
	const list = plain[key];
	return Array.isArray(list) && list.length > 0 ? { [key]: list as readonly Plain[] } : undefined;
}

const TYPES: ReadonlySet<Plain> = new Set(['object', 'array', 'string', 'integer', 'number', 'boolean']);

const LIMIT_TYPES: Readonly<Record<keyof Limits, 'number' | 'boolean'>> = {
	minimum: 'number',
	maximum: 'number',
	exclusiveMinimum: 'boolean',
	exclusiveMaximum: 'boolean',
	multipleOf: 'number',
	minLength: 'number',
	maxLength: 'number',
	minItems: 'number',
	maxItems: 'number',
	uniqueItems: 'boolean',
	minProperties: 'number',
	maxProperties: 'number',
};

function factsOf(plain: PlainMap): SchemaFacts {
	const text = (key: string) => (typeof plain[key] === 'string' ? { [key]: plain[key] } : undefined);
	const flag = (key: string, name: keyof SchemaFacts) => (plain[key] === true ? { [name]: true } : undefined);
	const limits = Object.entries(LIMIT_TYPES).filter(
		([key, type]) => typeof plain[key] === type && plain[key] !== false,
	);
	const required = strings(plain['required']);
	const listType = plain['x-kubernetes-list-type'];
	const mapKeys = strings(plain['x-kubernetes-list-map-keys']);
	const rules = plain['x-kubernetes-validations'];
	const values = plain['enum'];
	return {
		...(TYPES.has(plain['type'] ?? null) ? { type: plain['type'] as SchemaType } : undefined),
		...text('format'),
		...text('pattern'),
		...text('description'),
		...(Array.isArray(values) ? { enum: values as readonly Plain[] } : undefined),
		...(plain['default'] === undefined ? undefined : { default: plain['default'] }),
		...(required.length > 0 ? { required } : undefined),
		...(limits.length > 0
			? { limits: Object.fromEntries(limits.map(([key]) => [key, plain[key]])) as Limits }
			: undefined),
		...flag('nullable', 'nullable'),
		...flag('x-kubernetes-int-or-string', 'intOrString'),
		...flag('x-kubernetes-preserve-unknown-fields', 'preserveUnknown'),
		...flag('x-kubernetes-embedded-resource', 'embedded'),
		...(listType === 'map' || listType === 'set' ? { listType } : undefined),
		...(mapKeys.length > 0 ? { listMapKeys: mapKeys } : undefined),
		...(Array.isArray(rules) ? { rules: rules.filter(isRule) } : undefined),
	};
}

function strings(plain: Plain | undefined): readonly string[] {
	return Array.isArray(plain) ? plain.filter((item): item is string => typeof item === 'string') : [];
}

function isMap(plain: Plain | undefined): plain is PlainMap {
	return typeof plain === 'object' && plain !== null && !Array.isArray(plain);
}

function isRule(plain: unknown): plain is ValidationRule {
	return typeof plain === 'object' && plain !== null && 'rule' in plain && typeof plain.rule === 'string';
}

/**
 * One place in the schema of a Kubernetes kind: what may stand there. Schemas may refer to themselves and are large, so the
 * places below are made when they are first asked for. The same form serves the shards that ship with Strata and the
 * CustomResourceDefinitions of the user's tree.
 */
import { type GoRegExp, goRegExp } from '../../base/go-regexp';
import type { Plain } from '../../yaml/node';

export type SchemaType = 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';

/** An `x-kubernetes-validations` rule, as the CRD states it. */
export interface ValidationRule {
	readonly rule: string;
	readonly message?: string;
	readonly messageExpression?: string;
	readonly reason?: string;
	readonly fieldPath?: string;
	readonly optionalOldSelf?: boolean;
}

/** Bounds by their names in OpenAPI. `exclusiveMinimum` and `exclusiveMaximum` are flags, as in draft 4 of JSON Schema. */
export interface Limits {
	readonly minimum?: number;
	readonly maximum?: number;
	readonly exclusiveMinimum?: boolean;
	readonly exclusiveMaximum?: boolean;
	readonly multipleOf?: number;
	readonly minLength?: number;
	readonly maxLength?: number;
	readonly minItems?: number;
	readonly maxItems?: number;
	readonly uniqueItems?: boolean;
	readonly minProperties?: number;
	readonly maxProperties?: number;
}

/** What is said about one place itself, without the places below. */
export interface SchemaFacts {
	readonly type?: SchemaType;
	readonly format?: string;
	readonly pattern?: string;
	readonly enum?: readonly Plain[];
	readonly default?: Plain;
	readonly required?: readonly string[];
	readonly limits?: Limits;
	readonly nullable?: boolean;
	readonly intOrString?: boolean;
	readonly preserveUnknown?: boolean;
	/** A whole resource of any kind stands here. */
	readonly embedded?: boolean;
	/** Absent for lists that are replaced as a whole (`atomic`). */
	readonly listType?: 'map' | 'set';
	readonly listMapKeys?: readonly string[];
	readonly rules?: readonly ValidationRule[];
	/** The name of Kubernetes' definition, without `io.k8s.`; absent in custom resources. */
	readonly definition?: string;
	/** The release of Kubernetes that brought a property, and the last one that had a property which is gone. */
	readonly since?: Readonly<Record<string, string>>;
	readonly until?: Readonly<Record<string, string>>;
	readonly description?: string;
}

/** The places below, named in whatever way the schema's home names them. */
export interface SchemaLinks<Ref> {
	readonly properties?: Readonly<Record<string, Ref>>;
	readonly items?: Ref;
	/** `true`: anything; `false`: nothing. */
	readonly additional?: Ref | boolean;
	readonly allOf?: readonly Ref[];
	readonly anyOf?: readonly Ref[];
	readonly oneOf?: readonly Ref[];
	readonly not?: Ref;
}

const NO_PROPERTIES: ReadonlyMap<string, Schema> = new Map();
const NO_PARTS: readonly Schema[] = [];

/** A place of a schema, with the places below it. */
export interface Schema {
	readonly facts: SchemaFacts;
	readonly properties: ReadonlyMap<string, Schema>;
	readonly items: Schema | undefined;
	readonly additional: Schema | boolean | undefined;
	/** Logical parts only constrain: they never declare fields, and say nothing about unknown ones. */
	readonly allOf: readonly Schema[];
	readonly anyOf: readonly Schema[];
	readonly oneOf: readonly Schema[];
	readonly not: Schema | undefined;
	/** Whether there are logical parts or rules here, which look at the value after its defaults are set. */
	readonly hasLogic: boolean;
	/** `facts.pattern`, compiled; nothing where there is none, or where Go would refuse it. */
	readonly pattern: GoRegExp | undefined;
}

/** A schema whose places below are looked up by `resolve` when they are first asked for, and once only. */
export class LazySchema<Ref> implements Schema {
	readonly #links: SchemaLinks<Ref>;
	readonly #resolve: (ref: Ref) => Schema;
	#properties: ReadonlyMap<string, Schema> | undefined;
	#allOf: readonly Schema[] | undefined;
	#anyOf: readonly Schema[] | undefined;
	#oneOf: readonly Schema[] | undefined;
	#pattern: GoRegExp | undefined | null = null;
	readonly hasLogic: boolean;

	constructor(
		readonly facts: SchemaFacts,
		links: SchemaLinks<Ref>,
		resolve: (ref: Ref) => Schema,
	) {
		this.#links = links;
		this.#resolve = resolve;
		this.hasLogic = Boolean(links.allOf ?? links.anyOf ?? links.oneOf ?? links.not ?? facts.rules);
	}

	get properties(): ReadonlyMap<string, Schema> {
		const { properties } = this.#links;
		return (this.#properties ??= properties
			? new Map(Object.entries(properties).map(([name, ref]) => [name, this.#resolve(ref)]))
			: NO_PROPERTIES);
	}

	get items(): Schema | undefined {
		const { items } = this.#links;
		return items === undefined ? undefined : this.#resolve(items);
	}

	get additional(): Schema | boolean | undefined {
		const { additional } = this.#links;
		if (additional === undefined) return undefined;
		return typeof additional === 'boolean' ? (additional as boolean) : this.#resolve(additional as Ref);
	}

	get allOf(): readonly Schema[] {
		return (this.#allOf ??= this.#parts(this.#links.allOf));
	}

	get anyOf(): readonly Schema[] {
		return (this.#anyOf ??= this.#parts(this.#links.anyOf));
	}

	get oneOf(): readonly Schema[] {
		return (this.#oneOf ??= this.#parts(this.#links.oneOf));
	}

	get not(): Schema | undefined {
		const { not } = this.#links;
		return not === undefined ? undefined : this.#resolve(not);
	}

	get pattern(): GoRegExp | undefined {
		if (this.#pattern === null) {
			const { pattern } = this.facts;
			this.#pattern = pattern === undefined ? undefined : goRegExp(pattern);
		}
		return this.#pattern;
	}

	#parts(refs: readonly Ref[] | undefined): readonly Schema[] {
		return refs ? refs.map(ref => this.#resolve(ref)) : NO_PARTS;
	}
}

/** A schema that says nothing: anything may stand there. */
export const ANYTHING: Schema = new LazySchema<never>({ preserveUnknown: true }, {}, ref => ref);

/** Whether fields that are not declared may stand here: kept as they are, or below `additionalProperties`, or nothing is declared. */
export function allowsUnknown(schema: Schema): boolean {
	const { facts, properties, additional } = schema;
	if (facts.preserveUnknown || facts.embedded) return true;
	if (additional !== undefined) return additional !== false;
	return properties.size === 0;
}

/** What stands under a key of an object, if anything is known about it. */
export function propertyOf(schema: Schema, key: string): Schema | undefined {
	const declared = schema.properties.get(key);
	if (declared) return declared;
	const { additional } = schema;
	return typeof additional === 'object' ? additional : undefined;
}

/** The type as people say it: `integer or string`, `quantity`, `array of string`, `map of string`. */
export function describeType(schema: Schema): string {
	const { facts, items, additional } = schema;
	if (facts.format === 'quantity') return 'quantity';
	if (facts.intOrString) return 'integer or string';
	if (facts.type === 'array') return items ? `array of ${describeType(items)}` : 'array';
	if (facts.type === 'object' && typeof additional === 'object' && schema.properties.size === 0)
		return `map of ${describeType(additional)}`;
	return facts.type ?? 'any';
}

/**
 * values.schema.json held against values, as helm 4 does it with santhosh-tekuri/jsonschema v6: the same errors in the same
 * words, each with the value that causes it. A walk over schema and tree, without compilation: schemas of charts are large and
 * used for a few values. Drafts 4 to 2020-12.
 */
import type { FieldPath } from '../../base/address';
import { goRegExp } from '../../base/go-regexp';
import { child, type Node, type Plain, toPlain } from '../../yaml/node';
import {
	entriesOfSchema,
	error,
	failing,
	Findings,
	groupError,
	limit,
	listOf,
	missingNames,
	numberOf,
	type Outcome,
	PASSED,
	requiredError,
	type SchemaError,
	ungrouped,
} from './json-schema-findings';
import { asSchema, isObject, type JsonSchema, type SchemaObject, Schemas } from './json-schema-document';
import {
	firstDuplicates,
	isInteger,
	isMultiple,
	samePlain,
	TYPE_NAMES,
	TYPE_ORDER,
	typeOf,
} from './json-schema-values';
import { display, enumWords, goNumber, isPrimitive, quote } from './json-schema-words';
import { checkFormat } from './json-schema-formats';

export type Validation =
	/** Several errors of one value below stand in a group. */
	| { readonly kind: 'checked'; readonly errors: readonly SchemaError[] }
	/** It refers to the web, and is not checked. */
	| { readonly kind: 'remote'; readonly reference: string }
	/** The schema itself is broken; helm fails. */
	| { readonly kind: 'invalid'; readonly words: string };

/** Checks a tree. `schema` is the document as JSON. */
export function validateSchema(schema: Plain, values: Node): Validation {
	const root = asSchema(schema);
	if (root === undefined) return { kind: 'invalid', words: 'the schema is neither an object nor a boolean' };
	const validator = new Validator(new Schemas(root));
	const outcome = validator.check(root, values, [], undefined);
	if (validator.remote !== undefined) return { kind: 'remote', reference: validator.remote };
	if (validator.invalid !== undefined) return { kind: 'invalid', words: validator.invalid };
	return { kind: 'checked', errors: ungrouped(outcome.errors) };
}

/** The schemas on the way to here for the same value; a second visit is a cycle. */
interface Scope {
	readonly schema: JsonSchema;
	readonly node: Node;
	readonly parent: Scope | undefined;
	readonly depth: number;
}

const MAX_DEPTH = 400;
/** Steps after which a schema is given up, so that one that multiplies alternatives cannot hang. */
const MAX_STEPS = 500_000;
/** And schemas that have failed: each is put into words with all that failed below it. */
const MAX_FAILURES = 10_000;
/** Long words count as several failures. */
const CHARACTERS_A_FAILURE = 200;
/** Regular expressions take so many steps for what they are compiled to, and one for so many letters that go through so much of it. */
const STEPS_TO_COMPILE = 4;
const LETTERS_A_STEP = 100;

/** Lives as long as one tree is checked. */
class Validator {
	readonly #schemas: Schemas;
	readonly #patterns = new Map<string, ReturnType<typeof goRegExp>>();
	remote: string | undefined;
	invalid: string | undefined;
	#steps = 0;
	#failures = 0;

	constructor(schemas: Schemas) {
		this.#schemas = schemas;
	}

	check(schema: JsonSchema, node: Node, path: FieldPath, scope: Scope | undefined): Outcome {
		if (schema === true || this.#isGivenUp()) return PASSED;
		this.#steps++;
		if (schema === false) return failing(error(node, path, '', 'false schema'));
		for (let at = scope; at && at.node === node; at = at.parent) if (at.schema === schema) return PASSED;
		if ((scope?.depth ?? 0) > MAX_DEPTH) return PASSED;
		const here: Scope = { schema, node, parent: scope, depth: (scope?.depth ?? 0) + 1 };
		const early = this.#typeErrors(schema, node, path);
		this.#failures += Math.ceil((early?.words.length ?? 0) / CHARACTERS_A_FAILURE);
		if (early) return failing(early);
		const found = new Findings();
		const reference = schema['$ref'];
		if (typeof reference === 'string') {
			found.add(this.#follow(reference, schema, node, path, here));
			if (this.#schemas.draft < 2019) return found.outcome();
		}
		if (node.kind === 'map') this.#object(schema, node, path, here, found);
		else if (node.kind === 'seq') this.#array(schema, node, path, here, found);
		else this.#scalar(schema, node, path, found);
		if (this.#schemas.draft >= 2019) {
			const dynamic = schema['$dynamicRef'] ?? schema['$recursiveRef'];
			if (typeof dynamic === 'string') found.add(this.#follow(dynamic, schema, node, path, here));
		}
		this.#combinations(schema, node, path, here, found);
		if (this.#schemas.draft >= 2019) this.#unevaluated(schema, node, path, here, found);
		const outcome = found.outcome();
		if (outcome.errors.length > 0) this.#failures++;
		return outcome.errors.length > 1 ? { ...outcome, errors: [groupError(node, path, outcome.errors)] } : outcome;
	}

	/** What is not looked at passes, and so must not count against anything. */
	#isGivenUp(): boolean {
		return this.#steps > MAX_STEPS || this.#failures > MAX_FAILURES;
	}

	#follow(reference: string, schema: JsonSchema, node: Node, path: FieldPath, scope: Scope): Outcome {
		const target = this.#schemas.resolve(reference, schema);
		if (target === 'remote') this.remote ??= reference;
		else if (target === 'missing') this.invalid ??= `json-pointer in ${JSON.stringify(reference)} not found`;
		return typeof target === 'string' ? PASSED : this.check(target, node, path, scope);
	}

	/** type, const, enum and format: the first of them that fails is all that is said. */
	#typeErrors(schema: SchemaObject, node: Node, path: FieldPath): SchemaError | undefined {
		const type = schema['type'];
		const types = (Array.isArray(type) ? type : type === undefined ? [] : [type]).filter(
			item => typeof item === 'string',
		);
		const unknown = types.find(name => !TYPE_ORDER.includes(name));
		if (unknown !== undefined) this.invalid ??= `at '/type': value must be one of ${TYPE_NAMES.map(quote).join(', ')}`;
		const got = typeOf(node);
		if (
			types.length > 0 &&
			!types.includes(got) &&
			!(got === 'number' && types.includes('integer') && isInteger(node))
		) {
			const wanted = TYPE_ORDER.filter(name => types.includes(name)).join(' or ');
			return error(node, path, 'type', `got ${got}, want ${wanted}`);
		}
		const constant = schema['const'];
		if (constant !== undefined && this.#schemas.draft >= 6 && !samePlain(node, constant))
			return error(
				node,
				path,
				'const',
				isPrimitive(constant) ? `value must be ${display(constant)}` : "'const' failed",
			);
		const allowed = schema['enum'];
		if (Array.isArray(allowed)) {
			this.#steps += allowed.length;
			if (!(allowed as readonly Plain[]).some(item => samePlain(node, item)))
				return error(node, path, 'enum', enumWords(allowed as readonly Plain[]));
		}
		const format = schema['format'];
		if (typeof format === 'string' && this.#schemas.draft < 2019 && node.kind === 'scalar' && got === 'string') {
			const problem = checkFormat(format, node.text);
			if (problem !== undefined)
				return error(node, path, 'format', `${quote(node.text)} is not valid ${format}: ${problem}`);
		}
		return undefined;
	}

	#object(schema: SchemaObject, node: Node & { kind: 'map' }, path: FieldPath, scope: Scope, found: Findings): void {
		const { draft } = this.#schemas;
		const count = node.entries.length;
		limit(schema, 'minProperties', count, (got, want) => got < want, node, path, found);
		limit(schema, 'maxProperties', count, (got, want) => got > want, node, path, found);
		const missing = missingNames(node, schema['required']);
		if (missing.length > 0) found.push(requiredError(node, path, missing));
		for (const [name, dependency] of draft < 2019 || schema['dependencies'] !== undefined
			? entriesOfSchema(schema['dependencies'])
			: []) {
			if (!child(node, name)) continue;
			if (Array.isArray(dependency)) this.#dependent(name, dependency, node, path, found);
			else found.add(this.#self(dependency, node, path, scope));
		}
		const superfluous: string[] = [];
		const properties = isObject(schema['properties']) ? schema['properties'] : {};
		const patterns = entriesOfSchema(schema['patternProperties']);
		for (const { key, value } of node.entries) {
			let evaluated = false;
			const apply = (inner: Plain | undefined) => {
				evaluated = true;
				found.below(this.#self(inner, value, [...path, key], scope));
			};
			if (Object.hasOwn(properties, key)) apply(properties[key]);
			for (const [pattern, inner] of patterns) if (this.#matches(pattern, key)) apply(inner);
			const additional = schema['additionalProperties'];
			if (!evaluated && additional !== undefined) {
				if (additional === false) {
					superfluous.push(key);
					evaluated = true;
				} else apply(additional);
			}
			if (evaluated) found.keys.add(key);
		}
		if (superfluous.length > 0) {
			const words = `additional properties ${superfluous.map(quote).join(', ')} not allowed`;
			found.push({
				...error(node, path, 'additionalProperties', words),
				names: superfluous,
				known: Object.keys(properties),
			});
		}
		const names = draft >= 6 ? asSchema(schema['propertyNames']) : undefined;
		if (names !== undefined)
			for (const { key, value } of node.entries) {
				const text: Node = { kind: 'scalar', text: key, tag: '!!str', style: 'plain', origin: value.origin };
				const { errors } = this.check(names, text, path, scope);
				if (errors.length > 0)
					found.push({
						...error(value, path, 'propertyNames', `invalid propertyName ${quote(key)}`),
						causes: ungrouped(errors),
					});
			}
		if (draft < 2019) return;
		for (const [name, inner] of entriesOfSchema(schema['dependentSchemas']))
			if (child(node, name)) found.add(this.#self(inner, node, path, scope));
		for (const [name, needed] of entriesOfSchema(schema['dependentRequired']))
			if (child(node, name)) this.#dependent(name, needed, node, path, found);
	}

	#dependent(name: string, needed: Plain, node: Node, path: FieldPath, found: Findings): void {
		const missing = missingNames(node, needed);
		if (missing.length > 0)
			found.push(
				error(
					node,
					path,
					'dependencies',
					`properties ${missing.map(quote).join(', ')} required, if ${quote(name)} exists`,
				),
			);
	}

	#array(schema: SchemaObject, node: Node & { kind: 'seq' }, path: FieldPath, scope: Scope, found: Findings): void {
		const { items } = node;
		limit(schema, 'minItems', items.length, (got, want) => got < want, node, path, found);
		limit(schema, 'maxItems', items.length, (got, want) => got > want, node, path, found);
		if (schema['uniqueItems'] === true) {
			const pair = firstDuplicates(items);
			if (pair) found.push(error(node, path, 'uniqueItems', `items at ${pair[0]} and ${pair[1]} are equal`));
		}
		const each = (inner: Plain | undefined, from: number, to: number) => {
			for (let i = from; i < to; i++) {
				found.below(this.#self(inner, items[i]!, [...path, i], scope));
				found.items.add(i);
			}
		};
		const modern = this.#schemas.draft >= 2020;
		const tuple = modern ? schema['prefixItems'] : schema['items'];
		const evaluated = Array.isArray(tuple) ? Math.min((tuple as readonly Plain[]).length, items.length) : 0;
		for (let i = 0; i < evaluated; i++) each((tuple as readonly Plain[])[i], i, i + 1);
		const rest = modern ? schema['items'] : Array.isArray(tuple) ? schema['additionalItems'] : tuple;
		if (rest === false && !modern && Array.isArray(tuple)) {
			if (evaluated !== items.length)
				found.push(
					error(node, path, 'additionalItems', `last ${items.length - evaluated} additionalItem(s) not allowed`),
				);
		} else if (rest !== undefined) each(rest, evaluated, items.length);
		if (this.#schemas.draft >= 6) this.#contains(schema, node, path, scope, found);
	}

	#contains(schema: SchemaObject, node: Node & { kind: 'seq' }, path: FieldPath, scope: Scope, found: Findings): void {
		const inner = asSchema(schema['contains']);
		if (inner === undefined) return;
		const causes: SchemaError[] = [];
		const matched: number[] = [];
		for (const [i, item] of node.items.entries()) {
			const { errors } = this.check(inner, item, [...path, i], scope);
			if (errors.length > 0) causes.push(...errors);
			else {
				matched.push(i);
				if (this.#schemas.draft >= 2020) found.items.add(i);
			}
		}
		const modern = this.#schemas.draft >= 2019;
		const least = modern ? numberOf(schema['minContains']) : undefined;
		const most = modern ? numberOf(schema['maxContains']) : undefined;
		const at = matched.join(' ');
		if (least !== undefined) {
			const words = matched.length === 0 ? 'but none matched' : `but matched ${matched.length} items at ${at}`;
			if (matched.length < least)
				found.push({
					...error(node, path, 'minContains', `min ${least} items required to match contains schema, ${words}`),
					causes,
				});
		} else if (matched.length === 0)
			found.push({ ...error(node, path, 'contains', 'no items match contains schema'), causes });
		if (most !== undefined && matched.length > most && !this.#isGivenUp()) {
			const words = `max ${most} items required to match contains schema, but matched ${matched.length} items at ${at}`;
			found.push(error(node, path, 'maxContains', words));
		}
	}

	#scalar(schema: SchemaObject, node: Node & { kind: 'scalar' }, path: FieldPath, found: Findings): void {
		const value = toPlain(node);
		if (typeof value === 'string') {
			limit(schema, 'minLength', [...value].length, (got, want) => got < want, node, path, found);
			limit(schema, 'maxLength', [...value].length, (got, want) => got > want, node, path, found);
			const pattern = schema['pattern'];
			if (typeof pattern === 'string' && this.#matches(pattern, value) === false)
				found.push(error(node, path, 'pattern', `${quote(value)} does not match pattern ${quote(pattern)}`));
		} else if (typeof value === 'number' || typeof value === 'bigint')
			this.#number(schema, Number(value), node, path, found);
	}

	#number(schema: SchemaObject, value: number, node: Node, path: FieldPath, found: Findings): void {
		const { draft } = this.#schemas;
		const exclusive = (side: 'Minimum' | 'Maximum') => draft === 4 && schema[`exclusive${side}`] === true;
		const bound = (side: 'Minimum' | 'Maximum', fails: (got: number, want: number) => boolean) => {
			const strict = `exclusive${side}`;
			const plain = side.toLowerCase();
			if (!exclusive(side))
				limit(schema, plain, value, (got, want) => got !== want && fails(got, want), node, path, found);
			const want = numberOf(exclusive(side) ? schema[plain] : schema[strict]);
			if (want !== undefined && (value === want || fails(value, want)))
				found.push(error(node, path, strict, `${strict}: got ${goNumber(value)}, want ${goNumber(want)}`));
		};
		bound('Minimum', (got, want) => got < want);
		bound('Maximum', (got, want) => got > want);
		limit(schema, 'multipleOf', value, (got, want) => !isMultiple(got, want), node, path, found);
	}

	/** not, allOf, anyOf, oneOf, if. */
	#combinations(schema: SchemaObject, node: Node, path: FieldPath, scope: Scope, found: Findings): void {
		if (schema['not'] !== undefined) {
			const { errors } = this.#self(schema['not'], node, path, scope);
			if (errors.length === 0 && !this.#isGivenUp()) found.push(error(node, path, 'not', "'not' failed"));
		}
		const all = listOf(schema['allOf']).map(inner => this.#self(inner, node, path, scope));
		for (const outcome of all) found.noteEvaluated(outcome);
		const failed = all.flatMap(({ errors }) => errors);
		if (failed.length > 0) found.push({ ...error(node, path, 'allOf', "'allOf' failed"), causes: failed });
		const options = listOf(schema['anyOf']).map(inner => this.#self(inner, node, path, scope));
		for (const outcome of options) found.noteEvaluated(outcome);
		if (options.length > 0 && options.every(({ errors }) => errors.length > 0))
			found.push({ ...error(node, path, 'anyOf', "'anyOf' failed"), causes: options.flatMap(({ errors }) => errors) });
		const one = listOf(schema['oneOf']).map(inner => this.#self(inner, node, path, scope));
		for (const outcome of one) found.noteEvaluated(outcome);
		const matched = one.flatMap(({ errors }, i) => (errors.length === 0 ? [i] : []));
		if (one.length > 0 && matched.length === 0)
			found.push({
				...error(node, path, 'oneOf', "'oneOf' failed, none matched"),
				causes: one.flatMap(({ errors }) => errors),
			});
		else if (matched.length > 1 && !this.#isGivenUp())
			found.push(error(node, path, 'oneOf', `'oneOf' failed, subschemas ${matched[0]}, ${matched[1]} matched`));
		if (schema['if'] === undefined || this.#schemas.draft < 7) return;
		const condition = this.#self(schema['if'], node, path, scope);
		found.noteEvaluated(condition);
		const branch = schema[condition.errors.length === 0 ? 'then' : 'else'];
		if (branch !== undefined && !this.#isGivenUp()) found.add(this.#self(branch, node, path, scope));
	}

	#unevaluated(schema: SchemaObject, node: Node, path: FieldPath, scope: Scope, found: Findings): void {
		const properties = schema['unevaluatedProperties'];
		if (properties !== undefined && node.kind === 'map')
			for (const { key, value } of node.entries) {
				if (found.keys.has(key)) continue;
				found.below(this.#self(properties, value, [...path, key], scope));
				found.keys.add(key);
			}
		const items = schema['unevaluatedItems'];
		if (items !== undefined && node.kind === 'seq')
			for (const [i, item] of node.items.entries()) {
				if (found.items.has(i)) continue;
				found.below(this.#self(items, item, [...path, i], scope));
				found.items.add(i);
			}
	}

	#self(inner: Plain | undefined, node: Node, path: FieldPath, scope: Scope): Outcome {
		const schema = asSchema(inner);
		return schema === undefined ? PASSED : this.check(schema, node, path, scope);
	}

	/** Nothing where that is not known: a pattern that Go cannot read makes the schema invalid, and one that costs too much is not looked at. */
	#matches(source: string, text: string): boolean | undefined {
		if (this.#isGivenUp()) return undefined;
		if (!this.#patterns.has(source)) {
			const made = goRegExp(source);
			if (!made) this.invalid ??= `${quote(source)} is not valid regex`;
			this.#patterns.set(source, made);
			this.#steps += Math.ceil(Math.max(source.length, made?.size ?? 0) * STEPS_TO_COMPILE);
		}
		const pattern = this.#patterns.get(source);
		this.#steps += Math.ceil((text.length * (pattern?.size ?? 0)) / LETTERS_A_STEP);
		return this.#isGivenUp() ? undefined : pattern?.test(text);
	}
}

/**
 * The walk over values.schema.json held against ajv, on random schemas and values of each draft: both must find the same values valid. Ajv judges
 * nothing in the product: `server/ARCHITECTURE.md` has the reasons. Left out is what ajv gets wrong where helm agrees with the walk: the empty key in
 * `required`, `contains` beside a tuple, all that is unevaluated, and circles of references.
 */
import { Ajv } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { Random } from '../../../../scripts/bench/random.mjs';
import { validateSchema } from '../../../../server/src/core/gitops/helm/json-schema';
import { readContent } from '../../../../server/src/core/yaml/content';
import type { Plain } from '../../../../server/src/core/yaml/node';
import { parseSyntax } from '../../../../server/src/core/yaml/syntax';

type Draft = 'draft-07' | '2019-09' | '2020-12';

const SCHEMAS: Readonly<Record<Draft, string>> = {
	'draft-07': 'http://json-schema.org/draft-07/schema#',
	'2019-09': 'https://json-schema.org/draft/2019-09/schema',
	'2020-12': 'https://json-schema.org/draft/2020-12/schema',
};
const OPTIONS = { strict: false, validateSchema: false, logger: false } as const;
const JUDGES = { 'draft-07': Ajv, '2019-09': Ajv2019, '2020-12': Ajv2020 } as const;

const KEYS = ['a', 'b', 'ab', 'c1', 'd'];
const TYPES = ['object', 'array', 'string', 'integer', 'number', 'boolean', 'null'];
const SCALARS: readonly Plain[] = ['', 'a', 'ab', 'é😀', 0, 1, 2, -3, 1.5, true, false, null];
const PATTERNS = ['^a', 'b$', '^[a-c]+$', '.', '^$', 'a{1,2}'];

/** Not drawn beside `contains`. */
const TUPLES = ['prefixItems', 'items', 'additionalItems'];

type Schema = { [keyword: string]: Plain };

/** Draws schemas and values; small ones, so that many of the values are valid. */
class Draws {
	#named: readonly string[] = [];

	constructor(
		private readonly random: Random,
		private readonly draft: Draft,
	) {}

	root(): Schema {
		this.#named = [];
		// Without circles, which ajv does not survive.
		const one = this.object(1);
		this.#named = ['one'];
		const two = this.object(2);
		this.#named = ['one', 'two'];
		const definitions = { one, two };
		return { ...this.object(3), $schema: SCHEMAS[this.draft], definitions };
	}

	schema(depth: number): Plain {
		const { random } = this;
		if (random.below(12) === 0) return random.below(3) > 0;
		if (this.#named.length > 0 && random.below(8) === 0) return { $ref: `#/definitions/${random.of(this.#named)}` };
		return this.object(depth);
	}

	object(depth: number): Schema {
		const schema: Schema = {};
		for (let i = this.random.below(3) + 1; i > 0; i--) this.add(schema, depth);
		return schema;
	}

	add(schema: Schema, depth: number): void {
		const { random, draft } = this;
		const some = (from: readonly string[]): string[] => from.filter(() => random.below(3) === 0);
		const list = (): Plain[] => Array.from({ length: random.below(2) + 1 }, () => this.schema(depth - 1));
		const map = (keys: readonly string[]): Schema =>
			Object.fromEntries(some(keys).map(key => [key, this.schema(depth - 1)]));
		const modern = draft !== 'draft-07';
		const flat: (() => void)[] = [
			() =>
				(schema['type'] = random.below(2) ? random.of(TYPES) : [random.of(TYPES), 'string', 'object'].filter(unique)),
			() => (schema['enum'] = [random.of(SCALARS), random.of(SCALARS), { a: 1 }, []]),
			() => (schema['const'] = random.below(4) ? random.of(SCALARS) : { a: [1] }),
			() => (schema[random.of(['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'])] = random.below(4) - 1),
			() => (schema['multipleOf'] = random.of([1, 2, 0.5])),
			() => (schema[random.of(['minLength', 'maxLength', 'minItems', 'maxItems'])] = random.below(3)),
			() => (schema[random.of(['minProperties', 'maxProperties'])] = random.below(3)),
			() => (schema['pattern'] = random.of(PATTERNS)),
			() => (schema['uniqueItems'] = true),
			() => (schema['required'] = some(KEYS)),
			() => (schema['additionalProperties'] = false),
			() => (schema[modern ? 'dependentRequired' : 'dependencies'] = { [random.of(KEYS)]: some(KEYS) }),
		];
		const deep: (() => void)[] = [
			() => (schema['properties'] = map(KEYS)),
			() => (schema['properties'] = map(KEYS)),
			() => (schema['patternProperties'] = map(PATTERNS)),
			() => (schema['additionalProperties'] = this.schema(depth - 1)),
			() => (schema['propertyNames'] = this.schema(depth - 1)),
			() => (schema['items'] = this.schema(depth - 1)),
			() => {
				if (draft === '2020-12') schema['prefixItems'] = list();
				else Object.assign(schema, { items: list(), additionalItems: this.schema(depth - 1) });
			},
			() => (schema['contains'] = this.schema(depth - 1)),
			() =>
				modern &&
				Object.assign(schema, { contains: this.schema(depth - 1), minContains: random.below(3), maxContains: 2 }),
			() => (schema[random.of(['allOf', 'anyOf', 'oneOf'])] = list()),
			() => (schema['not'] = this.schema(depth - 1)),
			() =>
				Object.assign(schema, {
					if: this.schema(depth - 1),
					then: this.schema(depth - 1),
					else: this.schema(depth - 1),
				}),
			() => modern && (schema['dependentSchemas'] = map(KEYS)),
		];
		random.of(depth > 0 && random.below(5) > 1 ? deep : flat)();
		if ('contains' in schema) for (const keyword of TUPLES) delete schema[keyword];
	}

	value(depth: number): Plain {
		const { random } = this;
		const size = random.below(4);
		switch (depth > 0 ? random.below(4) : 3) {
			case 0:
			case 1:
				return Object.fromEntries(Array.from({ length: size }, () => [random.of(KEYS), this.value(depth - 1)]));
			case 2:
				return Array.from({ length: size }, () => this.value(depth - 1));
			default:
				return random.of(SCALARS);
		}
	}
}

function unique(each: string, at: number, all: readonly string[]): boolean {
	return all.indexOf(each) === at;
}

test.each(Object.keys(SCHEMAS) as Draft[])('%s', draft => {
	const draws = new Draws(new Random(7), draft);
	const differences: string[] = [];
	let valid = 0;
	for (let i = 0; i < SCHEMAS_TRIED; i++) {
		const schema = draws.root();
		const judge = new JUDGES[draft](OPTIONS).compile(schema);
		for (let j = 0; j < 6; j++) {
			const value = draws.value(3);
			const [document] = readContent(parseSyntax(JSON.stringify(value)), { file: '/values.yaml', step: 'values' });
			const walked = validateSchema(schema, document!.root!);
			const isValid = verdict(judge, value);
			if (isValid === undefined) continue;
			if (isValid) valid++;
			if (walked.kind !== 'checked' || (walked.errors.length === 0) !== isValid)
				differences.push(`ajv ${isValid}: ${JSON.stringify(value)} by ${JSON.stringify(schema)}`);
		}
	}
	expect(valid).toBeGreaterThan(SCHEMAS_TRIED);
	expect(differences).toEqual([]);
});

/** Nothing where ajv's generated code fails, as it may from 2019 on while it notes which properties are evaluated. */
function verdict(judge: (value: Plain) => unknown, value: Plain): boolean | undefined {
	try {
		return judge(value) === true;
	} catch (error) {
		if (error instanceof TypeError) return undefined;
		throw error;
	}
}

const SCHEMAS_TRIED = 250;

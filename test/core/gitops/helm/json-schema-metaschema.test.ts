/** What schemas helm 4.1 refuses by themselves, and with which words; each row was read off `helm template`. */
import { describe, expect, test } from 'vitest';
import { schemaFault } from '../../../../server/src/core/gitops/helm/json-schema-metaschema';
import { singleErrors } from '../../../../server/src/core/gitops/helm/json-schema-findings';
import type { Plain } from '../../../../server/src/core/yaml/node';

const DRAFTS: Readonly<Record<number, string>> = {
	4: 'http://json-schema.org/draft-04/schema#',
	6: 'http://json-schema.org/draft-06/schema#',
	7: 'http://json-schema.org/draft-07/schema#',
	2019: 'https://json-schema.org/draft/2019-09/schema',
};
const told = (draft: number, schema: Plain & object): readonly string[] => {
	const fault = schemaFault(draft === 2020 ? schema : { $schema: DRAFTS[draft]!, ...schema });
	return singleErrors(fault?.errors ?? []).flatMap(({ error }) =>
		[error, ...error.causes].map(({ path, words }) => `/${path.join('/')}: ${words}`),
	);
};
const SIMPLE = "value must be one of 'array', 'boolean', 'integer', 'null', 'number', 'object', 'string'";

describe('refused', () => {
	test.each<[number, Plain & object, readonly string[]]>([
		[2020, { properties: { a: { required: true } } }, ['/properties/a/required: got boolean, want array']],
		[7, { properties: { a: { required: true } } }, ['/properties/a/required: got boolean, want array']],
		[4, { required: [] }, ['/required: minItems: got 0, want 1']],
		[7, { required: ['a', 'a'] }, ['/required: items at 0 and 1 are equal']],
		[7, { enum: [] }, ['/enum: minItems: got 0, want 1']],
		[6, { enum: [1, 1] }, ['/enum: items at 0 and 1 are equal']],
		[7, { enum: 'a' }, ['/enum: got string, want array']],
		[7, { exclusiveMinimum: true }, ['/exclusiveMinimum: got boolean, want number']],
		[4, { exclusiveMinimum: true }, ["/: properties 'minimum' required, if 'exclusiveMinimum' exists"]],
		[4, { properties: { a: true } }, ['/properties/a: got boolean, want object']],
		[7, { title: 3 }, ['/title: got number, want string']],
		[2020, { items: [{}] }, ['/items: got array, want boolean or object']],
		[2019, { additionalItems: 3 }, ['/additionalItems: got number, want boolean or object']],
		[7, { type: 'strin' }, ["/type: 'anyOf' failed", `/type: ${SIMPLE}`, '/type: got string, want array']],
		[2020, { type: [] }, ["/type: 'anyOf' failed", `/type: ${SIMPLE}`, '/type: minItems: got 0, want 1']],
		[
			2020,
			{ description: null, examples: 3 },
			['/description: got null, want string', '/examples: got number, want array'],
		],
		[2020, { definitions: { a: 3 } }, ['/definitions/a: got number, want boolean or object']],
		[2020, { allOf: [] }, ['/allOf: minItems: got 0, want 1']],
		[2020, { multipleOf: 0 }, ['/multipleOf: exclusiveMinimum: got 0, want 0']],
		[7, { minLength: 1.5 }, ['/minLength: got number, want integer']],
		[7, { minLength: -1 }, ['/minLength: minimum: got -1, want 0']],
		[
			7,
			{ dependencies: { a: [1] } },
			[
				"/dependencies/a: 'anyOf' failed",
				'/dependencies/a: got array, want boolean or object',
				'/dependencies/a/0: got number, want string',
			],
		],
		[
			4,
			{ additionalProperties: 3 },
			[
				"/additionalProperties: 'anyOf' failed",
				'/additionalProperties: got number, want boolean',
				'/additionalProperties: got number, want object',
			],
		],
		[7, { readOnly: 1 }, ['/readOnly: got number, want boolean']],
		[7, { if: 3 }, ['/if: got number, want boolean or object']],
		[
			2020,
			{ deprecated: 'x', minContains: 'q' },
			['/deprecated: got string, want boolean', '/minContains: got string, want integer'],
		],
		[2020, { dependentRequired: { a: [1] } }, ['/dependentRequired/a/0: got number, want string']],
		[7, { properties: { a: null } }, ['/properties/a: got null, want boolean or object']],
		[2020, [], ['/: got array, want boolean or object']],
	])('draft %i: %j', (draft, schema, expected) => {
		expect(told(draft, schema)).toEqual(expected);
	});
	test('whichever way the draft is named', () => {
		const fault = (name: string) => schemaFault({ $schema: name, properties: 3 })?.name;
		expect(fault('https://json-schema.org/draft-07/schema')).toBe('http://json-schema.org/draft-07/schema#');
		expect(fault('http://json-schema.org/schema#')).toBe('https://json-schema.org/draft/2020-12/schema#');
		expect(schemaFault(3)?.errors[0]?.words).toBe('got number, want boolean or object');
	});
});

describe('not refused', () => {
	test.each<[number, Plain & object]>([
		[7, { required: [] }],
		[2020, { enum: [] }],
		[2019, { enum: [1, 1] }],
		[2019, { items: [{}] }],
		[2020, { additionalItems: 3 }],
		[4, { examples: 3, const: 1, propertyNames: 3 }],
		[6, { readOnly: 1, if: 3 }],
		[7, { $defs: { a: 3 }, deprecated: 'x', minContains: 'q' }],
		[7, { minLength: 1.0, default: 3, anything: [] }],
		[7, { properties: { $schema: { type: 'string' }, required: { type: 'boolean' }, enum: { enum: [1] } } }],
	])('draft %i: %j', (draft, schema) => {
		expect(told(draft, schema)).toEqual([]);
	});
	test('a document with a metaschema of its own, or with parts of another draft', () => {
		expect(schemaFault({ $schema: 'https://example.com/meta', required: true })).toBeUndefined();
		const old = { $id: 'https://example.com/old', $schema: DRAFTS[7]!, items: [{}] };
		expect(schemaFault({ $defs: { old } })).toBeUndefined();
	});
});

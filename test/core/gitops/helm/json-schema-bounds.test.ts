/** Schemas that multiply with the values they are held against are given up, and what was not looked at counts against nobody. */
import { expect, test } from 'vitest';
import { validateSchema } from '../../../../server/src/core/gitops/helm/json-schema';
import type { SchemaError } from '../../../../server/src/core/gitops/helm/json-schema-findings';
import { type Plain } from '../../../../server/src/core/yaml/node';
import { resourcesOf } from '../../../support/resources';

const times = (count: number, make: (i: number) => Plain): Plain => Array.from({ length: count }, (_, i) => make(i));
const treeOf = (value: Plain) =>
	resourcesOf(`kind: X\nmetadata: {name: x}\nvalue: ${JSON.stringify(value)}`)[0]!.node.entries[2]!.value;

const lengthOf = ({ words, causes }: SchemaError): number =>
	causes.reduce((sum, cause) => sum + lengthOf(cause), words.length);

test.each<[string, Plain, Plain]>([
	['items that must be among many', { contains: { enum: times(3000, i => `a${i}`) } }, times(3000, i => `b${i}`)],
	['objects among many', { items: { enum: times(3000, i => ({ a: i })) } }, times(3000, i => ({ a: -i - 1 }))],
	['lists of lists', { items: { contains: { const: 'z' } } }, times(700, () => times(700, () => 'b'))],
	['many that must be contained', { allOf: times(3000, i => ({ contains: { const: i } })) }, times(3000, i => -i - 1)],
	[
		'many of which one must be contained',
		{ allOf: times(300, () => ({ contains: { enum: times(300, j => `x${j}`) } })) },
		times(300, i => `y${i}`),
	],
])('%s', (_, schema, value) => {
	const node = treeOf(value);
	const before = process.cpuUsage();
	const answer = validateSchema(schema, node);
	const { user } = process.cpuUsage(before);
	// It takes a tenth of that.
	expect(user / 1000).toBeLessThan(5000);
	expect(answer.kind === 'checked' ? answer.errors.reduce((sum, each) => sum + lengthOf(each), 0) : 0).toBeLessThan(
		3_000_000,
	);
});

test.each<[string, Plain]>([
	['not', { not: { contains: { const: 'z' } } }],
	['oneOf', { oneOf: [{ contains: { const: 'z' } }, { contains: { const: 'y' } }] }],
	['maxContains', { contains: { type: 'integer' }, maxContains: 0 }],
])('after it has given up, %s says nothing', (_, last) => {
	const busy: Plain = { items: { enum: times(3000, i => `a${i}`) } };
	const schema = { $schema: 'https://json-schema.org/draft/2020-12/schema', allOf: [busy, last] };
	const answer = validateSchema(schema, treeOf(times(3000, i => `b${i}`)));
	const keywords = (errors: readonly SchemaError[]): readonly string[] =>
		errors.flatMap(({ keyword, causes }) => [keyword, ...keywords(causes)]);
	expect(answer.kind === 'checked' && new Set(keywords(answer.errors))).toEqual(new Set(['allOf', 'group', 'enum']));
});

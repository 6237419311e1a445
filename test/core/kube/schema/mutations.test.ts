/** Every field of healthy resources broken in every way that its schema allows to tell: each fault is found, where it is. */
import { expect, test } from 'vitest';
import { addressKey, type FieldPath } from '../../../../server/src/core/base/address';
import { Database } from '../../../../server/src/core/base/query';
import { allowsUnknown, propertyOf, type Schema } from '../../../../server/src/core/kube/schema/schema';
import { mayBeAbsent } from '../../../../server/src/core/kube/schema/server-leniency';
import { schemaOfNode } from '../../../../server/src/core/kube/schema/store';
import { validateResource } from '../../../../server/src/core/kube/schema/validate';
import {
	addressOf,
	type MapNode,
	type Node,
	type ScalarNode,
	type SeqNode,
	stringNode,
	withoutEntry,
} from '../../../../server/src/core/yaml/node';
import { readContent } from '../../../../server/src/core/yaml/content';
import { parseSyntax } from '../../../../server/src/core/yaml/syntax';
import { memorySource } from '../../../support/fixture';
import { VALID } from './documents';

const db = new Database(memorySource(new Map()));
const documents = readContent(parseSyntax(VALID), { file: '/repo/all.yaml', step: 'resource' }).map(
	({ root }) => root as MapNode,
);

interface Mutation {
	readonly what: string;
	readonly code: string;
	readonly at: Node;
	readonly root: Node;
}

/** Puts another node in the place of the one at a path. */
function replaced(root: Node, path: FieldPath, by: (node: Node) => Node): Node {
	const [key, ...rest] = path;
	if (key === undefined) return by(root);
	if (root.kind === 'map')
		return {
			...root,
			entries: root.entries.map(entry =>
				entry.key === key ? { ...entry, value: replaced(entry.value, rest, by) } : entry,
			),
		};
	if (root.kind === 'seq')
		return { ...root, items: root.items.map((item, i) => (i === key ? replaced(item, rest, by) : item)) };
	throw new Error('no such path');
}

function* mutations(root: Node, node: Node, schema: Schema, path: FieldPath): Generator<Mutation> {
	const name = JSON.stringify(path);
	const put = (by: (node: Node) => Node) => replaced(root, path, by);
	const { facts } = schema;
	if (node.kind === 'map') {
		for (const { key, value } of node.entries) {
			if (path.length === 0 && ['apiVersion', 'kind'].includes(key)) continue;
			const property = propertyOf(schema, key);
			if (property && schema.properties.has(key) && !allowsUnknown(schema)) {
				yield {
					what: `misspell ${name} ${key}`,
					code: 'schema/unknown-field',
					at: value,
					root: put(map => ({
						...(map as MapNode),
						entries: (map as MapNode).entries.map(e => (e.key === key ? { ...e, key: `${key}Xx` } : e)),
					})),
				};
			}
			if (
				facts.required?.includes(key) &&
				!mayBeAbsent(facts.definition, key) &&
				property?.facts.default === undefined
			) {
				yield {
					what: `drop ${name} ${key}`,
					code: 'schema/missing-field',
					at: node,
					root: put(map => withoutEntry(map as MapNode, key)),
				};
			}
			if (property) yield* mutations(root, value, property, [...path, key]);
		}
	}
	const typed = facts.type !== undefined || facts.intOrString;
	if (typed && path.length > 0) {
		const other: Node =
			node.kind === 'map' || facts.intOrString
				? { kind: 'seq', items: [], origin: node.origin }
				: { kind: 'map', entries: [], origin: node.origin };
		yield { what: `other shape at ${name}`, code: 'schema/wrong-type', at: node, root: put(() => other) };
	}
	if (node.kind === 'scalar') yield* scalarMutations(node, schema, name, put);
	if (node.kind === 'seq') {
		if (facts.listType === 'map' && node.items.length > 0) {
			const again = (list: Node): Node => ({ ...(list as SeqNode), items: [...node.items, node.items[0]!] });
			const key =
				node.items[0]!.kind === 'map' ? node.items[0].entries.find(e => e.key === facts.listMapKeys?.[0]) : undefined;
			yield {
				what: `repeat an element of ${name}`,
				code: 'schema/duplicate-list-key',
				at: key?.value ?? node.items[0]!,
				root: put(again),
			};
		}
		for (const [i, item] of node.items.entries())
			if (schema.items) yield* mutations(root, item, schema.items, [...path, i]);
	}
}

function* scalarMutations(
	node: ScalarNode,
	{ facts }: Schema,
	name: string,
	put: (by: (node: Node) => Node) => Node,
): Generator<Mutation> {
	const scalar = (text: string, tag: ScalarNode['tag']): Node => ({ ...node, text, tag });
	if (facts.type === 'string') {
		yield { what: `number at ${name}`, code: 'schema/wrong-type', at: node, root: put(() => scalar('7', '!!int')) };
		yield {
			what: `boolean at ${name}`,
			code: 'schema/wrong-type',
			at: node,
			root: put(() => scalar('true', '!!bool')),
		};
	}
	if (facts.type === 'integer' || facts.type === 'boolean') {
		yield {
			what: `text at ${name}`,
			code: 'schema/wrong-type',
			at: node,
			root: put(() => stringNode('many', node.origin)),
		};
	}
	if (facts.type === 'integer' && facts.format === 'int32') {
		yield {
			what: `huge at ${name}`,
			code: 'schema/out-of-range',
			at: node,
			root: put(() => scalar('99999999999', '!!int')),
		};
	}
	if (facts.enum) {
		yield {
			what: `enum at ${name}`,
			code: 'schema/not-in-enum',
			at: node,
			root: put(() => stringNode('Nonsense', node.origin)),
		};
	}
	if (facts.format === 'quantity') {
		yield {
			what: `quantity at ${name}`,
			code: 'schema/bad-format',
			at: node,
			root: put(() => stringNode('1 GB', node.origin)),
		};
	}
}

test('resources without a fault have no problems', () => {
	const found = documents.flatMap(root => validateResource(db, root, { mode: 'resource' }));
	expect(found.map(({ code, message }) => `${code}: ${message}`)).toEqual([]);
	const patched = documents.flatMap(root => validateResource(db, root, { mode: 'patch' }));
	expect(patched.map(({ code, message }) => `${code}: ${message}`)).toEqual([]);
});

test('every mutation is found at its address, and hardly anything else is said', () => {
	let count = 0;
	const missed: string[] = [];
	const noisy: string[] = [];
	for (const root of documents) {
		const known = schemaOfNode(db, root)!;
		for (const mutation of mutations(root, root, known.schema!, [])) {
			count++;
			const problems = validateResource(db, mutation.root, { mode: 'resource' });
			const at = addressKey(addressOf(mutation.at.origin));
			const what = `${known.kind}: ${mutation.what}`;
			if (!problems.some(problem => problem.code === mutation.code && addressKey(problem.at) === at)) {
				missed.push(`${what} -> ${problems.map(problem => problem.code).join() || 'nothing'}`);
			}
			// A misspelt required field is missing too, and alternatives may no longer fit.
			if (problems.length > 3) noisy.push(`${what} -> ${problems.map(problem => problem.message).join(' | ')}`);
		}
	}
	expect(count).toBeGreaterThan(500);
	expect(missed).toEqual([]);
	expect(noisy).toEqual([]);
});

test('a patch may leave out what is required, and may not misspell', () => {
	const [deployment] = documents;
	const known = schemaOfNode(db, deployment!)!;
	const all = [...mutations(deployment!, deployment!, known.schema!, [])];
	const codes = (code: string) =>
		all
			.filter(mutation => mutation.code === code)
			.map(({ root, what }) => [what, validateResource(db, root, { mode: 'patch' }).length] as const);
	expect(codes('schema/missing-field').filter(([, problems]) => problems > 0)).toEqual([]);
	expect(codes('schema/unknown-field').filter(([, problems]) => problems !== 1)).toEqual([]);
});

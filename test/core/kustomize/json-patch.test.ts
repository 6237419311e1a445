import { describe, expect, test } from 'vitest';
import { formatPath } from '../../../server/src/core/base/address';
import { applyJsonPatch, type JsonPatched, operationsOf } from '../../../server/src/core/kustomize/patches/json-patch';
import { readContent } from '../../../server/src/core/yaml/content';
import { emitText } from '../../../server/src/core/yaml/emit';
import { addressOf, type MapNode, type Node, nodeAt, type Step } from '../../../server/src/core/yaml/node';
import { parseSyntax } from '../../../server/src/core/yaml/syntax';

function read(text: string, step: Step): Node {
	return readContent(parseSyntax(text), { file: step === 'patch' ? '/patch.yaml' : '/target.yaml', step })[0]!.root!;
}

const TARGET = 'l: [a, b]\nm: {x: 1, "a/b": 2}\nn: null\n';

function apply(operations: string, target = TARGET): JsonPatched {
	const list = operationsOf(read(operations, 'patch'));
	if (typeof list === 'string') throw new Error(list);
	return applyJsonPatch(read(target, 'resource') as MapNode, list);
}

const flow = (text: string) => emitText(read(text, 'resource'));

// Results and words are those of `kubectl kustomize` (5.8.1).

test.each([
	['{op: add, path: /m/y, value: 2}', '{l: [a, b], m: {x: 1, a/b: 2, y: 2}, n: null}'],
	['{op: add, path: /l/-, value: c}', '{l: [a, b, c], m: {x: 1, a/b: 2}, n: null}'],
	['{op: add, path: /l/1, value: c}', '{l: [a, c, b], m: {x: 1, a/b: 2}, n: null}'],
	['{op: add, path: /l/-3, value: c}', '{l: [c, a, b], m: {x: 1, a/b: 2}, n: null}'],
	['{op: replace, path: /l/-1, value: c}', '{l: [a, c], m: {x: 1, a/b: 2}, n: null}'],
	['{op: replace, path: /m/a~1b, value: 3}', '{l: [a, b], m: {x: 1, a/b: 3}, n: null}'],
	['{op: replace, path: /zz, value: 3}', '{l: [a, b], m: {x: 1, a/b: 2}, n: null, zz: 3}'],
	['{op: remove, path: /m}', '{l: [a, b], n: null}'],
	['{op: move, from: /l/0, path: /m/y}', '{l: [b], m: {x: 1, a/b: 2, y: a}, n: null}'],
	['{op: copy, from: /m/x, path: /l/0}', '{l: [1, a, b], m: {x: 1, a/b: 2}, n: null}'],
	['{op: test, path: /m/x, value: 1}', '{l: [a, b], m: {x: 1, a/b: 2}, n: null}'],
	['{op: replace, path: "", value: {q: 1}}', '{q: 1}'],
])('%s', (operation, result) => {
	const patched = apply(`[${operation}]`);
	expect(patched.troubles).toEqual([]);
	expect(emitText(patched.node)).toBe(flow(result));
});

test.each([
	[
		'{op: add, path: /q/y, value: 2}',
		'add operation does not apply: doc is missing path: "/q/y": missing value',
		'the resource has no `q`',
	],
	[
		'{op: add, path: /n/y, value: 2}',
		'add operation does not apply: doc is missing path: "/n/y": missing value',
		'`n` is null, and holds no `y`',
	],
	[
		'{op: add, path: /l/3, value: 2}',
		"error in add for path: '/l/3': Unable to access invalid index: 3: invalid index referenced",
		'`l` has 2 elements, and no index 3',
	],
	[
		'{op: remove, path: /m/xx}',
		"error in remove for path: '/m/xx': Unable to remove nonexistent key: xx: missing value",
		'`m` has no `xx`; did you mean `x`?',
	],
	[
		'{op: replace, path: /l/5, value: 1}',
		'replace operation does not apply: doc is missing key: /l/5: missing value',
		'`l` has 2 elements, and no index 5',
	],
	['{op: test, path: /m/x, value: 2}', 'testing value /m/x failed: test failed', '`m.x` has another value'],
	[
		'{op: move, path: /m/y}',
		'move operation failed to decode from: operation, missing from field: missing value',
		'this operation needs `from`, a text such as `/spec/replicas`',
	],
	['{op: oops, path: /m}', 'Unexpected kind: oops', 'there is no operation `oops`'],
])('%s does not apply', (operation, details, message) => {
	expect(apply(`[${operation}]`).troubles.map(trouble => [trouble.details, trouble.message])).toEqual([
		[details, message],
	]);
});

test('the other operations are applied all the same', () => {
	const { node, troubles } = apply('[{op: remove, path: /q}, {op: remove, path: /m}]');
	expect(troubles.map(({ at }) => formatPath(addressOf(at.origin).path))).toEqual(['[0].path']);
	expect(emitText(node)).toBe(flow('{l: [a, b], n: null}'));
});

test('nothing follows a test that fails', () => {
	expect(emitText(apply('[{op: test, path: /n, value: 1}, {op: remove, path: /m}]').node)).toBe(flow(TARGET));
});

test('a replaced field that is not there is told', () => {
	expect(apply('[{op: replace, path: /zz, value: 3}, {op: replace, path: /n, value: 3}]').added).toHaveLength(1);
});

describe('who wrote what', () => {
	test('a value leads to the operation and to what it replaced', () => {
		const { origin } = nodeAt(apply('[{op: replace, path: /m/x, value: 5}]').node, ['m', 'x'])!;
		expect([origin.step, formatPath(addressOf(origin).path), origin.replaced?.file]).toEqual([
			'patch',
			'[0].value',
			'/target.yaml',
		]);
	});
	test('a removal is remembered', () => {
		const { removed } = apply('[{op: remove, path: /l/-1}]');
		expect(removed.map(({ path, origin }) => [formatPath(path), origin.file, origin.replaced?.file])).toEqual([
			['l[1]', '/patch.yaml', '/target.yaml'],
		]);
	});
	test('a patch that sets what is there leaves the very same tree', () => {
		const target = read(TARGET, 'resource') as MapNode;
		const list = operationsOf(
			read('[{op: replace, path: /m/x, value: 1}, {op: add, path: /l/0, value: a}, {op: remove, path: /l/0}]', 'patch'),
		);
		expect(applyJsonPatch(target, (list as Node[]).slice(0, 1)).node).toBe(target);
	});
});

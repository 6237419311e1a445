import { describe, expect, test } from 'vitest';
import { formatPath } from '../../../server/src/core/base/address';
import { BUILT_IN_MERGE_SCHEMAS } from '../../../server/src/core/kube/kustomize-facts';
import { type Merged, strategicMerge } from '../../../server/src/core/kustomize/merge/strategic-merge';
import { readContent } from '../../../server/src/core/yaml/content';
import { emitText } from '../../../server/src/core/yaml/emit';
import { addressOf, type MapNode, nodeAt, type Step } from '../../../server/src/core/yaml/node';
import { parseSyntax } from '../../../server/src/core/yaml/syntax';

// Every expectation is what `kubectl kustomize` (5.8.1) makes of the same patch.

function read(text: string, file: string, step: Step): MapNode {
	const root = readContent(parseSyntax(text), { file, step })[0]?.root;
	if (root?.kind !== 'map') throw new Error(`no map: ${text}`);
	return root;
}

const deployment = (podSpec: string) => `{apiVersion: apps/v1, kind: Deployment, spec: {template: {spec: ${podSpec}}}}`;
const POD_SPEC = ['spec', 'template', 'spec'];

function merge(target: string, patch: string): Merged {
	return strategicMerge(
		read(target, '/target.yaml', 'resource'),
		read(patch, '/patch.yaml', 'patch'),
		BUILT_IN_MERGE_SCHEMAS,
	);
}

/** The pod's spec after a patch to it, as text without line breaks. */
function mergedPod(target: string, patch: string): string {
	const { node } = merge(deployment(target), deployment(patch));
	return emitText(nodeAt(node, POD_SPEC)!).trim();
}

const lines = (...text: string[]) => text.join('\n');

describe('maps', () => {
	const custom = (spec: string) => `{apiVersion: x.io/v1, kind: Foo, spec: ${spec}}`;
	const merged = (target: string, patch: string) => {
		const { node } = merge(custom(target), custom(patch));
		return node && emitText(nodeAt(node, ['spec']) ?? node).trim();
	};
	test('null deletes, also what the patch itself adds', () => {
		expect(merged('{a: 1, b: 2}', '{a: null, c: {d: null, e: 1}}')).toBe('b: 2\nc:\n  e: 1');
	});
	test('a null of the target stays if it is written out, and goes if it is empty', () => {
		expect(merged('{a: null, b: , c: ~, d: 1}', '{d: 2}')).toBe('a: null\nc: null\nd: 2');
	});
	test('of a key that stands twice in the patch the first counts, if the target has such a map', () => {
		expect(merged('{a: {b: 0, z: 9}}', '{a: {b: 1, b: 2, c: 3, c: 4}}')).toBe('a:\n  b: 1\n  c: 3\n  z: 9');
		const repeated = (patch: string) =>
			merge(custom('{l: []}'), custom(patch)).troubles.map(({ path, repeatedKey }) => [formatPath(path), repeatedKey]);
		expect(repeated('{a: {b: 1, b: 2}, l: [{x: 1, x: 2}]}')).toEqual([
			['spec.l[0].x', 'x'],
			['spec.a.b', 'b'],
		]);
	});
	test('nulls inside of a list that is replaced stay', () => {
		expect(merged('{}', '{a: [{b: null}]}')).toBe('a:\n- b: null');
	});
	test('$patch: replace', () => {
		expect(merged('{a: {b: 1, c: 2}}', '{a: {$patch: replace, b: 3}}')).toBe('a:\n  b: 3');
	});
	test('$patch: delete', () => {
		expect(merged('{a: {b: 1}, c: 1}', '{a: {$patch: delete}}')).toBe('c: 1');
	});
	test('an unknown directive is an error, but in a map that the target does not have', () => {
		const { troubles } = merge(custom('{a: {b: 1}}'), custom('{a: {$patch: oops}, c: {$patch: oops}}'));
		expect(troubles.map(({ path, details }) => [formatPath(path), details])).toEqual([
			['spec.a', "unknown patch strategy 'oops'"],
		]);
	});
	test('a value of another kind is an error at the value of the patch', () => {
		const { troubles } = merge(custom('{a: {b: 1}}'), custom('{a: 1}'));
		expect(troubles.map(({ at, details }) => [at.file, formatPath(at.path), details])).toEqual([
			['/patch.yaml', 'spec.a', 'wrong node kind: expected MappingNode but got ScalarNode'],
		]);
	});
	test('lists of a kind without schema are replaced', () => {
		expect(merged('{l: [{name: a}, {name: b}]}', '{l: [{name: a, x: 1}]}')).toBe('l:\n- name: a\n  x: 1');
	});
	test('a schema in a comment says how a list merges', () => {
		const target = 'apiVersion: x.io/v1\nkind: Foo\nspec:\n  l: [a, b]\n';
		const patch = 'spec:\n  l: # {"type": "array", "x-kubernetes-patch-strategy": "merge"}\n  - c\n  - a\n';
		expect(emitText(nodeAt(merge(target, patch).node, ['spec'])!)).toBe('l:\n- c\n- a\n- b\n');
	});
});

describe('lists with merge keys', () => {
	test('what the patch names comes first', () => {
		expect(
			mergedPod('{containers: [{name: a}, {name: b, image: x}]}', '{containers: [{name: b, args: [y]}, {name: c}]}'),
		).toBe(lines('containers:', '- args:', '  - "y"', '  image: x', '  name: b', '- name: c', '- name: a'));
	});
	test('$patch: delete takes an element out', () => {
		expect(mergedPod('{containers: [{name: a}, {name: b}]}', '{containers: [{name: a, $patch: delete}]}')).toBe(
			lines('containers:', '- name: b'),
		);
	});
	test('$patch: replace on an element does nothing, on the list it replaces', () => {
		expect(
			mergedPod('{containers: [{name: a, image: x}]}', '{containers: [{name: a, $patch: replace, tty: true}]}'),
		).toBe(lines('containers:', '- image: x', '  name: a'));
		expect(mergedPod('{containers: [{name: a, image: x}]}', '{containers: [{$patch: replace}, {name: b}]}')).toBe(
			lines('containers:', '- name: b'),
		);
	});
	test('ports are told apart by number and protocol; one without protocol is any', () => {
		const target =
			'{containers: [{name: a, ports: [{containerPort: 80, protocol: TCP}, {containerPort: 80, protocol: UDP}]}]}';
		expect(mergedPod(target, '{containers: [{name: a, ports: [{containerPort: 80, protocol: UDP, name: dns}]}]}')).toBe(
			lines(
				'containers:',
				'- name: a',
				'  ports:',
				'  - containerPort: 80',
				'    protocol: TCP',
				'  - containerPort: 80',
				'    name: dns',
				'    protocol: UDP',
			),
		);
	});
	test('an element without its key drives out those that have one', () => {
		expect(mergedPod('{containers: [{name: a}, {image: x}, {name: b}]}', '{restartPolicy: Never}')).toBe(
			lines('containers:', '- image: x', 'restartPolicy: Never'),
		);
	});
	test('of elements with the same key the last stays, even where the patch is silent', () => {
		const target = '{containers: [{name: a, env: [{name: E, value: "1"}, {name: E, value: "2"}]}]}';
		expect(mergedPod(target, '{restartPolicy: Never}')).toBe(
			lines('containers:', '- env:', '  - name: E', '    value: "2"', '  name: a', 'restartPolicy: Never'),
		);
	});
	test('lists of scalars are sets', () => {
		const { node } = merge(
			'{apiVersion: v1, kind: Pod, metadata: {finalizers: [a, b]}}',
			'{metadata: {finalizers: [c, b]}}',
		);
		expect(emitText(nodeAt(node, ['metadata'])!)).toBe('finalizers:\n- c\n- b\n- a\n');
		const numbers = merge(
			'{apiVersion: v1, kind: Pod, metadata: {finalizers: [a, "1", 1]}}',
			'{metadata: {finalizers: ["1", 2, "2"]}}',
		);
		expect(emitText(nodeAt(numbers.node, ['metadata'])!)).toBe('finalizers:\n- 1\n- 2\n- a\n');
	});
});

describe('whole objects', () => {
	test('$patch: delete deletes', () => {
		expect(merge('{kind: A, b: 1}', '{$patch: delete}').node).toBeUndefined();
	});
	test('$patch: replace changes nothing', () => {
		const target = read('{kind: A, b: 1}', '/target.yaml', 'resource');
		const patch = read('{$patch: replace, b: 2}', '/patch.yaml', 'patch');
		expect(strategicMerge(target, patch, BUILT_IN_MERGE_SCHEMAS).node).toBe(target);
	});
});

describe('who wrote what', () => {
	test('a value of the patch leads to its place there, and on to what it replaced', () => {
		const { node } = merge(
			deployment('{containers: [{name: a, image: x}]}'),
			deployment('{containers: [{name: a, image: y}]}'),
		);
		const { origin } = nodeAt(node, [...POD_SPEC, 'containers', 0, 'image'])!;
		const place = 'spec.template.spec.containers[0].image';
		expect([origin.step, addressOf(origin).file, formatPath(addressOf(origin).path)]).toEqual([
			'patch',
			'/patch.yaml',
			place,
		]);
		expect([origin.replaced!.step, addressOf(origin.replaced!).file]).toEqual(['resource', '/target.yaml']);
	});
	test('what says the same stays the very same object', () => {
		const target = read(
			deployment('{containers: [{name: a, image: x}], hostAliases: [{ip: "1"}]}'),
			'/target.yaml',
			'resource',
		);
		const patch = read(deployment('{containers: [{name: a, image: x}]}'), '/patch.yaml', 'patch');
		expect(strategicMerge(target, patch, BUILT_IN_MERGE_SCHEMAS).node).toBe(target);
	});
	test('what is removed is remembered, with who did it and who had written it', () => {
		const { removed } = merge(
			deployment('{containers: [{name: a, image: x}]}'),
			deployment('{containers: [{name: a, image: null}]}'),
		);
		expect(
			removed.map(({ path, origin }) => [formatPath(path), addressOf(origin).file, origin.replaced?.file]),
		).toEqual([['spec.template.spec.containers[0].image', '/patch.yaml', '/target.yaml']]);
	});
});

import { describe, expect, test } from 'vitest';
import { assertTree } from '../../../../../server/src/core/gitops/policy/kyverno/assertion';
import { parseAssertionKey } from '../../../../../server/src/core/gitops/policy/kyverno/assertion-key';
import { mapOf } from '../../../../../server/src/core/gitops/policy/kyverno/plain-values';
import { rulesOf } from '../../../../../server/src/core/gitops/policy/kyverno/autogen';
import { Unanswerable, Unresolved } from '../../../../../server/src/core/gitops/policy/kyverno/variables';
import { type Plain, toPlain } from '../../../../../server/src/core/yaml/node';
import { resourcesOf } from '../../../../support/resources';

const yaml = (text: string): Plain => toPlain(resourcesOf(`x: ${text}`)[0]!.node as never);
const plain = (text: string): Plain => (yaml(text) as { readonly x: Plain }).x;

test.each([
	['spec', { statement: 'spec', engine: undefined, isForeach: false }],
	['(length(spec))', { statement: 'length(spec)', engine: 'default' }],
	['(cel; object.x)', { statement: ' object.x', engine: 'cel' }],
	['~.containers', { statement: 'containers', isForeach: true, index: undefined }],
	['~i.(containers[*])->all', { statement: 'containers[*]', isForeach: true, index: 'i', binding: 'all' }],
	['\\(x)\\', { statement: '(x)', engine: undefined }],
])('key %s', (key, expected) => {
	expect(parseAssertionKey(key)).toMatchObject(expected);
});

describe('trees', () => {
	const POD =
		'{metadata: {labels: {app: web}}, spec: {replicas: 2, hostPID: false, list: [1, 2], containers: [{name: a, image: x:1}, {name: b, image: y:latest}]}}';
	const found = (tree: string) => {
		try {
			return assertTree(plain(tree), plain(POD), mapOf([['limit', 3]])).map(
				({ message, path }) => `${path.join('.')} | ${message}`,
			);
		} catch (error) {
			if (error instanceof Unresolved) return 'error';
			if (error instanceof Unanswerable) return 'not evaluated';
			throw error;
		}
	};
	test.each([
		['holds', '{spec: {replicas: 2, hostPID: false}}', []],
		['another value', '{spec: {replicas: 3}}', ['spec.replicas | spec.replicas: Invalid value: Expected value: 3']],
		[
			'absent',
			'{spec: {hostNetwork: false}}',
			['spec.hostNetwork | spec.hostNetwork: Required value: field not found in the input object'],
		],
		['expression as key', '{spec: {(replicas > `1`): true}}', []],
		[
			'it does not hold',
			'{spec: {(replicas > `5`): true}}',
			['spec | spec.(replicas > `5`): Invalid value: Expected value: true'],
		],
		['what is absent is null in expressions', '{spec: {(hostNetwork || `false`): false}}', []],
		['expression as value', '{spec: {replicas: "(`1` + `1`)"}}', []],
		[
			'foreach',
			'{spec: {~.containers: {"(ends_with(image, \':latest\'))": false}}}',
			["spec.containers.1 | spec.~.containers[1].(ends_with(image, ':latest')): Invalid value: Expected value: false"],
		],
		['foreach with index', '{spec: {~i.containers: {($i < `2`): true}}}', []],
		['foreach over a map', '{metadata: {~k.labels: {($k): app}}}', []],
		['bound above', '{spec: {(replicas)->n: {(@ == $n): true}}}', []],
		['bound by the rule', '{spec: {(replicas < $limit): true}}', []],
		['bound by nobody', '{spec: {(replicas < $other): true}}', 'error'],
		['list', '{spec: {list: [1, 2]}}', []],
		[
			'list of another length',
			'{spec: {list: [1]}}',
			["spec.list | spec.list: Invalid value: lengths of slices don't match"],
		],
		['values of other types', '{spec: {replicas: "2"}}', 'error'],
		['field of a scalar', '{spec: {replicas: {x: 1}}}', 'error'],
		['in CEL', '{spec: {(cel; object.replicas == 2): true}}', 'not evaluated'],
		['unknown function', '{spec: {(nobody_knows(@)): true}}', 'not evaluated'],
		['empty map', '{spec: {}}', []],
	] as const)('%s', (_, tree, expected) => {
		expect(found(tree)).toEqual(expected);
	});

	test('patterns in a loop are bounded together', () => {
		const loop = { '~.(items)': { "(regex_match('(a?){40}(a*)*b', join('', $all)))": false } };
		const items = Array.from({ length: 2_000 }, () => 'aaaaaaaaaa');
		const start = process.cpuUsage().user;
		expect(() => assertTree({ '(items)->all': {}, ...loop }, { items }, mapOf([]))).toThrow(Unanswerable);
		expect((process.cpuUsage().user - start) / 1_000).toBeLessThan(5_000);
	});

	test('growth is bounded', () => {
		const doubled = Array.from({ length: 24 }, (_, i) => i).reduceRight(
			(inner, i) => ({ [`([$v${i}, $v${i}])->v${i + 1}`]: inner }),
			{ '(@)': '(@)' } as unknown as Plain,
		) as Plain;
		expect(() => assertTree(doubled, 'x', mapOf([['v0', 'x']]))).toThrow(Unanswerable);
	});
});

test('generated rules look into the template', () => {
	const policy = toPlain(
		resourcesOf(`
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: { name: p }
spec:
  rules:
    - name: r
      match: { any: [{ resources: { kinds: [Pod] } }] }
      validate:
        assert: { object: { spec: { hostPID: false } }, (resourceKind.kind): x }
`)[0]!.node,
	);
	const trees = rulesOf(policy).map(({ rule }) => JSON.stringify((rule['validate'] as { assert: Plain }).assert));
	expect(trees).toEqual([
		'{"object":{"spec":{"hostPID":false}},"(resourceKind.kind)":"x"}',
		'{"object":{"spec":{"template":{"spec":{"hostPID":false}}}},"(resourceKind.kind)":"x"}',
		'{"object":{"spec":{"jobTemplate":{"spec":{"template":{"spec":{"hostPID":false}}}}}},"(resourceKind.kind)":"x"}',
	]);
});

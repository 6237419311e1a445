import { describe, expect, test } from 'vitest';
import { splitVariables } from '../../../server/src/core/kustomize/vars-expand';
import { addressOf, nodeAt } from '../../../server/src/core/yaml/node';
import { buildFixture, printed } from '../../support/build';

function withVar(fieldPath: string, command: string, name = 'src') {
	return buildFixture(`-- r.yaml --
apiVersion: v1
kind: ConfigMap
metadata:
  name: src
data: {int: 5, hex: 0x1F, float: 1.50, flag: true, text: str, other: a$(V)b, list: [x], tree: {a: 1}}
---
apiVersion: v1
kind: Pod
metadata:
  name: pod
spec:
  containers:
  - name: c
    command: ${command}
-- kustomization.yaml --
namePrefix: p-
resources: [r.yaml]
vars:
- name: V
  objref: {apiVersion: v1, kind: ConfigMap, name: ${name}}
  fieldref: {fieldpath: "${fieldPath}"}
`);
}

const problems = (build: ReturnType<typeof withVar>) =>
	build.problems.filter(({ code }) => code !== 'kustomize/deprecated-field');

describe('vars', () => {
	test.each([
		[
			'metadata.name',
			'["$(V)", "x$(V)y", "$$(V)", "$(A)", "$(V"]',
			'- p-src\n    - xp-srcy\n    - $(V)\n    - $(A)\n    - $(V',
		],
		['data.int', '["$(V)", "x$(V)"]', '- 5\n    - x5'],
		['data.float', '["$(V)", "x$(V)"]', '- 1.5\n    - x1.5'],
		['data.flag', '["$(V)", "$(V)$(V)"]', '- true\n    - truetrue'],
		['data.other', '["$(V)"]', '- a$(V)b'],
		['data.list[0]', '["$(V)"]', '- x'],
	])('%s in %s', (fieldPath, command, expected) => {
		const build = withVar(fieldPath, command);
		expect(problems(build)).toEqual([]);
		expect(printed(build, 'none')).toContain(`command:\n    ${expected}\n    name`);
	});

	test.each([
		[
			'data.zz',
			'src',
			'ConfigMap/p-src has no field at `data.zz`, which the var V means',
			"field specified in var '{V ConfigMap.v1.[noGrp] {data.zz}}' not found in corresponding resource",
		],
		[
			'data.hex',
			'src',
			'ConfigMap/p-src has no value that a var can take at `data.hex`, which the var V means',
			"field specified in var '{V ConfigMap.v1.[noGrp] {data.hex}}' not found in corresponding resource",
		],
		[
			'data.zz',
			'scr',
			'no resource is the ConfigMap scr that the var V means; did you mean `src`?',
			"var '{V ConfigMap.v1.[noGrp] {data.zz}}' cannot be mapped to a field in the set of known resources",
		],
	])('%s of %s fails', (fieldPath, name, message, details) => {
		expect(problems(withVar(fieldPath, '["$(V)"]', name))).toMatchObject([
			{ code: 'kustomize/invalid-var', message, details, fatal: true },
		]);
	});

	test('a var that is never used, and one that cannot be, are warnings', () => {
		const unused = { code: 'kustomize/unused-var', severity: 'warning' };
		const details = 'well-defined vars that were never replaced: V';
		expect(problems(withVar('data.text', '["$(W)"]'))).toMatchObject([{ ...unused, details }]);
		const tree = withVar('data.tree', '["$(V)"]');
		expect(problems(tree)).toMatchObject([{ ...unused, details }]);
		expect(printed(tree, 'none')).toContain('- $(V)');
	});

	test('a list with anything but texts is an error', () => {
		expect(problems(withVar('data.text', '[1]'))).toMatchObject([
			{ code: 'kustomize/field-of-other-kind', fatal: true },
			{ code: 'kustomize/unused-var' },
		]);
	});

	test('what is written knows the var and what stood there', () => {
		const build = withVar('data.text', '["$(V)"]');
		const node = nodeAt(build.resources[1]!.node, ['spec', 'containers', 0, 'command', 0])!;
		expect(node.origin.step).toBe('vars');
		expect(addressOf(node.origin)).toMatchObject({ file: '/repo/kustomization.yaml', path: ['vars', 0] });
		expect(addressOf(node.origin.replaced!)).toMatchObject({ file: '/repo/r.yaml' });
		expect(build.applications.filter(({ step }) => step === 'vars')).toMatchObject([
			{ matched: [{ kind: 'Pod', name: 'p-pod' }], changed: true },
		]);
	});
});

test('an objref with a namespace finds nothing of a kind that has no namespaces', () => {
	const withNamespace = (namespace: string) =>
		buildFixture(`-- kustomization.yaml --
resources: [role.yaml]
vars:
- name: ROLE
  objref: {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, name: role${namespace}}
-- role.yaml --
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: role
`).problems.filter(({ fatal }) => fatal);
	expect(withNamespace('')).toEqual([]);
	expect(withNamespace(', namespace: default')).toMatchObject([{ code: 'kustomize/invalid-var' }]);
});

test('texts are taken apart at their variables', () => {
	expect(splitVariables('a$$(b)$(c)$d$')).toEqual([{ text: 'a$(b)' }, { name: 'c' }, { text: '$d$' }]);
});

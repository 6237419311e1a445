/** What `overlay/overwritten` says of patches in place, and of single fields. */
import { expect, test } from 'vitest';
import { analyse, diagnostics } from '../support/check';

const tree = (patches: string, more = '') => `-- base/kustomization.yaml --
resources: [deployment.yaml]
-- base/deployment.yaml --
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  replicas: 1
  paused: false
  template:
    spec:
      containers:
        - name: shop
          image: shop:1
-- staging/kustomization.yaml --
resources: [../base]
patches:
${patches}-- production/kustomization.yaml --
resources: [../base]
${more}`;

const found = (text: string) => diagnostics(analyse(text)).filter(each => each.includes('overlay/overwritten'));

const operation = (path: string, value: string) => `  - target: { kind: Deployment, name: shop }
    patch: |-
      - op: replace
        path: ${path}
        value: ${value}
`;

const HEAD = 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: shop\n';

const merge = (spec: string) => `  - patch: |-
      ${HEAD.replaceAll('\n', '\n      ')}spec: ${spec}
`;

test('an operation that a later patch undoes', () => {
	expect(found(tree(operation('/spec/replicas', '3') + operation('/spec/replicas', '4')))).toEqual([
		expect.stringMatching(/^staging\/kustomization.yaml:3 overlay\/overwritten /),
	]);
	expect(found(tree(operation('/spec/replicas', '3') + operation('/spec/paused', 'true')))).toEqual([]);
});

test('one field of a patch', () => {
	expect(found(tree(merge('{ replicas: 3, paused: true }') + merge('{ replicas: 4 }')))).toEqual([
		'staging/kustomization.yaml:8 overlay/overwritten "3"',
	]);
	// Of the same value there is nothing to choose.
	expect(found(tree(merge('{ replicas: 3, paused: true }') + merge('{ replicas: 3 }')))).toEqual([]);
});

test('one field of a patch in a file', () => {
	const files = `-- staging/a.yaml --
${HEAD}spec:
  replicas: 3
  paused: true
-- staging/b.yaml --
${HEAD}spec:
  replicas: 4
`;
	expect(found(tree('  - path: a.yaml\n  - path: b.yaml\n', files))).toEqual([
		'staging/a.yaml:6 overlay/overwritten "3"',
	]);
	expect(found(tree('  - path: b.yaml\n  - path: a.yaml\n', files))).toEqual([
		'staging/kustomization.yaml:3 overlay/overwritten "path: b.yaml\\n"',
	]);
});

test('a patch of many objects that one of them goes beyond is meant so', () => {
	const many = `  - target: { kind: Deployment }
    patch: |-
      - op: replace
        path: /spec/replicas
        value: 3
`;
	const two = tree(many + operation('/spec/replicas', '4')).replace(
		'-- staging/',
		`---
${HEAD.replace('shop', 'other')}spec:
  replicas: 1
-- staging/`,
	);
	expect(found(two)).toEqual([]);
});

test('another kustomization of the environment may go beyond', () => {
	const text = tree(merge('{ replicas: 3, paused: true }'))
		.replace('resources: [../base]', 'resources: [site]')
		.concat(
			`-- staging/site/kustomization.yaml --
resources: [../../base]
patches:
${merge('{ replicas: 5, paused: false, revisionHistoryLimit: 1 }')}`,
		);
	expect(found(text)).toEqual([]);
});

/** Objects that configure built-in plugins, where they are read otherwise than the fields of a kustomization. */
import { expect, test } from 'vitest';
import { stringAt } from '../../../server/src/core/yaml/node';
import { buildFixture, failures, printed } from '../../support/build';

const CONFIG_MAP = `-- map.yaml --
apiVersion: v1
kind: ConfigMap
metadata:
  name: map
`;

test('`env` is an old spelling in a kustomization, and means nothing to a plugin', () => {
	const result = buildFixture(`-- kustomization.yaml --
generators:
- |
  apiVersion: builtin
  kind: ConfigMapGenerator
  metadata: {name: generated}
  env: settings.env
-- settings.env --
A=1
`);
	expect(failures(result)).toEqual([]);
	expect(printed(result, 'none')).toBe('apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: generated-6ct58987ht\n');
});

test('two configurations in the list itself may not have one id', () => {
	const transformer = `- |
  apiVersion: builtin
  kind: SuffixTransformer
  metadata: {name: same}
  suffix: -x
  fieldSpecs: [{path: metadata/name}]
`;
	const result = buildFixture(`-- kustomization.yaml --
resources: [map.yaml]
transformers:
${transformer}${transformer}${CONFIG_MAP}`);
	expect(failures(result)).toHaveLength(1);
	expect(failures(result)[0]).toContain('kustomize/duplicate-id');
});

test('a validator that notes an old name has changed something', () => {
	const result = buildFixture(`-- kustomization.yaml --
resources: [map.yaml]
namespace: here
validators:
- |
  apiVersion: builtin
  kind: NamespaceTransformer
  metadata: {name: same, namespace: here}
${CONFIG_MAP}`);
	expect(failures(result)).toHaveLength(1);
	expect(failures(result)[0]).toContain('kustomize/invalid-plugin');
});

test('a patch among the validators has changed what it is for, whatever it says', () => {
	const built = buildFixture(`
-- kustomization.yaml --
resources:
- a.yaml
validators:
- |-
  apiVersion: builtin
  kind: PatchTransformer
  metadata:
    name: v
  patch: '[{"op": "test", "path": "/data/a", "value": "b"}]'
  target:
    kind: ConfigMap
-- a.yaml --
apiVersion: v1
kind: ConfigMap
metadata:
  name: a
data:
  a: b
`);
	expect(failures(built)[0]).toContain('kustomize/invalid-plugin');
});

test('an explicit tag makes a text of what looks like a number, also in a kustomization', () => {
	const built = buildFixture(`
-- kustomization.yaml --
resources:
- a.yaml
commonAnnotations:
  a: !!str 1
-- a.yaml --
apiVersion: v1
kind: ConfigMap
metadata:
  name: a
`);
	expect(failures(built)).toEqual([]);
	expect(printed(built, 'none')).toContain('a: "1"');
});

test('a spec of `labels` for one kind keeps out the one of the same path for all kinds, with selectors as well', () => {
	const built = buildFixture(`
-- kustomization.yaml --
resources:
- a.yaml
configurations:
- c.yaml
labels:
- pairs:
    x: z
  includeSelectors: true
-- c.yaml --
labels:
- path: metadata/labels
  create: true
  kind: Secret
-- a.yaml --
apiVersion: v1
kind: ConfigMap
metadata:
  name: a
---
apiVersion: v1
kind: Secret
metadata:
  name: b
`);
	expect(failures(built)).toEqual([]);
	expect(built.resources.map(({ node }) => stringAt(node, 'metadata', 'labels', 'x'))).toEqual([undefined, 'z']);
});

test('what only replacements make the same is found in the end', () => {
	const result = buildFixture(`-- kustomization.yaml --
resources: [map.yaml, other.yaml]
replacements:
- source: {kind: ConfigMap, name: map}
  targets:
  - select: {name: other}
${CONFIG_MAP}-- other.yaml --
apiVersion: v1
kind: ConfigMap
metadata:
  name: other
`);
	expect(failures(result)).toHaveLength(1);
	expect(failures(result)[0]).toContain('kustomize/duplicate-id');
});

test('keys of labels are read as YAML 1.1: `on` without quotes is true, which no label can be called', () => {
	const labelled = (key: string) =>
		buildFixture(`-- kustomization.yaml --
resources: [map.yaml]
labels:
- pairs: {${key}: x}
${CONFIG_MAP}`);
	expect(failures(labelled('on'))[0]).toContain('kustomize/not-printable');
	expect(printed(labelled('"on"'), 'none')).toContain('    "on": x\n');
});

test('a spec for every kind adds nothing where the same file has the path for one kind', () => {
	const result = buildFixture(`-- kustomization.yaml --
resources: [map.yaml, things.yaml]
namePrefix: p-
configurations: [configuration.yaml]
-- configuration.yaml --
namePrefix:
- path: spec/title
  kind: ConfigMap
- path: spec/title
-- things.yaml --
apiVersion: example.com/v1
kind: Thing
metadata:
  name: thing
spec:
  title: one
${CONFIG_MAP}spec:
  title: two
`);
	expect(failures(result)).toEqual([]);
	expect(printed(result, 'none').match(/title: .*/g)).toEqual(['title: p-two', 'title: one']);
});

test('an object that was given a namespace has annotations, though they are never printed', () => {
	const labelled = (fields: string) =>
		printed(
			buildFixture(`-- kustomization.yaml --
resources: [map.yaml]
${fields}labels:
- pairs: {a: b}
  fields: [{path: metadata/annotations}]
${CONFIG_MAP}`),
			'none',
		);
	expect(labelled('')).not.toContain('annotations');
	expect(labelled('namespace: here\n')).toContain('  annotations:\n    a: b\n');
});

test('a literal has been through JSON and YAML before it is taken apart', () => {
	const result = buildFixture(`-- kustomization.yaml --
configMapGenerator:
- name: generated
  literals: ["k= \\N 1 a", "l=a\\N\\N b"]
  options: {disableNameSuffixHash: true}
`);
	expect(failures(result)).toEqual([]);
	expect(printed(result, 'none')).toBe(`apiVersion: v1
data:
  k: ' 1 a'
  l: |-
    a
    b
kind: ConfigMap
metadata:
  name: generated
`);
});

test.each([
	['LabelTransformer', 'labels: {l: m}\nfieldSpecs: [{path: metadata/labels}]', true],
	['LabelTransformer', 'labels: {l: m}\nfieldSpecs: [{path: metadata/labels, kind: Service}]', false],
	['ImageTagTransformer', 'imageTag: {name: shop, newTag: "1"}', true],
	['ImageTagTransformer', 'imageTag: {name: other, newTag: "1"}', false],
	['ReplicaCountTransformer', 'replica: {name: shop, count: 3}\nfieldSpecs: [{path: spec/replicas}]', true],
	['ValueAddTransformer', 'value: m\ntargets: [{fieldPath: metadata/labels/l}]', true],
	['PrefixTransformer', 'prefix: ""\nfieldSpecs: [{path: metadata/name}]', true],
	['PrefixTransformer', 'prefix: ""\nfieldSpecs: [{path: metadata/other}]', false],
])('a validator that writes what is there has changed it: %s with %j', (kind, fields, writes) => {
	const result = buildFixture(`-- kustomization.yaml --
resources: [deployment.yaml]
validators: [validator.yaml]
-- validator.yaml --
apiVersion: builtin
kind: ${kind}
metadata: {name: validator}
${fields}
-- deployment.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop, labels: {l: m}}
spec: {replicas: 3, template: {spec: {containers: [{name: shop, image: "shop:1"}]}}}
`);
	expect(failures(result)).toEqual(
		writes
			? [
					`kustomize/invalid-plugin /repo/validator.yaml#: ${kind} changes resources, which a validator may not do; list it in \`transformers\``,
				]
			: [],
	);
});

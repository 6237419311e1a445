/** Quick fixes of fields that kustomize calls deprecated: the kustomizations that result, all of which render what was rendered before. */
import { expect, test } from 'vitest';
import { analyse, applied } from '../support/check';
import { ROOT } from '../support/fixture';

const FILES = `-- deployment.yaml --
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  template:
    spec:
      containers:
        - name: shop
          image: shop:1
-- patch.yaml --
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  replicas: 2
-- operations.yaml --
- op: add
  path: /spec/paused
  value: true
`;

/** What each fix makes of the files, by its title. */
function fixed(text: string, file = 'kustomization.yaml') {
	const { analysis, fixture } = analyse(text);
	const path = `${ROOT}/${file}`;
	const offered = analysis.fixes(path, 0, fixture.files.get(path)!.length);
	return Object.fromEntries(
		offered
			.filter(({ code }) => code === 'kustomize/deprecated-field')
			.map(({ title, change }) => [title, applied(fixture, change)]),
	);
}

const kustomization = (text: string) =>
	Object.values(fixed(`-- kustomization.yaml --\nresources: [deployment.yaml]\n${text}${FILES}`)).map(
		files => files['kustomization.yaml'],
	);

test('patches of both kinds go behind those that are there', () => {
	const text = `patches:
- path: patch.yaml
patchesStrategicMerge:
- |-
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: shop}
  spec: {minReadySeconds: 3}
patchesJson6902:
- target: {version: v1, kind: Deployment, name: shop}
  path: operations.yaml
`;
	expect(kustomization(text)).toEqual([
		`resources: [deployment.yaml]
patches:
- path: patch.yaml
- target:
    version: v1
    kind: Deployment
    name: shop
  path: operations.yaml
patchesStrategicMerge:
- |-
  apiVersion: apps/v1
  kind: Deployment
  metadata: {name: shop}
  spec: {minReadySeconds: 3}
`,
		`resources: [deployment.yaml]
patches:
- path: patch.yaml
- patch: |-
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: shop}
    spec: {minReadySeconds: 3}
patchesJson6902:
- target: {version: v1, kind: Deployment, name: shop}
  path: operations.yaml
`,
	]);
});

test('a list in brackets stays one', () => {
	const text = `patches: [{path: operations.yaml, target: {kind: Deployment}}]\npatchesStrategicMerge: [patch.yaml]\n`;
	expect(kustomization(text)).toEqual([
		'resources: [deployment.yaml]\npatches: [{path: operations.yaml, target: {kind: Deployment}}, { path: patch.yaml }]\n',
	]);
});

test.each(['patches: []\n', 'patches:\n'])('an empty field makes room: %j', empty => {
	expect(kustomization(`${empty}patchesStrategicMerge:\n- patch.yaml\n`)).toEqual([
		'resources: [deployment.yaml]\npatches:\n- path: patch.yaml\n',
	]);
});

test('labels in braces', () => {
	expect(kustomization('commonLabels: {a: b}\n')).toEqual([
		'resources: [deployment.yaml]\nlabels:\n  - includeSelectors: true\n    pairs:\n      a: b\n',
	]);
});

test('nothing is offered that renders something else', () => {
	const text = `namePrefix: x-
patchesJson6902:
- target: {version: v1, kind: Deployment, name: shop}
  patch: |-
    - op: replace
      path: /metadata/name
      value: z
`;
	expect(kustomization(text)).toEqual([]);
});

const withVars = (args: string) => `-- kustomization.yaml --
resources:
- objects.yaml
vars:
- name: HOST
  objref:
    apiVersion: v1
    kind: Service
    name: shop
- name: PORT
  objref:
    apiVersion: v1
    kind: Service
    name: shop
  fieldref:
    fieldpath: spec.ports[0].name
-- objects.yaml --
apiVersion: v1
kind: Service
metadata:
  name: shop
spec:
  ports:
  - name: web
    port: 80
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  template:
    spec:
      containers:
      - name: shop
        image: shop:1
        env:
        - name: HOST
          value: $(HOST)
        - name: URL
          value: ${args}
`;

test('vars become replacements, with placeholders where they stood', () => {
	const files = fixed(withVars('"http://$(HOST):$(PORT)/path"'))['Turn vars into replacements'];
	expect(files).toBeUndefined();
	const better = fixed(withVars('"http:$(HOST):$(PORT)"'))['Turn vars into replacements'];
	expect(better?.['kustomization.yaml']).toBe(`resources:
- objects.yaml
replacements:
- source:
    version: v1
    kind: Service
    name: shop
    fieldPath: metadata.name
  targets:
    - select:
        kind: Deployment
        name: shop
      fieldPaths:
        - "spec.template.spec.containers.[name=shop].env.[name=HOST].value"
    - select:
        kind: Deployment
        name: shop
      fieldPaths:
        - "spec.template.spec.containers.[name=shop].env.[name=URL].value"
      options:
        delimiter: ":"
        index: 1
- source:
    version: v1
    kind: Service
    name: shop
    fieldPath: spec.ports.0.name
  targets:
    - select:
        kind: Deployment
        name: shop
      fieldPaths:
        - "spec.template.spec.containers.[name=shop].env.[name=URL].value"
      options:
        delimiter: ":"
        index: 2
`);
	expect(better?.['objects.yaml']).toContain(
		'value: HOST_PLACEHOLDER\n        - name: URL\n          value: "http:HOST_PLACEHOLDER:PORT_PLACEHOLDER"\n',
	);
});

test('vars whose value comes later than replacements do stay', () => {
	const prefixed = withVars('"$(PORT)"').replace('vars:', 'namePrefix: a-\nvars:');
	expect(Object.keys(fixed(prefixed))).toEqual(['Turn vars into replacements']);
	const overlay = `${withVars('"$(PORT)"').replaceAll(/^-- (?=kust|obj)/gm, '-- base/')}-- kustomization.yaml --
namePrefix: a-
resources: [base]
`;
	expect(fixed(overlay, 'base/kustomization.yaml')).toEqual({});
});

import { describe, expect, test } from 'vitest';
import { addressOf, nodeAt } from '../../../server/src/core/yaml/node';
import { buildFixture, printed } from '../../support/build';

const RESOURCES = `-- r.yaml --
apiVersion: v1
kind: ConfigMap
metadata:
  name: src
data:
  host: db.example.com
  image: "registry:5000/app:1.2"
  port: "8080"
  tree: {a: 1}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 1
  labels: [one, two]
  containers:
  - {name: web, image: "web:0"}
  - {name: web-extra, image: "extra:0"}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: target
data:
  app.yaml: |
    # where
    db:
      host: localhost # here
      ports: [1, 2]
  app.json: '{"db": {"host": "localhost", "port": 1}}'
`;

function replace(source: string, target: string, kind = 'Deployment') {
	const select = kind === 'Deployment' ? 'kind: Deployment' : 'name: target';
	return buildFixture(`${RESOURCES}-- kustomization.yaml --
resources: [r.yaml]
replacements:
- source: {kind: ConfigMap, name: src, ${source}}
  targets:
  - select: {${select}}
    ${target}
`);
}

const WRITES: readonly (readonly [what: string, source: string, target: string, kind: string, has: string])[] = [
	['the type of a target stays', 'fieldPath: data.port', 'fieldPaths: [spec.replicas]', 'Deployment', 'replicas: 8080'],
	[
		'an unanchored expression finds both',
		'fieldPath: data.host',
		'fieldPaths: ["spec.containers.[name=web].image"]',
		'Deployment',
		'- image: db.example.com\n    name: web\n  - image: db.example.com\n    name: web-extra',
	],
	[
		'a dot in front says nothing',
		'fieldPath: .data.host',
		'fieldPaths: [.spec.template.name]\n    options: {create: true}',
		'Deployment',
		'template:\n    name: db.example.com',
	],
	[
		'an anchored one finds one',
		'fieldPath: data.host',
		'fieldPaths: ["spec.containers.[name=^web$].image"]',
		'Deployment',
		'- image: extra:0\n    name: web-extra',
	],
	[
		'every element',
		'fieldPath: data.host',
		'fieldPaths: [spec.labels.*]',
		'Deployment',
		'- db.example.com\n  - db.example.com',
	],
	[
		'a piece into a piece',
		'fieldPath: data.image, options: {delimiter: ":", index: 2}',
		'fieldPaths: [spec.containers.0.image]\n    options: {delimiter: ":", index: 1}',
		'Deployment',
		'image: web:1.2',
	],
	[
		'a piece in front',
		'fieldPath: data.host',
		'fieldPaths: [spec.containers.0.image]\n    options: {delimiter: /, index: -1}',
		'Deployment',
		'image: db.example.com/web:0',
	],
	[
		'create makes lists by index',
		'fieldPath: data.port',
		'fieldPaths: [spec.x.0.z]\n    options: {create: true}',
		'Deployment',
		'x:\n  - z: 8080',
	],
	[
		'create makes elements by key',
		'fieldPath: data.host',
		'fieldPaths: ["spec.containers.[name=new].image"]\n    options: {create: true}',
		'Deployment',
		'- image: db.example.com\n    name: new',
	],
	['a whole map', 'fieldPath: data.tree', 'fieldPaths: [spec.containers]', 'Deployment', 'containers:\n    a: 1'],
	[
		'YAML in a text keeps styles and comments',
		'fieldPath: data.host',
		'fieldPaths: ["data.app\\\\.yaml.db.host"]',
		'target',
		'# where\n    db:\n      host: db.example.com # here\n      ports: [1, 2]',
	],
	[
		'JSON in a text stays compact',
		'fieldPath: data.port',
		'fieldPaths: ["data.[app.json].db.port"]',
		'target',
		`'{"db":{"host":"localhost","port":8080}}'`,
	],
];

describe('replacements write', () => {
	test.each(WRITES)('%s', (_what, source, target, kind, has) => {
		const build = replace(source, target, kind);
		expect(build.problems.map(problem => problem.message)).toEqual([]);
		expect(printed(build, 'none')).toContain(has);
	});
});

const FAILURES: readonly (readonly [source: string, target: string, code: string, message: string, details: string])[] =
	[
		[
			'fieldPath: data.hots',
			'fieldPaths: [spec.replicas]',
			'kustomize/replacement-source',
			'ConfigMap/src has no value at `data.hots`; did you mean `host`?',
			'fieldPath `data.hots` is missing for replacement source ConfigMap.[noVer].[noGrp]/src.[noNs]',
		],
		[
			'fieldPath: data.host',
			'fieldPaths: [spec.replica]',
			'kustomize/replacement-target',
			'Deployment/web has no field `spec.replica`; did you mean `replicas`?',
			'unable to find field "spec.replica" in replacement target',
		],
		[
			'fieldPath: data.host',
			'fieldPaths: [spec.replicas]',
			'kustomize/replacement-target',
			'`db.example.com` cannot be put here: the field of Deployment/web is a whole number, and a replacement keeps the type',
			'yaml: cannot decode !!str `db.example.com` as a !!int',
		],
		[
			'fieldPath: data.image, options: {delimiter: ":", index: 9}',
			'fieldPaths: [spec.replicas]',
			'kustomize/replacement-source',
			'`index: 9` is beyond the 3 pieces that `:` cuts the value into, which count from 0',
			'options.index 9 is out of bounds for value registry:5000/app:1.2',
		],
		[
			'fieldPath: data.tree',
			'fieldPaths: [spec.labels]\n    options: {delimiter: "/"}',
			'kustomize/replacement-target',
			'`delimiter` needs a text, but this is a list or a map',
			'delimiter option can only be used with scalar nodes',
		],
		[
			'fieldPath: data.host',
			'fieldPaths: [spec.labels.5]',
			'kustomize/replacement-target',
			'`spec.labels.5` cannot be followed in Deployment/web: index 5 specified but only 2 elements found',
			'unable to find field "spec.labels.5" in replacement target: index 5 specified but only 2 elements found',
		],
		[
			'fieldPath: data.host',
			'fieldPaths: ["spec.containers.[name=^a$].image"]\n    options: {create: true}',
			'kustomize/replacement-target',
			'`spec.containers.[name=^a$].image` cannot be followed in Deployment/web: an element made for `[name=^a$]` does not match it',
			'unable to find or create field "spec.containers.[name=^a$].image" in replacement target: an element made for `[name=^a$]` does not match it',
		],
	];

test.each(FAILURES)('%s into %s fails', (source, target, code, message, details) => {
	const build = replace(source, target);
	expect(build.problems).toMatchObject([{ code, message, details, fatal: true }]);
});

test('a target that selects nothing is a warning with the nearest name', () => {
	const build = replace('fieldPath: data.host', 'fieldPaths: [data.x]').problems;
	expect(build).toHaveLength(1);
	const none = buildFixture(`${RESOURCES}-- kustomization.yaml --
resources: [r.yaml]
replacements:
- sourceValue: x
  targets:
  - select: {kind: Deployment, name: wbe}
    fieldPaths: [spec.replicas]
`);
	expect(none.failed).toBe(false);
	expect(none.problems).toMatchObject([
		{
			code: 'kustomize/target-without-match',
			severity: 'warning',
			message: 'this selects no resource, so the value goes nowhere; did you mean `name: web`?',
		},
	]);
	expect(none.applications.filter(({ step }) => step === 'replacement')).toMatchObject([
		{ step: 'replacement', matched: [], changed: false },
	]);
});

test('a replaced field knows the entry that wrote it, in its own file, and what stood there', () => {
	const build = buildFixture(`${RESOURCES}-- kustomization.yaml --
resources: [r.yaml]
replacements:
- path: more.yaml
-- more.yaml --
- source: {name: src, fieldPath: data.port}
  targets:
  - select: {kind: Dep.*}
    reject: [{name: other}]
    fieldPaths: [spec.labels.0, spec.replicas]
`);
	expect(build.problems).toEqual([]);
	const node = nodeAt(build.resources[1]!.node, ['spec', 'replicas'])!;
	expect(node.origin.step).toBe('replacement');
	expect(addressOf(node.origin)).toEqual({
		file: '/repo/more.yaml',
		document: 0,
		path: [0, 'targets', 0, 'fieldPaths', 1],
	});
	expect(addressOf(node.origin.replaced!)).toMatchObject({ file: '/repo/r.yaml', path: ['spec', 'replicas'] });
	expect(build.applications.filter(({ step }) => step === 'replacement')).toMatchObject([
		{ step: 'replacement', matched: [{ kind: 'Deployment', name: 'web' }], changed: true },
	]);
});

test('an empty sourceValue is a value, and a source without namespace is in `default`, whatever its scope', () => {
	const build = buildFixture(`${RESOURCES}---
apiVersion: v1
kind: Namespace
metadata:
  name: shop
-- kustomization.yaml --
resources: [r.yaml]
replacements:
- sourceValue: ""
  targets:
  - select: {name: web}
    fieldPaths: [spec.labels.0]
- source: {kind: Namespace, namespace: default}
  targets:
  - select: {name: web}
    fieldPaths: [spec.labels.1]
`);
	expect(build.problems).toEqual([]);
	expect(printed(build, 'none')).toContain('labels:\n  - ""\n  - shop');
});

test('a name that a prefix wrote is what its text looks like once a replacement writes it, too', () => {
	const build = buildFixture(`${RESOURCES}-- base/kustomization.yaml --
resources: [c.yaml]
namePrefix: p-
-- base/c.yaml --
apiVersion: v1
kind: ConfigMap
metadata:
  name: own
data:
  text: a
-- kustomization.yaml --
resources: [base]
replacements:
- sourceValue: "true"
  targets:
  - select: {name: own}
    fieldPaths: [metadata.name, data.text]
`);
	expect(build.problems).toEqual([]);
	expect(printed(build, 'none')).toBe(
		'apiVersion: v1\ndata:\n  text: "true"\nkind: ConfigMap\nmetadata:\n  name: true\n',
	);
});

/** What a build is made of: resources, bases, components, generators and the transformers of a kustomization's fields. */
import { describe, expect, test } from 'vitest';
import { Database } from '../../../server/src/core/base/query';
import { build } from '../../../server/src/core/kustomize/build';
import { contentOf } from '../../../server/src/core/workspace/documents';
import { nodeAt, stringNode, withEntry } from '../../../server/src/core/yaml/node';
import { buildFixture, buildOf, failures, printed } from '../../support/build';
import { fixture, memorySource } from '../../support/fixture';

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
      - envFrom:
        - configMapRef:
            name: settings
        image: nginx:1
        name: web
`;

test('an overlay on a base: namespace, prefix, labels, images, replicas, and the references that follow', () => {
	const result = buildFixture(
		`-- base/kustomization.yaml --
resources: [web.yaml]
configMapGenerator:
- name: settings
  literals: [a=b]
-- base/web.yaml --
${DEPLOYMENT}-- over/kustomization.yaml --
resources: [../base]
namespace: shop
namePrefix: blue-
labels:
- pairs: {team: fruit}
  includeTemplates: true
images:
- {name: nginx, newTag: "2"}
replicas:
- {name: web, count: 3}
`,
		'over',
	);
	expect(failures(result)).toEqual([]);
	expect(printed(result, 'legacy')).toBe(`apiVersion: v1
data:
  a: b
kind: ConfigMap
metadata:
  labels:
    team: fruit
  name: blue-settings-4h2mbtbbt6
  namespace: shop
---
apiVersion: apps/v1
kind: Deployment
metadata:
  labels:
    team: fruit
  name: blue-web
  namespace: shop
spec:
  replicas: 3
  template:
    metadata:
      labels:
        team: fruit
    spec:
      containers:
      - envFrom:
        - configMapRef:
            name: blue-settings-4h2mbtbbt6
        image: nginx:2
        name: web
`);
});

describe('one failure hides neither the others nor the rest of the build', () => {
	test('a missing file, a missing directory and a duplicate', () => {
		const result = buildFixture(`-- kustomization.yaml --
resources: [web.yaml, wbe.yaml, ../gone, web.yaml]
namePrefix: x-
-- web.yaml --
${DEPLOYMENT}`);
		expect(failures(result)).toEqual([
			'kustomize/missing-resource /repo/kustomization.yaml#resources.1: `wbe.yaml` does not exist; did you mean `web.yaml`?',
			'kustomize/missing-resource /repo/kustomization.yaml#resources.2: `../gone` does not exist',
			'kustomize/duplicate-id /repo/kustomization.yaml#resources.3: Deployment/web is there already: `web.yaml` brings the same file a second time',
		]);
		expect(result.failed).toBe(true);
		expect(result.resources.map(({ id }) => id.name)).toEqual(['x-web']);
	});

	test('a base that cannot be read at all', () => {
		const result = buildFixture(
			`-- base/kustomization.yaml --
resources: [
-- over/kustomization.yaml --
resources: [../base, web.yaml]
-- over/web.yaml --
${DEPLOYMENT}`,
			'over',
		);
		expect(result.failed).toBe(true);
		expect(result.resources.map(({ id }) => id.name)).toEqual(['web']);
	});
});

test('a directory without kustomization is told where it is listed, however deep that is', () => {
	const result = buildFixture(
		`-- a/kustomization.yaml --
resources: [../b]
-- b/kustomization.yaml --
resources: [../c]
-- c/Kustomization.yaml --
resources: []
`,
		'a',
	);
	expect(failures(result)).toEqual([
		'kustomize/no-kustomization-file /repo/b/kustomization.yaml#resources.0: the directory `../c` has no kustomization.yaml; is `Kustomization.yaml` meant to be it?',
	]);
});

test('another kustomization stands in for the root only, as Flux edits it', () => {
	const source = memorySource(
		fixture(`-- base/kustomization.yaml --
resources: [web.yaml]
-- base/web.yaml --
${DEPLOYMENT}-- over/kustomization.yaml --
resources: [../base]
`).files,
	);
	const origin = { step: 'flux', file: '/repo/ks.yaml', document: 0, link: undefined } as const;
	const file = contentOf(new Database(source), '/repo/over/kustomization.yaml')[0]?.root;
	if (file?.kind !== 'map') throw new Error('the fixture is a map');
	const result = buildOf(source, '/repo/over', {
		kustomization: withEntry(file, 'namePrefix', stringNode('flux-', origin)),
	});
	expect(result.resources.map(({ id }) => id.name)).toEqual(['flux-web']);
	expect(nodeAt(result.resources[0]?.node, ['metadata', 'name'])?.origin).toMatchObject({
		step: 'prefix',
		file: '/repo/ks.yaml',
	});
});

test.each([
	['itself', '-- kustomization.yaml --\nresources: [.]\n', '', ['kustomize/cycle']],
	[
		'each other',
		'-- a/kustomization.yaml --\nresources: [../b]\n-- b/kustomization.yaml --\nresources: [../a]\n',
		'a',
		['kustomize/cycle'],
	],
	[
		'three in a ring, one through a component',
		`-- a/kustomization.yaml --
resources: [../b]
-- b/kustomization.yaml --
components: [../c]
-- c/kustomization.yaml --
kind: Component
resources: [../a]
`,
		'a',
		['kustomize/cycle'],
	],
	[
		'a directory that contains one on the way',
		`-- env/prod/kustomization.yaml --
resources: [../../base]
-- base/kustomization.yaml --
resources: [../env]
-- env/kustomization.yaml --
configMapGenerator: [{name: a}]
`,
		'env/prod',
		['kustomize/cycle'],
	],
])('circles are found: %s', (_name, text, directory, codes) => {
	const result = buildFixture(text, directory);
	expect(result.problems.filter(problem => problem.fatal).map(problem => problem.code)).toEqual(codes);
});

test('where each value of a generated ConfigMap comes from', () => {
	const { resources } = buildFixture(`-- kustomization.yaml --
configMapGenerator:
- name: settings
  literals: [a=1]
  files: [b=values.yaml]
  envs: [c.env]
-- values.yaml --
x: y
-- c.env --
C=3
`);
	const data = resources[0]!.node.entries.find(entry => entry.key === 'data')?.value;
	const origins = (data?.kind === 'map' ? data.entries : []).map(({ key, value: { origin } }) => {
		const path: (string | number)[] = [];
		for (let at = origin.link; at; at = at.parent) path.unshift(at.key);
		return `${key}: ${origin.step} ${origin.file}#${path.join('.')}`;
	});
	expect(origins).toEqual([
		'C: generator /repo/c.env#C',
		'a: generator /repo/kustomization.yaml#configMapGenerator.0.literals.0',
		'b: generator /repo/values.yaml#',
	]);
});

test('a changed value remembers what it replaced', () => {
	const { resources } = buildFixture(`-- kustomization.yaml --
resources: [web.yaml]
namePrefix: a-
images: [{name: nginx, newTag: "2"}]
-- web.yaml --
${DEPLOYMENT}`);
	const steps: string[] = [];
	const visit = (node: (typeof resources)[0]['node']['entries'][0]['value']): void => {
		if (node.kind === 'map') node.entries.forEach(entry => visit(entry.value));
		else if (node.kind === 'seq') node.items.forEach(visit);
		else if (node.origin.replaced)
			steps.push(`${node.text}: ${node.origin.step} over ${node.origin.replaced.step} in ${node.origin.replaced.file}`);
	};
	visit(resources[0]!.node);
	expect(steps).toEqual([
		'a-web: prefix over resource in /repo/web.yaml',
		'nginx:2: images over resource in /repo/web.yaml',
	]);
});

test('what needs the network, helm or a container is named and left out', () => {
	const { problems, failed } = buildFixture(`-- kustomization.yaml --
resources:
- https://example.com/x.yaml
- github.com/org/repo//path?ref=v1
helmCharts: [{name: x}]
transformers:
- |-
  apiVersion: example.com/v1
  kind: Fn
  metadata:
    name: fn
    annotations:
      config.kubernetes.io/function: "container: {image: x}"
`);
	expect(failed).toBe(false);
	expect(problems.map(({ code, severity, at }) => `${severity} ${code} ${at.path.join('.')}`)).toEqual([
		'information kustomize/remote-resource resources.0',
		'information kustomize/remote-resource resources.1',
		'information kustomize/not-supported helmCharts.0',
		'information kustomize/not-supported transformers.0',
	]);
});

test('the base is built once for two overlays', () => {
	const files = `-- base/kustomization.yaml --
resources: [web.yaml]
-- base/web.yaml --
${DEPLOYMENT}-- a/kustomization.yaml --
resources: [../base]
-- b/kustomization.yaml --
resources: [../base]
`;
	const db = new Database(memorySource(fixture(files).files));
	const options = { loadRestrictor: 'LoadRestrictionsRootOnly' } as const;
	const [a, b] = [build(db, '/repo/a', options), build(db, '/repo/b', options)];
	expect(db.runs.get('accumulation')).toBe(3);
	expect(a.resources[0]).toBeDefined();
	expect(a.resources[0]?.node).toBe(b.resources[0]?.node);
});

test('a slash in front of the path of a field spec says nothing', () => {
	const result = buildFixture(`-- kustomization.yaml --
resources: [web.yaml]
transformers: [labels.yaml, values.yaml]
-- web.yaml --
apiVersion: v1
kind: ConfigMap
metadata: {name: web}
-- labels.yaml --
apiVersion: builtin
kind: LabelTransformer
metadata: {name: labels}
labels: {team: fruit}
fieldSpecs: [{path: /metadata/labels, create: true}]
-- values.yaml --
apiVersion: builtin
kind: ValueAddTransformer
metadata: {name: values}
value: blue
targets: [{fieldPath: /data/color}]
`);
	expect(failures(result)).toEqual([]);
	expect(printed(result, 'none')).toBe(`apiVersion: v1
data:
  color: blue
kind: ConfigMap
metadata:
  labels:
    team: fruit
  name: web
`);
});

import { describe, expect, test } from 'vitest';
import { formatPath } from '../../../server/src/core/base/address';
import { describeId } from '../../../server/src/core/kube/resource-id';
import { buildFixture, printed } from '../../support/build';

const WEB = 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  namespace: shop\nspec:\n  replicas: 1\n';

const repo = (kustomization: string, more = '') =>
	`-- kustomization.yaml --\nresources: [web.yaml]\n${kustomization}\n-- web.yaml --\n${WEB}${more}`;

const problemsOf = (text: string) =>
	buildFixture(text).problems.map(({ code, at, message, details }) => ({
		code,
		at: `${at.file.replace('/repo/', '')}#${formatPath(at.path)}${at.within ? `>${formatPath(at.within.path)}` : ''}`,
		message,
		details,
	}));

describe('a merge patch finds its resource by what it says itself', () => {
	test('in the same namespace', () => {
		const id = '{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop}, spec: {replicas: 2}}';
		expect(printed(buildFixture(repo(`patches:\n- patch: "${id}"`)), 'none')).toContain('replicas: 2');
	});
	test.each([
		['apps/v1beta1', 'Deployment', 'web', 'shop', 'here its apiVersion is apps/v1', '>apiVersion'],
		['apps/v1', 'Deployment', 'web', 'shpo', 'here it is in namespace `shop`', '>metadata.namespace'],
		['apps/v1', 'Deployment', 'wbe', 'shop', 'did you mean `web`?', '>metadata.name'],
		['apps/v1', 'StatefulSet', 'web', 'shop', 'there is a Deployment/web in namespace shop', '>kind'],
	])('%s %s %s in %s', (apiVersion, kind, name, namespace, why, at) => {
		const text = repo(
			`patches:\n- patch: |\n    apiVersion: ${apiVersion}\n    kind: ${kind}\n    metadata: {name: ${name}, namespace: ${namespace}}`,
		);
		const [problem, ...more] = problemsOf(text);
		expect(more).toEqual([]);
		expect(problem!.code).toBe('kustomize/patch-without-match');
		expect(problem!.message).toContain(why);
		expect(problem!.at).toBe(`kustomization.yaml#patches[0].patch${at}`);
		const group = apiVersion.replace(/^(.*)\/(.*)$/, '$2.$1');
		expect(problem!.details).toContain(
			`no matches for Id ${kind}.${group}/${name}.${namespace}; failed to find unique target`,
		);
	});
});

test('a patch may not change kind, name and namespace, unless its options let it', () => {
	const patch = 'patch: "{apiVersion: apps/v2, kind: Foo, metadata: {name: x, namespace: y}, spec: {replicas: 2}}"';
	const kept = buildFixture(repo(`patches:\n- target: {kind: Deployment}\n  ${patch}`));
	expect(describeId(kept.resources[0]!.id)).toBe('Deployment/web in namespace shop');
	const changed = buildFixture(
		repo(
			`patches:\n- target: {kind: Deployment}\n  options: {allowNameChange: true, allowKindChange: true}\n  ${patch}`,
		),
	);
	expect(describeId(changed.resources[0]!.id)).toBe('Foo/x in namespace shop');
});

test('with a target null does not delete labels: the copy of the patch has texts for them', () => {
	const patch =
		'patch: "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, namespace: shop, labels: {a: null}}}"';
	const labels = (target: string) =>
		/labels:\n {4}a: (.*)/.exec(printed(buildFixture(repo(`patches:\n- ${target}${patch}`)), 'none'))?.[1];
	expect(labels('target: {kind: Deployment}\n  ')).toBe('"null"');
	expect(labels('')).toBeUndefined();
});

test('with a target the copy of the patch has the apiVersion of what it is for, an empty one where that has none', () => {
	const text = `-- kustomization.yaml --
resources: [a.yaml]
patches:
- target: {name: a}
  patch: '{apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {k: v}}'
-- a.yaml --
kind: ConfigMap
metadata: {name: a}
`;
	const expected = 'apiVersion: null\ndata:\n  k: v\nkind: ConfigMap\nmetadata:\n  name: a\n';
	expect(printed(buildFixture(text), 'none')).toBe(expected);
});

test('a deleted resource is gone', () => {
	expect(
		buildFixture(
			repo('patches:\n- target: {name: web}\n  patch: "{kind: Deployment, metadata: {name: a}, $patch: delete}"'),
		).resources,
	).toEqual([]);
});

test('a JSON patch finds annotations where the object has none, since kustomize keeps its books in them', () => {
	const operations = '- {op: add, path: /metadata/annotations/a, value: b}';
	const built = (field: string) =>
		buildFixture(repo(`${field}:\n- target: {kind: Deployment, name: web}\n  patch: "${operations}"`));
	expect(printed(built('patches'), 'none')).toContain('  annotations:\n    a: b\n');
	expect(built('patchesJson6902').failed).toBe(true);
});

test('numbers go through float64 on their way through a JSON patch', () => {
	const text = repo(
		'patches:\n- target: {kind: Deployment}\n  patch: "- {op: add, path: /spec/x, value: 9007199254740993}"',
	);
	expect(printed(buildFixture(text), 'none')).toContain('  x: 9007199254740992\n');
});

test('what a patch did is told, and where', () => {
	const { applications } = buildFixture(
		`${repo('patches:\n- path: p.yaml\n- target: {kind: Deployment}\n  patch: "- {op: replace, path: /spec/replicas, value: 2}"')}-- p.yaml --\n${WEB.replace('replicas: 1', 'replicas: 2')}`,
	);
	expect(
		applications
			.filter(({ step }) => step === 'patch')
			.map(({ at, matched, changed }) => [at.file, formatPath(at.path), matched.map(describeId), changed]),
	).toEqual([
		['/repo/p.yaml', '', ['Deployment/web in namespace shop'], true],
		['/repo/kustomization.yaml', 'patches[1]', ['Deployment/web in namespace shop'], false],
	]);
});

test.each([
	['neither path nor patch', 'patches:\n- target: {kind: Deployment}', 'must specify one of patch and path'],
	['both', 'patches:\n- path: a.yaml\n  patch: "a: b"', "patch and path can't be set at the same time"],
	['no patch at all', 'patches:\n- patch: nonsense', 'unable to parse SM or JSON patch from [patch: "nonsense"]'],
	[
		'no target',
		'patches:\n- patch: "[]\\n"\n- patch: "- {op: remove, path: /spec}"',
		'must specify a target for JSON patch [patch: "- {op: remove, path: /spec}"]',
	],
	[
		'several with a target',
		'patches:\n- target: {kind: Deployment}\n  patch: |\n    {kind: A, metadata: {name: a}}\n    ---\n    {kind: A, metadata: {name: a}}',
		'Multiple Strategic-Merge Patches in one `patches` entry',
	],
	[
		'no name in the target',
		'patchesJson6902:\n- target: {kind: Deployment}\n  patch: "[]"',
		'must specify the target name',
	],
	[
		'an empty list',
		'patchesJson6902:\n- target: {name: web}\n  patch: "[]"',
		'patch appears to be empty; file=, JsonOp=[]',
	],
	['nothing to merge', 'patchesStrategicMerge:\n- ""', 'patch appears to be empty; files=[], Patch='],
])('%s', (_name, kustomization, details) => {
	const fatal = buildFixture(repo(kustomization)).problems.filter(problem => problem.fatal);
	expect(fatal.map(problem => problem.code)).toEqual(['kustomize/invalid-patch']);
	expect(fatal[0]!.details).toContain(details);
});

test('empty patches do nothing', () => {
	expect(buildFixture(`${repo('patches:\n- path: p.yaml')}-- p.yaml --\n# to come\n`).failed).toBe(false);
});

test('a target that selects nothing is warned of, with the nearest', () => {
	expect(problemsOf(repo('patches:\n- target: {kind: Deploymet}\n  patch: "- {op: remove, path: /spec}"'))).toEqual([
		{
			code: 'kustomize/target-without-match',
			at: 'kustomization.yaml#patches[0].target',
			message: 'this target selects no resource, so the patch does nothing; did you mean `kind: Deployment`?',
			details: undefined,
		},
	]);
});

test('an operation that fails is told at the operation, in the patch file too', () => {
	const [problem] = problemsOf(
		`${repo('patches:\n- target: {name: web}\n  path: p.yaml')}-- p.yaml --\n- {op: test, path: /spec/replicas, value: 1}\n- {op: remove, path: /spec/replica}\n`,
	);
	expect([problem!.code, problem!.at, problem!.message]).toEqual([
		'kustomize/patch-failed',
		'p.yaml#[1].path',
		'this operation does not apply to Deployment/web in namespace shop: `spec` has no `replica`; did you mean `replicas`?',
	]);
});

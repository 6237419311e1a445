/** Hover, definition, references, completion and rename on one small tree. */
import { expect, test } from 'vitest';
import { analyse, applied, complete, definition, diagnostics, hover, references } from '../support/check';
import { shop } from '../support/shop';

test('all that is reported of the tree is a value that both environments set', () => {
	expect(diagnostics(analyse(shop()))).toEqual(['base/deployment.yaml:19 base/overridden-everywhere "value"']);
});

test.each([
	['a listed file', ['  - deployment.yaml', '  - deploy$0ment.yaml'], ['base/deployment.yaml:1']],
	['a base', ['  - ../base\nconfigMapGenerator', '  - ../b$0ase\nconfigMapGenerator'], ['base/kustomization.yaml:1']],
	['a patch file', ['path: patches/web-patch', 'path: patches/w$0eb-patch'], ['staging/patches/web-patch.yaml:1']],
	['a field of a strategic merge patch', ['value: green', 'value: gr$0een'], ['base/deployment.yaml:19']],
	[
		'a field of a JSON6902 patch',
		['path: /spec/template/spec/containers/0/env', 'path: /spec/template/$0spec/containers/0/env'],
		['base/deployment.yaml:19'],
	],
	[
		'the name in a patch, which is the same in the base',
		['  name: web\n  namespace: shop\nspec:\n  template', '  name: we$0b\n  namespace: shop\nspec:\n  template'],
		['base/deployment.yaml:4'],
	],
	[
		'the target of a patch',
		['kind: Deployment\n      name: web', 'kind: Deployment\n      name: w$0eb'],
		['base/deployment.yaml:1'],
	],
	['an image', ['newTag: 1.1.0', 'newTag: 1.$01.0'], ['base/deployment.yaml:16']],
	['a replica count', ['count: 3', 'count: $03'], ['base/deployment.yaml:7']],
	['a key of values', ['replicaCount: 2', 'replica$0Count: 2'], ['base/helm/values.yaml:1']],
	['a nested key of values', ['enabled: true', 'enabled: t$0rue'], ['base/helm/values.yaml:3']],
	['the source of a HelmRelease', ['        name: charts', '        name: cha$0rts'], ['base/helmrepository.yaml:1']],
	[
		'the ConfigMap of values',
		['name: api-values-env\n-- base', 'name: api-val$0ues-env\n-- base'],
		['production/kustomization.yaml:4', 'staging/kustomization.yaml:4'],
	],
] as const)('definition of %s', (_, edit, places) => {
	expect(definition(analyse(shop(edit)))).toEqual(places);
});

test('references of a base field are the changes of each environment', () => {
	expect(references(analyse(shop(['value: blue', 'value: bl$0ue'])))).toEqual([
		'production production/kustomization.yaml:19',
		'staging staging/patches/web-patch.yaml:13',
	]);
});

test('references of a base value are the values files over it', () => {
	expect(references(analyse(shop(['replicaCount: 1', 'replicaCount: $01'])))).toEqual([
		'production production/helm/values.yaml:1',
	]);
});

test('hover shows the value in every environment and who wrote it', () => {
	const text = hover(analyse(shop(['value: blue', 'value: bl$0ue'])));
	expect(text).toContain('`spec.template.spec.containers[0].env[0].value` of `Deployment/web in namespace shop`');
	expect(text).toContain(
		'| `staging` | `green` | `patch · staging/patches/web-patch.yaml:13` over `base/deployment.yaml:19` |',
	);
	expect(text).toMatch(
		/\| `production` \| `black` \| `patch · production\/kustomization.yaml:\d+` over `base\/deployment.yaml:19` \|/,
	);
});

test('hover on a value shows the merged values of each environment', () => {
	const text = hover(analyse(shop(['replicaCount: 1', 'replica$0Count: 1'])));
	expect(text).toContain('`replicaCount` of `values of HelmRelease/api in namespace shop`');
	expect(text).toMatch(/\| `production` \| `2` \|.*production\/helm\/values.yaml:1` over .*base\/helm\/values.yaml:1/);
	expect(text).toMatch(/\| `staging` \| `1` \|/);
});

test.each([
	['keys of values that the base has', ['ingress:\n  enabled: true', 'ingress:\n  enabled: true\n  $0'], ['className']],
	['a half-typed key', ['ingress:\n  enabled: true', 'ingress:\n  cl$0'], ['className', 'enabled']],
	['a value', ['replicaCount: 2', 'replicaCount: $0'], ['1']],
	[
		'files that are not listed yet',
		['  - helmrelease.yaml', '  - helmrelease.yaml\n  - $0'],
		['../', 'helm/', 'sealed-secrets/'],
	],
] as const)('completion of %s', (_, edit, labels) => {
	expect(complete(analyse(shop(edit)))).toEqual(labels);
});

test('completion in a patch offers the fields that the base has, and those of the kind', () => {
	const labels = complete(
		analyse(shop(['          env:\n            - name: COLOUR\n              value: green', '          $0'])),
	);
	expect(labels.slice(0, 2)).toEqual(['env', 'image']);
	expect(labels).toContain('resources');
});

test('rename changes the object, its patches, selectors and references', () => {
	const analysed = analyse(shop(['metadata:\n  name: web', 'metadata:\n  name: w$0eb']));
	const { caret } = analysed.fixture;
	const change = analysed.analysis.rename(caret!.file, caret!.offset, 'shopfront');
	const after = applied(analysed.fixture, change!);
	expect(Object.keys(after).sort()).toEqual([
		'base/deployment.yaml',
		'production/kustomization.yaml',
		'staging/patches/web-patch.yaml',
	]);
	expect(after['production/kustomization.yaml']).toContain('name: shopfront\n    count: 3');
	expect(after['production/kustomization.yaml']).toContain('kind: Deployment\n      name: shopfront');
	expect(after['base/deployment.yaml']).toContain('name: shopfront\n  namespace: shop');
	expect(after['base/deployment.yaml']).toContain('- name: web');
});

test('lenses stand over the fields of a base that overlays change on purpose', () => {
	const { analysis, fixture } = analyse(shop());
	const lenses = (file: string) =>
		analysis
			.lenses(file)
			.map(({ range, title }) => `${fixture.files.get(file)!.slice(range.start, range.end)} ${title}`);
	expect(lenses('/repo/base/deployment.yaml')).toEqual([
		'replicas changed in production',
		'value changed in production, staging',
		'image changed in staging',
	]);
	expect(lenses('/repo/base/helm/values.yaml')).toEqual([
		'replicaCount changed in production',
		'enabled changed in staging',
	]);
	expect(lenses('/repo/base/helmrelease.yaml')).toEqual([]);
});

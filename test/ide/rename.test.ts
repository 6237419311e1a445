/** Rename of objects, and who names them: one object of several that are called alike, and everything that says its name, wherever. */
import { describe, expect, test } from 'vitest';
import { type Analysed, analyse, applied, diagnostics, references } from '../support/check';

/** The lines that say the new name, by file and number. */
function renamed({ analysis, fixture }: Analysed): string[] {
	const { file, offset } = fixture.caret!;
	const change = analysis.rename(file, offset, 'renamed');
	return Object.entries(change ? applied(fixture, change) : {}).flatMap(([path, text]) =>
		(text ?? '').split('\n').flatMap((line, i) => (line.includes('renamed') ? [`${path}:${i + 1}${line}`] : [])),
	);
}

const flux = (name: string, path: string, more = '') => `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: ${name}
  namespace: flux-system
spec:
  path: ${path}
  prune: true
  interval: 10m
  sourceRef:
    kind: GitRepository
    name: flux-system
${more}`;

const release = (name: string, namespace: string, more = '') => `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  interval: 10m
  chartRef:
    kind: OCIRepository
    name: charts
    namespace: flux-system
${more}`;

describe('a HelmRelease that others wait for', () => {
	const FILES: Readonly<Record<string, string>> = {
		'clusters/prod/flux-system/gotk-sync.yaml': `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: flux-system
  namespace: flux-system
spec:
  interval: 1m
  url: https://git.example.com/fleet
---
${flux('flux-system', './clusters/prod')}---
apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata:
  name: charts
  namespace: flux-system
spec:
  interval: 1m
  url: oci://registry.example.com/charts/redis
`,
		'clusters/prod/databases.yaml': flux(
			'databases',
			'./databases',
			'  healthChecks:\n    - apiVersion: helm.toolkit.fluxcd.io/v2\n      kind: HelmRelease\n      name: redis\n      namespace: shop\n  patches:\n    - target:\n        kind: HelmRelease\n        name: redis\n        namespace: shop\n      patch: |\n        - op: add\n          path: /spec/timeout\n          value: 5m\n',
		),
		'clusters/prod/apps.yaml': flux('apps', './apps'),
		'databases/shop.yaml': release('redis', 'shop'),
		'databases/blog.yaml': release('redis', 'blog'),
		'apps/shop.yaml': release('web', 'shop', '  dependsOn:\n    - name: redis\n'),
		'apps/blog.yaml': release(
			'web',
			'blog',
			'  dependsOn:\n    - name: redis\n    - name: redis\n      namespace: shop\n',
		),
	};
	const at = (path: string, text: string) =>
		analyse(
			Object.entries({ ...FILES, [path]: FILES[path]!.replace(text.replace('$0', ''), () => text) })
				.map(([file, content]) => `-- ${file} --\n${content}`)
				.join(''),
		);

	test('is renamed from every place that says its name, and its namesake is not', () => {
		const all = [
			'apps/blog.yaml:14    - name: renamed',
			'apps/shop.yaml:13    - name: renamed',
			'clusters/prod/databases.yaml:16      name: renamed',
			'clusters/prod/databases.yaml:21        name: renamed',
			'databases/shop.yaml:4  name: renamed',
		];
		expect(renamed(at('databases/shop.yaml', 're$0dis'))).toEqual(all);
		expect(renamed(at('apps/shop.yaml', 're$0dis'))).toEqual(all);
		expect(renamed(at('apps/blog.yaml', 're$0dis\n      namespace: shop'))).toEqual(all);
		expect(renamed(at('clusters/prod/databases.yaml', 're$0dis'))).toEqual(all);
		expect(renamed(at('clusters/prod/databases.yaml', 're$0dis\n        namespace: shop\n      patch'))).toEqual(all);
		expect(renamed(at('databases/blog.yaml', 're$0dis'))).toEqual([
			'apps/blog.yaml:13    - name: renamed',
			'databases/blog.yaml:4  name: renamed',
		]);
	});

	test('is found with all who name it, asked at any of them', () => {
		const namers = ['apps/blog.yaml:14', 'apps/shop.yaml:13', 'clusters/prod/databases.yaml:16'];
		const places = (of: Analysed) => references(of).map(each => each.trim());
		expect(places(at('databases/shop.yaml', 're$0dis'))).toEqual(namers);
		expect(places(at('apps/shop.yaml', 're$0dis'))).toEqual([...namers, 'databases/shop.yaml:4']);
	});
});

const DEPLOYMENT = (name: string) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  selector:
    matchLabels:
      app: x
  template:
    metadata:
      labels:
        app: x
    spec:
      containers:
        - name: web
          image: web
          envFrom:
            - configMapRef:
                name: settings
`;

const PATCHED = (name: string) => `-- base/kustomization.yaml --
resources:
  - deployment.yaml
configMapGenerator:
  - name: settings
    literals:
      - a=b
-- base/deployment.yaml --
${DEPLOYMENT(name)}-- prod/kustomization.yaml --
namespace: shop
namePrefix: our-
resources:
  - ../base
configMapGenerator:
  - name: settings
    behavior: merge
    literals:
      - c=d
patches:
  - patch: |
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: web
      spec:
        replicas: 3
  - path: patch.yaml
replicas:
  - name: web
    count: 2
-- prod/patch.yaml --
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  paused: true
`;

test('patches inside of kustomizations follow, and so do replica counts', () => {
	const expected = [
		'base/deployment.yaml:4  name: renamed',
		'prod/kustomization.yaml:15        name: renamed',
		'prod/kustomization.yaml:20  - name: renamed',
		'prod/patch.yaml:4  name: renamed',
	];
	expect(renamed(analyse(PATCHED('w$0eb')))).toEqual(expected);
	expect(renamed(analyse(PATCHED('web').replace('name: web\n      spec', 'name: w$0eb\n      spec')))).toEqual(
		expected,
	);
	expect(
		renamed(analyse(PATCHED('web').replace('name: web\nspec:\n  paused', 'name: w$0eb\nspec:\n  paused'))),
	).toEqual(expected);
});

test('what a generator makes is renamed with what merges into it, and where a hash follows the name', () => {
	const expected = [
		'base/deployment.yaml:19                name: renamed',
		'base/kustomization.yaml:4  - name: renamed',
		'prod/kustomization.yaml:6  - name: renamed',
	];
	const text = PATCHED('web');
	expect(renamed(analyse(text.replace('- name: settings', '- name: set$0tings')))).toEqual(expected);
	expect(renamed(analyse(text.replace('    name: settings\n--', '    name: set$0tings\n--')))).toEqual(expected);
	expect(renamed(analyse(text.replace('- name: settings\n    behavior', '- name: set$0tings\n    behavior')))).toEqual(
		expected,
	);
});

test('a name of a base that each environment has an object for takes all of these with it', () => {
	const config = (value: string) =>
		`apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  a: ${value}\n`;
	const overlay = (name: string) =>
		`-- ${name}/kustomization.yaml --\nnamespace: shop\nresources:\n  - ../base\n  - config.yaml\n-- ${name}/config.yaml --\n${config(name)}`;
	const tree = `-- base/kustomization.yaml --\nresources:\n  - deployment.yaml\n-- base/deployment.yaml --\n${DEPLOYMENT('web')}${overlay('production')}${overlay('staging')}`;
	expect(
		renamed(
			analyse(tree.replace('name: settings\ndata:\n  a: production', 'name: set$0tings\ndata:\n  a: production')),
		),
	).toEqual([
		'base/deployment.yaml:19                name: renamed',
		'production/config.yaml:4  name: renamed',
		'staging/config.yaml:4  name: renamed',
	]);
});

test('a patch that deletes the object in one environment follows', () => {
	const tree = (inBase: string, inPatch: string) =>
		`-- base/kustomization.yaml --\nresources:\n  - deployment.yaml\n  - service.yaml\n-- base/service.yaml --\napiVersion: v1\nkind: Service\nmetadata:\n  name: web\n-- base/deployment.yaml --\n${DEPLOYMENT(inBase)}-- production/kustomization.yaml --\nresources:\n  - ../base\n-- staging/kustomization.yaml --\nresources:\n  - ../base\npatches:\n  - path: patch.yaml\n-- staging/patch.yaml --\n$patch: delete\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${inPatch}\n`;
	const expected = ['base/deployment.yaml:4  name: renamed', 'staging/patch.yaml:5  name: renamed'];
	expect(renamed(analyse(tree('w$0eb', 'web')))).toEqual(expected);
	expect(renamed(analyse(tree('web', 'w$0eb')))).toEqual(expected);
});

test('nothing is broken afterwards', () => {
	const analysed = analyse(PATCHED('w$0eb'));
	const { file, offset } = analysed.fixture.caret!;
	const codes = (of: Analysed) => diagnostics(of).map(line => line.split(' ')[1]);
	const after = applied(analysed.fixture, analysed.analysis.rename(file, offset, 'renamed')!);
	const all = {
		...Object.fromEntries([...analysed.fixture.files].map(([path, text]) => [path.slice(6), text])),
		...after,
	};
	const text = Object.entries(all)
		.map(([path, content]) => `-- ${path} --\n${content}`)
		.join('');
	expect(codes(analyse(text))).toEqual(codes(analysed));
});

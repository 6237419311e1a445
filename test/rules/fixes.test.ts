/** Quick fixes of findings of the tree's order: the texts that result. */
import { expect, test } from 'vitest';
import { analyse, applied } from '../support/check';
import { ROOT } from '../support/fixture';

/** The titles of what is offered for a code, and the files after the first of them. */
function fixed(text: string, code: string, file: string) {
	const analysed = analyse(text);
	const { analysis, fixture } = analysed;
	const path = `${ROOT}/${file}`;
	const offered = analysis.fixes(path, 0, fixture.files.get(path)!.length).filter(each => each.code === code);
	const [first] = offered;
	return { titles: offered.map(({ title }) => title), files: first && applied(fixture, first.change) };
}

const BASE = `
-- base/kustomization.yaml --
resources:
  - config.yaml
-- base/config.yaml --
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
data:
  level: info
  host: web.staging.example.com
`;

const overlay = (name: string, level: string) => `-- ${name}/kustomization.yaml --
resources:
  - ../base
patches:
  - path: patch.yaml
-- ${name}/patch.yaml --
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
data:
  level: ${level}
`;

test('what all environments say is said in the base, and patches that say nothing else go', () => {
	const tree = BASE + overlay('staging', 'debug') + overlay('production', 'debug');
	const { titles, files } = fixed(tree, 'overlay/same-everywhere', 'staging/patch.yaml');
	expect(titles).toEqual(['Say it in the base, and in no overlay']);
	expect(files).toEqual({
		'base/config.yaml':
			'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\ndata:\n  level: debug\n  host: web.staging.example.com\n',
		'staging/kustomization.yaml': 'resources:\n  - ../base\n',
		'production/kustomization.yaml': 'resources:\n  - ../base\n',
		'staging/patch.yaml': undefined,
		'production/patch.yaml': undefined,
	});
});

test('a field that the base lacks is added to it', () => {
	const extra = (name: string) => overlay(name, name).replace('\ndata:\n', '\ndata:\n  extra: "1"\n');
	const tree = BASE + extra('staging') + extra('production');
	const { files } = fixed(tree, 'overlay/same-everywhere', 'staging/patch.yaml');
	expect(files?.['base/config.yaml']).toMatch(/host: web.staging.example.com\n {2}extra: "1"\n$/);
	expect(files?.['staging/patch.yaml']).not.toMatch(/extra/);
});

test('a value that names an environment moves into an overlay of each', () => {
	const tree = BASE + overlay('staging', 'a') + overlay('production', 'b');
	const { titles, files } = fixed(tree, 'base/environment-name', 'base/config.yaml');
	expect(titles).toEqual(['Move the value into overlays of production, staging']);
	expect(files).toEqual({
		'base/config.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\ndata:\n  level: info\n',
		'staging/patch.yaml': expect.stringMatching(/level: a\n {2}host: web.staging.example.com\n$/) as string,
		'production/patch.yaml': expect.stringMatching(/level: b\n {2}host: web.staging.example.com\n$/) as string,
	});
});

test('a patch is reduced to what differs', () => {
	const data = '\ndata:\n  a: "1"\n  b: "2"\n  c: "3"\n  d: "4"\n  e: "5"\n';
	const base = BASE.replace(/\ndata:[^]*/, data);
	const copy = overlay('production', 'x').replace(/\ndata:[^]*/, data.replace('"5"', '"6"'));
	const tree = base + '-- staging/kustomization.yaml --\nresources:\n  - ../base\n' + copy;
	const { titles, files } = fixed(tree, 'overlay/copied-resource', 'production/patch.yaml');
	expect(titles).toEqual(['Keep only what differs']);
	expect(files).toEqual({
		'production/patch.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\ndata:\n  e: "6"\n',
	});
});

test('a copy of a base’s file becomes a patch of it', () => {
	const service = (type: string, extra = '') => `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: ${type}
  selector:
    app: web
  sessionAffinity: None
  externalName: web.example.com
  ipFamilyPolicy: SingleStack
  healthCheckNodePort: 30000
${extra}`;
	const tree = `
-- base/web/kustomization.yaml --
resources:
  - service.yaml
-- base/web/service.yaml --
${service('ClusterIP', '  publishNotReadyAddresses: true\n')}-- local/web/kustomization.yaml --
resources:
  - ../../base/web
-- staging/web/kustomization.yaml --
resources:
  - ../../base/web
-- production/web/kustomization.yaml --
resources:
  - service.yaml
-- production/web/service.yaml --
${service('LoadBalancer')}-- base/api/kustomization.yaml --
resources:
  - config.yaml
-- base/api/config.yaml --
apiVersion: v1
kind: ConfigMap
metadata:
  name: api
${['local', 'staging', 'production'].map(name => `-- ${name}/api/kustomization.yaml --\nresources:\n  - ../../base/api\n`).join('')}`;
	const { titles, files } = fixed(tree, 'overlay/copied-resource', 'production/web/service.yaml');
	expect(titles).toEqual(['Build on the base, and patch what differs']);
	expect(files).toEqual({
		'production/web/kustomization.yaml':
			'resources:\n  - ../../base/web\npatches:\n  - path: patches/service-patch.yaml\n',
		'production/web/service.yaml': undefined,
		'production/web/patches/service-patch.yaml':
			'apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  publishNotReadyAddresses: null\n  type: LoadBalancer\n',
	});
	// What else the base brings is not the environment's yet.
	const more = tree
		.replace('  - service.yaml\n-- base/web/service.yaml', '  - service.yaml\n  - more.yaml\n-- base/web/service.yaml')
		.concat('-- base/web/more.yaml --\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: more\n');
	expect(fixed(more, 'overlay/copied-resource', 'production/web/service.yaml').titles).toEqual([]);
});

test('a resource that all environments bring moves into the base', () => {
	const bring = (name: string) => `-- ${name}/kustomization.yaml --
resources:
  - ../base
  - regions.yaml
-- ${name}/regions.yaml --
apiVersion: v1
kind: ConfigMap
metadata:
  name: regions
`;
	const tree = BASE + bring('staging') + bring('production');
	const { files } = fixed(tree, 'overlay/same-resource-everywhere', 'staging/regions.yaml');
	expect(files).toEqual({
		'base/regions.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: regions\n',
		'base/kustomization.yaml': 'resources:\n  - config.yaml\n  - regions.yaml\n',
		'staging/kustomization.yaml': 'resources:\n  - ../base\n',
		'production/kustomization.yaml': 'resources:\n  - ../base\n',
		'staging/regions.yaml': undefined,
		'production/regions.yaml': undefined,
	});
	// A base that names its objects otherwise would change them.
	const prefixed = tree.replace('-- base/kustomization.yaml --\n', '-- base/kustomization.yaml --\nnamePrefix: x-\n');
	expect(fixed(prefixed, 'overlay/same-resource-everywhere', 'staging/regions.yaml').titles).toEqual([]);
});

test('a patch of nothing becomes a patch of its neighbour', () => {
	const tree = BASE + overlay('staging', 'a') + overlay('production', 'b').replace('name: web', 'name: wbe');
	const { titles, files } = fixed(tree, 'kustomize/patch-without-match', 'production/patch.yaml');
	expect(titles).toEqual(['Make it a patch of ConfigMap/web']);
	expect(files?.['production/patch.yaml']).toMatch(/name: web\n/);
	const version =
		BASE + overlay('staging', 'a') + overlay('production', 'b').replace('apiVersion: v1', 'apiVersion: v2');
	expect(
		fixed(version, 'kustomize/patch-without-match', 'production/patch.yaml').files?.['production/patch.yaml'],
	).toMatch(/^apiVersion: v1\n/);
});

test('a path with a slip becomes the one that is there', () => {
	const tree = BASE + overlay('staging', 'a') + overlay('production', 'b').replace('../base', '../bsae');
	const { titles, files } = fixed(tree, 'kustomize/missing-resource', 'production/kustomization.yaml');
	expect(titles).toEqual(['Change it to ../base']);
	expect(files?.['production/kustomization.yaml']).toMatch(/^resources:\n {2}- \.\.\/base\n/);
});

test('a README is drafted out of what stands there', () => {
	const component = (name: string) => `-- base/${name}/kustomization.yaml --
resources:
  - config.yaml
-- base/${name}/config.yaml --
apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
data:
  level: info
-- staging/${name}/kustomization.yaml --
resources:
  - ../../base/${name}
-- production/${name}/kustomization.yaml --
resources:
  - ../../base/${name}
patches:
  - patch: |-
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: ${name}
      data:
        level: warn
`;
	const tree = `${component('api')}-- base/api/README.md --\n# api\n\nThe api.\n${component('web')}`;
	const { files } = fixed(tree, 'docs/missing-readme', 'base/web/kustomization.yaml');
	expect(files).toEqual({
		'base/web/README.md': `# web

What web is for, and who relies on it.

## Files

| file | content |
| --- | --- |
| \`config.yaml\` | the ConfigMap \`web\` |

## Environments

| environment | what differs |
| --- | --- |
| production | \`data.level\` |
| staging | nothing |
`,
	});
});

test('a README of a bare title is drafted on', () => {
	const component = (name: string) => `-- base/${name}/README.md --
# ${name}
${name === 'web' ? '' : `\nThe ${name}.\n`}-- base/${name}/kustomization.yaml --
resources: [config.yaml]
-- base/${name}/config.yaml --
apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}
-- staging/${name}/kustomization.yaml --
resources: [../../base/${name}]
-- production/${name}/kustomization.yaml --
resources: [../../base/${name}]
`;
	const { titles, files } = fixed(component('api') + component('web'), 'docs/empty-readme', 'base/web/README.md');
	expect(titles).toEqual(['Draft what it lacks']);
	expect(files!['base/web/README.md']).toMatch(/^# web\n\nWhat web is for, and who relies on it\.\n\n## Files\n/);
});

test('a patch that is written over goes with its file, and so does one that changes nothing', () => {
	const tree = `${BASE}${overlay('staging', 'debug').replace('  - path: patch.yaml\n', '  - path: patch.yaml\n  - path: later.yaml\n')}-- staging/later.yaml --
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
data:
  level: warn
${overlay('production', 'info')}`;
	expect(fixed(tree, 'overlay/overwritten', 'staging/kustomization.yaml').files).toEqual({
		'staging/kustomization.yaml': 'resources:\n  - ../base\npatches:\n  - path: later.yaml\n',
		'staging/patch.yaml': undefined,
	});
	expect(fixed(tree, 'overlay/no-effect', 'production/patch.yaml').files).toEqual({
		'production/kustomization.yaml': 'resources:\n  - ../base\n',
		'production/patch.yaml': undefined,
	});
});

test('a value that all write over is left out of the base', () => {
	const tree = BASE + overlay('staging', 'debug') + overlay('production', 'warn');
	expect(fixed(tree, 'base/overridden-everywhere', 'base/config.yaml').files).toEqual({
		'base/config.yaml':
			'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\ndata:\n  host: web.staging.example.com\n',
	});
});

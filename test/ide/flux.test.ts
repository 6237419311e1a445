/** Flux's names in the editor: paths, sources, dependencies, and variables with their values in each environment. */
import { describe, expect, test } from 'vitest';
import { analyse, applied, complete, definition, hover, references } from '../support/check';

/** Two clusters over one application, with variables of their own, of a ConfigMap that they share, and of a Secret. */
const TREE: Readonly<Record<string, string>> = {
	'apps/web/kustomization.yaml': 'resources:\n  - deployment.yaml\n',
	'apps/web/deployment.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: web
spec:
  replicas: \${replicas:=2}
  template:
    spec:
      containers:
        - name: web
          image: web
          env:
            - name: HOST
              value: web.\${domain}
            - name: KEY
              value: \${key}
            - name: ZONE
              value: \${zone}
`,
	...cluster('production', 'example.com'),
	...cluster('staging', 'staging.example.com'),
	'shared/kustomization.yaml': 'resources:\n  - variables.yaml\n',
	'shared/variables.yaml': `apiVersion: v1
kind: ConfigMap
metadata:
  name: variables
  namespace: flux-system
data:
  zone: eu-1
`,
};

function cluster(name: string, domain: string): Record<string, string> {
	return {
		[`clusters/${name}/flux-system/gotk-sync.yaml`]: `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: flux-system
  namespace: flux-system
spec:
  url: https://git.example.com/fleet
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: flux-system
  namespace: flux-system
spec:
  path: ./clusters/${name}
  sourceRef:
    kind: GitRepository
    name: flux-system
`,
		[`clusters/${name}/shared.yaml`]: `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: shared
  namespace: flux-system
spec:
  path: ./shared
  sourceRef:
    kind: GitRepository
    name: flux-system
`,
		[`clusters/${name}/secret.yaml`]: `apiVersion: v1
kind: Secret
metadata:
  name: keys
  namespace: flux-system
stringData:
  key: key-of-${name}
`,
		[`clusters/${name}/web.yaml`]: `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: web
  namespace: flux-system
spec:
  path: ./apps/web
  dependsOn:
    - name: shared
  sourceRef:
    kind: GitRepository
    name: flux-system
  postBuild:
    substitute:
      domain: ${domain}
    substituteFrom:
      - kind: ConfigMap
        name: variables
      - kind: Secret
        name: keys
`,
	};
}

/** The tree with the caret put behind (or, with `$0` in it, inside of) a text of one file, which may replace another text. */
function at(path: string, text: string, instead = text.replace('$0', '')) {
	const marked = text.includes('$0') ? text : `${text}$0`;
	const files = { ...TREE, [path]: TREE[path]!.replace(instead, () => marked) };
	return analyse(
		Object.entries(files)
			.map(([file, content]) => `-- ${file} --\n${content}`)
			.join(''),
	);
}

const WEB = 'clusters/production/web.yaml';
const DEPLOYMENT = 'apps/web/deployment.yaml';

test('nothing is wrong with the tree', () => {
	const { analysis } = at(WEB, 'path');
	const flux = analysis
		.files()
		.flatMap(file => analysis.diagnostics(file).filter(({ code }) => code.startsWith('flux/')));
	expect(flux).toEqual([]);
});

describe('definition', () => {
	test('of a path is the kustomization there', () => {
		expect(definition(at(WEB, './apps/$0web'))).toEqual(['apps/web/kustomization.yaml:1']);
	});

	test('of a component is its kustomization', () => {
		const text = 'path: ./apps/web\n  components:\n    - ../../shar$0ed';
		expect(definition(at(WEB, text, 'path: ./apps/web'))).toEqual(['shared/kustomization.yaml:1']);
	});

	test('of a path without a kustomization is its first file', () => {
		const path = 'clusters/production/flux-system/gotk-sync.yaml';
		expect(definition(at(path, './clusters/$0production'))).toEqual(['clusters/production/secret.yaml:1']);
	});

	test.each([
		['a dependency', '- name: $0shared', 'clusters/production/shared.yaml:1'],
		['a source', 'name: flux-$0system\n  postBuild', 'clusters/production/flux-system/gotk-sync.yaml:1'],
		['a ConfigMap of variables', 'name: $0variables', 'shared/variables.yaml:1'],
		['a Secret of variables', 'name: $0keys', 'clusters/production/secret.yaml:1'],
	])('of the name of %s is that object', (_, text, expected) => {
		expect(definition(at(WEB, text))).toEqual([expected]);
	});

	test('of a variable is its definition in each environment', () => {
		expect(definition(at(DEPLOYMENT, 'web.${do$0main}'))).toEqual([
			'clusters/production/web.yaml:15',
			'clusters/staging/web.yaml:15',
		]);
		expect(definition(at(DEPLOYMENT, '${zo$0ne}'))).toEqual(['shared/variables.yaml:7']);
	});
});

test('variables in files that generators take lead to what defines them', () => {
	const uses = (values: string, script: string) =>
		definition(
			analyse(
				`${Object.entries({
					...TREE,
					'apps/web/kustomization.yaml':
						'resources:\n  - deployment.yaml\nconfigMapGenerator:\n  - { name: web, namespace: web, files: [values.yaml, run.sh] }\n',
					'apps/web/values.yaml': values,
					'apps/web/run.sh': script,
				})
					.map(([file, content]) => `-- ${file} --\n${content}`)
					.join('')}`,
			),
		);
	expect(uses('a: { b: ${zo$0ne} }\n', 'true\n')).toEqual(['shared/variables.yaml:7']);
	expect(uses('a: b\n', 'echo ${zo$0ne}\n')).toEqual(['shared/variables.yaml:7']);
});

describe('hover', () => {
	test('on a variable has its value in each environment, and who defines it', () => {
		const text = hover(at(DEPLOYMENT, 'web.${do$0main}'));
		expect(text).toContain(
			'| `production` | `example.com` | `postBuild.substitute` `clusters/production/web.yaml:15` |',
		);
		expect(text).toContain('| `staging` | `staging.example.com` |');
	});

	test('shows nothing of a Secret, on the variable or on the field that it fills', () => {
		const variable = hover(at(DEPLOYMENT, '${ke$0y}'));
		expect(variable).toContain('(secret)');
		expect(variable).not.toContain('key-of');
		const field = hover(at(DEPLOYMENT, 'val$0ue: ${key}'));
		expect(field).toContain('(secret)');
		expect(field).not.toContain('key-of');
	});

	test('says that a variable is not set where that is sure', () => {
		expect(hover(at(DEPLOYMENT, '${re$0plicas:=2}'))).toContain('| `production`, `staging` | not set |');
	});

	test('says nothing of what is no variable', () => {
		expect(hover(at(DEPLOYMENT, 'value: $${do$0main}', 'value: ${key}'))).not.toContain('as Flux substitutes it');
	});
});

describe('completion', () => {
	test('behind `${` offers the variables, and closes the brace', () => {
		const analysed = at(DEPLOYMENT, 'value: ${d$0', 'value: ${key}');
		expect(complete(analysed)).toEqual(['domain', 'key', 'zone']);
		const { file, offset } = analysed.fixture.caret!;
		const item = analysed.analysis.complete(file, offset).find(({ label }) => label === 'domain');
		expect(item!.edit.text).toBe('domain}');
		expect(item!.documentation).toBe('production: example.com\n\nstaging: staging.example.com');
	});

	test('leaves a closed brace and what stands behind it alone', () => {
		const analysed = at(DEPLOYMENT, 'web.${$0domain:=x}', 'web.${domain}');
		const items = analysed.analysis.complete(analysed.fixture.caret!.file, analysed.fixture.caret!.offset);
		expect(items.map(({ edit }) => edit.text)).toContain('domain');
	});

	test('never shows the value of a Secret', () => {
		const analysed = at(DEPLOYMENT, 'value: ${$0', 'value: ${key}');
		const items = analysed.analysis.complete(analysed.fixture.caret!.file, analysed.fixture.caret!.offset);
		expect(JSON.stringify(items)).not.toContain('key-of');
	});

	test('of a path offers the directories of the repository', () => {
		expect(complete(at(WEB, 'path: ./$0', 'path: ./apps/web'))).toEqual(['./apps', './clusters', './shared']);
		expect(complete(at(WEB, 'path: ./clusters/$0', 'path: ./apps/web'))).toEqual([
			'./clusters/production',
			'./clusters/staging',
		]);
	});

	test.each([
		['dependencies', '- name: $0', '- name: shared', ['flux-system', 'shared']],
		['ConfigMaps', 'name: $0', 'name: variables', ['variables']],
		['Secrets', 'name: $0', 'name: keys', ['keys']],
		['sources', 'name: $0\n  postBuild', 'name: flux-system\n  postBuild', ['flux-system']],
	])('of names offers %s', (_, text, instead, expected) => {
		expect(complete(at(WEB, text, instead))).toEqual(expected);
	});
});

describe('references', () => {
	test('of a variable are its definitions and uses, from either', () => {
		const fromUse = references(at(DEPLOYMENT, '${zo$0ne}'));
		expect(fromUse).toEqual([
			'production shared/variables.yaml:7',
			'staging shared/variables.yaml:7',
			'production apps/web/deployment.yaml:19',
			'staging apps/web/deployment.yaml:19',
		]);
		expect(references(at('shared/variables.yaml', 'zo$0ne'))).toEqual(fromUse);
	});
});

describe('rename', () => {
	test('of a variable changes its definitions in all environments that share it, and its uses', () => {
		const { analysis, fixture } = at(DEPLOYMENT, 'web.${do$0main}');
		const { file, offset } = fixture.caret!;
		expect(analysis.prepareRename(file, offset)?.text).toBe('domain');
		const after = applied(fixture, analysis.rename(file, offset, 'host_domain')!);
		expect(Object.keys(after).sort()).toEqual([DEPLOYMENT, WEB, 'clusters/staging/web.yaml']);
		expect(after[DEPLOYMENT]).toContain('web.${host_domain}');
		expect(after[WEB]).toContain('      host_domain: example.com\n');
		expect(after['clusters/staging/web.yaml']).toContain('      host_domain: staging.example.com\n');
	});

	test('from its definition does the same', () => {
		const { analysis, fixture } = at('shared/variables.yaml', 'zo$0ne');
		const after = applied(fixture, analysis.rename(fixture.caret!.file, fixture.caret!.offset, 'area')!);
		expect(Object.keys(after).sort()).toEqual([DEPLOYMENT, 'shared/variables.yaml']);
		expect(after['shared/variables.yaml']).toContain('  area: eu-1\n');
		expect(after[DEPLOYMENT]).toContain('${area}');
	});

	test('refuses what cannot be a name', () => {
		const { analysis, fixture } = at(DEPLOYMENT, 'web.${do$0main}');
		expect(analysis.rename(fixture.caret!.file, fixture.caret!.offset, 'host-domain')).toBeUndefined();
	});
});

describe('a value that an alias repeats', () => {
	const production = (labels: string, definition: string) =>
		analyse(
			Object.entries({
				...TREE,
				[WEB]: TREE[WEB]!.replace('  name: web\n', `  name: web\n${labels}`).replace('domain: example.com', definition),
			})
				.map(
					([file, content]) =>
						`-- ${file} --\n${file === DEPLOYMENT ? content.replace('${domain}', '${do$0main}') : content}`,
				)
				.join(''),
		);
	const renamed = ({ analysis, fixture }: ReturnType<typeof production>) => {
		const change = analysis.rename(fixture.caret!.file, fixture.caret!.offset, 'area');
		return change && applied(fixture, change)[WEB];
	};

	test('is not renamed where another field of the same name has it first', () => {
		expect(renamed(production('  labels:\n    domain: &domain example.com\n', 'domain: *domain'))).toBeUndefined();
		expect(renamed(production('  labels:\n    domain: &domain "example.com"\n', 'domain: *domain'))).toBeUndefined();
	});

	test('is not renamed where it is another variable', () => {
		expect(renamed(production('', 'zone_name: &domain example.com\n      domain: *domain'))).toBeUndefined();
	});

	test('is renamed where the variable has it first', () => {
		expect(renamed(production('', 'domain: &domain example.com\n      other: *domain'))).toContain(
			'      area: &domain example.com\n      other: *domain\n',
		);
	});

	test('is renamed where a whole map is merged in', () => {
		expect(renamed(production('  annotations: &all\n    domain: example.com\n', '<<: *all'))).toContain(
			'    area: example.com\n',
		);
	});
});

describe('the line of an env file that a generator takes', () => {
	const tree = (line: string, use = '${domain}') =>
		analyse(
			Object.entries({
				...TREE,
				'shared/kustomization.yaml':
					'namespace: flux-system\ngeneratorOptions: { disableNameSuffixHash: true }\nconfigMapGenerator:\n  - name: variables\n    envs: [cluster.env, more.properties]\n',
				'shared/cluster.env': '# of all clusters\nregion=here\n',
				'shared/more.properties': `${line}\nother=1\n`,
				[DEPLOYMENT]: TREE[DEPLOYMENT]!.replace('${zone}', () => use),
			})
				.map(([file, content]) => `-- ${file} --\n${content}`)
				.join(''),
		);

	test('says its value where the caret is on it', () => {
		expect(hover(tree('zo$0ne=eu-1', '${zone}'))).toContain('`eu-1` | `generator · shared/more.properties:1`');
		expect(hover(tree('zone=eu$0-1', '${zone}'))).toContain('`eu-1`');
	});

	test('has the references of the variable, and is renamed with it', () => {
		const analysed = tree('zo$0ne=eu-1', '${zone}');
		expect(references(analysed)).toContain('production apps/web/deployment.yaml:19');
		const after = applied(
			analysed.fixture,
			analysed.analysis.rename(analysed.fixture.caret!.file, analysed.fixture.caret!.offset, 'area')!,
		);
		expect(after['shared/more.properties']).toBe('area=eu-1\nother=1\n');
		expect(after[DEPLOYMENT]).toContain('${area}');
		expect(references(tree('zone=eu$0-1', '${zone}'))).toEqual([]);
	});
});

test('a variable whose value an outer Kustomization fills in is defined where it is written', () => {
	const layers = (use: string, definition: string) =>
		analyse(
			Object.entries({
				...cluster('prod', 'example.com'),
				'clusters/prod/web.yaml': `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: layer
  namespace: flux-system
spec:
  path: ./layer
  sourceRef:
    kind: GitRepository
    name: flux-system
  postBuild:
    substitute:
      env: prod
`,
				'layer/web.yaml': `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: web
  namespace: flux-system
spec:
  path: ./web
  sourceRef:
    kind: GitRepository
    name: flux-system
  postBuild:
    substitute:
      ${definition}: web.\${env}.example.com
`,
				'web/config.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\n  namespace: web\ndata:\n  host: ${use}\n`,
			})
				.map(([file, content]) => `-- ${file} --\n${content}`)
				.join(''),
		);
	const asked = layers('${ho$0st}', 'host');
	expect(definition(asked)).toEqual(['layer/web.yaml:13']);
	expect(hover(asked)).toContain('`web.prod.example.com` | `postBuild.substitute` `layer/web.yaml:13`');
	for (const each of [asked, layers('${host}', 'ho$0st')]) {
		const after = applied(
			each.fixture,
			each.analysis.rename(each.fixture.caret!.file, each.fixture.caret!.offset, 'domain')!,
		);
		expect(after['layer/web.yaml']).toContain('domain: web.${env}.example.com');
		expect(after['web/config.yaml']).toContain('host: ${domain}');
	}
});

test('hover on the name of a HelmRelease says what helm calls it, and what of a long name is left', () => {
	const release = (name: string, target: string) => `-- kustomization.yaml --
resources: [release.yaml]
-- release.yaml --
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  na$0me: ${name}
  namespace: apps
spec:
  interval: 1m
  targetNamespace: ${target}
  chartRef: { kind: OCIRepository, name: x }
`;
	expect(hover(analyse(release('web', 'shop')))).toContain('helm calls the release `shop-web`');
	const long = hover(analyse(release('a-name-that-nobody-would-choose-by-hand', 'a-very-long-namespace')));
	expect(long).toMatch(
		/helm calls the release `a-very-long-namespace-a-name-that-nobody-[0-9a-f]{12}`: `a-very-long-namespace-a-name-that-nobody-would-choose-by-hand` has 61 characters, and helm takes 53\n/,
	);
});

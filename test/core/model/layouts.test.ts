/** The layouts that real repositories have: what is told to be an environment, a base and an entry point, without any settings. */
import { expect, test } from 'vitest';
import { analyse, diagnostics } from '../../support/check';

const service = (name: string) => `apiVersion: v1
kind: Service
metadata:
  name: ${name}
  namespace: ${name}
spec:
  ports: [{port: 80}]
`;

const kustomization = (...resources: string[]) => `resources:\n${resources.map(each => `  - ${each}\n`).join('')}`;

const flux = (name: string, path: string, extra = '') => `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: ${name}
  namespace: flux-system
spec:
  interval: 1h
  path: ${path}
  prune: true
  sourceRef:
    kind: GitRepository
    name: flux-system
${extra}`;

const SOURCE = `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: flux-system
  namespace: flux-system
spec:
  interval: 1m
  url: ssh://git@example.com/org/repo
---
`;

function tree(files: Record<string, string>): string {
	return Object.entries(files)
		.map(([path, text]) => `-- ${path} --\n${text}`)
		.join('');
}

function understood(files: Record<string, string>) {
	const analysed = analyse(tree(files));
	const { environments, entryPoints, components } = analysed.analysis.outline();
	return {
		environments,
		entries: entryPoints.map(({ path, environment, setAside }) =>
			[path, environment, setAside ? '(set aside)' : ''].filter(Boolean).join(' '),
		),
		components: components.map(
			({ path, missing }) => path + (missing.length > 0 ? ` without ${missing.join(', ')}` : ''),
		),
		findings: diagnostics(analysed),
	};
}

const onlyBase = (from: string) => kustomization(from);

test('apps/{base,staging,production} with Flux Kustomizations under clusters/<env>', () => {
	const cluster = (env: string) => ({
		[`clusters/${env}/flux-system/gotk-sync.yaml`]: SOURCE + flux('flux-system', `./clusters/${env}`),
		[`clusters/${env}/flux-system/kustomization.yaml`]: kustomization('gotk-sync.yaml'),
		[`clusters/${env}/apps.yaml`]: flux('apps', `./apps/${env}`, '  dependsOn:\n    - name: infrastructure\n'),
		[`clusters/${env}/infrastructure.yaml`]: flux('infrastructure', './infrastructure'),
		[`apps/${env}/kustomization.yaml`]: onlyBase('../base/web'),
	});
	expect(
		understood({
			...cluster('staging'),
			...cluster('production'),
			'apps/base/web/kustomization.yaml': kustomization('service.yaml'),
			'apps/base/web/service.yaml': service('web'),
			'infrastructure/kustomization.yaml': kustomization('service.yaml'),
			'infrastructure/service.yaml': service('ingress'),
		}),
	).toEqual({
		environments: ['production', 'staging'],
		entries: [
			'apps/production production',
			'apps/staging staging',
			'clusters/production production',
			'clusters/staging staging',
			'infrastructure production',
			'infrastructure staging',
		],
		components: ['apps/base/web', 'infrastructure'],
		findings: [],
	});
});

test('kubernetes/apps/<namespace>/<app>/{ks.yaml,app/} in one cluster', () => {
	expect(
		understood({
			'kubernetes/flux/flux-system/gotk-sync.yaml': SOURCE + flux('flux-system', './kubernetes/flux'),
			'kubernetes/flux/flux-system/kustomization.yaml': kustomization('gotk-sync.yaml'),
			'kubernetes/flux/apps.yaml': flux(
				'apps',
				'./kubernetes/apps',
				'  postBuild:\n    substitute:\n      DOMAIN: example.com\n',
			),
			'kubernetes/apps/media/kustomization.yaml': kustomization('web/ks.yaml'),
			'kubernetes/apps/media/web/ks.yaml': flux('web', './kubernetes/apps/media/web/app'),
			'kubernetes/apps/media/web/app/kustomization.yaml': kustomization('service.yaml'),
			'kubernetes/apps/media/web/app/service.yaml': service('web'),
		}),
	).toEqual({
		environments: [],
		entries: ['kubernetes/apps', 'kubernetes/apps/media/web/app', 'kubernetes/flux'],
		components: [],
		findings: [],
	});
});

test('overlays/<env> beside base in each application', () => {
	const app = (name: string) => ({
		[`${name}/base/kustomization.yaml`]: kustomization('service.yaml'),
		[`${name}/base/service.yaml`]: service(name),
		[`${name}/overlays/dev/kustomization.yaml`]: onlyBase('../../base'),
		[`${name}/overlays/prod/kustomization.yaml`]: onlyBase('../../base'),
	});
	expect(understood({ ...app('web'), ...app('api') })).toMatchObject({
		environments: ['dev', 'prod'],
		components: ['api/base', 'web/base'],
		findings: [],
	});
});

test('<app>/envs/<env>/<cluster>: environments of two parts', () => {
	const { environments, components } = understood({
		'web/base/kustomization.yaml': kustomization('service.yaml'),
		'web/base/service.yaml': service('web'),
		'web/envs/prod/eu1/kustomization.yaml': onlyBase('../../../base'),
		'web/envs/prod/us1/kustomization.yaml': onlyBase('../../../base'),
		'web/envs/dev/eu1/kustomization.yaml': onlyBase('../../../base'),
	});
	expect(environments).toEqual(['dev/eu1', 'prod/eu1', 'prod/us1']);
	expect(components).toEqual(['web/base']);
});

test('an environment that lacks one component is told', () => {
	const base = (name: string) => ({
		[`base/${name}/kustomization.yaml`]: kustomization('service.yaml'),
		[`base/${name}/service.yaml`]: service(name),
	});
	const found = understood({
		...base('api'),
		...base('web'),
		...base('jobs'),
		'staging/kustomization.yaml': kustomization('../base/api', '../base/web', '../base/jobs'),
		'test/kustomization.yaml': kustomization('../base/api', '../base/web', '../base/jobs'),
		'production/kustomization.yaml': kustomization('../base/api', '../base/web'),
	});
	expect(found.components).toEqual(['base/api', 'base/jobs without production', 'base/web']);
	expect(found.findings).toEqual(['base/jobs/kustomization.yaml:1 tree/missing-component "resources:"']);
});

test('where Flux applies other things, an archive is set aside and its faults are no errors', () => {
	const files = {
		'clusters/one/flux-system/gotk-sync.yaml': SOURCE + flux('flux-system', './clusters/one'),
		'clusters/one/flux-system/kustomization.yaml': kustomization('gotk-sync.yaml'),
		'_archive/old/kustomization.yaml': kustomization('gone.yaml'),
	};
	const analysed = analyse(tree(files));
	expect(understood(files).entries).toContain('_archive/old (set aside)');
	expect(
		analysed.analysis.diagnostics('/repo/_archive/old/kustomization.yaml').map(({ severity }) => severity),
	).toEqual(['information']);
});

test('a repository that is no GitOps tree has neither entries nor findings', () => {
	expect(
		understood({
			'src/index.ts': 'export {};\n',
			'.github/workflows/ci.yaml': 'on: push\njobs: {a: {b: [}\n',
			'docker-compose.yml': 'services: {}\n',
		}),
	).toEqual({ environments: [], entries: [], components: [], findings: [] });
});

test('Helm templates are never read as YAML', () => {
	expect(
		understood({
			'charts/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
			'charts/web/templates/service.yaml': '{{- if .Values.on }}\nkind: Service\n{{- end }}\n',
			'kustomization.yaml': kustomization('service.yaml'),
			'service.yaml': service('web'),
		}).findings,
	).toEqual([]);
});

test('two clusters that nothing in the tree begins are told apart by where their Kustomizations of one name stand', () => {
	const cluster = (name: string) => ({
		[`kubernetes/${name}/flux/ks.yaml`]: flux('cluster-apps', `./kubernetes/${name}/apps`),
		[`kubernetes/${name}/apps/media/kustomization.yaml`]: kustomization('web/ks.yaml'),
		[`kubernetes/${name}/apps/media/web/ks.yaml`]: flux(`web`, `./kubernetes/${name}/apps/media/web/app`),
		[`kubernetes/${name}/apps/media/web/app/service.yaml`]: service('web'),
	});
	expect(understood({ ...cluster('main'), ...cluster('utility') })).toEqual({
		environments: ['main', 'utility'],
		entries: [
			'kubernetes/main/apps main',
			'kubernetes/main/apps/media/web/app main',
			'kubernetes/utility/apps utility',
			'kubernetes/utility/apps/media/web/app utility',
		],
		components: [],
		findings: [],
	});
});

test('in one cluster, applications that share a base are no environments, and overlays beside a base are', () => {
	const app = (name: string, extra: string[] = []) => ({
		[`apps/${name}/ks.yaml`]: flux(name, `./apps/${name}/app`),
		[`apps/${name}/app/kustomization.yaml`]: kustomization('service.yaml', '../../../templates/gatus', ...extra),
		[`apps/${name}/app/service.yaml`]: service(name),
	});
	const shared = {
		'templates/gatus/kustomization.yaml': kustomization('config.yaml'),
		'templates/gatus/config.yaml': service('gatus'),
	};
	expect(
		understood({ 'flux/apps.yaml': flux('apps', './apps'), ...app('one'), ...app('two'), ...shared }).environments,
	).toEqual([]);
	expect(
		understood({
			'flux/apps.yaml': flux('apps', './shop/staging') + '---\n' + flux('live', './shop/production'),
			'shop/base/kustomization.yaml': kustomization('service.yaml'),
			'shop/base/service.yaml': service('shop'),
			'shop/staging/kustomization.yaml': onlyBase('../base'),
			'shop/production/kustomization.yaml': onlyBase('../base'),
		}).environments,
	).toEqual(['production', 'staging']);
});

test('a Flux Kustomization that nothing leads to has its path checked where its source is this repository', () => {
	const { findings } = understood({
		'deploy/web.yaml': flux('web', './apps/web'),
		'deploy/shop.yaml': flux('shop', './apps/shpo'),
		'deploy/elsewhere.yaml': flux('elsewhere', './charts/x').replace('name: flux-system\n', 'name: other\n'),
		'apps/web/service.yaml': service('web'),
		'apps/shop/service.yaml': service('shop'),
	});
	expect(findings).toEqual(['deploy/shop.yaml:8 flux/path-not-found "./apps/shpo"']);
});

test('a repository of several trees: their environments have nothing to do with each other', () => {
	const treeIn = (root: string, environments: string[]) => ({
		[`${root}/clusters/base/apps/web/kustomization.yaml`]: kustomization('service.yaml'),
		[`${root}/clusters/base/apps/web/service.yaml`]: service('web'),
		...Object.fromEntries(
			environments.map(each => [`${root}/clusters/${each}/apps/kustomization.yaml`, onlyBase('../../base/apps/web')]),
		),
	});
	expect(understood({ ...treeIn('one', ['live', 'staging']), ...treeIn('two', ['local', 'staging']) })).toMatchObject({
		environments: ['live', 'local', 'staging'],
		components: ['one/clusters/base/apps/web', 'two/clusters/base/apps/web'],
		findings: [],
	});
	const begun = (root: string, environment: string) => ({
		...treeIn(root, [environment]),
		[`${root}/clusters/${environment}/flux-system/gotk-sync.yaml`]:
			SOURCE + flux('flux-system', `./${root}/clusters/${environment}`),
	});
	const text = tree({
		...begun('one', 'live'),
		...begun('one', 'staging'),
		...begun('two', 'live'),
		...begun('two', 'staging'),
		'one/clusters/base/apps/web/service.yaml': service('web').replace('name: web\n', 'name: web-staging\n'),
	});
	const analysed = analyse(text);
	expect(analysed.analysis.outline().environments).toEqual(['one/live', 'one/staging', 'two/live', 'two/staging']);
	expect(diagnostics(analysed)).toEqual([
		'one/clusters/base/apps/web/service.yaml:4 base/environment-name "web-staging"',
	]);
});

test('who uses a base from far away is no environment, and templates and vendored code are nobody’s', () => {
	const overlays = (app: string) => ({
		[`apps/${app}/base/kustomization.yaml`]: kustomization('service.yaml'),
		[`apps/${app}/base/service.yaml`]: service(app),
		[`apps/${app}/overlays/dev/kustomization.yaml`]: onlyBase('../../base'),
		[`apps/${app}/overlays/prod/kustomization.yaml`]: onlyBase('../../base'),
	});
	expect(
		understood({
			...overlays('api'),
			...overlays('web'),
			'ci/smoke/kustomization.yaml': onlyBase('../../apps/web/base'),
			'skeleton/kustomization.yaml': '{{ if .app }}\nresources:\n  - {{ .app }}\n{{ end }}\n',
			'vendor/x/kustomization.yaml': kustomization('gone.yaml'),
		}),
	).toEqual({
		environments: ['dev', 'prod'],
		entries: [
			'apps/api/overlays/dev dev',
			'apps/api/overlays/prod prod',
			'apps/web/overlays/dev dev',
			'apps/web/overlays/prod prod',
			'ci/smoke',
			'vendor/x (set aside)',
		],
		components: ['apps/api/base', 'apps/web/base'],
		findings: ['vendor/x/kustomization.yaml:2 kustomize/missing-resource "gone.yaml"'],
	});
});

test('P/<environment>/<cluster> over P/base, with a base in each environment', () => {
	const cluster = (path: string) => ({ [`shop/${path}/kustomization.yaml`]: onlyBase('../base') });
	expect(
		understood({
			'shop/base/kustomization.yaml': kustomization('service.yaml'),
			'shop/base/service.yaml': service('shop'),
			...cluster('dev/base'),
			...cluster('prod/base'),
			...cluster('dev/eu1'),
			...cluster('dev/us1'),
			...cluster('prod/eu1'),
			...cluster('prod/us1'),
			'shop/dev/base/kustomization.yaml': onlyBase('../../base'),
			'shop/prod/base/kustomization.yaml': onlyBase('../../base'),
		}),
	).toMatchObject({
		environments: ['dev/eu1', 'dev/us1', 'prod/eu1', 'prod/us1'],
		findings: [],
	});
});

test('a patch of a component that selects something in one of its users is no fault, and one of a whole kind is worth a note', () => {
	const users = {
		'a/kustomization.yaml': 'resources: [service.yaml]\ncomponents: [../c]\n',
		'a/service.yaml': service('web'),
		'b/kustomization.yaml': 'resources: [service.yaml]\ncomponents: [../c]\n',
		'b/service.yaml': service('api'),
	};
	const component = (target: string) =>
		`apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches:\n  - target: ${target}\n    patch: '[{"op": "add", "path": "/spec/type", "value": "NodePort"}]'\n`;
	const severities = (target: string) => {
		const { analysis } = analyse(tree({ ...users, 'c/kustomization.yaml': component(target) }));
		return analysis.diagnostics('/repo/c/kustomization.yaml').map(({ severity, code }) => `${severity} ${code}`);
	};
	expect(severities('{kind: Service, name: web}')).toEqual([]);
	expect(severities('{kind: Service, name: nothing-such}')).toEqual(['warning kustomize/target-without-match']);
	expect(severities('{kind: StatefulSet}')).toEqual(['information kustomize/target-without-match']);
	expect(severities('{kind: Sevrice}')).toEqual(['warning kustomize/target-without-match']);
});

test('what a cluster applied before its own kustomization broke still belongs to it', () => {
	const cluster = (environment: string, root: string) => ({
		[`clusters/${environment}/flux-system/gotk-sync.yaml`]: SOURCE + flux('flux-system', `./clusters/${environment}`),
		[`clusters/${environment}/flux-system/apps.yaml`]: flux('apps', `./clusters/${environment}/apps`),
		[`clusters/${environment}/flux-system/kustomization.yaml`]: kustomization('gotk-sync.yaml', 'apps.yaml'),
		[`clusters/${environment}/kustomization.yaml`]: root,
		[`clusters/${environment}/apps/kustomization.yaml`]: onlyBase('../../../base/web'),
	});
	expect(
		understood({
			...cluster('live', kustomization('flux-system')),
			...cluster('staging', 'resources:\ncomponents:\n  - flux-system\n'),
			'base/web/kustomization.yaml': kustomization('service.yaml'),
			'base/web/service.yaml': service('web'),
		}).entries,
	).toEqual([
		'clusters/live live',
		'clusters/live/apps live',
		'clusters/staging staging',
		'clusters/staging/apps staging',
	]);
});

test('what a chart’s template, an archive or an example would begin is no cluster of this tree', () => {
	const instance = (path: string) => `apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata: {name: flux, namespace: flux-system}
spec: {sync: {kind: GitRepository, url: "https://example.com/x", ref: main, path: "${path}"}}
`;
	expect(
		understood({
			'clusters/one/flux-system/gotk-sync.yaml': SOURCE + flux('flux-system', './clusters/one'),
			'.archive/clusters/old/flux-system/gotk-sync.yaml': SOURCE + flux('flux-system', './clusters/old'),
			'charts/tenant/Chart.yaml': 'apiVersion: v2\nname: tenant\nversion: 1.0.0\n',
			'charts/tenant/templates/instance.yaml': instance('clusters/{{ .Values.name }}'),
			'skeleton/instance.yaml': instance('clusters/${{ values.name }}'),
			'examples/instance.yaml': instance('clusters/yours'),
		}),
	).toEqual({ environments: [], entries: ['clusters/one'], components: [], findings: [] });
});

test('environments that share no base: by what they declare, and applications or tenants beside each other are none', () => {
	const copy = (path: string, namespace: string, names = ['api', 'web']) => ({
		[`${path}/kustomization.yaml`]: `namespace: ${namespace}\n${kustomization('services.yaml')}`,
		[`${path}/services.yaml`]: names.map(service).join('---\n'),
	});
	const environments = (files: Record<string, string>) => understood(files).environments;
	expect(environments({ ...copy('envs/dev', 'dev'), ...copy('envs/prod', 'prod') })).toEqual(['dev', 'prod']);
	// The very same objects are in different clusters.
	expect(environments({ ...copy('nas', 'shop'), ...copy('tpi', 'shop') })).toEqual(['nas', 'tpi']);
	expect(environments({ ...copy('tenants/red', 'red'), ...copy('tenants/blue', 'blue') })).toEqual([]);
	expect(environments({ ...copy('apps/cilium', 'a', ['a']), ...copy('apps/dev-portal', 'b', ['b']) })).toEqual([]);
	// One that keeps a copy, beside two over a base.
	expect(
		environments({
			...copy('shop/base', 'shop'),
			'shop/overlays/dev/kustomization.yaml': onlyBase('../../base') + '  - extra.yaml\n',
			'shop/overlays/dev/extra.yaml': service('tools'),
			'shop/overlays/test/kustomization.yaml': onlyBase('../../base'),
			...copy('shop/overlays/prod', 'shop', ['tools', 'web']),
		}),
	).toEqual(['dev', 'prod', 'test']);
});

test('where a name of one environment stands in the path of another, more of the path is said', () => {
	const cluster = (path: string, ...more: string[]) => ({
		[`environments/${path}/kustomization.yaml`]: kustomization('../../../../platform/base', '../../shared', ...more),
	});
	const shared = (path: string) => ({
		[`environments/${path}/shared/kustomization.yaml`]: kustomization('service.yaml'),
		[`environments/${path}/shared/service.yaml`]: service(`shared-${path}`),
	});
	expect(
		understood({
			'platform/base/kustomization.yaml': kustomization('service.yaml'),
			'platform/base/service.yaml': service('web'),
			...shared('nonprod'),
			...shared('live'),
			...cluster('nonprod/eu/dev'),
			...cluster('nonprod/eu/qa'),
			...cluster('live/eu/main'),
			...cluster('live/us/main'),
		}).environments,
	).toEqual(['dev', 'live/eu/main', 'live/us/main', 'qa']);
});

test('of paths of different lengths, the folder of overlays is no part of a name', () => {
	expect(
		understood({
			'operator/base/kustomization.yaml': kustomization('service.yaml'),
			'operator/base/service.yaml': service('web'),
			'operator/overlays/stable/kustomization.yaml': onlyBase('../../base'),
			'operator/overlays/latest/kustomization.yaml': onlyBase('../../base'),
			'aggregate/kustomization.yaml': onlyBase('../operator/overlays/latest'),
		}).environments,
	).toEqual(['aggregate', 'stable']);
});

test('directories that sync themselves are clusters: Kustomizations that are patched together of shared pieces', () => {
	const cluster = (environment: string, number: string) => ({
		[`clusters/${environment}/${number}/kustomization.yaml`]: `resources: [../base]\npatches: [{path: ../../../sync/${environment}-${number}.yaml}]\n`,
		[`sync/${environment}-${number}.yaml`]: `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: flux-system, namespace: flux-system}
spec:
  path: ./clusters/${environment}/${number}
  postBuild: {substitute: {ENVIRONMENT: ${environment}}}
`,
	});
	const environment = (name: string) => ({
		[`clusters/${name}/base/kustomization.yaml`]: kustomization('../../../sync', '../../../apps/web.yaml'),
		[`apps/web/${name}/kustomization.yaml`]: kustomization('../base', '../../roles.yaml'),
	});
	const found = understood({
		'sync/kustomization.yaml': kustomization('kustomize.yaml', 'source.yaml'),
		'sync/kustomize.yaml': flux('flux-system', './clusters/${ENVIRONMENT}'),
		'sync/source.yaml': SOURCE,
		'apps/web.yaml': flux('web', './apps/web/${ENVIRONMENT}', '  postBuild: {substitute: {NAMESPACE: web}}\n'),
		'apps/roles.yaml': service('roles').replace('port: 80', 'port: 8080, name: a, protocol: TCP, targetPort: 80'),
		'apps/web/base/kustomization.yaml': kustomization('service.yaml'),
		'apps/web/base/service.yaml': service('web'),
		...environment('aat'),
		...environment('live'),
		...cluster('aat', '00'),
		...cluster('live', '00'),
		...cluster('live', '01'),
	});
	expect(found).toMatchObject({
		environments: ['aat/00', 'live/00', 'live/01'],
		entries: [
			'apps/web/aat aat/00',
			'apps/web/live live/00',
			'apps/web/live live/01',
			'clusters/aat/00 aat/00',
			'clusters/live/00 live/00',
			'clusters/live/01 live/01',
		],
		findings: [],
	});
});

test('a cluster that lost the file which began it, beside others that have theirs, is one still', () => {
	const cluster = (name: string) => ({
		[`clusters/${name}/flux-system/gotk-sync.yaml`]: SOURCE + flux('flux-system', `./clusters/${name}`),
		[`clusters/${name}/flux-system/kustomization.yaml`]: kustomization('gotk-sync.yaml'),
		[`clusters/${name}/web.yaml`]: flux('web', './web'),
	});
	const { [`clusters/two/flux-system/gotk-sync.yaml`]: _, ...two } = cluster('two');
	expect(
		understood({ ...cluster('one'), ...two, 'web/service.yaml': service('web'), 'clusters/notes/x.yaml': 'a: b\n' }),
	).toMatchObject({
		environments: ['one', 'two'],
		entries: ['clusters/one one', 'clusters/two two', 'web one', 'web two'],
		findings: ['clusters/two/flux-system/kustomization.yaml:2 kustomize/missing-resource "gotk-sync.yaml"'],
	});
});

test('a cluster that is known by its directory only may have been given its source by whoever began it', () => {
	const { environments, findings } = understood({
		'clusters/dev/web.yaml': flux('web', './web'),
		'clusters/live/web.yaml': flux('web', './web').replace(/name: flux-system\n$/, 'name: platform\n'),
		'web/service.yaml': service('web'),
	});
	expect(environments).toEqual(['dev', 'live']);
	expect(findings).toEqual([]);
});

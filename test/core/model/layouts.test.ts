/** The layouts that real repositories have: what is told to be an environment, a base and an entry point, without any settings. */
import { expect, test } from 'vitest';
import { analyse, diagnostics } from '../../support/check';
import { flux, kustomization, onlyBase, service, SOURCE, tree, understood } from './understood';

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

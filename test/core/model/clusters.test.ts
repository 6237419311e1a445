/** What Flux applies: which directories are clusters, and what belongs to them. */
import { expect, test } from 'vitest';
import { analyse } from '../../support/check';
import { flux, kustomization, onlyBase, service, SOURCE, tree, understood } from './understood';

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

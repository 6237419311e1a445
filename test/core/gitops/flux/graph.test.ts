import { describe, expect, test } from 'vitest';
import { Database } from '../../../../server/src/core/base/query';
import { formatPath } from '../../../../server/src/core/base/address';
import { fluxProblems } from '../../../../server/src/core/gitops/flux/checks';
import { fluxClusters } from '../../../../server/src/core/gitops/flux/graph';
import { FLUX_PROBLEM_CODES } from '../../../../server/src/core/gitops/flux/problem-codes';
import { fileState, roots } from '../../../../server/src/core/workspace/inputs';
import { nodeAt, toPlain } from '../../../../server/src/core/yaml/node';
import { fixture, memorySource, ROOT } from '../../../support/fixture';

function open(text: string) {
	const { files } = fixture(text);
	const db = new Database(memorySource(files));
	db.set(roots, '', [ROOT]);
	return db;
}

function cluster(text: string) {
	const db = open(text);
	const clusters = fluxClusters(db);
	expect(clusters).toHaveLength(1);
	const only = clusters[0]!;
	const problems = [...only.nodes.flatMap(({ built }) => built?.problems ?? []), ...fluxProblems(db, only)];
	for (const { code } of problems.filter(({ code }) => code.startsWith('flux/')))
		expect(FLUX_PROBLEM_CODES.map(each => each.code)).toContain(code);
	return {
		db,
		cluster: only,
		problems,
		told: problems.map(({ code, at }) => `${code} ${at.file.slice(6)} ${formatPath(at.path)}`),
	};
}

const SYNC = `-- clusters/prod/flux-system/gotk-sync.yaml --
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: flux-system, namespace: flux-system }
spec: { url: ssh://git@example.org/a/fleet.git, ref: { branch: main } }
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec: { path: ./clusters/prod, sourceRef: { kind: GitRepository, name: flux-system } }
`;

const kustomization = (name: string, spec: string) => `
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: ${name}, namespace: flux-system }
spec:
  sourceRef: { kind: GitRepository, name: flux-system }
${spec}
---`;

const CONFIG = (name: string, data = '{ a: b }') => `
apiVersion: v1
kind: ConfigMap
metadata: { name: ${name} }
data: ${data}
`;

describe('the graph', () => {
	test('follows Kustomizations that others build, with paths and variables of the outer one', () => {
		const { cluster: found, problems } = cluster(
			`${SYNC}
-- clusters/prod/apps.yaml --
${kustomization('apps', '  path: ./apps\n  postBuild: { substitute: { env: prod } }')}
-- apps/ks.yaml --
${kustomization('web', '  path: ./web/${env}\n  targetNamespace: web\n  commonMetadata: { labels: { team: a } }\n  postBuild: { substitute: { x: "1" } }')}
-- web/prod/config.yaml --
${CONFIG('settings', '{ x: "${x}" }')}`,
		);
		expect(problems).toEqual([]);
		expect(found.coverage).toBe('whole');
		expect(found.nodes.map(({ key, parent, directory }) => [key, parent, directory])).toEqual([
			['flux-system/flux-system', undefined, '/repo/clusters/prod'],
			['flux-system/apps', 'flux-system/flux-system', '/repo/apps'],
			['flux-system/web', 'flux-system/apps', '/repo/web/prod'],
		]);
		const settings = found.applied.find(({ resource }) => resource.id.name === 'settings')!;
		expect(settings.by).toBe('flux-system/web');
		expect(toPlain(settings.resource.node)).toMatchObject({
			metadata: { namespace: 'web', labels: { team: 'a' } },
			data: { x: 1 },
		});
		expect(nodeAt(settings.resource.node, ['metadata', 'namespace'])!.origin.step).toBe('namespace');
	});

	test('patches that the older versions of the API hold as objects are applied', () => {
		const { cluster: found, problems } = cluster(
			`${SYNC}
-- clusters/prod/apps.yaml --
${kustomization('apps', '  path: ./apps\n  patchesStrategicMerge:\n    - { apiVersion: v1, kind: ConfigMap, metadata: { name: settings }, data: { b: c } }\n  patchesJson6902:\n    - target: { version: v1, kind: ConfigMap, name: settings }\n      patch: [{ op: add, path: /data/d, value: e }]').replace('io/v1', 'io/v1beta2')}
-- apps/config.yaml --
${CONFIG('settings')}`,
		);
		expect(problems.map(({ code }) => code).sort()).toEqual([
			'flux/deprecated-api-version',
			'kustomize/deprecated-field',
			'kustomize/deprecated-field',
		]);
		const settings = found.applied.find(({ resource }) => resource.id.name === 'settings')!;
		expect(toPlain(settings.resource.node)).toMatchObject({ data: { a: 'b', b: 'c', d: 'e' } });
	});

	test('variables come from a ConfigMap that another Kustomization brings', () => {
		const { cluster: found, problems } = cluster(
			`${SYNC}
-- clusters/prod/apps.yaml --
${kustomization('vars', '  path: ./vars\n  targetNamespace: flux-system')}
${kustomization('apps', '  path: ./apps\n  postBuild: { substituteFrom: [{ kind: ConfigMap, name: cluster }] }')}
-- vars/vars.yaml --
${CONFIG('cluster', '{ domain: example.org }')}
-- apps/x.yaml --
${CONFIG('x', '{ host: "a.${domain}" }')}`,
		);
		expect(problems).toEqual([]);
		const x = found.applied.find(({ resource }) => resource.id.name === 'x')!.resource;
		expect(toPlain(nodeAt(x.node, ['data', 'host'])!)).toBe('a.example.org');
	});

	test('generates a kustomization, leaves nested ones to themselves, and tolerates an empty one', () => {
		const { cluster: found, problems } = cluster(
			`${SYNC}
-- clusters/prod/apps.yaml --
${kustomization('apps', '  path: ./apps')}
${kustomization('empty', '  path: ./empty')}
-- apps/b/kustomization.yaml --
namePrefix: x-
resources: [c.yaml]
-- apps/b/c.yaml --
${CONFIG('c')}
-- apps/b/not-listed.yaml --
${CONFIG('d')}
-- apps/sub/a.yaml --
${CONFIG('a')}
-- empty/kustomization.yaml --
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
`,
		);
		expect(problems).toEqual([]);
		const names = found.applied.filter(({ by }) => by === 'flux-system/apps').map(({ resource }) => resource.id.name);
		expect(names).toEqual(['x-c', 'a']);
	});

	test('a FluxInstance begins a cluster, and its version decides on strictness', () => {
		const { cluster: found } = cluster(`-- clusters/dev/flux.yaml --
apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata: { name: flux, namespace: flux-system }
spec:
  distribution: { version: 2.8.x }
  sync: { kind: OCIRepository, url: "oci://x/y", path: clusters/dev }
-- clusters/dev/x.yaml --
${CONFIG('x')}`);
		expect(found.seed).toMatchObject({ kind: 'flux-instance', strictness: 'lax', root: '/repo' });
		expect(found.applied.map(({ resource }) => resource.id.name)).toContain('x');
	});

	test('without bootstrap the directories under clusters/ begin', () => {
		const db = open(`-- clusters/a/apps.yaml --
${kustomization('apps', '  path: ./apps')}
-- clusters/b/apps.yaml --
${kustomization('apps', '  path: ./apps')}
-- apps/x.yaml --
${CONFIG('x')}`);
		expect(fluxClusters(db).map(({ id, nodes }) => [id, nodes.length])).toEqual([
			['/repo/clusters/a', 2],
			['/repo/clusters/b', 2],
		]);
	});

	test('a source that stands for another repository is not followed', () => {
		const { cluster: found, problems } = cluster(
			`${SYNC}
-- clusters/prod/other.yaml --
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: other, namespace: flux-system }
spec: { url: https://example.org/b/other }
---
${kustomization('other', '  path: ./deploy').replace('name: flux-system }', 'name: other }')}`,
		);
		expect(problems).toEqual([]);
		expect(found.nodes.at(-1)).toMatchObject({ source: 'elsewhere', built: undefined });
		expect(found.coverage).toBe('part');
	});

	test('artifacts that are copies of directories of this repository', () => {
		const { cluster: found, problems } = cluster(
			`${SYNC}
-- clusters/prod/apps.yaml --
apiVersion: source.extensions.fluxcd.io/v1beta1
kind: ArtifactGenerator
metadata: { name: parts, namespace: flux-system }
spec:
  sources: [{ alias: repo, kind: GitRepository, name: flux-system }]
  artifacts: [{ name: apps, copy: [{ from: "@repo/apps/prod/**", to: "@artifact/production/" }] }]
---
${kustomization('apps', '  path: ./production').replace('kind: GitRepository, name: flux-system }', 'kind: ExternalArtifact, name: apps }')}
-- apps/prod/x.yaml --
${CONFIG('x')}`,
		);
		expect(problems).toEqual([]);
		expect(found.nodes.at(-1)).toMatchObject({ source: 'here', directory: '/repo/apps/prod' });
		expect(found.applied.map(({ resource }) => resource.id.name)).toContain('x');
	});

	test('the answer after an edit is that of a fresh start', () => {
		const text = (path: string) => `${SYNC}
-- clusters/prod/apps.yaml --
${kustomization('apps', `  path: ${path}`)}
-- apps/x.yaml --
${CONFIG('x')}
-- more/y.yaml --
${CONFIG('y')}`;
		const { files } = fixture(text('./apps'));
		const mutable = new Map(files);
		const db = new Database(memorySource(mutable));
		db.set(roots, '', [ROOT]);
		const names = () => fluxClusters(db)[0]!.applied.map(({ resource }) => resource.id.name);
		expect(names()).toEqual(['apps', 'flux-system', 'flux-system', 'x']);
		mutable.set('/repo/clusters/prod/apps.yaml', fixture(text('./more')).files.get('/repo/clusters/prod/apps.yaml')!);
		db.reload(fileState, '/repo/clusters/prod/apps.yaml');
		expect(names()).toEqual(['apps', 'flux-system', 'flux-system', 'y']);
	});
});

describe('what will not reconcile', () => {
	const told = (...specs: string[]) =>
		cluster(`${SYNC}
-- clusters/prod/apps.yaml --
${specs.join('\n')}
-- apps/x.yaml --
${CONFIG('x')}`).told;

	test('paths, sources, dependencies', () => {
		expect(told(kustomization('apps', '  path: ./app'))).toEqual([
			'flux/path-not-found clusters/prod/apps.yaml spec.path',
		]);
		expect(told(kustomization('apps', '  path: ./apps').replace('name: flux-system }', 'name: flux-sytem }'))).toEqual([
			'flux/source-not-found clusters/prod/apps.yaml spec.sourceRef.name',
		]);
		expect(told(kustomization('apps', '  path: ./apps\n  dependsOn: [{ name: infra }]'))).toEqual([
			'flux/dependency-not-found clusters/prod/apps.yaml spec.dependsOn[0].name',
		]);
		expect(told(kustomization('apps', '  path: ./app\n  suspend: true'))).toEqual([]);
	});

	test('circles, at each Kustomization in them', () => {
		const one = kustomization('one', '  path: ./apps\n  dependsOn: [{ name: two }]');
		const two = kustomization('two', '  path: ./other\n  dependsOn: [{ name: one }]');
		expect(told(one, `${two}\n-- other/x.yaml --\n${CONFIG('z')}`)).toEqual([
			'flux/dependency-cycle clusters/prod/apps.yaml spec.dependsOn[0].name',
			'flux/dependency-cycle clusters/prod/apps.yaml spec.dependsOn[0].name',
		]);
	});

	test('health checks of kinds that Git brings', () => {
		const checks =
			'[{ apiVersion: apps/v1, kind: Deployment, name: from-a-chart }, { apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, name: nope }]';
		expect(told(kustomization('apps', `  path: ./apps\n  healthChecks: ${checks}`))).toEqual([
			'flux/health-check-not-found clusters/prod/apps.yaml spec.healthChecks[1].name',
		]);
	});

	test('health checks that name something else than what is built', () => {
		const deployment = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web-frontend, namespace: shop }';
		const found = (name: string) =>
			told(
				kustomization(
					'apps',
					`  path: ./apps\n  healthChecks: [{ apiVersion: apps/v1, kind: Deployment, namespace: shop, name: ${name} }]`,
				),
				`-- apps/web.yaml --\n${deployment}`,
			);
		expect(found('web-frontend')).toEqual([]);
		expect(found('web-fronted')).toEqual([
			'flux/health-check-not-found clusters/prod/apps.yaml spec.healthChecks[0].name',
		]);
		expect(found('from-a-chart')).toEqual([]);
	});

	test('two owners of one object', () => {
		expect(told(kustomization('one', '  path: ./apps'), kustomization('two', '  path: ./apps'))).toEqual([
			'flux/two-owners apps/x.yaml ',
		]);
	});

	test('the folder of a cluster that nothing applies owns nothing', () => {
		const { problems } = cluster(`-- clusters/prod/flux.yaml --
${kustomization('apps', '  path: ./clusters/prod/apps')}
-- clusters/prod/apps/kustomization.yaml --
resources: [x.yaml]
-- clusters/prod/apps/x.yaml --
apiVersion: v1
kind: ConfigMap
metadata: { name: x, namespace: shop }
`);
		expect(problems.map(({ code }) => code).filter(code => code === 'flux/two-owners')).toEqual([]);
	});

	test('old API versions, with a fix', () => {
		const { problems } = cluster(`${SYNC}
-- clusters/prod/apps.yaml --
${kustomization('apps', '  path: ./apps').replace('io/v1', 'io/v1beta2')}
-- apps/x.yaml --
${CONFIG('x')}`);
		expect(problems).toMatchObject([
			{
				code: 'flux/deprecated-api-version',
				severity: 'warning',
				fixes: [{ edits: [{ kind: 'set', text: 'kustomize.toolkit.fluxcd.io/v1' }] }],
			},
		]);
	});
});

describe('a dependency that is nowhere, where not all of the cluster is known', () => {
	const tree = (other: string, more = '') =>
		cluster(
			`${SYNC}
-- clusters/prod/apps.yaml --
${kustomization('apps', '  path: ./apps\n  dependsOn: [{ name: databases }]')}
${kustomization('other', other)}
-- apps/config.yaml --
${CONFIG('settings')}${more}`,
		).told.filter(line => line.startsWith('flux/dependency'));
	const missing = ['flux/dependency-not-found clusters/prod/apps.yaml spec.dependsOn[0].name'];
	const broken = '\n-- broken/kustomization.yaml --\nresources: [nowhere.yaml]\n';

	test.each([
		['a build of this repository failed', '  path: ./broken', broken, missing],
		['a path leads nowhere', '  path: ./nowhere', '', missing],
		['and a file says the name', '  path: ./broken', `${broken}-- broken/ks.yaml --\n# databases\na: b\n`, []],
		[
			'something comes from elsewhere',
			'  path: ./broken',
			'\n-- broken/kustomization.yaml --\nresources: ["https://example.com/x.yaml"]\n',
			[],
		],
		['another repository is applied', '  path: ./x\n  sourceRef: { kind: GitRepository, name: another }', '', []],
	])('%s', (_, other, more, expected) => {
		expect(tree(other, more)).toEqual(expected);
	});
});

describe('a kustomization that a Flux object edits', () => {
	const app = (files: string) =>
		cluster(
			`${SYNC}-- clusters/prod/app.yaml --${kustomization('app', '  path: ./app\n  targetNamespace: app')}\n${files}`,
		).told;

	test('is read as a file all the same', () => {
		const text = 'resources:\n  - config.yaml\n';
		const config = `-- app/config.yaml --${CONFIG('a')}`;
		expect(app(`-- app/kustomization.yaml --\n${text}${config}`)).toEqual([]);
		expect(app(`-- app/kustomization.yaml --\n${text}-- app/kustomization.yml --\n${text}${config}`)).toEqual([
			'kustomize/several-kustomization-files app/kustomization.yaml ',
		]);
		expect(app(`-- app/kustomization.yaml --\nresources: [config.yaml\n${config}`)).toEqual([
			'kustomize/bad-yaml app/kustomization.yaml ',
		]);
		expect(app(`-- app/kustomization.yaml --\n- config.yaml\n${config}`)).toEqual([
			'kustomize/wrong-type app/kustomization.yaml ',
		]);
	});
});

test('a path that a variable leads astray is told where the path is written, with the place of the variable', () => {
	const { problems } = cluster(
		`${SYNC.replace('spec: { path', 'spec: { postBuild: { substitute: { ENVIRONMENT: prdo } }, path')}-- clusters/prod/app.yaml --${kustomization('app', '  path: ./apps/${ENVIRONMENT}')}
-- apps/prod/config.yaml --${CONFIG('a')}`,
	);
	expect(
		problems.map(({ code, at, related }) => [
			code,
			at.file.slice(6),
			formatPath(at.path),
			...(related ?? []).map(each => `${each.at.file.slice(6)} ${formatPath(each.at.path)}`),
		]),
	).toEqual([
		[
			'flux/path-not-found',
			'clusters/prod/app.yaml',
			'spec.path',
			'clusters/prod/flux-system/gotk-sync.yaml spec.postBuild.substitute.ENVIRONMENT',
		],
	]);
});

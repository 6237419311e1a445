import { expect, test } from 'vitest';
import { allSteps } from '../../../server/src/core/base/steps';
import { environmentNames } from '../../../server/src/core/model/environment-names';

const named = (groups: string[][], more: string[] = [], base = '/elsewhere') =>
	Object.fromEntries(
		allSteps(
			environmentNames(
				[...new Set([...groups.flat(), ...more])],
				groups.map(roots => ({ base, roots })),
			),
		),
	);

test('the part in which roots over one base differ', () => {
	expect(named([['/r/clusters/local/apps', '/r/clusters/production/apps']])).toEqual({
		'/r/clusters/local/apps': 'local',
		'/r/clusters/production/apps': 'production',
	});
});

test('environments below environments', () => {
	expect(Object.values(named([['/r/x/prod/eu1', '/r/x/prod/us1', '/r/x/dev/eu1']]))).toEqual([
		'prod/eu1',
		'prod/us1',
		'dev/eu1',
	]);
});

test('most bases decide, one odd group does not', () => {
	const groups = [
		['/r/c/dev/apps', '/r/c/prod/apps'],
		['/r/c/dev/infra', '/r/c/prod/infra'],
		['/r/c/dev/apps', '/r/c/dev/infra'],
		['/r/c/dev/apps', '/r/c/prod/apps'],
	];
	expect(named(groups)['/r/c/dev/infra']).toBe('dev');
	expect(named(groups)['/r/c/dev/apps']).toBe('dev');
});

test('a root that stands alone takes the name in its path', () => {
	expect(named([['/r/c/dev/apps', '/r/c/prod/apps']], ['/r/c/prod/flux-system', '/r/tools'])).toMatchObject({
		'/r/c/prod/flux-system': 'prod',
		'/r/tools': '',
	});
});

test('others that use a base from far away leave the names of those around it alone', () => {
	const roots = ['/r/apps/web/overlays/dev', '/r/apps/web/overlays/prod', '/r/apps/legacy', '/r/test/e2e'];
	expect(named([roots], [], '/r/apps/web/base')).toEqual({
		'/r/apps/web/overlays/dev': 'dev',
		'/r/apps/web/overlays/prod': 'prod',
		'/r/apps/legacy': '',
		'/r/test/e2e': '',
	});
});

test('what is the same in the middle of all paths is no part of a name', () => {
	expect(
		Object.values(named([['/r/one/clusters/staging', '/r/one/clusters/live', '/r/two/clusters/staging']])),
	).toEqual(['one/staging', 'one/live', 'two/staging']);
});

test('clusters of one name below several environments', () => {
	const roots = ['/r/x/dev/eu1', '/r/x/dev/us1', '/r/x/prod/eu1', '/r/x/prod/us1'];
	const groups = [
		{ base: '/r/x/base', roots },
		{ base: '/r/x/dev/base', roots: roots.slice(0, 2) },
		{ base: '/r/x/prod/base', roots: roots.slice(2) },
	];
	expect([...allSteps(environmentNames(roots, groups)).values()]).toEqual([
		'dev/eu1',
		'dev/us1',
		'prod/eu1',
		'prod/us1',
	]);
	const services = ['/r/svc/a/envs/dev', '/r/svc/a/envs/prod', '/r/svc/b/envs/dev', '/r/svc/b/envs/prod'];
	const ofServices = [
		{ base: '/r/base/web', roots: services },
		{ base: '/r/svc/a/base', roots: services.slice(0, 2) },
		{ base: '/r/svc/b/base', roots: services.slice(2) },
	];
	expect([...allSteps(environmentNames(services, ofServices)).values()]).toEqual(['dev', 'prod', 'dev', 'prod']);
});

import { expect, test } from 'vitest';
import { environmentNames } from '../../../server/src/core/model/environment-names';

const named = (groups: string[][], more: string[] = []) =>
	Object.fromEntries(environmentNames([...new Set([...groups.flat(), ...more])], groups));

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

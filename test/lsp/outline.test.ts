/** What the side bar shows, over the wire. */
import { beforeAll, expect, test } from 'vitest';
import type { OutlineResult } from '../../server/src/lsp/protocol';
import { buildPrograms, repository } from '../support/programs';
import { connect } from './language-client';

let programs: string;
beforeAll(async () => {
	programs = await buildPrograms('server');
});

test('components by environments, entry points, and how much is found in each', async () => {
	const folder = repository(`
-- base/web/kustomization.yaml --
resources:
  - config.yaml
-- base/web/config.yaml --
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
data:
  level: info
-- base/api/kustomization.yaml --
resources:
  - config.yaml
-- base/api/config.yaml --
apiVersion: v1
kind: ConfigMap
metadata:
  name: api
-- production/kustomization.yaml --
resources:
  - web
-- production/web/kustomization.yaml --
resources:
  - ../../base/web
  - missing.yaml
-- staging/kustomization.yaml --
resources:
  - ../base/web
  - ../base/api
-- testing/kustomization.yaml --
resources:
  - ../base/web
  - api
-- testing/api/kustomization.yaml --
resources:
  - ../../base/api
`);
	const client = await connect(programs, folder);
	await client.checked();
	const { groups, entryPoints, environments } = await client.connection.sendRequest<OutlineResult>(
		'strata/outline',
		{},
	);
	expect(environments).toEqual(['production', 'staging', 'testing']);
	expect(groups.map(({ path }) => path)).toEqual(['base']);
	const found = groups[0]!.components.map(({ name, uri, counts, environments }) => ({
		name,
		uri,
		errors: counts.errors,
		environments: environments.map(
			({ environment, state, overlays }) =>
				`${environment} ${state} ${overlays.map(({ path, counts }) => `${path} ${counts.errors}`).join()}`,
		),
	}));
	expect(found).toEqual([
		{
			name: 'api',
			uri: client.uri('base/api/kustomization.yaml'),
			errors: 0,
			environments: ['production missing ', 'staging overlay staging 0', 'testing overlay testing/api 0'],
		},
		{
			name: 'web',
			uri: client.uri('base/web/kustomization.yaml'),
			errors: 1,
			environments: ['production overlay production/web 1', 'staging overlay staging 0', 'testing overlay testing 0'],
		},
	]);
	expect(entryPoints.map(({ path, failed, counts }) => `${path} ${failed} ${counts.errors}`)).toEqual([
		'production true 1',
		'staging false 0',
		'testing false 0',
	]);
});

/** Trees of two environments: which bases they share, and what both change, whatever they call and where they put it. */
import { expect, test } from 'vitest';
import { analyse, diagnostics } from '../../support/check';

const component = (name: string) => `-- clusters/base/apps/${name}/kustomization.yaml --
resources: [config.yaml]
-- clusters/base/apps/${name}/config.yaml --
apiVersion: v1
kind: ConfigMap
metadata: { name: ${name} }
data: { level: info }
`;

const overlay = (environment: string, name: string, more = '') =>
	`-- clusters/${environment}/apps/${name}/kustomization.yaml --
namespace: ${name}-${environment}
resources: [../../../base/apps/${name}]
${more}`;

const environment = (name: string, ...apps: string[]) =>
	`-- clusters/${name}/apps/kustomization.yaml --\nresources: [${apps.join(', ')}]\n`;

const patched = (value: string, more = '') => `${more}patches:
  - patch: |
      apiVersion: v1
      kind: ConfigMap
      metadata: { name: web }
      data: { colour: ${value} }
`;

const WEB_ONLY = component('web') + environment('staging', 'web') + environment('production', 'web');

test('a base that only one of them uses is a component, and the other lacks it', () => {
	const analysed = analyse(
		[
			...['web', 'api', 'jobs'].map(component),
			environment('staging', 'web', 'api', 'jobs'),
			environment('production', 'web', 'api'),
			...['web', 'api', 'jobs'].map(name => overlay('staging', name)),
			...['web', 'api'].map(name => overlay('production', name)),
		].join(''),
	);
	expect(diagnostics(analysed)).toEqual([
		expect.stringMatching(/^clusters\/base\/apps\/jobs\/kustomization.yaml:1 .*tree\/missing-component/),
	]);
	const { components } = analysed.analysis.outline();
	expect(components.map(({ path, missing }) => [path, missing])).toEqual([
		['clusters/base/apps/api', []],
		['clusters/base/apps/jobs', ['production']],
		['clusters/base/apps/web', []],
	]);
});

test.each(['', 'namePrefix: NAME-\n'])(
	'the same change is found in namespaces and under names of their own: %j',
	more => {
		const tree =
			WEB_ONLY +
			['staging', 'production'].map(name => overlay(name, 'web', patched('blue', more.replace('NAME', name)))).join('');
		const found = diagnostics(analyse(tree)).filter(each => each.includes('overlay/same-everywhere'));
		expect(found.map(each => each.replace(/:.*/, ''))).toEqual([
			'clusters/production/apps/web/kustomization.yaml',
			'clusters/staging/apps/web/kustomization.yaml',
		]);
	},
);

test('of a base that an environment builds twice, each object is one of its own', () => {
	const twice = ['a', 'b'].map(
		name => `-- clusters/staging/apps/${name}/kustomization.yaml --
namespace: ${name}
resources: [../../../base/apps/web]
${name === 'a' ? patched('blue') : ''}`,
	);
	const tree =
		component('web') +
		environment('staging', 'a', 'b') +
		twice.join('') +
		environment('production', 'web') +
		overlay('production', 'web', patched('blue'));
	expect(diagnostics(analyse(tree))).toEqual([]);
});

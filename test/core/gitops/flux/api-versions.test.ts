/** Old and new API versions and fields of Flux's kinds, by the release of Flux in the tree. */
import { expect, test } from 'vitest';
import { Database } from '../../../../server/src/core/base/query';
import { formatPath } from '../../../../server/src/core/base/address';
import { apiVersionProblems } from '../../../../server/src/core/gitops/flux/api-versions';
import { resourcesIn } from '../../../../server/src/core/gitops/flux/seeds';
import { fixture, memorySource, ROOT } from '../../../support/fixture';

/** `severity path: message` of an object under a minor version of Flux 2. */
function told(manifest: string, minor: number | undefined): string[] {
	const db = new Database(memorySource(fixture(`-- x.yaml --\n${manifest}`).files));
	const [resource] = resourcesIn(db, `${ROOT}/x.yaml`);
	return apiVersionProblems(db, resource!, minor).map(
		({ severity, at, message }) => `${severity} ${formatPath(at.path)}: ${message}`,
	);
}

const object = (apiVersion: string, kind: string, spec = '{}') =>
	`apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: x\nspec: ${spec}\n`;

test.each([
	['helm.toolkit.fluxcd.io/v2', 'HelmRelease', undefined, []],
	['helm.toolkit.fluxcd.io/v2beta1', 'HelmRelease', undefined, ['warning Flux 2.7 takes it away']],
	['helm.toolkit.fluxcd.io/v2beta1', 'HelmRelease', 7, ['error Flux 2.7 does not know it any more']],
	['helm.toolkit.fluxcd.io/v2beta1', 'HelmRelease', 6, ['warning Flux 2.7 takes it away']],
	['helm.toolkit.fluxcd.io/v2', 'HelmRelease', 2, ['error it came with Flux 2.3']],
	['source.toolkit.fluxcd.io/v1beta2', 'OCIRepository', 5, []],
	['source.toolkit.fluxcd.io/v1beta2', 'OCIRepository', 6, ['warning Flux 2.8 takes it away']],
	['source.toolkit.fluxcd.io/v1', 'OCIRepository', 5, ['error it came with Flux 2.6']],
	['image.toolkit.fluxcd.io/v1alpha1', 'ImagePolicy', 9, ['error Flux 2.9 does not know it any more']],
	['image.toolkit.fluxcd.io/v1beta2', 'ImagePolicy', 8, ['warning Flux 2.9 takes it away']],
	['kustomize.toolkit.fluxcd.io/v1beta2', 'Kustomization', 8, ['error Flux 2.8 does not know it any more']],
	['notification.toolkit.fluxcd.io/v1beta3', 'Alert', 9, []],
] as const)('%s %s under Flux 2.%s', (apiVersion, kind, minor, expected) => {
	const found = told(object(apiVersion, kind), minor);
	expect(found).toHaveLength(expected.length);
	for (const [i, text] of expected.entries()) {
		const [severity, ...words] = text.split(' ');
		expect(found[i]).toMatch(new RegExp(`^${severity} apiVersion: .*${words.join(' ')}`));
	}
});

test('the fix writes the version that takes its place', () => {
	expect(told(object('source.toolkit.fluxcd.io/v1beta1', 'Bucket'), undefined)[0]).toContain(
		'write "source.toolkit.fluxcd.io/v1"',
	);
});

test('fields that came later, also in lists', () => {
	const manifest = object(
		'kustomize.toolkit.fluxcd.io/v1',
		'Kustomization',
		'{ namePrefix: a-, dependsOn: [{ name: y }, { name: z, readyExpr: "true" }] }',
	);
	expect(told(manifest, 9)).toEqual([]);
	expect(told(manifest, undefined)).toEqual([]);
	expect(told(manifest, 6)).toEqual([
		'error spec.dependsOn[1].readyExpr: "spec.dependsOn[1].readyExpr" is not known to Flux 2.6, which the cluster runs; it came with Flux 2.7.',
	]);
	expect(told(manifest, 2)).toHaveLength(2);
});

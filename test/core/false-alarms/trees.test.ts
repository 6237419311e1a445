/**
 * Healthy trees that stand in files of their own (`trees/*.repo`, written after the layouts of public ones): what surrounds manifests in
 * real repositories, with templates, bootstrap files, Taskfiles, charts, other people's code and scripts, and what is applied by others.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { analyse } from '../../support/check';
import { said } from './said';

const tree = (name: string) => readFileSync(join(__dirname, 'trees', `${name}.repo`), 'utf8');

const environments = (repository: string) => analyse(repository).analysis.outline().environments;

test('an application in each directory, with flux-operator, components, templates of a bootstrap and SOPS', () => {
	const repository = tree('home-operations');
	expect(said(repository)).toEqual([]);
	expect(environments(repository)).toEqual([]);
});

test('apps and infrastructure with image automation, remote bases, a chart, Terraform and Jsonnet: only what is deprecated', () => {
	const repository = tree('apps-and-infrastructure');
	expect(said(repository)).toEqual([
		'apps/base/backend/kustomization.yaml:5 warning kustomize/deprecated-field',
		'clusters/prod/image-update.yaml:1 warning flux/deprecated-api-version',
		'clusters/prod/image-update.yaml:11 warning flux/deprecated-api-version',
		'clusters/prod/image-update.yaml:6 warning flux/deprecated-api-version',
		'infrastructure/controllers/sources.yaml:1 warning flux/deprecated-api-version',
	]);
	expect(environments(repository)).toEqual(['prod', 'staging']);
});

test('applications of Argo CD with charts that helm inflates, remote bases and old spellings: only what is deprecated', () => {
	const repository = tree('argo-cd-and-charts');
	expect(said(repository)).toEqual([
		'apps/legacy/kustomization.yml:1 warning kustomize/deprecated-field',
		'apps/legacy/kustomization.yml:4 warning kustomize/deprecated-field',
		'apps/legacy/kustomization.yml:9 warning kustomize/deprecated-field',
		'apps/monitoring/overlays/prod/kustomization.yaml:2 warning kustomize/deprecated-field',
	]);
	expect(environments(repository)).toEqual(['dev', 'prod']);
});

test('clusters of several environments that sync themselves, out of pieces which they share and patch', () => {
	const repository = tree('clusters-of-environments');
	expect(said(repository)).toEqual([]);
	expect(environments(repository)).toEqual(['aat/00', 'ithc/00', 'ithc/01', 'prod/00', 'prod/01']);
});

test('two clusters side by side with components that they share, begun by something outside', () => {
	const repository = tree('clusters-side-by-side');
	expect(said(repository)).toEqual([]);
	expect(environments(repository)).toEqual(['main', 'storage']);
});

test('one cluster below its own name, with settings that SOPS encrypts and sources beside it', () => {
	const repository = tree('one-cluster-below-its-name');
	expect(said(repository)).toEqual([]);
	expect(environments(repository)).toEqual([]);
});

test.each([
	[
		'app-template-and-components',
		'a chart by OCIRepository, several Kustomizations in one file, patches that inject patches, optional variables',
	],
	[
		'values-by-name-reference',
		'generated values by nameReference, variables in values that are YAML only with them, a patch of the version',
	],
	['flux-operator-permuted', 'a FluxInstance, and a ResourceSet that permutes its inputs'],
	[
		'bitnami-with-generated-values',
		'values merged into a generated ConfigMap, single values by targetPath, a release of another namespace to wait for',
	],
	[
		'plain-directories-and-another-cluster',
		'no kustomizations, a script that is escaped, a HelmChart, objects of another cluster',
	],
	['shared-components-of-clusters', 'clusters that are one kustomization each, out of stacks and Components'],
	['tenants-with-bases', 'tenants that sync repositories of their own, with a path for each cluster'],
	['monorepo-of-services', 'services with `deploy/{base,dev,stg,prd}` beside their code'],
	['argo-cd-overlays-and-ksops', '`apps/*/overlays/*` for an ApplicationSet, with ksops and a chart that is inflated'],
	['plain-manifests-of-one-app', 'manifests without any kustomization, beside a chart and an API description'],
	['rendered-charts-beside', 'what helm rendered for each environment, committed and kustomized'],
	['crossplane-and-cluster-api', 'compositions, clusters out of one base, and applications of another cluster'],
	['operator-project', 'the `config/` of an operator, with what its generator leaves commented out'],
	['namespace-component-of-home-lab', 'a Component that names the namespace of all, and one with variables of each'],
	['documented-with-examples', 'documentation with examples, Terraform and Jsonnet beside the tree'],
	['chart-of-the-same-repository', 'a chart of the repository itself, with values files by variable'],
])('%s: %s', name => {
	expect(said(tree(name))).toEqual([]);
});

test('one application in k8s/ with old spellings: only what is deprecated', () => {
	expect(said(tree('one-application-in-k8s'))).toEqual([
		'k8s/overlays/dev/kustomization.yml:1 warning kustomize/deprecated-field',
		'k8s/overlays/dev/kustomization.yml:4 warning kustomize/deprecated-field',
		'k8s/overlays/prod/kustomization.yml:1 warning kustomize/deprecated-field',
	]);
});

test('a patch that another one injects everywhere is not idle where it has nothing to select', () => {
	const { analysis, fixture } = analyse(tree('app-template-and-components'));
	const codes = [...fixture.files.keys()].flatMap(file => analysis.diagnostics(file).map(({ code }) => code));
	expect(codes).toEqual([]);
});

test('a value of a release that all environments override is told once', () => {
	const repository = tree('values-by-name-reference').replace(
		'alertmanager: { enabled: false }',
		'alertmanager: { replicas: 1 }',
	);
	const patched = ['staging', 'production'].reduce(
		(text, environment, i) =>
			text.replace(
				`-- infrastructure/monitoring/${environment}/values.yaml --`,
				`  values: { alertmanager: { replicas: ${i + 2} } }\n-- infrastructure/monitoring/${environment}/values.yaml --`,
			),
		repository,
	);
	const { analysis } = analyse(patched);
	const lines = analysis.diagnostics('/repo/infrastructure/monitoring/base/release.yaml').map(({ code }) => code);
	expect(lines).toEqual(['base/overridden-everywhere']);
});

/** `strata.yaml`: what it overrides, what is said of mistakes in it, and what is offered while it is written. */
import { expect, test } from 'vitest';
import { CODES } from '../../../server/src/core/rules/registry';
import { configSchema } from '../../../server/src/core/workspace/tree-config-fields';
import { analyse, complete, diagnostics, hover } from '../../support/check';

const TREE = `-- base/kustomization.yaml --
resources:
  - config.yaml
-- base/config.yaml --
apiVersion: v1
kind: ConfigMap
metadata:
  name: shop
  namespace: shop
-- one/kustomization.yaml --
resources:
  - ../base
-- two/kustomization.yaml --
resources:
  - ../base
-- old/kustomization.yaml --
resources:
  - gone.yaml
`;

const withConfig = (config: string) => analyse(`-- strata.yaml --\n${config}${TREE}`);

const said = (config: string) => diagnostics(withConfig(config)).filter(each => !each.startsWith('old/'));

function understood(config: string) {
	const { environments, entryPoints, components } = withConfig(config).analysis.outline();
	return {
		environments,
		entries: entryPoints.map(({ path, environment }) => `${path} ${environment}`.trim()),
		components: components.map(({ path }) => path),
	};
}

test('environments are what it says they are', () => {
	expect(understood('')).toEqual({
		environments: ['one', 'two'],
		entries: ['old', 'one one', 'two two'],
		components: ['base'],
	});
	expect(understood('environments:\n  production: one\n  test: [./t*/, nothing-else/**]\n')).toEqual({
		environments: ['production', 'test'],
		entries: ['old', 'one production', 'two test'],
		components: ['base'],
	});
	expect(understood('environments:\n  all: "."\n').environments).toEqual(['all']);
});

test('entry points, bases and components', () => {
	expect(understood('entryPoints: [old, base]\n').entries).toEqual(['base', 'old']);
	expect(understood('bases: old\n').components).toEqual(['base', 'old']);
	expect(understood('components: o*\n').components).toEqual([]);
});

test('an environment of Flux is told by its cluster where its directory says nothing', () => {
	const { analysis } = analyse(`-- strata.yaml --
environments:
  production: clusters/one
-- clusters/one/apps.yaml --
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: apps, namespace: flux-system }
spec:
  path: ./apps
  sourceRef: { kind: GitRepository, name: flux-system }
-- apps/kustomization.yaml --
resources: [config.yaml]
-- apps/config.yaml --
apiVersion: v1
kind: ConfigMap
metadata: { name: shop, namespace: shop }
`);
	expect(analysis.outline().entryPoints.map(({ path, environment }) => `${path} ${environment}`)).toEqual([
		'apps production',
		'clusters/one production',
	]);
});

test('severities win over those that an editor is set to', () => {
	const { analysis } = withConfig('severities:\n  kustomize/*: hint\n');
	const severity = () => analysis.diagnostics('/repo/old/kustomization.yaml').map(each => each.severity);
	expect(severity()).toEqual(['hint']);
	analysis.apply({ settings: { severities: { 'kustomize/*': 'warning' } } });
	expect(severity()).toEqual(['hint']);
	analysis.apply({ texts: new Map([['/repo/strata.yaml', '']]) });
	expect(severity()).toEqual(['warning']);
});

test.each([
	['"*": old', 0],
	['kustomize/missing-resource: old/**', 0],
	['kustomize/*: [one, ./old/kustomization.yaml]', 0],
	['kustomize/missing-resource: one', 1],
	['overlay/*: old', 1],
])('ignore %s leaves %i findings', (entry, count) => {
	const { analysis } = withConfig(`ignore:\n  ${entry}\n`);
	expect(analysis.diagnostics('/repo/old/kustomization.yaml')).toHaveLength(count);
});

test('documentation: required or not spoken of', () => {
	expect(said('docs: required\n')).toEqual(['base/kustomization.yaml:1 docs/missing-readme "resources:"']);
	expect(said('')).toEqual([]);
});

test.each([
	['enviroments: {}\n', 'strata.yaml:1 strata/config-unknown-key "enviroments"'],
	['podSecurity:\n  enforced: baseline\n', 'strata.yaml:2 strata/config-unknown-key "enforced"'],
	['docs: sometimes\n', 'strata.yaml:1 strata/config-wrong-type "sometimes"'],
	['kubernetesVersion: latest\n', 'strata.yaml:1 strata/config-wrong-type "latest"'],
	['podSecurity:\n  enforce: basline\n', 'strata.yaml:2 strata/config-wrong-type "basline"'],
	['bases: {a: b}\n', 'strata.yaml:1 strata/config-wrong-type "bases"'],
	['environments: [one]\n', 'strata.yaml:1 strata/config-wrong-type "environments"'],
	['severities:\n  overlay/same-as-bse: off\n', 'strata.yaml:2 strata/config-unknown-code "overlay/same-as-bse"'],
	['environments:\n  prod: [one, thre]\n', 'strata.yaml:2 strata/config-no-match "thre"'],
	['a: [\n', 'strata.yaml:2 yaml/syntax ""'],
])('%j is a mistake', (config, finding) => {
	expect(said(config)).toContain(finding);
});

test('what has not been written yet is no mistake', () => {
	expect(said('environments:\nbases:\nseverities:\n')).toEqual([]);
	expect(said('# nothing yet\n')).toEqual([]);
});

test('completion and hover', () => {
	const at = (config: string) => withConfig(config);
	expect(complete(at('do$0\n'))).toEqual(expect.arrayContaining(['docs', 'environments', 'podSecurity']));
	expect(complete(at('docs: $0\n'))).toEqual(['off', 'required']);
	expect(complete(at('severities:\n  overlay/$0\n'))).toEqual(
		expect.arrayContaining(['overlay/same-as-base', 'overlay/*']),
	);
	expect(complete(at('severities:\n  overlay/*: $0\n'))).toContain('hint');
	expect(complete(at('environments:\n  $0\n'))).toEqual(['one', 'two']);
	expect(complete(at('bases:\n  - $0\n'))).toEqual(expect.arrayContaining(['base', 'one']));
	expect(complete(at('podSecurity:\n  $0\n'))).toContain('exemptNamespaces');
	expect(hover(at('do$0cs: required\n'))).toContain('must be documented');
	expect(hover(at('severities:\n  overlay/same-$0as-base: off\n'))).toBe(
		`\`overlay/same-as-base\` (warning): ${CODES.find(({ code }) => code === 'overlay/same-as-base')!.summary}`,
	);
});

test('the schema that ships is that of the table', async () => {
	// `npx vitest run -u` writes it anew.
	await expect(JSON.stringify(configSchema(), undefined, '\t') + '\n').toMatchFileSnapshot(
		'../../../schemas/strata.schema.json',
	);
});

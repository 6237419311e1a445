/** What ResourceSets make, and what is not known of it. */
import { describe, expect, test } from 'vitest';
import { Database } from '../../../../server/src/core/base/query';
import { fillTemplate } from '../../../../server/src/core/gitops/flux/input-template';
import { fluxClusters } from '../../../../server/src/core/gitops/flux/graph';
import { roots } from '../../../../server/src/core/workspace/inputs';
import { readContent } from '../../../../server/src/core/yaml/content';
import { toPlain } from '../../../../server/src/core/yaml/node';
import { parseSyntax } from '../../../../server/src/core/yaml/syntax';
import { analyse, definition, diagnostics } from '../../../support/check';
import { fixture, memorySource, ROOT } from '../../../support/fixture';

const INSTANCE = `-- clusters/prod/instance.yaml --
apiVersion: fluxcd.controlplane.io/v1
kind: FluxInstance
metadata: { name: flux, namespace: flux-system }
spec:
  distribution: { version: 2.9.x, registry: ghcr.io/fluxcd }
  sync: { kind: GitRepository, url: https://git.example.com/fleet, ref: refs/heads/main, path: clusters/prod }
`;

const set = (spec: string, more = '') => `${INSTANCE}-- clusters/prod/set.yaml --
apiVersion: fluxcd.controlplane.io/v1
kind: ResourceSet
metadata: { name: apps, namespace: flux-system }
spec:
${spec}
${more}`;

function cluster(text: string) {
	const db = new Database(memorySource(fixture(text).files));
	db.set(roots, '', [ROOT]);
	return fluxClusters(db)[0]!;
}

const made = (text: string) => {
	const { applied, coverage } = cluster(text);
	const objects = applied.filter(
		({ resource }) => !['ResourceSet', 'FluxInstance', 'ResourceSetInputProvider'].includes(resource.id.kind),
	);
	return { coverage, objects: objects.map(({ resource }) => toPlain(resource.node)) };
};

const CONFIG = `
    - apiVersion: v1
      kind: ConfigMap
      metadata: { name: "c-<< inputs.name >>", namespace: << inputs.provider.namespace >> }
      data:
        port: << inputs.port >>
        text: << inputs.port | quote >>`;

describe('the objects of a ResourceSet', () => {
	test('are made once for each set of inputs, typed as they are written', () => {
		const { coverage, objects } = made(
			set(
				`  inputs:\n    - { name: a, port: 80 }\n    - { name: b, port: 81 }\n  commonMetadata: { labels: { l: x } }\n  resources:${CONFIG}`,
			),
		);
		expect(coverage).toBe('whole');
		expect(objects).toEqual(
			[
				['a', 80],
				['b', 81],
			].map(([name, port]) => ({
				apiVersion: 'v1',
				kind: 'ConfigMap',
				metadata: { name: `c-${name}`, namespace: 'flux-system', labels: { l: 'x' } },
				data: { port, text: String(port) },
			})),
		);
	});

	test('take the inputs of a Static provider', () => {
		const provider = (type: string) => `-- clusters/prod/provider.yaml --
apiVersion: fluxcd.controlplane.io/v1
kind: ResourceSetInputProvider
metadata: { name: p, namespace: flux-system }
spec: { type: ${type}, defaultValues: { name: a, port: 80 } }
`;
		const from = `  inputsFrom: [{ kind: ResourceSetInputProvider, name: p }]\n  resources:${CONFIG}`;
		expect(made(set(from, provider('Static'))).objects).toHaveLength(1);
		expect(made(set(from, provider('Static'))).coverage).toBe('whole');
		expect(made(set(from, provider('GitHubBranch')))).toEqual({ coverage: 'part', objects: [] });
		expect(made(set(from))).toEqual({ coverage: 'part', objects: [] });
	});

	test('a provider whose name is nearly right is told', () => {
		const provider = `-- clusters/prod/zones.yaml --
apiVersion: fluxcd.controlplane.io/v1
kind: ResourceSetInputProvider
metadata: { name: zones, namespace: flux-system }
spec: { type: Static, defaultValues: { name: a, port: 80 } }
`;
		const told = (name: string) =>
			diagnostics(
				analyse(
					set(`  inputsFrom: [{ kind: ResourceSetInputProvider, name: ${name} }]\n  resources:${CONFIG}`, provider),
				),
			).filter(line => line.includes(' flux/'));
		expect(told('zones')).toEqual([]);
		expect(told('zone')).toEqual(['clusters/prod/set.yaml:5 flux/reference-not-found "zone"']);
		expect(told('made-elsewhere')).toEqual([]);
	});

	test('are made for each combination of inputs where these are permuted', () => {
		const provider = (name: string, values: string) => `-- clusters/prod/${name}.yaml --
apiVersion: fluxcd.controlplane.io/v1
kind: ResourceSetInputProvider
metadata: { name: ${name}, namespace: flux-system }
spec: { type: Static, defaultValues: { ${values} } }
`;
		const spec = `  inputStrategy: { name: Permute }
  inputs: [{ app: a }, { app: b }]
  inputsFrom: [{ kind: ResourceSetInputProvider, name: The-Zone }]
  resources:
    - apiVersion: v1
      kind: ConfigMap
      metadata: { name: "<< inputs.apps.app >>-<< inputs.the_zone.zone >>", namespace: x }`;
		const { coverage, objects } = made(set(spec, provider('The-Zone', 'zone: eu')));
		expect(coverage).toBe('whole');
		expect(objects).toMatchObject([{ metadata: { name: 'a-eu' } }, { metadata: { name: 'b-eu' } }]);
		const id = spec.replace('inputs.apps.app', 'inputs.id');
		expect(made(set(id, provider('The-Zone', 'zone: eu')))).toEqual({ coverage: 'part', objects: [] });
	});

	test('come from a template, and once where there are no inputs', () => {
		const template =
			'  resourcesTemplate: |\n    apiVersion: v1\n    kind: Namespace\n    metadata: { name: one }\n    ---\n    apiVersion: v1\n    kind: Namespace\n    metadata: { name: two }';
		expect(made(set(template)).objects).toMatchObject([{ metadata: { name: 'one' } }, { metadata: { name: 'two' } }]);
	});

	test('are not all known where a template decides, or an object is a copy', () => {
		const deciding =
			'  inputs: [{ a: b }]\n  resourcesTemplate: |\n    <<- if inputs.a >>\n    kind: Namespace\n    <<- end >>';
		expect(made(set(deciding))).toEqual({ coverage: 'part', objects: [] });
		const copy =
			'  resources:\n    - apiVersion: v1\n      kind: Secret\n      metadata: { name: s, namespace: x, annotations: { fluxcd.controlplane.io/copyFrom: a/b } }';
		expect(made(set(copy))).toEqual({ coverage: 'part', objects: [] });
	});

	test('that are Kustomizations are followed', () => {
		const { nodes } = cluster(
			set(
				`  inputs: [{ app: web }]
  resources:
    - apiVersion: kustomize.toolkit.fluxcd.io/v1
      kind: Kustomization
      metadata: { name: << inputs.app >>, namespace: flux-system }
      spec: { path: ./apps/<< inputs.app >>, sourceRef: { kind: GitRepository, name: flux-system } }`,
				'-- apps/web/config.yaml --\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: web, namespace: web }\n',
			),
		);
		expect(nodes.map(({ key, directory }) => `${key} ${directory}`)).toContain('flux-system/web /repo/apps/web');
	});
});

test('a HelmRelease in one is checked like any other, and its names lead to the objects', () => {
	const tree = (name: string) =>
		set(
			`  inputs: [{ app: web, version: 1.x }]
  resources:
    - apiVersion: source.toolkit.fluxcd.io/v1
      kind: HelmRepository
      metadata: { name: << inputs.app >>, namespace: flux-system }
      spec: { interval: 1h, url: "https://charts.example.com" }
    - apiVersion: helm.toolkit.fluxcd.io/v2
      kind: HelmRelease
      metadata: { name: << inputs.app >>, namespace: flux-system }
      spec:
        interval: 10m
        chart: { spec: { chart: web, version: << inputs.version >>, sourceRef: { kind: HelmRepository, name: ${name} } } }`,
		);
	expect(diagnostics(analyse(tree('<< inputs.app >>')))).toEqual([]);
	expect(diagnostics(analyse(tree('wbe'))).filter(line => line.includes('helm/'))).toEqual([
		'clusters/prod/set.yaml:16 helm/source-not-found "wbe"',
	]);
	expect(definition(analyse(tree('<< inputs.$0app >>')))).toEqual(['clusters/prod/set.yaml:7']);
});

describe('templates', () => {
	const [document] = readContent(parseSyntax('a: x\nn: 3\nlist: [1]\nbig: 1000000\nmap: { k: v }\nempty: ""\n'), {
		file: '/inputs.yaml',
		step: 'resource',
	});
	test.each([
		['<< inputs.a >>', 'x'],
		['<<inputs.a>>-<<- " y" >>', 'x- y'],
		['a  <<- inputs.a ->>  b', 'axb'],
		['<< inputs.a | upper | quote >>', '"X"'],
		['<< inputs.map.k >>', 'v'],
		['<< inputs.empty | default "d" >>', 'd'],
		['<< trimPrefix "x" inputs.a >>', ''],
		['<</* a comment */>>z', 'z'],
		['<< inputs.b >>', 'missing b'],
		['<< inputs.map.b >>', 'missing map.b'],
		['<< inputs.list >>', 'unknown'],
		['<< inputs.big >>', 'unknown'],
		['<< inputs.id >>', 'unknown'],
		['<< if inputs.a >>y<< end >>', 'unknown'],
		['<< printf "%s" inputs.a >>', 'unknown'],
		['<< (inputs.a) >>', 'unknown'],
		['<< inputs.a', 'unknown'],
		['a << b', 'unknown'],
	])('%s: %s', (text, expected) => {
		const filled = fillTemplate(text, document!.root);
		expect(
			filled.kind === 'text' ? filled.text : filled.kind === 'missing' ? `missing ${filled.name}` : 'unknown',
		).toBe(expected);
	});
});

test('a template that never ends is given up at once', () => {
	const before = process.cpuUsage().user;
	expect(fillTemplate(`<< ${'"'.repeat(5_001)}`, undefined)).toEqual({ kind: 'unknown' });
	expect(fillTemplate('<< '.repeat(5_000), undefined)).toEqual({ kind: 'unknown' });
	expect(process.cpuUsage().user - before).toBeLessThan(2_000_000);
});

/** Charts that stand in the repository: their Chart.yaml, what they depend on, the Kubernetes that they are for, and files of default values. */
import { describe, expect, test } from 'vitest';
import { analyse, diagnostics, hover } from '../../../support/check';

interface Tree {
	readonly chart?: string;
	readonly spec?: string;
	readonly values?: string;
	readonly more?: string;
	readonly kubernetesVersion?: string;
}

function told({ chart = '', spec = '', values = '', more = '', kubernetesVersion }: Tree): readonly string[] {
	const { analysis, ...rest } = analyse(`-- flux-system/gotk-sync.yaml --
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: flux-system, namespace: flux-system }
spec: { interval: 1m, url: https://git.example.com/fleet }
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec: { interval: 1m, prune: true, path: ./cluster, sourceRef: { kind: GitRepository, name: flux-system } }
-- cluster/release.yaml --
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: web, namespace: flux-system }
spec:
  interval: 1m
  chart:
    spec:
      chart: ./charts/web
      sourceRef: { kind: GitRepository, name: flux-system }
${spec}
  values: { ${values} }
-- charts/web/Chart.yaml --
apiVersion: v2
name: web
version: 1.0.0
${chart}
-- charts/web/values.yaml --
replicas: 1
${more}`);
	if (kubernetesVersion !== undefined) analysis.apply({ settings: { severities: {}, kubernetesVersion } });
	return diagnostics({ analysis, ...rest }).filter(line => line.includes(' helm/'));
}

const COMMON = `-- charts/common/Chart.yaml --
apiVersion: v2
name: common
version: 1.2.0
-- charts/common/values.yaml --
color: red
-- charts/common/templates/x.yaml --
a: {{ .Values.color }}
`;
const dependsOn = (more: string) => `dependencies: [{ name: common, version: 1.x, ${more} }]`;

describe('the release of Kubernetes', () => {
	const at = ['cluster/release.yaml:8 helm/kubernetes-version "./charts/web"'];
	test.each([
		['>=1.30.0', '1.29', at],
		['>=1.30.0', '1.30', []],
		['>=1.30.0-0 <1.34.0-0', 'v1.34.2', at],
		['>=1.30.7', '1.30', []],
		['>=1.30.7', '1.30.6', at],
		['>=1.30.7', 'v1.30.7+k3s1', []],
		['1.30.7', '1.30', []],
		['!=1.30.0', '1.30', []],
		['no range', '1.30', at],
		['>=1.30.0', undefined, []],
		['', '1.29', []],
	])('"%s" and %s', (range, kubernetesVersion, expected) => {
		expect(
			told({ chart: `kubeVersion: "${range}"`, ...(kubernetesVersion !== undefined && { kubernetesVersion }) }),
		).toEqual(expected);
	});
});

describe('dependencies', () => {
	test('that stand elsewhere in the repository count as if they were vendored', () => {
		const chart = dependsOn('repository: "file://../common"');
		expect(told({ chart, more: COMMON, values: 'common: { color: blue }' })).toEqual([]);
		expect(told({ chart, more: COMMON, values: 'common: { colour: blue }' })).toEqual([
			'cluster/release.yaml:11 helm/values-unknown-key "colour"',
		]);
	});

	test.each([
		['a path that leads nowhere', 'repository: "file://../comon"', '"file://../comon"'],
		['a path out of the repository', 'repository: "file://../../../common"', '"file://../../../common"'],
		['no repository', 'alias: x', 'common'],
	])('%s', (_, more, under) => {
		expect(told({ chart: dependsOn(more), more: COMMON })).toEqual([
			`charts/web/Chart.yaml:4 helm/chart-dependency-not-found ${JSON.stringify(under)}`,
		]);
	});

	test('a version that is not allowed', () => {
		const chart = 'dependencies: [{ name: common, version: 2.x, repository: "file://../common" }]';
		expect(told({ chart, more: COMMON })).toEqual(['charts/web/Chart.yaml:4 helm/chart-dependency-not-found "2.x"']);
	});

	test.each([
		['from a repository', 'repository: "https://charts.example.com"', COMMON],
		['in charts/', 'repository: "file://../nowhere"', COMMON.replaceAll('charts/common', 'charts/web/charts/common')],
	])('%s are not looked for', (_, more, files) => {
		expect(told({ chart: dependsOn(more), more: files })).toEqual([]);
	});
});

describe('Chart.yaml', () => {
	test.each([
		['version: one', 'one'],
		['type: thing', 'thing'],
		['name: a/b', 'a/b'],
		[
			'dependencies: [{ name: a, version: 1.x, repository: "https://x" }, { name: a, version: 2.x, repository: "https://x" }]',
			'a',
		],
		['dependencies: [{ name: a, version: 1.x, repository: "https://x", alias: a.b }]', 'a.b'],
	])('%s', (line, under) => {
		const found = told({ chart: line });
		expect(found).toHaveLength(1);
		expect(found[0]).toMatch(/^charts\/web\/Chart\.yaml:4 helm\/chart-unreadable /);
		expect(found[0]!.endsWith(JSON.stringify(under))).toBe(true);
	});
});

describe('valuesFiles', () => {
	const more = '-- envs/prod.yaml --\nreplicas: 2\n';
	test.each([
		['at the root of the repository', '      valuesFiles: [charts/web/values.yaml, ./envs/prod.yaml]', []],
		[
			'that are not there',
			'      valuesFiles: [envs/stage.yaml]',
			['cluster/release.yaml:10 helm/values-file-not-found "envs/stage.yaml"'],
		],
		['that may be missing', '      valuesFiles: [envs/stage.yaml]\n      ignoreMissingValuesFiles: true', []],
		['that lead out of the repository stop at its root', '      valuesFiles: [../../envs/prod.yaml]', []],
	])('%s', (_, spec, expected) => {
		expect(told({ spec, more })).toEqual(expected);
	});
});

describe('.helmignore', () => {
	const ignoring = (rules: string) => `-- charts/web/.helmignore --\n${rules}\n`;
	const unknown = ['cluster/release.yaml:11 helm/values-unknown-key "replica"'];
	test.each([
		['a comment', '# values.yaml', unknown],
		['the defaults', 'values.yaml', []],
		['the defaults by a pattern', '/value?.y*l', []],
		['all that is not named', '!*.md', ['charts/web:1 helm/chart-unreadable ""']],
		['a directory', 'values.yaml/', unknown],
		['another directory', 'docs/values.yaml', unknown],
		['double stars', '**/values.yaml', ['charts/web/.helmignore:1 helm/chart-unreadable "**/values.yaml"']],
		['a broken class', 'values[.yaml', ['charts/web/.helmignore:1 helm/chart-unreadable "values[.yaml"']],
	])('leaves out %s', (_, rules, expected) => {
		const more = `${ignoring(rules)}-- charts/web/templates/x.yaml --\na: {{ .Values.replicas }}\n`;
		expect(told({ more, values: 'replica: 2' })).toEqual(expected);
	});

	test('leaves out a subchart with all that it holds', () => {
		const subchart = COMMON.replaceAll('charts/common', 'charts/web/charts/common');
		const chart = dependsOn('repository: "https://charts.example.com"');
		const values = 'common: { colour: blue }';
		expect(told({ chart, more: subchart, values })).toEqual([
			'cluster/release.yaml:11 helm/values-unknown-key "colour"',
		]);
		expect(told({ chart, more: subchart + ignoring('charts/common'), values })).toEqual([]);
	});
});

describe("what helm's schema check says", () => {
	const SCHEMA = '-- charts/web/values.schema.json --\n{ "properties": { "replicas": { "type": "integer" } } }\n';
	const at = (spec: string) => {
		const { analysis } = analyse(`-- kustomization.yaml --
resources: [source.yaml, release.yaml]
-- source.yaml --
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: { name: fleet, namespace: shop }
spec: { interval: 1m, url: https://git.example.com/fleet }
-- release.yaml --
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: web, namespace: shop }
spec:
  interval: 1m
  chart: { spec: { chart: ./charts/web, sourceRef: { kind: GitRepository, name: fleet } } }
${spec}
  values: { replicas: none }
-- charts/web/Chart.yaml --
apiVersion: v2
name: web
version: 1.0.0
${SCHEMA}`);
		return analysis.diagnostics('/repo/release.yaml').filter(({ code }) => code === 'helm/values-schema');
	};

	test('is told as helm-controller hands it on', () => {
		expect(at('  targetNamespace: front').map(({ details }) => details)).toEqual([
			"Helm install failed for release front/front-web with chart web@1.0.0: values don't meet the specifications of the schema(s) in the following chart(s):\nweb:\n- at '/replicas': got string, want integer",
		]);
	});

	test('is no word where both actions leave it out, and is of the upgrade where the installation does', () => {
		const off = '{ disableSchemaValidation: true }';
		expect(at(`  install: ${off}\n  upgrade: ${off}`)).toEqual([]);
		expect(at(`  install: ${off}`)[0]!.details).toMatch(
			/^Helm upgrade failed for release shop\/web with chart web@1\.0\.0: /,
		);
		expect(at(`  upgrade: ${off}`)[0]!.details).toMatch(/^Helm install failed for release /);
	});
});

test('hover over the chart of a release says which one it is, and whether it is known', () => {
	const of = (chart: string, version: string, kind: string) =>
		hover(
			analyse(`-- kustomization.yaml --
resources: [source.yaml, release.yaml]
-- source.yaml --
apiVersion: source.toolkit.fluxcd.io/v1
kind: ${kind}
metadata: { name: charts, namespace: shop }
spec: { interval: 1m, url: https://charts.example.com }
-- release.yaml --
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: web, namespace: shop }
spec:
  interval: 1m
  chart: { spec: { chart: ${chart}, version: ${version}, sourceRef: { kind: ${kind}, name: charts } } }
-- charts/web/Chart.yaml --
apiVersion: v2
name: web
version: 1.0.0
`),
		);
	const known = 'values are checked against chart `web 1.0.0` in `charts/web`';
	expect(of('./charts/w$0eb', '"*"', 'GitRepository')).toContain(known);
	expect(of('web', '"1.$0x"', 'HelmRepository')).toContain(known);
	expect(of('ot$0her', '"1.x"', 'HelmRepository')).toContain(
		'The chart "other" is not at hand, so its values are not checked.',
	);
});

test('where the name of a generated ConfigMap cannot follow because it has no namespace, that is said', () => {
	const message = (namespace: string) => {
		const { analysis } = analyse(`-- kustomization.yaml --
resources: [release.yaml]
configurations: [names.yaml]
configMapGenerator:
  - name: values
    ${namespace}
    literals: ["values.yaml=a: 1"]
-- names.yaml --
nameReference: [{ kind: ConfigMap, fieldSpecs: [{ kind: HelmRelease, path: spec/valuesFrom/name }] }]
-- release.yaml --
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: web, namespace: shop }
spec:
  interval: 1m
  chartRef: { kind: OCIRepository, name: web }
  valuesFrom: [{ kind: ConfigMap, name: values }]
`);
		return analysis
			.diagnostics('/repo/release.yaml')
			.filter(({ code }) => code === 'helm/values-name-has-hash')
			.map(each => each.message);
	};
	expect(message('namespace: shop')).toEqual([]);
	expect(message('options: {}')).toEqual([
		expect.stringContaining(
			'it has no namespace, while the HelmRelease is in "shop"; write "namespace: shop" at the generator first',
		),
	]);
});

test('values under binaryData are none: the controller reads data alone', () => {
	const analysed = analyse(`-- kustomization.yaml --
resources: [all.yaml]
-- all.yaml --
apiVersion: v1
kind: ConfigMap
metadata: { name: values, namespace: shop }
binaryData: { values.yaml: cmVwbGljYXM6IDcK }
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: web, namespace: shop }
spec:
  interval: 1m
  chartRef: { kind: OCIRepository, name: web }
  valuesFrom: [{ kind: ConfigMap, name: values }]
`);
	expect(diagnostics(analysed).filter(line => line.includes(' helm/'))).toEqual([
		'all.yaml:12 helm/values-key-not-found "values"',
	]);
});

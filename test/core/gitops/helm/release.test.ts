import { describe, expect, test } from 'vitest';
import { Database } from '../../../../server/src/core/base/query';
import { readRelease, isHelmRelease } from '../../../../server/src/core/gitops/helm/release';
import { indexResources, type Coverage } from '../../../../server/src/core/kube/resource-index';
import type { Resource } from '../../../../server/src/core/kube/resource';
import { addressOf, nodeAt, type Origin, toPlain } from '../../../../server/src/core/yaml/node';
import { HELM_PROBLEM_CODES } from '../../../../server/src/core/gitops/helm/problem-codes';
import { unreadValues } from '../../../../server/src/core/gitops/helm/unread-values';
import { changed, resourcesOf } from '../../../support/resources';

const REPOSITORY = `
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: { name: podinfo, namespace: apps }
spec: { url: https://example.org/charts/ }
---
`;

const release = (more: string, name = 'podinfo') => `
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: ${name}, namespace: apps }
spec:
  chart: { spec: { chart: podinfo, version: 6.x, sourceRef: { kind: HelmRepository, name: podinfo } } }
${more}
---
`;

const DB = new Database(undefined);

function read(resources: readonly Resource[], coverage: Coverage = 'whole') {
	return readRelease(DB, resources.find(isHelmRelease)!, indexResources(resources, coverage));
}

const codes = (text: string, coverage: Coverage = 'whole') =>
	read(resourcesOf(text), coverage).problems.map(({ code }) => code);

function steps(origin: Origin | undefined): string[] {
	return origin ? [`${origin.step} ${origin.file}`, ...steps(origin.replaced)] : [];
}

describe('names and charts', () => {
	test('of a HelmRepository', () => {
		const { chart, name, problems } = read(resourcesOf(REPOSITORY + release('')));
		expect(problems).toEqual([]);
		expect(name).toBe('podinfo');
		expect(chart.location).toEqual({
			kind: 'repository',
			url: 'https://example.org/charts',
			name: 'podinfo',
			version: '6.x',
		});
	});

	test('a release name with its target namespace is shortened as the controller does', () => {
		const long = 'a'.repeat(60);
		const named = (more: string) => read(resourcesOf(REPOSITORY + release(more, long))).name;
		expect(named('  releaseName: x')).toBe('x');
		expect(named('  targetNamespace: t')).toMatch(/^t-a{38}-[0-9a-f]{12}$/);
		expect(named('  targetNamespace: t')).toHaveLength(53);
	});

	test('chartRef to an OCIRepository, and through a HelmChart', () => {
		const oci = read(
			resourcesOf(`
kind: OCIRepository
apiVersion: source.toolkit.fluxcd.io/v1beta2
metadata: { name: x, namespace: apps }
spec: { url: oci://ghcr.io/x/y, ref: { tag: 1.2.3 } }
---
kind: HelmRelease
apiVersion: helm.toolkit.fluxcd.io/v2
metadata: { name: x, namespace: apps }
spec: { chartRef: { kind: OCIRepository, name: x } }
`),
		);
		expect(oci.chart.location).toEqual({
			kind: 'oci',
			url: 'oci://ghcr.io/x/y',
			reference: { kind: 'tag', text: '1.2.3' },
		});
		const chart = read(
			resourcesOf(`${REPOSITORY}
kind: HelmChart
apiVersion: source.toolkit.fluxcd.io/v1
metadata: { name: x, namespace: apps }
spec: { chart: podinfo, sourceRef: { kind: HelmRepository, name: podinfo } }
---
kind: HelmRelease
apiVersion: helm.toolkit.fluxcd.io/v2
metadata: { name: x, namespace: apps }
spec: { chartRef: { kind: HelmChart, name: x } }
`),
		);
		expect(chart.chart.location).toMatchObject({ kind: 'repository', name: 'podinfo', version: undefined });
		expect(chart.chart.objects.map(({ id }) => id.kind)).toEqual(['HelmChart', 'HelmRepository']);
	});

	test('neither and both are refused', () => {
		const text = (spec: string) =>
			`kind: HelmRelease\napiVersion: helm.toolkit.fluxcd.io/v2\nmetadata: { name: x, namespace: apps }\nspec: ${spec}`;
		expect(codes(text('{}'))).toEqual(['helm/chart-reference-invalid']);
		expect(codes(text('{ chart: { spec: { chart: x } }, chartRef: { kind: OCIRepository, name: x } }'))).toContain(
			'helm/chart-reference-invalid',
		);
	});

	test('a source that is not there', () => {
		const problem = read(resourcesOf(REPOSITORY.replace('name: podinfo', 'name: podinfos') + release(''))).problems[0]!;
		expect(problem).toMatchObject({ code: 'helm/source-not-found', severity: 'error' });
		expect(problem.message).toContain('did you mean "podinfos"?');
		expect(problem.at.path).toEqual(['spec', 'chart', 'spec', 'sourceRef', 'name']);
		const elsewhere = read(resourcesOf(REPOSITORY.replace('namespace: apps', 'namespace: flux-system') + release('')));
		expect(elsewhere.problems[0]!.message).toContain('add "namespace: flux-system"');
		expect(codes(release(''))).toEqual(['helm/source-not-found']);
		expect(codes(release(''), 'part')).toEqual([]);
		expect(codes(release('  suspend: true'))).toEqual([]);
	});
});

describe('valuesFrom', () => {
	const from = (entry: string) => REPOSITORY + release(`  valuesFrom: [${entry}]\n  values: { a: { b: inline } }`);
	const config = `
kind: ConfigMap
apiVersion: v1
metadata: { name: values, namespace: apps }
data:
  values.yaml: |
    a: { b: from, c: 1 }
    list: [1, 2]
`;

	test('is merged in order, with the origins of each value', () => {
		const { merged, problems } = read(resourcesOf(from('{ kind: ConfigMap, name: values }') + config));
		expect(problems).toEqual([]);
		expect(toPlain(merged.values)).toEqual({ a: { b: 'inline', c: 1 }, list: [1, 2] });
		expect(steps(nodeAt(merged.values, ['a', 'b'])!.origin)).toEqual([
			'values /repo/x.yaml',
			'valuesFrom /repo/x.yaml',
		]);
		const inner = addressOf(nodeAt(merged.values, ['a', 'c'])!.origin);
		expect(inner).toMatchObject({ path: ['data', 'values.yaml'], within: { document: 0, path: ['a', 'c'] } });
	});

	test('a generated ConfigMap leads into the file itself', () => {
		const resources = resourcesOf(from('{ kind: ConfigMap, name: values }') + config.replace(/\|[^]*/, 'x'));
		const at = resources.length - 1;
		const generated = changed(resources[at]!, ['data', 'values.yaml'], 'a: { c: 2 }\n', 'generator', {
			file: '/repo/values.yaml',
			path: [],
		});
		const { merged } = read(resources.with(at, generated));
		expect(addressOf(nodeAt(merged.values, ['a', 'c'])!.origin)).toEqual({
			file: '/repo/values.yaml',
			document: 0,
			path: ['a', 'c'],
		});
	});

	test('a hash or a prefix that nobody follows gets a word of its own', () => {
		const resources = resourcesOf(from('{ kind: ConfigMap, name: values }') + config);
		const renamed = (name: string) => {
			const built = changed(resources.at(-1)!, ['metadata', 'name'], name, 'hash', {
				file: '/repo/kustomization.yaml',
				path: [],
			});
			return read([...resources.slice(0, -1), built], 'part').problems;
		};
		expect(renamed('values-5dg9fk2m8t')).toMatchObject([{ code: 'helm/values-name-has-hash', severity: 'error' }]);
		expect(renamed('dev-values')).toMatchObject([{ code: 'helm/values-name-changed' }]);
	});

	test('what is not there', () => {
		expect(codes(from('{ kind: ConfigMap, name: value }') + config)).toEqual(['helm/values-reference-not-found']);
		expect(codes(from('{ kind: ConfigMap, name: other }') + config, 'part')).toEqual([]);
		expect(codes(from('{ kind: ConfigMap, name: other, optional: true }') + config)).toEqual([]);
		expect(codes(from('{ kind: ConfigMap, name: values, valuesKey: value.yaml }') + config)).toEqual([
			'helm/values-key-not-found',
		]);
		expect(codes(from('{ kind: Deployment, name: values }') + config)).toEqual(['helm/values-reference-kind']);
	});

	test('data that is no map, no YAML, or does not fit', () => {
		const data = (entry: string, text: string) =>
			codes(from(`{ kind: ConfigMap, name: values${entry} }`) + config.replace(/\|[^]*/, text));
		expect(data('', '"[1, 2]"')).toEqual(['helm/values-not-a-map']);
		expect(data('', '"a: ["')).toEqual(['helm/values-not-yaml']);
		// What Flux has not filled in may become anything.
		expect(data('', '"a: {b: ${UNKNOWN}}"')).toEqual([]);
		expect(data(', targetPath: a.b.c', 'x')).toEqual(['helm/values-target-path']);
	});

	test('sealed and external secrets count as secrets', () => {
		const sealed = `
kind: SealedSecret
apiVersion: bitnami.com/v1alpha1
metadata: { name: sealed, namespace: apps }
spec: { encryptedData: { password: AgB } }
---
kind: ExternalSecret
apiVersion: external-secrets.io/v1
metadata: { name: external, namespace: apps }
spec: { target: { name: pulled }, dataFrom: [{}] }
`;
		const one = read(
			resourcesOf(from('{ kind: Secret, name: sealed, valuesKey: password, targetPath: a.password }') + sealed),
		);
		expect(one.problems).toEqual([]);
		expect([...one.merged.unknown]).toEqual([nodeAt(one.merged.values, ['a', 'password'])]);
		const two = read(resourcesOf(from('{ kind: Secret, name: pulled }') + sealed));
		expect(two.problems).toEqual([]);
		expect(two.merged.anything).toBe('unknown');
		expect(codes(from('{ kind: Secret, name: sealed, valuesKey: passwort }') + sealed)).toEqual([
			'helm/values-key-not-found',
		]);
	});
});

describe('values that nobody reads', () => {
	test('are told where they are generated', () => {
		const resources = resourcesOf(`${REPOSITORY}${release('  valuesFrom: [{ kind: ConfigMap, name: podinfo-values }]')}
kind: ConfigMap
apiVersion: v1
metadata: { name: podinfo-values, namespace: apps }
data: { values.yaml: "a: 1" }
---
kind: ConfigMap
apiVersion: v1
metadata: { name: podinfo-value, namespace: apps }
data: { values.yaml: "a: 1" }
`);
		const generated = resources.map((resource, i) => ({
			...resource,
			from: { ...resource.from, path: resource.id.kind === 'ConfigMap' ? ['configMapGenerator', i] : [] },
		}));
		const index = indexResources(generated, 'whole');
		const problems = unreadValues(DB, index, [readRelease(DB, generated.find(isHelmRelease)!, index)]);
		expect(problems.map(({ code, at }) => [code, at.path])).toEqual([
			['helm/values-not-read', ['configMapGenerator', 3]],
		]);
		expect(problems[0]!.message).toContain('reads "podinfo-values"');
		expect(unreadValues(DB, indexResources(generated, 'part'), [])).toEqual([]);
	});

	test('every code is in the table', () => {
		const known = HELM_PROBLEM_CODES.map(({ code }) => code);
		expect(new Set(known).size).toBe(known.length);
		const all = [
			release(''),
			REPOSITORY + release('  valuesFrom: [{ kind: ConfigMap, name: x }]'),
			release('  dependsOn: [{ name: x }]'),
		];
		for (const code of all.flatMap(text => codes(text))) expect(known).toContain(code);
	});
});

describe('post-renderers', () => {
	const told = (patch: string, target = 'target: { kind: Deployment }') =>
		read(
			resourcesOf(
				REPOSITORY +
					release(
						`  postRenderers:\n    - kustomize:\n        patches:\n          - ${target}\n            patch: |\n${patch.replace(/^/gm, '              ')}`,
					),
			),
		).problems.map(
			({ severity, details }) => `${severity}: ${details?.replace('error while running post render on files: ', '')}`,
		);
	test.each([
		['a merge', 'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: any }\nspec: { replicas: 2 }'],
		['operations', '- { op: add, path: /spec/replicas, value: 2 }\n- { op: remove, path: /spec/paused }'],
		['a variable', '${PATCH}'],
	])('%s', (_, patch) => expect(told(patch)).toEqual([]));

	test.each([
		['spec: { replicas: 2 }', 'error: unable to parse SM or JSON patch'],
		['- { op: add', 'error: unable to parse SM or JSON patch'],
		['- { op: set, path: /a, value: 1 }', 'error: Unexpected kind: set'],
		['- { path: /a, value: 1 }', 'error: Unexpected kind: unknown'],
		['- { op: add, value: 1 }', 'error: add operation failed to decode path: missing value'],
		[
			'- { op: add, path: a, value: 1 }',
			'error: add operation does not apply: doc is missing path: "a": missing value',
		],
		['- { op: add, path: spec/a, value: 1 }', 'warning: undefined'],
		[
			'- { op: copy, path: /a }',
			'error: copy operation failed to decode from: operation, missing from field: missing value',
		],
	])('%s', (patch, expected) => expect(told(patch)).toEqual([expected]));

	test('targets', () => {
		const patch = '- { op: remove, path: /spec/paused }';
		expect(told(patch, 'target: { kind: "Deploy(" }')).toEqual([
			'error: error parsing regexp: missing closing ): `^(?:Deploy()$`',
		]);
		expect(told(patch, 'target: { labelSelector: "a in" }')).toEqual(['error: unable to parse requirement: ...']);
		expect(told(patch, 'options: {}')).toEqual(['error: must specify a target for JSON patch']);
	});
});

describe('dependsOn in a part of a cluster', () => {
	const other = (name: string, namespace: string) =>
		REPOSITORY +
		release('', name).replace('namespace: apps }\nspec:\n  chart', `namespace: ${namespace} }\nspec:\n  chart`);
	const told = (dependency: string, more: string) => {
		const resources = resourcesOf(REPOSITORY + release(`  dependsOn: [${dependency}]`) + more);
		return read(resources, 'part').problems.map(({ severity, message }) => `${severity}: ${message}`);
	};
	test('is missing where it is plain what was meant', () => {
		expect(told('{ name: cert-manager }', other('cert-manager', 'certs'))).toEqual([
			'warning: there is no HelmRelease "cert-manager" in namespace "apps", so this one waits for ever; there is one in namespace "certs": add "namespace: certs".',
		]);
		expect(told('{ name: certmanager }', other('cert-manager', 'apps'))).toEqual([
			'warning: there is no HelmRelease "certmanager" in namespace "apps", so this one waits for ever; did you mean "cert-manager"?',
		]);
	});
	test.each([
		['{ name: cert-manager, namespace: certs }', other('cert-manager', 'certs')],
		['{ name: redis }', other('cert-manager', 'certs')],
		['{ name: redis }', ''],
		['{ name: "${NAME}" }', other('NAME', 'apps')],
	])('%s may be somewhere', (dependency, more) => expect(told(dependency, more)).toEqual([]));
});

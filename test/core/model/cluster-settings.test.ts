/** What settings and the tree say of the clusters that it is for. */
import { describe, expect, test } from 'vitest';
import { analyse, diagnostics } from '../../support/check';

const codes = (text: string, set: object = {}) => {
	const analysed = analyse(text);
	analysed.analysis.apply({ settings: { severities: {}, ...set } });
	return diagnostics(analysed).map(line => line.split(' ').slice(0, 2).join(' '));
};

/** An API that Kubernetes 1.25 took away, in two environments over a base. */
const tree = (more = '') => `-- base/kustomization.yaml --
resources: [cronjob.yaml]
-- base/cronjob.yaml --
apiVersion: batch/v1beta1
kind: CronJob
metadata: {name: tidy, namespace: shop}
spec:
  schedule: "0 0 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers: [{name: tidy, image: tidy}]
-- production/kustomization.yaml --
resources: [../base, cluster.yaml]
-- production/cluster.yaml --
apiVersion: v1
kind: ConfigMap
metadata: {name: nothing}
-- staging/kustomization.yaml --
resources: [../base]
${more}`;

describe('the release of Kubernetes', () => {
	const at = 'base/cronjob.yaml:1 schema/';
	test.each([
		['the newest where nobody says', {}, '', [`${at}removed-api`]],
		['as set', { kubernetesVersion: 'v1.24.3' }, '', [`${at}deprecated-api`]],
		['as set, with it', { kubernetesVersion: '1.20' }, '', []],
		['no release', { kubernetesVersion: 'latest' }, '', [`${at}removed-api`]],
	] as const)('%s', (_, set, more, expected) => {
		expect(codes(tree(more), set)).toEqual(expected);
	});

	const plan = (version: string, image = 'rancher/k3s-upgrade') => `apiVersion: upgrade.cattle.io/v1
kind: Plan
metadata: {name: k3s, namespace: system-upgrade}
spec:
  concurrency: 1
  version: ${version}
  upgrade: {image: ${image}}
`;
	const CLUSTER = /(?<=cluster\.yaml --\n)[^]*?(?=^-- )/m;

	test('as the environment’s own objects say, each for itself', () => {
		const found = codes(tree().replace(CLUSTER, plan('v1.24.17+k3s1')));
		expect(found).toEqual([`${at}deprecated-api`, `${at}removed-api`]);
		// An image that upgrades the system says nothing of Kubernetes.
		expect(codes(tree().replace(CLUSTER, plan('v1.24.17', 'example/os-upgrade')))).toEqual([`${at}removed-api`]);
		// What contradicts itself says nothing.
		const two = plan('v1.24.17+k3s1') + '---\n' + plan('v1.20.1').replace('name: k3s', 'name: agents');
		expect(codes(tree().replace(CLUSTER, two))).toEqual([`${at}removed-api`]);
	});

	test.each([
		['k3d', 'apiVersion: k3d.io/v1alpha5\nkind: Simple\nimage: rancher/k3s:v1.24.4-k3s1\n', 'staging/k3d.yaml'],
		[
			'kind',
			'apiVersion: kind.x-k8s.io/v1alpha4\nkind: Cluster\nnodes:\n  - image: kindest/node:v1.24.0@sha256:00\n  - image: kindest/node:v1.24.0\n',
			'hack/kind-staging.yaml',
		],
		['talhelper', 'clusterName: x\nkubernetesVersion: v1.24.1\n', 'talos/staging/talconfig.yaml'],
	])('as the configuration of a local cluster says: %s', (_, text, file) => {
		expect(codes(tree(`-- ${file} --\n${text}`))).toEqual([`${at}deprecated-api`, `${at}removed-api`]);
		// One that names no environment is for none of several.
		expect(codes(tree(`-- hack/${file.split('/').at(-1)!.replace('-staging', '')} --\n${text}`))).toEqual([
			`${at}removed-api`,
		]);
	});
});

describe('Pod Security admission', () => {
	const pod = `-- kustomization.yaml --
resources: [pod.yaml]
-- pod.yaml --
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  hostPID: true
  runtimeClassName: gvisor
  containers: [{name: web, image: web}]
`;
	test.each([
		['nothing is asked where nothing is set', undefined, []],
		['a level that is set', { enforce: 'baseline' }, ['pod.yaml:5 policy/pod-security']],
		['a level with a version', { warn: 'baseline:v1.30' }, ['pod.yaml:5 policy/pod-security']],
		['no level', { enforce: 'strict' }, []],
		['an exempt namespace', { enforce: 'baseline', exemptNamespaces: ['shop'] }, []],
		['an exempt runtime class', { enforce: 'baseline', exemptRuntimeClasses: ['gvisor'] }, []],
	] as const)('%s', (_, podSecurity, expected) => {
		expect(codes(pod, podSecurity ? { podSecurity } : {})).toEqual(expected);
	});

	test('the latest standard is that of the release', () => {
		const probed = pod.replace(
			/ {2}hostPID[^]*$/,
			'  containers: [{name: web, image: web, readinessProbe: {httpGet: {host: example.com, port: 80}}}]\n',
		);
		const podSecurity = { enforce: 'baseline' };
		expect(codes(probed, { podSecurity })).toEqual(['pod.yaml:5 policy/pod-security']);
		expect(codes(probed, { podSecurity, kubernetesVersion: '1.33' })).toEqual([]);
		expect(codes(probed, { podSecurity, kubernetesVersion: '1.34' })).toEqual(['pod.yaml:5 policy/pod-security']);
		expect(codes(probed, { podSecurity: { enforce: 'baseline:v1.34' }, kubernetesVersion: '1.33' })).toHaveLength(1);
	});
});

describe('the release of Flux', () => {
	const tree = (components: string) => `-- clusters/prod/flux-system/gotk-sync.yaml --
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: flux-system, namespace: flux-system }
spec:
  path: ./clusters/prod
  sourceRef: { kind: GitRepository, name: flux-system }
  postBuild: { substitute: { a: b } }
-- clusters/prod/flux-system/gotk-components.yaml --
${components}
-- clusters/prod/config.yaml --
apiVersion: v1
kind: ConfigMap
metadata: { name: c, namespace: default }
data: { key: "${'${unset}'}" }
`;
	const severityOf = (text: string, fluxVersion?: string) => {
		const { analysis } = analyse(text);
		if (fluxVersion !== undefined) analysis.apply({ settings: { severities: {}, fluxVersion } });
		return analysis
			.files()
			.flatMap(file => analysis.diagnostics(file))
			.filter(({ code }) => code === 'flux/variable-not-set')
			.map(({ severity }) => severity);
	};

	test.each([
		['the newest where nobody says', '', undefined, 'error'],
		['as gotk-components.yaml says', '# Flux Version: v2.8.1\n', undefined, 'warning'],
		['as set', '', '2.8', 'warning'],
		['as set, whatever the tree says', '# Flux Version: v2.8.1\n', '2.9.2', 'error'],
	])('%s', (_, components, set, severity) => {
		expect(severityOf(tree(components), set)).toEqual([severity]);
	});
});

import { describe, expect, test } from 'vitest';
import { formatPath } from '../../../../server/src/core/base/address';
import { allSteps } from '../../../../server/src/core/base/steps';
import { podSecurityProblems } from '../../../../server/src/core/gitops/policy/pod-security';
import { evaluatePod, formatViolations } from '../../../../server/src/core/gitops/policy/pod-security/checks';
import { UNRESTRICTED } from '../../../../server/src/core/gitops/policy/pod-security/levels';
import { changed, resourcesOf } from '../../../support/resources';

const NOTHING_EXEMPT = { defaults: UNRESTRICTED, exemptNamespaces: [], exemptRuntimeClasses: [] };

const namespace = (labels: string) => `apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: {${labels}}
`;
const deployment = (pod: string) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    spec: ${pod}
`;
const PRIVILEGED = deployment('{containers: [{name: a, securityContext: {privileged: true}}]}');
const judge = (...texts: string[]) => allSteps(podSecurityProblems(resourcesOf(texts.join('---\n')), NOTHING_EXEMPT));

test('a violation stands at the field, names the label, and repeats the words of the controller', () => {
	expect(judge(namespace('pod-security.kubernetes.io/enforce: baseline'), PRIVILEGED)).toEqual([
		{
			code: 'policy/pod-security',
			severity: 'error',
			message:
				'Deployment/web: container "a" must not set securityContext.privileged=true, because namespace shop enforces the Pod Security Standard baseline:latest.',
			at: {
				file: '/repo/x.yaml',
				document: 1,
				path: ['spec', 'template', 'spec', 'containers', 0, 'securityContext', 'privileged'],
			},
			related: [
				{
					message: 'the label that asks for it',
					at: {
						file: '/repo/x.yaml',
						document: 0,
						path: ['metadata', 'labels', 'pod-security.kubernetes.io/enforce'],
					},
				},
			],
			details:
				'violates PodSecurity "baseline:latest": privileged (container "a" must not set securityContext.privileged=true)',
		},
	]);
});

test('the line of a patch that wrote the field is the place', () => {
	const [ns, web] = resourcesOf(
		`${namespace('pod-security.kubernetes.io/enforce: baseline')}---\n${deployment('{containers: []}')}`,
	);
	const patched = changed(web!, ['spec', 'template', 'spec', 'hostPID'], 'x', 'patch', {
		file: '/repo/patch.yaml',
		path: ['spec', 'template', 'spec', 'hostPID'],
	});
	// `changed` writes strings, which hostPID is not: nothing is decoded from it.
	expect(allSteps(podSecurityProblems([ns!, patched], NOTHING_EXEMPT))).toEqual([]);
	const again = changed(
		web!,
		['spec', 'template', 'metadata', 'annotations', 'container.apparmor.security.beta.kubernetes.io/a'],
		'unconfined',
		'patch',
		{
			file: '/repo/patch.yaml',
			path: ['annotations'],
		},
	);
	expect(allSteps(podSecurityProblems([ns!, again], NOTHING_EXEMPT))).toMatchObject([
		{ at: { file: '/repo/patch.yaml' } },
	]);
});

test.each([
	['enforced', 'enforce: baseline', ['error']],
	['warned of', 'warn: baseline', ['warning']],
	['audited', 'audit: restricted', ['information', 'information', 'information', 'information', 'information']],
	['not asked for', 'enforce: privileged', []],
	['an older version', 'enforce: baseline, pod-security.kubernetes.io/enforce-version: v1.0', ['error']],
])('%s', (_, label, expected) => {
	const problems = judge(namespace(`pod-security.kubernetes.io/${label}`), PRIVILEGED);
	expect(problems.map(({ severity }) => severity)).toEqual(expected);
});

test('what is enforced is not warned of again', () => {
	const labels = 'pod-security.kubernetes.io/enforce: baseline, pod-security.kubernetes.io/warn: restricted';
	const problems = judge(namespace(labels), PRIVILEGED);
	expect(problems.map(({ severity, details }) => `${severity} ${/": (\S+)/.exec(details!)![1]}`)).toEqual([
		'error privileged',
		'warning allowPrivilegeEscalation',
		'warning unrestricted',
		'warning runAsNonRoot',
		'warning seccompProfile',
	]);
});

test('defaults, exempt namespaces and runtime classes', () => {
	const resources = resourcesOf(PRIVILEGED);
	const defaults = { ...UNRESTRICTED, enforce: { level: 'baseline', version: 'latest' } as const };
	const settings = { ...NOTHING_EXEMPT, defaults };
	expect(allSteps(podSecurityProblems(resources, settings))).toHaveLength(1);
	expect(allSteps(podSecurityProblems(resources, { ...settings, exemptNamespaces: ['shop'] }))).toEqual([]);
	const sandboxed = resourcesOf(deployment('{runtimeClassName: kata, hostPID: true, containers: []}'));
	expect(allSteps(podSecurityProblems(sandboxed, settings))).toHaveLength(1);
	expect(allSteps(podSecurityProblems(sandboxed, { ...settings, exemptRuntimeClasses: ['kata'] }))).toEqual([]);
});

test.each([
	['enforce: strict', 'must be one of privileged, baseline, restricted', 1 + 4],
	['warn: strict', 'must be one of privileged, baseline, restricted', 1],
	['enforce-version: "1.30"', 'must be "latest" or "v1.x"', 1],
])('a label that cannot be read: %s', (label, why, count) => {
	const problems = judge(namespace(`pod-security.kubernetes.io/${label}`), deployment('{containers: [{name: a}]}'));
	expect(problems).toHaveLength(count);
	expect(problems[0]).toMatchObject({ code: 'policy/pod-security-label', severity: 'error' });
	expect(problems[0]!.message).toContain(why);
});

test.each([
	['Pod', 'v1', 'spec'],
	['PodTemplate', 'v1', 'template: {spec'],
	['ReplicationController', 'v1', 'spec: {template: {spec'],
	['StatefulSet', 'apps/v1', 'spec: {template: {spec'],
	['Job', 'batch/v1', 'spec: {template: {spec'],
	['CronJob', 'batch/v1', 'spec: {jobTemplate: {spec: {template: {spec'],
])('finds the pod of a %s', (kind, apiVersion, field) => {
	const close = '}'.repeat(field.split('{').length - 1);
	const text = `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: x, namespace: shop}\n${field}: {hostPID: true}${close}\n`;
	const problems = judge(namespace('pod-security.kubernetes.io/enforce: baseline'), text);
	expect(problems.map(({ at }) => formatPath(at.path).replace(/.*\./, ''))).toEqual(['hostPID']);
});

describe('the words of the controller', () => {
	const words = (level: 'baseline' | 'restricted', version: number | 'latest', pod: string) =>
		formatViolations(evaluatePod({ level, version }, resourcesOf(pod)[0]!.node));
	const SAFE =
		'{allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}, runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}';
	const container = (rest: string) => `spec: {containers: [{name: a, ${rest}}]}`;
	test.each([
		[
			'baseline',
			'latest',
			'spec: {hostNetwork: true, hostPID: true}',
			'host namespaces (hostNetwork=true, hostPID=true)',
		],
		['baseline', 'latest', 'spec: {volumes: [{name: v, hostPath: {}}]}', 'hostPath volumes (volume "v")'],
		['baseline', 'latest', 'spec: {volumes: [{name: v, hostPath: null}]}', ''],
		[
			'baseline',
			'latest',
			container('ports: [{hostPort: 80}, {hostPort: 0}, {hostPort: 443}]'),
			'hostPort (container "a" uses hostPorts 443, 80)',
		],
		[
			'baseline',
			34,
			container('livenessProbe: {httpGet: {host: h}}'),
			'probe or lifecycle host (container "a" uses probe or lifecycle host "h")',
		],
		['baseline', 33, container('livenessProbe: {httpGet: {host: h}}'), ''],
		[
			'baseline',
			'latest',
			'spec: {securityContext: {windowsOptions: {hostProcess: true}}}',
			'hostProcess (pod must not set securityContext.windowsOptions.hostProcess=true)',
		],
		[
			'baseline',
			30,
			container('securityContext: {seLinuxOptions: {type: container_engine_t, user: u}}'),
			'seLinuxOptions (container "a" set forbidden securityContext.seLinuxOptions: type "container_engine_t"; user may not be set)',
		],
		['baseline', 31, container('securityContext: {seLinuxOptions: {type: container_engine_t}}'), ''],
		[
			'baseline',
			28,
			'spec: {securityContext: {sysctls: [{name: net.ipv4.tcp_fin_timeout}, {name: constructor}]}}',
			'forbidden sysctls (net.ipv4.tcp_fin_timeout, constructor)',
		],
		['baseline', 29, 'spec: {securityContext: {sysctls: [{name: net.ipv4.tcp_fin_timeout}]}}', ''],
		[
			'baseline',
			31,
			'spec: {securityContext: {sysctls: [{name: net.ipv4.tcp_rmem}]}}',
			'forbidden sysctls (net.ipv4.tcp_rmem)',
		],
		['baseline', 32, 'spec: {securityContext: {sysctls: [{name: net.ipv4.tcp_rmem}]}}', ''],
		[
			'baseline',
			34,
			`spec: {hostUsers: false, containers: [{name: a, securityContext: {procMount: Unmasked}}]}`,
			'procMount (container "a" must not set securityContext.procMount to "Unmasked")',
		],
		['baseline', 35, `spec: {hostUsers: false, containers: [{name: a, securityContext: {procMount: Unmasked}}]}`, ''],
		[
			'baseline',
			18,
			'metadata: {annotations: {seccomp.security.alpha.kubernetes.io/pod: unconfined}}\nspec: {containers: []}',
			'seccompProfile (forbidden annotation seccomp.security.alpha.kubernetes.io/pod="unconfined")',
		],
		[
			'baseline',
			'latest',
			'metadata: {annotations: {container.apparmor.security.beta.kubernetes.io/a: unconfined}}\nspec: {containers: []}',
			'forbidden AppArmor profile (annotation must not set AppArmor profile type to "container.apparmor.security.beta.kubernetes.io/a="unconfined"")',
		],
		[
			'baseline',
			'latest',
			'spec: {securityContext: {appArmorProfile: {type: Unconfined}}}',
			'forbidden AppArmor profile (pod must not set AppArmor profile type to "Unconfined")',
		],
		[
			'restricted',
			'latest',
			`spec: {securityContext: {runAsUser: 0}, containers: [{name: a, securityContext: ${SAFE}}]}`,
			'runAsUser=0 (pod must not set runAsUser=0)',
		],
		[
			'restricted',
			'latest',
			`spec: {hostUsers: false, securityContext: {runAsUser: 0, runAsNonRoot: false}, containers: [{name: a, securityContext: ${SAFE}}]}`,
			'',
		],
		[
			'restricted',
			'latest',
			`spec: {volumes: [{name: v}, {name: w, image: {}}, {name: x, nfs: {}}], containers: [{name: a, securityContext: ${SAFE}}]}`,
			'restricted volume types (volumes "w", "x" use restricted volume types "nfs", "unknown")',
		],
		[
			'restricted',
			25,
			'spec: {os: {name: windows}, securityContext: {runAsNonRoot: true}, containers: [{name: a}]}',
			'',
		],
		[
			'restricted',
			'latest',
			container('image: x'),
			'allowPrivilegeEscalation != false (container "a" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "a" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "a" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "a" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
		],
	] as const)('%s %s %s', (level, version, pod, expected) => {
		expect(words(level, version, pod)).toBe(expected);
	});
});

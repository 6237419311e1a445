/** What policies see of a resource: with the server's defaults, under the name that the API serves it by, and after what other policies may have changed. */
import { describe, expect, test } from 'vitest';
import { allSteps } from '../../../../server/src/core/base/steps';
import { admissionPolicyProblems } from '../../../../server/src/core/gitops/policy/admission-policies';
import { kyvernoProblems } from '../../../../server/src/core/gitops/policy/kyverno-policies';
import { policyBindingProblems } from '../../../../server/src/core/gitops/policy/policy-bindings';
import { podSecurityProblems } from '../../../../server/src/core/gitops/policy/pod-security';
import { diagnostics, analyse } from '../../../support/check';
import { resourcesOf } from '../../../support/resources';

const vap = (expression: string, resources: string) => `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: p}
spec:
  matchConstraints: {resourceRules: [{apiGroups: ["*"], apiVersions: ["*"], operations: [CREATE], resources: [${resources}]}]}
  validations: [{expression: ${JSON.stringify(expression)}, message: m}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: p}
spec: {policyName: p, validationActions: [Deny]}
`;
const judge = (expression: string, resources: string, object: string) =>
	admissionPolicyProblems(resourcesOf([vap(expression, resources), object].join('---\n'))).map(
		({ code, message }) => `${code.slice(7)}: ${message}`,
	);

const workload = (apiVersion: string, kind: string, spec: string) =>
	`apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: web, namespace: shop}\nspec: ${spec}\n`;
const POD_SPEC =
	'{containers: [{name: a, image: "nginx:1.2", ports: [{containerPort: 80}], readinessProbe: {httpGet: {port: 80}}, resources: {limits: {cpu: 1}}}], volumes: [{name: v, configMap: {name: c}}, {name: e}]}';
const DEPLOYMENT = workload('apps/v1', 'Deployment', `{template: {spec: ${POD_SPEC}}}`);

describe('defaults of the API server', () => {
	test.each([
		['object.spec.replicas == 1 && object.spec.strategy.rollingUpdate.maxSurge == "25%"', 'deployments', DEPLOYMENT],
		[
			'object.spec.replicas == 0',
			'deployments',
			workload('apps/v1', 'Deployment', '{replicas: 0, template: {spec: {containers: []}}}'),
		],
		[
			'object.spec.strategy == {"type": "Recreate"}',
			'deployments',
			workload('apps/v1', 'Deployment', '{strategy: {type: Recreate}, template: {spec: {containers: []}}}'),
		],
		['object.spec.template.spec.containers.all(c, c.imagePullPolicy == "IfNotPresent")', 'deployments', DEPLOYMENT],
		[
			'object.spec.template.spec.containers.all(c, c.imagePullPolicy == "Always")',
			'deployments',
			DEPLOYMENT.replace('nginx:1.2', 'nginx'),
		],
		['object.spec.template.spec.containers[0].ports[0].protocol == "TCP"', 'deployments', DEPLOYMENT],
		['object.spec.template.spec.containers[0].readinessProbe.httpGet.path == "/"', 'deployments', DEPLOYMENT],
		['object.spec.template.spec.containers[0].readinessProbe.periodSeconds == 10', 'deployments', DEPLOYMENT],
		['object.spec.template.spec.volumes[0].configMap.defaultMode == 420', 'deployments', DEPLOYMENT],
		['has(object.spec.template.spec.volumes[1].emptyDir)', 'deployments', DEPLOYMENT],
		['!has(object.spec.template.spec.volumes[0].emptyDir)', 'deployments', DEPLOYMENT],
		['object.spec.template.spec.restartPolicy == "Always"', 'deployments', DEPLOYMENT],
		// Only pods ask for what they are limited to, and only they get a service account.
		['!has(object.spec.template.spec.containers[0].resources.requests)', 'deployments', DEPLOYMENT],
		['!has(object.spec.template.spec.serviceAccountName)', 'deployments', DEPLOYMENT],
		['object.spec.containers[0].resources.requests.cpu == 1', 'pods', workload('v1', 'Pod', POD_SPEC)],
		['object.spec.serviceAccountName == "default"', 'pods', workload('v1', 'Pod', POD_SPEC)],
		[
			'object.spec.type == "ClusterIP" && object.spec.ports[0].targetPort == 80',
			'services',
			workload('v1', 'Service', '{ports: [{port: 80}]}'),
		],
		[
			'object.spec.externalTrafficPolicy == "Cluster"',
			'services',
			workload('v1', 'Service', '{type: LoadBalancer, ports: [{port: 80}]}'),
		],
		['object.type == "Opaque"', 'secrets', 'apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n'],
		[
			'object.metadata.labels["kubernetes.io/metadata.name"] == "shop"',
			'namespaces',
			'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n',
		],
		[
			'object.spec.policyTypes == ["Ingress"]',
			'networkpolicies',
			workload('networking.k8s.io/v1', 'NetworkPolicy', '{podSelector: {}}'),
		],
		[
			'object.spec.updateStrategy.rollingUpdate.partition == 0',
			'statefulsets',
			workload('apps/v1', 'StatefulSet', '{template: {spec: {containers: []}}}'),
		],
		[
			'object.spec.concurrencyPolicy == "Allow" && object.spec.jobTemplate.spec.template.spec.dnsPolicy == "ClusterFirst"',
			'cronjobs',
			workload('batch/v1', 'CronJob', '{jobTemplate: {spec: {template: {spec: {containers: []}}}}}'),
		],
		['object.spec.backoffLimit == 6', 'jobs', workload('batch/v1', 'Job', '{template: {spec: {containers: []}}}')],
		[
			'object.subjects.all(s, s.kind == "ServiceAccount" || s.apiGroup == "rbac.authorization.k8s.io")',
			'rolebindings',
			'apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: b, namespace: shop}\nroleRef: {kind: Role, name: r}\nsubjects: [{kind: Group, name: g}, {kind: ServiceAccount, name: s}]\n',
		],
	])('%s', (expression, resources, object) => {
		expect(judge(expression, resources, object)).toEqual([]);
		expect(judge(`!(${expression})`, resources, object)).toHaveLength(1);
	});
	test('rules of Kyverno see them too', () => {
		const policy = (value: string) => `apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: pull}
spec:
  rules:
  - name: pull
    match: {any: [{resources: {kinds: [Pod]}}]}
    validate: {message: m, pattern: {spec: {containers: [{imagePullPolicy: ${value}}]}}}
`;
		const found = (value: string) =>
			kyvernoProblems(resourcesOf([policy(value), DEPLOYMENT].join('---\n')), { known: {} }).map(({ at }) => at.path);
		expect(found('IfNotPresent')).toEqual([]);
		expect(found('Always')).toEqual([['spec', 'template', 'spec', 'containers', 0]]);
	});
	test('what is not there refuses, unless more than defaults are added to it', () => {
		expect(judge('object.metadata.labels.team == "a"', 'deployments', DEPLOYMENT)).toEqual([
			`validating-admission-policy: Deployment/web violates ValidatingAdmissionPolicy/p: expression 'object.metadata.labels.team == "a"' resulted in error: no such key: labels`,
		]);
		const claim = workload('v1', 'PersistentVolumeClaim', '{}');
		expect(judge('object.spec.storageClassName == "a"', 'persistentvolumeclaims', claim)[0]).toMatch(/^not-evaluated/);
	});
});

const CACTI = `-- kustomization.yaml --
resources: [crd.yaml, policy.yaml, cactus.yaml]
-- crd.yaml --
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: cacti.example.io}
spec:
  group: example.io
  scope: Namespaced
  names: {kind: Cactus, plural: cacti, singular: cactus}
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec: {type: object, properties: {pot: {type: string, default: clay}}}
-- cactus.yaml --
apiVersion: example.io/v1
kind: Cactus
metadata: {name: c, namespace: shop}
spec: {}
-- policy.yaml --
`;

test('a custom resource goes by the plural of its definition, with its defaults', () => {
	const found = (expression: string) => diagnostics(analyse(CACTI + vap(expression, 'cacti')));
	expect(found('object.spec.pot == "clay"')).toEqual([]);
	expect(found('object.spec.pot == "tin"')).toEqual(['cactus.yaml:4 policy/validating-admission-policy "spec"']);
});

describe('policies that change what others judge', () => {
	const NAMESPACE =
		'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: baseline}}\n';
	const privileged = workload(
		'apps/v1',
		'Deployment',
		'{template: {spec: {containers: [{name: a, image: a, securityContext: {privileged: true}}]}}}',
	);
	const REQUIRE = `apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: require}
spec:
  validationFailureAction: Enforce
  rules:
  - name: team
    match: {any: [{resources: {kinds: [Deployment]}}]}
    validate: {message: no team, pattern: {metadata: {labels: {team: "?*"}}}}
`;
	const kyverno = (mutate: string, kinds = 'Deployment') => `apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: change}
spec:
  rules:
  - name: change
    match: {any: [{resources: {kinds: [${kinds}]}}]}
    mutate: ${mutate}
`;
	const expressions = (apiVersion: string, kind: string, bound: string) => `apiVersion: ${apiVersion}
kind: ${kind}
metadata: {name: change}
spec:
  matchConstraints: {resourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments]}]}
  mutations: [{patchType: ApplyConfiguration, applyConfiguration: {expression: 'Object{metadata: Object.metadata{labels: {"team": "a"}}}'}}]
${bound}`;
	const BINDING =
		'---\napiVersion: admissionregistration.k8s.io/v1\nkind: MutatingAdmissionPolicyBinding\nmetadata: {name: b}\nspec: {policyName: change}\n';
	test.each([
		['a merge', kyverno('{patchStrategicMerge: {metadata: {labels: {+(team): a}}}}'), 'not-evaluated'],
		[
			'an operation',
			kyverno('{patchesJson6902: "- {op: add, path: /metadata/labels/team, value: a}"}'),
			'not-evaluated',
		],
		['operations that are none', kyverno('{patchesJson6902: "{"}'), 'kyverno'],
		['another field', kyverno('{patchStrategicMerge: {metadata: {labels: {+(tier): a}}}}'), 'kyverno'],
		[
			'a field that only selects',
			kyverno('{patchStrategicMerge: {metadata: {labels: {(team): a, tier: b}}}}'),
			'kyverno',
		],
		['another kind', kyverno('{patchStrategicMerge: {metadata: {labels: {+(team): a}}}}', 'Service'), 'kyverno'],
		[
			'what is there already',
			kyverno('{targets: [{apiVersion: v1, kind: Pod}], patchStrategicMerge: {metadata: {labels: {team: a}}}}'),
			'kyverno',
		],
		['a MutatingPolicy', expressions('policies.kyverno.io/v1alpha1', 'MutatingPolicy', ''), 'not-evaluated'],
		[
			'a MutatingAdmissionPolicy',
			expressions('admissionregistration.k8s.io/v1beta1', 'MutatingAdmissionPolicy', BINDING),
			'not-evaluated',
		],
		[
			'one that nothing binds',
			expressions('admissionregistration.k8s.io/v1beta1', 'MutatingAdmissionPolicy', ''),
			'kyverno',
		],
	])('%s', (_, change, expected) => {
		const problems = kyvernoProblems(resourcesOf([change, REQUIRE, DEPLOYMENT].join('---\n')), { known: {} });
		expect(problems.map(({ code }) => code.slice(7))).toEqual([expected]);
	});
	test('of what Pod Security asks of pods', () => {
		const mutate = '{patchStrategicMerge: {spec: {containers: [{(name): "*", securityContext: {privileged: false}}]}}}';
		const found = (change: string) =>
			allSteps(
				podSecurityProblems(resourcesOf([change, NAMESPACE, privileged].join('---\n')), {
					defaults: NONE,
					exemptNamespaces: [],
					exemptRuntimeClasses: [],
				}),
			).map(({ code, message }) => `${code.slice(7)}: ${message}`);
		expect(found(kyverno(mutate, 'Pod'))).toEqual([
			'not-evaluated: What ClusterPolicy/change writes into pods is not computed here, so nothing is said about what Pod Security would refuse without it (first for Deployment/web).',
		]);
		expect(found(kyverno(mutate, 'Service'))).toEqual([expect.stringMatching(/^pod-security: /)]);
		expect(found(kyverno(mutate.replace('privileged', 'runAsNonRoot'), 'Pod'))).toEqual([
			expect.stringMatching(/^pod-security: /),
		]);
	});
});

const PRIVILEGED = { level: 'privileged', version: 'latest' } as const;
const NONE = { enforce: PRIVILEGED, warn: PRIVILEGED, audit: PRIVILEGED };

describe('bindings', () => {
	const found = (text: string) =>
		policyBindingProblems(resourcesOf(text)).map(({ message, severity }) => `${severity}: ${message}`);
	const bound = (name: string) => vap('true', 'pods').replace('policyName: p', `policyName: ${name}`);

	test('of a policy that the environment lacks', () => {
		expect(found(bound('q'))).toEqual([
			'information: ValidatingAdmissionPolicyBinding/p binds the ValidatingAdmissionPolicy "q", which this environment does not have, so it does nothing.',
		]);
		expect(found(bound('p'))).toEqual([]);
	});

	test('where no policy is in the tree they come from elsewhere', () => {
		expect(found(bound('q').split('---\n')[1]!)).toEqual([]);
	});
});

test('what cannot be evaluated is told beside what is violated', () => {
	const policy = vap('object.metadata.name == "x"', 'configmaps').replace(
		'validations: [',
		`validations: [{expression: "authorizer.group('').resource('pods').check('get').allowed()"}, `,
	);
	const config = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: shop}\n';
	const found = admissionPolicyProblems(resourcesOf(`${policy}---\n${config}`)).map(({ message }) => message);
	expect(found).toEqual([
		'ConfigMap/c violates ValidatingAdmissionPolicy/p: m',
		'A part of ValidatingAdmissionPolicy/p cannot be evaluated here, so nothing is said about what that would refuse: "authorizer" asks what somebody may do, which only the cluster knows (first for ConfigMap/c).',
	]);
});

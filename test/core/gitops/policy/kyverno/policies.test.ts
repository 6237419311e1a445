import { describe, expect, test } from 'vitest';
import { kyvernoProblems } from '../../../../../server/src/core/gitops/policy/kyverno-policies';
import { POLICY_PROBLEM_CODES } from '../../../../../server/src/core/gitops/policy/problem-codes';
import { resourcesOf } from '../../../../support/resources';
import { DEPLOYMENT, summary } from '../problems';

const policy = (spec: string, rest = '') => `apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: tags${rest}}
spec: ${spec}
`;
const RULE = (validate: string, match = '{any: [{resources: {kinds: [Pod]}}]}') =>
	`{validationFailureAction: Enforce, rules: [{name: tag, match: ${match}, validate: ${validate}}]}`;
const LATEST = '{message: "no latest", pattern: {spec: {containers: [{image: "!*:latest"}]}}}';

const kyverno = (...texts: string[]) => kyvernoProblems(resourcesOf(texts.join('---\n')), { known: {} });

test('a rule for pods is for what makes pods, at the field that is wrong', () => {
	const problems = kyverno(policy(RULE(LATEST)), DEPLOYMENT);
	expect(summary(problems)).toEqual(['error kyverno 1:spec.template.spec.containers[0].image']);
	expect(problems[0]!.message).toBe('Deployment/web violates rule "tag" of ClusterPolicy/tags: no latest');
	expect(problems[0]!.related![0]!.at.path).toEqual(['spec', 'rules', 0]);
	expect(problems[0]!.details).toContain('tags: autogen-tag: validation error: no latest');
});
test.each([
	['Audit reports', policy(RULE(LATEST).replace('Enforce', 'Audit')), ['warning']],
	['the rule says for itself', policy(RULE(LATEST.replace('{message', '{failureAction: Audit, message'))), ['warning']],
	[
		'no generated rules are asked for',
		policy(RULE(LATEST), ', annotations: {pod-policies.kyverno.io/autogen-controllers: none}'),
		[],
	],
	['another kind', policy(RULE(LATEST, '{any: [{resources: {kinds: [Service]}}]}')), []],
	[
		'a policy of another namespace',
		policy(RULE(LATEST)).replace('ClusterPolicy', 'Policy').replace('{name: tags', '{name: tags, namespace: other'),
		[],
	],
	[
		'a policy of its namespace',
		policy(RULE(LATEST)).replace('ClusterPolicy', 'Policy').replace('{name: tags', '{name: tags, namespace: shop'),
		['error'],
	],
	['it deletes only', policy(RULE(LATEST, '{any: [{resources: {kinds: [Pod], operations: [DELETE]}}]}')), []],
])('%s', (_, text, severities) => {
	expect(kyverno(text, DEPLOYMENT).map(({ severity }) => severity)).toEqual(severities);
});
test('namespaces that Kyverno leaves out', () => {
	expect(kyverno(policy(RULE(LATEST)), DEPLOYMENT.replace('namespace: shop', 'namespace: kube-system'))).toEqual([]);
});
test('labels of a namespace that is not in the tree are not known', () => {
	const match = '{any: [{resources: {kinds: [Pod], namespaceSelector: {matchLabels: {a: b}}}}]}';
	expect(summary(kyverno(policy(RULE(LATEST, match)), DEPLOYMENT))).toEqual([
		'information not-evaluated 0:spec.rules[0]',
	]);
	const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {a: b}}\n';
	expect(summary(kyverno(policy(RULE(LATEST, match)), DEPLOYMENT, namespace))).toEqual([
		'error kyverno 1:spec.template.spec.containers[0].image',
	]);
});
test.each([
	['is for some people', ', subjects: [{kind: User, name: bob}]', '', 'not-evaluated'],
	['is for a role', ', clusterRoles: [admin]', '', 'not-evaluated'],
	['is not for a person', '', 'subjects: [{kind: User, name: bob}]', 'kyverno'],
	['is not for some service account', '', 'subjects: [{kind: ServiceAccount, name: f, namespace: n}]', 'not-evaluated'],
	[
		'is not for the group of a namespace',
		'',
		'subjects: [{kind: Group, name: "system:serviceaccounts:f"}]',
		'not-evaluated',
	],
	['is not for administrators', '', 'clusterRoles: [cluster-admin]', 'not-evaluated'],
	['is not for administrators elsewhere', '', 'clusterRoles: [cluster-admin], resources: {namespaces: [x]}', 'kyverno'],
])('a rule that %s', (_, match, exclude, expected) => {
	const rule = RULE(LATEST, `{any: [{resources: {kinds: [Deployment]}${match}}]}`).replace(
		'match:',
		`${exclude ? `exclude: {any: [{${exclude}}]}, ` : ''}match:`,
	);
	const found = kyverno(
		policy(rule)
			.replace('{spec: {containers', '{spec: {template: {spec: {containers')
			.replace('latest"}]}}', 'latest"}]}}}}'),
		DEPLOYMENT,
	);
	expect(found.map(({ code }) => code.slice(7))).toEqual([expected]);
});
test('an exception', () => {
	const exception = `apiVersion: kyverno.io/v2
kind: PolicyException
metadata: {name: x, namespace: shop}
spec: {exceptions: [{policyName: tags, ruleNames: ["*tag"]}], match: {any: [{resources: {kinds: [Deployment], names: [web]}}]}}
`;
	expect(kyverno(policy(RULE(LATEST)), DEPLOYMENT, exception)).toEqual([]);
});
test('what needs a cluster is said once, at the policy', () => {
	const spec =
		'{rules: [{name: r, match: {any: [{resources: {kinds: [Deployment]}}]}, context: [{name: n, apiCall: {urlPath: /x}}], validate: {deny: {}}}]}';
	const problems = kyverno(policy(spec), DEPLOYMENT, DEPLOYMENT.replace('web', 'other'));
	expect(summary(problems)).toEqual(['information not-evaluated 0:spec.rules[0]']);
	expect(problems[0]!.message).toContain("asks the cluster's API");
});
test('ConfigMaps of the tree', () => {
	const spec =
		'{rules: [{name: r, match: {any: [{resources: {kinds: [Deployment]}}]}, context: [{name: m, configMap: {name: allowed, namespace: p}}], validate: {message: "{{ m.data.app }} only", deny: {conditions: {all: [{key: "{{ request.object.metadata.labels.app }}", operator: NotEquals, value: "{{ m.data.app }}"}]}}}}]}';
	const map = (app: string) =>
		`apiVersion: v1\nkind: ConfigMap\nmetadata: {name: allowed, namespace: p}\ndata: {app: ${app}}\n`;
	expect(kyverno(policy(spec), DEPLOYMENT, map('web'))).toEqual([]);
	expect(kyverno(policy(spec), DEPLOYMENT, map('shop'))[0]!.message).toContain(': shop only');
});
test('parameters of a rule in CEL', () => {
	const spec = (replicas: number) =>
		`{rules: [{name: r, match: {any: [{resources: {kinds: [Deployment]}}]}, validate: {cel: {paramKind: {apiVersion: x.io/v1, kind: Limit}, paramRef: {name: most, parameterNotFoundAction: Deny}, expressions: [{expression: "object.spec.replicas + ${replicas} <= params.spec.most"}]}}}]}`;
	const limit = 'apiVersion: x.io/v1\nkind: Limit\nmetadata: {name: most, namespace: shop}\nspec: {most: 3}\n';
	expect(kyverno(policy(spec(2)), DEPLOYMENT, limit)).toEqual([]);
	expect(summary(kyverno(policy(spec(3)), DEPLOYMENT, limit))).toEqual(['warning kyverno 1:spec.replicas']);
	expect(summary(kyverno(policy(spec(2)), DEPLOYMENT))).toEqual(['information not-evaluated 0:spec.rules[0]']);
});
test('the message of a foreach speaks of the element', () => {
	const validate =
		'{message: "not {{ element.name }}", foreach: [{list: request.object.spec.containers, pattern: {image: "!*:latest"}}]}';
	expect(kyverno(policy(RULE(validate)), DEPLOYMENT)[0]!.message).toContain(': not a');
});
test('foreach stands at the element', () => {
	const validate =
		'{message: m, foreach: [{list: request.object.spec.containers, deny: {conditions: {all: [{key: "{{ element.image }}", operator: Equals, value: "*:latest"}]}}}]}';
	expect(summary(kyverno(policy(RULE(validate)), DEPLOYMENT))).toEqual([
		'error kyverno 1:spec.template.spec.containers[0].image',
	]);
});
test.each([
	[
		'a field',
		'any: [{key: "{{ request.object.metadata.labels.app }}", operator: Equals, value: web}]',
		'metadata.labels.app',
	],
	[
		'a key in quotes, with a default',
		`any: [{key: '{{ request.object.metadata.annotations."a.b/c" || \`1\` }}', operator: Equals, value: 1}]`,
		'metadata',
	],
	[
		'the condition that holds',
		'any: [{key: "{{ request.object.spec.replicas }}", operator: Equals, value: 9}, {key: "{{ length(request.object.spec.template.spec.containers) }}", operator: Equals, value: 1}]',
		'spec.template.spec.containers',
	],
	['none of the fields', 'all: [{key: "{{ request.operation }}", operator: Equals, value: CREATE}]', 'metadata.name'],
])('a denial stands at what its condition names: %s', (_, conditions, place) => {
	const rule = `{message: m, deny: {conditions: {${conditions}}}}`;
	const only = policy(RULE(rule, '{any: [{resources: {kinds: [Deployment]}}]}'));
	expect(summary(kyverno(only, DEPLOYMENT))).toEqual([`error kyverno 1:${place}`]);
});
test('loops in loops', () => {
	const ports = DEPLOYMENT.replace('"nginx:latest"', '"nginx:1", ports: [{containerPort: 8080}, {containerPort: 80}]');
	const deny = 'deny: {conditions: {any: [{key: "{{ element.containerPort }}", operator: LessThan, value: 1024}]}}';
	const validate = `{message: m, foreach: [{list: request.object.spec.containers, foreach: [{list: "element.ports || \`[]\`", ${deny}}]}]}`;
	expect(summary(kyverno(policy(RULE(validate)), ports))).toEqual([
		'error kyverno 1:spec.template.spec.containers[0].ports[1].containerPort',
	]);
});
test('all that podSecurity finds', () => {
	const open = DEPLOYMENT.replace(
		'"nginx:latest"',
		'"nginx:1", ports: [{hostPort: 80}], securityContext: {privileged: true}',
	);
	const validate = '{podSecurity: {level: baseline, version: latest}}';
	expect(summary(kyverno(policy(RULE(validate)), open))).toEqual([
		'error kyverno 1:spec.template.spec.containers[0].ports[0].hostPort',
		'error kyverno 1:spec.template.spec.containers[0].securityContext.privileged',
	]);
});
test('podSecurity with an exclusion', () => {
	const privileged = DEPLOYMENT.replace('"nginx:latest"', '"nginx:latest", securityContext: {privileged: true}');
	const validate = (exclude: string) => `{podSecurity: {level: baseline, version: latest, exclude: [${exclude}]}}`;
	expect(summary(kyverno(policy(RULE(validate(''))), privileged))).toEqual([
		'error kyverno 1:spec.template.spec.containers[0].securityContext.privileged',
	]);
	expect(
		kyverno(policy(RULE(validate('{controlName: Privileged Containers, images: ["nginx*"]}'))), privileged),
	).toEqual([]);
	expect(
		kyverno(policy(RULE(validate('{controlName: Privileged Containers, images: ["other*"]}'))), privileged),
	).toHaveLength(1);
});
test('an exception from podSecurity takes controls out and leaves the rest', () => {
	const privileged = DEPLOYMENT.replace(
		'"nginx:latest"',
		'"nginx:latest", securityContext: {privileged: true}, ports: [{hostPort: 80, containerPort: 80}]',
	);
	const exception = (controls: string) => `apiVersion: kyverno.io/v2
kind: PolicyException
metadata: {name: x, namespace: shop}
spec:
  exceptions: [{policyName: tags, ruleNames: ["*tag"]}]
  match: {any: [{resources: {kinds: [Deployment]}}]}
  podSecurity: [${controls}]
`;
	const text = policy(RULE('{podSecurity: {level: baseline, version: latest}}'));
	const fields = (controls: string) => kyverno(text, privileged, exception(controls)).map(({ at }) => at.path.at(-1));
	expect(fields('{controlName: Host Ports, images: ["nginx*"]}')).toEqual(['privileged']);
	expect(fields('{controlName: Privileged Containers, images: ["nginx*"]}')).toEqual(['hostPort']);
	expect(
		fields('{controlName: Privileged Containers, images: ["*"]}, {controlName: Host Ports, images: ["*"]}'),
	).toEqual([]);
	expect(fields('')).toEqual([]);
});
test.each([
	[
		'a rule that verifies images',
		policy(
			'{rules: [{name: v, match: {any: [{resources: {kinds: [Pod]}}]}, verifyImages: [{imageReferences: ["*"]}]}]}',
		),
		'0:spec.rules[0]',
	],
	[
		'an ImageValidatingPolicy',
		`apiVersion: policies.kyverno.io/v1
kind: ImageValidatingPolicy
metadata: {name: v}
spec:
  matchConstraints: {resourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments]}]}
  matchImageReferences: [{glob: "*"}]
  validations: [{expression: "images.containers.map(i, verifyImageSignatures(i, [attestors.a])).all(e, e > 0)"}]
`,
		'0:spec.validations',
	],
])('%s is said not to be evaluated, where it is for something', (_, text, at) => {
	const problems = kyverno(text, DEPLOYMENT);
	expect(summary(problems)).toEqual([`information not-evaluated ${at}`]);
	expect(problems[0]!.message).toContain('signatures');
	expect(kyverno(text, 'apiVersion: v1\nkind: Service\nmetadata: {name: x}\n')).toEqual([]);
});
test.each([
	['Node', ''],
	['ReplicaSet', ''],
	['PolicyException', 'kyverno.io/v2'],
	['ClusterPolicy', 'kyverno.io/v1'],
])('a %s is asked about or left out as Kyverno is set up to', (kind, apiVersion) => {
	const text = policy(RULE('{message: m, deny: {}}', `{any: [{resources: {kinds: [${kind}]}}]}`));
	const object = `apiVersion: ${apiVersion || (kind === 'Node' ? 'v1' : 'apps/v1')}\nkind: ${kind}\nmetadata: {name: x}\n`;
	expect(kyverno(text, object)).toHaveLength(kind === 'PolicyException' ? 1 : 0);
});
test('a ValidatingPolicy', () => {
	const text = `apiVersion: policies.kyverno.io/v1
kind: ValidatingPolicy
metadata: {name: tags}
spec:
  validationActions: [Warn]
  matchConstraints: {resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]}
  validations: [{expression: "object.spec.containers.all(c, !c.image.endsWith(':latest'))", message: no latest}]
`;
	expect(summary(kyverno(text, DEPLOYMENT))).toEqual(['warning validating-policy 1:spec.template.spec.containers']);
});
test.each([
	['namespaces by name', 'namespaces: [sh*]', 'error'],
	['others by name', 'namespaces: [other]', 'warning'],
	['namespaces by label', 'namespaceSelector: {matchLabels: {a: b}}', 'error'],
	['a name and a label', 'namespaces: [shop], namespaceSelector: {matchLabels: {a: c}}', 'warning'],
])('an action for %s', (_, where, severity) => {
	const text = policy(
		RULE(LATEST).replace(
			'{validationFailureAction: Enforce,',
			`{validationFailureAction: Audit, validationFailureActionOverrides: [{action: Enforce, ${where}}],`,
		),
	);
	const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {a: b}}\n';
	expect(kyverno(text, DEPLOYMENT, namespace).map(problem => problem.severity)).toEqual([severity]);
});
test('of rules that are applied one by one the first counts', () => {
	const rule = (name: string) =>
		`{name: ${name}, match: {any: [{resources: {kinds: [Deployment]}}]}, validate: {message: ${name}, deny: {}}}`;
	const text = (apply: string) => policy(`{${apply}rules: [${rule('a')}, ${rule('b')}]}`);
	expect(kyverno(text(''), DEPLOYMENT)).toHaveLength(2);
	expect(kyverno(text('applyRules: One, '), DEPLOYMENT)).toHaveLength(1);
});
describe('a ValidatingPolicy', () => {
	const vpol = (expression: string, rest = '') => `apiVersion: policies.kyverno.io/v1
kind: ValidatingPolicy
metadata: {name: tags}
spec:
  matchConstraints: {resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [pods]}]${rest}}
  validations: [{expression: "${expression}", message: m}]
`;
	const exception = (condition: string, rest = '') => `apiVersion: policies.kyverno.io/v1
kind: PolicyException
metadata: {name: x, namespace: shop}
spec: {policyRefs: [{name: tags, kind: ValidatingPolicy}]${rest}, matchConditions: [{name: c, expression: "${condition}"}]}
`;
	test('sees the images of a template', () => {
		expect(kyverno(vpol("images.containers.all(i, image(i).tag() != 'latest')"), DEPLOYMENT)).toHaveLength(1);
		expect(kyverno(vpol("images.containers == ['nginx:latest']"), DEPLOYMENT)).toEqual([]);
	});
	test('is for no controllers where it selects by namespace', () => {
		const selector = ', namespaceSelector: {matchLabels: {a: b}}';
		const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {a: b}}\n';
		expect(kyverno(vpol('false', selector), DEPLOYMENT, namespace)).toEqual([]);
	});
	test.each([
		["object.metadata.name == 'web'", '', []],
		["object.metadata.name == 'other'", '', ['error']],
		['request.userInfo.username == "x"'.replaceAll('"', "'"), '', ['information']],
		["object.metadata.name == 'web'", ', images: [nginx]', ['information']],
	])('with an exception for %s%s', (condition, rest, severities) => {
		expect(kyverno(vpol('false'), DEPLOYMENT, exception(condition, rest)).map(({ severity }) => severity)).toEqual(
			severities,
		);
	});
});

test('every code is in the table', () => {
	const codes = [...kyverno(policy(RULE(LATEST)), DEPLOYMENT)].map(({ code }) => code);
	for (const code of codes) expect(POLICY_PROBLEM_CODES.map(row => row.code)).toContain(code);
});

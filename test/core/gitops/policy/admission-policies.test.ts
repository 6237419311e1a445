import { describe, expect, test } from 'vitest';
import { admissionPolicyProblems } from '../../../../server/src/core/gitops/policy/admission-policies';
import { resourcesOf } from '../../../support/resources';
import { DEPLOYMENT, summary } from './problems';

const vap = (spec: string) => `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: replicas}
spec:
  matchConstraints: {resourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments]}]}
${spec}`;
const binding = (spec: string) => `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: b}
spec: {policyName: replicas, validationActions: [Deny]${spec}}
`;
const SPEC = `  variables: [{name: n, expression: object.spec.replicas}]
  validations: [{expression: variables.n >= 2, messageExpression: "'has ' + string(variables.n)"}]
`;
const judge = (...texts: string[]) => admissionPolicyProblems(resourcesOf(texts.join('---\n')));
test('with its binding', () => {
	const problems = judge(vap(SPEC), binding(''), DEPLOYMENT);
	expect(summary(problems)).toEqual(['error validating-admission-policy 2:spec.replicas']);
	expect(problems[0]!.details).toBe("ValidatingAdmissionPolicy 'replicas' with binding 'b' denied request: has 1");
});
test('each validation that fails is told, whatever another one says', () => {
	const spec = `  validations:
  - {expression: "object.metadata.name.matches('^[0-9]+$')", message: a number}
  - {expression: "request.userInfo.username == 'x'"}
  - {expression: object.spec.replicas >= 2, message: two}
  - {expression: "true"}
`;
	const problems = judge(vap(spec), binding(''), DEPLOYMENT);
	expect(problems.map(({ message }) => message.replace(/.*: /, ''))).toEqual([
		'a number',
		'two',
		'"request.userInfo" asks who sends a request (first for Deployment/web).',
	]);
	expect(summary(problems)[1]).toBe('error validating-admission-policy 2:spec.replicas');
});
test('without one it does nothing', () => {
	expect(judge(vap(SPEC), DEPLOYMENT)).toEqual([]);
});
test.each([
	[', matchResources: {objectSelector: {matchLabels: {app: other}}}', 0],
	[', matchResources: {objectSelector: {matchLabels: {app: web}}}', 1],
	[', matchResources: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}}', 1],
])('binding%s', (spec, count) => {
	const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n';
	expect(judge(vap(SPEC), binding(spec), DEPLOYMENT, namespace)).toHaveLength(count);
});
test('match conditions', () => {
	const spec = SPEC + '  matchConditions: [{name: c, expression: "object.metadata.name != \'web\'"}]\n';
	expect(judge(vap(spec), binding(''), DEPLOYMENT)).toEqual([]);
});
test('parameters', () => {
	const spec =
		'  paramKind: {apiVersion: v1, kind: ConfigMap}\n  validations: [{expression: "string(object.spec.replicas) == params.data.n", message: m}]\n';
	const map = (n: number) =>
		`apiVersion: v1\nkind: ConfigMap\nmetadata: {name: p, namespace: shop}\ndata: {n: "${n}"}\n`;
	const bound = binding(', paramRef: {name: p, parameterNotFoundAction: Deny}');
	expect(judge(vap(spec), bound, DEPLOYMENT, map(1))).toEqual([]);
	expect(summary(judge(vap(spec), bound, DEPLOYMENT, map(2)))).toEqual([
		'error validating-admission-policy 2:spec.replicas',
	]);
	expect(summary(judge(vap(spec), bound, DEPLOYMENT))).toEqual(['information not-evaluated 0:spec.validations']);
});
test.each([
	['fails the request', '', ['error validating-admission-policy']],
	['is ignored where the policy says so', '  failurePolicy: Ignore\n', []],
])('an error of an expression %s', (_, failurePolicy, expected) => {
	const spec = `${failurePolicy}  validations: [{expression: object.spec.nothing > 1}]\n`;
	expect(summary(judge(vap(spec), binding(''), DEPLOYMENT)).map(line => line.replace(/ \d.*/, ''))).toEqual(expected);
});
test('a match condition that is not met counts for more than one that nobody here can tell', () => {
	const conditions = (second: string) =>
		`  matchConditions: [{name: a, expression: "request.userInfo.username == 'x'"}, {name: b, expression: "${second}"}]\n`;
	expect(judge(vap(SPEC + conditions('false')), binding(''), DEPLOYMENT)).toEqual([]);
	expect(summary(judge(vap(SPEC + conditions('true')), binding(''), DEPLOYMENT))).toEqual([
		'information not-evaluated 0:spec.validations',
	]);
});
test('who sends a request, and a namespace that is not in the tree, are not known', () => {
	for (const expression of ['has(request.userInfo.username)', "'x' in namespaceObject.metadata.labels"]) {
		const spec = `  validations: [{expression: "${expression}"}]\n`;
		const [problem] = judge(vap(spec), binding(''), DEPLOYMENT);
		expect(problem!.code).toBe('policy/not-evaluated');
		expect(problem!.message).toMatch(/asks who sends a request|namespace shop is not in the tree/);
	}
	const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {x: a}}\n';
	const spec = '  validations: [{expression: "namespaceObject.metadata.labels.x == request.resource.resource"}]\n';
	expect(summary(judge(vap(spec), binding(''), DEPLOYMENT, namespace))).toEqual([
		'error validating-admission-policy 2:metadata.name',
	]);
});
describe('a rule for another version of the kind', () => {
	const PDB =
		'apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: {name: x, namespace: shop}\nspec: {minAvailable: 1}\n';
	const HPA =
		'apiVersion: autoscaling/v1\nkind: HorizontalPodAutoscaler\nmetadata: {name: x, namespace: shop}\nspec: {maxReplicas: 1}\n';
	const rules = (group: string, versions: string, resources: string) =>
		`apiGroups: [${group}], apiVersions: [${versions}], operations: [CREATE], resources: [${resources}]`;
	const text = (rule: string, expression: string, policyOf = '') =>
		vap(`  validations: [{expression: "${expression}", message: m}]\n`).replace(
			/\{resourceRules.*/,
			`{${policyOf}resourceRules: [{${rule}}]}`,
		);
	test.each([
		[PDB, rules('policy', 'v1', 'poddisruptionbudgets'), "object.apiVersion == 'policy/v1'", []],
		[PDB, rules('policy', 'v1', 'poddisruptionbudgets'), 'false', ['error validating-admission-policy']],
		[PDB, rules('policy', 'v2', 'jobs'), 'false', []],
		[
			DEPLOYMENT.replace('apps/v1', 'extensions/v1beta1'),
			rules('apps', 'v1', 'deployments'),
			'false',
			['error validating-admission-policy'],
		],
		[HPA, rules('autoscaling', 'v2', 'horizontalpodautoscalers'), 'false', ['information not-evaluated']],
	])('%#', (object, rule, expression, expected) => {
		const kinds = (...texts: string[]) => summary(judge(...texts)).map(line => line.replace(/ \d.*/, ''));
		expect(kinds(text(rule, expression), binding(''), object)).toEqual(expected);
		expect(kinds(text(rule, expression, 'matchPolicy: Exact, '), binding(''), object)).toEqual([]);
	});
});
test.each([
	['deployments/*', 1],
	['*/*', 1],
	['deployments/scale', 0],
])('resources of a rule: %s', (resources, count) => {
	const text = vap(SPEC).replace('resources: [deployments]', `resources: ["${resources}"]`);
	expect(judge(text, binding(''), DEPLOYMENT)).toHaveLength(count);
});

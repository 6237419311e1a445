/** Whatever stands in a policy or a resource, judging it ends and does not throw. */
import { expect, test } from 'vitest';
import { admissionPolicyProblems } from '../../../../server/src/core/gitops/policy/admission-policies';
import { kyvernoProblems } from '../../../../server/src/core/gitops/policy/kyverno-policies';
import { allSteps } from '../../../../server/src/core/base/steps';
import { podSecurityProblems } from '../../../../server/src/core/gitops/policy/pod-security';
import { UNRESTRICTED } from '../../../../server/src/core/gitops/policy/pod-security/levels';
import { resourcesOf } from '../../../support/resources';

const LEAVES = [
	'.inf',
	'.nan',
	'99999999999999999999',
	'null',
	'true',
	'""',
	'[]',
	'{}',
	'"{{ @ }}"',
	'"{{ request.object }}"',
	'"{{ request.object.spec.x }}-y"',
	'"((("',
	'"*"',
	'[[]]',
	'"$(../../a)"',
	'1h',
	'-1',
	'!!binary AA==',
];

/** Repeats itself for a seed, so that a failure can be looked at. */
function* numbers(seed: number): Generator<number> {
	for (let at = seed; ;) {
		at = (at * 1_103_515_245 + 12_345) % 2_147_483_648;
		yield at;
	}
}

test('policies out of chance', () => {
	const chance = numbers(7);
	const next = (below: number) => chance.next().value! % below;
	const leaf = () => LEAVES[next(LEAVES.length)]!;
	const operators = ['Equals', 'NotEquals', 'AnyIn', 'AllNotIn', 'GreaterThan', 'DurationLessThan', 'NotIn'];
	const before = performance.now();
	for (let i = 0; i < 120; i++) {
		const validates = [
			`{pattern: {spec: {(a): ${leaf()}, =(b): ${leaf()}, ^(c): ${leaf()}, X(d): ${leaf()}, x: ${leaf()}}}}`,
			`{anyPattern: [${leaf()}, {spec: ${leaf()}}]}`,
			`{deny: {conditions: {any: [{key: ${leaf()}, operator: ${operators[next(operators.length)]}, value: ${leaf()}}], all: ${leaf()}}}}`,
			`{foreach: [{list: ${leaf()}, deny: {conditions: ${leaf()}}}, {list: request.object.spec.x, pattern: ${leaf()}}]}`,
			`{cel: {expressions: [{expression: ${leaf()}}, {expression: "object.spec.x == ${next(9)}"}], variables: ${leaf()}}}`,
			`{podSecurity: {level: restricted, version: ${leaf()}, exclude: [${leaf()}]}}`,
		];
		const text = `apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: p}
spec:
  rules:
  - {name: r, match: {any: [{resources: {kinds: ["*"]}}]}, exclude: ${leaf()}, context: [{name: c, variable: {value: ${leaf()}, jmesPath: ${leaf()}}}], preconditions: ${leaf()}, validate: ${validates[next(validates.length)]}}
  - ${leaf()}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: v}
spec: {matchConstraints: ${leaf()}, variables: [{name: constructor, expression: ${leaf()}}], validations: [{expression: ${leaf()}, messageExpression: ${leaf()}}]}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: b}
spec: {policyName: v, validationActions: ${leaf()}, paramRef: ${leaf()}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${leaf()}, namespace: shop, labels: ${leaf()}, annotations: ${leaf()}}
spec: {x: ${leaf()}, a: ${leaf()}, template: {metadata: ${leaf()}, spec: {securityContext: ${leaf()}, containers: [${leaf()}, {ports: ${leaf()}, securityContext: {capabilities: ${leaf()}}}], volumes: ${leaf()}}}}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: ${leaf()}, pod-security.kubernetes.io/warn: restricted}}
`;
		const resources = resourcesOf(text);
		expect(() => kyvernoProblems(resources, { known: {} }), text).not.toThrow();
		expect(() => admissionPolicyProblems(resources), text).not.toThrow();
		const settings = { defaults: UNRESTRICTED, exemptNamespaces: [], exemptRuntimeClasses: [] };
		expect(() => allSteps(podSecurityProblems(resources, settings)), text).not.toThrow();
	}
	expect(performance.now() - before).toBeLessThan(20_000);
});

/** An edit evaluates what it changed and nothing else, and the answers are those of a fresh start. */
import { expect, test, vi } from 'vitest';
import { admissionPolicyProblems } from '../../../../server/src/core/gitops/policy/admission-policies';
import { kyvernoProblems } from '../../../../server/src/core/gitops/policy/kyverno-policies';
import { PolicyMemo } from '../../../../server/src/core/gitops/policy/policy-memo';
import type { Resource } from '../../../../server/src/core/kube/resource';
import { analyse, diagnostics } from '../../../support/check';
import { resourcesOf } from '../../../support/resources';

const configMap = (name: string, team: string) =>
	resourcesOf(
		`apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, namespace: shop, labels: {team: ${team}}}\n`,
	)[0]!;

test('a policy is prepared once, and asked again only of what is another object', () => {
	const memo = new PolicyMemo();
	const [policy] = resourcesOf('kind: Policy');
	const [a, b] = [configMap('a', 'x'), configMap('b', 'x')];
	const asked = vi.fn((_: Resource) => []);
	const prepared = vi.fn(() => asked);
	const judge = (...resources: Resource[]) => resources.forEach(memo.remember(policy!, prepared));
	judge(a, b);
	judge(a, b);
	judge({ ...a }, configMap('b', 'y'));
	expect([prepared.mock.calls.length, asked.mock.calls.length]).toEqual([2, 3]);

	// What stands around is the same objects in the same order, or else all is asked again.
	memo.within([a]);
	judge(a, b);
	memo.within([a]);
	judge(a, b);
	expect(asked.mock.calls.length).toBe(5);
	memo.within([b]);
	judge(a);
	expect(asked.mock.calls.length).toBe(6);
});

const POLICIES = resourcesOf(`apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: team}
spec:
  rules:
  - name: team
    match: {any: [{resources: {kinds: [ConfigMap], namespaceSelector: {matchLabels: {checked: "yes"}}}}]}
    validate: {message: no team, pattern: {metadata: {labels: {team: "a*"}}}}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: team}
spec:
  paramKind: {apiVersion: v1, kind: Secret}
  matchConstraints: {resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [configmaps]}]}
  validations: [{expression: "object.metadata.labels.team == params.type"}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: team}
spec: {policyName: team, paramRef: {name: wanted, namespace: shop}, validationActions: [Deny]}
`);
const namespace = (checked: string) =>
	resourcesOf(`apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {checked: "${checked}"}}\n`)[0]!;
const wanted = (type: string) =>
	resourcesOf(`apiVersion: v1\nkind: Secret\nmetadata: {name: wanted, namespace: shop}\ntype: ${type}\n`)[0]!;

test('after any change of objects around, it says what a fresh start says', () => {
	const memos = [new PolicyMemo(), new PolicyMemo()] as const;
	const [a, b] = [configMap('a', 'alpha'), configMap('b', 'beta')];
	const states: readonly (readonly Resource[])[] = [
		[namespace('yes'), wanted('alpha'), a, b],
		[namespace('no'), wanted('alpha'), a, b],
		[namespace('yes'), wanted('beta'), a, b],
		[namespace('yes'), wanted('beta'), a, configMap('b', 'alpha')],
		[namespace('yes'), a],
	];
	const counts = states.map(state => {
		const resources = [...POLICIES, ...state];
		const kyverno = kyvernoProblems(resources, { known: {} }, memos[0]);
		const admission = admissionPolicyProblems(resources, memos[1]);
		expect(kyverno).toEqual(kyvernoProblems(resources, { known: {} }));
		expect(admission).toEqual(admissionPolicyProblems(resources));
		return [kyverno.length, admission.length];
	});
	expect(counts).toEqual([
		[1, 1],
		[0, 1],
		[1, 1],
		[0, 2],
		[0, 1],
	]);
});

test('an edit of one resource in a tree changes what is said of that one', () => {
	const yaml = (name: string, team: string) =>
		`apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  labels: {team: ${team}}\n`;
	const { analysis, fixture } = analyse(`-- kustomization.yaml --
resources: [policy.yaml, a.yaml, b.yaml]
-- policy.yaml --
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: team}
spec:
  rules:
  - name: team
    match: {any: [{resources: {kinds: [ConfigMap]}}]}
    validate: {message: no team, pattern: {metadata: {labels: {team: "a*"}}}}
-- a.yaml --
${yaml('a', 'beta')}-- b.yaml --
${yaml('b', 'beta')}`);
	const violations = () =>
		diagnostics({ analysis, fixture })
			.filter(line => line.includes('policy/kyverno'))
			.map(line => line.split(':')[0]);
	expect(violations()).toEqual(['a.yaml', 'b.yaml']);
	analysis.apply({ texts: new Map([['/repo/a.yaml', yaml('a', 'alpha')]]) });
	expect(violations()).toEqual(['b.yaml']);
	analysis.apply({ texts: new Map([['/repo/a.yaml', undefined]]) });
	expect(violations()).toEqual(['a.yaml', 'b.yaml']);
});

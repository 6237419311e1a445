/** The codes of this folder with their default severity and what they mean in a line. Rules and documentation go by this table. */
import type { CodeInfo } from '../../base/problem';

export const POLICY_PROBLEM_CODES: readonly CodeInfo[] = [
	{
		code: 'policy/pod-security',
		severity: 'error',
		summary: 'a pod violates the Pod Security Standard that its namespace asks for',
	},
	{
		code: 'policy/pod-security-label',
		severity: 'error',
		summary: 'a label of Pod Security admission that cannot be read',
	},
	{ code: 'policy/kyverno', severity: 'error', summary: 'a resource violates a rule of a Kyverno policy in the tree' },
	{
		code: 'policy/validating-policy',
		severity: 'error',
		summary: 'a resource violates a ValidatingPolicy of Kyverno in the tree',
	},
	{
		code: 'policy/validating-admission-policy',
		severity: 'error',
		summary: 'a resource violates a ValidatingAdmissionPolicy in the tree',
	},
	{
		code: 'policy/binding-without-policy',
		severity: 'information',
		summary: 'a binding of an admission policy that is not in the tree',
	},
	{
		code: 'policy/rego',
		severity: 'error',
		summary: 'a resource violates a compiled Rego policy that `strata.yaml` lists',
	},
	{
		code: 'policy/not-evaluated',
		severity: 'information',
		summary: 'a policy that asks for what only the cluster or a registry knows, or for more than is bounded',
	},
];

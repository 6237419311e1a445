/**
 * Bindings of admission policies that bind nothing. The API server takes a binding before its policy, and says nothing of one that never comes;
 * apiserver `pkg/admission/plugin/policy/generic/policy_source.go`. Policies may come from charts and operators: so it is told only where the
 * tree holds policies of the kind itself, and as information.
 */
import { didYouMean } from '../../base/nearest';
import type { Problem } from '../../base/problem';
import type { Resource } from '../../kube/resource';
import { addressOf, nodeAt, textAt } from '../../yaml/node';

const GROUP = 'admissionregistration.k8s.io';
const KINDS = ['ValidatingAdmissionPolicy', 'MutatingAdmissionPolicy'] as const;

/** The problems of the bindings among the resources of an environment. */
export function policyBindingProblems(resources: readonly Resource[]): readonly Problem[] {
	const ofKind = (kind: string) => resources.filter(({ id }) => id.group === GROUP && id.kind === kind);
	return KINDS.flatMap(kind => {
		const policies = new Set(ofKind(kind).map(({ id }) => id.name));
		if (policies.size === 0) return [];
		return ofKind(`${kind}Binding`).flatMap(({ id, node }): readonly Problem[] => {
			const name = textAt(node, 'spec', 'policyName');
			if (!name || policies.has(name)) return [];
			return [
				{
					code: 'policy/binding-without-policy',
					severity: 'information',
					message: `${id.kind}/${id.name} binds the ${kind} "${name}", which this environment does not have, so it does nothing${didYouMean(name, policies)}`,
					at: addressOf(nodeAt(node, ['spec', 'policyName'])!.origin),
				},
			];
		});
	});
}

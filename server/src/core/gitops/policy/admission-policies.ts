/** ValidatingAdmissionPolicies of a tree on what it renders, with their bindings and parameters; apiserver `pkg/admission/plugin/policy/validating`. */
import type { Problem, Severity } from '../../base/problem';
import type { Resource } from '../../kube/resource';
import { type Plain, textAt, toPlain } from '../../yaml/node';
import { type CelEvaluator, celEvaluator } from './cel/validation';
import type { MatchResult, Subject } from './kyverno/match';
import { get, type PlainMap, textOf, textsOf } from './kyverno/plain-values';
import type { Outcome } from './kyverno/validate-rule';
import { equivalentFor } from './equivalent-version';
import { constraintsMatch } from './match-constraints';
import { afterMutations, mutatingPolicies, type MutatingPolicy } from './mutations';
import { parametersFor } from './parameters';
import { type Application, applicationProblems } from './policy-findings';
import { PolicyMemo } from './policy-memo';
import { admissionOf, type CustomDefaults } from './subject';
import { celPolicyOf } from './validating-policy';

const GROUP = 'admissionregistration.k8s.io';

/**
 * The problems that the policies among the resources find in the others; a policy without a binding does nothing. `memo` holds what they
 * said before.
 */
export function admissionPolicyProblems(
	resources: readonly Resource[],
	memo = new PolicyMemo(),
	customDefaults: CustomDefaults = node => node,
): readonly Problem[] {
	const ofKind = (kind: string) => resources.filter(({ id }) => id.group === GROUP && id.kind === kind);
	const bindingResources = ofKind('ValidatingAdmissionPolicyBinding');
	const bindings = bindingResources.map(resource => ({ resource, plain: toPlain(resource.node) }));
	const policies = ofKind('ValidatingAdmissionPolicy');
	if (policies.length === 0 || bindings.length === 0) return [];
	const admission = admissionOf(resources, customDefaults);
	const paramKinds = new Set(policies.map(({ node }) => textAt(node, 'spec', 'paramKind', 'kind')));
	const mutating = mutatingPolicies(resources);
	memo.within([
		...bindingResources,
		...admission.surroundings,
		...mutating.map(({ policy }) => policy),
		...resources.filter(({ id }) => paramKinds.has(id.kind)),
	]);
	// The server does not admit policies by policies.
	const judged = resources.filter(({ id }) => id.group !== GROUP);
	return applicationProblems(
		policies.flatMap(policy => {
			const apply = memo.remember(policy, () => {
				const plain = toPlain(policy.node) as PlainMap;
				const evaluate = celEvaluator(celPolicyOf(plain));
				const bound = bindings.filter(binding => textOf(binding.plain, 'spec', 'policyName') === policy.id.name);
				return resource =>
					bound.flatMap((binding): readonly Application[] => {
						const outcome = applyBinding(
							plain,
							evaluate,
							binding.plain,
							admission.subjectOf(resource),
							resources,
							mutating,
						);
						if (!outcome) return [];
						const binder = binding.resource.id.name;
						return [
							{
								code: 'policy/validating-admission-policy',
								policy,
								rule: ['spec', 'validations'],
								ruleName: '',
								resource,
								severity: severityOf(binding.plain),
								outcome,
								words: message =>
									`ValidatingAdmissionPolicy '${policy.id.name}' with binding '${binder}' denied request: ${message}`,
							},
						];
					});
			});
			return judged.flatMap(apply);
		}),
	);
}

function severityOf(binding: Plain): Severity {
	const actions = textsOf(binding, 'spec', 'validationActions');
	return actions.includes('Deny') ? 'error' : actions.includes('Warn') ? 'warning' : 'information';
}

function applyBinding(
	policy: PlainMap,
	evaluate: CelEvaluator,
	binding: Plain,
	written: Subject,
	resources: readonly Resource[],
	mutating: readonly MutatingPolicy[],
): Outcome | undefined {
	const constraints = get(policy, 'spec', 'matchConstraints');
	const matched = matchesOf(constraints, binding, written);
	const equivalent = matched.includes('no') ? equivalentFor(constraints, written) : undefined;
	const subject = equivalent?.kind === 'converted' ? equivalent.subject : written;
	const matches = equivalent?.kind === 'converted' ? matchesOf(constraints, binding, subject) : matched;
	if (equivalent?.kind === 'unknown') {
		const why = `it asks for ${equivalent.apiVersion}, into which the server would convert it`;
		return { status: 'not-evaluated', why };
	}
	if (matches.includes('no')) return undefined;
	if (matches.includes('unknown'))
		return { status: 'not-evaluated', why: `the labels of namespace ${subject.namespace} are not in the tree` };
	const kind = get(policy, 'spec', 'paramKind');
	const params = parametersFor(kind, get(binding, 'spec', 'paramRef'), subject.namespace, resources);
	if (typeof params === 'string') return { status: 'not-evaluated', why: params };
	for (const given of params) {
		const outcome = evaluate(subject, { params: given });
		if (outcome.status !== 'pass') return afterMutations(outcome, subject, get(policy, 'spec'), mutating);
	}
	return { status: 'pass' };
}

function matchesOf(constraints: Plain | undefined, binding: Plain, subject: Subject): readonly MatchResult[] {
	return [constraintsMatch(constraints, subject), constraintsMatch(get(binding, 'spec', 'matchResources'), subject)];
}

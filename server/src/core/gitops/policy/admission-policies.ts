/** ValidatingAdmissionPolicies of a tree on what it renders, with their bindings and parameters; apiserver `pkg/admission/plugin/policy/validating`. */
import type { Problem, Severity } from '../../base/problem';
import { kustomizeScope } from '../../kube/kustomize-facts';
import type { Resource } from '../../kube/resource';
import { nodeAt, type Plain, textAt, toPlain } from '../../yaml/node';
import { type CelEvaluator, celEvaluator } from './cel/validation';
import type { MatchResult, Subject } from './kyverno/match';
import { get, isList, isMap, mapOf, type PlainMap, textOf, textsOf } from './kyverno/plain-values';
import type { Outcome } from './kyverno/validate-rule';
import { equivalentFor } from './equivalent-version';
import { constraintsMatch } from './match-constraints';
import { parametersFor } from './parameters';
import { type Application, applicationProblems } from './policy-findings';
import { PolicyMemo } from './policy-memo';
import { subjectOf } from './subject';
import { celPolicyOf } from './validating-policy';

const GROUP = 'admissionregistration.k8s.io';

/**
 * The problems that the policies among the resources find in the others; a policy without a binding does nothing. `memo` holds what they
 * said before.
 */
export function admissionPolicyProblems(resources: readonly Resource[], memo = new PolicyMemo()): readonly Problem[] {
	const ofKind = (kind: string) => resources.filter(({ id }) => id.group === GROUP && id.kind === kind);
	const bindingResources = ofKind('ValidatingAdmissionPolicyBinding');
	const bindings = bindingResources.map(resource => ({ resource, plain: toPlain(resource.node) }));
	const policies = ofKind('ValidatingAdmissionPolicy');
	if (policies.length === 0 || bindings.length === 0) return [];
	const paramKinds = new Set(policies.map(({ node }) => textAt(node, 'spec', 'paramKind', 'kind')));
	memo.within([
		...bindingResources,
		...resources.filter(({ id }) => paramKinds.has(id.kind) || (id.kind === 'Namespace' && id.group === '')),
	]);
	const labels = namespaceLabels(resources);
	const subjects = new Map<Resource, Subject>();
	const subjectFor = (resource: Resource): Subject => {
		let subject = subjects.get(resource);
		if (!subject) subjects.set(resource, (subject = admitted(resource, labels)));
		return subject;
	};
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
						const outcome = applyBinding(plain, evaluate, binding.plain, subjectFor(resource), resources);
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

function namespaceLabels(resources: readonly Resource[]): ReadonlyMap<string, PlainMap> {
	return new Map(
		resources
			.filter(({ id }) => id.kind === 'Namespace' && id.group === '')
			.map(({ id, node }) => {
				const labels = nodeAt(node, ['metadata', 'labels']);
				return [id.name, { ...(labels ? (toPlain(labels) as PlainMap) : {}), 'kubernetes.io/metadata.name': id.name }];
			}),
	);
}

/** The resource as the server decodes it: fields that are null are not there, apart from those it always writes. */
function admitted(resource: Resource, labels: ReadonlyMap<string, PlainMap>): Subject {
	const namespace = resource.id.namespace || (kustomizeScope(resource.id) === 'namespaced' ? 'default' : '');
	const named = { ...resource, id: { ...resource.id, namespace } };
	const subject = subjectOf(named, { operation: 'CREATE', namespaceLabels: labels.get(namespace) });
	return { ...subject, object: withoutNulls(subject.object) as PlainMap };
}

function withoutNulls(value: Plain): Plain {
	if (isList(value)) return value.map(withoutNulls);
	if (!isMap(value)) return value;
	return mapOf(
		Object.entries(value).flatMap(([key, item]): readonly (readonly [string, Plain])[] =>
			item === null && key !== 'rules' ? [] : [[key, withoutNulls(item)]],
		),
	);
}

function applyBinding(
	policy: PlainMap,
	evaluate: CelEvaluator,
	binding: Plain,
	written: Subject,
	resources: readonly Resource[],
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
		if (outcome.status !== 'pass') return outcome;
	}
	return { status: 'pass' };
}

function matchesOf(constraints: Plain | undefined, binding: Plain, subject: Subject): readonly MatchResult[] {
	return [constraintsMatch(constraints, subject), constraintsMatch(get(binding, 'spec', 'matchResources'), subject)];
}

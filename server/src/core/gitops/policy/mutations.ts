/**
 * Policies of the tree that change objects before others judge them: mutate rules of Kyverno, MutatingPolicy and MutatingAdmissionPolicy. What they write is not
 * computed; of what they may have put right nothing is claimed.
 */
import type { Resource } from '../../kube/resource';
import { type Plain, textAt, toPlain } from '../../yaml/node';
import { rulesOf } from './kyverno/autogen';
import { ruleMatches, type Subject } from './kyverno/match';
import { get, isList, isMap, listOf, type PlainMap, textOf } from './kyverno/plain-values';
import type { Outcome } from './kyverno/validate-rule';
import { constraintsMatch } from './match-constraints';
import { parseYamlText } from './yaml-text';

/** A policy, or a rule of one, that writes fields. */
interface Mutation {
	readonly mayMatch: (subject: Subject) => boolean;
	/** The names of the fields that it writes. */
	readonly fields: ReadonlySet<string>;
}

export interface MutatingPolicy {
	readonly policy: Resource;
	readonly mutations: readonly Mutation[];
}

/** The policies among the resources that change others. */
export function mutatingPolicies(resources: readonly Resource[]): readonly MutatingPolicy[] {
	const bound = new Set(
		resources.flatMap(({ id, node }) =>
			id.kind === 'MutatingAdmissionPolicyBinding' ? (textAt(node, 'spec', 'policyName') ?? []) : [],
		),
	);
	return resources.flatMap((policy): readonly MutatingPolicy[] => {
		if (policy.id.kind === 'MutatingAdmissionPolicy' && !bound.has(policy.id.name)) return [];
		const mutations = mutationsOf(policy);
		return mutations.length > 0 ? [{ policy, mutations }] : [];
	});
}

function mutationsOf(policy: Resource): readonly Mutation[] {
	const { group, kind, namespace } = policy.id;
	const isOfRules = group === 'kyverno.io' && (kind === 'ClusterPolicy' || kind === 'Policy');
	const isOfExpressions =
		(group === 'policies.kyverno.io' && /^(Namespaced)?MutatingPolicy$/.test(kind)) ||
		(group === 'admissionregistration.k8s.io' && kind === 'MutatingAdmissionPolicy');
	if (!isOfRules && !isOfExpressions) return [];
	const plain = toPlain(policy.node);
	const mutations = isOfRules ? ofRules(plain) : ofExpressions(plain);
	if (kind !== 'Policy' && kind !== 'NamespacedMutatingPolicy') return mutations;
	return mutations.map(mutation => ({
		...mutation,
		mayMatch: subject => subject.namespace === namespace && mutation.mayMatch(subject),
	}));
}

function ofRules(policy: Plain): readonly Mutation[] {
	return rulesOf(policy).flatMap(({ rule }): readonly Mutation[] => {
		const mutate = get(rule, 'mutate');
		// Rules with targets change what is there already.
		if (!isMap(mutate) || listOf(mutate, 'targets').length > 0) return [];
		return [{ mayMatch: subject => ruleMatches(rule, subject) !== 'no', fields: fieldsOfRule(mutate) }];
	});
}

function fieldsOfRule(mutate: PlainMap): ReadonlySet<string> {
	const fields = new Set<string>();
	for (const change of [mutate, ...listOf(mutate, 'foreach')]) {
		addFields(fields, get(change, 'patchStrategicMerge') ?? null, []);
		for (const step of operations(textOf(change, 'patchesJson6902') ?? '')) {
			const path = (textOf(step, 'path') ?? '')
				.split('/')
				.map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'));
			addFields(fields, get(step, 'value') ?? null, path);
		}
	}
	return fields;
}

function operations(text: string): readonly Plain[] {
	try {
		return text === '' ? [] : listOf({ steps: parseYamlText(text) }, 'steps');
	} catch {
		return [];
	}
}

/** Names that stand in objects everywhere, so that another tells what is meant. */
const COMMON: ReadonlySet<string> = new Set(['name', 'value', 'type', 'key', 'path', '-']);

function addFields(fields: Set<string>, value: Plain, path: readonly string[]): void {
	if (isMap(value) && Object.keys(value).length > 0) {
		for (const [key, inner] of Object.entries(value))
			// What stands in a conditional anchor selects and is not written.
			if (!/^<?\(/.test(key)) addFields(fields, inner, [...path, key.replace(/^[+=^X]\((.*)\)$/, '$1')]);
	} else if (isList(value) && value.some(isMap)) {
		for (const item of value) addFields(fields, item, path);
	} else {
		const names = path.filter(part => !COMMON.has(part) && !/^\d*$/.test(part));
		if (names.length > 0) fields.add(names.at(-1)!);
	}
}

function ofExpressions(policy: Plain): readonly Mutation[] {
	const constraints = get(policy, 'spec', 'matchConstraints');
	const text = listOf(policy, 'spec', 'mutations')
		.map(
			item =>
				`${textOf(item, 'applyConfiguration', 'expression') ?? ''} ${textOf(item, 'jsonPatch', 'expression') ?? ''}`,
		)
		.join(' ');
	const fields = new Set((text.match(/[\w.~-]+/g) ?? []).map(word => word.replaceAll('~1', '/')));
	const controllers = isMap(get(policy, 'spec', 'autogen', 'podControllers'));
	return [
		{
			mayMatch: subject =>
				constraintsMatch(constraints, subject) !== 'no' ||
				(controllers && isMap(get(subject.object, 'spec', 'template'))),
			fields,
		},
	];
}

/** The policy that may have put right for the subject what was found in one of these fields. */
export function mutationOf(
	policies: readonly MutatingPolicy[],
	subject: Subject,
	isAsked: (field: string) => boolean,
): Resource | undefined {
	return policies.find(({ mutations }) =>
		mutations.some(({ mayMatch, fields }) => [...fields].some(isAsked) && mayMatch(subject)),
	)?.policy;
}

/** The outcome of what was asked of the object as it is written; nothing is claimed where a policy may have changed it before. */
export function afterMutations(
	outcome: Outcome,
	subject: Subject,
	asked: Plain | undefined,
	policies: readonly MutatingPolicy[],
): Outcome {
	if (outcome.status !== 'fail' || policies.length === 0) return outcome;
	const words = new Set(
		JSON.stringify(asked ?? null)
			.match(/[\w.\/-]+/g)
			?.flatMap(word => [word, ...word.split('.')]),
	);
	const policy = mutationOf(policies, subject, field => words.has(field));
	return policy
		? {
				status: 'not-evaluated',
				why: `${policy.id.kind}/${policy.id.name} changes what it asks about before it is asked`,
			}
		: outcome;
}

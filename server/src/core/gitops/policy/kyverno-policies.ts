/** Kyverno's policies of a tree on what it renders: ClusterPolicy, Policy and ValidatingPolicy, with exceptions; kyverno `pkg/engine/validation.go`. */
import type { Problem, Severity } from '../../base/problem';
import type { Resource } from '../../kube/resource';
import { type Node, type Plain, toPlain } from '../../yaml/node';
import { type Application, applicationProblems } from './policy-findings';
import { type Rule, rulesOf } from './kyverno/autogen';
import { conditionsHold } from './kyverno/conditions';
import { blockMatches, ruleMatches, type Subject } from './kyverno/match';
import { get, isMap, listOf, type PlainMap, textOf, textsOf } from './kyverno/plain-values';
import { type PolicyEnvironment, requestContext } from './kyverno/policy-context';
import { type Outcome, ruleValidator } from './kyverno/validate-rule';
import { substituteLeniently } from './kyverno/variables';
import { matchesWildcard } from './kyverno/wildcard';
import { constraintsMatch } from './match-constraints';
import { afterMutations, mutatingPolicies, type MutatingPolicy } from './mutations';
import { parametersFor } from './parameters';
import { PolicyMemo } from './policy-memo';
import { matchesSelector } from './selector';
import { type Admission, admissionOf, type CustomDefaults } from './subject';
import { celEvaluator } from './cel/validation';
import { celPolicyOf, validatingPolicyEvaluator } from './validating-policy';

export interface KyvernoSettings {
	/** Values for context variables that need a cluster or a registry, by name. */
	readonly known: PlainMap;
}

/** Kyverno's own configuration leaves these out (`resourceFilters` of its ConfigMap). */
const FILTERED_NAMESPACES: ReadonlySet<string> = new Set(['kube-system', 'kube-public', 'kube-node-lease', 'kyverno']);
const FILTERED_KINDS: ReadonlySet<string> = new Set(['Event', 'Node', 'APIService', 'Binding', 'ReplicaSet']);

function isFiltered({ id: { namespace, kind } }: Resource): boolean {
	return FILTERED_NAMESPACES.has(namespace) || FILTERED_KINDS.has(kind);
}

/** The problems that the Kyverno policies among the resources find in the others. `memo` holds what they said before. */
export function kyvernoProblems(
	resources: readonly Resource[],
	settings: KyvernoSettings,
	memo = new PolicyMemo(),
	customDefaults: CustomDefaults = node => node,
): readonly Problem[] {
	const policies = resources.filter(isKyvernoPolicy);
	if (policies.length === 0) return [];
	const admission = admissionOf(resources, customDefaults);
	const environment = environmentOf(resources, settings, admission);
	const mutating = mutatingPolicies(resources);
	const exceptionResources = resources.filter(({ id }) => id.kind === 'PolicyException');
	const exceptions = exceptionResources.map(({ node }) => toPlain(node));
	const readsConfigMaps = policies.some(({ node }) => hasKey(node, 'configMap'));
	const readKinds = new Set([
		...(readsConfigMaps ? ['ConfigMap'] : []),
		...policies.flatMap(({ node }) => (hasKey(node, 'paramKind') ? paramKinds(toPlain(node)) : [])),
	]);
	memo.within([
		...exceptionResources,
		...admission.surroundings,
		...mutating.map(({ policy }) => policy),
		...resources.filter(({ id }) => readKinds.has(id.kind)),
	]);
	const judged = resources.filter(resource => !isFiltered(resource) && !isKyvernoPolicy(resource));
	return applicationProblems(
		policies.flatMap(policy => {
			const apply = memo.remember(policy, () => {
				const plain = toPlain(policy.node) as PlainMap;
				const prepared = applierFor(policy.id.kind)(plain);
				return resource =>
					prepared(policy, resource, admission.subjectOf(resource), exceptions, { ...environment, mutating });
			});
			return judged.flatMap(apply);
		}),
	);
}

function paramKinds(policy: Plain): readonly string[] {
	return listOf(policy, 'spec', 'rules').flatMap(rule => textOf(rule, 'validate', 'cel', 'paramKind', 'kind') ?? []);
}

function hasKey(node: Node, key: string): boolean {
	switch (node.kind) {
		case 'scalar':
			return false;
		case 'seq':
			return node.items.some(item => hasKey(item, key));
		case 'map':
			return node.entries.some(entry => entry.key === key || hasKey(entry.value, key));
	}
}

function isKyvernoPolicy({ id: { group, kind } }: Resource): boolean {
	return (
		(group === 'kyverno.io' && (kind === 'ClusterPolicy' || kind === 'Policy')) ||
		(group === 'policies.kyverno.io' && /^(Namespaced)?(Image)?ValidatingPolicy$/.test(kind))
	);
}

function applierFor(kind: string): (plain: PlainMap) => Apply {
	if (kind === 'ClusterPolicy' || kind === 'Policy') return applyRules;
	return kind.includes('Image') ? applyToImages : applyCel;
}

function environmentOf(
	resources: readonly Resource[],
	{ known }: KyvernoSettings,
	{ namespaceLabels }: Admission,
): PolicyEnvironment {
	const find = (kind: string, namespace: string, name: string) =>
		resources.find(({ id }) => id.group === '' && id.kind === kind && id.name === name && id.namespace === namespace);
	return {
		known,
		parameters: (kind, reference, namespace) => parametersFor(kind, reference, namespace, resources),
		namespaceLabels,
		configMap(namespace, name) {
			const found = find('ConfigMap', namespace, name);
			return found && (toPlain(found.node) as PlainMap);
		},
	};
}

type Apply = (
	policy: Resource,
	resource: Resource,
	subject: Subject,
	exceptions: readonly Plain[],
	environment: TreeEnvironment,
) => readonly Application[];

interface TreeEnvironment extends PolicyEnvironment {
	readonly mutating: readonly MutatingPolicy[];
}

function applyRules(plain: PlainMap): Apply {
	const rules = rulesOf(plain)
		.filter(({ rule }) => isMap(get(rule, 'validate')) || listOf(rule, 'verifyImages').length > 0)
		.map(made => ({
			made,
			validate: isMap(get(made.rule, 'validate')) ? ruleValidator(made.rule) : () => ASKS_REGISTRY,
		}));
	return (policy, resource, subject, exceptions, environment) => {
		if (policy.id.kind === 'Policy' && policy.id.namespace !== subject.namespace) return [];
		const applications: Application[] = [];
		for (const { made, validate } of rules) {
			const { rule, path, original } = made;
			const matched = ruleMatches(rule, subject);
			if (matched === 'no') continue;
			const covering = coveringExceptions(policy, made, subject, exceptions);
			const exclusions = covering.flatMap(exception => listOf(exception, 'spec', 'podSecurity'));
			const isPodSecurity = isMap(get(rule, 'validate', 'podSecurity'));
			if (covering.length > 0 && (exclusions.length === 0 || !isPodSecurity)) continue;
			const outcome: Outcome =
				matched === 'unknown'
					? { status: 'not-evaluated', why: whyUnknown(subject) }
					: exclusions.length > 0
						? ruleValidator(withExclusions(rule, exclusions))(subject, resource.node, environment)
						: validate(subject, resource.node, environment);
			const words = (message: string) =>
				`resource ${subject.kind}/${subject.namespace ? `${subject.namespace}/` : ''}${subject.name} was blocked due to the following policies: ${policy.id.name}: ${textOf(rule, 'name') ?? original}: validation error: ${message}`;
			const severity = actionSeverity(plain, rule, subject);
			applications.push({
				code: 'policy/kyverno',
				policy,
				rule: path,
				ruleName: original,
				resource,
				severity,
				outcome: afterMutations(outcome, subject, rule['validate'], environment.mutating),
				words,
			});
			const applied = outcome.status === 'pass' || outcome.status === 'fail';
			if (applied && textOf(plain, 'spec', 'applyRules') === 'One') break;
		}
		return applications;
	};
}

function whyUnknown({ namespace, namespaceLabels }: Subject): string {
	return namespace !== '' && !namespaceLabels
		? `the labels of namespace ${namespace} are not in the tree`
		: 'it asks who sends a request';
}

/**
 * `Enforce` refuses, `Audit` reports; overrides by namespace first, then the rule's own, then the policy's; kyverno `pkg/webhooks/utils/block.go`. A policy that
 * is not asked at admission only reports.
 */
function actionSeverity(policy: PlainMap, rule: PlainMap, subject: Subject): Severity {
	if (get(policy, 'spec', 'admission') === false) return 'warning';
	const validate = get(rule, 'validate');
	const overrides = [
		...listOf(validate, 'failureActionOverrides'),
		...listOf(policy, 'spec', 'validationFailureActionOverrides'),
	];
	const override = overrides.find(item => isOverridden(item, subject));
	const action =
		textOf(override, 'action') ??
		textOf(validate, 'failureAction') ??
		textOf(policy, 'spec', 'validationFailureAction');
	return action?.toLowerCase() === 'enforce' ? 'error' : 'warning';
}

function isOverridden(override: Plain, { namespace, namespaceLabels }: Subject): boolean {
	const named = textsOf(override, 'namespaces');
	const selector = get(override, 'namespaceSelector');
	const isNamed = named.some(pattern => matchesWildcard(pattern, namespace));
	if (!isMap(selector)) return isNamed;
	return (named.length === 0 || isNamed) && namespaceLabels !== undefined && matchesSelector(selector, namespaceLabels);
}

const ASKS_REGISTRY: Outcome = {
	status: 'not-evaluated',
	why: 'the signatures of images are with their registry',
};

/** An exception from `podSecurity` may name controls: the rest of the rule holds; kyverno `validate_pss.go`. */
function withExclusions(rule: PlainMap, exclusions: readonly Plain[]): PlainMap {
	const validate = get(rule, 'validate') as PlainMap;
	const podSecurity = get(validate, 'podSecurity') as PlainMap;
	const exclude = [...listOf(podSecurity, 'exclude'), ...exclusions];
	return { ...rule, validate: { ...validate, podSecurity: { ...podSecurity, exclude } } };
}

/** The PolicyExceptions that cover the rule for the resource; kyverno `pkg/engine/exceptions.go`. */
function coveringExceptions(
	policy: Resource,
	{ rule, original }: Rule,
	subject: Subject,
	exceptions: readonly Plain[],
): readonly Plain[] {
	const name = policy.id.kind === 'Policy' ? `${policy.id.namespace}/${policy.id.name}` : policy.id.name;
	return exceptions.filter(exception => {
		const covers = listOf(exception, 'spec', 'exceptions').some(
			item =>
				textOf(item, 'policyName') === name &&
				textsOf(item, 'ruleNames').some(
					pattern => matchesWildcard(pattern, original) || matchesWildcard(pattern, textOf(rule, 'name') ?? ''),
				),
		);
		if (!covers || blockMatches(get(exception, 'spec', 'match'), subject, 'match') !== 'yes') return false;
		const context = requestContext(subject);
		return conditionsHold(get(exception, 'spec', 'conditions'), value => substituteLeniently(value, context));
	});
}

function applyCel(plain: PlainMap): Apply {
	const actions = textsOf(plain, 'spec', 'validationActions');
	const severity: Severity =
		actions.length === 0 || actions.includes('Deny') ? 'error' : actions.includes('Warn') ? 'warning' : 'information';
	const evaluate = validatingPolicyEvaluator(plain);
	return (policy, resource, subject, exceptions, { mutating }) => {
		if (policy.id.kind === 'NamespacedValidatingPolicy' && policy.id.namespace !== subject.namespace) return [];
		const outcome = evaluate(subject);
		if (!outcome) return [];
		const excepted = outcome.status === 'fail' ? exceptionTo(policy.id.name, subject, exceptions) : undefined;
		if (excepted?.status === 'pass') return [];
		return [
			{
				code: 'policy/validating-policy',
				policy,
				rule: ['spec', 'validations'],
				ruleName: '',
				resource,
				severity,
				outcome: excepted ?? afterMutations(outcome, subject, get(plain, 'spec'), mutating),
				words: message => `Policy ${policy.id.name} failed: ${message}`,
			},
		];
	};
}

/** An ImageValidatingPolicy: of what it is for, nothing can be said. */
function applyToImages(plain: PlainMap): Apply {
	const constraints = get(plain, 'spec', 'matchConstraints');
	return (policy, resource, subject) => {
		if (policy.id.kind.startsWith('Namespaced') && policy.id.namespace !== subject.namespace) return [];
		if (constraintsMatch(constraints, subject) === 'no') return [];
		return [
			{
				code: 'policy/validating-policy',
				policy,
				rule: ['spec', 'validations'],
				ruleName: '',
				resource,
				severity: 'information',
				outcome: ASKS_REGISTRY,
				words: message => message,
			},
		];
	};
}

/** What the exceptions of the tree make of a violation: `pass`, or that it cannot be told; nothing where none covers it. Their conditions are CEL. */
function exceptionTo(policy: string, subject: Subject, exceptions: readonly Plain[]): Outcome | undefined {
	let unknown: Outcome | undefined;
	for (const exception of exceptions) {
		if (!listOf(exception, 'spec', 'policyRefs').some(item => textOf(item, 'name') === policy)) continue;
		const isPartial = ['images', 'allowedValues'].some(field => listOf(exception, 'spec', field).length > 0);
		const { matchConditions } = celPolicyOf(exception);
		const evaluate = celEvaluator({ failurePolicy: 'Fail', variables: [], matchConditions, validations: [] });
		const { status } = evaluate(subject, {});
		if (status === 'pass' && !isPartial) return { status: 'pass' };
		if (status !== 'skip') unknown = { status: 'not-evaluated', why: 'a PolicyException speaks of it' };
	}
	return unknown;
}

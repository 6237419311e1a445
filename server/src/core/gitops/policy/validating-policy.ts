/** Kyverno's ValidatingPolicy: CEL like a ValidatingAdmissionPolicy, with rules generated for the controllers of pods; kyverno `pkg/cel/policies/vpol`. */
import type { Plain } from '../../yaml/node';
import { type CelEvaluator, celEvaluator, type CelPolicy } from './cel/validation';
import { celMap, type CelValue } from './cel/cel-values';
import { moveCelFields } from './kyverno/autogen';
import type { MatchResult, Subject } from './kyverno/match';
import { get, isMap, listOf, type PlainMap, textOf, textsOf } from './kyverno/plain-values';
import type { Outcome } from './kyverno/validate-rule';
import { constraintsMatch } from './match-constraints';

/** The policy as written, or as generated for the templates of some kinds. */
interface Variant {
	readonly evaluate: CelEvaluator;
	matches(subject: Subject): MatchResult;
}

/** The CEL parts of a ValidatingPolicy or ValidatingAdmissionPolicy. */
export function celPolicyOf(policy: Plain): CelPolicy {
	const named = (field: string) =>
		listOf(policy, 'spec', field).map(item => ({
			name: textOf(item, 'name') ?? '',
			expression: textOf(item, 'expression') ?? '',
		}));
	return {
		failurePolicy: textOf(policy, 'spec', 'failurePolicy') === 'Ignore' ? 'Ignore' : 'Fail',
		variables: named('variables'),
		matchConditions: named('matchConditions'),
		validations: listOf(policy, 'spec', 'validations').map(item => ({
			expression: textOf(item, 'expression') ?? '',
			message: textOf(item, 'message') ?? '',
			messageExpression: textOf(item, 'messageExpression') ?? '',
		})),
	};
}

const CONTROLLERS: Readonly<Record<string, readonly string[]>> = {
	daemonsets: ['template'],
	deployments: ['template'],
	jobs: ['template'],
	replicasets: ['template'],
	statefulsets: ['template'],
	cronjobs: ['jobTemplate', 'spec', 'template'],
};
const WORKLOAD_GROUPS: ReadonlySet<string> = new Set(['apps', 'batch']);

/** The policy and what is generated from it; nothing is generated unless it is for pods alone. */
function variantsOf(policy: PlainMap): readonly Variant[] {
	const written = celPolicyOf(policy);
	const constraints = get(policy, 'spec', 'matchConstraints');
	const own: Variant = { evaluate: celEvaluator(written), matches: subject => constraintsMatch(constraints, subject) };
	const controllers = generatedFor(policy, constraints);
	if (controllers.length === 0) return [own];
	const templates = new Map(controllers.map(resource => [CONTROLLERS[resource]!.join('.'), CONTROLLERS[resource]!]));
	return [own, ...[...templates.values()].map(template => variantFor(written, constraints, controllers, template))];
}

function variantFor(
	written: CelPolicy,
	constraints: Plain | undefined,
	controllers: readonly string[],
	template: readonly string[],
): Variant {
	const move = <T extends { readonly expression: string }>(item: T): T => ({
		...item,
		expression: moveCelFields(item.expression, template),
	});
	return {
		evaluate: celEvaluator({
			failurePolicy: written.failurePolicy,
			variables: written.variables.map(move),
			matchConditions: written.matchConditions.map(move),
			validations: written.validations.map(item => ({
				...move(item),
				messageExpression: moveCelFields(item.messageExpression, template),
			})),
		}),
		matches: subject => {
			const { resource } = subject;
			const isController =
				WORKLOAD_GROUPS.has(subject.group) &&
				controllers.includes(resource) &&
				CONTROLLERS[resource]?.join('.') === template.join('.');
			// Apart from the kind, the constraints are those of the pods.
			return isController
				? constraintsMatch(constraints, { ...subject, kind: 'Pod', resource: 'pods', group: '', version: 'v1' })
				: 'no';
		},
	};
}

/** kyverno `autogen.CanAutoGen` for CEL policies: one resource rule for pods and nothing else, without exclusions and selectors. */
function generatedFor(policy: PlainMap, constraints: Plain | undefined): readonly string[] {
	const rules = listOf(constraints, 'resourceRules');
	const isForPods =
		rules.length === 1 &&
		isOnly(rules[0], 'resources', 'pods') &&
		isOnly(rules[0], 'apiGroups', '') &&
		isOnly(rules[0], 'apiVersions', 'v1') &&
		textsOf(rules[0], 'resourceNames').length === 0 &&
		listOf(constraints, 'excludeResourceRules').length === 0;
	const hasSelector = ['objectSelector', 'namespaceSelector'].some(field => {
		const selector = get(constraints, field);
		return isMap(selector) && Object.keys(selector).length > 0;
	});
	if (!isForPods || hasSelector) return [];
	const asked = get(policy, 'spec', 'autogen', 'podControllers', 'controllers');
	const wanted =
		asked === undefined
			? Object.keys(CONTROLLERS)
			: textsOf(policy, 'spec', 'autogen', 'podControllers', 'controllers');
	return Object.keys(CONTROLLERS).filter(resource => wanted.includes(resource));
}

function isOnly(rule: Plain | undefined, field: string, text: string): boolean {
	const texts = textsOf(rule, field);
	return texts.length === 1 && texts[0] === text;
}

/** The images of a pod, or of a pod's template, by the list they stand in; kyverno `pkg/cel/compiler/images.go`. */
function imagesOf({ object, group, kind, resource }: Subject): CelValue {
	const template = kind === 'Pod' && group === '' ? [] : WORKLOAD_GROUPS.has(group) ? CONTROLLERS[resource] : undefined;
	if (!template) return celMap({});
	const path = [...(template.length > 0 ? ['spec', ...template] : []), 'spec'];
	return celMap(
		Object.fromEntries(
			['containers', 'initContainers', 'ephemeralContainers'].map(field => [
				field,
				listOf(object, ...path, field).flatMap(container => textOf(container, 'image') ?? []),
			]),
		),
	);
}

/** Prepares a ValidatingPolicy: judges resources, and gives nothing for those it is not for. */
export function validatingPolicyEvaluator(policy: PlainMap): (subject: Subject) => Outcome | undefined {
	const variants = variantsOf(policy);
	return subject => {
		for (const { matches, evaluate } of variants) {
			const match = matches(subject);
			if (match === 'unknown')
				return { status: 'not-evaluated', why: `the labels of namespace ${subject.namespace} are not known` };
			if (match === 'yes') return evaluate(subject, { images: imagesOf(subject) });
		}
		return undefined;
	};
}

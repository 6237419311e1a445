/** `matchConstraints` and `matchResources` of admission policies: resource rules, exclusions and selectors; apiserver `pkg/admission/plugin/policy/matching`. */
import type { Plain } from '../../yaml/node';
import type { MatchResult, Subject } from './kyverno/match';
import { get, isMap, listOf, textsOf, textOf } from './kyverno/plain-values';
import { matchesSelector } from './selector';

/** Whether a policy with these constraints is for the resource. Without constraints it is for everything. */
export function constraintsMatch(constraints: Plain | undefined, subject: Subject): MatchResult {
	if (!isMap(constraints)) return 'yes';
	const rules = listOf(constraints, 'resourceRules');
	if (rules.length > 0 && !rules.some(rule => resourceRuleMatches(rule, subject))) return 'no';
	if (listOf(constraints, 'excludeResourceRules').some(rule => resourceRuleMatches(rule, subject))) return 'no';
	const objectSelector = get(constraints, 'objectSelector');
	if (!matchesSelector(objectSelector, get(subject.object, 'metadata', 'labels'))) return 'no';
	const selector = get(constraints, 'namespaceSelector');
	if (
		!isMap(selector) ||
		Object.keys(selector).length === 0 ||
		(subject.namespace === '' && subject.kind !== 'Namespace')
	)
		return 'yes';
	const labels =
		subject.kind === 'Namespace' ? (get(subject.object, 'metadata', 'labels') ?? {}) : subject.namespaceLabels;
	if (labels === undefined) return 'unknown';
	return matchesSelector(selector, labels) ? 'yes' : 'no';
}

function resourceRuleMatches(
	rule: Plain,
	{ group, version, kind, resource, name, operation, namespace }: Subject,
): boolean {
	const allows = (field: string, value: string) => {
		const list = textsOf(rule, field);
		return list.length === 0 || list.includes('*') || list.includes(value);
	};
	const names = textsOf(rule, 'resourceNames');
	const scope = textOf(rule, 'scope') ?? '*';
	return (
		allows('apiGroups', group) &&
		allows('apiVersions', version) &&
		allows('operations', operation) &&
		isListed(textsOf(rule, 'resources'), resource) &&
		(names.length === 0 || names.includes(name)) &&
		(scope === '*' || (scope === 'Cluster') === (namespace === '' || kind === 'Namespace'))
	);
}

// `pods/*` and `*/*` are the resource itself too, `pods/exec` is not.
function isListed(resources: readonly string[], name: string): boolean {
	return resources.length === 0 || ['*', '*/*', name, `${name}/*`].some(pattern => resources.includes(pattern));
}

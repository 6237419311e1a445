/** Which resources a rule is for: match and exclude with any and all; kyverno `pkg/engine/utils/match.go`. */
import { matchesSelector } from '../selector';
import { get, isMap, listOf, type PlainMap, textOf, textsOf } from './plain-values';
import type { Plain } from '../../../yaml/node';
import { hasWildcard, matchesWildcard } from './wildcard';

/** The resource with what is known about its request. */
export interface Subject {
	readonly object: PlainMap;
	readonly group: string;
	readonly version: string;
	readonly kind: string;
	/** The name under which the API serves the kind. */
	readonly resource: string;
	readonly name: string;
	readonly namespace: string;
	readonly operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';
	/** Of its namespace; nothing where the tree does not have it. */
	readonly namespaceLabels: PlainMap | undefined;
}

/** `unknown` where the labels of a namespace decide that are not known, or who sends the request. */
export type MatchResult = 'yes' | 'no' | 'unknown';

/** Whether a rule is for the resource. */
export function ruleMatches(rule: Plain, subject: Subject): MatchResult {
	const match = blockMatches(get(rule, 'match'), subject, 'match');
	if (match !== 'yes') return match;
	const exclude = get(rule, 'exclude');
	if (!isMap(exclude) || Object.keys(exclude).length === 0) return 'yes';
	const excluded = blockMatches(exclude, subject, 'exclude');
	return excluded === 'yes' ? 'no' : excluded === 'no' ? 'yes' : 'unknown';
}

/** Whether a match or exclude block is met; also used by PolicyExceptions. */
export function blockMatches(block: Plain | undefined, subject: Subject, role: 'match' | 'exclude'): MatchResult {
	const any = listOf(block, 'any');
	if (any.length > 0) {
		const results = any.map(filter => filterMatches(filter, subject, role));
		return results.includes('yes') ? 'yes' : results.includes('unknown') ? 'unknown' : 'no';
	}
	const all = listOf(block, 'all');
	const results = (all.length > 0 ? all : [block ?? null]).map(filter => filterMatches(filter, subject, role));
	return results.includes('no') ? 'no' : results.includes('unknown') ? 'unknown' : 'yes';
}

function filterMatches(filter: Plain, subject: Subject, role: 'match' | 'exclude'): MatchResult {
	const resources = get(filter, 'resources');
	const users = ['roles', 'clusterRoles', 'subjects'].some(field => listOf(filter, field).length > 0);
	const described = isMap(resources) && Object.keys(resources).length > 0;
	if (!described && !users) return 'no';
	const matched = described ? descriptionMatches(resources, subject) : 'yes';
	if (matched === 'no' || !users) return matched;
	// Nobody sends a request here. Who is excluded by his own name, or that of his group, is none of what applies a tree.
	return role === 'exclude' && namesPeople(filter) ? 'no' : 'unknown';
}

function namesPeople(filter: Plain): boolean {
	return (
		listOf(filter, 'roles').length === 0 &&
		listOf(filter, 'clusterRoles').length === 0 &&
		listOf(filter, 'subjects').every(
			subject => textOf(subject, 'kind') !== 'ServiceAccount' && !/^system:|[*?]/.test(textOf(subject, 'name') ?? ''),
		)
	);
}

function descriptionMatches(description: PlainMap, subject: Subject): MatchResult {
	const kinds = textsOf(description, 'kinds');
	if (kinds.length > 0 && !kinds.some(kind => kindMatches(kind, subject))) return 'no';
	const name = textOf(description, 'name');
	if (name && !matchesWildcard(name, subject.name)) return 'no';
	const names = textsOf(description, 'names');
	if (names.length > 0 && !names.some(pattern => matchesWildcard(pattern, subject.name))) return 'no';
	const namespaces = textsOf(description, 'namespaces');
	const namespace = subject.kind === 'Namespace' ? subject.name : subject.namespace;
	if (namespaces.length > 0 && !namespaces.some(pattern => matchesWildcard(pattern, namespace))) return 'no';
	const operations = textsOf(description, 'operations');
	if (operations.length > 0 && !operations.includes(subject.operation)) return 'no';
	if (!annotationsMatch(get(description, 'annotations'), get(subject.object, 'metadata', 'annotations'))) return 'no';
	const selector = get(description, 'selector');
	if (isMap(selector) && !selectorMatches(selector, get(subject.object, 'metadata', 'labels'))) return 'no';
	const namespaceSelector = get(description, 'namespaceSelector');
	if (isMap(namespaceSelector) && subject.kind !== 'Namespace' && subject.namespace !== '') {
		if (!subject.namespaceLabels) return 'unknown';
		if (!selectorMatches(namespaceSelector, subject.namespaceLabels)) return 'no';
	}
	return 'yes';
}

/** `Pod`, `v1/Pod`, `apps/v1/Deployment`, wildcards in each, a subresource behind; kyverno `ParseKindSelector`. */
function kindMatches(selector: string, { group, version, kind }: Subject): boolean {
	const parts = selector.split('/');
	const isSubresource = (part: string | undefined) => part !== undefined && /^[a-z]+$/.test(part);
	if (parts.length > 1 && isSubresource(parts.at(-1))) return false;
	if (/^[A-Z]\w*\.[a-z]+$/.test(selector)) return false;
	const [wantedKind = '*', wantedVersion = '*', wantedGroup = '*'] = parts.toReversed();
	return (
		matchesWildcard(wantedKind, kind) &&
		(parts.length < 2 || matchesWildcard(wantedVersion, version)) &&
		// A core kind with its version alone is `v1/Pod`; two parts say nothing of the group.
		(parts.length < 3 || matchesWildcard(wantedGroup, group))
	);
}

function annotationsMatch(wanted: Plain | undefined, own: Plain | undefined): boolean {
	if (!isMap(wanted)) return true;
	return Object.entries(wanted).every(([key, value]) =>
		Object.entries(isMap(own) ? own : {}).some(
			([name, text]) => matchesWildcard(key, name) && matchesWildcard(String(value), String(text)),
		),
	);
}

/** Wildcards in keys and values of matchLabels stand for the labels that they match; kyverno `wildcards.ReplaceInSelector`. */
function selectorMatches(selector: PlainMap, labels: Plain | undefined): boolean {
	const own = Object.entries(isMap(labels) ? labels : {});
	const matchLabels = get(selector, 'matchLabels');
	const plain: { [key: string]: Plain } = {};
	for (const [key, value] of Object.entries(isMap(matchLabels) ? matchLabels : {})) {
		const wanted = String(value);
		if (!hasWildcard(key) && !hasWildcard(wanted)) plain[key] = value;
		else if (!own.some(([name, text]) => matchesWildcard(key, name) && matchesWildcard(wanted, String(text))))
			return false;
	}
	return matchesSelector({ matchLabels: plain, matchExpressions: listOf(selector, 'matchExpressions') }, labels);
}

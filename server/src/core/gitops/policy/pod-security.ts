/**
 * What Pod Security admission will say about the pods of one environment, by the labels of their namespaces: pod-security-admission
 * `ValidatePod` and `ValidatePodController`. A controller itself is only warned of, but the pods it makes are refused, which is
 * what people meet; so both count alike here.
 */
import type { Address } from '../../base/address';
import { addressKey } from '../../base/address';
import type { Problem, Severity } from '../../base/problem';
import { inSteps, type Steps } from '../../base/steps';
import { type FoundPod, podOf } from '../../kube/pod';
import type { Resource } from '../../kube/resource';
import { addressOf, type Node, nodeAt, textAt, toPlain } from '../../yaml/node';
import type { Subject } from './kyverno/match';
import type { PlainMap } from './kyverno/plain-values';
import { mutatingPolicies, mutationOf } from './mutations';
import { nearestAddress } from './policy-findings';
import { admissionOf } from './subject';
import { evaluatePod, formatViolations, type FoundViolation } from './pod-security/checks';
import {
	formatLevel,
	type LevelVersion,
	type Mode,
	MODES,
	type NamespacePolicy,
	policyOf,
	type PolicyVersion,
} from './pod-security/levels';

/** What an administrator configures (`PodSecurityConfiguration`), as a setting. */
export interface PodSecuritySettings {
	readonly defaults: NamespacePolicy;
	readonly exemptNamespaces: readonly string[];
	readonly exemptRuntimeClasses: readonly string[];
	/** What `latest` means: the standard of the API server's own release. The newest that is known where absent. */
	readonly latest?: PolicyVersion;
}

const SEVERITIES: Readonly<Record<Mode, Severity>> = { enforce: 'error', warn: 'warning', audit: 'information' };
const VERBS: Readonly<Record<Mode, string>> = { enforce: 'enforces', warn: 'warns of', audit: 'audits' };

/** The problems of all pods and pod templates among the resources of one build, and of the labels of its namespaces. */
export function* podSecurityProblems(
	resources: readonly Resource[],
	{ defaults, exemptNamespaces, exemptRuntimeClasses, latest = 'latest' }: PodSecuritySettings,
): Steps<readonly Problem[]> {
	const namespaces = new Map<string, Resource>();
	for (const resource of resources)
		if (resource.id.kind === 'Namespace' && resource.id.group === '') namespaces.set(resource.id.name, resource);
	const mutating = mutatingPolicies(resources);
	const admission = mutating.length > 0 ? admissionOf(resources, node => node) : undefined;
	const unclaimed = new Map<Resource, Resource>();
	const problems = yield* inSteps(resources, (resource): readonly Problem[] => {
		if (namespaces.get(resource.id.name) === resource) return labelProblems(resource, defaults);
		const pod = podOf(resource);
		if (!pod || exemptNamespaces.includes(resource.id.namespace)) return [];
		const runtimeClass = textAt(pod.root, 'spec', 'runtimeClassName');
		if (runtimeClass !== undefined && exemptRuntimeClasses.includes(runtimeClass)) return [];
		const namespace = namespaces.get(resource.id.namespace);
		const subject = admission && podSubject(admission.subjectOf(resource), pod);
		const isClaimed = (violation: FoundViolation) => {
			if (!subject) return true;
			const policy = mutationOf(mutating, subject, name => violation.fields.some(field => field.includes(name)));
			if (policy && !unclaimed.has(policy)) unclaimed.set(policy, resource);
			return policy === undefined;
		};
		return podProblems(resource, pod.root, namespace, policyOf(namespace?.node, defaults).policy, latest, isClaimed);
	});
	return [...problems.flat(), ...[...unclaimed].map(([policy, resource]) => notClaimed(policy, resource))];
}

/** The pod that a controller makes, as a request of its own. */
function podSubject(subject: Subject, { root, path }: FoundPod): Subject {
	if (path.length === 0) return subject;
	const object = { apiVersion: 'v1', kind: 'Pod', ...(toPlain(root) as PlainMap) };
	return { ...subject, object, group: '', version: 'v1', kind: 'Pod', resource: 'pods' };
}

function notClaimed({ id, node }: Resource, resource: Resource): Problem {
	return {
		code: 'policy/not-evaluated',
		severity: 'information',
		message: `What ${id.kind}/${id.name} writes into pods is not computed here, so nothing is said about what Pod Security would refuse without it (first for ${resource.id.kind}/${resource.id.name}).`,
		at: addressOf(node.origin),
	};
}

function labelProblems({ id, node }: Resource, defaults: NamespacePolicy): readonly Problem[] {
	return policyOf(node, defaults).errors.map(({ label, value, why }) => ({
		code: 'policy/pod-security-label',
		severity: 'error',
		message: `Namespace/${id.name} has ${label}: "${value}", which ${why}.`,
		at: addressOf(nodeAt(node, ['metadata', 'labels', label])!.origin),
		details: `metadata.labels[${label}]: Invalid value: "${value}": ${why}`,
	}));
}

function podProblems(
	resource: Resource,
	pod: Node,
	namespace: Resource | undefined,
	policy: NamespacePolicy,
	latest: PolicyVersion,
	isClaimed: (violation: FoundViolation) => boolean,
): readonly Problem[] {
	const said = new Set<string>();
	const problems: Problem[] = [];
	for (const mode of MODES) {
		const { level, version } = policy[mode];
		for (const violation of evaluatePod({ level, version: version === 'latest' ? latest : version }, pod)) {
			// What is enforced needs no warning as well.
			if (said.has(violation.check)) continue;
			said.add(violation.check);
			if (!isClaimed(violation)) continue;
			problems.push(...violationProblems(resource, pod, namespace, mode, policy[mode], violation));
		}
	}
	return problems;
}

function violationProblems(
	{ id }: Resource,
	pod: Node,
	namespace: Resource | undefined,
	mode: Mode,
	standard: LevelVersion,
	violation: FoundViolation,
): readonly Problem[] {
	const places = new Map<string, Address>();
	for (const field of violation.fields) {
		const at = nearestAddress(pod, field);
		places.set(addressKey(at), at);
	}
	const label = nodeAt(namespace?.node, ['metadata', 'labels', `pod-security.kubernetes.io/${mode}`]);
	const who = id.namespace ? `namespace ${id.namespace}` : 'the namespace';
	return [...places.values()].map(at => ({
		code: 'policy/pod-security',
		severity: SEVERITIES[mode],
		message: `${id.kind}/${id.name}: ${violation.detail || violation.reason}, because ${who} ${VERBS[mode]} the Pod Security Standard ${formatLevel(standard)}.`,
		at,
		...(label ? { related: [{ message: 'the label that asks for it', at: addressOf(label.origin) }] } : undefined),
		details: `violates PodSecurity "${formatLevel(standard)}": ${formatViolations([violation])}`,
	}));
}

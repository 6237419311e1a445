/**
 * `matchPolicy: Equivalent`, the default of admission policies: a rule for `apps/v1` is also asked of a Deployment that is written as `apps/v1beta2`, converted
 * (apiserver `rules/matcher.go`, `EquivalentResourceMapper`).
 */
import type { Plain } from '../../yaml/node';
import type { Subject } from './kyverno/match';
import { isMap, listOf, textOf, textsOf } from './kyverno/plain-values';

/** Kinds that have stood in `extensions`, with the group that has them now. */
const OUT_OF_EXTENSIONS: Readonly<Record<string, string>> = {
	Deployment: 'apps',
	DaemonSet: 'apps',
	ReplicaSet: 'apps',
	NetworkPolicy: 'networking.k8s.io',
	Ingress: 'networking.k8s.io',
};

/** Kinds of Kubernetes whose versions have the fields under the same names. */
const SAME_IN_ALL_VERSIONS: ReadonlySet<string> = new Set([
	'apps/Deployment',
	'apps/DaemonSet',
	'apps/ReplicaSet',
	'apps/StatefulSet',
	'batch/CronJob',
	'policy/PodDisruptionBudget',
	'networking.k8s.io/NetworkPolicy',
	'networking.k8s.io/IngressClass',
	'rbac.authorization.k8s.io/Role',
	'rbac.authorization.k8s.io/RoleBinding',
	'rbac.authorization.k8s.io/ClusterRole',
	'rbac.authorization.k8s.io/ClusterRoleBinding',
	'storage.k8s.io/StorageClass',
	'scheduling.k8s.io/PriorityClass',
	'coordination.k8s.io/Lease',
]);

export type Equivalent =
	| { readonly kind: 'converted'; readonly subject: Subject }
	/** The server would convert it; how is not known here. */
	| { readonly kind: 'unknown'; readonly apiVersion: string };

/** The resource in the version that some rule of the constraints asks for; nothing where none does, or only the very version counts. */
export function equivalentFor(constraints: Plain | undefined, subject: Subject): Equivalent | undefined {
	if (!isMap(constraints) || textOf(constraints, 'matchPolicy') === 'Exact') return undefined;
	const group = subject.group === 'extensions' ? (OUT_OF_EXTENSIONS[subject.kind] ?? subject.group) : subject.group;
	for (const rule of listOf(constraints, 'resourceRules')) {
		const version = textsOf(rule, 'apiVersions')[0];
		const isAsked = textsOf(rule, 'apiGroups').includes(group) && textsOf(rule, 'resources').includes(subject.resource);
		if (!isAsked || version === undefined || version === '*') continue;
		if (group === subject.group && textsOf(rule, 'apiVersions').includes(subject.version)) continue;
		const apiVersion = group ? `${group}/${version}` : version;
		if (!SAME_IN_ALL_VERSIONS.has(`${group}/${subject.kind}`)) return { kind: 'unknown', apiVersion };
		return {
			kind: 'converted',
			subject: { ...subject, group, version, object: { ...subject.object, apiVersion } },
		};
	}
	return undefined;
}

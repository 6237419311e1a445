/**
 * What the API server adds to objects of its own kinds before policies see them: the defaults of `pkg/apis/<group>/<version>/defaults.go`. Of fields
 * that other fields must be there for, and of what plugins of admission add, only what policies ask about.
 */
import type { Plain } from '../../yaml/node';
import { parseImageReference } from './image-reference';
import { get, isList, isMap, listOf, type PlainMap, textOf } from './kyverno/plain-values';

type Change = (map: PlainMap) => PlainMap;

/** The map with the fields that it lacks. */
const fill =
	(fields: PlainMap): Change =>
	map => ({ ...fields, ...map });

/** Changes what stands at a path where it is a map, or each map of a list. */
function at(path: readonly string[], ...changes: readonly Change[]): Change {
	const [key, ...rest] = path;
	if (key === undefined) return all(...changes);
	const inner = at(rest, ...changes);
	const change = (value: Plain): Plain => (isMap(value) ? inner(value) : isList(value) ? value.map(change) : value);
	return map => (map[key] === undefined ? map : { ...map, [key]: change(map[key]) });
}

function all(...changes: readonly Change[]): Change {
	return map => changes.reduce((changed, change) => change(changed), map);
}

const when =
	(test: (map: PlainMap) => boolean, change: Change): Change =>
	map =>
		test(map) ? change(map) : map;

const HTTP_GET = at(['httpGet'], fill({ path: '/', scheme: 'HTTP' }));
const PROBE = all(
	fill({ timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 }),
	HTTP_GET,
	at(['grpc'], fill({ service: '' })),
);

const CONTAINER = all(
	fill({
		resources: {},
		terminationMessagePath: '/dev/termination-log',
		terminationMessagePolicy: 'File',
	}),
	map => fill({ imagePullPolicy: pullPolicyOf(textOf(map, 'image') ?? '') })(map),
	at(['ports'], fill({ protocol: 'TCP' })),
	at(['env', 'valueFrom', 'fieldRef'], fill({ apiVersion: 'v1' })),
	...['livenessProbe', 'readinessProbe', 'startupProbe'].map(probe => at([probe], PROBE)),
	at(['lifecycle', 'postStart'], HTTP_GET),
	at(['lifecycle', 'preStop'], HTTP_GET),
);

function pullPolicyOf(image: string): string {
	return parseImageReference(image)?.tag === 'latest' ? 'Always' : 'IfNotPresent';
}

const VOLUME = all(
	...['secret', 'configMap', 'downwardAPI', 'projected'].map(source => at([source], fill({ defaultMode: 420 }))),
	at(['projected', 'sources', 'serviceAccountToken'], fill({ expirationSeconds: 3600 })),
	at(['hostPath'], fill({ type: '' })),
	when(map => Object.keys(map).every(key => key === 'name'), fill({ emptyDir: {} })),
);

const POD_SPEC = all(
	fill({
		dnsPolicy: 'ClusterFirst',
		restartPolicy: 'Always',
		schedulerName: 'default-scheduler',
		securityContext: {},
		terminationGracePeriodSeconds: 30,
	}),
	...['containers', 'initContainers', 'ephemeralContainers'].map(field => at([field], CONTAINER)),
	at(['volumes'], VOLUME),
);

/** What is asked for defaults to what is allowed, in pods themselves and not in their templates. */
const REQUESTS: Change = map => {
	const limits = get(map, 'limits');
	const requests = get(map, 'requests');
	return isMap(limits) ? { ...map, requests: { ...limits, ...(isMap(requests) ? requests : {}) } } : map;
};

const POD = at(
	['spec'],
	POD_SPEC,
	fill({ enableServiceLinks: true, serviceAccountName: 'default' }),
	...['containers', 'initContainers'].map(field => at([field, 'resources'], REQUESTS)),
);

const TEMPLATE = at(['template', 'spec'], POD_SPEC);

const rollingUpdate = (field: string, limits: PlainMap): Change =>
	all(
		fill({ [field]: {} }),
		at(
			[field],
			fill({ type: 'RollingUpdate' }),
			when(
				map => map['type'] === 'RollingUpdate',
				all(fill({ rollingUpdate: {} }), at(['rollingUpdate'], fill(limits))),
			),
		),
	);

const CLAIM = at(['spec'], fill({ volumeMode: 'Filesystem' }));

const EXTERNAL_TYPES: ReadonlySet<unknown> = new Set(['NodePort', 'LoadBalancer']);

const SERVICE = at(
	['spec'],
	fill({ sessionAffinity: 'None', type: 'ClusterIP' }),
	at(['ports'], fill({ protocol: 'TCP' }), map =>
		map['port'] === undefined ? map : fill({ targetPort: map['port'] })(map),
	),
	when(map => map['type'] !== 'ExternalName', fill({ internalTrafficPolicy: 'Cluster' })),
	when(map => EXTERNAL_TYPES.has(map['type']), fill({ externalTrafficPolicy: 'Cluster' })),
	when(map => map['type'] === 'LoadBalancer', fill({ allocateLoadBalancerNodePorts: true })),
);

const NETWORK_POLICY = at(
	['spec'],
	map => fill({ policyTypes: listOf(map, 'egress').length > 0 ? ['Ingress', 'Egress'] : ['Ingress'] })(map),
	at(['ingress', 'ports'], fill({ protocol: 'TCP' })),
	at(['egress', 'ports'], fill({ protocol: 'TCP' })),
);

const RBAC_GROUP = 'rbac.authorization.k8s.io';
const BINDING = all(
	at(['roleRef'], fill({ apiGroup: RBAC_GROUP })),
	at(
		['subjects'],
		when(map => map['kind'] !== 'ServiceAccount', fill({ apiGroup: RBAC_GROUP })),
	),
);

const NAMESPACE: Change = map => {
	const metadata = get(map, 'metadata');
	const labels = get(metadata, 'labels');
	return isMap(metadata)
		? {
				...map,
				metadata: {
					...metadata,
					labels: { ...(isMap(labels) ? labels : {}), 'kubernetes.io/metadata.name': metadata['name'] ?? '' },
				},
			}
		: map;
};

/** By `group/kind`. */
const DEFAULTS: Readonly<Record<string, Change>> = {
	'/Pod': POD,
	'/PodTemplate': TEMPLATE,
	'/ReplicationController': at(['spec'], fill({ replicas: 1 }), TEMPLATE),
	'apps/ReplicaSet': at(['spec'], fill({ replicas: 1 }), TEMPLATE),
	'apps/Deployment': at(
		['spec'],
		fill({ replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 }),
		rollingUpdate('strategy', { maxSurge: '25%', maxUnavailable: '25%' }),
		TEMPLATE,
	),
	'apps/DaemonSet': at(
		['spec'],
		fill({ revisionHistoryLimit: 10 }),
		rollingUpdate('updateStrategy', { maxSurge: 0, maxUnavailable: 1 }),
		TEMPLATE,
	),
	'apps/StatefulSet': at(
		['spec'],
		fill({ replicas: 1, revisionHistoryLimit: 10, podManagementPolicy: 'OrderedReady' }),
		rollingUpdate('updateStrategy', { partition: 0 }),
		fill({ persistentVolumeClaimRetentionPolicy: {} }),
		at(['persistentVolumeClaimRetentionPolicy'], fill({ whenDeleted: 'Retain', whenScaled: 'Retain' })),
		at(['volumeClaimTemplates'], CLAIM),
		TEMPLATE,
	),
	'batch/Job': at(
		['spec'],
		when(map => map['completions'] === undefined && map['parallelism'] === undefined, fill({ completions: 1 })),
		fill({ parallelism: 1, backoffLimit: 6, completionMode: 'NonIndexed', suspend: false }),
		TEMPLATE,
	),
	'batch/CronJob': at(
		['spec'],
		fill({ concurrencyPolicy: 'Allow', suspend: false, successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 }),
		at(['jobTemplate', 'spec'], TEMPLATE),
	),
	'/Service': SERVICE,
	'/Secret': fill({ type: 'Opaque' }),
	'/PersistentVolumeClaim': CLAIM,
	'/PersistentVolume': at(['spec'], fill({ volumeMode: 'Filesystem', persistentVolumeReclaimPolicy: 'Retain' })),
	'/Namespace': NAMESPACE,
	'networking.k8s.io/NetworkPolicy': NETWORK_POLICY,
	'autoscaling/HorizontalPodAutoscaler': at(['spec'], fill({ minReplicas: 1 })),
	'storage.k8s.io/StorageClass': fill({ reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' }),
	'scheduling.k8s.io/PriorityClass': fill({ preemptionPolicy: 'PreemptLowerPriority' }),
	[`${RBAC_GROUP}/RoleBinding`]: BINDING,
	[`${RBAC_GROUP}/ClusterRoleBinding`]: BINDING,
};

/** The object as policies see it; the same one where nothing is known of its kind. */
export function withApiDefaults(object: PlainMap, group: string, kind: string): PlainMap {
	return DEFAULTS[`${group}/${kind}`]?.(object) ?? object;
}

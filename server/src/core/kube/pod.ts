/** Where objects keep the pod, or the template of pods, that the cluster makes of them. */
import type { FieldPath } from '../base/address';
import { isNull, type Node, nodeAt } from '../yaml/node';
import type { Resource } from './resource';

/** By `group/kind`; pod-security-admission `ExtractPodSpec`. */
const BUILT_IN: ReadonlyMap<string, FieldPath> = new Map([
	['/Pod', []],
	['/PodTemplate', ['template']],
	['/ReplicationController', ['spec', 'template']],
	['apps/ReplicaSet', ['spec', 'template']],
	['apps/Deployment', ['spec', 'template']],
	['apps/StatefulSet', ['spec', 'template']],
	['apps/DaemonSet', ['spec', 'template']],
	['batch/Job', ['spec', 'template']],
	['batch/CronJob', ['spec', 'jobTemplate', 'spec', 'template']],
]);

/** A Pod, or a template of Pods; it has `metadata` and `spec`. */
export interface FoundPod {
	readonly root: Node;
	/** From the resource's root. */
	readonly path: FieldPath;
}

/** The pod of a resource of a built-in kind; nothing where it has none. */
export function podOf({ id, node }: Resource): FoundPod | undefined {
	const path = BUILT_IN.get(`${id.group}/${id.kind}`);
	const root = path && nodeAt(node, path);
	return root && !isNull(root) ? { root, path } : undefined;
}

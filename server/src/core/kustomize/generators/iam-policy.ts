/** The IAMPolicyGenerator: a Kubernetes service account that acts as a Google one (`api/filters/iampolicygenerator`). */
import type { Address } from '../../base/address';
import type { Problem } from '../../base/problem';
import { type MapEntry, type MapNode, type Node, type Origin, stringNode } from '../../yaml/node';
import { newTracked, type Tracked } from '../tracked';

export interface IamPolicy {
	readonly cloud: string;
	readonly kubernetesService: { readonly name: string; readonly namespace: string };
	readonly serviceAccount: { readonly name: string; readonly projectId: string };
}

/** The ServiceAccount with the annotation that Google Kubernetes Engine reads. */
export function iamPolicy(
	policy: IamPolicy,
	at: Address,
	origin: Origin,
): { readonly resource: Tracked | undefined; readonly problems: readonly Problem[] } {
	if (policy.cloud !== 'gke') {
		const problem: Problem = {
			code: 'kustomize/invalid-plugin',
			severity: 'error',
			fatal: true,
			message: `an IAMPolicyGenerator knows the cloud \`gke\` only, not \`${policy.cloud}\``,
			at,
			details: `cloud provider ${policy.cloud} not supported yet`,
		};
		return { resource: undefined, problems: [problem] };
	}
	const { kubernetesService, serviceAccount } = policy;
	const text = (key: string, value: string): MapEntry => ({ key, value: stringNode(value, origin) });
	const map = (entries: readonly MapEntry[]): MapNode => ({ kind: 'map', entries, origin });
	const account = `${serviceAccount.name}@${serviceAccount.projectId}.iam.gserviceaccount.com`;
	const metadata: Node = map([
		{ key: 'annotations', value: map([text('iam.gke.io/gcp-service-account', account)]) },
		text('name', kubernetesService.name),
		...(kubernetesService.namespace ? [text('namespace', kubernetesService.namespace)] : []),
	]);
	const node = map([text('apiVersion', 'v1'), text('kind', 'ServiceAccount'), { key: 'metadata', value: metadata }]);
	return { resource: newTracked(node, at), problems: [] };
}

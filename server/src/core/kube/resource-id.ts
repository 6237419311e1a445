/** Group, version, kind, name and namespace: what tells one Kubernetes object from another. */
import { type Node, textAt } from '../yaml/node';

export interface Gvk {
	/** Empty for the core group. */
	readonly group: string;
	readonly version: string;
	readonly kind: string;
}

/** `namespace` is empty where the object declares none. */
export interface ResourceId extends Gvk {
	readonly name: string;
	readonly namespace: string;
}

/** Splits an apiVersion: `apps/v1` into group and version, `v1` into the empty group and version. */
export function parseApiVersion(apiVersion: string): { readonly group: string; readonly version: string } {
	const at = apiVersion.indexOf('/');
	return at < 0
		? { group: '', version: apiVersion }
		: { group: apiVersion.slice(0, at), version: apiVersion.slice(at + 1) };
}

/** The id that the resource's own fields give it; missing ones are empty. */
export function resourceIdOf(node: Node): ResourceId {
	return {
		...parseApiVersion(textAt(node, 'apiVersion') ?? ''),
		kind: textAt(node, 'kind') ?? '',
		name: textAt(node, 'metadata', 'name') ?? '',
		namespace: textAt(node, 'metadata', 'namespace') ?? '',
	};
}

/** The id as kustomize prints it: `Deployment.v1.apps/web.shop`, with `[noGrp]`, `[noNs]` and the like for what is missing. */
export function formatId({ group, version, kind, name, namespace }: ResourceId): string {
	return `${kind || '[noKind]'}.${version || '[noVer]'}.${group || '[noGrp]'}/${name || '[noName]'}.${namespace || '[noNs]'}`;
}

/** The id as people say it: `Deployment/web` or `Deployment/web in namespace shop`. */
export function describeId({ kind, name, namespace }: ResourceId): string {
	return `${kind}/${name}${namespace ? ` in namespace ${namespace}` : ''}`;
}

/** Whether all parts are equal. */
export function sameId(a: ResourceId, b: ResourceId): boolean {
	return (
		a.kind === b.kind &&
		a.name === b.name &&
		a.namespace === b.namespace &&
		a.group === b.group &&
		a.version === b.version
	);
}

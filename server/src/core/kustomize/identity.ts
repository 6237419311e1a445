/** When two objects of a build are the same one (`kyaml/resid`): group, version, kind, name and effective namespace. */
import { kustomizeScope } from '../kube/kustomize-facts';
import type { Gvk, ResourceId } from '../kube/resource-id';
import type { Tracked } from './tracked';

/** Stands for the namespace of a cluster-scoped object (`resid.TotallyNotANamespace`). */
export const NO_NAMESPACE = '_non_namespaceable_';

/** Whether kustomize knows the kind as cluster-scoped. */
export function isClusterScoped(gvk: Gvk): boolean {
	return kustomizeScope(gvk) === 'cluster';
}

/** `default` where none is given; `NO_NAMESPACE` for cluster-scoped kinds, whatever they say (`ResId.EffectiveNamespace`). */
export function effectiveNamespace(id: ResourceId): string {
	return isClusterScoped(id) ? NO_NAMESPACE : id.namespace || 'default';
}

/** A text that is equal for ids of the same object only (`ResId.Equals`). */
export function identityKey(id: ResourceId): string {
	return `${id.group}\n${id.version}\n${id.kind}\n${id.name}\n${effectiveNamespace(id)}`;
}

/** Whether two ids are of the same object (`ResId.Equals`); the name tells most apart. */
export function sameIdentity(a: ResourceId, b: ResourceId): boolean {
	return (
		a.name === b.name &&
		a.kind === b.kind &&
		a.version === b.version &&
		a.group === b.group &&
		effectiveNamespace(a) === effectiveNamespace(b)
	);
}

/** Whether a resource has, or had, the id of an object (`resmap.GetMatchingResourcesByAnyId`). */
export function isOrWas(resource: Tracked, id: ResourceId): boolean {
	if (sameIdentity(resource.id, id)) return true;
	return (
		resource.previous.some(({ name }) => name === id.name) &&
		previousIds(resource).some(previous => sameIdentity(previous, id))
	);
}

/** The ids that a resource has had, oldest first, without the present one (`Resource.PrevIds`). */
export function previousIds({ id, previous }: Tracked): readonly ResourceId[] {
	return previous.map(({ name, namespace, kind }) => ({ group: id.group, version: id.version, kind, name, namespace }));
}

/** The first id that the resource had in this build (`Resource.OrgId`). */
export function firstId(resource: Tracked): ResourceId {
	const [first] = resource.previous;
	return first ? { ...resource.id, kind: first.kind, name: first.name, namespace: first.namespace } : resource.id;
}

/** The resource, remembering what it is called now: before a step that may rename it (`Resource.StorePreviousId`). */
export function rememberId(resource: Tracked): Tracked {
	const { name, kind } = resource.id;
	return { ...resource, previous: [...resource.previous, { name, kind, namespace: effectiveNamespace(resource.id) }] };
}

/** Parts of a kind; an empty or absent part fits any. */
export interface GvkPattern {
	readonly group?: string;
	readonly version?: string;
	readonly kind?: string;
}

/** Whether the pattern fits (`Gvk.IsSelected`). */
export function fits(gvk: Gvk, { group, version, kind }: GvkPattern): boolean {
	return (!group || group === gvk.group) && (!version || version === gvk.version) && (!kind || kind === gvk.kind);
}

/** The resources by identity, each under its present id; lists because a broken build may have several of one. */
export function byIdentity(resources: readonly Tracked[]): Map<string, Tracked[]> {
	const found = new Map<string, Tracked[]>();
	for (const resource of resources) {
		const key = identityKey(resource.id);
		const same = found.get(key);
		if (same) same.push(resource);
		else found.set(key, [resource]);
	}
	return found;
}

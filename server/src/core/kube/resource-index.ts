/** The objects of an environment by group, kind, namespace and name, for references between them. */
import type { DataSources } from './data-sources';
import { dataSources } from './data-sources';
import type { Resource } from './resource';

/**
 * Whether the tree holds everything that is in the cluster. Where it does not (`part`), an object that is not found may be
 * made elsewhere, and nobody may say that it is missing.
 */
export type Coverage = 'whole' | 'part';

export interface ResourceIndex {
	readonly coverage: Coverage;
	readonly data: DataSources;
	readonly resources: readonly Resource[];
	find(group: string, kind: string, namespace: string, name: string): Resource | undefined;
	/** All of a kind, in the order of the resources. */
	all(group: string, kind: string): readonly Resource[];
}

/** Indexes resources; of equal ids the first counts. API versions do not matter. */
export function indexResources(resources: readonly Resource[], coverage: Coverage): ResourceIndex {
	const byKind = new Map<string, Resource[]>();
	const byName = new Map<string, Resource>();
	for (const resource of resources) {
		const { group, kind, namespace, name } = resource.id;
		const ofKind = byKind.get(`${group}/${kind}`);
		if (ofKind) ofKind.push(resource);
		else byKind.set(`${group}/${kind}`, [resource]);
		const key = `${group}/${kind}/${namespace}/${name}`;
		if (!byName.has(key)) byName.set(key, resource);
	}
	return {
		coverage,
		data: dataSources(resources, coverage),
		resources,
		find: (group, kind, namespace, name) => byName.get(`${group}/${kind}/${namespace}/${name}`),
		all: (group, kind) => byKind.get(`${group}/${kind}`) ?? [],
	};
}

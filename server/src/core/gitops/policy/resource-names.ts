/** The names under which the API serves kinds. */
import type { Resource } from '../../kube/resource';
import type { ResourceId } from '../../kube/resource-id';
import { textAt } from '../../yaml/node';

/** Plurals that follow no rule. */
const PLURALS: Readonly<Record<string, string>> = { Endpoints: 'endpoints', PodMetrics: 'pods', NodeMetrics: 'nodes' };

/** The name under which the API serves a kind; for custom resources the usual English plural. */
export function resourceNameOf(kind: string): string {
	if (PLURALS[kind]) return PLURALS[kind];
	const lower = kind.toLowerCase();
	if (/(s|x|z|ch|sh)$/.test(lower)) return `${lower}es`;
	return /[^aeiou]y$/.test(lower) ? `${lower.slice(0, -1)}ies` : `${lower}s`;
}

/** As `resourceNameOf`, with the plurals that definitions among the resources give to their kinds. */
export function resourceNames(resources: readonly Resource[]): (id: Pick<ResourceId, 'group' | 'kind'>) => string {
	const given = new Map(
		resources.filter(isDefinition).flatMap(({ node }): readonly (readonly [string, string])[] => {
			const names = ['spec', 'names'] as const;
			const plural = textAt(node, ...names, 'plural');
			const key = keyOf({ group: textAt(node, 'spec', 'group') ?? '', kind: textAt(node, ...names, 'kind') ?? '' });
			return plural ? [[key, plural]] : [];
		}),
	);
	return id => given.get(keyOf(id)) ?? resourceNameOf(id.kind);
}

/** The definitions that give a kind another name than the usual one. */
export function unusualDefinitions(resources: readonly Resource[]): readonly Resource[] {
	return resources.filter(
		resource =>
			isDefinition(resource) &&
			textAt(resource.node, 'spec', 'names', 'plural') !==
				resourceNameOf(textAt(resource.node, 'spec', 'names', 'kind') ?? ''),
	);
}

function isDefinition({ id }: Resource): boolean {
	return id.kind === 'CustomResourceDefinition' && id.group === 'apiextensions.k8s.io';
}

function keyOf({ group, kind }: Pick<ResourceId, 'group' | 'kind'>): string {
	return `${group}/${kind}`;
}

/** HelmReleases of one cluster that stand in each other's way: some that wait for each other, and some that helm cannot tell apart. */
import type { Problem } from '../../base/problem';
import { shortestWay } from '../../base/shortest-way';
import { describeId } from '../../kube/resource-id';
import type { Resource } from '../../kube/resource';
import type { ResourceIndex } from '../../kube/resource-index';
import { addressOf, child, itemsOf, type Node, nodeAt, textAt } from '../../yaml/node';
import { HELM_GROUP, releaseName } from './release';

/** The problems of one cluster; of a part of one, nobody knows which of its objects come together. */
export function releaseConflicts(index: ResourceIndex): readonly Problem[] {
	if (index.coverage === 'part') return [];
	const releases = index
		.all(HELM_GROUP, 'HelmRelease')
		.filter(({ node }) => textAt(node, 'spec', 'suspend') !== 'true' && !nodeAt(node, ['spec', 'kubeConfig']));
	return [...cycles(releases), ...sameNames(releases)];
}

/** Each circle at every release in it: none of them is ever installed. */
function cycles(releases: readonly Resource[]): readonly Problem[] {
	const next = new Map(releases.map(release => [keyOf(release), dependencies(release).map(({ key }) => key)]));
	return releases.flatMap(release => {
		for (const { key, node } of dependencies(release)) {
			const way = shortestWay(key, keyOf(release), each => next.get(each) ?? []);
			if (!way) continue;
			return [
				{
					code: 'helm/dependency-cycle',
					severity: 'error' as const,
					message: `these HelmReleases wait for each other, so none of them is ever installed: ${[keyOf(release), ...way].join(' > ')}.`,
					at: addressOf((child(node, 'name') ?? node).origin),
					details: `dependency '${key}' is not ready`,
					fatal: true as const,
				},
			];
		}
		return [];
	});
}

function keyOf({ id }: Resource): string {
	return `${id.namespace}/${id.name}`;
}

function dependencies({ node, id }: Resource): readonly { readonly key: string; readonly node: Node }[] {
	return itemsOf(nodeAt(node, ['spec', 'dependsOn'])).flatMap(reference => {
		const name = textAt(reference, 'name');
		const namespace = textAt(reference, 'namespace') ?? id.namespace;
		return name === undefined ? [] : [{ key: `${namespace}/${name}`, node: reference }];
	});
}

/** Helm knows a release by its name and the namespace in which it keeps its records. */
function sameNames(releases: readonly Resource[]): readonly Problem[] {
	const first = new Map<string, Resource>();
	const chosen = ({ node }: Resource) => Number(nodeAt(node, ['spec', 'releaseName']) !== undefined);
	// Told where somebody has chosen the name.
	return [...releases]
		.sort((a, b) => chosen(a) - chosen(b))
		.flatMap(release => {
			const { node, id } = release;
			const name = releaseName(release);
			const storage = textAt(node, 'spec', 'storageNamespace') ?? id.namespace;
			const key = `${storage}/${name}`;
			const other = first.get(key);
			if (!other) first.set(key, release);
			if (!other || keyOf(other) === keyOf(release)) return [];
			const named = nodeAt(node, ['spec', 'releaseName']) ?? nodeAt(node, ['metadata', 'name']) ?? node;
			return [
				{
					code: 'helm/same-release',
					severity: 'error' as const,
					message: `${describeId(id)} and ${describeId(other.id)} both install the release "${name}" of namespace "${storage}", and will undo each other's; give one of them another "spec.releaseName".`,
					at: addressOf(named.origin),
					related: [{ message: describeId(other.id), at: other.from }],
				},
			];
		});
}

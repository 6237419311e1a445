/** The objects that a policy is given as `params`; apiserver `pkg/admission/plugin/policy/generic`. */
import { parseApiVersion } from '../../kube/resource-id';
import type { Resource } from '../../kube/resource';
import { nodeAt, type Plain, toPlain } from '../../yaml/node';
import { type CelValue, celValue } from './cel/cel-values';
import { get, isMap, textOf } from './kyverno/plain-values';
import { matchesSelector } from './selector';

/** Those of the kind that the reference means, for a resource in the namespace; a reason where they are not in the tree. */
export function parametersFor(
	kind: Plain | undefined,
	reference: Plain | undefined,
	namespace: string,
	resources: readonly Resource[],
): readonly CelValue[] | string {
	if (!isMap(kind) || !isMap(reference)) return [null];
	const { group } = parseApiVersion(textOf(kind, 'apiVersion') ?? '');
	const wanted = textOf(reference, 'name');
	const selector = get(reference, 'selector');
	const found = resources.filter(
		({ id, node }) =>
			id.group === group &&
			id.kind === textOf(kind, 'kind') &&
			(id.namespace === '' || id.namespace === (textOf(reference, 'namespace') || namespace)) &&
			(wanted ? id.name === wanted : matchesSelector(selector, labelsOf(node))),
	);
	if (found.length > 0) return found.map(({ node }) => celValue(toPlain(node)));
	return `its parameter ${textOf(kind, 'kind') ?? ''}/${wanted ?? 'by selector'} is not in the tree`;
}

function labelsOf(node: Resource['node']): Plain | undefined {
	const labels = nodeAt(node, ['metadata', 'labels']);
	return labels && toPlain(labels);
}

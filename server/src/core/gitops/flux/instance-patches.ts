/**
 * `spec.kustomize.patches` of a FluxInstance: flux-operator runs them over all that it makes, so also over the Kustomization of its sync, which
 * mostly gets its variables, decryption and patches in this way.
 */
import type { Database } from '../../base/query';
import { dirname } from '../../base/paths';
import type { Resource } from '../../kube/resource';
import { readNode } from '../../kustomize/read/kustomization';
import { newTracked, type Tracked, type TransformContext } from '../../kustomize/tracked';
import { patch } from '../../kustomize/transformers/patch';
import { type MapNode, type Node, nodeAt, stringNode, withEntry } from '../../yaml/node';

/** The Kustomization after the patches of the instance; those that mean other objects, or cannot be applied, leave it as it is. */
export function patchedByInstance(db: Database, instance: Node, kustomization: Resource): Resource {
	const patches = nodeAt(instance, ['kustomize', 'patches']);
	if (patches?.kind !== 'seq') return kustomization;
	const { file } = kustomization.from;
	const { origin } = patches;
	const empty: MapNode = { kind: 'map', entries: [], origin };
	const typed = withEntry(empty, 'apiVersion', stringNode('kustomize.config.k8s.io/v1beta1', origin));
	const whole = withEntry(withEntry(typed, 'kind', stringNode('Kustomization', origin)), 'patches', patches);
	const entries = readNode(file, whole, []).kustomization?.patches ?? [];
	const context: TransformContext = {
		db,
		directory: dirname(file),
		// The operator has no files: a patch stands in the instance itself.
		load: (path, at) => ({
			kind: 'problem',
			problem: { code: 'kustomize/missing-file', severity: 'error', message: path, at },
		}),
		openApi: undefined,
	};
	const before: readonly Tracked[] = [{ ...newTracked(kustomization.node, kustomization.from), id: kustomization.id }];
	const after = entries.reduce((resources, entry) => patch(entry)(context, resources).resources, before);
	return after[0] ?? kustomization;
}

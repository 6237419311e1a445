/** `replicas` and the ReplicaCountTransformer (`api/internal/builtins.ReplicaCountTransformer`). */
import { below } from '../../base/address';
import { changeTo } from '../../base/change-to';
import { nearest } from '../../base/nearest';
import type { Problem } from '../../base/problem';
import type { FieldSpec } from '../../kube/kustomize-facts';
import type { ResourceId } from '../../kube/resource-id';
import { addressOf, type Node, type Origin } from '../../yaml/node';
import { appliesTo, editFields, withText } from '../field-spec';
import { fits, previousIds } from '../identity';
import type { ReplicaEntry } from '../read/model';
import { type Tracked, type Transformer, withNode } from '../tracked';
import { transformEach, withSelected } from './each';

/** Sets the count of the resources that have, or had, the entry's name. */
export function setReplicas(entry: ReplicaEntry, specs: readonly FieldSpec[]): Transformer {
	const origin: Origin = { ...entry.count.node.origin, step: 'replicas' };
	const text = String(entry.count.value);
	return (_context, resources) => {
		const selected = new Set<ResourceId>();
		const result = transformEach('replicas', entry.at, resources, (resource, trouble) => {
			let { node } = resource;
			for (const spec of specs) {
				if (!hasName(resource, entry.name, spec)) continue;
				selected.add(resource.id);
				if (!appliesTo(spec, resource.id)) continue;
				const set = (field: Node): Node => {
					if (field.kind === 'scalar') return withText(field, text, undefined, origin);
					trouble({ at: addressOf(field.origin), details: 'wrong node kind: expected ScalarNode' });
					return field;
				};
				node = editFields(node, spec, { set, create: 'scalar', origin, trouble });
			}
			return withNode(resource, node);
		});
		if (selected.size === 0)
			return { ...result, problems: [...result.problems, withoutTarget(entry, specs, resources)] };
		return withSelected(result, selected);
	};
}

function hasName(resource: Tracked, name: string, spec: FieldSpec): boolean {
	return [...previousIds(resource), resource.id].some(id => id.name === name && fits(id, spec));
}

function withoutTarget(entry: ReplicaEntry, specs: readonly FieldSpec[], resources: readonly Tracked[]): Problem {
	const names = resources.filter(({ id }) => specs.some(spec => fits(id, spec))).map(({ id }) => id.name);
	const near = nearest(entry.name, names);
	const at = below(entry.at, 'name');
	const kinds = specs.map(
		({ group, version, kind }) => `${kind || '[noKind]'}.${version || '[noVer]'}.${group || '[noGrp]'}`,
	);
	return {
		code: 'kustomize/replicas-without-target',
		severity: 'error',
		fatal: true,
		message: `no resource with a replica count is called \`${entry.name}\`${near ? `; did you mean \`${near}\`?` : ''}`,
		at,
		...changeTo(at, near),
		details: `resource with name ${entry.name} does not match a config with the following GVK [${kinds.join(' ')}]`,
	};
}

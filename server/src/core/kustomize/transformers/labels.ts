/** `labels`, `commonLabels` and the LabelTransformer; `commonAnnotations` and the AnnotationsTransformer (`api/filters/labels`, `api/filters/annotations`). */
import { type Address, addressKey } from '../../base/address';
import type { FieldSpec } from '../../kube/kustomize-facts';
import { addressOf, type MapNode, type Node, type Origin, type Step } from '../../yaml/node';
import { appliesTo, editFields, type FieldTrouble, withTextEntry } from '../field-spec';
import { bookAnnotations } from '../internal-annotations';
import type { StringMap } from '../read/model';
import { type Tracked, type Transformer, withNode } from '../tracked';
import { transformEach } from './each';

/** Sets each pair in the maps that the specs lead to. */
export function setPairs(
	step: Step,
	at: Address,
	pairs: StringMap | undefined,
	specs: readonly FieldSpec[],
): Transformer {
	const sorted = (pairs?.entries ?? [])
		.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
		.map(({ key, value }) => ({ key, value, shared: addressKey(value.at) }));
	return (_context, resources) => {
		if (sorted.length === 0) return { resources, problems: [], applications: [] };
		return transformEach(step, at, resources, (resource, trouble) => {
			let { node } = resource;
			for (const { key, value, shared } of sorted) {
				const origin: Origin = { ...value.node.origin, step };
				for (const spec of specs) {
					if (!appliesTo(spec, resource.id)) continue;
					const set = (field: Node) => setEntry(field, key, value.value, shared, origin, trouble);
					node = editFields(node, withBooksInMind(spec, resource), { set, create: 'map', origin, trouble });
				}
			}
			return withNode(resource, node);
		});
	};
}

/** An object that kustomize keeps books on has annotations, though Strata sees none. */
function withBooksInMind(spec: FieldSpec, resource: Tracked): FieldSpec {
	if (spec.path !== 'metadata/annotations' || spec.create) return spec;
	return resource.notes || bookAnnotations(resource).size > 0 ? { ...spec, create: true } : spec;
}

function setEntry(
	field: Node,
	key: string,
	text: string,
	shared: string,
	origin: Origin,
	trouble: (trouble: FieldTrouble) => void,
): Node {
	if (field.kind === 'map' && key !== '') return withTextEntry(field, key, text, origin, shared);
	if (field.kind === 'map') {
		trouble({ at: addressOf(field.origin), details: 'wrong node kind: expected ScalarNode but got MappingNode' });
		return field;
	}
	trouble({
		at: addressOf(field.origin),
		details: `wrong node kind: expected MappingNode but got ${field.kind === 'seq' ? 'SequenceNode' : 'ScalarNode'}`,
	});
	return field;
}

/** The tree with one more label on the object itself. */
export function setLabel(node: MapNode, key: string, text: string, at: Origin): MapNode {
	const origin: Origin = { ...at, step: 'buildMetadata' };
	const set = (field: Node) => setEntry(field, key, text, 'buildMetadata', origin, () => undefined);
	return editFields(
		node,
		{ path: 'metadata/labels', create: true },
		{ set, create: 'map', origin, trouble: () => undefined },
	);
}

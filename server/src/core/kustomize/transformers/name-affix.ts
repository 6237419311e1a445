/** `namePrefix` and `nameSuffix` and the transformers of these names (`api/internal/builtins.PrefixTransformer`, `SuffixTransformer`). */
import type { FieldSpec } from '../../kube/kustomize-facts';
import { addressOf, child, type Node, type Origin } from '../../yaml/node';
import { appliesTo, editFields, withText } from '../field-spec';
import { firstId, fits, type GvkPattern, rememberId } from '../identity';
import { bookAnnotations } from '../internal-annotations';
import type { Field } from '../read/model';
import { type Tracked, type Transformer, withNode } from '../tracked';
import { transformEach } from './each';

/** Kinds whose name is not theirs to choose. */
const SKIPPED: readonly GvkPattern[] = [
	{ kind: 'CustomResourceDefinition' },
	{ group: 'apiregistration.k8s.io', kind: 'APIService' },
	{ kind: 'Namespace' },
];

/** Puts a text before or behind the fields that the specs name, by default every resource's name. */
export function addAffix(side: 'prefix' | 'suffix', affix: Field<string>, specs: readonly FieldSpec[]): Transformer {
	const origin: Origin = { ...affix.node.origin, step: side };
	return (_context, resources) =>
		transformEach(side, affix.at, resources, (resource, trouble) => {
			const id = firstId(resource);
			if (SKIPPED.some(pattern => fits(id, pattern))) return resource;
			let result = resource;
			for (const spec of specs) {
				if (!fits(id, spec)) continue;
				if (spec.path === 'metadata/name') result = rememberAffix(side, result, affix.value);
				if (!appliesTo(spec, result.id)) continue;
				const set = (node: Node): Node => {
					if (node.kind === 'scalar') {
						const text = side === 'prefix' ? affix.value + node.text : node.text + affix.value;
						return withText(node, text, undefined, origin);
					}
					trouble({ at: addressOf(node.origin), details: 'wrong node kind: expected ScalarNode' });
					return node;
				};
				if (isBookkeeping(spec, result)) {
					const at = addressOf(result.node.origin);
					trouble({ at, details: 'wrong node kind: expected ScalarNode but got MappingNode' });
					continue;
				}
				result = withNode(result, editFields(result.node, spec, { set, create: 'scalar', origin, trouble }));
			}
			return result;
		});
}

/** Kustomize has its books in the annotations of an object that Strata sees none of. */
function isBookkeeping({ path }: FieldSpec, resource: Tracked): boolean {
	if (path !== 'metadata/annotations' || child(child(resource.node, 'metadata'), 'annotations')) return false;
	return resource.notes !== undefined || bookAnnotations(resource).size > 0;
}

function rememberAffix(side: 'prefix' | 'suffix', resource: Tracked, affix: string): Tracked {
	if (affix === '') return resource;
	const renamed = rememberId(resource);
	return side === 'prefix'
		? { ...renamed, namePrefixes: [...resource.namePrefixes, affix] }
		: { ...renamed, nameSuffixes: [...resource.nameSuffixes, affix] };
}

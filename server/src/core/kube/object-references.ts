/**
 * Fields that name another object: those of kustomize's own table, and those of Flux, which kustomize does not know. For
 * go-to-definition, references and rename; the engine's renames follow kustomize's table alone.
 */
import type { FieldPath } from '../base/address';
import { type MapNode, type Node, nodeAt, type ScalarNode, textAt } from '../yaml/node';
import { DEFAULT_FIELD_SPECS } from './kustomize-facts';
import type { Resource } from './resource';
import { resourceIdOf } from './resource-id';

/** The name of an object as another one holds it. */
export interface ObjectReference {
	/** Where in the holder the name stands. */
	readonly path: FieldPath;
	readonly node: ScalarNode;
	/** Any of these; several share fields. */
	readonly kinds: readonly string[];
	readonly name: string;
	/** Where the object is looked for; empty where the field tells no namespace and the holder has none. */
	readonly namespace: string;
}

/** Flux's references: holder, path of the name, and the kind, or the sibling that says it. */
const FLUX_FIELDS: readonly {
	readonly holder: string;
	readonly path: string;
	readonly kind: string | { readonly field: string };
}[] = [
	{ holder: 'HelmRelease', path: 'spec/chart/spec/sourceRef/name', kind: { field: 'kind' } },
	{ holder: 'HelmRelease', path: 'spec/chartRef/name', kind: { field: 'kind' } },
	{ holder: 'HelmRelease', path: 'spec/valuesFrom/name', kind: { field: 'kind' } },
	{ holder: 'HelmRelease', path: 'spec/dependsOn/name', kind: 'HelmRelease' },
	{ holder: 'HelmRelease', path: 'spec/kubeConfig/secretRef/name', kind: 'Secret' },
	{ holder: 'HelmChart', path: 'spec/sourceRef/name', kind: { field: 'kind' } },
	{ holder: 'Kustomization', path: 'spec/sourceRef/name', kind: { field: 'kind' } },
	{ holder: 'Kustomization', path: 'spec/dependsOn/name', kind: 'Kustomization' },
	{ holder: 'Kustomization', path: 'spec/decryption/secretRef/name', kind: 'Secret' },
	{ holder: 'Kustomization', path: 'spec/postBuild/substituteFrom/name', kind: { field: 'kind' } },
	{ holder: 'Kustomization', path: 'spec/healthChecks/name', kind: { field: 'kind' } },
	...['HelmRepository', 'OCIRepository', 'GitRepository', 'Bucket'].flatMap(holder => [
		{ holder, path: 'spec/secretRef/name', kind: 'Secret' },
		{ holder, path: 'spec/certSecretRef/name', kind: 'Secret' },
	]),
	...['ImagePolicy', 'ImageUpdateAutomation'].map(holder => ({
		holder,
		path: 'spec/imageRepositoryRef/name',
		kind: 'ImageRepository',
	})),
	{ holder: 'Alert', path: 'spec/providerRef/name', kind: 'Provider' },
	{ holder: 'Alert', path: 'spec/eventSources/name', kind: { field: 'kind' } },
];

/** Kinds of the referenced object by holder's kind (empty for any) and path of the field, without indices. */
const KINDS_BY_FIELD: ReadonlyMap<string, readonly string[]> = fieldTable();

function fieldTable(): Map<string, string[]> {
	const table = new Map<string, string[]>();
	for (const { kind, fieldSpecs } of DEFAULT_FIELD_SPECS.nameReference) {
		for (const spec of fieldSpecs) {
			const key = `${spec.kind ?? ''}:${spec.path.replaceAll('[]', '')}`;
			table.set(key, [...(table.get(key) ?? []), kind ?? '']);
		}
	}
	return table;
}

/** The reference that stands at a path of the resource, if that field is one. */
export function objectReferenceAt(resource: Resource, path: FieldPath): ObjectReference | undefined {
	const node = nodeAt(resource.node, path);
	if (node?.kind !== 'scalar' || node.tag === '!!null' || node.text === '') return undefined;
	const kinds = kindsOf(resource, path);
	if (kinds.length === 0) return undefined;
	const siblings = nodeAt(resource.node, path.slice(0, -1));
	return { path, node, kinds, name: node.text, namespace: textAt(siblings, 'namespace') ?? resource.id.namespace };
}

/** All references that the resource holds, in the order of its fields. */
export function objectReferences(resource: Resource): readonly ObjectReference[] {
	const found: ObjectReference[] = [];
	const visit = (node: Node, path: FieldPath): void => {
		if (node.kind === 'map') for (const { key, value } of node.entries) visit(value, [...path, key]);
		else if (node.kind === 'seq') node.items.forEach((item, i) => visit(item, [...path, i]));
		else {
			const reference = objectReferenceAt(resource, path);
			if (reference) found.push(reference);
		}
	};
	visit(resource.node, []);
	return found;
}

/** The kinds whose names the field at a path of an object takes; none where it takes no name. The object may be half-typed. */
export function kindsNamedAt(root: Node, path: FieldPath): readonly string[] {
	return root.kind === 'map' ? kindsOf({ id: resourceIdOf(root), node: root }, path) : [];
}

function kindsOf({ id, node }: Pick<Resource, 'id' | 'node'>, path: FieldPath): readonly string[] {
	const fields = path.filter(key => typeof key === 'string').join('/');
	const own = [...(KINDS_BY_FIELD.get(`${id.kind}:${fields}`) ?? []), ...(KINDS_BY_FIELD.get(`:${fields}`) ?? [])];
	const flux = FLUX_FIELDS.find(field => field.holder === id.kind && field.path === fields);
	if (!flux) return own;
	return [...own, typeof flux.kind === 'string' ? flux.kind : siblingKind(node, path, flux.kind.field)].filter(Boolean);
}

function siblingKind(node: MapNode, path: FieldPath, field: string): string {
	return textAt(nodeAt(node, path.slice(0, -1)), field) ?? '';
}

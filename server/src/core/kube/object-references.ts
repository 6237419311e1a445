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

/** Flux's references: the kind of the object or the sibling that says it, the path of the name, and who holds it. */
const FLUX_FIELDS: readonly (readonly [kind: string | { readonly field: string }, path: string, holders: string])[] = [
	[{ field: 'kind' }, 'spec/sourceRef/name', 'Kustomization HelmChart ImageUpdateAutomation'],
	[{ field: 'kind' }, 'spec/chart/spec/sourceRef/name', 'HelmRelease'],
	[{ field: 'kind' }, 'spec/chartRef/name', 'HelmRelease'],
	[{ field: 'kind' }, 'spec/sources/name', 'ArtifactGenerator'],
	['GitRepository', 'spec/include/repository/name', 'GitRepository'],
	['HelmRelease', 'spec/dependsOn/name', 'HelmRelease'],
	['Kustomization', 'spec/dependsOn/name', 'Kustomization'],
	[{ field: 'kind' }, 'spec/dependsOn/name', 'ResourceSet'],
	['ResourceSetInputProvider', 'spec/inputsFrom/name', 'ResourceSet'],
	[{ field: 'kind' }, 'spec/healthChecks/name', 'Kustomization'],
	[{ field: 'kind' }, 'spec/valuesFrom/name', 'HelmRelease'],
	[{ field: 'kind' }, 'spec/postBuild/substituteFrom/name', 'Kustomization'],
	['ImageRepository', 'spec/imageRepositoryRef/name', 'ImagePolicy'],
	['Provider', 'spec/providerRef/name', 'Alert'],
	[{ field: 'kind' }, 'spec/eventSources/name', 'Alert'],
	[{ field: 'kind' }, 'spec/resources/name', 'Receiver'],
	['Secret', 'spec/decryption/secretRef/name', 'Kustomization'],
	['Secret', 'spec/kubeConfig/secretRef/name', 'Kustomization HelmRelease'],
	['ConfigMap', 'spec/kubeConfig/configMapRef/name', 'Kustomization HelmRelease'],
	['Secret', 'spec/chart/spec/verify/secretRef/name', 'HelmRelease'],
	['Secret', 'spec/verify/secretRef/name', 'GitRepository OCIRepository HelmChart'],
	[
		'Secret',
		'spec/secretRef/name',
		'GitRepository OCIRepository HelmRepository Bucket ImageRepository Provider Receiver ResourceSetInputProvider',
	],
	[
		'Secret',
		'spec/certSecretRef/name',
		'OCIRepository HelmRepository Bucket ImageRepository Provider ResourceSetInputProvider',
	],
	['Secret', 'spec/proxySecretRef/name', 'GitRepository OCIRepository Bucket ImageRepository Provider'],
	['Secret', 'spec/sync/pullSecret', 'FluxInstance'],
	['ServiceAccount', 'spec/serviceAccountName', 'Kustomization HelmRelease ResourceSet'],
];

/** The same by holder and path. */
const FLUX_KINDS: ReadonlyMap<string, string | { readonly field: string }> = new Map(
	FLUX_FIELDS.flatMap(([kind, path, holders]) =>
		holders.split(' ').map(holder => [`${holder}:${path}`, kind] as const),
	),
);

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
	return node?.kind === 'scalar' ? referenceOf(resource, path, node) : undefined;
}

function referenceOf(resource: Resource, path: FieldPath, node: ScalarNode): ObjectReference | undefined {
	if (node.tag === '!!null' || node.text === '') return undefined;
	const kinds = kindsOf(resource, path);
	if (kinds.length === 0) return undefined;
	const siblings = nodeAt(resource.node, path.slice(0, -1));
	return { path, node, kinds, name: node.text, namespace: textAt(siblings, 'namespace') ?? resource.id.namespace };
}

/** The references that the resource holds, in the order of its fields: all, or those of certain names. */
export function objectReferences(resource: Resource, names?: ReadonlySet<string>): readonly ObjectReference[] {
	const found: ObjectReference[] = [];
	const visit = (node: Node, path: FieldPath): void => {
		if (node.kind === 'map') for (const { key, value } of node.entries) visit(value, [...path, key]);
		else if (node.kind === 'seq') node.items.forEach((item, i) => visit(item, [...path, i]));
		else if (!names || names.has(node.text)) {
			const reference = referenceOf(resource, path, node);
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
	const flux = FLUX_KINDS.get(`${id.kind}:${fields}`);
	if (flux === undefined) return own;
	return [...own, typeof flux === 'string' ? flux : siblingKind(node, path, flux.field)].filter(Boolean);
}

function siblingKind(node: MapNode, path: FieldPath, field: string): string {
	return textAt(nodeAt(node, path.slice(0, -1)), field) ?? '';
}

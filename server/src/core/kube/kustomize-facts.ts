/**
 * What kustomize has compiled in: which lists a strategic merge patch merges, the scopes of the kinds it knows, the default
 * field specs of its transformers, its orders. The data is `schemas/kustomize.json`; `schemas/README.md` says where it comes from.
 */
import facts from '../../../../schemas/kustomize.json';
import type { Gvk } from './resource-id';

/** `types.FieldSpec`: a field of the kinds that match; an empty part of the kind matches any. */
export interface FieldSpec {
	readonly path: string;
	readonly create?: boolean;
	readonly group?: string;
	readonly version?: string;
	readonly kind?: string;
}

/** `builtinpluginconsts`: the fields that hold the name of an object of this kind. */
export interface NameBackReferences {
	readonly group?: string;
	readonly version?: string;
	readonly kind?: string;
	readonly fieldSpecs: readonly FieldSpec[];
}

export interface DefaultFieldSpecs {
	readonly namePrefix: readonly FieldSpec[];
	readonly nameSuffix: readonly FieldSpec[];
	/** Selectors; `commonLabels` reaches these and `templateLabels`. */
	readonly commonLabels: readonly FieldSpec[];
	readonly templateLabels: readonly FieldSpec[];
	readonly commonAnnotations: readonly FieldSpec[];
	readonly namespace: readonly FieldSpec[];
	readonly varReference: readonly FieldSpec[];
	readonly nameReference: readonly NameBackReferences[];
	readonly images: readonly FieldSpec[];
	readonly replicas: readonly FieldSpec[];
}

/** The field specs that hold where a kustomization brings none of its own. */
export const DEFAULT_FIELD_SPECS: DefaultFieldSpecs = facts.fieldSpecs;

/** The kinds that the legacy order puts first and last, in order. */
export const LEGACY_ORDER: { readonly orderFirst: readonly string[]; readonly orderLast: readonly string[] } =
	facts.legacySort;

/** The built-in generators and transformers in the order in which a kustomization's fields run. */
export const PLUGIN_ORDER: { readonly generators: readonly string[]; readonly transformers: readonly string[] } = {
	generators: facts.generators,
	transformers: facts.transformers,
};

const SCOPES: ReadonlyMap<string, 'cluster' | 'namespaced'> = new Map([
	...facts.scope.cluster.map(kind => [kind, 'cluster'] as const),
	...facts.scope.namespaced.map(kind => [kind, 'namespaced'] as const),
]);

/** The scope in kustomize's table (`openapi.IsNamespaceScoped`); nothing for kinds it does not know, all custom ones among them. */
export function kustomizeScope(gvk: Gvk): 'cluster' | 'namespaced' | undefined {
	return SCOPES.get(kindKey(gvk));
}

/** What a schema says of merging at one node (`openapi.ResourceSchema`). */
export interface MergeSchema {
	/** For a list that merges: the keys that tell its elements apart; none for a list of scalars. */
	readonly merge: readonly string[] | undefined;
	field(name: string): MergeSchema | undefined;
	items(): MergeSchema | undefined;
}

/** Finds schemas; the built-in ones are `BUILT_IN_MERGE_SCHEMAS`, a kustomization may bring others. */
export interface MergeSchemas {
	ofKind(gvk: Gvk): MergeSchema | undefined;
	/** By the name of an OpenAPI definition, as in `#/definitions/NAME`. */
	ofDefinition(name: string): MergeSchema | undefined;
}

interface Shape {
	readonly merge?: readonly string[];
	readonly fields?: Readonly<Record<string, number>>;
	readonly items?: number;
}

const SHAPES: readonly MergeSchema[] = (facts.mergeLists.shapes as readonly Shape[]).map(({ merge, fields, items }) => {
	const byName = new Map(Object.entries(fields ?? {}));
	return {
		merge,
		field: name => shapeAt(byName.get(name) ?? byName.get('*')),
		items: () => shapeAt(items),
	};
});

const KINDS: ReadonlyMap<string, number> = new Map(Object.entries(facts.mergeLists.kinds));

const DEFINITIONS: ReadonlyMap<string, number> = new Map(Object.entries(facts.mergeLists.definitions));

/** Merging as in Kubernetes 1.21.2; nothing for kinds that it did not have, all custom ones among them. */
export const BUILT_IN_MERGE_SCHEMAS: MergeSchemas = {
	ofKind: gvk => shapeAt(KINDS.get(kindKey(gvk))),
	ofDefinition: name => shapeAt(DEFINITIONS.get(name)),
};

function shapeAt(index: number | undefined): MergeSchema | undefined {
	return index === undefined ? undefined : SHAPES[index];
}

function kindKey({ group, version, kind }: Gvk): string {
	return `${group ? `${group}/` : ''}${version}/${kind}`;
}

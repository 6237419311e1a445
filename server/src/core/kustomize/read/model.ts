/**
 * A kustomization as the engine reads it: one field a field of kustomization.yaml, after the legacy spellings have been
 * moved to today's. Every entry knows its node and its address, so that every step can say where it comes from.
 */
import type { Address } from '../../base/address';
import type { FilePath } from '../../base/paths';
import type { MapNode, Node } from '../../yaml/node';

/** A place in the kustomization (or in a built-in plugin's configuration). */
export interface Placed {
	readonly at: Address;
	readonly node: Node;
}

/** A value with its place. */
export interface Field<T> extends Placed {
	readonly value: T;
}

/** `labels`, `annotations`, `pairs`: string keys and string values, each with its place, in the order of the file. */
export interface StringMap extends Placed {
	readonly entries: readonly { readonly key: string; readonly value: Field<string> }[];
}

/** `types.Selector`: every part that is given is an anchored regular expression, the two last ones are label selectors. */
export interface Selector extends Placed {
	readonly group: string;
	readonly version: string;
	readonly kind: string;
	readonly name: string;
	readonly namespace: string;
	readonly annotationSelector: string;
	readonly labelSelector: string;
}

/** An entry of `patches` or `patchesJson6902`. */
export interface PatchEntry extends Placed {
	readonly path: Field<string> | undefined;
	readonly patch: Field<string> | undefined;
	readonly target: Selector | undefined;
	/** `allowNameChange`, `allowKindChange`. */
	readonly options: Readonly<Record<string, boolean>>;
}

/** A field specification as a user writes it, in `labels[].fields`, in `configurations` and in plugin configurations. */
export interface FieldSpecEntry extends Placed {
	readonly group: string;
	readonly version: string;
	readonly kind: string;
	readonly path: string;
	readonly create: boolean;
}

/** An entry of `labels`. */
export interface LabelEntry extends Placed {
	readonly pairs: StringMap | undefined;
	readonly includeSelectors: boolean;
	readonly includeTemplates: boolean;
	readonly fields: readonly FieldSpecEntry[];
}

/** An entry of `images` (or `imageTags`). */
export interface ImageEntry extends Placed {
	readonly name: string;
	readonly newName: Field<string> | undefined;
	readonly tagSuffix: Field<string> | undefined;
	readonly newTag: Field<string> | undefined;
	readonly digest: Field<string> | undefined;
}

/** An entry of `replicas`. */
export interface ReplicaEntry extends Placed {
	readonly name: string;
	/** 0 where it is not given. */
	readonly count: Field<bigint>;
}

/** `options` of a replacement's source or target. */
export interface ReplacementOptions extends Placed {
	readonly delimiter: string;
	readonly index: number;
	readonly encoding: string;
	readonly create: boolean;
}

export interface ReplacementSource extends Placed {
	readonly group: string;
	readonly version: string;
	readonly kind: string;
	readonly name: string;
	readonly namespace: string;
	/** Empty where it is not given: then it is `metadata.name`. */
	readonly fieldPath: string;
	readonly fieldPathField: Field<string> | undefined;
	readonly options: ReplacementOptions | undefined;
}

export interface ReplacementTarget extends Placed {
	readonly select: Selector | undefined;
	readonly reject: readonly Selector[];
	readonly fieldPaths: readonly Field<string>[];
	readonly options: ReplacementOptions | undefined;
}

/** A replacement written out; `path` of an entry leads to a file with one or a list of these. */
export interface Replacement extends Placed {
	readonly source: ReplacementSource | undefined;
	readonly sourceValue: Field<string> | undefined;
	readonly targets: readonly ReplacementTarget[];
}

/** An entry of `replacements`. */
export interface ReplacementEntry extends Replacement {
	readonly path: Field<string> | undefined;
}

/** An entry of `vars`. */
export interface VarEntry extends Placed {
	readonly name: string;
	readonly objref: {
		readonly apiVersion: string;
		readonly group: string;
		readonly version: string;
		readonly kind: string;
		readonly name: string;
		readonly namespace: string;
	};
	/** `metadata.name` where it is not given. */
	readonly fieldPath: string;
}

/** `generatorOptions`, or `options` of one generator. */
export interface GeneratorOptions extends Placed {
	readonly labels: StringMap | undefined;
	readonly annotations: StringMap | undefined;
	readonly disableNameSuffixHash: boolean;
	readonly immutable: boolean;
}

/** An entry of `configMapGenerator` or `secretGenerator`, or the configuration of the plugin of that name. */
export interface GeneratorEntry extends Placed {
	readonly name: Field<string> | undefined;
	readonly namespace: Field<string> | undefined;
	readonly behavior: Field<string> | undefined;
	readonly literals: readonly Field<string>[];
	readonly files: readonly Field<string>[];
	/** `envs`, and `env` behind them. */
	readonly envs: readonly Field<string>[];
	/** Of a secret; empty is `Opaque`. */
	readonly type: Field<string> | undefined;
	readonly options: GeneratorOptions | undefined;
}

export interface SortOptions extends Placed {
	readonly order: string;
	readonly legacySortOptions:
		(Placed & { readonly orderFirst: readonly string[]; readonly orderLast: readonly string[] }) | undefined;
}

/** The whole file. Lists are empty where a field is absent or null. */
export interface Kustomization extends Placed {
	readonly file: FilePath;
	readonly node: MapNode;
	readonly kind: 'Kustomization' | 'Component';
	readonly openapi: { readonly path: Field<string> | undefined; readonly version: Field<string> | undefined };
	readonly namePrefix: Field<string> | undefined;
	readonly nameSuffix: Field<string> | undefined;
	readonly namespace: Field<string> | undefined;
	readonly commonLabels: StringMap | undefined;
	readonly labels: readonly LabelEntry[];
	readonly commonAnnotations: StringMap | undefined;
	readonly patchesStrategicMerge: readonly Field<string>[];
	readonly patchesJson6902: readonly PatchEntry[];
	readonly patches: readonly PatchEntry[];
	/** `images`, then `imageTags`. */
	readonly images: readonly ImageEntry[];
	readonly replacements: readonly ReplacementEntry[];
	readonly replicas: readonly ReplicaEntry[];
	readonly vars: readonly VarEntry[];
	readonly sortOptions: SortOptions | undefined;
	/** `resources`, then `bases`. */
	readonly resources: readonly Field<string>[];
	readonly components: readonly Field<string>[];
	readonly crds: readonly Field<string>[];
	readonly configMapGenerator: readonly GeneratorEntry[];
	readonly secretGenerator: readonly GeneratorEntry[];
	/** Charts to inflate; known and left out. */
	readonly helmCharts: readonly Placed[];
	readonly generatorOptions: GeneratorOptions | undefined;
	readonly configurations: readonly Field<string>[];
	readonly generators: readonly Field<string>[];
	readonly transformers: readonly Field<string>[];
	readonly validators: readonly Field<string>[];
	readonly buildMetadata: readonly Field<string>[];
}

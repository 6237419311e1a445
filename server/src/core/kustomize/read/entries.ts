/** Reads the entries that kustomization files and the configurations of built-in plugins have in common. */
import { addressOf } from '../../yaml/node';
import type { Fields } from './decode';
import type {
	Field,
	FieldSpecEntry,
	GeneratorEntry,
	GeneratorOptions,
	ImageEntry,
	LabelEntry,
	PatchEntry,
	Placed,
	Replacement,
	ReplacementEntry,
	ReplacementOptions,
	ReplacementSource,
	ReplacementTarget,
	ReplicaEntry,
	Selector,
	SortOptions,
	VarEntry,
} from './model';

function placed({ at, node }: Fields): Placed {
	return { at, node };
}

export function readSelector(fields: Fields): Selector {
	return {
		...placed(fields),
		group: fields.text('group'),
		version: fields.text('version'),
		kind: fields.text('kind'),
		name: fields.text('name'),
		namespace: fields.text('namespace'),
		annotationSelector: fields.text('annotationSelector'),
		labelSelector: fields.text('labelSelector'),
	};
}

export function readPatch(fields: Fields): PatchEntry {
	return {
		...placed(fields),
		path: fields.string('path'),
		patch: fields.string('patch'),
		target: fields.structAt('target', 'Selector', readSelector),
		options: fields.booleanMap('options'),
	};
}

export function readFieldSpec(fields: Fields): FieldSpecEntry {
	return {
		...placed(fields),
		group: fields.text('group'),
		version: fields.text('version'),
		kind: fields.text('kind'),
		path: fields.text('path'),
		create: fields.boolean('create'),
	};
}

export function readLabel(fields: Fields): LabelEntry {
	return {
		...placed(fields),
		pairs: fields.stringMap('pairs'),
		includeSelectors: fields.boolean('includeSelectors'),
		includeTemplates: fields.boolean('includeTemplates'),
		fields: fields.structs('fields', 'FieldSpec', readFieldSpec),
	};
}

export function readImage(fields: Fields): ImageEntry {
	return {
		...placed(fields),
		name: fields.text('name'),
		newName: fields.string('newName'),
		tagSuffix: fields.string('tagSuffix'),
		newTag: fields.string('newTag'),
		digest: fields.string('digest'),
	};
}

export function readReplica(fields: Fields): ReplicaEntry {
	const count = fields.integer('count') ?? { ...placed(fields), value: 0n };
	return { ...placed(fields), name: fields.text('name'), count };
}

export function readReplacementEntry(fields: Fields): ReplacementEntry {
	return { ...readReplacement(fields), path: fields.string('path') };
}

export function readReplacement(fields: Fields): Replacement {
	return {
		...placed(fields),
		source: fields.structAt('source', 'SourceSelector', readReplacementSource),
		sourceValue: fields.string('sourceValue') ?? emptyText(fields, 'sourceValue'),
		targets: fields.structs('targets', 'TargetSelector', readReplacementTarget),
	};
}

/** A string that was given and is empty, where that is not the same as none (`*string`). */
function emptyText(fields: Fields, name: string): Field<string> | undefined {
	const node = fields.value(name);
	return node?.kind === 'scalar' && node.text === '' ? { at: addressOf(node.origin), node, value: '' } : undefined;
}

function readReplacementSource(fields: Fields): ReplacementSource {
	return {
		...placed(fields),
		group: fields.text('group'),
		version: fields.text('version'),
		kind: fields.text('kind'),
		name: fields.text('name'),
		namespace: fields.text('namespace'),
		fieldPath: fields.text('fieldPath'),
		fieldPathField: fields.string('fieldPath'),
		options: fields.structAt('options', 'FieldOptions', readReplacementOptions),
	};
}

function readReplacementTarget(fields: Fields): ReplacementTarget {
	return {
		...placed(fields),
		select: fields.structAt('select', 'Selector', readSelector),
		reject: fields.structs('reject', 'Selector', readSelector),
		fieldPaths: fields.strings('fieldPaths'),
		options: fields.structAt('options', 'FieldOptions', readReplacementOptions),
	};
}

function readReplacementOptions(fields: Fields): ReplacementOptions {
	return {
		...placed(fields),
		delimiter: fields.text('delimiter'),
		index: Number(fields.integer('index')?.value ?? 0n),
		encoding: fields.text('encoding'),
		create: fields.boolean('create'),
	};
}

export function readVar(fields: Fields): VarEntry {
	const none = { apiVersion: '', group: '', version: '', kind: '', name: '', namespace: '' };
	const objref = fields.structAt('objref', 'Target', target => ({
		apiVersion: target.text('apiVersion'),
		group: target.text('group'),
		version: target.text('version'),
		kind: target.text('kind'),
		name: target.text('name'),
		namespace: target.text('namespace'),
	}));
	const fieldPath = fields.structAt('fieldref', 'FieldSelector', field => field.text('fieldpath'));
	return {
		...placed(fields),
		name: fields.text('name'),
		objref: objref ?? none,
		fieldPath: fieldPath || 'metadata.name',
	};
}

export function readGeneratorOptions(fields: Fields): GeneratorOptions {
	return {
		...placed(fields),
		labels: fields.stringMap('labels'),
		annotations: fields.stringMap('annotations'),
		disableNameSuffixHash: fields.boolean('disableNameSuffixHash'),
		immutable: fields.boolean('immutable'),
	};
}

/** An entry of a kustomization: `env` is the old spelling of one more entry of `envs` (`FixKustomization`). */
export function readGeneratorEntry(fields: Fields): GeneratorEntry {
	const env = fields.string('env');
	const entry = readGenerator(fields);
	return env ? { ...entry, envs: [...entry.envs, env] } : entry;
}

/** A generator as its plugin is configured, where `env` means nothing. */
export function readGenerator(fields: Fields): GeneratorEntry {
	return {
		...placed(fields),
		name: fields.string('name'),
		namespace: fields.string('namespace'),
		behavior: fields.string('behavior'),
		literals: fields.strings('literals'),
		files: fields.strings('files'),
		envs: fields.strings('envs'),
		type: fields.string('type'),
		options: fields.structAt('options', 'GeneratorOptions', readGeneratorOptions),
	};
}

export function readSortOptions(fields: Fields): SortOptions {
	return {
		...placed(fields),
		order: fields.text('order'),
		legacySortOptions: fields.structAt('legacySortOptions', 'LegacySortOptions', legacy => ({
			...placed(legacy),
			orderFirst: legacy.strings('orderFirst').map(field => field.value),
			orderLast: legacy.strings('orderLast').map(field => field.value),
		})),
	};
}

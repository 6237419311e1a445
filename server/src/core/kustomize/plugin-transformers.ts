/** The built-in transformers by the kind of the object that configures one, and how its fields are read (`api/internal/builtins`). */
import type { Address } from '../base/address';
import type { FieldSpec } from '../kube/kustomize-facts';
import type { Origin } from '../yaml/node';
import type { Fields } from './read/decode';
import { readImage, readPatch, readReplacementEntry, readReplica, readSelector } from './read/entries';
import type { Transformer } from './tracked';
import { addHashes } from './transformers/hash';
import { setImage } from './transformers/images';
import { setPairs } from './transformers/labels';
import { addAffix } from './transformers/name-affix';
import { type RoleBindingSubjects, setNamespace } from './transformers/namespace';
import { inlineStrategicMergePatches, json6902Patch, patch, strategicMergePatches } from './transformers/patch';
import { replacements } from './transformers/replacements';
import { setReplicas } from './transformers/replicas';
import { addValue, readTargets } from './transformers/value-add';
import { unchanged } from './transformers/each';

/** The configuration of one transformer. */
export interface PluginFields {
	readonly fields: Fields;
	readonly fieldSpecs: readonly FieldSpec[];
	readonly at: Address;
	/** Of what the transformer writes, where no single field of the configuration says it. */
	readonly origin: Origin;
}

/** Why a configuration cannot be used; `details` are kustomize's words. */
export interface Refusal {
	readonly at: Address;
	readonly message: string;
	readonly details: string;
}

type Configure = (plugin: PluginFields) => Transformer | Refusal;

const nothing: Transformer = (_context, resources) => unchanged(resources);

function affix(side: 'prefix' | 'suffix'): Configure {
	return ({ fields, fieldSpecs, at }) => {
		if (!fields.value('fieldSpecs')) {
			return { at, message: 'this transformer needs `fieldSpecs`', details: 'fieldSpecs is not expected to be nil' };
		}
		const field = fields.string(side) ?? { at, node: fields.node, value: '' };
		return addAffix(side, field, fieldSpecs);
	};
}

/** The older plugin that does both; an empty affix does nothing. */
const affixes: Configure = plugin => {
	const both = [affix('prefix')(plugin), affix('suffix')(plugin)];
	const refusal = both.find(each => typeof each !== 'function');
	return refusal ?? inTurn(both.filter(each => typeof each === 'function'));
};

const SUBJECTS: Readonly<Record<string, RoleBindingSubjects>> = {
	'': 'defaultOnly',
	defaultOnly: 'defaultOnly',
	allServiceAccounts: 'allServiceAccounts',
	none: 'none',
};

function namespace({ fields, fieldSpecs, at }: PluginFields): Transformer | Refusal {
	const value = fields.structAt('metadata', 'ObjectMeta', metadata => metadata.string('namespace'));
	const mode = fields.text('setRoleBindingSubjects');
	const subjects = SUBJECTS[mode];
	if (!subjects) {
		return {
			at: fields.string('setRoleBindingSubjects')?.at ?? at,
			message: `\`setRoleBindingSubjects\` must be defaultOnly, allServiceAccounts or none, not ${mode}`,
			details: `invalid value "${mode}" for setRoleBindingSubjects: must be one of "defaultOnly", "allServiceAccounts" or "none"`,
		};
	}
	const unsetOnly = fields.boolean('unsetOnly');
	return value ? setNamespace(value, { specs: fieldSpecs, subjects, fields: unsetOnly ? 'unset' : 'all' }) : nothing;
}

function strategicMerge({ fields, at }: PluginFields): Transformer | Refusal {
	const paths = fields.strings('paths');
	const patches = fields.string('patches');
	if (paths.length === 0 && !patches)
		return {
			at,
			message: 'this transformer needs `paths` or `patches`',
			details: 'empty file path and empty patch content',
		};
	const steps = [
		...(paths.length > 0 ? [strategicMergePatches(paths)] : []),
		...(patches ? [inlineStrategicMergePatches(patches)] : []),
	];
	return inTurn(steps);
}

/** Transformers one after the other, as one. */
function inTurn(steps: readonly Transformer[]): Transformer {
	return (context, resources) =>
		steps.reduce((before, step) => {
			const after = step(context, before.resources);
			return {
				resources: after.resources,
				problems: [...before.problems, ...after.problems],
				applications: [...before.applications, ...after.applications],
			};
		}, unchanged(resources));
}

function json6902({ fields, at }: PluginFields): Transformer | Refusal {
	const path = fields.string('path');
	const operations = fields.string('jsonOp');
	if (!path && !operations)
		return { at, message: 'this transformer needs `path` or `jsonOp`', details: 'empty file path and empty jsonOp' };
	const target = fields.structAt('target', 'Selector', readSelector);
	return json6902Patch({ at, node: fields.node, path, patch: operations, target, options: {} });
}

function valueAdd({ fields, at, origin }: PluginFields): Transformer {
	const value = fields.string('value');
	const from: Origin = value ? { ...value.node.origin, step: 'transformer' } : origin;
	return addValue({ at, value, origin: from, targets: readTargets(fields), file: fields.string('targetFilePath') });
}

function image({ fields, fieldSpecs }: PluginFields): Transformer {
	const entry = fields.structAt('imageTag', 'Image', readImage);
	return entry ? setImage(entry, fieldSpecs) : nothing;
}

function replica({ fields, fieldSpecs }: PluginFields): Transformer {
	const entry = fields.structAt('replica', 'Replica', readReplica);
	return entry ? setReplicas(entry, fieldSpecs) : nothing;
}

/** Every kind of transformer that kustomize has built in. */
export const PLUGINS: Readonly<Record<string, Configure>> = {
	AnnotationsTransformer: ({ fields, fieldSpecs, at }) =>
		setPairs('annotations', at, fields.stringMap('annotations'), fieldSpecs),
	HashTransformer:
		({ at }) =>
		({ db }, resources) =>
			addHashes(db, at, resources),
	ImageTagTransformer: image,
	LabelTransformer: ({ fields, fieldSpecs, at }) => setPairs('labels', at, fields.stringMap('labels'), fieldSpecs),
	NamespaceTransformer: namespace,
	PatchJson6902Transformer: json6902,
	PatchStrategicMergeTransformer: strategicMerge,
	PatchTransformer: ({ fields }) => patch(readPatch(fields)),
	PrefixSuffixTransformer: affixes,
	PrefixTransformer: affix('prefix'),
	SuffixTransformer: affix('suffix'),
	ReplacementTransformer: ({ fields }) =>
		replacements(fields.structs('replacements', 'ReplacementField', readReplacementEntry)),
	ReplicaCountTransformer: replica,
	ValueAddTransformer: valueAdd,
};

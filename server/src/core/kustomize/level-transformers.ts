/** Runs the transformers of one kustomization: those that its fields stand for, in kustomize's order, then what `transformers` lists. */
import type { Problem } from '../base/problem';
import type { FieldSpec } from '../kube/kustomize-facts';
import { type Accumulation, contextOf, type Level } from './accumulate';
import { withTransformationNote } from './build-notes';
import { mergeFieldSpecs, type TransformerConfiguration } from './configuration';
import { asFieldSpec } from './configuration-files';
import { noteOf, pluginConfigs } from './level-generators';
import { bookAnnotations } from './internal-annotations';
import { configuredTransformer } from './plugins';
import type { Kustomization, LabelEntry } from './read/model';
import type { BuildNote, Tracked, Transformed, Transformer } from './tracked';
import type { Node } from '../yaml/node';
import { setImage } from './transformers/images';
import { setPairs } from './transformers/labels';
import { addAffix } from './transformers/name-affix';
import { setNamespace } from './transformers/namespace';
import { json6902Patch, patch, strategicMergePatches } from './transformers/patch';
import { replacements } from './transformers/replacements';
import { setReplicas } from './transformers/replicas';

/** A transformer with the name of the plugin that does the same (`builtinhelpers.BuiltinPluginType`). */
interface Step {
	readonly plugin: string;
	readonly run: Transformer;
}

/** Runs the level's transformers over what there is. */
export function runTransformers(level: Level, before: Accumulation): Accumulation {
	let state = before;
	for (const { plugin, run } of fieldSteps(level, state)) state = runOne(level, state, run, noteOf(level, plugin));
	if (level.kustomization.transformers.length === 0) return state;
	const plugins = pluginConfigs(level, state, level.kustomization.transformers);
	state = plugins.state;
	for (const { config, note } of plugins.configs) {
		const { transformer, problems } = configuredTransformer(config);
		state = { ...state, problems: [...state.problems, ...problems] };
		if (transformer) state = runOne(level, state, transformer, note);
	}
	return state;
}

/** Runs what `validators` lists. A validator may not change anything. */
export function runValidators(level: Level, before: Accumulation): Accumulation {
	if (level.kustomization.validators.length === 0) return before;
	const plugins = pluginConfigs(level, before, level.kustomization.validators);
	const problems: Problem[] = [];
	const resources = before.resources.map(each => ({ ...each, node: watched(each.node) }));
	for (const { config } of plugins.configs) {
		const { transformer, problems: wrong } = configuredTransformer(config);
		problems.push(...wrong);
		const result = transformer?.(contextOf(level, plugins.state), resources);
		problems.push(...(result?.problems ?? []));
		if (result && (hasPatched(result) || !sameResources(resources, result.resources))) {
			problems.push({
				code: 'kustomize/invalid-plugin',
				severity: 'error',
				fatal: true,
				message: `${config.id.kind} changes resources, which a validator may not do; list it in \`transformers\``,
				at: config.from,
				details: "validator shouldn't modify the resource map",
			});
		}
	}
	return { ...plugins.state, problems: [...plugins.state.problems, ...problems] };
}

/** Kustomize compares nodes, not what they say: who writes what stands there already has changed it. */
function watched<N extends Node>(node: N): N;
function watched(node: Node): Node {
	switch (node.kind) {
		case 'scalar':
			return { ...node, isWatched: true };
		case 'seq':
			return { ...node, items: node.items.map(item => watched(item)) };
		case 'map':
			return { ...node, entries: node.entries.map(entry => ({ ...entry, value: watched(entry.value) })) };
	}
}

/** A patch makes what it is applied to anew, even where that says the same then. */
function hasPatched({ applications }: Transformed): boolean {
	return applications.some(({ step, matched }) => step === 'patch' && matched.length > 0);
}

/** Kustomize's books count, too: a transformer that may rename notes the old name also where it keeps it. */
function sameResources(before: readonly Tracked[], after: readonly Tracked[]): boolean {
	return (
		before.length === after.length &&
		after.every((resource, i) => {
			const old = before[i]!;
			if (resource === old) return true;
			const texts = (each: Tracked) => JSON.stringify([...bookAnnotations(each)]);
			return resource.node === old.node && texts(resource) === texts(old);
		})
	);
}

function runOne(level: Level, state: Accumulation, run: Transformer, note: BuildNote | undefined): Accumulation {
	const result = run(contextOf(level, state), state.resources);
	const kept = result.resources.some(({ node }) => node.entries.length === 0)
		? result.resources.filter(({ node }) => node.entries.length > 0)
		: result.resources;
	return {
		...state,
		resources: note ? kept.map(resource => withTransformationNote(resource, note)) : kept,
		problems: result.problems.length > 0 ? [...state.problems, ...result.problems] : state.problems,
		applications: [...state.applications, ...result.applications],
	};
}

/** `configureBuiltinTransformers`: the order is kustomize's. */
function fieldSteps({ kustomization }: Level, { configuration }: Accumulation): readonly Step[] {
	const { patchesStrategicMerge, namespace, namePrefix, nameSuffix, commonAnnotations } = kustomization;
	return [
		...(patchesStrategicMerge.length > 0
			? [{ plugin: 'PatchStrategicMergeTransformer', run: strategicMergePatches(patchesStrategicMerge) }]
			: []),
		...kustomization.patches.map(entry => ({ plugin: 'PatchTransformer', run: patch(entry) })),
		...(namespace
			? [
					{
						plugin: 'NamespaceTransformer',
						run: setNamespace(namespace, { specs: configuration.namespace, subjects: 'defaultOnly', fields: 'all' }),
					},
				]
			: []),
		...(namePrefix
			? [{ plugin: 'PrefixTransformer', run: addAffix('prefix', namePrefix, configuration.namePrefix) }]
			: []),
		...(nameSuffix
			? [{ plugin: 'SuffixTransformer', run: addAffix('suffix', nameSuffix, configuration.nameSuffix) }]
			: []),
		...labelSteps(kustomization, configuration),
		...(commonAnnotations && commonAnnotations.entries.length > 0
			? [
					{
						plugin: 'AnnotationsTransformer',
						run: setPairs('annotations', commonAnnotations.at, commonAnnotations, configuration.commonAnnotations),
					},
				]
			: []),
		...kustomization.patchesJson6902.map(entry => ({ plugin: 'PatchJson6902Transformer', run: json6902Patch(entry) })),
		...kustomization.replicas.map(entry => ({
			plugin: 'ReplicaCountTransformer',
			run: setReplicas(entry, configuration.replicas),
		})),
		...kustomization.images.map(entry => ({
			plugin: 'ImageTagTransformer',
			run: setImage(entry, configuration.images),
		})),
		...(kustomization.replacements.length > 0
			? [{ plugin: 'ReplacementTransformer', run: replacements(kustomization.replacements) }]
			: []),
	];
}

const METADATA_LABELS: FieldSpec = { path: 'metadata/labels', create: true };

/** `labels` first, then `commonLabels`, which runs even without pairs where there are `labels`. */
function labelSteps(kustomization: Kustomization, configuration: TransformerConfiguration): readonly Step[] {
	const { labels, commonLabels } = kustomization;
	const hasCommon = commonLabels !== undefined && commonLabels.entries.length > 0;
	if (labels.length === 0 && !hasCommon) return [];
	const common = setPairs('labels', commonLabels?.at ?? kustomization.at, commonLabels, configuration.commonLabels);
	return [...labels.map(entry => labelStep(entry, configuration)), { plugin: 'LabelTransformer', run: common }];
}

function labelStep(entry: LabelEntry, configuration: TransformerConfiguration): Step {
	const problems: Problem[] = [];
	const conflict = (spec: FieldSpec) =>
		problems.push({
			code: 'kustomize/invalid-configuration',
			severity: 'error',
			fatal: true,
			message: `\`fields\` and kustomize's own fields disagree on \`create\` for \`${spec.path}\``,
			at: entry.at,
			details: 'conflicting fieldspecs',
		});
	const own: readonly FieldSpec[] = entry.fields.map(asFieldSpec);
	// A spec for one kind that comes first keeps out a later one of the same path for all kinds.
	const more = [
		...configuration.labels,
		...(entry.includeSelectors
			? configuration.commonLabels
			: [...(entry.includeTemplates ? configuration.templateLabels : []), METADATA_LABELS]),
	];
	const specs = mergeFieldSpecs(own, more, conflict);
	const run = setPairs('labels', entry.at, entry.pairs, specs);
	return {
		plugin: 'LabelTransformer',
		run: (context, resources) => {
			const result = run(context, resources);
			return problems.length > 0 ? { ...result, problems: [...result.problems, ...problems] } : result;
		},
	};
}

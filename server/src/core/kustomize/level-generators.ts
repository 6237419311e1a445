/** Runs the generators of one kustomization: ConfigMaps, Secrets, then what `generators` lists (`KustTarget.runGenerators`). */
import { basename } from '../base/paths';
import type { Problem } from '../base/problem';
import { addUnique } from './add-unique';
import { addResources, type Accumulation, contextOf, type Level } from './accumulate';
import { appendPath, fieldNote, pluginNote, withOriginNote } from './build-notes';
import { absorb } from './generators/absorb';
import { generate } from './generators/generate';
import { inlineManifests } from './manifests';
import { runGenerator, WITHOUT_HELM } from './plugins';
import type { Field } from './read/model';
import type { BuildNote, Tracked } from './tracked';
import type { Address } from '../base/address';

/** Adds what the level generates. */
export function runGenerators(level: Level, before: Accumulation): Accumulation {
	const { kustomization } = level;
	const { generatorOptions } = kustomization;
	let state = before;
	for (const [kind, entries] of [
		['ConfigMap', kustomization.configMapGenerator],
		['Secret', kustomization.secretGenerator],
	] as const) {
		for (const entry of entries) {
			const generated = generate(contextOf(level, state), kind, entry, generatorOptions);
			state = { ...state, problems: [...state.problems, ...generated.problems] };
			if (generated.resource) state = add(state, generated.resource, noteOf(level, `${kind}Generator`), entry.at);
		}
	}
	for (const { at } of kustomization.helmCharts) state = withProblem(state, helmProblem(at));
	if (kustomization.generators.length === 0) return state;
	const plugins = pluginConfigs(level, state, kustomization.generators);
	state = plugins.state;
	for (const { config, note } of plugins.configs) {
		const generated = runGenerator(contextOf(level, state), config);
		state = { ...state, problems: [...state.problems, ...generated.problems] };
		if (generated.resource) state = add(state, generated.resource, note, config.from);
	}
	return state;
}

function add(state: Accumulation, generated: Tracked, note: BuildNote | undefined, at: Address): Accumulation {
	const { resources, problem } = absorb(state.resources, note ? withOriginNote(generated, note) : generated);
	const changed = resources !== state.resources;
	const application = { step: 'generator', at, matched: changed ? [generated.id] : [], changed } as const;
	const next = { ...state, resources, applications: [...state.applications, application] };
	return problem ? withProblem(next, problem) : next;
}

function withProblem(state: Accumulation, problem: Problem): Accumulation {
	return { ...state, problems: [...state.problems, problem] };
}

function helmProblem(at: Address): Problem {
	return {
		code: 'kustomize/not-supported',
		severity: 'information',
		message: 'helm charts are not inflated here; what this one would bring is left out',
		at,
		details: WITHOUT_HELM,
	};
}

/** A note on a step of the level's own fields, where notes are kept. */
export function noteOf({ kustomization, options }: Level, kind: string): BuildNote | undefined {
	if (options.notesPath === undefined) return undefined;
	return fieldNote(appendPath(options.notesPath, basename(kustomization.file)), kind);
}

/** One object that configures a plugin. */
export interface PluginConfig {
	readonly config: Tracked;
	readonly note: BuildNote | undefined;
}

/**
 * The objects that a list of plugins names: those written in the list itself, then those of files and directories
 * (`configureExternalGenerators`, `configureExternalTransformers`).
 */
export function pluginConfigs(
	level: Level,
	state: Accumulation,
	entries: readonly Field<string>[],
): { readonly state: Accumulation; readonly configs: readonly PluginConfig[] } {
	const { notesPath } = level.options;
	const paths: Field<string>[] = [];
	const problems: Problem[] = [];
	let inline: readonly Tracked[] = [];
	const known = new Map<string, Tracked>();
	for (const entry of entries) {
		const manifests = entry.node.kind === 'scalar' ? inlineManifests(entry.node) : undefined;
		if (manifests) {
			const added = addUnique(inline, manifests.resources, entry, known);
			inline = added.resources;
			problems.push(...added.problems);
		} else if (entry.value.trim() !== '') paths.push(entry);
	}
	const path = notesPath === undefined ? undefined : appendPath(notesPath, basename(level.kustomization.file));
	const noted = path === undefined ? inline : inline.map(config => withOriginNote(config, { path }));
	const gathered = addResources(level, { ...state, resources: noted, problems }, paths);
	const configs = gathered.resources.map(config => ({
		config,
		note: notesPath === undefined ? undefined : pluginNote(config),
	}));
	return {
		state: {
			...state,
			problems: [...state.problems, ...gathered.problems],
			applications: gathered.applications,
			files: gathered.files,
			directories: gathered.directories,
			openApi: gathered.openApi,
		},
		configs,
	};
}

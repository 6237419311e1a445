/**
 * Builds one kustomization up to the point where it can stand in another one: resources, generators, components, transformers,
 * validators, vars (`api/internal/target.KustTarget.accumulateTarget`). Hashes and references wait for the root. Remembered by
 * directory, so that a base is built once however many overlays stand on it.
 */
import { type FilePath, isKustomizationFile } from '../base/paths';
import type { Problem } from '../base/problem';
import { type Database, query } from '../base/query';
import { kustomizeScope } from '../kube/kustomize-facts';
import { appendPath, withOriginNote } from './build-notes';
import type { Application } from './build';
import { mergeConfigurations, NO_CONFIGURATION, type TransformerConfiguration } from './configuration';
import { configurationOf, crdConfiguration } from './configuration-files';
import { closesCycle, wayBetween } from './graph';
import { directoryWithoutFile } from './directory-without-file';
import { findComponent, findResource, loadFile, type LoadRestrictor } from './loader';
import { survived } from '../workspace/inputs';
import {
	broughtBy,
	buildName,
	kustomizationAsResource,
	tooMuch,
	withoutResources,
	wrongComponentKind,
} from './accumulation-problems';
import { addUnique } from './add-unique';
import { identityKey } from './identity';
import { runGenerators } from './level-generators';
import { runTransformers, runValidators } from './level-transformers';
import { manifestsOf } from './manifests';
import { asFarAsKnown } from './left-out';
import { kustomizationOf, type ReadKustomization } from './read/kustomization';
import type { Field, Kustomization } from './read/model';
import type { OpenApi, Tracked, TransformContext } from './tracked';
import { declareVars, type DeclaredVars, mergeVarSets, NO_VARS } from './vars-accumulation';

/** How a directory is accumulated; with the directory the key under which the result is remembered. */
export interface AccumulateOptions {
	readonly restrictor: LoadRestrictor;
	/** The OpenAPI file that an earlier kustomization of the build set; the first one counts (`openapi.SetSchema`). */
	readonly openApi: OpenApi | undefined;
	/** The directory as seen from the one that is built, where origins are to be noted. */
	readonly notesPath: string | undefined;
}

/** What a kustomization amounts to so far. Everything in it is immutable; steps make new ones. */
export interface Accumulation {
	readonly resources: readonly Tracked[];
	readonly configuration: TransformerConfiguration;
	readonly vars: DeclaredVars;
	readonly openApi: OpenApi | undefined;
	readonly problems: readonly Problem[];
	readonly applications: readonly Application[];
	readonly files: ReadonlySet<FilePath>;
	readonly directories: ReadonlySet<FilePath>;
}

/** A kustomization that is being accumulated, and what it may use. */
export interface Level {
	readonly db: Database;
	readonly directory: FilePath;
	readonly kustomization: Kustomization;
	readonly options: AccumulateOptions;
	/** Every file that is read is noted here. */
	readonly files: Set<FilePath>;
	/** How many components have run in the accumulation that this level is a part of. */
	readonly run: { components: number };
}

const NOTHING: Accumulation = {
	resources: [],
	configuration: NO_CONFIGURATION,
	vars: NO_VARS,
	openApi: undefined,
	problems: [],
	applications: [],
	files: new Set(),
	directories: new Set(),
};

const accumulationQuery = query<Accumulation>('accumulation', (db, key) => {
	const [directory, options] = JSON.parse(key) as [FilePath, AccumulateOptions];
	const read = kustomizationOf(db, directory);
	const otherwise = { ...NOTHING, openApi: options.openApi, ...withoutResources(directory, read.file) };
	return survived(db, buildName(directory), () => accumulateRead(db, directory, read, options), otherwise);
});

/** Accumulates a directory, once for equal options. */
export function accumulate(db: Database, directory: FilePath, options: AccumulateOptions): Accumulation {
	const { restrictor, openApi, notesPath } = options;
	return db.get(accumulationQuery, JSON.stringify([directory, { restrictor, openApi, notesPath }]));
}

/** Accumulates a kustomization that stands in for the directory's own. */
export function accumulateRead(
	db: Database,
	directory: FilePath,
	read: ReadKustomization,
	options: AccumulateOptions,
): Accumulation {
	const start: Accumulation = {
		...NOTHING,
		openApi: options.openApi,
		problems: read.problems,
		directories: new Set([directory]),
		files: new Set(read.file ? [read.file] : []),
	};
	if (!read.kustomization) return start;
	const level: Level = {
		db,
		directory,
		kustomization: read.kustomization,
		options,
		files: new Set(start.files),
		run: { components: 0 },
	};
	return runLevel(level, withOpenApi(level, start));
}

/** The context that the level's transformers and generators work in. */
export function contextOf({ db, directory, options, files }: Level, { openApi }: Accumulation): TransformContext {
	return {
		db,
		directory,
		openApi,
		load: (path, at) => {
			const loaded = loadFile(db, directory, path, at, options.restrictor);
			if (loaded.kind !== 'problem') files.add(loaded.file);
			return loaded;
		},
	};
}

/** Adds to what is there; for a component that is its parent's accumulation. */
function runLevel(level: Level, before: Accumulation): Accumulation {
	const { kustomization } = level;
	let state = addResources(level, before, kustomization.resources);
	state = addConfigurations(level, state);
	const certain = state.problems;
	state = runGenerators(level, state);
	for (const entry of kustomization.components) state = addComponent(level, state, entry);
	state = runTransformers(level, state);
	state = runValidators(level, state);
	const declared = declareVars(state.resources, state.vars, kustomization.vars);
	return {
		...state,
		resources: declared.resources,
		vars: declared.vars,
		problems: [...certain, ...asFarAsKnown([...state.problems.slice(certain.length), ...declared.problems], certain)],
		files: new Set([...state.files, ...level.files]),
	};
}

/** `openapi.path` and `openapi.version` (`openapi.SetSchema`): the first file of a build stays. */
function withOpenApi(level: Level, state: Accumulation): Accumulation {
	const { path, version } = level.kustomization.openapi;
	const problems: Problem[] = [];
	const common = { code: 'kustomize/invalid-openapi', severity: 'error', fatal: true } as const;
	if (path && version) {
		const message = '`openapi` has both `path` and `version`; keep one of them';
		const details = 'builtin version and custom schema provided, cannot use both';
		problems.push({ ...common, message, at: version.at, details });
	}
	if (version && version.value !== BUILT_IN_OPENAPI) {
		const message = `kustomize has only the OpenAPI version ${BUILT_IN_OPENAPI} built in, not ${version.value}`;
		problems.push({ ...common, message, at: version.at, details: 'the specified OpenAPI version is not built in' });
	}
	let openApi: OpenApi | undefined;
	if (path) {
		const loaded = contextOf(level, state).load(path.value, path.at);
		if (loaded.kind === 'problem') problems.push(loaded.problem);
		else openApi = { file: loaded.file, besides: isBuiltInInUse(state) ? 'built-in' : 'nothing' };
	}
	return { ...state, openApi: state.openApi ?? openApi, problems: [...state.problems, ...problems] };
}

/**
 * Kustomize reads its own OpenAPI when it first meets a kind whose scope it cannot tell without; a file that is set later, by a
 * component, comes on top of it.
 */
function isBuiltInInUse({ resources }: Accumulation): boolean {
	return resources.some(({ id }) => kustomizeScope(id) === undefined);
}

const BUILT_IN_OPENAPI = 'v1.21.2';

/** Adds what the entries of `resources` (or of a list of plugins) name: files and whole directories. */
export function addResources(level: Level, before: Accumulation, entries: readonly Field<string>[]): Accumulation {
	// A tree lists dozens of directories in one place: what they read is gathered in one set, not in a new one for each.
	const read: Gathered = {
		applications: [...before.applications],
		files: new Set(before.files),
		directories: new Set(before.directories),
	};
	const gathered = new Set<object>([...before.applications, ...before.problems]);
	let state: Accumulation = { ...before, ...read };
	const known = new Map(before.resources.map(resource => [identityKey(resource.id), resource]));
	for (const entry of entries) {
		const target = findResource(level.db, level.directory, entry.value, entry.at, level.options.restrictor);
		switch (target.kind) {
			case 'problem':
				state = { ...state, problems: [...state.problems, target.problem] };
				break;
			case 'file':
				state = addFile(level, state, entry, target.file, known);
				break;
			case 'directory':
				state = addDirectory(level, state, entry, target.directory, known, read, gathered);
				break;
		}
	}
	return state;
}

/** The parts of an accumulation that only ever grow; no result shares them while they do. */
interface Gathered {
	readonly applications: Application[];
	readonly files: Set<FilePath>;
	readonly directories: Set<FilePath>;
}

function addFile(
	level: Level,
	state: Accumulation,
	entry: Field<string>,
	file: FilePath,
	known: Map<string, Tracked>,
): Accumulation {
	const loaded = loadFile(level.db, level.directory, entry.value, entry.at, level.options.restrictor);
	if (loaded.kind === 'problem') return { ...state, problems: [...state.problems, loaded.problem] };
	level.files.add(file);
	const manifests = manifestsOf(level.db, file);
	if (isKustomizationFile(file) && manifests.resources.length === 0) {
		const problem = kustomizationAsResource(entry, level.kustomization.file === file);
		return { ...state, problems: [...state.problems, problem] };
	}
	const { notesPath } = level.options;
	const noted =
		notesPath === undefined
			? manifests.resources
			: manifests.resources.map(each => withOriginNote(each, { path: appendPath(notesPath, entry.value) }));
	const added = addUnique(state.resources, noted, entry, known);
	return {
		...state,
		resources: added.resources,
		problems: [
			...state.problems,
			...manifests.problems.map(problem => broughtBy(entry, problem)),
			...manifests.duplicates,
			...added.problems,
		],
	};
}

function addDirectory(
	level: Level,
	state: Accumulation,
	entry: Field<string>,
	directory: FilePath,
	known: Map<string, Tracked>,
	read: Gathered,
	gathered: Set<object>,
): Accumulation {
	const cycle = cycleProblem(level, entry, directory);
	if (cycle) return { ...state, problems: [...state.problems, cycle] };
	if (kustomizationOf(level.db, directory).kustomization?.kind === 'Component') {
		const problem = wrongComponentKind('component-as-resource', entry, directory);
		return { ...state, problems: [...state.problems, problem] };
	}
	const child = accumulate(level.db, directory, childOptions(level, state, entry));
	if (state.resources.length + child.resources.length > MAX_RESOURCES)
		return { ...state, problems: [...state.problems, tooMuch(entry, `more than ${MAX_RESOURCES} resources`)] };
	const added = addUnique(state.resources, child.resources, entry, known);
	// What several entries are built on is told once; else it would double with each level above.
	const isNew = (each: object) => !gathered.has(each) && gathered.add(each);
	const problems = childProblems(level, child.problems, entry, directory).filter(isNew);
	problems.push(...added.problems);
	const configuration = mergeConfigurations(state.configuration, child.configuration, entry.at, problems);
	const vars = mergeVarSets(state.vars, child.vars, entry.at, problems);
	for (const application of child.applications) if (isNew(application)) read.applications.push(application);
	for (const file of child.files) read.files.add(file);
	for (const each of child.directories) read.directories.add(each);
	return {
		...state,
		resources: added.resources,
		configuration,
		vars,
		openApi: child.openApi,
		problems: [...state.problems, ...problems],
	};
}

/** More than this nobody builds; directories that are listed twice, each of them again twice, and so on, would be beyond every memory. */
const MAX_RESOURCES = 10_000;
const MAX_COMPONENTS = 5_000;

/** Where the directory has no kustomization file, it is the entry that is wrong. */
function childProblems(
	{ db, directory }: Level,
	problems: readonly Problem[],
	entry: Field<string>,
	to: FilePath,
): readonly Problem[] {
	if (!problems.some(problem => problem.code === 'kustomize/no-kustomization-file')) return problems;
	return problems.map(problem =>
		problem.code === 'kustomize/no-kustomization-file' && problem.at.path.length === 0
			? directoryWithoutFile(db, directory, entry, to, problem)
			: problem,
	);
}

function childOptions(level: Level, state: Accumulation, entry: Field<string>): AccumulateOptions {
	const { restrictor, notesPath } = level.options;
	return {
		restrictor,
		openApi: state.openApi,
		notesPath: notesPath === undefined ? undefined : appendPath(notesPath, entry.value),
	};
}

/** Runs a component on what there is (`accumulateComponents`). */
function addComponent(level: Level, state: Accumulation, entry: Field<string>): Accumulation {
	const target = findComponent(level.db, level.directory, entry.value, entry.at);
	if (target.kind === 'problem') return { ...state, problems: [...state.problems, target.problem] };
	if (target.kind === 'file') return state;
	const { directory } = target;
	const cycle = cycleProblem(level, entry, directory);
	if (cycle) return { ...state, problems: [...state.problems, cycle] };
	const read = kustomizationOf(level.db, directory);
	const start = {
		...state,
		problems: [...state.problems, ...childProblems(level, read.problems, entry, directory)],
		directories: new Set([...state.directories, directory]),
	};
	if (!read.kustomization) return start;
	if (read.kustomization.kind !== 'Component') {
		return { ...start, problems: [...start.problems, wrongComponentKind('resource-as-component', entry, directory)] };
	}
	if (++level.run.components > MAX_COMPONENTS)
		return { ...start, problems: [...start.problems, tooMuch(entry, `components more than ${MAX_COMPONENTS} times`)] };
	const options = childOptions(level, state, entry);
	const component: Level = {
		db: level.db,
		directory,
		kustomization: read.kustomization,
		options,
		files: new Set([read.file!]),
		run: level.run,
	};
	return runLevel(component, withOpenApi(component, start));
}

function cycleProblem(
	{ db, directory, kustomization }: Level,
	entry: Field<string>,
	to: FilePath,
): Problem | undefined {
	if (!closesCycle(db, directory, to)) return undefined;
	const itself = to === directory ? 'this kustomization itself' : 'a directory that this kustomization is part of';
	return {
		code: 'kustomize/cycle',
		severity: 'error',
		fatal: true,
		message: `\`${entry.value}\` goes round in a circle: it leads to ${itself}, or to one that is built on it`,
		at: entry.at,
		related: [
			...wayBetween(db, to, directory).map(({ at }) => ({ message: 'the way goes on here', at })),
			{ message: 'the kustomization that would be built on itself', at: kustomization.at },
		],
		// Where kustomize gives up depends on where it began; from here, it comes back to here.
		details: `cycle detected: candidate root '${directory}' contains visited root '${directory}'`,
	};
}

function addConfigurations(level: Level, state: Accumulation): Accumulation {
	const { configurations, crds, at } = level.kustomization;
	const problems: Problem[] = [];
	const context = contextOf(level, state);
	const own = configurationOf(context, configurations, problems);
	let configuration = mergeConfigurations(state.configuration, own, configurations[0]?.at ?? at, problems);
	if (crds.length > 0) {
		const more = crdConfiguration(context, crds, problems);
		configuration = mergeConfigurations(configuration, more, crds[0]!.at, problems);
	}
	return { ...state, configuration, problems: [...state.problems, ...problems] };
}

/** The result of building one kustomization, with everything that later layers ask of it. */
import type { Address } from '../base/address';
import type { FilePath } from '../base/paths';
import type { Problem } from '../base/problem';
import { type Database, query } from '../base/query';
import type { ResourceId } from '../kube/resource-id';
import { type Resource, sharingResources } from '../kube/resource';
import { realPath, survived } from '../workspace/inputs';
import { addressOf, type MapNode, type Step } from '../yaml/node';
import { buildName, withoutResources } from './accumulation-problems';
import { accumulate, accumulateRead, type AccumulateOptions } from './accumulate';
import { finish } from './finish';
import { containingEdges } from './graph';
import { asFarAsKnown } from './left-out';
import { kustomizationOf, readNode, type ReadKustomization } from './read/kustomization';

/** What one entry of a kustomization did: one patch, one image, one replacement target, one generator. */
export interface Application {
	readonly step: Step;
	/** The entry in the kustomization file (or the patch file's document, where the entry names a file). */
	readonly at: Address;
	/** The resources that it selected, by the ids they had then. */
	readonly matched: readonly ResourceId[];
	/** Whether any of them is another object after it. */
	readonly changed: boolean;
}

export interface Build {
	readonly directory: FilePath;
	/**
	 * In build order: depth first, as listed; where the root has `sortOptions`, as these say. Present as far as possible even
	 * where the build failed.
	 */
	readonly resources: readonly Resource[];
	/** Whether the root's `sortOptions` chose the order; then no command sorts the output again. */
	readonly order: 'build' | 'sortOptions';
	/** Of this directory and all below it. */
	readonly problems: readonly Problem[];
	/** Whether the real tool would have failed: some problem is fatal. */
	readonly failed: boolean;
	readonly applications: readonly Application[];
	/** Every file that was read, kustomization files included. */
	readonly files: ReadonlySet<FilePath>;
	/** The directories whose kustomizations took part, bases and components included. */
	readonly directories: ReadonlySet<FilePath>;
}

export interface BuildOptions {
	/**
	 * Where files may stand: below the kustomization's directory; anywhere; or, as for Flux, whose controller sees one repository, anywhere in
	 * the repositories of the open folders.
	 */
	readonly loadRestrictor: 'LoadRestrictionsRootOnly' | 'LoadRestrictionsNone' | 'RepositoryOnly';
	/** Replaces what the directory's kustomization file says; Flux's controller edits it before it builds. */
	readonly kustomization?: MapNode;
	/** Labels every object as kustomize's, as `--add-managedby-label` does. */
	readonly managedBy?: 'label';
}

const buildQueries = {
	LoadRestrictionsRootOnly: query<Build>(
		'build',
		(db, directory) => buildNow(db, directory, { loadRestrictor: 'LoadRestrictionsRootOnly' }),
		Object.is,
		sharingBuild,
	),
	LoadRestrictionsNone: query<Build>(
		'buildUnrestricted',
		(db, directory) => buildNow(db, directory, { loadRestrictor: 'LoadRestrictionsNone' }),
		Object.is,
		sharingBuild,
	),
	RepositoryOnly: query<Build>(
		'buildInRepository',
		(db, directory) => buildNow(db, directory, { loadRestrictor: 'RepositoryOnly' }),
		Object.is,
		sharingBuild,
	),
};

/** The new build with the old one's objects, where they are the same: hashes and references make all of them anew each time. */
export function sharingBuild(before: Build, made: Build): Build {
	return { ...made, resources: sharingResources(before.resources, made.resources) };
}

/**
 * Builds a directory as `kustomize build` does, in build order. Never throws for what users write. Remembered by directory, except
 * where `options` say more than the load restrictor.
 */
export function build(db: Database, directory: FilePath, options: BuildOptions): Build {
	return options.kustomization || options.managedBy
		? buildNow(db, directory, options)
		: db.get(buildQueries[options.loadRestrictor], directory);
}

/** The remembered build of a directory as it stands. */
export function buildQuery(db: Database, directory: FilePath, loadRestrictor: BuildOptions['loadRestrictor']): Build {
	return db.get(buildQueries[loadRestrictor], directory);
}

function buildNow(db: Database, named: FilePath, options: BuildOptions): Build {
	const directory = db.read(realPath, named) ?? named;
	const read = rootOf(db, directory, options);
	const otherwise: Build = {
		directory,
		resources: [],
		order: 'build',
		failed: false,
		applications: [],
		...withoutResources(directory, read.file),
	};
	return survived(db, buildName(directory), () => buildRead(db, directory, read, options), otherwise);
}

function buildRead(db: Database, directory: FilePath, read: ReadKustomization, options: BuildOptions): Build {
	const notes = (read.kustomization?.buildMetadata ?? []).length > 0;
	const level: AccumulateOptions = {
		restrictor: options.loadRestrictor,
		openApi: undefined,
		notesPath: notes ? '' : undefined,
	};
	const accumulation = options.kustomization
		? accumulateRead(db, directory, read, level)
		: accumulate(db, directory, level);
	const contained = containmentProblems(db, directory);
	const at: Address = read.kustomization?.at ?? { file: read.file ?? directory, document: 0, path: [] };
	const finished = finish(db, accumulation, read.kustomization, at, options.managedBy);
	const problems = unique([
		...accumulation.problems,
		...contained,
		...asFarAsKnown(finished.problems, accumulation.problems),
	]);
	return {
		directory,
		resources: finished.resources,
		order: read.kustomization?.sortOptions ? 'sortOptions' : 'build',
		problems,
		failed: problems.some(problem => problem.fatal),
		applications: [...accumulation.applications, ...finished.applications],
		files: accumulation.files,
		directories: accumulation.directories,
	};
}

function rootOf(db: Database, directory: FilePath, { kustomization }: BuildOptions): ReadKustomization {
	const read = kustomizationOf(db, directory);
	if (!kustomization) return read;
	if (read.file === undefined) return readNode(addressOf(kustomization.origin).file, kustomization, []);
	// Who stands in for a file has read it, with what is wrong with it as a whole.
	const isWhole = read.kustomization !== undefined;
	const before = read.problems.filter(({ code }) => (isWhole ? OF_THE_FILE.has(code) : code !== EMPTY));
	return readNode(read.file, kustomization, before);
}

const OF_THE_FILE: ReadonlySet<string> = new Set([
	'kustomize/several-kustomization-files',
	'kustomize/bad-yaml',
	'kustomize/unreadable-file',
]);
const EMPTY = 'kustomize/empty-kustomization';

function containmentProblems(db: Database, root: FilePath): Problem[] {
	return containingEdges(db, root).map(({ edge, visited }) => ({
		code: 'kustomize/cycle',
		severity: 'error',
		fatal: true,
		message: `${edge.to} contains ${visited}, which is built on it; kustomize takes that for a circle`,
		at: edge.at,
		details: `cycle detected: candidate root '${edge.to}' contains visited root '${visited}'`,
	}));
}

/** A base that two overlays of the build stand on brings its problems once for each. */
function unique(problems: readonly Problem[]): readonly Problem[] {
	const seen = new Set<string>();
	return problems.filter(problem => {
		const key = JSON.stringify([problem.code, problem.at, problem.message]);
		if (seen.has(key)) return false;
		seen.add(key);
		return true;
	});
}

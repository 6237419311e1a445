/**
 * Reads the kustomization file of a directory as kustomize does (`api/internal/target.LoadKustFile`, `types.Kustomization.Unmarshal`,
 * `FixKustomization`, `CheckEmpty`, `EnforceFields`), but goes on after what is wrong, and reads half-typed files as far as they go.
 */
import { type Address, addressKey } from '../../base/address';
import { nearest } from '../../base/nearest';
import { type FilePath, join, KUSTOMIZATION_NAMES, relative } from '../../base/paths';
import type { Problem } from '../../base/problem';
import { type Database, query } from '../../base/query';
import { contentOf } from '../../workspace/documents';
import { directoryEntries, fileExists, fileState } from '../../workspace/inputs';
import { addressOf, child, isNull, type MapNode, type Node, stringAt } from '../../yaml/node';
import { goYamlWords } from '../../yaml/go-words';
import { Decoder, type Fields, type Manner } from './decode';
import { deprecatedFields } from './deprecated';
import {
	readGeneratorEntry,
	readGeneratorOptions,
	readImage,
	readLabel,
	readPatch,
	readReplacementEntry,
	readReplica,
	readSortOptions,
	readVar,
} from './entries';
import type { Kustomization, Placed } from './model';
import { KUSTOMIZATION_STRUCTS } from './structs';

export interface ReadKustomization {
	/** The file that counts; nothing where there is none. */
	readonly file: FilePath | undefined;
	/** As much of it as can be read; nothing where there is no file or no map in it. */
	readonly kustomization: Kustomization | undefined;
	readonly problems: readonly Problem[];
}

const MANNER: Manner = {
	unknownFields: 'refuse',
	scalars: 'yaml-1.1',
	structs: KUSTOMIZATION_STRUCTS,
	prefix: 'invalid Kustomization: ',
};

const kustomizationQuery = query<ReadKustomization>('kustomization', readDirectory);

/** The kustomization of a directory. Where there is none, the problem stands at the place that the directory itself is. */
export function kustomizationOf(db: Database, directory: FilePath): ReadKustomization {
	return db.get(kustomizationQuery, directory);
}

/** The kustomization files of a directory, in kustomize's order; more than one is an error. */
export function kustomizationFiles(db: Database, directory: FilePath): readonly FilePath[] {
	return KUSTOMIZATION_NAMES.map(name => join(directory, name)).filter(file => fileExists(db, file));
}

function readDirectory(db: Database, directory: FilePath): ReadKustomization {
	const files = kustomizationFiles(db, directory);
	const file = files[0];
	if (file === undefined) return { file, kustomization: undefined, problems: [noFile(db, directory)] };
	const read = readFile(db, file);
	if (files.length === 1) return read;
	const problem: Problem = {
		code: 'kustomize/several-kustomization-files',
		severity: 'error',
		fatal: true,
		message: `this directory has several kustomization files, and kustomize reads none of them then; keep one of ${files.map(each => relative(directory, each)).join(', ')}`,
		at: { file, document: 0, path: [] },
		related: files.slice(1).map(other => ({ message: 'another one', at: { file: other, document: 0, path: [] } })),
		details: `Found multiple kustomization files under: ${directory}`,
	};
	return { ...read, problems: [problem, ...read.problems] };
}

function noFile(db: Database, directory: FilePath): Problem {
	const names = (db.read(directoryEntries, directory) ?? []).map(entry => entry.name);
	const like = names.find(name =>
		nearest(
			name.toLowerCase(),
			KUSTOMIZATION_NAMES.map(known => known.toLowerCase()),
		),
	);
	const near = names.find(name => /^kustomization(\.ya?ml)?$/i.test(name)) ?? like;
	return {
		code: 'kustomize/no-kustomization-file',
		severity: 'error',
		fatal: true,
		message: `${directory} has no kustomization.yaml${near ? `; is \`${near}\` meant to be it?` : ''}`,
		at: { file: join(directory, 'kustomization.yaml'), document: 0, path: [] },
		details: `unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '${directory}'`,
	};
}

function readFile(db: Database, file: FilePath): ReadKustomization {
	const at: Address = { file, document: 0, path: [] };
	const state = db.read(fileState, file);
	if (state.kind !== 'text') {
		const why = state.kind === 'unreadable' ? state.why : `it is ${state.kind}`;
		const problem = { code: 'kustomize/unreadable-file', severity: 'error', fatal: true } as const;
		return {
			file,
			kustomization: undefined,
			problems: [{ ...problem, message: `this kustomization file cannot be read: ${why}`, at }],
		};
	}
	const document = contentOf(db, file)[0];
	const problems: Problem[] = [];
	if (document?.syntaxError) {
		problems.push({
			code: 'kustomize/bad-yaml',
			severity: 'error',
			fatal: true,
			message: `this is not YAML: ${document.syntaxError}`,
			at,
			details: `invalid Kustomization: ${goYamlWords(document.syntaxError)}`,
		});
	}
	for (const { kind, name } of document?.problems ?? []) {
		if (kind === 'duplicate-key') continue;
		const message = kind === 'unknown-alias' ? `there is no anchor \`&${name}\`` : `\`${name}\` cannot be expanded`;
		problems.push({ code: 'kustomize/bad-yaml', severity: 'error', fatal: true, message, at });
	}
	return readNode(file, document?.root, problems);
}

/** Reads a tree that stands in for the file's first document. */
export function readNode(file: FilePath, root: Node | undefined, before: readonly Problem[]): ReadKustomization {
	const at: Address = { file, document: 0, path: [] };
	const decoder = new Decoder(MANNER);
	const fields = decoder.open(root, 'Kustomization');
	if (!fields) {
		const problems =
			root === undefined || isNull(root) ? [...before, emptyProblem(at)] : [...before, ...decoder.problems];
		return { file, kustomization: undefined, problems };
	}
	const kustomization = readFields(file, fields);
	const problems = [...before, ...unrepeated(decoder.problems)];
	if (problems.length === 0 && isEmpty(fields)) problems.push(emptyProblem(at));
	const flux = fluxObject(fields);
	if (flux) return { file, kustomization, problems: [...before, flux] };
	problems.push(...kindProblems(fields), ...deprecatedFields(fields));
	return { file, kustomization, problems };
}

/** A field that is looked at twice is wrong once. */
function unrepeated(problems: readonly Problem[]): readonly Problem[] {
	const places = problems.map(({ code, at }) => code + addressKey(at));
	return problems.filter((_, i) => places.indexOf(places[i]!) === i);
}

function readFields(file: FilePath, fields: Fields): Kustomization {
	const paths = (name: string) => fields.strings(name);
	fields.structAt('metadata', 'ObjectMeta', metadata => metadata.stringMap('annotations'));
	fields.structAt('helmGlobals', 'HelmGlobals', globals => globals.text('chartHome'));
	const placed = (entry: Fields): Placed => ({ at: entry.at, node: entry.node });
	const openapi = fields.stringMap('openapi')?.entries;
	const openapiField = (key: string) => openapi?.find(entry => entry.key === key)?.value;
	return {
		file,
		at: fields.at,
		node: fields.node,
		kind: fields.text('kind') === 'Component' ? 'Component' : 'Kustomization',
		openapi: { path: openapiField('path'), version: openapiField('version') },
		namePrefix: fields.string('namePrefix'),
		nameSuffix: fields.string('nameSuffix'),
		namespace: fields.string('namespace'),
		commonLabels: fields.stringMap('commonLabels'),
		labels: fields.structs('labels', 'Label', readLabel),
		commonAnnotations: fields.stringMap('commonAnnotations'),
		patchesStrategicMerge: paths('patchesStrategicMerge'),
		patchesJson6902: fields.structs('patchesJson6902', 'Patch', readPatch),
		patches: fields.structs('patches', 'Patch', readPatch),
		images: [...fields.structs('images', 'Image', readImage), ...fields.structs('imageTags', 'Image', readImage)],
		replacements: fields.structs('replacements', 'ReplacementField', readReplacementEntry),
		replicas: fields.structs('replicas', 'Replica', readReplica),
		vars: fields.structs('vars', 'Var', readVar),
		sortOptions: fields.structAt('sortOptions', 'SortOptions', readSortOptions),
		resources: [...paths('resources'), ...paths('bases')],
		components: paths('components'),
		crds: paths('crds'),
		configMapGenerator: fields.structs('configMapGenerator', 'ConfigMapArgs', readGeneratorEntry),
		secretGenerator: fields.structs('secretGenerator', 'SecretArgs', readGeneratorEntry),
		helmCharts: [
			...fields.structs('helmCharts', 'HelmChart', placed),
			...fields.structs('helmChartInflationGenerator', 'HelmChartArgs', placed),
		],
		generatorOptions: fields.structAt('generatorOptions', 'GeneratorOptions', readGeneratorOptions),
		configurations: paths('configurations'),
		generators: paths('generators'),
		transformers: paths('transformers'),
		validators: paths('validators'),
		buildMetadata: paths('buildMetadata'),
	};
}

function emptyProblem(at: Address): Problem {
	return {
		code: 'kustomize/empty-kustomization',
		severity: 'error',
		fatal: true,
		message: 'this kustomization says nothing; list `resources:`, or leave the directory out',
		at,
		details: 'kustomization.yaml is empty',
	};
}

const STRING_FIELDS: ReadonlySet<string> = new Set(['namePrefix', 'nameSuffix', 'namespace']);
/** Lists that are appended to another one, where an empty one leaves no trace. */
const MOVED_FIELDS: ReadonlySet<string> = new Set(['bases', 'imageTags', 'helmChartInflationGenerator']);

/** Whether no field but `apiVersion` and `kind` has a value other than Go's zero value (`Kustomization.CheckEmpty`). */
function isEmpty(fields: Fields): boolean {
	return (KUSTOMIZATION_STRUCTS.Kustomization ?? []).every(name => {
		if (name === 'apiVersion' || name === 'kind') return true;
		const value = fields.value(name);
		if (value === undefined) return true;
		if (STRING_FIELDS.has(name)) return value.kind === 'scalar' && value.text === '';
		return MOVED_FIELDS.has(name) && value.kind === 'seq' && value.items.length === 0;
	});
}

const VERSIONS = {
	Kustomization: 'kustomize.config.k8s.io/v1beta1',
	Component: 'kustomize.config.k8s.io/v1alpha1',
} as const;

function kindProblems(fields: Fields): Problem[] {
	const problems: Problem[] = [];
	const common = { code: 'kustomize/wrong-kind', severity: 'error', fatal: true } as const;
	const kind = fields.text('kind') || 'Kustomization';
	const directory = fields.at.file.slice(0, fields.at.file.lastIndexOf('/')) || '/';
	const prefix = `Failed to read kustomization file under ${directory}:\n`;
	if (kind !== 'Kustomization' && kind !== 'Component') {
		problems.push({
			...common,
			message: `the kind of this file must be Kustomization or Component, not ${kind}`,
			at: addressOf(fields.value('kind')!.origin),
			details: `${prefix}kind should be Kustomization or Component`,
		});
	}
	const version = fields.string('apiVersion');
	const wanted = VERSIONS[kind === 'Component' ? 'Component' : 'Kustomization'];
	if (version && version.value !== wanted) {
		problems.push({
			...common,
			message: `the apiVersion of a ${kind} must be ${wanted}, not ${version.value}`,
			at: version.at,
			details: `${prefix}apiVersion for ${kind} should be ${wanted}`,
			fixes: [{ title: `Set it to ${wanted}`, edits: [{ kind: 'set', at: version.at, text: wanted }] }],
		});
	}
	return problems;
}

/** An object of Flux's in the file of kustomize's: one mistake, whose fields are right where they belong. */
function fluxObject(fields: Fields): Problem | undefined {
	const version = fields.node.entries.find(({ key }) => key === 'apiVersion')?.value;
	if (!stringAt(version)?.startsWith('kustomize.toolkit.fluxcd.io/')) return undefined;
	return {
		code: 'kustomize/wrong-kind',
		severity: 'error',
		fatal: true,
		message: `this is a Flux Kustomization, which cannot be a kustomization file; put it into a file of another name and list that in \`resources:\``,
		at: addressOf(version!.origin),
		details: `${MANNER.prefix}json: unknown field "spec"`,
	};
}

/** Whether a tree declares itself a kustomization or component, whatever its file is called. */
export function isKustomizationObject(root: MapNode): boolean {
	return stringAt(child(root, 'apiVersion'))?.startsWith('kustomize.config.k8s.io/') ?? false;
}

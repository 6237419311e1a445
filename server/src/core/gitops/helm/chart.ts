/**
 * Charts as helm loads them, with their subcharts: what they are called, their default values, their schema. Out of a directory
 * of the tree or an archive; both are a list of paths with texts (helm `loader.LoadFiles`).
 */
import { basename, type FilePath, join } from '../../base/paths';
import type { Problem } from '../../base/problem';
import { type Database, query } from '../../base/query';
import { decodeUtf8 } from '../../base/utf8';
import { syntaxOf } from '../../workspace/documents';
import { directoryEntries, fileBytes, fileExists, textOf } from '../../workspace/inputs';
import { readContent } from '../../yaml/content';
import { parseShallowJson } from '../../yaml/json-text';
import { child, isNull, itemsOf, type MapNode, type Node, type Plain, textAt } from '../../yaml/node';
import { parseSyntax, type Syntax } from '../../yaml/syntax';
import { asYaml11, unsupportedKey } from '../../yaml/yaml-11';
import { type Unpacked, unpackChart } from './archive';
import { metadataProblem } from './chart-metadata';
import { type HelmIgnore, parseHelmIgnore } from './helm-ignore';
import { schemaFault, type SchemaFault } from './json-schema-metaschema';
import { mapFromNode, mapToNode } from './values-tree';
import { mergeMaps } from './merge-values';

/** One entry of Chart.yaml's `dependencies` (or of requirements.yaml, in charts of `apiVersion: v1`). */
export interface ChartDependency {
	readonly node: Node;
	readonly name: string;
	readonly alias: string | undefined;
	readonly version: string;
	readonly repository: string;
	readonly condition: string;
	readonly tags: readonly string[];
	readonly importValues: readonly Node[];
}

export interface Chart {
	readonly name: string;
	readonly version: string;
	/** Chart.yaml. */
	readonly metadata: Node;
	readonly directory: FilePath;
	readonly dependencies: readonly ChartDependency[];
	/** The defaults, each with its place in values.yaml. */
	readonly values: MapNode;
	readonly valuesFile: FilePath;
	readonly valuesText: string;
	/** values.schema.json; `json` is absent where it is none, `fault` says why helm refuses it. */
	readonly schema:
		{ readonly file: FilePath; readonly json: Plain | undefined; readonly fault: SchemaFault | undefined } | undefined;
	readonly subcharts: readonly Chart[];
	/** Every file by its path below the chart, for whoever renders it. */
	readonly files: ChartFiles;
}

/** The files of one chart. Paths are below the chart's directory, sorted. */
export interface ChartFiles {
	/** Where they stand; for an archive, its own path as if it were a directory. */
	readonly directory: FilePath;
	readonly paths: readonly string[];
	text(path: string): string | undefined;
	bytes(path: string): Uint8Array | undefined;
	syntax(path: string): Syntax;
}

export type LoadedChart =
	| { readonly kind: 'chart'; readonly chart: Chart; readonly problems: readonly Problem[] }
	| { readonly kind: 'failed'; readonly problems: readonly Problem[] };

const directoryChart = query<LoadedChart>('directoryChart', (db, directory) => {
	const file = join(directory, '.helmignore');
	const ignore = parseHelmIgnore(fileExists(db, file) ? (textOf(db, file) ?? '') : '');
	if ('words' in ignore)
		return failed('helm/chart-unreadable', `helm cannot use this ".helmignore": ${ignore.words}.`, file, ignore.words);
	return loadChart(directoryFiles(db, directory, ignore));
});

const archiveChart = query<LoadedChart>('archiveChart', (db, file) => {
	const bytes = db.read(fileBytes, file);
	return bytes
		? loadArchive(bytes, file)
		: failed('helm/chart-unreadable', `the chart archive "${basename(file)}" cannot be read.`, file);
});

/** The chart in a directory of the tree. */
export const chartInDirectory = (db: Database, directory: FilePath): LoadedChart => db.get(directoryChart, directory);

/** The chart in an archive of the tree. */
export const chartInArchive = (db: Database, file: FilePath): LoadedChart => db.get(archiveChart, file);

/** The chart in an archive's bytes; `file` stands for it in origins and messages. */
export function loadArchive(bytes: Uint8Array, file: FilePath): LoadedChart {
	const unpacked: Unpacked = unpackChart(bytes);
	if (unpacked.kind === 'refused')
		return failed(
			'helm/chart-archive-refused',
			`the chart archive "${basename(file)}" is not read: ${unpacked.why}.`,
			file,
		);
	return loadChart(archiveFiles(unpacked.files, file));
}

/** The chart whose files are these, by path below it. */
export function loadChartFiles(files: ReadonlyMap<string, Uint8Array>, directory: FilePath): LoadedChart {
	return loadChart(archiveFiles(files, directory));
}

const MAX_DEPTH = 8;
/** More charts than this within one are not read: archives in archives can hold any number of them in a few bytes. */
const MAX_CHARTS = 500;
/** And no more archives once those within one hold so many bytes. */
const MAX_BYTES = 100 * 1024 * 1024;

/** How far a chart has been read. */
interface Reading {
	readonly depth: number;
	/** How many charts may still be read, and how many bytes out of archives, in all of them together. */
	readonly left: { charts: number; bytes: number };
}

function loadChart(
	files: ChartFiles,
	reading: Reading = { depth: 0, left: { charts: MAX_CHARTS, bytes: MAX_BYTES } },
): LoadedChart {
	const { directory } = files;
	const metadata = firstDocument(files, 'Chart.yaml', 'resource');
	if (!metadata)
		return failed(
			'helm/chart-unreadable',
			'there is no "Chart.yaml" here, so this is no chart.',
			directory,
			'Chart.yaml file is missing',
		);
	const invalid = metadataProblem(metadata, join(directory, 'Chart.yaml'));
	if (invalid) return { kind: 'failed', problems: [invalid] };
	const name = textAt(metadata, 'name')!;
	const problems: Problem[] = [];
	const subcharts = reading.depth < MAX_DEPTH ? loadSubcharts(files, reading, problems) : [];
	const valuesText = files.text('values.yaml') ?? '';
	const schemaText = files.text('values.schema.json');
	const valuesFile = join(directory, 'values.yaml');
	return {
		kind: 'chart',
		problems,
		chart: {
			name,
			version: textAt(metadata, 'version') ?? '',
			metadata,
			directory,
			dependencies: readDependencies(files, metadata),
			values: readDefaults(files, problems) ?? emptyValues(valuesFile),
			valuesFile,
			valuesText,
			schema: schemaText === undefined ? undefined : readSchema(schemaText, join(directory, 'values.schema.json')),
			subcharts,
			files,
		},
	};
}

function readSchema(text: string, file: FilePath): Chart['schema'] {
	const json = parseJson(text);
	return { file, json, fault: json === undefined ? undefined : schemaFault(json) };
}

function parseJson(text: string): Plain | undefined {
	try {
		return parseShallowJson(text.replace(/^\uFEFF/, ''));
	} catch {
		return undefined;
	}
}

function readDependencies(files: ChartFiles, metadata: Node): readonly ChartDependency[] {
	const list =
		child(metadata, 'dependencies') ?? child(firstDocument(files, 'requirements.yaml', 'resource'), 'dependencies');
	return itemsOf(list).map(node => ({
		node,
		name: textAt(node, 'name') ?? '',
		alias: textAt(node, 'alias') || undefined,
		version: textAt(node, 'version') ?? '',
		repository: textAt(node, 'repository') ?? '',
		condition: textAt(node, 'condition') ?? '',
		tags: itemsOf(child(node, 'tags')).flatMap(tag => textAt(tag) ?? []),
		importValues: itemsOf(child(node, 'import-values')),
	}));
}

/** All documents of values.yaml, later ones over earlier ones (`LoadValues`). */
function readDefaults(files: ChartFiles, problems: Problem[]): MapNode | undefined {
	const file = join(files.directory, 'values.yaml');
	let merged: ReturnType<typeof mapFromNode> | undefined;
	for (const { root, syntaxError } of readContent(files.syntax('values.yaml'), { file, step: 'chartDefault' })) {
		const values = root && asYaml11(root);
		if (
			syntaxError !== undefined ||
			(root && unsupportedKey(root)) ||
			(values && values.kind !== 'map' && !isNull(values))
		) {
			const words = syntaxError ?? 'json: cannot unmarshal into Go value of type map[string]interface {}';
			problems.push(
				...failed(
					'helm/chart-unreadable',
					'the chart\'s "values.yaml" is no map of values.',
					file,
					`cannot load values.yaml: ${words}`,
				).problems,
			);
		} else if (values?.kind === 'map') merged = merged ? mergeMaps(merged, mapFromNode(values)) : mapFromNode(values);
	}
	return merged && mapToNode(merged);
}

function emptyValues(file: FilePath): MapNode {
	return { kind: 'map', entries: [], origin: { step: 'chartDefault', file, document: 0, link: undefined } };
}

function firstDocument(files: ChartFiles, path: string, step: 'resource'): Node | undefined {
	return readContent(files.syntax(path), { file: join(files.directory, path), step })[0]?.root;
}

/** `charts/NAME/...` and `charts/NAME.tgz`; names that begin with `_` or `.` do not count. */
function loadSubcharts(files: ChartFiles, { depth, left }: Reading, problems: Problem[]): Chart[] {
	const names = new Set(files.paths.flatMap(path => (path.startsWith('charts/') ? (path.split('/')[1] ?? []) : [])));
	const loaded = [...names]
		.filter(name => !/^[_.]/.test(name))
		.sort()
		.flatMap((name): LoadedChart[] => {
			const path = `charts/${name}`;
			if (--left.charts < 0) return [];
			if (!files.paths.includes(path)) return [loadChart(below(files, path), { depth: depth + 1, left })];
			const bytes = name.endsWith('.tgz') && left.bytes > 0 ? files.bytes(path) : undefined;
			return bytes ? [loadArchiveBelow(bytes, join(files.directory, path), { depth: depth + 1, left })] : [];
		});
	for (const { problems: more } of loaded) problems.push(...more);
	return loaded.flatMap(result => (result.kind === 'chart' ? [result.chart] : []));
}

function loadArchiveBelow(bytes: Uint8Array, file: FilePath, reading: Reading): LoadedChart {
	const unpacked = unpackChart(bytes);
	if (unpacked.kind === 'refused') {
		// Helm stops there, and to find that out may have taken seconds.
		reading.left.bytes = 0;
		return failed(
			'helm/chart-archive-refused',
			`the chart archive "${basename(file)}" is not read: ${unpacked.why}.`,
			file,
		);
	}
	for (const content of unpacked.files.values()) reading.left.bytes -= content.length;
	return loadChart(archiveFiles(unpacked.files, file), reading);
}

function below(files: ChartFiles, prefix: string): ChartFiles {
	const inner = `${prefix}/`;
	return {
		directory: join(files.directory, prefix),
		paths: files.paths.flatMap(path => (path.startsWith(inner) ? [path.slice(inner.length)] : [])),
		text: path => files.text(inner + path),
		bytes: path => files.bytes(inner + path),
		syntax: path => files.syntax(inner + path),
	};
}

function archiveFiles(files: ReadonlyMap<string, Uint8Array>, directory: FilePath): ChartFiles {
	const text = (path: string) => {
		const bytes = files.get(path);
		return bytes && decodeUtf8(bytes).replace(/^\uFEFF/, '');
	};
	const parsed = new Map<string, Syntax>();
	return {
		directory,
		paths: [...files.keys()].sort(),
		text,
		bytes: path => files.get(path),
		syntax(path) {
			let syntax = parsed.get(path);
			if (!syntax) parsed.set(path, (syntax = parseSyntax(text(path) ?? '')));
			return syntax;
		},
	};
}

/** More files than this in a chart's directory are not looked at. */
const MAX_FILES = 5_000;

function directoryFiles(db: Database, directory: FilePath, ignore: HelmIgnore): ChartFiles {
	const paths: string[] = [];
	const visit = (at: FilePath, prefix: string, depth: number) => {
		for (const { name, kind } of db.read(directoryEntries, at) ?? []) {
			if (paths.length >= MAX_FILES) return;
			if (ignore.ignores(prefix + name, kind === 'file' ? 'file' : 'directory')) continue;
			if (kind === 'file') paths.push(prefix + name);
			else if (depth < 2 * MAX_DEPTH && name !== '.git') visit(join(at, name), `${prefix}${name}/`, depth + 1);
		}
	};
	visit(directory, '', 0);
	const loads = (path: string) => {
		const parts = path.split('/');
		const ignored = (length: number) =>
			ignore.ignores(parts.slice(0, length).join('/'), length < parts.length ? 'directory' : 'file');
		return !parts.some((_, i) => ignored(i + 1));
	};
	return {
		directory,
		paths: paths.sort(),
		text: path => (loads(path) ? textOf(db, join(directory, path)) : undefined),
		bytes: path => (loads(path) ? db.read(fileBytes, join(directory, path)) : undefined),
		syntax: path => (loads(path) ? syntaxOf(db, join(directory, path)) : parseSyntax('')),
	};
}

function failed(
	code: string,
	message: string,
	file: FilePath,
	details?: string,
): LoadedChart & { readonly kind: 'failed' } {
	const problem: Problem = {
		code,
		severity: 'error',
		message,
		at: { file, document: 0, path: [] },
		...(details !== undefined && { details }),
		fatal: true,
	};
	return { kind: 'failed', problems: [problem] };
}

/**
 * What lies below a root, told from listings alone: no file is read here. Folders that hold other people's code, and Helm
 * templates (which are not YAML yet), are passed over.
 */
import {
	entryPath,
	basename,
	dirname,
	type FilePath,
	isWithin,
	isYamlFile,
	join,
	KUSTOMIZATION_NAMES,
} from '../base/paths';
import { type Database, longQuery, query } from '../base/query';
import { type DirectoryEntry, directoryEntries } from '../workspace/inputs';
import { standingAt } from '../workspace/standing';

export interface Discovery {
	/** Directories with a kustomization file. */
	readonly kustomizations: readonly FilePath[];
	/** Directories with a Chart.yaml. */
	readonly charts: readonly FilePath[];
	/** YAML files outside of charts. */
	readonly yamlFiles: readonly FilePath[];
	/** Files outside of charts that certificates are kept in, by their names. */
	readonly certificates: readonly FilePath[];
	/** `*.sh` files. */
	readonly scripts: readonly FilePath[];
	/** The root's `strata.yaml`, if there. */
	readonly config: FilePath | undefined;
	/** Whether the walk ended at its limit: what lies beyond is unknown. */
	readonly truncated: boolean;
}

const PASSED_OVER: ReadonlySet<string> = new Set([
	'node_modules',
	'.git',
	'.terraform',
	'.venv',
	'venv',
	'.direnv',
	'.idea',
	'.cache',
]);
export const MAX_DIRECTORIES = 50_000;
/** Names in a path; nobody lays out a tree like that, and each level of the walk takes room on the stack. */
const MAX_DEPTH = 100;

/** What lies below a root. */
export const discovery = longQuery<Discovery>('discovery', function* (db, root) {
	const kustomizations: FilePath[] = [];
	const charts: FilePath[] = [];
	const yamlFiles: FilePath[] = [];
	const certificates: FilePath[] = [];
	const scripts: FilePath[] = [];
	const walked = db.get(directories, root);
	/** The chart that the walk is in, if it is in one. */
	let chart: FilePath | undefined;
	for (const { path, isChart, entries } of walked) {
		yield;
		if (chart !== undefined && !isWithin(chart, path)) chart = undefined;
		if (isChart) {
			charts.push(path);
			chart ??= path;
		}
		if (entries.some(({ name }) => (KUSTOMIZATION_NAMES as readonly string[]).includes(name)))
			kustomizations.push(path);
		for (const { name, kind } of entries) {
			if (kind !== 'file') continue;
			const file = entryPath(path, name);
			if (name.endsWith('.sh')) scripts.push(file);
			if (chart !== undefined) continue;
			if (isYamlFile(file)) yamlFiles.push(file);
			else if (/\.(pem|crt|cert|cer)$/i.test(name)) certificates.push(file);
		}
	}
	return {
		kustomizations: kustomizations.sort(),
		charts: charts.sort(),
		yamlFiles: yamlFiles.sort(),
		certificates: certificates.sort(),
		scripts: scripts.sort(),
		config: yamlFiles.find(file => file === join(root, 'strata.yaml')),
		truncated: walked.length >= MAX_DIRECTORIES,
	};
});

interface Directory {
	readonly path: FilePath;
	readonly entries: readonly DirectoryEntry[];
	readonly isChart: boolean;
}

/**
 * A directory and those below it, up to a limit, each before what lies in it. Every one is a query, so that nobody has to wait for the whole
 * walk, and a change is followed from where it is. Linked directories are not entered: what they lead to is found where it really is.
 */
const directories = query<readonly Directory[]>('directories', (db, path) => {
	const entries = db.read(directoryEntries, path) ?? [];
	const isChart = entries.some(({ name }) => name === 'Chart.yaml');
	const found: Directory[] = [{ path, entries, isChart }];
	if (path.split('/').length > MAX_DEPTH) return found;
	for (const { name, kind } of entries) {
		if (kind === 'file' || PASSED_OVER.has(name) || (isChart && name === 'templates')) continue;
		const child = entryPath(path, name);
		if (standingAt(db, child)?.real !== child) continue;
		if (found.length >= MAX_DIRECTORIES) break;
		for (const below of db.get(directories, child)) found.push(below);
	}
	return found;
});

/**
 * Whether the walk of a root comes to a file, and not by way of a chart: as `discovery` says of YAML files, but told from the directories
 * above the file alone, for who cannot wait for the walk.
 */
export function isReachedOutsideOfCharts(db: Database, root: FilePath, file: FilePath): boolean {
	if (!isWithin(root, file)) return false;
	for (let at = dirname(file); ; at = dirname(at)) {
		if (db.read(directoryEntries, at)?.some(({ name }) => name === 'Chart.yaml')) return false;
		if (at === root) return true;
		if (PASSED_OVER.has(basename(at)) || standingAt(db, at)?.real !== at) return false;
	}
}

/**
 * What lies below a root, told from listings alone: no file is read here. Folders that hold other people's code, and Helm
 * templates (which are not YAML yet), are passed over.
 */
import { type FilePath, isYamlFile, join, KUSTOMIZATION_NAMES } from '../base/paths';
import { query } from '../base/query';
import { directoryEntries, realPath } from '../workspace/inputs';

export interface Discovery {
	/** Directories with a kustomization file. */
	readonly kustomizations: readonly FilePath[];
	/** Directories with a Chart.yaml. */
	readonly charts: readonly FilePath[];
	/** YAML files outside of charts. */
	readonly yamlFiles: readonly FilePath[];
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
const MAX_DIRECTORIES = 50_000;

/** Walks a root. Linked directories are not entered: what they lead to is found where it really is. */
export const discovery = query<Discovery>('discovery', (db, root) => {
	const kustomizations: FilePath[] = [];
	const charts: FilePath[] = [];
	const yamlFiles: FilePath[] = [];
	const scripts: FilePath[] = [];
	const queue: { readonly path: FilePath; readonly inChart: boolean }[] = [{ path: root, inChart: false }];
	let seen = 0;
	for (let next = queue.pop(); next && seen < MAX_DIRECTORIES; next = queue.pop(), seen++) {
		const { path, inChart } = next;
		const entries = db.read(directoryEntries, path) ?? [];
		const names = new Set(entries.map(entry => entry.name));
		const isChart = names.has('Chart.yaml');
		if (isChart) charts.push(path);
		if (KUSTOMIZATION_NAMES.some(name => names.has(name))) kustomizations.push(path);
		for (const { name, kind } of entries) {
			const child = join(path, name);
			if (kind === 'file') {
				if (name.endsWith('.sh')) scripts.push(child);
				if (!inChart && !isChart && isYamlFile(child)) yamlFiles.push(child);
			} else if (!PASSED_OVER.has(name) && !(isChart && name === 'templates') && db.read(realPath, child) === child) {
				queue.push({ path: child, inChart: inChart || isChart });
			}
		}
	}
	return {
		kustomizations: kustomizations.sort(),
		charts: charts.sort(),
		yamlFiles: yamlFiles.sort(),
		scripts: scripts.sort(),
		config: yamlFiles.find(file => file === join(root, 'strata.yaml')),
		truncated: queue.length > 0,
	};
});

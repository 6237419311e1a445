/** What the fuzzer mutates: the conformance cases where they are, and the trees of this repository. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** A small tree; paths are relative to its top. */
export interface Tree {
	readonly id: string;
	readonly files: ReadonlyMap<string, string>;
	/** The directory to build. */
	readonly run: string;
}

/** Larger files say no more than small ones, and take the time of many. */
const MAX_BYTES = 64 * 1024;

/** The trees under `root`, the checkout. */
export function corpus(root: string): readonly Tree[] {
	return [...conformanceCases(join(root, '../shared/conformance/kustomize')), ...ownTrees(join(root, 'examples'))];
}

/** The cases that build offline; none where the folder is not there. */
export function conformanceCases(directory: string): readonly Tree[] {
	if (!existsSync(directory)) return [];
	const index = JSON.parse(readFileSync(join(directory, 'index.json'), 'utf8')) as { cases: { id: string }[] };
	return index.cases.flatMap(({ id }) => {
		const folder = join(directory, 'cases', id);
		const { run, skip, options } = JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8')) as {
			run: string;
			skip?: string;
			options?: { enableHelm?: true };
		};
		const files = skip || options?.enableHelm ? undefined : textsBelow(join(folder, 'input'));
		return files?.size ? [{ id, files, run }] : [];
	});
}

/** Every directory with a kustomization below `examples`, each with all the files of its example. */
function ownTrees(directory: string): readonly Tree[] {
	return readdirSync(directory).flatMap(name => {
		const files = textsBelow(join(directory, name));
		if (!files) return [];
		const runs = [...files.keys()].filter(file => /(^|\/)kustomization\.yaml$/.test(file)).map(file => dirname(file));
		return runs.map(run => ({ id: `${name}/${run}`, files: neededBy(files, run), run }));
	});
}

/** Of a large example, the environment's part and the base. */
function neededBy(files: ReadonlyMap<string, string>, run: string): ReadonlyMap<string, string> {
	const parts = run.split('/').slice(2);
	const kept = [...files].filter(([file]) => {
		const path = file.split('/').slice(2, 2 + parts.length);
		return file.endsWith('.yaml') && parts.every((part, i) => path[i] === undefined || path[i] === part);
	});
	return new Map(kept);
}

/** Nothing where something below is not a text of reasonable size. */
function textsBelow(directory: string): Map<string, string> | undefined {
	if (!existsSync(directory)) return undefined;
	const files = new Map<string, string>();
	for (const entry of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
		const path = join(directory, entry);
		const stat = statSync(path, { throwIfNoEntry: false });
		if (!stat?.isFile()) continue;
		if (stat.size > MAX_BYTES) return undefined;
		const bytes = readFileSync(path);
		if (bytes.includes(0)) return undefined;
		files.set(relative(directory, path), bytes.toString('utf8'));
	}
	return files;
}

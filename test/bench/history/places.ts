/** Where in a tree a fault finds itself a place, and what it changes there. */
import type { Random } from '../../../scripts/bench/random.mjs';
import {
	type Changes,
	hasDirectory,
	type KustomizationFile,
	kustomizations,
	listed,
	manifests,
	patchFiles,
	resolvePath,
	someOf,
	type Tree,
	valuesOf,
} from './tree';

type Change = readonly [file: string, text: string | undefined];
export const changes = (...list: readonly Change[]): Changes => new Map(list);

/** Files that a kustomization lists, with their paths in the tree. */
export function listedFiles(tree: Tree, of: KustomizationFile): { readonly entry: string; readonly file: string }[] {
	return listed(of, 'resources')
		.map(entry => ({ entry, file: resolvePath(of.directory, entry) }))
		.filter(({ file }) => tree.has(file));
}

export function listedDirectories(tree: Tree, of: KustomizationFile, field = 'resources') {
	return listed(of, field)
		.map(entry => ({ entry, directory: resolvePath(of.directory, entry) }))
		.filter(({ directory }) => !tree.has(directory) && hasDirectory(tree, directory));
}

export function inKustomization(
	tree: Tree,
	random: Random,
	find: (of: KustomizationFile, text: string) => Changes | undefined,
): Changes | undefined {
	return someOf(kustomizations(tree), random, of => find(of, tree.get(of.file)!));
}

/** The names that patch files of the tree patch. */
export function patched(tree: Tree): ReadonlySet<string> {
	const files = kustomizations(tree).flatMap(of => patchFiles(of).map(file => resolvePath(of.directory, file)));
	return new Set(
		files.flatMap(file =>
			valuesOf(tree.get(file) ?? '').flatMap(value => {
				const { kind, metadata } = (value ?? {}) as { kind?: unknown; metadata?: { name?: unknown } };
				return typeof kind === 'string' && typeof metadata?.name === 'string' ? [`${kind}/${metadata.name}`] : [];
			}),
		),
	);
}

export function inPatched(tree: Tree, random: Random, edit: (text: string) => string | undefined): Changes | undefined {
	const names = patched(tree);
	const files = new Set(kustomizations(tree).flatMap(of => listedFiles(tree, of).map(({ file }) => file)));
	return someOf(manifests(tree), random, ({ file, documents }) => {
		const [first] = documents;
		if (!files.has(file) || documents.length > 1 || !names.has(`${first!.kind}/${first!.metadata.name}`))
			return undefined;
		const after = edit(tree.get(file)!);
		return after === undefined ? undefined : changes([file, after]);
	});
}

export function misspelt(text: string): string {
	const at = text.search(/[a-z]{3}[^/]*$/);
	return at < 0 ? `${text}x` : text.slice(0, at) + text[at + 1]! + text[at]! + text.slice(at + 2);
}

/** A manifest that some kustomization lists, with another text. */
export function inListed(
	tree: Tree,
	random: Random,
	edit: (text: string, file: string) => string,
): Changes | undefined {
	return inKustomization(tree, random, of => {
		const files = listedFiles(tree, of);
		if (files.length === 0) return undefined;
		const { file } = random.of(files);
		const text = tree.get(file)!;
		const after = edit(text, file);
		return after === text ? undefined : changes([file, after]);
	});
}

export function escaped(text: string): string {
	return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

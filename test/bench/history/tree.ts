/** A repository's files, and what changes and faults have to know of them: its kustomizations, its manifests, where its lists stand. */
import { type Document, parseAllDocuments, parseDocument, YAMLSeq } from 'yaml';
import type { Random } from '../../../scripts/bench/random.mjs';

/** Texts by path below the root. */
export type Tree = ReadonlyMap<string, string>;

/** New texts by path; `undefined` deletes the file. */
export type Changes = ReadonlyMap<string, string | undefined>;

export interface KustomizationFile {
	readonly file: string;
	readonly directory: string;
	readonly data: Readonly<Record<string, unknown>>;
}

export interface ManifestFile {
	readonly file: string;
	readonly documents: readonly Manifest[];
}

export interface Manifest {
	readonly apiVersion: string;
	readonly kind: string;
	readonly metadata: { readonly name: string; readonly namespace?: string };
	readonly spec?: Readonly<Record<string, unknown>>;
	readonly data?: Readonly<Record<string, string>>;
}

export function changed(tree: Tree, changes: Changes): Tree {
	const after = new Map(tree);
	for (const [file, text] of changes) {
		if (text === undefined) after.delete(file);
		else after.set(file, text);
	}
	return after;
}

export function directoryOf(file: string): string {
	return file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '';
}

/** A path as seen from a directory; neither begins nor ends with a slash. */
export function resolvePath(directory: string, path: string): string {
	const out = directory === '' ? [] : directory.split('/');
	for (const part of path.split('/')) {
		if (part === '..') out.pop();
		else if (part !== '' && part !== '.') out.push(part);
	}
	return out.join('/');
}

export function relativePath(from: string, to: string): string {
	const a = from === '' ? [] : from.split('/');
	const b = to.split('/');
	let same = 0;
	while (same < a.length && same < b.length && a[same] === b[same]) same++;
	return [...a.slice(same).map(() => '..'), ...b.slice(same)].join('/') || '.';
}

export function hasDirectory(tree: Tree, directory: string): boolean {
	return directory === '' || [...tree.keys()].some(file => file.startsWith(directory + '/'));
}

export function isKustomization(file: string): boolean {
	return /(^|\/)(kustomization\.ya?ml|Kustomization)$/.test(file);
}

/** The values of a file's documents; those that are no YAML are left out. */
export function valuesOf(text: string): readonly unknown[] {
	try {
		return parseAllDocuments(text, { uniqueKeys: false, merge: true }).flatMap(document =>
			document.errors.length > 0 ? [] : [document.toJS() as unknown],
		);
	} catch {
		return [];
	}
}

/** The kustomizations that can be read, sorted by path. */
export function kustomizations(tree: Tree): readonly KustomizationFile[] {
	return [...tree]
		.filter(([file]) => isKustomization(file))
		.flatMap(([file, text]) => {
			const [data] = valuesOf(text);
			return isRecord(data) ? [{ file, directory: directoryOf(file), data }] : [];
		})
		.sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** The files that hold Kubernetes objects only. */
export function manifests(tree: Tree): readonly ManifestFile[] {
	return [...tree].flatMap(([file, text]) => {
		if (!/\.ya?ml$/.test(file) || isKustomization(file)) return [];
		const documents = valuesOf(text).filter(isManifest);
		return documents.length > 0 ? [{ file, documents }] : [];
	});
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isManifest(value: unknown): value is Manifest {
	return (
		isRecord(value) &&
		typeof value.apiVersion === 'string' &&
		typeof value.kind === 'string' &&
		isRecord(value.metadata) &&
		typeof value.metadata.name === 'string'
	);
}

/** The strings of a kustomization's list. */
export function listed({ data }: KustomizationFile, field: string): readonly string[] {
	const list = data[field];
	return Array.isArray(list) ? list.filter(each => typeof each === 'string') : [];
}

/** The files that a kustomization's `patches` name. */
export function patchFiles({ data }: KustomizationFile): readonly string[] {
	const list = Array.isArray(data.patches) ? (data.patches as unknown[]) : [];
	return list.flatMap(each => (isRecord(each) && typeof each.path === 'string' ? [each.path] : []));
}

/** The text after an edit of its first document, with its comments. */
export function edited(text: string, edit: (document: Document) => void): string {
	const document = parseDocument(text, { uniqueKeys: false });
	edit(document);
	return document.toString({ lineWidth: 0 });
}

/** Adds an entry to a list of a document, which is made where it is missing. */
export function addTo(document: Document, field: string, entry: unknown): void {
	if (document.get(field) instanceof YAMLSeq) document.addIn([field], document.createNode(entry));
	else document.set(field, document.createNode([entry]));
}

/** A list in a random order. */
export function shuffled<T>(list: readonly T[], random: Random): T[] {
	const out = [...list];
	for (let i = out.length - 1; i > 0; i--) {
		const j = random.below(i + 1);
		[out[i], out[j]] = [out[j]!, out[i]!];
	}
	return out;
}

/** The first that `find` gives something for, in random order. */
export function someOf<T, R>(list: readonly T[], random: Random, find: (each: T) => R | undefined): R | undefined {
	for (const each of shuffled(list, random)) {
		const found = find(each);
		if (found !== undefined) return found;
	}
	return undefined;
}

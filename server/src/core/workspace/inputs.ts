/**
 * What comes from outside: texts, listings, settings. The host answers through a `Source` when something is first asked for, and
 * says afterwards what changed; the database remembers in between (invariant I1).
 */
import { dirname, type FilePath } from '../base/paths';
import { type Database, input, isInterruption } from '../base/query';
import type { Steps } from '../base/steps';

/** Files larger than this (in bytes) are known to exist and are not read. */
export const MAX_FILE_BYTES = 5 * 1024 * 1024;

/** What a path holds. `too-large` and `binary` files exist, but have no text here. */
export type FileState =
	/** Of an `isExact` text the file holds the very bytes; else the host has dropped a byte order mark, or mended what is no UTF-8. */
	| { readonly kind: 'text'; readonly text: string; readonly isExact?: true }
	| { readonly kind: 'missing' }
	| { readonly kind: 'directory' }
	| { readonly kind: 'too-large'; readonly bytes: number }
	| { readonly kind: 'binary' }
	| { readonly kind: 'unreadable'; readonly why: string };

export interface DirectoryEntry {
	readonly name: string;
	/** Of a link, what it leads to. */
	readonly kind: 'file' | 'directory';
	readonly isLink?: true;
}

/** The door to the disk, implemented by the host, and by a map of texts in tests. Answers at once and never throws. */
export interface Source {
	read(path: FilePath): FileState;
	/** Sorted by name; nothing where the path is no directory that can be read. Links are listed as what they lead to. */
	list(path: FilePath): readonly DirectoryEntry[] | undefined;
	/** The path with every symbolic link followed; nothing where it leads nowhere or in a circle. */
	realPath(path: FilePath): FilePath | undefined;
	/** The bytes of a file that has no text (a chart archive); nothing where it cannot be read. */
	readBytes(path: FilePath): Uint8Array | undefined;
	/**
	 * The text of a file that ships with the product (`schemas/index.json`, `descriptions/kubernetes.json`), by its path
	 * among what ships; nothing where this build has none.
	 */
	bundled(name: string): string | undefined;
	/**
	 * Is told of a mistake of Strata's own, which the rest of the answers are given without; where it is absent, the mistake is thrown.
	 */
	failed?(what: string, error: unknown): void;
	/** The user's private keys for sealed secrets; absent where the host has none. */
	readonly sealingKeys?: SealingKeys;
}

/** Private keys that the host holds, as far as answers depend on them. */
export interface SealingKeys {
	/** The RSA moduli, to tell which certificates they belong to. */
	moduli(): readonly bigint[];
	/** Whether one of them opens a ciphertext that was sealed for the target. */
	opens(sealed: string, target: SealingTarget): boolean;
}

/** What a value was sealed for; name and namespace count as far as the scope says. */
export interface SealingTarget {
	readonly scope: 'strict' | 'namespace-wide' | 'cluster-wide';
	readonly namespace: string;
	readonly name: string;
}

const sameState = (a: FileState, b: FileState) => a.kind === b.kind && JSON.stringify(a) === JSON.stringify(b);

export const fileState = input('fileState', (source: Source, path) => source.read(path), sameState);

export const directoryEntries = input(
	'directoryEntries',
	(source: Source, path) => source.list(path),
	(a, b) => JSON.stringify(a) === JSON.stringify(b),
);

export const realPath = input('realPath', (source: Source, path) => source.realPath(path));

export const fileBytes = input('fileBytes', (source: Source, path) => source.readBytes(path));

/** The text of a file that ships with the product, by the name that `Source.bundled` takes. Never changes. */
export const bundledText = input('bundledText', (source: Source, name) => source.bundled(name));

/** The folders that are open, most specific ones last; set by the host. */
export const roots = input<Source, readonly FilePath[]>(
	'roots',
	() => [],
	(a, b) => JSON.stringify(a) === JSON.stringify(b),
);

/** The moduli of the user's private keys for sealed secrets. */
export const sealingKeyModuli = input<Source, readonly bigint[]>(
	'sealingKeyModuli',
	source => source.sealingKeys?.moduli() ?? [],
	(a, b) => a.length === b.length && a.every((modulus, i) => modulus === b[i]),
);

/** Whether one of the user's private keys opens a ciphertext, by `opensSealedKey`. */
export const opensSealed = input<Source, boolean>('opensSealed', (source, key) => {
	const [sealed, scope, namespace, name] = JSON.parse(key) as [string, SealingTarget['scope'], string, string];
	return source.sealingKeys?.opens(sealed, { scope, namespace, name }) ?? false;
});

export function opensSealedKey(sealed: string, { scope, namespace, name }: SealingTarget): string {
	return JSON.stringify([sealed, scope, namespace, name]);
}

/** The time in milliseconds since 1970, as coarse as the host sets it; nothing where it has not. */
export const clock = input<Source, number | undefined>('clock', () => undefined);

/** The text of a file; nothing where it is missing or has none. */
export function textOf(db: Database, file: FilePath): string | undefined {
	const state = db.read(fileState, file);
	return state.kind === 'text' ? state.text : undefined;
}

/** Whether a file with this path is there, readable or not. Looks at the listing, so that its text need not be read. */
export function fileExists(db: Database, file: FilePath): boolean {
	const entries = db.read(directoryEntries, dirname(file));
	const name = file.slice(file.lastIndexOf('/') + 1);
	return entries?.some(entry => entry.name === name && entry.kind === 'file') ?? false;
}

/** Whether a directory with this path is there. */
export function directoryExists(db: Database, directory: FilePath): boolean {
	return db.read(directoryEntries, directory) !== undefined;
}

/** What did not end when it was last run, by the name that `survived` was given. */
export const leftOut = input<Source, boolean>('leftOut', () => false);

/** What `run` gives; `otherwise` where that fails or never ends, and the host wants to go on without. */
export function survived<T>(db: Database, what: string, run: () => T, otherwise: T): T {
	const source = db.source as Source;
	if (db.read(leftOut, what)) return otherwise;
	try {
		return db.within(what, run);
	} catch (error) {
		if (!source.failed || isInterruption(error)) throw error;
		source.failed(what, error);
		return otherwise;
	}
}

/** The same of what may take long: `run` gives a list, or the steps to one. */
export function* survivedSteps<T>(
	db: Database,
	what: string,
	run: () => readonly T[] | Steps<readonly T[]>,
	otherwise: readonly T[],
): Steps<readonly T[]> {
	const begun = survived(db, what, run, otherwise);
	if (!('next' in begun)) return begun;
	for (;;) {
		const step = survived(db, what, () => begun.next(), { done: true, value: otherwise });
		if (step.done) return step.value;
		yield;
	}
}

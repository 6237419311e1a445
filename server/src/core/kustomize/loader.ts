/**
 * Finds the files and directories that a kustomization names, as kustomize's loader does (`api/internal/loader`): links are
 * followed, and a file must lie in or below the kustomization's own directory unless the restriction is lifted.
 */
import type { Address } from '../base/address';
import { changeTo } from '../base/change-to';
import { nearest } from '../base/nearest';
import { dirname, type FilePath, isWithin, join, relative } from '../base/paths';
import type { Problem } from '../base/problem';
import type { Database } from '../base/query';
import { decodeUtf8, encodeUtf8 } from '../base/utf8';
import { directoryEntries, directoryExists, fileBytes, fileState, realPath } from '../workspace/inputs';
import { standingAt } from '../workspace/standing';
import type { BuildOptions } from './build';
import { isInRepository } from '../workspace/repositories';
import { isRemoteDirectory, isRemoteFile } from './remote';
import type { Loaded } from './tracked';

/** What an entry of `resources` turned out to be. */
export type Target =
	| { readonly kind: 'file'; readonly file: FilePath }
	| { readonly kind: 'directory'; readonly directory: FilePath }
	| { readonly kind: 'problem'; readonly problem: Problem };

export type LoadRestrictor = BuildOptions['loadRestrictor'];

/** What a path in a kustomization's `resources` leads to. */
export function findResource(
	db: Database,
	directory: FilePath,
	path: string,
	at: Address,
	restrictor: LoadRestrictor,
): Target {
	if (isRemoteFile(path) || isRemoteDirectory(path)) return { kind: 'problem', problem: remoteProblem(path, at) };
	const found = path === '' ? undefined : standingAt(db, join(directory, path));
	if (!found) return { kind: 'problem', problem: missingResource(db, directory, path, at) };
	const { real } = found;
	if (found.kind === 'file') {
		const outside = restrictionProblem(db, directory, path, real, at, restrictor);
		return outside ? { kind: 'problem', problem: outside } : { kind: 'file', file: fileOf(db, directory, path, real) };
	}
	if (path.startsWith('/')) return { kind: 'problem', problem: absoluteProblem(path, at) };
	return { kind: 'directory', directory: real };
}

/** What a path in `components` leads to; only directories will do. */
export function findComponent(db: Database, directory: FilePath, path: string, at: Address): Target {
	if (isRemoteDirectory(path)) return { kind: 'problem', problem: remoteProblem(path, at) };
	if (path.startsWith('/')) return { kind: 'problem', problem: absoluteProblem(path, at) };
	const found = path === '' ? undefined : standingAt(db, join(directory, path));
	if (!found) return { kind: 'problem', problem: missingComponent(db, directory, path, at) };
	const { real } = found;
	if (found.kind === 'directory') return { kind: 'directory', directory: real };
	const problem: Problem = {
		code: 'kustomize/not-a-directory',
		severity: 'error',
		fatal: true,
		message: `\`${path}\` is a file; \`components\` lists directories with a kustomization of kind Component`,
		at,
		details: `loader.New "must build at directory: '${real}': file is not directory"`,
	};
	return { kind: 'problem', problem };
}

/** Reads a file that a field names. */
export function loadFile(
	db: Database,
	directory: FilePath,
	path: string,
	at: Address,
	restrictor: LoadRestrictor,
): Loaded {
	if (isRemoteFile(path)) return { kind: 'problem', problem: remoteProblem(path, at) };
	const joined = join(directory, path);
	const found = path === '' ? undefined : standingAt(db, joined);
	if (!found) return { kind: 'problem', problem: missingFile(db, directory, path, at) };
	const { real } = found;
	if (found.kind === 'directory') {
		const problem: Problem = {
			code: 'kustomize/not-a-file',
			severity: 'error',
			fatal: true,
			message: `\`${path}\` is a directory; a file is needed here`,
			at,
			details: `'${joined}' must resolve to a file`,
		};
		return { kind: 'problem', problem };
	}
	const outside = restrictionProblem(db, directory, path, real, at, restrictor);
	if (outside) return { kind: 'problem', problem: outside };
	const file = fileOf(db, directory, path, real);
	const state = db.read(fileState, file);
	if (state.kind === 'text') return { kind: 'text', file, text: state.text };
	const bytes = db.read(fileBytes, file);
	if (bytes) return { kind: 'bytes', file, bytes };
	const why = state.kind === 'unreadable' ? state.why : `it is ${state.kind}`;
	return {
		kind: 'problem',
		problem: {
			code: 'kustomize/unreadable-file',
			severity: 'error',
			fatal: true,
			message: `\`${path}\` cannot be read: ${why}`,
			at,
		},
	};
}

/**
 * The path under which the file is known to the user: as it was named, unless a link stands in between. Both hold the same text;
 * an editor has the named one open.
 */
function fileOf(db: Database, directory: FilePath, path: string, real: FilePath): FilePath {
	const named = join(directory, path);
	return db.read(fileState, named).kind === 'missing' ? real : named;
}

/**
 * The bytes of a file whose text was read: a host may drop a byte order mark and mend broken characters, which a ConfigMap keeps.
 * Where an editor holds another text than the disk, that text's bytes.
 */
export function exactBytes(db: Database, file: FilePath, text: string): Uint8Array {
	const state = db.read(fileState, file);
	if (state.kind === 'text' && state.isExact && state.text === text) return encodeUtf8(text);
	const bytes = db.read(fileBytes, file);
	if (!bytes) return encodeUtf8(text);
	const onDisk = decodeUtf16(bytes) ?? decodeUtf8(bytes);
	return comparable(onDisk) === comparable(text) ? bytes : encodeUtf8(text);
}

/** The text of a file that begins with UTF-16's byte order mark, as hosts show it. */
function decodeUtf16(bytes: Uint8Array): string | undefined {
	const little = bytes[0] === 0xff && bytes[1] === 0xfe;
	if (!little && !(bytes[0] === 0xfe && bytes[1] === 0xff)) return undefined;
	let text = '';
	for (let at = 2; at + 1 < bytes.length; at += 2)
		text += String.fromCharCode(little ? bytes[at]! | (bytes[at + 1]! << 8) : (bytes[at]! << 8) | bytes[at + 1]!);
	return bytes.length % 2 === 1 ? text + '\uFFFD' : text;
}

/** Hosts differ in how many characters they put in the place of broken ones. */
function comparable(text: string): string {
	return text.replace(/^\uFEFF/, '').replace(/[\uFFFD\uD800-\uDFFF]+/g, '\uFFFD');
}

function restrictionProblem(
	db: Database,
	directory: FilePath,
	path: string,
	real: FilePath,
	at: Address,
	restrictor: LoadRestrictor,
): Problem | undefined {
	// Where the directory is below a link, a file in it has another path than it seems.
	if (restrictor === 'LoadRestrictionsNone' || isWithin(directory, real)) return undefined;
	const root = db.read(realPath, directory) ?? directory;
	if (isWithin(root, real)) return undefined;
	const refused = { code: 'kustomize/outside-root', severity: 'error', fatal: true, at } as const;
	if (restrictor === 'RepositoryOnly') {
		if (isInRepository(db, real)) return undefined;
		const message = `\`${path}\` lies outside of the repository, and nothing is read from there; move the file into the repository`;
		return { ...refused, message };
	}
	return {
		...refused,
		message: `\`${path}\` lies outside of this kustomization's directory, where kustomize reads no files; list a directory with a kustomization instead, or move the file`,
		details: `security; file '${real}' is not in or below '${root}'`,
	};
}

/** A URL: known to be unknown. */
export function remoteProblem(path: string, at: Address): Problem {
	return {
		code: 'kustomize/remote-resource',
		severity: 'information',
		message: `\`${path}\` is remote and left out here; what it contains is not checked`,
		at,
	};
}

function absoluteProblem(path: string, at: Address): Problem {
	return {
		code: 'kustomize/absolute-path',
		severity: 'error',
		fatal: true,
		message: `\`${path}\` is an absolute path; kustomize builds on directories by relative paths only`,
		at,
		details: `new root '${path}' cannot be absolute`,
	};
}

function missingResource(db: Database, directory: FilePath, path: string, at: Address): Problem {
	const full = join(directory, path);
	if (path === '') return emptyEntry(at, `'${full}' must resolve to a file': new root cannot be empty`);
	const how = path.startsWith('/')
		? `new root '${path}' cannot be absolute`
		: `must build at directory: not a valid directory: ${lstat(full)}`;
	const meant = suggestion(db, directory, path);
	return {
		...missing(path, at, meant),
		details: `accumulation err='accumulating resources from '${path}': ${lstat(full)}': ${how}`,
		...changeTo(at, meant),
	};
}

function missingComponent(db: Database, directory: FilePath, path: string, at: Address): Problem {
	if (path === '') return emptyEntry(at, 'loader.New "new root cannot be empty"');
	const meant = suggestion(db, directory, path);
	const details = `loader.New "must build at directory: not a valid directory: ${lstat(join(directory, path))}"`;
	return { ...missing(path, at, meant), details, ...changeTo(at, meant) };
}

function missing(path: string, at: Address, meant: string | undefined): Problem {
	return {
		code: 'kustomize/missing-resource',
		severity: 'error',
		fatal: true,
		message: `\`${path}\` does not exist${didYouMean(meant)}`,
		at,
	};
}

function emptyEntry(at: Address, details: string): Problem {
	return {
		code: 'kustomize/missing-resource',
		severity: 'error',
		fatal: true,
		message: 'this entry is empty; name a file or directory, or remove it',
		at,
		details,
		fixes: [{ title: 'Remove the empty entry', edits: [{ kind: 'remove', at }] }],
	};
}

function lstat(full: FilePath): string {
	return `evalsymlink failure on '${full}' : lstat ${full}: no such file or directory`;
}

function missingFile(db: Database, directory: FilePath, path: string, at: Address): Problem {
	const meant = path === '' ? undefined : suggestion(db, directory, path);
	return {
		code: 'kustomize/missing-file',
		severity: 'error',
		fatal: true,
		message: path === '' ? 'this names no file' : `the file \`${path}\` does not exist${didYouMean(meant)}`,
		at,
		details: lstat(join(directory, path)),
		...changeTo(at, meant),
	};
}

function didYouMean(meant: string | undefined): string {
	return meant === undefined ? '' : `; did you mean \`${meant}\`?`;
}

/** The nearest name in the last directory of the path that is there, and the same name one level up or down. */
function suggestion(db: Database, directory: FilePath, path: string): string | undefined {
	const full = join(directory, path);
	let at = full;
	while (at !== '/' && !directoryExists(db, dirname(at))) at = dirname(at);
	const parent = dirname(at);
	const missing = at.slice(parent === '/' ? 1 : parent.length + 1);
	const rest = full.slice(at.length);
	const names = (db.read(directoryEntries, parent) ?? []).map(entry => entry.name);
	const near =
		nearest(missing, names) ?? names.find(name => name.replace(/\.ya?ml$/, '') === missing.replace(/\.ya?ml$/, ''));
	const candidates = [
		...(near ? [join(parent, near + rest)] : []),
		join(directory, `../${path}`),
		...(path.startsWith('../') ? [join(directory, path.slice(3))] : []),
	];
	const found = candidates.find(candidate => candidate !== directory && standingAt(db, candidate) !== undefined);
	return found && relative(directory, found);
}

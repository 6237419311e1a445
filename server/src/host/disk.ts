/**
 * The core's door to the disk. It answers at once and never throws: what cannot be read is a state, not an error. Nothing is
 * written, and nothing is remembered here; the database does that.
 */
import fs from 'node:fs';
import { dirname, type FilePath, isWithin } from '../core/base/paths';
import { type DirectoryEntry, type FileState, MAX_FILE_BYTES, type Source } from '../core/workspace/inputs';
import { fromNative, toNative } from './native-paths';
import { shippedFile } from './shipped-files';

/** Files without text (chart archives) larger than this (in bytes) are not read. */
export const MAX_ARCHIVE_BYTES = 32 * 1024 * 1024;

/** More entries than this in one directory are not listed: no tree that people edit has them. */
export const MAX_DIRECTORY_ENTRIES = 50_000;

/** How far into a file a NUL byte is looked for, which says that it holds no text. git looks as far. */
const BINARY_PROBE_BYTES = 8000;

/** Is told what the disk says of a file just before that is read. */
type Reading = (file: FilePath, stat: fs.Stats | 'missing' | 'unknown') => void;

/** The disk of this machine. */
export function diskSource(reading: Reading = () => undefined): Source {
	return {
		read: file => read(file, reading),
		list,
		realPath,
		readBytes: file => readBytes(file, reading),
		bundled: shippedFile,
	};
}

function read(file: FilePath, reading: Reading): FileState {
	try {
		// A named pipe or a device would block or never end, so look before opening.
		const stat = fs.statSync(toNative(file), { throwIfNoEntry: false });
		reading(file, stat ?? 'missing');
		if (!stat) return { kind: 'missing' };
		if (stat.isDirectory()) return { kind: 'directory' };
		if (!stat.isFile()) return { kind: 'unreadable', why: 'it is not a regular file' };
		if (stat.size > MAX_FILE_BYTES) return { kind: 'too-large', bytes: stat.size };
		const bytes = readUpTo(file, stat.size);
		const text = decode(bytes);
		if (text === undefined) return { kind: 'binary' };
		return hasMark(bytes) || text.includes('\uFFFD') ? { kind: 'text', text } : { kind: 'text', text, isExact: true };
	} catch (error) {
		reading(file, 'unknown');
		return stateOfError(error);
	}
}

function stateOfError(error: unknown): FileState {
	const code = (error as NodeJS.ErrnoException).code;
	switch (code) {
		case 'ENOENT':
		case 'ENOTDIR':
		case 'ENAMETOOLONG':
			return { kind: 'missing' };
		case 'EACCES':
		case 'EPERM':
			return { kind: 'unreadable', why: 'permission denied' };
		case 'ELOOP':
			return { kind: 'unreadable', why: 'its symbolic links lead in a circle' };
		default:
			return { kind: 'unreadable', why: code ?? String(error) };
	}
}

/** At most `size` bytes: a file that grows in between is read again when its change is reported. */
function readUpTo(file: FilePath, size: number): Buffer {
	const handle = fs.openSync(toNative(file), 'r');
	try {
		const bytes = Buffer.allocUnsafe(size);
		let length = 0;
		while (length < size) {
			const got = fs.readSync(handle, bytes, length, size - length, length);
			if (got === 0) break;
			length += got;
		}
		return bytes.subarray(0, length);
	} finally {
		fs.closeSync(handle);
	}
}

/** A byte order mark of any kind. */
function hasMark(bytes: Uint8Array): boolean {
	const first = bytes[0];
	const second = bytes[1];
	return (
		(first === 0xef && second === 0xbb) || (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
	);
}

const UTF_8 = new TextDecoder('utf-8');

/** The text without its byte order mark, which editors hide too; nothing where it holds none. */
function decode(bytes: Buffer): string | undefined {
	if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
	if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
	if (bytes.subarray(0, BINARY_PROBE_BYTES).includes(0)) return undefined;
	return UTF_8.decode(bytes);
}

function list(directory: FilePath): readonly DirectoryEntry[] | undefined {
	let found: fs.Dirent[];
	try {
		found = fs.readdirSync(toNative(directory), { withFileTypes: true });
	} catch {
		return undefined;
	}
	const entries: DirectoryEntry[] = [];
	for (const entry of found.slice(0, MAX_DIRECTORY_ENTRIES)) {
		const kind = kindOf(directory, entry);
		if (!kind) continue;
		entries.push(entry.isSymbolicLink() ? { name: entry.name, kind, isLink: true } : { name: entry.name, kind });
	}
	return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Nothing for what is neither a file nor a directory, for a link that leads nowhere, and for one that leads in a circle. */
function kindOf(directory: FilePath, entry: fs.Dirent): DirectoryEntry['kind'] | undefined {
	if (entry.isFile()) return 'file';
	if (entry.isDirectory()) return 'directory';
	if (!entry.isSymbolicLink()) return undefined;
	const link = directory === '/' ? `/${entry.name}` : `${directory}/${entry.name}`;
	try {
		const stat = fs.statSync(toNative(link));
		if (stat.isFile()) return 'file';
		return stat.isDirectory() && !leadsBack(directory, link) ? 'directory' : undefined;
	} catch {
		return undefined;
	}
}

/** Whether the link leads to a directory on the way to it: who walks the tree would never end. */
function leadsBack(directory: FilePath, link: FilePath): boolean {
	const target = realPath(link);
	for (let at = directory; ; at = dirname(at)) {
		const real = realPath(at);
		if (real === undefined || target === undefined || isWithin(target, real)) return true;
		if (at === '/') return false;
	}
}

function realPath(file: FilePath): FilePath | undefined {
	try {
		return fromNative(fs.realpathSync.native(toNative(file)));
	} catch {
		return undefined;
	}
}

function readBytes(file: FilePath, reading: Reading): Uint8Array | undefined {
	try {
		const stat = fs.statSync(toNative(file), { throwIfNoEntry: false });
		reading(file, stat ?? 'missing');
		return stat?.isFile() && stat.size <= MAX_ARCHIVE_BYTES ? readUpTo(file, stat.size) : undefined;
	} catch {
		reading(file, 'unknown');
		return undefined;
	}
}

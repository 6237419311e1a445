/**
 * What stands at a path once links are followed. A directory's listing tells that of everything in it that is no link, so that the disk
 * is asked once for each directory and not again for each file.
 */
import { ofObject } from '../base/memo';
import { basename, dirname, entryPath, type FilePath } from '../base/paths';
import { type Database, query } from '../base/query';
import { directoryEntries, type DirectoryEntry, realPath } from './inputs';

export interface Standing {
	readonly real: FilePath;
	/** What is no directory is a `file` here, also where it cannot be read. */
	readonly kind: DirectoryEntry['kind'];
}

const standingQuery = query<Standing | undefined>(
	'standing',
	(db, path) => listed(db, path) ?? asked(db, path),
	(a, b) => a === b || (a !== undefined && b !== undefined && a.real === b.real && a.kind === b.kind),
);

/** What a path leads to; nothing where it leads nowhere or in a circle. */
export function standingAt(db: Database, path: FilePath): Standing | undefined {
	return db.get(standingQuery, path);
}

const byName = ofObject((entries: readonly DirectoryEntry[]) => new Map(entries.map(e => [e.name, e])));

function listed(db: Database, path: FilePath): Standing | undefined {
	const directory = db.read(realPath, dirname(path));
	const entries = directory === undefined ? undefined : db.read(directoryEntries, directory);
	const entry = entries && byName(db, entries).get(basename(path));
	return entry && !entry.isLink ? { real: entryPath(directory!, entry.name), kind: entry.kind } : undefined;
}

function asked(db: Database, path: FilePath): Standing | undefined {
	const real = db.read(realPath, path);
	if (real === undefined) return undefined;
	return { real, kind: db.read(directoryEntries, real) === undefined ? 'file' : 'directory' };
}

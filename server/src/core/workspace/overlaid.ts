/** The disk as an editor sees it: with the texts that it holds open, and with files that are only supposed to be there. */
import { basename, dirname, type FilePath, isWithin } from '../base/paths';
import type { DirectoryEntry, FileState, Source } from './inputs';

/** Answers as `source` does, but for the paths of `open` with their texts; `supposed` are listed too. Both may change, and who does tells the database. */
export function overlaid(source: Source, open: ReadonlyMap<FilePath, string>, supposed: ReadonlySet<FilePath>): Source {
	return {
		read: (path): FileState => {
			const text = open.get(path);
			return text === undefined ? source.read(path) : { kind: 'text', text };
		},
		list: path => withSupposed(source.list(path), path, supposed),
		realPath: path => source.realPath(path) ?? (isSupposed(path, supposed) ? path : undefined),
		readBytes: path => source.readBytes(path),
		bundled: name => source.bundled(name),
		...(source.failed ? { failed: (what: string, error: unknown) => source.failed?.(what, error) } : undefined),
		...(source.sealingKeys ? { sealingKeys: source.sealingKeys } : undefined),
	};
}

function isSupposed(path: FilePath, supposed: ReadonlySet<FilePath>): boolean {
	for (const file of supposed) if (isWithin(path, file)) return true;
	return false;
}

/** A listing with the files that are supposed to be there, and the directories on the way to them. */
function withSupposed(
	listed: readonly DirectoryEntry[] | undefined,
	path: FilePath,
	supposed: ReadonlySet<FilePath>,
): readonly DirectoryEntry[] | undefined {
	if (supposed.has(path) || !isSupposed(path, supposed)) return listed;
	const entries = new Map(listed?.map(entry => [entry.name, entry]));
	for (const file of supposed) {
		for (let at = file, kind: DirectoryEntry['kind'] = 'file'; at !== path && isWithin(path, at); at = dirname(at)) {
			if (dirname(at) === path) entries.set(basename(at), { name: basename(at), kind });
			kind = 'directory';
		}
	}
	return [...entries.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

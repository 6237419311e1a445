/** The paths of the tree that shell scripts name: arguments of what builds or applies one, and plain paths into the usual directories. */
import { dirname, type FilePath, isWithin, join } from '../base/paths';
import { type Database, query } from '../base/query';
import type { Range } from '../base/text';
import { directoryExists, fileExists, roots, textOf } from '../workspace/inputs';
import { linksOf } from './links';

export interface ScriptPath {
	/** As written, without quotes. */
	readonly path: string;
	/** From 0. */
	readonly line: number;
	readonly range: Range;
	/** The file or directory that it leads to; nothing where there is none. */
	readonly target: FilePath | undefined;
}

/** What names a path of the tree: the argument of the commands that build or apply one. */
const COMMANDS: readonly RegExp[] = [
	/\bkubectl\s+(?:\S+\s+)*?(?:-k|--kustomize)[ =](\S+)/dg,
	/\b(?:kubectl\s+kustomize|kustomize\s+build)\s+(?:--?[\w-]+(?:=\S+)?\s+)*([^\s-]\S*)/dg,
	/\bflux\s[^\n]*?--path[ =](\S+)/dg,
	/(?<![\w/.$}-])(\.?\/?(?:clusters|apps|infrastructure|kubernetes|overlays)\/[\w./-]+)/dg,
];

/** The paths in a script, in order, each place once; none of those that only running the script tells. */
export function scriptPaths(db: Database, file: FilePath): readonly ScriptPath[] {
	return db.get(pathsQuery, file);
}

const pathsQuery = query<readonly ScriptPath[]>('scriptPaths', (db, file) => {
	const root = db.read(roots, '').findLast(each => isWithin(each, file));
	if (root === undefined) return [];
	let start = 0;
	return (textOf(db, file) ?? '').split('\n').flatMap((text, line) => {
		const offset = start;
		start += text.length + 1;
		if (/^\s*#/.test(text)) return [];
		const found = new Map<number, ScriptPath>();
		for (const command of COMMANDS) {
			for (const match of text.matchAll(command)) {
				const [, written = ''] = match;
				const lead = /^["']*/.exec(written)![0].length;
				const path = written.slice(lead).replace(/["';|&)]+$/, '');
				const at = offset + match.indices![1]![0] + lead;
				if (!isPlain(path)) continue;
				found.set(at, {
					path,
					line,
					range: { start: at, end: at + path.length },
					target: targetOf(db, root, file, path),
				});
			}
		}
		return [...found.values()].sort((a, b) => a.range.start - b.range.start);
	});
});

/** Whether the path can be told without running the script: no variables, no globs, no web address. */
function isPlain(path: string): boolean {
	return /^[\w./-]+$/.test(path) && path.includes('/') && !path.startsWith('/') && !path.startsWith('~');
}

/** Scripts are run from the root, or from where they stand. */
function targetOf(db: Database, root: FilePath, file: FilePath, path: string): FilePath | undefined {
	return [root, dirname(file), join(dirname(file), '..')]
		.map(from => join(from, path))
		.find(target => directoryExists(db, target) || fileExists(db, target));
}

/** The file that an editor opens for a path: of a directory its kustomization. */
export function fileToOpen(db: Database, { target }: ScriptPath): FilePath | undefined {
	if (target === undefined) return undefined;
	return fileExists(db, target) ? target : linksOf(db, target).file;
}

/** `script/missing-path`: a script under `scripts/` names a directory or kustomization of the tree that does not exist. */
import { basename, dirname, type FilePath, isWithin, join, relative } from '../base/paths';
import { type Database, query } from '../base/query';
import { didYouMean } from '../base/nearest';
import { clusterTree } from '../model/cluster-tree';
import { discovery } from '../model/discovery';
import { directoryExists, fileExists, roots, textOf } from '../workspace/inputs';
import type { Finding, Rule } from './rule';

export const scriptMissingPath: Rule = {
	code: 'script/missing-path',
	severity: 'warning',
	summary: 'A script names an overlay, kustomization or path that does not exist.',
	check: db =>
		db.read(roots, '').flatMap(root =>
			db
				.get(discovery, root)
				.scripts.filter(file => isOfTree(root, file))
				.flatMap(file => db.get(missingPaths, file)),
		),
};

function isOfTree(root: FilePath, file: FilePath): boolean {
	return relative(root, file).startsWith('scripts/');
}

/** What names a path of the tree: the argument of the commands that build or apply one. */
const COMMANDS: readonly RegExp[] = [
	/\bkubectl\s+(?:\S+\s+)*?(?:-k|--kustomize)[ =](\S+)/g,
	/\b(?:kubectl\s+kustomize|kustomize\s+build)\s+(?:--?[\w-]+(?:=\S+)?\s+)*([^\s-]\S*)/g,
	/\bflux\s[^\n]*?--path[ =](\S+)/g,
	/(?<![\w/.$}-])(\.?\/?(?:clusters|apps|infrastructure|kubernetes|overlays)\/[\w./-]+)/g,
];

const missingPaths = query<readonly Finding[]>('missingPathsOfScript', (db, file) => {
	const root = db.read(roots, '').find(each => isWithin(each, file));
	if (root === undefined) return [];
	return (textOf(db, file) ?? '').split('\n').flatMap((line, number) => {
		if (/^\s*#/.test(line)) return [];
		const named = new Set(
			COMMANDS.flatMap(command => [...line.matchAll(command)].map(match => match[1]!.replace(/^["']|["';|&)]+$/g, ''))),
		);
		return [...named]
			.filter(path => isPlain(path) && !exists(db, root, file, path))
			.map(path => finding(db, root, file, number, path));
	});
});

/** Whether the path can be told without running the script: no variables, no globs, no web address. */
function isPlain(path: string): boolean {
	return /^[\w./-]+$/.test(path) && path.includes('/') && !path.startsWith('/') && !path.startsWith('~');
}

/** Scripts are run from the root, or from where they stand. */
function exists(db: Database, root: FilePath, file: FilePath, path: string): boolean {
	return [root, dirname(file), join(dirname(file), '..')].some(from => {
		const target = join(from, path);
		return directoryExists(db, target) || fileExists(db, target);
	});
}

function finding(db: Database, root: FilePath, file: FilePath, line: number, path: string): Finding {
	const known = [...db.get(clusterTree, '').kustomized.keys()].map(each => relative(root, each));
	return {
		code: scriptMissingPath.code,
		severity: scriptMissingPath.severity,
		message: `${basename(file)} would fail here: \`${path}\` does not exist in this repository${didYouMean(path, known)}`,
		at: { file, document: 0, path: [line] },
	};
}

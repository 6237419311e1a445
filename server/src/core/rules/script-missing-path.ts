/** `script/missing-path`: a script under `scripts/` names a directory or kustomization of the tree that does not exist. */
import { basename, type FilePath, isWithin, isYamlFile, relative } from '../base/paths';
import { type Database, query } from '../base/query';
import { didYouMean } from '../base/nearest';
import { clusterTree } from '../model/cluster-tree';
import { discovery } from '../model/discovery';
import { scriptPaths } from '../model/script-paths';
import { roots } from '../workspace/inputs';
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

const missingPaths = query<readonly Finding[]>('missingPathsOfScript', (db, file) => {
	const root = db.read(roots, '').findLast(each => isWithin(each, file));
	if (root === undefined) return [];
	const missing = scriptPaths(db, file).filter(({ target }) => target === undefined);
	const once = new Map(missing.map(each => [`${each.line} ${each.path}`, each]));
	return [...once.values()].map(({ line, path }) => finding(db, root, file, line, path));
});

function finding(db: Database, root: FilePath, file: FilePath, line: number, path: string): Finding {
	const directories = db.get(clusterTree, '').kustomized.keys();
	const files = isYamlFile(path) ? db.get(discovery, root).yamlFiles : [];
	const known = [...directories, ...files].filter(each => isWithin(root, each)).map(each => relative(root, each));
	return {
		code: scriptMissingPath.code,
		severity: scriptMissingPath.severity,
		message: `${basename(file)} would fail here: \`${path}\` does not exist in this repository${didYouMean(path, known)}`,
		at: { file, document: 0, path: [line, path] },
	};
}

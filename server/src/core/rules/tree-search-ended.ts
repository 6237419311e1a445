/** `tree/search-ended`: a folder is so large that the search for entry points ends before its end. What lies beyond, nobody else says. */
import { type FilePath, KUSTOMIZATION_NAMES, join } from '../base/paths';
import type { Database } from '../base/query';
import { hasMoreThanLookedAt, MOST_LOOKED_AT } from '../gitops/flux/seeds';
import { discovery, MAX_DIRECTORIES } from '../model/discovery';
import { fileExists, roots } from '../workspace/inputs';
import type { Finding, Rule } from './rule';

export const treeSearchEnded: Rule = {
	code: 'tree/search-ended',
	severity: 'information',
	summary: 'A folder has more files than the search for entry points looks at.',
	check: db => db.read(roots, '').flatMap(root => inFolder(db, root)),
};

function inFolder(db: Database, root: FilePath): Finding[] {
	const { truncated, config, kustomizations } = db.get(discovery, root);
	const limits = [
		...(truncated ? [`${MAX_DIRECTORIES} directories were searched for kustomizations`] : []),
		...(hasMoreThanLookedAt(db, root) ? [`${MOST_LOOKED_AT} YAML files were looked at for Flux objects`] : []),
	];
	if (limits.length === 0) return [];
	// A folder that holds no cluster tree is nobody's concern here.
	const file = config ?? outermost(db, kustomizations);
	if (file === undefined) return [];
	return [
		{
			code: treeSearchEnded.code,
			severity: treeSearchEnded.severity,
			message: `of this folder only the first ${limits.join(', and ')}: nothing is said of what lies beyond; open the part of it that holds the cluster tree`,
			at: { file, document: 0, path: [] },
		},
	];
}

function outermost(db: Database, directories: readonly FilePath[]): FilePath | undefined {
	const depth = (path: FilePath) => path.split('/').length;
	const [first] = [...directories].sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1));
	return first && KUSTOMIZATION_NAMES.map(name => join(first, name)).find(file => fileExists(db, file));
}

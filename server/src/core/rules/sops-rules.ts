/** `sops/*`: files held against the creation rules of the nearest `.sops.yaml` above them, and encrypted files against themselves. */
import { dirname, type FilePath, isWithin, isYamlFile, join } from '../base/paths';
import { type Database, query } from '../base/query';
import { sopsProblems } from '../gitops/secrets/sops';
import { creationRules, ruleFor, sopsConfigProblems } from '../gitops/secrets/sops-config';
import { filesOfTree } from '../model/entries';
import { contentOf } from '../workspace/documents';
import { fileExists, roots } from '../workspace/inputs';
import type { Finding } from './rule';

/** What is found in the files that the tree is built from, and in their configuration. */
export function sopsFindings(db: Database): readonly Finding[] {
	const files = filesOfTree(db).filter(isYamlFile);
	const configs = new Set(files.flatMap(file => configFor(db, file) ?? []));
	return [
		...[...configs].flatMap(config => sopsConfigProblems(creationRules(contentOf(db, config)[0]?.root))),
		...files.flatMap(file => db.get(inFile, file)),
	];
}

const inFile = query<readonly Finding[]>('sopsProblems', (db, file) => {
	const config = configFor(db, file);
	const rules = config === undefined ? [] : creationRules(contentOf(db, config)[0]?.root);
	const rule = config === undefined ? undefined : ruleFor(rules, dirname(config), file);
	return contentOf(db, file).flatMap(({ root }) => (root ? sopsProblems(file, root, rule) : []));
});

/** The `.sops.yaml` that sops takes for a file: the nearest one above it. */
function configFor(db: Database, file: FilePath): FilePath | undefined {
	return db.get(configAbove, dirname(file));
}

const configAbove = query<FilePath | undefined>('sopsConfigAbove', (db, directory) => {
	const root = db.read(roots, '').find(each => isWithin(each, directory));
	if (root === undefined) return undefined;
	for (let at = directory; isWithin(root, at); at = dirname(at)) {
		const config = join(at, '.sops.yaml');
		if (fileExists(db, config)) return config;
		if (at === '/') break;
	}
	return undefined;
});

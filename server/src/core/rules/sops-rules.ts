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
	const configs = new Set(files.flatMap(file => db.get(configsAbove, dirname(file))));
	return [
		...[...configs].flatMap(config => sopsConfigProblems(creationRules(contentOf(db, config)[0]?.root))),
		...files.flatMap(file => db.get(inFile, file)),
	];
}

/** The same in pieces. */
export function sopsWork(db: Database): (() => unknown)[] {
	return filesOfTree(db)
		.filter(isYamlFile)
		.map(file => () => db.get(inFile, file));
}

const inFile = query<readonly Finding[]>('sopsProblems', (db, file) => {
	const [nearest, ...outer] = db.get(configsAbove, dirname(file));
	const ruleOf = (config: FilePath) => ruleFor(creationRules(contentOf(db, config)[0]?.root), dirname(config), file);
	const rule = nearest === undefined ? undefined : ruleOf(nearest);
	const others = outer.flatMap(config => ruleOf(config) ?? []);
	return contentOf(db, file).flatMap(({ root }) => (root ? sopsProblems(file, root, rule, others) : []));
});

/** Every `.sops.yaml` above a file, the nearest first: that is the one which sops takes where it is started beside the file. */
const configsAbove = query<readonly FilePath[]>('sopsConfigsAbove', (db, directory) => {
	const root = db.read(roots, '').find(each => isWithin(each, directory));
	if (root === undefined) return [];
	const found: FilePath[] = [];
	for (let at = directory; isWithin(root, at); at = dirname(at)) {
		const config = join(at, '.sops.yaml');
		if (fileExists(db, config)) found.push(config);
		if (at === '/') break;
	}
	return found;
});

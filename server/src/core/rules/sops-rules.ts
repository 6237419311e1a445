/** `sops/*`: files held against the creation rules of the nearest `.sops.yaml` above them, and encrypted files against themselves. */
import { dirname, type FilePath, isKustomizationFile, isWithin, isYamlFile, join } from '../base/paths';
import { type Pieces, piecesOf } from '../base/pieces';
import { type Database, longQuery, query } from '../base/query';
import { inSteps, type Steps } from '../base/steps';
import { sopsProblems } from '../gitops/secrets/sops';
import { creationRules, ruleFor, sopsConfigProblems } from '../gitops/secrets/sops-config';
import { binaryDocument, envComments, envDocument, iniDocument, sopsFormat } from '../gitops/secrets/sops-formats';
import { isEncryptedText } from '../kube/encrypted-sources';
import { filesOfTree } from '../model/entries';
import { linksOf } from '../model/links';
import { contentOf, syntaxOf } from '../workspace/documents';
import { fileExists, roots, textOf } from '../workspace/inputs';
import { type CommentsAt, commentsOf, NO_COMMENTS } from '../yaml/comments';
import type { Node } from '../yaml/node';
import type { Finding } from './rule';

/** What is found in the files that the tree is built from, and in their configuration. */
export function* sopsFindings(db: Database): Steps<readonly Finding[]> {
	const files = filesOfTree(db);
	const found = yield* inSteps(files, file => db.get(inFile, file));
	const configs = new Set((yield* inSteps(files, file => db.get(configsAbove, dirname(file)))).flat());
	return [
		...[...configs].flatMap(config => sopsConfigProblems(creationRules(contentOf(db, config)[0]?.root))),
		...found.flat(),
	];
}

/** The same in pieces. */
export function sopsWork(db: Database): Pieces {
	return piecesOf(
		() => filesOfTree(db),
		file => db.get(inFile, file),
	);
}

/** What is found in one file. */
export function sopsFindingsIn(db: Database, file: FilePath): readonly Finding[] {
	return db.get(inFile, file);
}

const inFile = query<readonly Finding[]>('sopsProblems', (db, file) => {
	const [nearest, ...outer] = db.get(configsAbove, dirname(file));
	const ruleOf = (config: FilePath) => ruleFor(creationRules(contentOf(db, config)[0]?.root), dirname(config), file);
	const rule = nearest === undefined ? undefined : ruleOf(nearest);
	const others = outer.flatMap(config => ruleOf(config) ?? []);
	const documents = documentsOf(db, file);
	if (documents.length === 0) return [];
	const context = { rule, others, ...(db.get(secretSources, '').has(file) && { readBy: 'secretGenerator' as const }) };
	return documents.flatMap(root => {
		const comments = commentsIn(db, file, root);
		return sopsProblems(file, root, { ...context, ...(comments && { comments }) });
	});
});

/** How SOPS hangs the comments of INI files to values is not known here; JSON and files without a format have none. */
function commentsIn(db: Database, file: FilePath, root: Node): CommentsAt | undefined {
	const format = sopsFormat(file);
	if (format === 'ini') return undefined;
	if (format === 'env') return envComments(textOf(db, file) ?? '');
	if (format !== 'yaml') return () => NO_COMMENTS;
	let read: CommentsAt | undefined;
	return path => {
		const document = syntaxOf(db, file).documents[root.origin.document];
		read ??= commentsOf(textOf(db, file) ?? '', document?.root, document?.range.start ?? 0);
		return read(path);
	};
}

/** A file as sops reads it: what is neither YAML nor JSON by its name is one value, and JSON once it is encrypted. */
function documentsOf(db: Database, file: FilePath): readonly Node[] {
	const format = sopsFormat(file);
	if (isYamlFile(file)) return contentOf(db, file).flatMap(({ root }) => root ?? []);
	const text = textOf(db, file);
	if (text === undefined) return [];
	if (format === 'env') return [envDocument(file, text)];
	if (format === 'ini') return [iniDocument(file, text)];
	if (isEncryptedText(text)) return contentOf(db, file).flatMap(({ root }) => root ?? []);
	return [binaryDocument(file, text)];
}

/** The files that Secrets are generated from. */
const secretSources = longQuery<ReadonlySet<FilePath>>(
	'secretSources',
	function* (db) {
		const found = yield* inSteps(filesOfTree(db).filter(isKustomizationFile), file =>
			linksOf(db, dirname(file)).links.flatMap(({ field, target }) => (field === 'secretGenerator' ? [target] : [])),
		);
		return new Set(found.flat());
	},
	(a, b) => a.size === b.size && [...a].every(file => b.has(file)),
);

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

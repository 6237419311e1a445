/** `secret/credential`: a token or a private key in plain text, in any file that the tree is built from. */
import { query } from '../base/query';
import { inSteps } from '../base/steps';
import { isYamlFile } from '../base/paths';
import { piecesOf } from '../base/pieces';
import { credentialProblems } from '../gitops/secrets/plain-secrets';
import { filesOfTree } from '../model/entries';
import { contentOf } from '../workspace/documents';
import type { Finding, Rule } from './rule';

export const secretCredential: Rule = {
	code: 'secret/credential',
	severity: 'error',
	summary: 'A token or a private key stands in the repository in plain text.',
	pieces: db =>
		piecesOf(
			() => filesOfTree(db).filter(isYamlFile),
			file => db.get(credentialsIn, file),
		),
	check: function* (db) {
		const files = filesOfTree(db).filter(isYamlFile);
		return (yield* inSteps(files, file => db.get(credentialsIn, file))).flat();
	},
};

const credentialsIn = query<readonly Finding[]>('credentialsIn', (db, file) =>
	contentOf(db, file).flatMap(({ root }) => (root ? credentialProblems(root) : [])),
);

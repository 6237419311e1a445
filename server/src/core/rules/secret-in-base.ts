/** `secret/in-base`: a base holds an actual secret: values of a Secret, or ciphertext that only one cluster can open. */
import { plainValues } from '../gitops/secrets/plain-secrets';
import { encryptedValues, isSealedSecret } from '../gitops/secrets/sealed-secret-fields';
import { isSopsEncrypted } from '../gitops/secrets/sops';
import type { Resource } from '../kube/resource';
import { homeOf } from '../model/bases';
import { clusterTree } from '../model/cluster-tree';
import { buildOf, eachEntry, perEntry } from '../model/entries';
import { addressOf, type ScalarNode } from '../yaml/node';
import type { Database } from '../base/query';
import type { Finding, Rule } from './rule';

export const secretInBase: Rule = {
	code: 'secret/in-base',
	severity: 'error',
	summary: 'A base holds an actual secret.',
	pieces: function* (db) {
		yield* eachEntry(db, inEntry);
		yield* eachEntry(db, keepsSecrets);
	},
	check: db => {
		const { entries } = db.get(clusterTree, '');
		// Where nothing is encrypted, plain text is how things are done here, and no accident.
		const isMeant = !entries.some(entry => keepsSecrets(db, entry));
		const found = entries.flatMap(entry => inEntry(db, entry));
		return isMeant ? found.map((each): Finding => ({ ...each, severity: 'warning' })) : found;
	},
};

/** Whether some of its secrets are kept where nobody can read them. */
const keepsSecrets = perEntry<boolean>('keepsSecrets', false, (db, entry) =>
	buildOf(db, entry).resources.some(
		each => isSealedSecret(each) || each.id.kind === 'ExternalSecret' || isSopsEncrypted(each.node),
	),
);

const inEntry = perEntry<readonly Finding[]>('secretsInBases', [], (db, entry) => {
	const { resources } = buildOf(db, entry);
	return [
		...plainValues(resources).flatMap(({ resource, key, node }) => finding(db, resource, key, node, PLAIN, 'error')),
		...resources
			.filter(isSealedSecret)
			.flatMap(resource =>
				encryptedValues(resource).flatMap(({ key, node }) =>
					node.text.length < SHORTEST_CIPHERTEXT ? [] : finding(db, resource, key, node, SEALED, 'warning'),
				),
			),
	];
});

/** No ciphertext of a 2048 bit key is shorter in base64. */
const SHORTEST_CIPHERTEXT = 300;

const PLAIN =
	'everyone who can read this repository can read it; make this file a template, seal or encrypt the value for each environment, and change the secret if it has been pushed';
// Clusters may have been given one key.
const SEALED =
	'only a cluster with the key that it was sealed for can open it; seal it for each environment in its overlay, and leave a template here';

function finding(
	db: Database,
	{ originalId: id }: Resource,
	key: string,
	node: ScalarNode,
	why: string,
	severity: Finding['severity'],
): Finding[] {
	if (homeOf(db, node.origin.file)?.role !== 'base') return [];
	return [
		{
			code: secretInBase.code,
			severity,
			message: `this base holds the actual value of \`${key}\` of ${id.kind}/${id.name}: ${why}`,
			at: addressOf(node.origin),
			anchor: 'key',
		},
	];
}

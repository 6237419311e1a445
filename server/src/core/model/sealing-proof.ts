/**
 * What is known of an environment's sealed secrets beyond their texts: the certificates in the tree, and where the user has the controller's private key,
 * whether they open.
 */
import { type Database, query } from '../base/query';
import type { SealedSecretContext } from '../gitops/secrets/sealed-secret';
import { encryptedValues, isSealedSecret, scopeOf } from '../gitops/secrets/sealed-secret-fields';
import { clock, opensSealed, opensSealedKey, sealingKeyModuli } from '../workspace/inputs';
import { child } from '../yaml/node';
import { clusterTree } from './cluster-tree';
import { buildOf } from './entries';
import { certificatesOf } from './sealing-certificates';
import { sealingPast } from './sealing-histories';

/** What the sealed secrets of an environment are judged with. */
export function sealedSecretContext(db: Database, environment: string): SealedSecretContext {
	const known = {
		certificates: certificatesOf(db, environment),
		past: (file: string, ciphertext: string) => sealingPast(db, file, ciphertext),
		// A function, since whoever reads the clock is computed again each hour.
		clock: () => db.read(clock, ''),
	};
	if (db.read(sealingKeyModuli, '').length === 0) return known;
	const own = db.get(keysAreOf, environment);
	return {
		...known,
		opens: (sealed, target) => {
			const opens = db.read(opensSealed, opensSealedKey(sealed, target));
			// That the key of another cluster does not open it says nothing.
			return opens || own ? opens : undefined;
		},
	};
}

/** Whether the keys are of the environment's own controller: one belongs to a certificate of it, or opens something that it renders. */
const keysAreOf = query<boolean>('sealingKeysAreOf', (db, environment) => {
	const moduli = db.read(sealingKeyModuli, '');
	if (certificatesOf(db, environment).some(({ modulus }) => moduli.includes(modulus))) return true;
	const { entries } = db.get(clusterTree, '');
	return entries
		.filter(entry => entry.environment === environment && !entry.setAside)
		.flatMap(entry => buildOf(db, entry).resources.filter(isSealedSecret))
		.some(resource => {
			const { namespace, name } = resource.id;
			const target = { scope: scopeOf(child(resource.node, 'metadata')), namespace, name };
			return encryptedValues(resource).some(({ node }) => db.read(opensSealed, opensSealedKey(node.text, target)));
		});
});

/**
 * Private keys of sealed-secrets controllers that the user keeps outside of the tree, to prove that sealed values open. They stay in this
 * process's memory: neither they nor a plaintext leave this file.
 */
import { createPublicKey, type KeyObject } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { SealingKeys } from '../core/workspace/inputs';
import { canUnseal, readPrivateKeys } from './seal';

export interface PrivateKeys extends SealingKeys {
	/** Takes the keys of these files instead of those before; gives what could not be read, in a sentence each. */
	use(files: readonly string[]): readonly string[];
}

/** Larger files hold no keys. */
const MAX_KEY_FILE_BYTES = 1024 * 1024;

/** No keys, until some are used. */
export function privateKeys(): PrivateKeys {
	let keys: readonly KeyObject[] = [];
	return {
		use(files) {
			const found = files.map(file => ({ file, keys: keysIn(file) }));
			keys = found.flatMap(each => each.keys);
			return found.flatMap(({ file, keys }) => (keys.length > 0 ? [] : [`There is no private key in ${file}.`]));
		},
		moduli: () => keys.map(modulusOf),
		opens: (sealed, target) => canUnseal(sealed, keys, target),
	};
}

/** Of PEM, or of the Secret (YAML or JSON) that the controller keeps its key in, as `kubeseal --recovery-private-key` takes both. */
function keysIn(file: string): readonly KeyObject[] {
	const absolute = file.replace(/^~(?=\/|\\|$)/, os.homedir());
	if (!path.isAbsolute(absolute)) return [];
	try {
		if (fs.statSync(absolute).size > MAX_KEY_FILE_BYTES) return [];
		const text = fs.readFileSync(absolute, 'utf8');
		const encoded = [...text.matchAll(/["']?tls\.key["']?:\s*["']?([A-Za-z0-9+/=]{100,})/g)];
		const inSecrets = encoded.map(([, base64]) => Buffer.from(base64!, 'base64').toString('utf8'));
		return [text, ...inSecrets].flatMap(readPrivateKeys).filter(key => key.asymmetricKeyType === 'rsa');
	} catch {
		return [];
	}
}

function modulusOf(key: KeyObject): bigint {
	const { n = '' } = createPublicKey(key).export({ format: 'jwk' });
	return BigInt('0x' + Buffer.from(n, 'base64url').toString('hex'));
}

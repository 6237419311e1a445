/**
 * Seals values in kubeseal's format, and proves with a private key that a sealed value opens. `node:crypto` alone does the
 * cryptography; a plaintext is only ever an argument here: it is not returned, stored, logged, nor part of an error.
 */
import {
	constants,
	createCipheriv,
	createDecipheriv,
	createPrivateKey,
	type KeyObject,
	privateDecrypt,
	publicEncrypt,
	randomBytes,
	X509Certificate,
} from 'node:crypto';
import { encryptionLabel, type Scope } from '../core/gitops/secrets/sealed-secret-fields';

/** What a value is sealed for. Name and namespace count as far as the scope says. */
export interface SealTarget {
	readonly scope: Scope;
	readonly namespace: string;
	readonly name: string;
}

/** Why nothing could be sealed, in a sentence for the user; never with the value. */
export interface SealFailure {
	readonly failure: string;
}

const SESSION_KEY_BYTES = 32;
const TAG_BYTES = 16;
/** Each session key is used once, so the controller's nonce is all zeros. */
const NONCE = Buffer.alloc(12);

/**
 * Seals a value with the certificate (PEM), as sealed-secrets `HybridEncrypt` does. Gives the base64 for `spec.encryptedData`. `now` is in milliseconds
 * since 1970; an expired certificate is refused as kubeseal refuses it.
 */
export function sealValue(
	plaintext: Uint8Array,
	certificatePem: string,
	target: SealTarget,
	now: number,
): { readonly sealed: string } | SealFailure {
	const missing = missingFor(target);
	if (missing) return { failure: missing };
	let certificate: X509Certificate;
	try {
		certificate = new X509Certificate(firstBlock(certificatePem));
	} catch {
		return { failure: 'This is not a certificate in PEM format; fetch it with `kubeseal --fetch-cert`.' };
	}
	if (certificate.publicKey.asymmetricKeyType !== 'rsa')
		return { failure: 'The certificate has no RSA key, so it is none of the sealed-secrets controller.' };
	if (now > Date.parse(certificate.validTo))
		return {
			failure: `The certificate expired on ${new Date(certificate.validTo).toISOString().slice(0, 10)}; fetch the present one with \`kubeseal --fetch-cert\`.`,
		};
	const sessionKey = randomBytes(SESSION_KEY_BYTES);
	const encryptedKey = publicEncrypt({ key: certificate.publicKey, ...oaep(target) }, sessionKey);
	const cipher = createCipheriv('aes-256-gcm', sessionKey, NONCE);
	const body = Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
	sessionKey.fill(0);
	const length = Buffer.alloc(2);
	length.writeUInt16BE(encryptedKey.length);
	return { sealed: Buffer.concat([length, encryptedKey, body]).toString('base64') };
}

/** The first certificate, which kubeseal takes, with the lines that a paste into a single line has lost. */
function firstBlock(pem: string): string {
	const body = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]*)-----END CERTIFICATE-----/.exec(pem)?.[1] ?? '';
	const lines = body.replace(/\s+/g, '').replace(/.{64}(?=.)/g, '$&\n');
	return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

/** The private keys of a PEM text; those it cannot read are left out. */
export function readPrivateKeys(pem: string): readonly KeyObject[] {
	const blocks = pem.match(/-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*-----END [A-Z ]*PRIVATE KEY-----/g) ?? [];
	return blocks.flatMap(block => {
		try {
			return [createPrivateKey(block)];
		} catch {
			return [];
		}
	});
}

/** Whether one of the keys opens the sealed value under the target's label. The plaintext is overwritten at once. */
export function canUnseal(sealed: string, keys: readonly KeyObject[], target: SealTarget): boolean {
	const bytes = Buffer.from(sealed, 'base64');
	if (bytes.length < 2) return false;
	const keyBytes = bytes.readUInt16BE();
	if (bytes.length < 2 + keyBytes + TAG_BYTES) return false;
	const encryptedKey = bytes.subarray(2, 2 + keyBytes);
	const body = bytes.subarray(2 + keyBytes, bytes.length - TAG_BYTES);
	return keys.some(key => {
		try {
			const sessionKey = privateDecrypt({ key, ...oaep(target) }, encryptedKey);
			const decipher = createDecipheriv('aes-256-gcm', sessionKey, NONCE);
			decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
			decipher.update(body).fill(0);
			decipher.final();
			sessionKey.fill(0);
			return true;
		} catch {
			// Another key, another label, or a damaged ciphertext: the controller tells them apart no better.
			return false;
		}
	});
}

function oaep(target: SealTarget) {
	return {
		padding: constants.RSA_PKCS1_OAEP_PADDING,
		oaepHash: 'sha256',
		oaepLabel: Buffer.from(encryptionLabel(target.scope, target.namespace, target.name)),
	};
}

/** kubeseal refuses to seal for a place it does not know, since the result would open nowhere. */
function missingFor({ scope, namespace, name }: SealTarget): string | undefined {
	if (scope !== 'cluster-wide' && namespace === '')
		return 'The secret must declare a namespace, since it is sealed for that namespace; or choose the scope cluster-wide.';
	if (scope === 'strict' && name === '') return 'The secret must have a name, since it is sealed for that name.';
	return undefined;
}

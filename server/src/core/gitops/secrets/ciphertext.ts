/**
 * What can be told of one value of `spec.encryptedData` without the private key. The format is that of sealed-secrets
 * `pkg/crypto.HybridEncrypt`: two bytes of length, the RSA-OAEP ciphertext of that length, the AES-256-GCM ciphertext.
 */
import { decodeOrLocate } from '../../base/base64';
import { bytesToInteger } from '../../base/der';
import type { Certificate } from './certificate';

const LENGTH_BYTES = 2;
/** What AES-GCM adds to the plaintext. */
const TAG_BYTES = 16;
/** RSA keys between 1,024 and 16,384 bits: below nobody signs, above no controller generates. */
const KEY_BYTES = { least: 128, most: 2048 } as const;

export type Ciphertext =
	| { readonly kind: 'sealed'; readonly plaintextBytes: number }
	| { readonly kind: 'not-base64'; readonly errorAt: number }
	| { readonly kind: 'too-short'; readonly bytes: number; readonly least: number }
	| { readonly kind: 'no-key-length'; readonly keyBytes: number }
	/** It could be a ciphertext, but for none of the given certificates. */
	| { readonly kind: 'other-key-length'; readonly keyBytes: number }
	| { readonly kind: 'other-key' };

/** Judges a ciphertext; the certificates are those whose key might open it, none where they are not known. */
export function inspectCiphertext(text: string, certificates: readonly Certificate[]): Ciphertext {
	const decoded = decodeOrLocate(text);
	if ('errorAt' in decoded) return { kind: 'not-base64', errorAt: decoded.errorAt };
	const { bytes } = decoded;
	if (bytes.length < LENGTH_BYTES) return { kind: 'too-short', bytes: bytes.length, least: LENGTH_BYTES };
	const keyBytes = bytes[0]! * 256 + bytes[1]!;
	if (keyBytes < KEY_BYTES.least || keyBytes > KEY_BYTES.most) return { kind: 'no-key-length', keyBytes };
	const least = LENGTH_BYTES + keyBytes + TAG_BYTES;
	if (bytes.length < least) return { kind: 'too-short', bytes: bytes.length, least };
	if (certificates.length > 0) {
		const ofLength = certificates.filter(certificate => certificate.modulusBytes === keyBytes);
		if (ofLength.length === 0) return { kind: 'other-key-length', keyBytes };
		// An RSA ciphertext is a number below the modulus of the key that made it.
		const value = bytesToInteger(bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + keyBytes));
		if (ofLength.every(certificate => value >= certificate.modulus)) return { kind: 'other-key' };
	}
	return { kind: 'sealed', plaintextBytes: bytes.length - least };
}

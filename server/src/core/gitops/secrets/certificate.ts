/**
 * Reads out of an X.509 certificate the little that sealing depends on: the RSA modulus and the time in which it is valid.
 * Only the DER structures of RFC 5280 section 4.1 that lead there are walked; signatures are not verified.
 */
import { decodeOrLocate } from '../../base/base64';
import {
	bytesToHex,
	bytesToInteger,
	contextTag,
	DER_TAG,
	derElements,
	type DerElement,
	derSequence,
	derTime,
} from '../../base/der';

export interface Certificate {
	/** The RSA public key's modulus and its length in bytes. */
	readonly modulus: bigint;
	readonly modulusBytes: number;
	/** Milliseconds since 1970-01-01T00:00:00Z. */
	readonly notBefore: number;
	readonly notAfter: number;
}

/** The certificates of a PEM file in order; `undefined` stands for one that is not a certificate with an RSA key. */
export function parseCertificates(pem: string): readonly (Certificate | undefined)[] {
	const blocks = pem.matchAll(/-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]*)-----END CERTIFICATE-----/g);
	return [...blocks].map(([, body]) => {
		const decoded = decodeOrLocate(body!.replace(/\s+/g, ''));
		return 'bytes' in decoded ? readCertificate(decoded.bytes) : undefined;
	});
}

/** 1.2.840.113549.1.1.1, rsaEncryption. */
const RSA_ENCRYPTION = '2a864886f70d010101';

function readCertificate(der: Uint8Array): Certificate | undefined {
	const fields = derSequence(derSequence(derElements(der)?.[0])?.[0]);
	if (!fields) return undefined;
	// version (optional), serialNumber, signature, issuer, validity, subject, subjectPublicKeyInfo
	const first = fields[0]?.tag === contextTag(0) ? 1 : 0;
	const validity = derSequence(fields[first + 3]);
	const notBefore = derTime(validity?.[0]);
	const notAfter = derTime(validity?.[1]);
	const modulus = readModulus(fields[first + 5]);
	if (notBefore === undefined || notAfter === undefined || !modulus) return undefined;
	return { ...modulus, notBefore, notAfter };
}

function readModulus(info: DerElement | undefined): { modulus: bigint; modulusBytes: number } | undefined {
	const parts = derSequence(info);
	const algorithm = derSequence(parts?.[0])?.[0];
	if (algorithm?.tag !== DER_TAG.objectId || bytesToHex(algorithm.content) !== RSA_ENCRYPTION) return undefined;
	const bits = parts?.[1];
	if (bits?.tag !== DER_TAG.bitString || bits.content[0] !== 0) return undefined;
	const modulus = derSequence(derElements(bits.content.subarray(1))?.[0])?.[0];
	if (modulus?.tag !== DER_TAG.integer || modulus.content.length === 0) return undefined;
	const value = bytesToInteger(modulus.content);
	return value > 0n ? { modulus: value, modulusBytes: Math.ceil(value.toString(16).length / 2) } : undefined;
}

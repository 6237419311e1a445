/**
 * Reads out of an X.509 certificate the little that sealing depends on: the RSA modulus and the time in which it is valid.
 * Only the DER structures of RFC 5280 section 4.1 that lead there are walked; signatures are not verified.
 */
import { decodeOrLocate } from '../../base/base64';

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

const TAG = {
	integer: 0x02,
	bitString: 0x03,
	objectId: 0x06,
	utcTime: 0x17,
	generalizedTime: 0x18,
	sequence: 0x30,
	explicitVersion: 0xa0,
} as const;

/** 1.2.840.113549.1.1.1, rsaEncryption. */
const RSA_ENCRYPTION = '2a864886f70d010101';

interface Element {
	readonly tag: number;
	readonly content: Uint8Array;
}

function readCertificate(der: Uint8Array): Certificate | undefined {
	const certificate = elementsOf(der)?.[0];
	const body = elementsOf(sequence(certificate))?.[0];
	const fields = elementsOf(sequence(body));
	if (!fields) return undefined;
	// version (optional), serialNumber, signature, issuer, validity, subject, subjectPublicKeyInfo
	const first = fields[0]?.tag === TAG.explicitVersion ? 1 : 0;
	const validity = elementsOf(sequence(fields[first + 3]));
	const notBefore = readTime(validity?.[0]);
	const notAfter = readTime(validity?.[1]);
	const modulus = readModulus(fields[first + 5]);
	if (notBefore === undefined || notAfter === undefined || !modulus) return undefined;
	return { ...modulus, notBefore, notAfter };
}

function readModulus(info: Element | undefined): { modulus: bigint; modulusBytes: number } | undefined {
	const parts = elementsOf(sequence(info));
	const algorithm = elementsOf(sequence(parts?.[0]))?.[0];
	if (algorithm?.tag !== TAG.objectId || hex(algorithm.content) !== RSA_ENCRYPTION) return undefined;
	const bits = parts?.[1];
	if (bits?.tag !== TAG.bitString || bits.content[0] !== 0) return undefined;
	const key = elementsOf(sequence(elementsOf(bits.content.subarray(1))?.[0]));
	const modulus = key?.[0];
	if (modulus?.tag !== TAG.integer || modulus.content.length === 0) return undefined;
	const value = bytesToInteger(modulus.content);
	return value > 0n ? { modulus: value, modulusBytes: Math.ceil(value.toString(16).length / 2) } : undefined;
}

/** The bytes as an unsigned big-endian integer. */
export function bytesToInteger(bytes: Uint8Array): bigint {
	return bytes.length === 0 ? 0n : BigInt('0x' + hex(bytes));
}

function hex(bytes: Uint8Array): string {
	return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
}

function sequence(element: Element | undefined): Uint8Array | undefined {
	return element?.tag === TAG.sequence ? element.content : undefined;
}

/** The elements that follow one another in DER bytes; nothing where a length leads out of them. */
function elementsOf(bytes: Uint8Array | undefined): readonly Element[] | undefined {
	if (!bytes) return undefined;
	const out: Element[] = [];
	let at = 0;
	while (at < bytes.length) {
		const tag = bytes[at++]!;
		let length = bytes[at++];
		if (length === undefined) return undefined;
		if (length >= 0x80) {
			const octets = length & 0x7f;
			if (octets === 0 || octets > 4 || at + octets > bytes.length) return undefined;
			length = Number(bytesToInteger(bytes.subarray(at, at + octets)));
			at += octets;
		}
		if (at + length > bytes.length) return undefined;
		out.push({ tag, content: bytes.subarray(at, at + length) });
		at += length;
	}
	return out;
}

/** RFC 5280 4.1.2.5: UTCTime until 2049 (years from 50 on are of the 20th century), GeneralizedTime after, both to the second in UTC. */
function readTime(element: Element | undefined): number | undefined {
	if (element?.tag !== TAG.utcTime && element?.tag !== TAG.generalizedTime) return undefined;
	const text = String.fromCharCode(...element.content.subarray(0, 20));
	const parts = /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/.exec(text);
	if (!parts) return undefined;
	const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1).map(Number);
	const full = element.tag === TAG.generalizedTime ? year : year + (year >= 50 ? 1900 : 2000);
	return Date.UTC(full, month - 1, day, hour, minute, second);
}

/**
 * `x509_decode`: a certificate as Go's `encoding/json` writes its `x509.Certificate`, the public key in Kyverno's own form (kyverno `functions.go`,
 * `jpX509Decode`). What Go would write and this cannot is not evaluated, rather than left out.
 */
import { base64 } from '@scure/base';
import { decodeBase64 } from '../../../base/base64';
import {
	bytesToHex,
	bytesToInteger,
	contextTag,
	DER_TAG,
	type DerElement,
	derElements,
	derObjectId,
	derSequence,
	derTime,
} from '../../../base/der';
import { decodeUtf8 } from '../../../base/utf8';
import type { Plain } from '../../../yaml/node';
import { NeedsCluster } from './function-arguments';
import { mapOf, type PlainMap } from './plain-values';
import { readExtensions } from './x509-extensions';

const PEM = /-----BEGIN ([A-Z0-9 ]+)-----\r?\n([A-Za-z0-9+/=\s]*)-----END \1-----/;
/** 1.2.840.113549.1.1.1, rsaEncryption. */
const RSA = '2a864886f70d010101';
/** Go's numbers of algorithms whose identifier says all. */
const SIGNATURES: Readonly<Record<string, number>> = {
	'2a864886f70d010104': 2,
	'2a864886f70d010105': 3,
	'2a864886f70d01010b': 4,
	'2a864886f70d01010c': 5,
	'2a864886f70d01010d': 6,
	'2a8648ce3d0401': 9,
	'2a8648ce3d040302': 10,
	'2a8648ce3d040303': 11,
	'2a8648ce3d040304': 12,
	'2b6570': 16,
};
/** The decimal form of a larger number would take long. */
const MAX_MODULUS_BYTES = 2_048;

/** The fields of the first certificate in a PEM text. Throws where Kyverno would fail. */
export function decodeCertificate(pem: string): PlainMap {
	const [, type, body = ''] = PEM.exec(pem) ?? [];
	const der = type === undefined ? undefined : decodeBase64(body.replace(/\s+/g, ''));
	if (!der) throw new Error('failed to decode PEM block');
	if (type === 'CERTIFICATE REQUEST') throw new NeedsCluster('x509_decode of a certificate request is not supported');
	if (type !== 'CERTIFICATE') throw new Error('PEM block neither contains a CERTIFICATE or CERTIFICATE REQUEST');
	const certificate = derElements(der)?.[0];
	const [signed, algorithm, signature] = derSequence(certificate) ?? [];
	const all = derSequence(signed) ?? [];
	const version = all[0]?.tag === contextTag(0) ? derElements(all[0].content)?.[0] : undefined;
	const [serial, , issuer, validity, subject, keyInfo, ...more] = version ? all.slice(1) : all;
	const [notBefore, notAfter] = (derSequence(validity) ?? []).map(derTime);
	if (!certificate || !serial || !keyInfo || notBefore === undefined || notAfter === undefined)
		throw new Error('x509: malformed certificate');
	const extensions = more.find(({ tag }) => tag === contextTag(3));
	return mapOf([
		['Raw', base64.encode(certificate.whole)],
		['RawTBSCertificate', base64.encode(signed!.whole)],
		['RawSubjectPublicKeyInfo', base64.encode(keyInfo.whole)],
		['RawSubject', base64.encode(subject!.whole)],
		['RawIssuer', base64.encode(issuer!.whole)],
		['Signature', base64.encode(signature?.content.subarray(1) ?? new Uint8Array())],
		['SignatureAlgorithm', signatureNumber(algorithm)],
		['PublicKeyAlgorithm', 1],
		['PublicKey', publicKey(keyInfo)],
		['Version', version ? Number(bytesToInteger(version.content)) + 1 : 1],
		['SerialNumber', Number(bytesToInteger(serial.content))],
		['Issuer', distinguishedName(issuer)],
		['Subject', distinguishedName(subject)],
		['NotBefore', goTime(notBefore)],
		['NotAfter', goTime(notAfter)],
		...readExtensions(extensions && derSequence(derElements(extensions.content)?.[0])),
	]);
}

function goTime(milliseconds: number): string {
	return new Date(milliseconds).toISOString().replace('.000', '');
}

function signatureNumber(algorithm: DerElement | undefined): number {
	const [id] = derSequence(algorithm) ?? [];
	const known = id && SIGNATURES[bytesToHex(id.content)];
	if (known === undefined) throw new NeedsCluster('x509_decode does not know how the certificate is signed');
	return known;
}

/** Kyverno takes certificates with RSA keys only. */
function publicKey(info: DerElement): PlainMap {
	const [algorithm, bits] = derSequence(info) ?? [];
	const [id] = derSequence(algorithm) ?? [];
	if (!id || bytesToHex(id.content) !== RSA) throw new Error('certificate should use rsa algorithm');
	const [modulus, exponent] = derSequence(derElements(bits?.content.subarray(1))?.[0]) ?? [];
	if (!modulus || !exponent) throw new Error('failed to parse subject public key info');
	if (modulus.content.length > MAX_MODULUS_BYTES) throw new NeedsCluster('the key of the certificate is too long');
	return mapOf([
		['N', String(bytesToInteger(modulus.content))],
		['E', Number(bytesToInteger(exponent.content))],
	]);
}

/** By the last number of 2.5.4.x; Go `pkix.Name`. */
const LISTED: Readonly<Record<number, string>> = {
	6: 'Country',
	10: 'Organization',
	11: 'OrganizationalUnit',
	7: 'Locality',
	8: 'Province',
	9: 'StreetAddress',
	17: 'PostalCode',
};
const SINGLE: Readonly<Record<number, string>> = { 5: 'SerialNumber', 3: 'CommonName' };
const TEXTS: ReadonlySet<number> = new Set([
	DER_TAG.utf8String,
	DER_TAG.printableString,
	DER_TAG.t61String,
	DER_TAG.ia5String,
]);

function distinguishedName(element: DerElement | undefined): PlainMap {
	const lists = new Map<string, Plain[]>();
	const single = new Map<string, string>();
	const names: Plain[] = [];
	for (const set of derSequence(element) ?? [])
		for (const attribute of derElements(set.content) ?? []) {
			const [type, value] = derSequence(attribute) ?? [];
			if (!type || !value) throw new Error('x509: invalid RDNSequence');
			if (!TEXTS.has(value.tag)) throw new NeedsCluster('x509_decode cannot read a name in the certificate');
			const text = decodeUtf8(value.content);
			names.push(
				mapOf([
					['Type', derObjectId(type.content)],
					['Value', text],
				]),
			);
			const [first, second, number = -1] = type.content;
			if (type.content.length !== 3 || first !== 0x55 || second !== 4) continue;
			const list = LISTED[number];
			const listed = list && lists.get(list);
			if (listed) listed.push(text);
			else if (list) lists.set(list, [text]);
			const field = SINGLE[number];
			if (field) single.set(field, text);
		}
	return mapOf([
		...Object.values(LISTED).map(name => [name, lists.get(name) ?? null] as const),
		...Object.values(SINGLE).map(name => [name, single.get(name) ?? ''] as const),
		['Names', names],
		['ExtraNames', null],
	]);
}

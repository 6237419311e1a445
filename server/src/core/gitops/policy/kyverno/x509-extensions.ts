/** What the extensions of a certificate say, in the fields of Go's `x509.Certificate`; Go `crypto/x509` `processExtensions`. */
import { base64 } from '@scure/base';
import {
	bytesToHex,
	bytesToInteger,
	contextTag,
	DER_TAG,
	type DerElement,
	derElements,
	derObjectId,
	derSequence,
} from '../../../base/der';
import { decodeUtf8 } from '../../../base/utf8';
import type { Plain } from '../../../yaml/node';
import { formatIp } from '../cel/ip-address';
import { NeedsCluster } from './function-arguments';
import { mapOf } from './plain-values';

/** What a certificate without extensions has. */
const ABSENT: readonly (readonly [string, Plain])[] = [
	['KeyUsage', 0],
	['Extensions', null],
	['ExtraExtensions', null],
	['UnhandledCriticalExtensions', null],
	['ExtKeyUsage', null],
	['UnknownExtKeyUsage', null],
	['BasicConstraintsValid', false],
	['IsCA', false],
	['MaxPathLen', 0],
	['MaxPathLenZero', false],
	['SubjectKeyId', null],
	['AuthorityKeyId', null],
	['OCSPServer', null],
	['IssuingCertificateURL', null],
	['DNSNames', null],
	['EmailAddresses', null],
	['IPAddresses', null],
	['URIs', null],
	['PermittedDNSDomainsCritical', false],
	['PermittedDNSDomains', null],
	['ExcludedDNSDomains', null],
	['PermittedIPRanges', null],
	['ExcludedIPRanges', null],
	['PermittedEmailAddresses', null],
	['ExcludedEmailAddresses', null],
	['PermittedURIDomains', null],
	['ExcludedURIDomains', null],
	['CRLDistributionPoints', null],
	['PolicyIdentifiers', null],
];

type Fields = readonly (readonly [string, Plain])[];
type Reader = (value: DerElement) => Fields;

/** By the last number of 2.5.29.x, in hexadecimal. */
const READERS: Readonly<Partial<Record<string, Reader>>> = {
	'551d0f': keyUsage,
	'551d13': basicConstraints,
	'551d11': alternativeNames,
	'551d1f': value => [['CRLDistributionPoints', distributionPoints(value)]],
	'551d23': value => {
		const key = derSequence(value)?.find(({ tag }) => tag === 0x80);
		return [['AuthorityKeyId', key ? base64.encode(key.content) : null]];
	},
	'551d0e': value => [['SubjectKeyId', base64.encode(value.content)]],
	'551d25': extendedKeyUsage,
	'551d20': value => [
		[
			'PolicyIdentifiers',
			(derSequence(value) ?? []).map(policy => derObjectId(derSequence(policy)?.[0]?.content ?? new Uint8Array())),
		],
	],
	'2b06010505070101': authorityInformation,
};
/** Name constraints. */
const UNREADABLE = '551d1e';

/** The fields for the extensions of a certificate. */
export function readExtensions(extensions: readonly DerElement[] | undefined): Fields {
	if (!extensions) return ABSENT;
	const fields = new Map(ABSENT);
	const listed: Plain[] = [];
	const unhandled: Plain[] = [];
	for (const extension of extensions) {
		const parts = derSequence(extension) ?? [];
		const [id] = parts;
		const octets = parts.at(-1);
		if (id?.tag !== DER_TAG.objectId || octets?.tag !== DER_TAG.octetString)
			throw new Error('x509: malformed extension');
		const critical = parts.length === 3 && parts[1]!.content[0] !== 0;
		const name = bytesToHex(id.content);
		if (name === UNREADABLE) throw new NeedsCluster('x509_decode cannot read the name constraints of the certificate');
		listed.push(
			mapOf([
				['Id', derObjectId(id.content)],
				['Critical', critical],
				['Value', base64.encode(octets.content)],
			]),
		);
		const reader = READERS[name];
		const value = derElements(octets.content)?.[0];
		if (!reader) {
			if (critical) unhandled.push(derObjectId(id.content));
			continue;
		}
		if (!value) throw new Error('x509: malformed extension');
		for (const [key, field] of reader(value)) fields.set(key, field);
	}
	fields.set('Extensions', listed);
	if (unhandled.length > 0) fields.set('UnhandledCriticalExtensions', unhandled);
	return [...fields];
}

/** The first bit of the bit string is the lowest of the number. */
function keyUsage({ content: [, ...bytes] }: DerElement): Fields {
	let usage = 0;
	for (let bit = 0; bit < 9; bit++) if (((bytes[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1) usage |= 1 << bit;
	return [['KeyUsage', usage]];
}

function basicConstraints(value: DerElement): Fields {
	const parts = derSequence(value) ?? [];
	const isCa = parts.some(({ tag, content }) => tag === DER_TAG.boolean && content[0] !== 0);
	const limit = parts.find(({ tag }) => tag === DER_TAG.integer);
	const length = limit ? Number(bytesToInteger(limit.content)) : -1;
	return [
		['BasicConstraintsValid', true],
		['IsCA', isCa],
		['MaxPathLen', length],
		['MaxPathLenZero', length === 0],
	];
}

function alternativeNames(value: DerElement): Fields {
	const names = derSequence(value) ?? [];
	const tagged = (tag: number) => names.filter(name => name.tag === tag).map(({ content }) => content);
	if (tagged(0x86).length > 0) throw new NeedsCluster('x509_decode cannot read the URIs of the certificate');
	const texts = (tag: number) => orNull(tagged(tag).map(decodeUtf8));
	return [
		['DNSNames', texts(0x82)],
		['EmailAddresses', texts(0x81)],
		[
			'IPAddresses',
			orNull(tagged(0x87).map(bytes => formatIp({ family: bytes.length === 4 ? 4 : 6, value: bytesToInteger(bytes) }))),
		],
	];
}

/** Go's numbers of the usages 1.3.6.1.5.5.7.3.x that it knows. */
const USAGES: Readonly<Record<string, number>> = {
	'551d2500': 0,
	'2b06010505070301': 1,
	'2b06010505070302': 2,
	'2b06010505070303': 3,
	'2b06010505070304': 4,
	'2b06010505070305': 5,
	'2b06010505070306': 6,
	'2b06010505070307': 7,
	'2b06010505070308': 8,
	'2b06010505070309': 9,
	'2b0601040182370a0303': 10,
	'6086480186f8420401': 11,
	'2b060104018237020116': 12,
	'2b0601040182373d0101': 13,
};

function extendedKeyUsage(value: DerElement): Fields {
	const ids = (derSequence(value) ?? []).map(({ content }) => content);
	const known = ids.flatMap(id => USAGES[bytesToHex(id)] ?? []);
	const unknown = ids.filter(id => USAGES[bytesToHex(id)] === undefined).map(derObjectId);
	return [
		['ExtKeyUsage', orNull(known)],
		['UnknownExtKeyUsage', orNull(unknown)],
	];
}

function authorityInformation(value: DerElement): Fields {
	const entries = (derSequence(value) ?? []).map(entry => derSequence(entry) ?? []);
	const urls = (method: string) =>
		orNull(
			entries
				.filter(([id, place]) => id && bytesToHex(id.content) === method && place?.tag === 0x86)
				.map(([, place]) => decodeUtf8(place!.content)),
		);
	return [
		['OCSPServer', urls('2b06010505073001')],
		['IssuingCertificateURL', urls('2b06010505073002')],
	];
}

function distributionPoints(value: DerElement): Plain {
	return orNull(
		(derSequence(value) ?? []).flatMap(point => {
			const name = derSequence(point)?.find(({ tag }) => tag === contextTag(0));
			const full = derElements(name?.content)?.find(({ tag }) => tag === contextTag(0));
			return (derElements(full?.content) ?? [])
				.filter(({ tag }) => tag === 0x86)
				.map(({ content }) => decodeUtf8(content));
		}),
	);
}

/** Go writes a list that nothing was added to as null. */
function orNull(items: readonly Plain[]): Plain {
	return items.length > 0 ? items : null;
}

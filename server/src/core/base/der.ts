/** Reads DER, the encoding of certificates (X.690), as far as certificates need it. Lengths that lead out of the bytes give nothing. */

export interface DerElement {
	readonly tag: number;
	readonly content: Uint8Array;
	/** The element itself, tag and length included. */
	readonly whole: Uint8Array;
}

export const DER_TAG = {
	boolean: 0x01,
	integer: 0x02,
	bitString: 0x03,
	octetString: 0x04,
	objectId: 0x06,
	utf8String: 0x0c,
	printableString: 0x13,
	t61String: 0x14,
	ia5String: 0x16,
	utcTime: 0x17,
	generalizedTime: 0x18,
	sequence: 0x30,
	set: 0x31,
} as const;

/** The tag of a field that is written as `[number]` around another element. */
export function contextTag(number: number): number {
	return 0xa0 + number;
}

/** The elements that follow one another in DER bytes; nothing where a length leads out of them. */
export function derElements(bytes: Uint8Array | undefined): readonly DerElement[] | undefined {
	if (!bytes) return undefined;
	const out: DerElement[] = [];
	let at = 0;
	while (at < bytes.length) {
		const start = at;
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
		out.push({ tag, content: bytes.subarray(at, at + length), whole: bytes.subarray(start, at + length) });
		at += length;
	}
	return out;
}

/** What stands in a sequence; nothing where the element is none. */
export function derSequence(element: DerElement | undefined): readonly DerElement[] | undefined {
	return element?.tag === DER_TAG.sequence ? derElements(element.content) : undefined;
}

/** The bytes as an unsigned big-endian integer. */
export function bytesToInteger(bytes: Uint8Array): bigint {
	return bytes.length === 0 ? 0n : BigInt('0x' + bytesToHex(bytes));
}

export function bytesToHex(bytes: Uint8Array): string {
	return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
}

/** RFC 5280 4.1.2.5: UTCTime until 2049 (years from 50 on are of the 20th century), GeneralizedTime after, both to the second in UTC; in milliseconds. */
export function derTime(element: DerElement | undefined): number | undefined {
	if (element?.tag !== DER_TAG.utcTime && element?.tag !== DER_TAG.generalizedTime) return undefined;
	const text = String.fromCharCode(...element.content.subarray(0, 20));
	const parts = /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/.exec(text);
	if (!parts) return undefined;
	const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1).map(Number);
	const full = element.tag === DER_TAG.generalizedTime ? year : year + (year >= 50 ? 1900 : 2000);
	return Date.UTC(full, month - 1, day, hour, minute, second);
}

/** The numbers of an object identifier (X.690 8.19). */
export function derObjectId(bytes: Uint8Array): readonly number[] {
	const numbers: number[] = [];
	let value = 0;
	for (const byte of bytes) {
		value = value * 128 + (byte & 127);
		if (byte >= 128) continue;
		numbers.push(value);
		value = 0;
	}
	const [head = 0, ...rest] = numbers;
	const first = Math.min(2, Math.floor(head / 40));
	return [first, head - 40 * first, ...rest];
}

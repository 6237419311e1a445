/** Base64 without a host's functions, as lenient as Go's `base64.StdEncoding`: line breaks are skipped, anything else is refused. */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES: ReadonlyMap<string, number> = new Map([...ALPHABET].map((character, value) => [character, value]));

/** The bytes, or nothing where the text is no base64. */
export function decodeBase64(text: string): Uint8Array | undefined {
	const plain = text.replace(/[\r\n]/g, '');
	const padding = plain.endsWith('==') ? 2 : plain.endsWith('=') ? 1 : 0;
	if (plain.length % 4 !== 0) return undefined;
	const length = plain.length - padding;
	const out = new Uint8Array((plain.length / 4) * 3 - padding);
	let bits = 0;
	let held = 0;
	let at = 0;
	for (let i = 0; i < length; i++) {
		const value = VALUES.get(plain[i]!);
		if (value === undefined) return undefined;
		bits = ((bits << 6) | value) & 0xffff;
		held += 6;
		if (held >= 8) {
			held -= 8;
			out[at++] = (bits >> held) & 0xff;
		}
	}
	return out;
}

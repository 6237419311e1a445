/** Standard base64 without a host's functions, as Go's `encoding/base64` reads it: line breaks skipped, padding demanded. */

/** The bytes, or the offset in the text at which Go's decoder would give up. */
export type Decoded = { readonly bytes: Uint8Array } | { readonly errorAt: number };

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const NONE = 255;
const VALUES = Uint8Array.from({ length: 128 }, (_, code) => {
	const value = ALPHABET.indexOf(String.fromCharCode(code));
	return value < 0 ? NONE : value;
});
const PADDING = 61;

/** The bytes, or nothing where the text is no base64. */
export function decodeBase64(text: string): Uint8Array | undefined {
	const decoded = decodeOrLocate(text);
	return 'bytes' in decoded ? decoded.bytes : undefined;
}

/** Decodes as `base64.StdEncoding.DecodeString` does, the place of its `CorruptInputError` included. */
export function decodeOrLocate(text: string): Decoded {
	const out = new Uint8Array(Math.ceil((text.length * 3) / 4));
	let length = 0;
	let bits = 0;
	let count = 0;
	let at = 0;
	for (; at < text.length; at++) {
		const code = text.charCodeAt(at);
		if (code === 10 || code === 13) continue;
		if (code === PADDING) break;
		const value = code < 128 ? VALUES[code]! : NONE;
		if (value === NONE) return { errorAt: at };
		bits = (bits << 6) | value;
		if (++count === 4) {
			out[length++] = bits >> 16;
			out[length++] = (bits >> 8) & 255;
			out[length++] = bits & 255;
			bits = 0;
			count = 0;
		}
	}
	if (at === text.length) return count === 0 ? { bytes: out.subarray(0, length) } : { errorAt: text.length - count };
	if (count < 2) return { errorAt: at };
	const end = skipBreaks(text, at + 1);
	if (count === 2) {
		if (end >= text.length) return { errorAt: text.length };
		if (text.charCodeAt(end) !== PADDING) return { errorAt: end - 1 };
		out[length++] = bits >> 4;
	} else {
		out[length++] = bits >> 10;
		out[length++] = (bits >> 2) & 255;
	}
	const rest = skipBreaks(text, count === 2 ? end + 1 : end);
	return rest < text.length ? { errorAt: rest } : { bytes: out.subarray(0, length) };
}

function skipBreaks(text: string, from: number): number {
	let at = from;
	while (text.charCodeAt(at) === 10 || text.charCodeAt(at) === 13) at++;
	return at;
}

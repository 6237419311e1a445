/** UTF-8 without a host's TextEncoder: the real tools count, cut and read bytes. Invalid bytes become U+FFFD, one each, as Go does. */

/** The text's UTF-8; a lone surrogate becomes U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
	const out = new Uint8Array(utf8Length(text));
	let at = 0;
	for (let i = 0; i < text.length; i++) {
		const unit = text.charCodeAt(i);
		if (unit < 0x80) {
			out[at++] = unit;
			continue;
		}
		const code = codePointAt(text, i);
		if (code > 0xffff) i++;
		if (code < 0x800) {
			out[at++] = 0xc0 | (code >> 6);
			out[at++] = 0x80 | (code & 63);
		} else if (code < 0x10000) {
			out[at++] = 0xe0 | (code >> 12);
			out[at++] = 0x80 | ((code >> 6) & 63);
			out[at++] = 0x80 | (code & 63);
		} else {
			out[at++] = 0xf0 | (code >> 18);
			out[at++] = 0x80 | ((code >> 12) & 63);
			out[at++] = 0x80 | ((code >> 6) & 63);
			out[at++] = 0x80 | (code & 63);
		}
	}
	return out;
}

/** How many bytes the text's UTF-8 has. */
export function utf8Length(text: string): number {
	let length = 0;
	for (let i = 0; i < text.length; i++) {
		length++;
		if (text.charCodeAt(i) < 0x80) continue;
		const code = codePointAt(text, i);
		if (code > 0xffff) i++;
		length += code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
	}
	return length;
}

/** The text that the bytes are. A byte order mark stays. */
export function decodeUtf8(bytes: Uint8Array): string {
	const parts: string[] = [];
	let codes: number[] = [];
	for (let at = 0; at < bytes.length;) {
		if (bytes[at]! < 0x80) codes.push(bytes[at++]!);
		else {
			const { code, width } = decodeRune(bytes, at);
			codes.push(code);
			at += width;
		}
		if (codes.length === 4096) {
			parts.push(String.fromCodePoint(...codes));
			codes = [];
		}
	}
	return parts.join('') + String.fromCodePoint(...codes);
}

/** The character at an offset and how many bytes it takes; U+FFFD of width 1 where none begins (Go's `utf8.DecodeRune`). */
export function decodeRune(bytes: Uint8Array, at: number): { readonly code: number; readonly width: number } {
	const first = bytes[at]!;
	if (first < 0x80) return { code: first, width: 1 };
	const width = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
	const invalid = { code: 0xfffd, width: 1 };
	if (first < 0xc2 || first > 0xf4 || at + width > bytes.length) return invalid;
	let code = first & (0xff >> (width + 1));
	for (let i = 1; i < width; i++) {
		const next = bytes[at + i]!;
		if ((next & 0xc0) !== 0x80) return invalid;
		code = (code << 6) | (next & 63);
	}
	const smallest = width === 2 ? 0x80 : width === 3 ? 0x800 : 0x10000;
	return code < smallest || code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? invalid : { code, width };
}

function codePointAt(text: string, at: number): number {
	const code = text.codePointAt(at)!;
	return code >= 0xd800 && code < 0xe000 ? 0xfffd : code;
}

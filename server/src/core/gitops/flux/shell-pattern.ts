/**
 * The patterns of `${var#pattern}` and its like, as fluxcd/pkg/envsubst/path matches them: Go's `path.Match`, save that `*`
 * goes over slashes. Works on bytes, as Go does; a pattern that is malformed is told apart from one that does not match.
 */
import { decodeRune } from '../../base/utf8';

export type Match = 'yes' | 'no' | 'malformed';

const STAR = 0x2a;
const QUESTION = 0x3f;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const BACKSLASH = 0x5c;
const SLASH = 0x2f;
const CARET = 0x5e;
const DASH = 0x2d;

/** Whether the pattern matches all of `name`. */
export function matchPattern(pattern: Uint8Array, name: Uint8Array): Match {
	let rest = pattern;
	let text = name;
	next: while (rest.length > 0) {
		const { star, chunk, after } = nextChunk(rest);
		rest = after;
		if (star && chunk.length === 0) return 'yes';
		const here = matchChunk(chunk, text);
		if (here.kind === 'matched' && (here.rest.length === 0 || rest.length > 0)) {
			text = here.rest;
			continue;
		}
		if (here.kind === 'malformed') return 'malformed';
		if (!star) return 'no';
		for (let i = 0; i < text.length; i++) {
			const found = matchChunk(chunk, text.subarray(i + 1));
			if (found.kind === 'malformed') return 'malformed';
			if (found.kind === 'matched' && (rest.length > 0 || found.rest.length === 0)) {
				text = found.rest;
				continue next;
			}
		}
		return 'no';
	}
	return text.length === 0 ? 'yes' : 'no';
}

/** Splits off leading stars and what stands before the next star outside of brackets. */
function nextChunk(pattern: Uint8Array) {
	let start = 0;
	while (pattern[start] === STAR) start++;
	let inRange = false;
	let at = start;
	for (; at < pattern.length; at++) {
		const c = pattern[at];
		if (c === BACKSLASH) {
			if (at + 1 < pattern.length) at++;
		} else if (c === OPEN) inRange = true;
		else if (c === CLOSE) inRange = false;
		else if (c === STAR && !inRange) break;
	}
	return { star: start > 0, chunk: pattern.subarray(start, at), after: pattern.subarray(at) };
}

type ChunkMatch = { readonly kind: 'matched'; readonly rest: Uint8Array } | { readonly kind: 'no' | 'malformed' };

/** Matches a chunk without stars against the beginning of a text. Stops at the text's end, so that an error behind it stays unseen. */
function matchChunk(chunk: Uint8Array, text: Uint8Array): ChunkMatch {
	let at = 0;
	let pos = 0;
	while (at < chunk.length) {
		if (pos >= text.length) return { kind: 'no' };
		switch (chunk[at]) {
			case OPEN: {
				const { code, width } = decodeRune(text, pos);
				const found = matchClass(chunk, at + 1, code);
				if (found === 'malformed') return { kind: 'malformed' };
				if (!found.matches) return { kind: 'no' };
				pos += width;
				at = found.end;
				break;
			}
			case QUESTION:
				if (text[pos] === SLASH) return { kind: 'no' };
				pos += decodeRune(text, pos).width;
				at++;
				break;
			default:
				if (chunk[at] === BACKSLASH && ++at >= chunk.length) return { kind: 'malformed' };
				if (chunk[at] !== text[pos]) return { kind: 'no' };
				pos++;
				at++;
		}
	}
	return { kind: 'matched', rest: text.subarray(pos) };
}

/** Matches `[...]`, whose inside begins at `from`, against one character. */
function matchClass(chunk: Uint8Array, from: number, code: number) {
	let at = from;
	const negated = chunk[at] === CARET;
	if (negated) at++;
	let matches = false;
	for (let ranges = 0; ; ranges++) {
		if (chunk[at] === CLOSE && ranges > 0) return { matches: matches !== negated, end: at + 1 };
		const low = classCharacter(chunk, at);
		if (!low) return 'malformed';
		at = low.end;
		let high = low;
		if (chunk[at] === DASH) {
			const upper = classCharacter(chunk, at + 1);
			if (!upper) return 'malformed';
			high = upper;
			at = upper.end;
		}
		if (low.code <= code && code <= high.code) matches = true;
	}
}

function classCharacter(chunk: Uint8Array, from: number) {
	let at = from;
	if (at >= chunk.length || chunk[at] === DASH || chunk[at] === CLOSE) return undefined;
	if (chunk[at] === BACKSLASH && ++at >= chunk.length) return undefined;
	const { code, width } = decodeRune(chunk, at);
	if (code === 0xfffd && width === 1) return undefined;
	const end = at + width;
	return end >= chunk.length ? undefined : { code, end };
}

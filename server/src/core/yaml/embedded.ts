/**
 * YAML inside of a scalar (`patch: |-`, `values.yaml: |`): which offset of the scalar's text stands at which offset of the file.
 * Literal blocks map exactly; folded, quoted and plain ones by walking both texts side by side.
 */
import type { SyntaxScalar } from './syntax';

/** Offsets of the file by offsets of the scalar's text, one more than the text is long; never decreasing. */
export type EmbeddedOffsets = Uint32Array;

/** Computes the offsets for a scalar of the text `source`. */
export function embeddedOffsets(source: string, scalar: SyntaxScalar): EmbeddedOffsets {
	return scalar.style === 'literal' ? literalOffsets(source, scalar) : alignedOffsets(source, scalar);
}

/** The offset in the scalar's text that stands at, or last before, an offset of the file. */
export function innerOffset(offsets: EmbeddedOffsets, outer: number): number {
	let low = 0;
	let high = offsets.length - 1;
	while (low < high) {
		const middle = (low + high + 1) >> 1;
		if (offsets[middle]! <= outer) low = middle;
		else high = middle - 1;
	}
	return low;
}

function literalOffsets(source: string, { text, range }: SyntaxScalar): EmbeddedOffsets {
	const offsets = new Uint32Array(text.length + 1);
	let lineStart = source.indexOf('\n', range.start) + 1;
	const indent = literalIndent(source, lineStart, range.end);
	let inner = 0;
	for (;;) {
		const newline = text.indexOf('\n', inner);
		const innerEnd = newline < 0 ? text.length : newline;
		const outerEnd = source.indexOf('\n', lineStart);
		const base = Math.min(lineStart + indent, outerEnd < 0 ? source.length : outerEnd);
		for (let i = inner; i <= innerEnd; i++) offsets[i] = Math.min(base + i - inner, source.length);
		if (newline < 0 || outerEnd < 0) {
			offsets.fill(Math.min(range.end, source.length), innerEnd + 1);
			return offsets;
		}
		inner = innerEnd + 1;
		lineStart = outerEnd + 1;
	}
}

function literalIndent(source: string, from: number, end: number): number {
	for (let start = from; start < end;) {
		const newline = source.indexOf('\n', start);
		const line = source.slice(start, newline < 0 ? end : newline);
		if (line.trim() !== '') return line.length - line.trimStart().length;
		if (newline < 0) break;
		start = newline + 1;
	}
	return 0;
}

function alignedOffsets(source: string, { text, range, style }: SyntaxScalar): EmbeddedOffsets {
	const offsets = new Uint32Array(text.length + 1);
	let outer = style === 'folded' ? source.indexOf('\n', range.start) + 1 : range.start + (style === 'plain' ? 0 : 1);
	const isSpace = (c: string | undefined) => c === ' ' || c === '\n' || c === '\t' || c === '\r';
	for (let i = 0; i < text.length; i++) {
		if (!isSpace(text[i])) while (outer < range.end && isSpace(source[outer])) outer++;
		offsets[i] = Math.min(outer, range.end);
		const escaped = style === 'double' && source[outer] === '\\';
		outer += escaped || (style === 'single' && source.startsWith("''", outer)) ? 2 : 1;
	}
	offsets[text.length] = Math.min(outer, range.end);
	return offsets;
}

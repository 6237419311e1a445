/** A half-open stretch of a text, in UTF-16 code units from its start. */
export interface Range {
	readonly start: number;
	readonly end: number;
}

/** Replaces the text in `range` by `text`. */
export interface TextEdit {
	readonly range: Range;
	readonly text: string;
}

/** A place in a text as editors count it: both zero-based, `character` in UTF-16 code units. */
export interface Position {
	readonly line: number;
	readonly character: number;
}

/** Where each line of a text starts; turns offsets into positions and back. */
export class LineIndex {
	readonly #starts: readonly number[];
	readonly #length: number;

	constructor(text: string) {
		const starts = [0];
		for (let i = 0; i < text.length; i++) {
			const c = text.charCodeAt(i);
			if (c === 13 && text.charCodeAt(i + 1) === 10) i++;
			if (c === 10 || c === 13) starts.push(i + 1);
		}
		this.#starts = starts;
		this.#length = text.length;
	}

	/** The position of an offset; one outside of the text is moved to its nearest end. */
	position(offset: number): Position {
		const at = Math.min(Math.max(offset, 0), this.#length);
		let low = 0;
		let high = this.#starts.length - 1;
		while (low < high) {
			const middle = (low + high + 1) >> 1;
			if (this.#starts[middle]! <= at) low = middle;
			else high = middle - 1;
		}
		return { line: low, character: at - this.#starts[low]! };
	}

	/** The offset of a position; one outside of the text is moved to its nearest end. */
	offset({ line, character }: Position): number {
		if (line < 0) return 0;
		const start = this.#starts[line];
		if (start === undefined) return this.#length;
		const next = this.#starts[line + 1] ?? this.#length + 1;
		return Math.min(start + Math.max(character, 0), Math.max(next - 1, start));
	}
}

/** The text after the edits, which must not overlap; they may come in any order. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
	let result = '';
	let at = 0;
	for (const edit of edits.toSorted((a, b) => a.range.start - b.range.start)) {
		result += text.slice(at, edit.range.start) + edit.text;
		at = edit.range.end;
	}
	return result + text.slice(at);
}

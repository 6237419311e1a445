/** Tabs that go-yaml refuses and the package takes. */
import { type Document, isMap, isScalar, isSeq, visit } from 'yaml';
import type { SyntaxError } from './syntax';

/** The tabs of a document that make kustomize refuse it. */
export function tabErrors(document: Document.Parsed, text: string): SyntaxError[] {
	return [...blockTabErrors(document, text), ...blankTabErrors(document, text)];
}

/**
 * A tab where go-yaml looks for the indentation of a block scalar, which it refuses (`yaml_parser_scan_block_scalar_breaks`): at the
 * beginning of the first line, or of a later one that is not indented as far.
 */
function blockTabErrors(document: Document.Parsed, text: string): SyntaxError[] {
	const errors: SyntaxError[] = [];
	visit(document, {
		Scalar: (_, { type, range }) => {
			if (!range || (type !== 'BLOCK_LITERAL' && type !== 'BLOCK_FOLDED')) return;
			const at = tabInIndentation(text, range[0], range[1]);
			if (at === undefined) return;
			const message = 'found a tab character where an indentation space is expected';
			errors.push({ code: 'TAB_IN_INDENTATION', message, range: { start: at, end: at + 1 } });
		},
	});
	return errors;
}

/**
 * A line of blanks, or with a comment, that begins with a tab, where no text and no brackets are open: go-yaml looks for a token there
 * and takes the tab for the beginning of one (`yaml_parser_scan_to_next_token`, `yaml_parser_scan_plain_scalar`).
 */
function blankTabErrors(document: Document.Parsed, text: string): SyntaxError[] {
	if (document.errors.length > 0) return [];
	const [start, , end] = document.range;
	const lines = [...text.slice(start, end).matchAll(/^\t[ \t]*(?:#.*)?\r?$/gm)].map(({ index }) => start + index);
	if (lines.length === 0) return [];
	const open: (readonly [number, number])[] = [];
	visit(document, {
		Node: (_, node) => {
			const isOpen = isScalar(node) || ((isMap(node) || isSeq(node)) && node.flow === true);
			if (isOpen && node.range) open.push([node.range[0], node.range[1]]);
		},
	});
	const at = lines.find(line => !open.some(([from, to]) => line >= from && line < to));
	if (at === undefined) return [];
	const message = 'a tab stands at the beginning of this line, where kustomize finds no YAML; take it out';
	return [{ code: 'TAB_IN_INDENTATION', message, range: { start: at, end: at + 1 } }];
}

function tabInIndentation(text: string, start: number, end: number): number | undefined {
	const header = lineEnd(text, start);
	// With an indentation indicator nothing has to be found out.
	if (/^[|>][-+]?[1-9]/.test(text.slice(start, header))) return undefined;
	let indent: number | undefined;
	let deepest = 0;
	for (let line = header + 1; line < end; line = lineEnd(text, line) + 1) {
		let at = line;
		while (text[at] === ' ') at++;
		if (text[at] === '\t' && (indent === undefined || at - line < indent)) return at;
		deepest = Math.max(deepest, at - line);
		if (indent === undefined && at < lineEnd(text, line)) indent = deepest;
	}
	return undefined;
}

function lineEnd(text: string, from: number): number {
	const end = text.indexOf('\n', from);
	return end < 0 ? text.length : end;
}

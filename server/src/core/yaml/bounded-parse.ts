/**
 * The `yaml` package's parser within limits: what is deeper than its recursion can go, or made to be read slowly, is refused before it costs
 * more than a moment.
 */
import { Composer, type Document, Lexer, Parser } from 'yaml';

/** Nesting deeper than this is refused, as go-yaml refuses 10,000; the limit here keeps recursion within the stack. */
const MAX_DEPTH = 500;

/** More than this in one file is refused: what is made to be read slowly, not what anybody keeps in a tree. A file of 5 MB has 0.4 million of such pieces. */
const MAX_LEXEMES = 1_500_000;
const MAX_DOCUMENTS = 20_000;

/** The codes of errors that a text has for being more than is read here; it may be YAML. */
export const BEYOND_LIMITS: ReadonlySet<string> = new Set(['TOO_DEEP', 'TOO_MUCH']);

/** What is said of a text that is too deep. It takes a cheap upper bound of the depth, so that the recursive parser below is never handed what would exhaust the stack. */
export function depthFault(text: string): string | undefined {
	let flow = 0;
	let deepest = 0;
	for (let i = 0; i < text.length; i++) {
		const c = text.charCodeAt(i);
		if (c === 0x5b || c === 0x7b) deepest = Math.max(deepest, ++flow);
		else if (c === 0x5d || c === 0x7d) flow = Math.max(0, flow - 1);
		else if (c === 10 && flow < MAX_DEPTH) {
			let indent = 0;
			while (
				text.charCodeAt(i + 1 + indent) === 32 ||
				(text.charCodeAt(i + 1 + indent) === 45 && text.charCodeAt(i + 2 + indent) === 32)
			)
				indent++;
			deepest = Math.max(deepest, indent / 2);
		}
	}
	return deepest > MAX_DEPTH ? `nested deeper than ${MAX_DEPTH} levels` : undefined;
}

/** The package's documents, as its `parseAllDocuments` makes them; or which limit the text is beyond. */
export function parseBounded(text: string): readonly Document.Parsed[] | string {
	const composer = new Composer({
		version: '1.2',
		schema: 'failsafe',
		uniqueKeys: false,
		strict: true,
		prettyErrors: false,
		logLevel: 'silent',
	});
	const parser = new Parser();
	const documents: Document.Parsed[] = [];
	let lexemes = 0;
	for (const lexeme of new Lexer().lex(text)) {
		if (++lexemes > MAX_LEXEMES) return `more than ${MAX_LEXEMES / 1e6} million keys, values and marks between them`;
		for (const token of parser.next(lexeme)) documents.push(...(composer.next(token) as Iterable<Document.Parsed>));
		if (documents.length > MAX_DOCUMENTS) return `more than ${MAX_DOCUMENTS} documents`;
	}
	for (const token of parser.end()) documents.push(...(composer.next(token) as Iterable<Document.Parsed>));
	documents.push(...(composer.end() as Iterable<Document.Parsed>));
	return documents;
}

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

/** The code of the error that a text has for being more than is read here; it may be YAML. */
export const BEYOND_LIMITS = 'TOO_MUCH';

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
		// What is begun and has not ended: before it has, nothing recurses into it.
		if (parser.stack.length > MAX_DEPTH) return `nested deeper than ${MAX_DEPTH} levels`;
		if (documents.length > MAX_DOCUMENTS) return `more than ${MAX_DOCUMENTS} documents`;
	}
	for (const token of parser.end()) documents.push(...(composer.next(token) as Iterable<Document.Parsed>));
	documents.push(...(composer.end() as Iterable<Document.Parsed>));
	return documents;
}

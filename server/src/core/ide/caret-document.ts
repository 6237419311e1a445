/** The document around a caret, without what is half-typed there, so that its kind and name can be told. */
import type { FieldPath } from '../base/address';
import { readContent } from '../yaml/content';
import type { Node } from '../yaml/node';
import { locate, parseSyntax } from '../yaml/syntax';
import type { Caret } from './caret';

export interface CaretDocument {
	/** Of the document that the caret stands in: the embedded one where it stands in one. */
	readonly root: Node;
	/** The caret's path in it. */
	readonly path: FieldPath;
}

/** The document; nothing where it cannot be read. */
export function caretDocument(text: string, { word, document, path, within }: Caret): CaretDocument | undefined {
	const syntax = parseSyntax(text.slice(0, word.start) + text.slice(word.end));
	const host = { file: '', step: 'resource' } as const;
	if (!within) {
		const root = readContent(syntax, host)[document]?.root;
		return root && { root, path };
	}
	const scalar = locate(syntax.documents[document]?.root, path).node;
	if (scalar?.kind !== 'scalar') return undefined;
	const root = readContent(parseSyntax(scalar.text), host)[within.document]?.root;
	return root && { root, path: within.path };
}

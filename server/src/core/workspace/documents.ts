/** The two queries a file: `syntax` (ranges) and `content` (values). Only the first changes when lines merely move. */
import type { FilePath } from '../base/paths';
import { type Database, query } from '../base/query';
import { LineIndex } from '../base/text';
import { type ContentDocument, readContent } from '../yaml/content';
import { sameTree } from '../yaml/node';
import { parseSyntax, type Syntax } from '../yaml/syntax';
import { textOf } from './inputs';

const NOTHING: Syntax = { documents: [] };

const syntaxQuery = query<Syntax>('syntax', (db, file) => {
	const text = textOf(db, file);
	return text === undefined ? NOTHING : parseSyntax(text);
});

const contentQuery = query<readonly ContentDocument[]>(
	'content',
	(db, file) => readContent(db.get(syntaxQuery, file), { file, step: 'resource' }),
	sameContent,
);

const lineIndexQuery = query('lineIndex', (db, file) => new LineIndex(textOf(db, file) ?? ''));

/** The file's YAML with ranges; no documents where it has no text. */
export const syntaxOf = (db: Database, file: FilePath): Syntax => db.get(syntaxQuery, file);

/** The file's values, document by document. */
export const contentOf = (db: Database, file: FilePath): readonly ContentDocument[] => db.get(contentQuery, file);

/** Where the file's lines start. */
export const lineIndexOf = (db: Database, file: FilePath): LineIndex => db.get(lineIndexQuery, file);

function sameContent(a: readonly ContentDocument[], b: readonly ContentDocument[]): boolean {
	return (
		a.length === b.length &&
		a.every((document, i) => {
			const other = b[i]!;
			return (
				document.syntaxError === other.syntaxError &&
				sameTree(document.root, other.root) &&
				document.problems.length === other.problems.length &&
				document.problems.every((problem, k) => JSON.stringify(problem) === JSON.stringify(other.problems[k]))
			);
		})
	);
}

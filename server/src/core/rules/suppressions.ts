/**
 * Comments that silence a finding: `# strata-ignore CODE` at the end of its line or on the line before, `# strata-ignore-file CODE`
 * anywhere in the file. Several codes are separated by commas or spaces; `area/*` stands for all of an area.
 */
import type { FilePath } from '../base/paths';
import { query } from '../base/query';
import type { Range } from '../base/text';
import { textOf } from '../workspace/inputs';
import type { CodeInfo } from '../base/problem';

/** What a comment is that silences nothing; told where findings are shown, since only there it is known what was silenced. */
export const UNUSED_SUPPRESSION: CodeInfo = {
	code: 'strata/unused-suppression',
	severity: 'warning',
	summary: 'A comment silences a finding that is not there.',
};

export interface Suppression {
	readonly code: string;
	/** Lines from 0; nothing where it holds for the whole file. */
	readonly lines: { readonly first: number; readonly last: number } | undefined;
	readonly range: Range;
}

const COMMENT = /(?:#|<!--)\s*strata-ignore(-file)?[: ]+([\w*/, -]+?)\s*(?:-->|\(.*\)|--.*)?\s*$/;

/** The suppressions in a file, in order. */
export const suppressionsIn = query<readonly Suppression[]>('suppressions', (db, file: FilePath) => {
	const text = textOf(db, file);
	if (!text?.includes('strata-ignore')) return [];
	const found: Suppression[] = [];
	let start = 0;
	for (const [number, line] of text.split('\n').entries()) {
		const match = COMMENT.exec(line);
		if (match) {
			const [whole, forFile, codes] = match;
			const alone = line.slice(0, match.index).trim() === '';
			const lines = forFile ? undefined : { first: number, last: alone ? number + 1 : number };
			const range = { start: start + match.index, end: start + match.index + whole.trimEnd().length };
			for (const code of codes!.split(/[\s,]+/).filter(Boolean)) found.push({ code, lines, range });
		}
		start += line.length + 1;
	}
	return found;
});

/** Whether a suppression is about a code on a line. */
export function covers({ code, lines }: Suppression, of: string, line: number): boolean {
	const named = code === of || (code.endsWith('/*') && of.startsWith(code.slice(0, -1)));
	return named && (lines === undefined || (line >= lines.first && line <= lines.last));
}

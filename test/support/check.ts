/** The few functions that tests of answers call. Each takes a fixture and gives plain data. */
import { Analysis } from '../../server/src/core/analysis';
import { relative } from '../../server/src/core/base/paths';
import { applyEdits, LineIndex } from '../../server/src/core/base/text';
import type { Place, WorkspaceChange } from '../../server/src/core/ide/results';
import type { Fixture } from './fixture';
import { fixture, memorySource, ROOT } from './fixture';

export interface Analysed {
	readonly analysis: Analysis;
	readonly fixture: Fixture;
}

/** What time it is in tests. */
export const NOW = Date.UTC(2026, 0, 1);

/** An analysis of the fixture's files, with `/repo` as the open folder. */
export function analyse(text: string): Analysed {
	const parsed = fixture(text);
	const analysis = new Analysis(memorySource(parsed.files));
	analysis.apply({ roots: [ROOT], now: NOW });
	return { analysis, fixture: parsed };
}

/** `path:line code "the text it stands under"`, lines from 1, sorted. */
export function diagnostics({ analysis, fixture: { files } }: Analysed): string[] {
	const found = new Set([...analysis.files(), ...files.keys()]);
	return [...found]
		.flatMap(file =>
			analysis.diagnostics(file).map(each => `${at(files, each)} ${each.code} ${JSON.stringify(under(files, each))}`),
		)
		.sort();
}

/**
 * What a fixture itself expects: a comment `#! CODE "text"` (in Markdown `<!--! CODE -->`) says what is reported on the line before it,
 * or before such comments. In the form of `diagnostics`; without a text any will do.
 */
export function expected({
	files,
}: Fixture): { readonly line: string; readonly code: string; readonly text: string | undefined }[] {
	return [...files].flatMap(([file, text]) => {
		let last = 0;
		return text.split('\n').flatMap((line, number) => {
			const [, code, quoted] = /^\s*(?:#|<!--)!\s+([\w-]+\/[\w-]+)(?:\s+("(?:[^"\\]|\\.)*"))?/.exec(line) ?? [];
			if (code === undefined) last = number;
			const where = `${relative(ROOT, file)}:${last + 1}`;
			return code === undefined
				? []
				: [{ line: where, code, text: quoted === undefined ? undefined : (JSON.parse(quoted) as string) }];
		});
	});
}

/** The hover's Markdown at the caret. */
export function hover({ analysis, fixture: { caret } }: Analysed): string | undefined {
	return caret && analysis.hover(caret.file, caret.offset)?.markdown;
}

/** Where definition leads from the caret: `path:line`, sorted. */
export function definition({ analysis, fixture: { caret, files } }: Analysed): string[] {
	return caret
		? analysis
				.definition(caret.file, caret.offset)
				.map(link => at(files, link.to))
				.sort()
		: [];
}

/** `environment path:line`, in order. */
export function references({ analysis, fixture: { caret, files } }: Analysed): string[] {
	return caret
		? analysis.references(caret.file, caret.offset).map(each => `${each.environment} ${at(files, each)}`.trim())
		: [];
}

/** The labels that completion offers at the caret, in its order. */
export function complete({ analysis, fixture: { caret } }: Analysed): string[] {
	if (!caret) return [];
	const items = analysis.complete(caret.file, caret.offset);
	return items.toSorted((a, b) => (a.sortText < b.sortText ? -1 : 1)).map(each => each.label);
}

/** The files after a change, by path below the root; deleted ones are `undefined`. */
export function applied({ files }: Fixture, change: WorkspaceChange): Record<string, string | undefined> {
	const after: Record<string, string | undefined> = {};
	for (const { file, text } of change.create) after[relative(ROOT, file)] = text;
	for (const { file, edits } of change.edits) after[relative(ROOT, file)] = applyEdits(files.get(file) ?? '', edits);
	for (const file of change.delete) after[relative(ROOT, file)] = undefined;
	return after;
}

function at(files: Fixture['files'], { file, range }: Place): string {
	return `${relative(ROOT, file)}:${new LineIndex(files.get(file) ?? '').position(range.start).line + 1}`;
}

function under(files: Fixture['files'], { file, range }: Place): string {
	return (files.get(file) ?? '').slice(range.start, range.end);
}

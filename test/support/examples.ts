/** The example trees in memory, and what becomes of them after a change. */
import fs from 'node:fs';
import path from 'node:path';
import { Analysis } from '../../server/src/core/analysis';
import type { FilePath } from '../../server/src/core/base/paths';
import { applyEdits } from '../../server/src/core/base/text';
import type { WorkspaceChange } from '../../server/src/core/ide/results';
import { memorySource, ROOT } from './fixture';

/** The files of an example, below `/repo`. */
export function exampleFiles(name: 'fleet' | 'broken'): Map<FilePath, string> {
	const directory = path.join(import.meta.dirname, '../../examples', name);
	const names = fs.readdirSync(directory, { recursive: true, encoding: 'utf8' });
	const files = names.filter(each => fs.statSync(path.join(directory, each)).isFile());
	return new Map(files.map(each => [`${ROOT}/${each}`, fs.readFileSync(path.join(directory, each), 'utf8')]));
}

/** An analysis that has seen nothing but these files. */
export function analysisOf(files: ReadonlyMap<FilePath, string>): Analysis {
	const analysis = new Analysis(memorySource(files));
	analysis.apply({ roots: [ROOT] });
	return analysis;
}

/** The files after a change. */
export function after(
	files: ReadonlyMap<FilePath, string>,
	{ create, edits, delete: gone }: WorkspaceChange,
): Map<FilePath, string> {
	const result = new Map(files);
	for (const { file, text } of create) result.set(file, text);
	for (const { file, edits: list } of edits) result.set(file, applyEdits(result.get(file) ?? '', list));
	for (const file of gone) result.delete(file);
	return result;
}

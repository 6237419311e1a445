/** Rename of a variable of Flux's substitution: its definitions in every environment that shares it, and all its uses. */
import type { FilePath } from '../base/paths';
import type { Database } from '../base/query';
import type { TextEdit } from '../base/text';
import { variablePlaces } from '../model/flux-variables';
import { textOf } from '../workspace/inputs';
import type { WorkspaceChange } from './results';
import { askedVariable, nameRange } from './variables';

/** The name under the offset, where it is a variable's. */
export function prepareVariableRename(
	db: Database,
	file: FilePath,
	offset: number,
): { readonly start: number; readonly end: number; readonly text: string } | undefined {
	const asked = askedVariable(db, file, offset);
	return asked && { ...asked.range, text: asked.name };
}

/**
 * Every place that says the name, with the new one; nothing where there is no variable, `to` cannot be a name, or a definition is written
 * so that it cannot be renamed (the name of a whole file behind a generator, an alias).
 */
export function renameVariable(db: Database, file: FilePath, offset: number, to: string): WorkspaceChange | undefined {
	const asked = askedVariable(db, file, offset);
	if (!asked || !/^[_A-Za-z][_A-Za-z0-9]*$/.test(to)) return undefined;
	const { definitions, uses } = variablePlaces(db, asked.name, file);
	const edits = new Map<FilePath, Map<number, TextEdit>>();
	const add = (at: FilePath, range: TextEdit['range']) => {
		if ((textOf(db, at) ?? '').slice(range.start, range.end) !== asked.name) return;
		edits.set(at, (edits.get(at) ?? new Map<number, TextEdit>()).set(range.start, { range, text: to }));
	};
	for (const { at } of definitions) {
		const range = nameRange(db, at, asked.name);
		if (!range) return undefined;
		add(at.file, range);
	}
	for (const use of uses) add(use.file, use.range);
	const byFile = [...edits].sort(([a], [b]) => (a < b ? -1 : 1));
	return {
		edits: byFile.map(([at, list]) => ({
			file: at,
			edits: [...list.values()].sort((a, b) => a.range.start - b.range.start),
		})),
		create: [],
		delete: [],
	};
}

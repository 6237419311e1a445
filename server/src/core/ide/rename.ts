/**
 * Rename of an object across base and overlays: its own name, the patches of it, the fields of other objects that hold its name, and
 * the selectors of kustomizations. What a transformer adds to the name (prefix, suffix, hash) follows by itself.
 */
import { type Address, addressKey } from '../base/address';
import type { FilePath } from '../base/paths';
import type { Database } from '../base/query';
import type { TextEdit } from '../base/text';
import { namesOf, objectsMeantBy, type WrittenName, writtenNameAt } from '../model/named-objects';
import { textOf } from '../workspace/inputs';
import { rangeOf, spotAt } from '../workspace/places';
import { addressOf } from '../yaml/node';
import { prepareVariableRename, renameVariable } from './rename-variable';
import type { WorkspaceChange } from './results';

/** The name under the offset, where it is one that `rename` can change. */
export function prepareRename(
	db: Database,
	file: FilePath,
	offset: number,
): { readonly start: number; readonly end: number; readonly text: string } | undefined {
	const variable = prepareVariableRename(db, file, offset);
	if (variable) return variable;
	const found = nameAt(db, file, offset);
	return found && { ...rangeOf(db, addressOf(found.node.origin)), text: found.node.text };
}

/** Every place that says the name, with the new one; nothing where there is no name, or `to` cannot be one (RFC 1123). */
export function rename(db: Database, file: FilePath, offset: number, to: string): WorkspaceChange | undefined {
	if (prepareVariableRename(db, file, offset)) return renameVariable(db, file, offset, to);
	const name = nameAt(db, file, offset);
	if (!name || !/^[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$/.test(to)) return undefined;
	const places = [addressOf(name.node.origin), ...namesOf(db, objectsMeantBy(db, name)).map(({ at }) => at)];
	const unique = [...new Map(places.map(at => [addressKey(at), at])).values()];
	const edits = unique.flatMap(at => edit(db, at, name.node.text, to));
	const files = [...new Set(edits.map(each => each.file))].sort();
	return {
		edits: files.map(each => ({
			file: each,
			edits: edits
				.filter(of => of.file === each)
				.map(of => of.edit)
				.sort((a, b) => a.range.start - b.range.start),
		})),
		create: [],
		delete: [],
	};
}

function nameAt(db: Database, file: FilePath, offset: number): WrittenName | undefined {
	const spot = spotAt(db, file, offset);
	return spot && !spot.onKey ? writtenNameAt(db, spot.address) : undefined;
}

/** Replaces the name and keeps its quotes. */
function edit(
	db: Database,
	at: Address,
	name: string,
	to: string,
): readonly { readonly file: FilePath; readonly edit: TextEdit }[] {
	const range = rangeOf(db, at);
	const present = (textOf(db, at.file) ?? '').slice(range.start, range.end);
	const quote = /^(["']).*\1$/.exec(present)?.[1] ?? '';
	return present === quote + name + quote ? [{ file: at.file, edit: { range, text: quote + to + quote } }] : [];
}

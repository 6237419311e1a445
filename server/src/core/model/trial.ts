/**
 * What would be if the sources were changed: asks any question of the tree as it would be then, and leaves it as it was. So a fix or a
 * refactoring can be tried before anybody is offered it.
 */
import { basename, dirname, type FilePath } from '../base/paths';
import { assume, type Assumption, type Database } from '../base/query';
import { applyEdits } from '../base/text';
import { type DirectoryEntry, directoryEntries, fileState, realPath, textOf } from '../workspace/inputs';
import type { SourceChange } from '../workspace/edits';

/** What `ask` finds in the tree after the change. Not for use inside of a query. */
export function afterChange<V>(db: Database, change: SourceChange, ask: () => V): V {
	return db.assuming(assumptionsOf(db, change), ask);
}

function assumptionsOf(db: Database, { edits, create, delete: remove }: SourceChange): Assumption[] {
	const texts = new Map([...create]);
	for (const [file, list] of edits) texts.set(file, applyEdits(texts.get(file) ?? textOf(db, file) ?? '', list));
	const listings = new Map<FilePath, readonly DirectoryEntry[]>();
	for (const file of create.keys()) addTo(db, listings, dirname(file), { name: basename(file), kind: 'file' });
	for (const file of remove) removeFrom(db, listings, file);
	return [
		...[...texts].map(([file, text]) => assume(fileState, file, { kind: 'text', text })),
		...remove.map(file => assume(fileState, file, { kind: 'missing' })),
		...[...create.keys()].map(file => assume(realPath, file, file)),
		...remove.map(file => assume(realPath, file, undefined)),
		...[...listings].flatMap(([directory, entries]) => [
			assume(directoryEntries, directory, entries),
			assume(realPath, directory, db.read(realPath, directory) ?? directory),
			...(db.read(directoryEntries, directory) ? [] : [assume(fileState, directory, { kind: 'directory' })]),
		]),
	];
}

type Listings = Map<FilePath, readonly DirectoryEntry[]>;

function addTo(db: Database, listings: Listings, directory: FilePath, entry: DirectoryEntry): void {
	const present = listings.get(directory) ?? db.read(directoryEntries, directory);
	if (present?.some(({ name }) => name === entry.name)) return;
	const entries = [...(present ?? []), entry].sort((a, b) => (a.name < b.name ? -1 : 1));
	listings.set(directory, entries);
	if (present === undefined && directory !== '/')
		addTo(db, listings, dirname(directory), { name: basename(directory), kind: 'directory' });
}

function removeFrom(db: Database, listings: Listings, file: FilePath): void {
	const directory = dirname(file);
	const present = listings.get(directory) ?? db.read(directoryEntries, directory) ?? [];
	listings.set(
		directory,
		present.filter(({ name }) => name !== basename(file)),
	);
}

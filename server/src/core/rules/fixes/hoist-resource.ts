/** Moves a resource that all environments hold alike into the base that they share. */
import { basename, join } from '../../base/paths';
import type { Fix, SourceEdit } from '../../base/problem';
import type { Database } from '../../base/query';
import { fileExists, textOf } from '../../workspace/inputs';
import { repeatedResources } from '../../model/repeated-resources';
import type { Finding } from '../rule';

export function hoistResource(db: Database, { at }: Finding): readonly Fix[] {
	const found = repeatedResources(db).find(({ copies }) => copies.some(({ file }) => file === at.file));
	const text = textOf(db, at.file);
	const list = found?.base.links.file;
	if (!found || text === undefined || list === undefined) return [];
	const name = basename(at.file);
	const file = join(found.base.directory, name);
	if (fileExists(db, file)) return [];
	const edits: SourceEdit[] = [
		{ kind: 'create-file', file, text },
		{ kind: 'insert', at: { file: list, document: 0, path: ['resources'] }, yaml: name },
		...found.copies.flatMap(({ file, listedAt }): SourceEdit[] => [
			{ kind: 'remove', at: listedAt },
			{ kind: 'delete-file', file },
		]),
	];
	return [{ title: `Move ${name} into the base`, edits }];
}

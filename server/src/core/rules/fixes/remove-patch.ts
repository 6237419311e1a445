/** Takes a patch file out of the kustomization that names it, and away: a file that nobody names is a finding of its own. */
import type { Address } from '../../base/address';
import type { Fix } from '../../base/problem';
import type { Database } from '../../base/query';
import { homeOf } from '../../model/bases';
import { contentOf } from '../../workspace/documents';
import type { Finding } from '../rule';

/** Of a finding that stands in the patch's file, at its only document. */
export function removePatchFile(db: Database, { at }: Finding): readonly Fix[] {
	if (at.path.length > 0 || at.within || contentOf(db, at.file).length > 1) return [];
	const links = homeOf(db, at.file)?.links.links ?? [];
	const entries = links.filter(({ field, target }) => field === 'patches' && target === at.file);
	// Each removal moves the entries after it: one that stands twice is left to whoever wrote it so.
	return entries.length === 1 ? [removal({ ...entries[0]!.at, path: entries[0]!.at.path.slice(0, 2) }, at.file)] : [];
}

/** Of a finding that stands at the entry. */
export function removePatchEntry(db: Database, { at }: Finding): readonly Fix[] {
	const links = homeOf(db, at.file)?.links.links ?? [];
	const file = links.find(({ field, at: { path } }) => field === 'patches' && path[1] === at.path[1])?.target;
	return file === undefined || contentOf(db, file).length > 1 ? [] : [removal(at, file)];
}

function removal(entry: Address, file: string): Fix {
	return {
		title: 'Remove this patch',
		edits: [
			{ kind: 'remove', at: entry },
			{ kind: 'delete-file', file },
		],
	};
}

/** Takes out of a patch all that is so already without it. */
import type { Fix, SourceEdit } from '../../base/problem';
import type { Database } from '../../base/query';
import { entriesOf } from '../../model/entries';
import { unneededPatchFields } from '../../model/unneeded-patch-fields';
import type { Finding } from '../rule';

export function reducePatch(db: Database, { at }: Finding): readonly Fix[] {
	const unneeded = entriesOf(db, at.file).map(entry =>
		unneededPatchFields(db, entry).filter(field => field.at.file === at.file && field.at.document === at.document),
	);
	const [first = []] = unneeded;
	const edits = first.map((field): SourceEdit => ({ kind: 'remove', at: field.at }));
	return edits.length > 0 ? [{ title: 'Keep only what differs', edits }] : [];
}

/** Resources beside others: each id once. */
import type { Problem } from '../base/problem';
import { duplicateId } from './accumulation-problems';
import { identityKey } from './identity';
import type { Field } from './read/model';
import type { Tracked } from './tracked';

/** Appends what has an id of its own (`resmap.AppendAll`); a second one of an id is left out. */
export function addUnique(
	resources: readonly Tracked[],
	more: readonly Tracked[],
	entry: Field<string>,
	known: Map<string, Tracked>,
): { readonly resources: readonly Tracked[]; readonly problems: readonly Problem[] } {
	const problems: Problem[] = [];
	const added: Tracked[] = [];
	for (const resource of more) {
		const key = identityKey(resource.id);
		const first = known.get(key);
		if (first) problems.push(duplicateId(first, resource, entry));
		else {
			known.set(key, resource);
			added.push(resource);
		}
	}
	return { resources: added.length === 0 ? resources : [...resources, ...added], problems };
}

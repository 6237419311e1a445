/** An override that was tried: in each environment exactly the field that was meant has another value, and nothing else has. */
import { formatPath } from '../../base/address';
import type { SourceEdit } from '../../base/problem';
import type { Database } from '../../base/query';
import { sourceChange } from '../../workspace/edits';
import { nodeAt, sameValue } from '../../yaml/node';
import { clusterTree } from '../cluster-tree';
import { type Difference, type Effect, effectOf, objectKey } from '../differences';
import { subjectsOf } from '../subjects';
import { type NewValue, newValue } from './new-value';
import { waysToOverride } from './plan';
import { isIdentity, type OverrideTarget } from './target';

export type Override =
	| { readonly kind: 'found'; readonly edits: readonly SourceEdit[] }
	/** `why` is a sentence for people. */
	| { readonly kind: 'refused'; readonly why: string };

/** Makes the environment of the target say what was `typed`. Not for use inside of a query. */
export function override(db: Database, target: OverrideTarget, typed: string): Override {
	const { environment, path, subject, node } = target;
	const value = newValue(node, typed);
	const field = `\`${formatPath(path)}\` of ${subject.title}`;
	if (!value) return { kind: 'refused', why: `${JSON.stringify(typed)} is no YAML value.` };
	if (sameValue(node, value.node)) return { kind: 'refused', why: `${field} is so in ${environment} already.` };
	if (isIdentity(target))
		return { kind: 'refused', why: `With another value ${field} would be another object, which no patch makes of it.` };
	for (const edits of waysToOverride(db, target, value)) {
		const effect = effectOf(db, sourceChange(db, edits), () => saysWhatIsWanted(db, target, value));
		if (isWhatWasMeant(target, effect)) return { kind: 'found', edits };
	}
	return {
		kind: 'refused',
		why: `No patch or value in ${environment} changes ${field} and nothing else. It may be what other fields are made of.`,
	};
}

function saysWhatIsWanted(db: Database, { subject, path }: OverrideTarget, value: NewValue): boolean {
	const entry = db.get(clusterTree, '').entries.find(({ id }) => id === subject.entry.id);
	const found = entry && subjectsOf(db, entry).find(({ of }) => objectKey(of) === objectKey(subject));
	return sameValue(nodeAt(found?.tree, path), value.node);
}

function isWhatWasMeant(target: OverrideTarget, { differences, broken, answer }: Effect<boolean>): boolean {
	return answer && broken.length === 0 && differences.every(difference => isMeant(target, difference));
}

function isMeant({ environment, subject, path }: OverrideTarget, difference: Difference): boolean {
	const isField = (object: string, prefix: readonly (string | number)[]) =>
		difference.object === object && prefix.every((key, index) => difference.path[index] === key);
	return (
		difference.environment === environment &&
		(isField(objectKey(subject), path) ||
			// Values that the release itself holds are part of the object as well.
			(subject.kind === 'values' && isField(objectKey({ ...subject, kind: 'resource' }), ['spec', 'values'])))
	);
}

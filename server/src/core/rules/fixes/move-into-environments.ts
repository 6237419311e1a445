/** Moves a base's value into an overlay of each environment: all of them render what they rendered, and the base says nothing of it. */
import type { Fix, SourceEdit } from '../../base/problem';
import type { Database } from '../../base/query';
import { homeOf } from '../../model/bases';
import { leavesAllAsItIs } from '../../model/differences';
import { valueOf } from '../../model/override/new-value';
import { waysToOverride } from '../../model/override/plan';
import { type OverrideTarget, overrideTargets } from '../../model/override/target';
import { sourceChange } from '../../workspace/edits';
import type { Finding } from '../rule';

/** So many ways are tried for all environments alike; those that come first are the usual ones. */
const MOST_WAYS = 6;

export function moveIntoEnvironments(db: Database, { at, anchor }: Finding): readonly Fix[] {
	const base = homeOf(db, at.file);
	const targets = overrideTargets(db, at);
	if (anchor === 'key' || !base || targets.length < base.environments.length) return [];
	const ways = targets.map(target => [...waysOf(db, target)]);
	const most = Math.min(MOST_WAYS, Math.max(...ways.map(each => each.length)));
	for (let index = 0; index < most; index++) {
		const moved = ways.flatMap(each => each[Math.min(index, each.length - 1)] ?? []);
		const edits: readonly SourceEdit[] = [...moved, { kind: 'remove', at }];
		if (leavesAllAsItIs(db, sourceChange(db, edits)))
			return [{ title: `Move the value into overlays of ${base.environments.join(', ')}`, edits }];
	}
	return [];
}

/** An environment that says something else already needs no change. */
function waysOf(db: Database, target: OverrideTarget): Iterable<readonly SourceEdit[]> {
	const own = homeOf(db, target.node.origin.file)?.environments;
	if (own?.length === 1 && own[0] === target.environment) return [[]];
	return waysToOverride(db, target, valueOf(target.node));
}

/**
 * How an environment can be made to say something else than its base at one field: every way there is, the one that people would choose
 * first. None of them is known to work before it was tried.
 */
import { addressKey } from '../../base/address';
import type { SourceEdit } from '../../base/problem';
import type { Database } from '../../base/query';
import type { Resource } from '../../kube/resource';
import { addressOf } from '../../yaml/node';
import { homeOf } from '../bases';
import { plainBuild } from '../entries';
import { intoImages, intoReplicas } from './kustomization-fields';
import { type MergeStep, mergeSteps, withoutOrder } from './merge-path';
import type { NewValue } from './new-value';
import { intoJsonPatch, intoMergePatch, newJsonPatch, newMergePatch, patchIds } from './patches';
import type { OverrideTarget } from './target';
import { intoValuesFile, wholeValue } from './values';

/** The ways, as edits of the sources; the first that does what it should is the one to take. */
export function* waysToOverride(
	db: Database,
	target: OverrideTarget,
	value: NewValue,
): Generator<readonly SourceEdit[]> {
	yield* without(atItsWriter(db, target, value));
	if (target.subject.kind === 'values') yield* throughValues(db, target, value);
	else yield* throughObject(db, target, value);
}

function* without(...ways: readonly (readonly SourceEdit[])[]): Generator<readonly SourceEdit[]> {
	for (const way of ways) if (way.length > 0) yield way;
}

/** The overlay says it already: it says something else from now on. */
function atItsWriter(db: Database, { node, environment }: OverrideTarget, value: NewValue): SourceEdit[] {
	const home = homeOf(db, node.origin.file);
	const isOwn = home?.environments.length === 1 && home.environments[0] === environment;
	return isOwn && node.kind === 'scalar' ? [{ kind: 'set', at: addressOf(node.origin), text: value.text }] : [];
}

function* throughValues(db: Database, target: OverrideTarget, value: NewValue): Generator<readonly SourceEdit[]> {
	const whole = wholeValue(db, target, value);
	if (!whole) return;
	yield* without(intoValuesFile(db, target, whole));
	const steps = ['spec', 'values', ...whole.path].map((key): MergeStep => ({ kind: 'key', key: String(key) }));
	yield* throughMergePatch(db, target, steps, whole.value);
}

function* throughObject(db: Database, target: OverrideTarget, value: NewValue): Generator<readonly SourceEdit[]> {
	const built = inBase(db, target);
	if (!built) return;
	const [first] = patchIds(built);
	yield* without(intoImages(db, target, value), first ? intoReplicas(db, target, first, value) : []);
	const steps = mergeSteps(built.id, target.subject.resource.node, target.path);
	if (steps) yield* throughMergePatch(db, target, withoutOrder(steps), value);
	if (steps?.some(step => step.kind === 'element' && step.before.length > 0)) {
		yield* throughMergePatch(db, target, steps, value);
	}
	for (const id of patchIds(built)) {
		yield* without(
			intoJsonPatch(db, target.overlay, id, target.path, value),
			newJsonPatch(db, target.overlay, id, target.path, value),
		);
	}
}

function* throughMergePatch(
	db: Database,
	target: OverrideTarget,
	steps: readonly MergeStep[],
	value: NewValue,
): Generator<readonly SourceEdit[]> {
	const built = inBase(db, target);
	const ids = built ? patchIds(built) : [];
	for (const id of ids) yield* without(intoMergePatch(db, target.overlay, id, steps, value));
	for (const id of ids) yield* without(newMergePatch(db, target.overlay, id, steps, value));
}

/** The object as the base alone builds it: what the overlay's patches see of it. */
function inBase(db: Database, { base, subject }: OverrideTarget): Resource | undefined {
	const from = addressKey(subject.resource.from);
	return plainBuild(db, base.directory).resources.find(resource => addressKey(resource.from) === from);
}

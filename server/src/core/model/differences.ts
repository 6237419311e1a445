/**
 * What a change of the sources does to what is rendered: which fields of which objects differ in which environments. The one proof that
 * all fixes and refactorings stand on.
 */
import type { FieldPath } from '../base/address';
import type { FilePath } from '../base/paths';
import { type Database } from '../base/query';
import type { Resource } from '../kube/resource';
import type { SourceChange } from '../workspace/edits';
import { type Node, sameValue, type Step } from '../yaml/node';
import { clusterTree, type Entry } from './cluster-tree';
import { buildOf } from './entries';
import { releasesOf } from './releases';
import { type Rendered, subjectsOf } from './subjects';
import { afterChange } from './trial';

/** One field that differs; the whole object where it came or went. */
export interface Difference {
	readonly environment: string;
	readonly entry: Entry;
	/** What tells the object from others of the entry point: the same before and after, whatever its hash. */
	readonly object: string;
	readonly path: FieldPath;
	readonly before: Node | undefined;
	readonly after: Node | undefined;
}

export interface Effect<V> {
	readonly differences: readonly Difference[];
	/** Entry points that failed neither before nor were missing, and do now; one that another builds on now is not missing. */
	readonly broken: readonly Entry[];
	/** What was asked of the tree after the change. */
	readonly answer: V;
}

/** What the change does, and what `ask` finds after it. Not for use inside of a query. */
export function effectOf<V>(db: Database, change: SourceChange, ask: () => V): Effect<V> {
	const before = snapshot(db);
	return afterChange(db, change, () => {
		const after = snapshot(db);
		const ids = new Set([...before.keys(), ...after.keys()]);
		const changed = [...ids].map(id => ({ was: before.get(id), is: after.get(id) }));
		return {
			differences: changed.flatMap(({ was, is }) => differencesBetween(was, is)),
			broken: changed.flatMap(({ was, is }) => (was && !was.failed && isBroken(was, is, after) ? [was.entry] : [])),
			answer: ask(),
		};
	});
}

function isBroken(was: Snapshot, is: Snapshot | undefined, after: ReadonlyMap<string, Snapshot>): boolean {
	return is ? is.failed : ![...after.values()].some(({ directories }) => directories.has(was.entry.directory));
}

/** Whether every environment renders after the change what it renders before it. */
export function leavesAllAsItIs(db: Database, change: SourceChange): boolean {
	const { differences, broken } = effectOf(db, change, () => undefined);
	return differences.length === 0 && broken.length === 0;
}

/** A subject's name among those of its entry point: by what its source calls it, since hashes change with contents. */
export function objectKey({ kind, resource: { id, originalId } }: Rendered): string {
	return JSON.stringify([kind, id.group, id.kind, id.namespace, originalId.name]);
}

interface Snapshot {
	readonly entry: Entry;
	readonly failed: boolean;
	/** The directories that it is built of. */
	readonly directories: ReadonlySet<FilePath>;
	readonly trees: ReadonlyMap<string, Node>;
	/** Data of ConfigMaps and Secrets that releases read: compared as their values. */
	readonly readAsValues: ReadonlySet<string>;
}

function snapshot(db: Database): ReadonlyMap<string, Snapshot> {
	const { entries } = db.get(clusterTree, '');
	const readAsValues = new Map<string, Set<string>>();
	for (const entry of entries) {
		const own = readAsValues.get(entry.environment) ?? new Set();
		readAsValues.set(entry.environment, own);
		for (const { references } of releasesOf(db, entry)) {
			for (const { object, key } of references) if (object) own.add(dataKey(object.resource, key));
		}
	}
	return new Map(
		entries.map(entry => {
			const trees = new Map<string, Node>();
			for (const { of, tree } of subjectsOf(db, entry)) {
				let key = objectKey(of);
				while (trees.has(key)) key += '+';
				trees.set(key, tree);
			}
			const { failed, directories } = buildOf(db, entry);
			return [entry.id, { entry, failed, directories, trees, readAsValues: readAsValues.get(entry.environment)! }];
		}),
	);
}

function dataKey({ id, originalId }: Resource, key: string): string {
	return JSON.stringify([id.kind, id.namespace, originalId.name, key]);
}

function differencesBetween(before: Snapshot | undefined, after: Snapshot | undefined): Difference[] {
	const { entry } = (before ?? after)!;
	const objects = new Set([...(before?.trees.keys() ?? []), ...(after?.trees.keys() ?? [])]);
	return [...objects].flatMap(object => {
		const [kind, , of, namespace, name] = JSON.parse(object.replace(/\++$/, '')) as string[];
		const isData = ([field, key]: FieldPath) =>
			kind === 'resource' &&
			(of === 'ConfigMap' || of === 'Secret') &&
			(field === 'data' || field === 'stringData' || field === 'binaryData') &&
			[before, after].some(each => each?.readAsValues.has(JSON.stringify([of, namespace, name, key])));
		return [...differingFields(before?.trees.get(object), after?.trees.get(object), [])]
			.filter(({ path }) => !isData(path))
			.map(field => ({ environment: entry.environment, entry, object, ...field }));
	});
}

type Field = Pick<Difference, 'path' | 'before' | 'after'>;

function* differingFields(before: Node | undefined, after: Node | undefined, path: FieldPath): Generator<Field> {
	if (before === after || isHash(before, after) || sameValue(before, after)) return;
	if (before?.kind === 'map' && after?.kind === 'map') {
		const keys = new Set([...before.entries, ...after.entries].map(({ key }) => key));
		const valueOf = (map: typeof before, key: string) => map.entries.find(entry => entry.key === key)?.value;
		for (const key of keys) yield* differingFields(valueOf(before, key), valueOf(after, key), [...path, key]);
	} else if (before?.kind === 'seq' && after?.kind === 'seq' && before.items.length === after.items.length) {
		for (const [index, item] of before.items.entries())
			yield* differingFields(item, after.items[index], [...path, index]);
	} else yield { path, before, after };
}

const OF_HASHES: ReadonlySet<Step> = new Set<Step>(['hash', 'nameReference']);

/** Names that carry a hash of contents follow these by themselves. */
function isHash(before: Node | undefined, after: Node | undefined): boolean {
	return (
		before?.kind === 'scalar' &&
		after?.kind === 'scalar' &&
		OF_HASHES.has(before.origin.step) &&
		OF_HASHES.has(after.origin.step)
	);
}

/** What each environment's overlays change: the nodes of built trees whose newest writer is an overlay, by resource and field. */
import { type FieldPath, formatPath, type PathLink, pathOf } from '../base/address';
import { ofObject } from '../base/memo';
import { type Database, query } from '../base/query';
import type { Node, Origin, Step } from '../yaml/node';
import { homeOf } from './bases';
import { clusterTree, type Entry } from './cluster-tree';
import { perEntry } from './entries';
import { type Rendered, subjectsOf } from './subjects';

export interface Customisation {
	readonly environment: string;
	readonly subject: Rendered;
	readonly path: FieldPath;
	readonly node: Node;
	/** The overlay's place; `replaced` is what stood there before. */
	readonly origin: Origin;
}

/** The same field of the same object, as the environments change it. */
export interface CustomisedField {
	/** The object's title and the field's path. */
	readonly title: string;
	/** In the order of the entries; at most one an environment counts as its change. */
	readonly by: ReadonlyMap<string, Customisation>;
	/** The environments that have the object at all. */
	readonly environments: ReadonlySet<string>;
}

/** The steps by which people customise. Namespaces, labels and prefixes are said once for a whole overlay. */
const STEPS: ReadonlySet<Step> = new Set<Step>(['patch', 'replicas', 'images', 'valuesFrom', 'values']);

/** Every field that some overlay changes. Below a node that an overlay wrote whole, nothing is listed again. */
export function customisedFields(db: Database): readonly CustomisedField[] {
	return db.get(fieldsQuery, '');
}

const fieldsQuery = query<readonly CustomisedField[]>('customisedFields', db => {
	const fields = new Map<string, { by: Map<string, Customisation>; object: string }>();
	const environmentsOf = new Map<string, Set<string>>();
	for (const entry of db.get(clusterTree, '').entries.filter(each => each.environment !== '')) {
		for (const { object, changes } of customisedObjects(db, entry)) {
			const environments = environmentsOf.get(object);
			if (environments) environments.add(entry.environment);
			else environmentsOf.set(object, new Set([entry.environment]));
			for (const { field: path, change } of changes) {
				let field = fields.get(path);
				if (!field) fields.set(path, (field = { by: new Map(), object }));
				if (!field.by.has(entry.environment)) field.by.set(entry.environment, change);
			}
		}
	}
	return [...fields].map(([title, { by, object }]) => ({ title, by, environments: environmentsOf.get(object)! }));
});

interface CustomisedObject {
	readonly object: string;
	/** By the object and the field's path. */
	readonly changes: readonly { readonly field: string; readonly change: Customisation }[];
}

/** The objects of one entry point, with what its own overlay changes of them. */
export const customisedObjects = perEntry<readonly CustomisedObject[]>(
	'customisedObjects',
	[],
	(db, entry) =>
		subjectsOf(db, entry).map(({ of: subject, tree }) => {
			const object = `${subject.kind} ${subject.title}`;
			return { object, changes: changesIn(db, entry, subject, object, tree) };
		}),
	undefined,
	(before, made) => made.map((each, i) => (before[i] && sameObject(before[i], each) ? before[i] : each)),
);

function sameObject(a: CustomisedObject, b: CustomisedObject): boolean {
	return (
		a.object === b.object &&
		a.changes.length === b.changes.length &&
		a.changes.every(({ field, change }, i) => {
			const other = b.changes[i]!;
			return (
				field === other.field &&
				change.node === other.change.node &&
				change.subject.resource === other.change.subject.resource &&
				change.subject.entry === other.change.subject.entry
			);
		})
	);
}

function changesIn(
	db: Database,
	entry: Entry,
	subject: Rendered,
	object: string,
	tree: Node,
): CustomisedObject['changes'] {
	const changes: { field: string; change: Customisation }[] = [];
	const all = written(db, tree);
	for (let i = 0; i < all.length; i++) {
		const { node, path, below } = all[i]!;
		if (!isOverlays(db, entry, node.origin)) continue;
		const change = { environment: entry.environment, subject, path, node, origin: node.origin };
		changes.push({ field: `${object} ${formatPath(path)}`, change });
		i += below;
	}
	return changes;
}

/** A node that was written by a step of customisation; after it come so many that stand `below` it. */
interface Written {
	readonly node: Node;
	readonly path: FieldPath;
	readonly below: number;
}

const written = ofObject<Node, readonly Written[]>('writtenNodes', tree => {
	const found: { node: Node; path: FieldPath; below: number }[] = [];
	collectWritten(tree, undefined, found);
	return found.length === 0 ? NOTHING_WRITTEN : found;
});

const NOTHING_WRITTEN: readonly Written[] = [];

function collectWritten(
	node: Node,
	link: PathLink | undefined,
	into: { node: Node; path: FieldPath; below: number }[],
): void {
	// A map that replaced another one was merged with it: what the overlay says stands below.
	const merged = node.kind === 'map' && node.origin.replaced !== undefined;
	const own = !merged && STEPS.has(node.origin.step) ? { node, path: pathOf(link), below: 0 } : undefined;
	if (own) into.push(own);
	const before = into.length;
	if (node.kind === 'map') {
		for (const { key, value } of node.entries) collectWritten(value, { parent: link, key }, into);
	} else if (node.kind === 'seq') {
		for (const [key, item] of node.items.entries()) collectWritten(item, { parent: link, key }, into);
	}
	if (own) own.below = into.length - before;
}

/** Whether the place belongs to the entry's own environment, and not to a base that it shares. */
function isOverlays(db: Database, entry: Entry, { file }: Origin): boolean {
	const home = homeOf(db, file);
	return home?.environments.length === 1 && home.environments[0] === entry.environment;
}

/** Fields that say which release runs: equal today, and meant to differ tomorrow. */
export function isVersion({ origin, path }: Customisation): boolean {
	const key = path.findLast(each => typeof each === 'string') ?? '';
	return origin.step === 'images' || /^(version|tag|newTag|digest|image|ref|semver|appVersion)$/.test(key);
}

/** What each environment's overlays change: the nodes of built trees whose newest writer is an overlay, by resource and field. */
import type { FieldPath } from '../base/address';
import { formatPath } from '../base/address';
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
			environmentsOf.set(object, (environmentsOf.get(object) ?? new Set()).add(entry.environment));
			for (const { field: path, change } of changes) {
				const key = `${object} ${path}`;
				const field = fields.get(key) ?? { by: new Map(), object };
				if (!field.by.has(entry.environment)) field.by.set(entry.environment, change);
				fields.set(key, field);
			}
		}
	}
	return [...fields].map(([title, { by, object }]) => ({ title, by, environments: environmentsOf.get(object)! }));
});

interface CustomisedObject {
	readonly object: string;
	readonly changes: readonly { readonly field: string; readonly change: Customisation }[];
}

/** The objects of one entry point, with what its own overlay changes of them. */
export const customisedObjects = perEntry<readonly CustomisedObject[]>('customisedObjects', [], (db, entry) =>
	subjectsOf(db, entry).map(({ of: subject, tree }) => ({
		object: `${subject.kind} ${subject.title}`,
		changes: [...changesIn(db, entry, subject, tree, [])].map(change => ({ field: formatPath(change.path), change })),
	})),
);

function* changesIn(
	db: Database,
	entry: Entry,
	subject: Rendered,
	node: Node,
	path: FieldPath,
): Generator<Customisation> {
	const { origin } = node;
	// A map that replaced another one was merged with it: what the overlay says stands below.
	const merged = node.kind === 'map' && origin.replaced !== undefined;
	if (!merged && STEPS.has(origin.step) && isOverlays(db, entry, origin)) {
		yield { environment: entry.environment, subject, path, node, origin };
		return;
	}
	if (node.kind === 'map') {
		for (const { key, value } of node.entries) yield* changesIn(db, entry, subject, value, [...path, key]);
	} else if (node.kind === 'seq') {
		for (const [index, item] of node.items.entries()) yield* changesIn(db, entry, subject, item, [...path, index]);
	}
}

/** Whether the place belongs to the entry's own environment, and not to a base that it shares. */
function isOverlays(db: Database, entry: Entry, { file }: Origin): boolean {
	const home = homeOf(db, file);
	return home?.environments.length === 1 && home.environments[0] === entry.environment;
}

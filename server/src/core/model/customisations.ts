/** What each environment's overlays change: the nodes of built trees whose newest writer is an overlay, by resource and field. */
import { addressKey, type FieldPath, formatPath, type PathLink, pathOf } from '../base/address';
import { ofObjects } from '../base/memo';
import { type Database, longQuery } from '../base/query';
import { inSteps, type Steps } from '../base/steps';
import { describeId } from '../kube/resource-id';
import type { Node, Origin, Step } from '../yaml/node';
import { type OwnFiles, ownFilesOf } from './bases';
import { clusterTree } from './cluster-tree';
import { perEntry } from './entries';
import type { Subject } from './occurrences';
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
	/** Which object and field it is; for nobody to read. */
	readonly key: string;
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

const fieldsQuery = longQuery<readonly CustomisedField[]>('customisedFields', function* (db, _, before) {
	const fields = new Map<string, { by: Map<string, Customisation>; object: string }>();
	const environmentsOf = new Map<string, Set<string>>();
	const entries = db.get(clusterTree, '').entries.filter(({ environment }) => environment !== '');
	const objects = (yield* inSteps(entries, entry =>
		customisedObjects(db, entry).map(of => ({ of, environment: entry.environment })),
	)).flat();
	const repeated = yield* repeatedSources(objects);
	for (const { of, environment } of objects) {
		const isRepeated = repeated.has(of.source);
		const object = isRepeated ? of.title : of.source;
		const environments = environmentsOf.get(object);
		if (environments) environments.add(environment);
		else environmentsOf.set(object, new Set([environment]));
		for (const { field: ofSource, change } of of.changes) {
			const key = isRepeated ? `${of.title} ${formatPath(change.path)}` : ofSource;
			let field = fields.get(key);
			if (!field) fields.set(key, (field = { by: new Map(), object }));
			if (!field.by.has(environment)) field.by.set(environment, change);
		}
		yield;
	}
	const known = new Map(yield* inSteps(before ?? [], field => [field.key, field]));
	return yield* inSteps(fields, ([key, { by, object }]) => {
		const field: CustomisedField = { key, by, environments: environmentsOf.get(object)! };
		const old = known.get(key);
		return old && sameField(old, field) ? old : field;
	});
});

/** Where objects come from that some environment has several times, under other names: of these, each name is an object of its own. */
function* repeatedSources(
	objects: readonly { readonly of: CustomisedObject; readonly environment: string }[],
): Steps<ReadonlySet<string>> {
	const titles = new Map<string, string>();
	const repeated = new Set<string>();
	for (const { of, environment } of objects) {
		const key = `${environment} ${of.source}`;
		const title = titles.get(key);
		if (title === undefined) titles.set(key, of.title);
		else if (title !== of.title) repeated.add(of.source);
		yield;
	}
	return repeated;
}

/** What the object is called in all of the environments, without a namespace or prefix that only one of them has. */
export function commonTitle(changes: readonly Customisation[]): string {
	const [{ subject }, ...others] = changes as [Customisation, ...Customisation[]];
	if (others.every(other => other.subject.title === subject.title)) return subject.title;
	const { resource, kind } = subject;
	return `${kind === 'values' ? 'values of ' : ''}${describeId(resource.originalId)}`;
}

function sameField(a: CustomisedField, b: CustomisedField): boolean {
	const changes = [...b.by.values()];
	return (
		a.by.size === b.by.size &&
		a.environments.size === b.environments.size &&
		[...a.by.values()].every((change, i) => change === changes[i]) &&
		[...a.environments].every(environment => b.environments.has(environment))
	);
}

export interface CustomisedObject {
	/** Where the object comes from: environments give it namespaces and names of their own. */
	readonly source: string;
	readonly title: string;
	/** By the source and the field's path. */
	readonly changes: readonly { readonly field: string; readonly change: Customisation }[];
}

/** The objects of one entry point, with what its own overlay changes of them; the same where they are the same. */
export const customisedObjects = perEntry<readonly CustomisedObject[]>('customisedObjects', [], (db, entry) => {
	const own = ownFilesOf(db, entry);
	return own ? subjectsOf(db, entry).map(subject => customisedObject(db, own, subject)) : [];
});

const customisedObject = ofObjects<OwnFiles, Subject<Rendered>, CustomisedObject>((own, { of: subject, tree }) => {
	const source = `${subject.kind} ${addressKey(subject.resource.from)}`;
	const { environment } = own.entry;
	const changes: { field: string; change: Customisation }[] = [];
	const all = writtenIn(tree);
	for (let i = 0; i < all.length; i++) {
		const { node, path, below } = all[i]!;
		if (!own.has(node.origin.file)) continue;
		const change = { environment, subject, path, node, origin: node.origin };
		changes.push({ field: `${source} ${formatPath(path)}`, change });
		i += below;
	}
	return { source, title: `${subject.kind} ${subject.title}`, changes };
});

/** A node that was written by a step of customisation; after it come so many that stand `below` it. */
interface Written {
	readonly node: Node;
	readonly path: FieldPath;
	readonly below: number;
}

function writtenIn(tree: Node): readonly Written[] {
	const found: { node: Node; path: FieldPath; below: number }[] = [];
	collectWritten(tree, undefined, found);
	return found;
}

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

/** Fields that say which release runs: equal today, and meant to differ tomorrow. */
export function isVersion({ origin, path }: Customisation): boolean {
	const key = path.findLast(each => typeof each === 'string') ?? '';
	return origin.step === 'images' || /^(version|tag|newTag|digest|image|ref|semver|appVersion)$/.test(key);
}

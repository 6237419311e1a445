/** The HelmReleases of each entry point, with their values merged out of all that its environment holds. */
import { type Database, type Query, query } from '../base/query';
import type { DataObject } from '../kube/data-sources';
import { fluxCluster } from '../gitops/flux/graph';
import { SOURCE_GROUP } from '../gitops/helm/chart-reference';
import { isHelmRelease, readRelease, type Release, sameRelease } from '../gitops/helm/release';
import { type Coverage, indexResources, type ResourceIndex } from '../kube/resource-index';
import { type Resource, sameResource } from '../kube/resource';
import { nodeAt } from '../yaml/node';
import { mayHideResources } from '../kustomize/hidden-resources';
import { clusterTree, type Entry } from './cluster-tree';
import { buildOf, entryOf, perEntry } from './entries';

/**
 * What the objects of an entry point can refer to: what Flux applies in an environment, or what nobody in sight applies there. Of the
 * latter nobody knows how it comes to the cluster, or what comes with it; it must not make what Flux applies uncertain.
 */
type Scope = string;

function scopeOf(db: Database, { environment, flux }: Pick<Entry, 'environment' | 'flux'>): Scope {
	return JSON.stringify([environment, flux ? (isRemote(db, flux) ? 'elsewhere' : 'flux') : 'others']);
}

/** Whether Flux applies it to another cluster, of which nobody here knows what else it has. */
function isRemote(db: Database, { cluster, key }: NonNullable<Entry['flux']>): boolean {
	return db.get(remoteKustomizations, cluster).has(key);
}

/** The Kustomizations of a cluster that it applies to others; most edits leave them as they are. */
const remoteKustomizations = query<ReadonlySet<string>>(
	'remoteKustomizations',
	(db, cluster) => {
		const nodes = fluxCluster(db, cluster)?.nodes ?? [];
		return new Set(nodes.flatMap(({ key, resource }) => (nodeAt(resource.node, ['spec', 'kubeConfig']) ? [key] : [])));
	},
	(a, b) => a.size === b.size && [...a].every(key => b.has(key)),
);

/** Everything that the entry points of one scope build. */
const scopeIndex = query<ResourceIndex>('scopeIndex', (db, scope) => {
	const entries = entriesOfTree(db).filter(entry => scopeOf(db, entry) === scope);
	const clusters = [...new Set(entries.flatMap(({ flux }) => (flux ? [flux.cluster] : [])))];
	const [only] = clusters;
	if (only !== undefined && clusters.length === 1 && !entries.some(({ flux }) => flux && isRemote(db, flux)))
		return fluxCluster(db, only)!.index;
	const resources = entries.flatMap(entry => buildOf(db, entry).resources);
	// Without Flux's own word nobody knows what else is applied; a tree that holds sources is taken to hold all of them.
	const partial = !db.get(isPlain, scope) || !resources.some(({ id }) => id.group === SOURCE_GROUP);
	const coverage: Coverage = partial ? 'part' : 'whole';
	return indexResources(resources, coverage);
});

/** Whether a scope is of a tree without Flux in which nothing is hidden. What belongs to none of the environments may be a base that only others build on. */
const isPlain = query<boolean>('isPlainScope', (db, scope) => {
	const all = entriesOfTree(db);
	const entries = all.filter(entry => scopeOf(db, entry) === scope);
	const isOutside = entries.every(({ environment }) => environment === '');
	return (
		!(isOutside && db.get(clusterTree, '').environments.length > 0) &&
		all.every(({ flux }) => flux === undefined) &&
		!entries.some(entry => mayHideResources(buildOf(db, entry).problems))
	);
});

function entriesOfTree(db: Database): readonly Entry[] {
	return db.get(clusterTree, '').entries;
}

/** One release of one entry point, as the key of queries. */
export type ReleaseKey = string;

/** The keys of an entry point's releases, in the order of its resources. Of equal names the first counts. */
export const releaseKeysOf = perEntry<readonly ReleaseKey[]>(
	'releaseKeys',
	[],
	(db, entry) => [...releaseResources(db, entry).keys()].map(name => JSON.stringify([entry.id, name])),
	sameItems,
);

const releaseResources = perEntry<ReadonlyMap<string, Resource>>('releaseResources', new Map(), (db, entry) => {
	const byName = new Map<string, Resource>();
	for (const resource of buildOf(db, entry).resources) {
		if (!isHelmRelease(resource)) continue;
		const name = `${resource.id.namespace}/${resource.id.name}`;
		if (!byName.has(name)) byName.set(name, resource);
	}
	return byName;
});

/** The release of a key with its entry point; nothing where either is gone. */
export function releaseOf(
	db: Database,
	key: ReleaseKey,
): { readonly release: Release; readonly entry: Entry } | undefined {
	const entry = entryOfKey(db, key);
	const release = entry && db.get(releaseQuery, key);
	return entry && release && { release, entry };
}

function entryOfKey(db: Database, key: ReleaseKey): Entry | undefined {
	const [id] = JSON.parse(key) as [string, string];
	return entryOf(db, id);
}

/** An edit of a base reaches every environment, and of most of what these build nothing has changed. */
const releaseResource = query<Resource | undefined>(
	'releaseResource',
	(db, key) => {
		const [, name] = JSON.parse(key) as [string, string];
		const entry = entryOfKey(db, key);
		return entry && releaseResources(db, entry).get(name);
	},
	sameResource,
);

const releaseQuery = query<Release | undefined>(
	'release',
	(db, key) => {
		const entry = entryOfKey(db, key);
		const resource = db.get(releaseResource, key);
		return entry && resource && readRelease(db, resource, rememberedLookUps(db, scopeOf(db, entry)));
	},
	(a, b) => a === b || (a !== undefined && b !== undefined && sameRelease(a, b)),
);

/** The HelmReleases that an entry point builds. */
export const releasesOf = perEntry<readonly Release[]>(
	'releases',
	[],
	(db, entry) => releaseKeysOf(db, entry).flatMap(key => db.get(releaseQuery, key) ?? []),
	sameItems,
);

/**
 * The scope's index, each of whose look-ups is a query of its own: who asks for one object runs again when that object is another, and
 * not with every edit in the scope.
 */
function rememberedLookUps(db: Database, scope: Scope): ResourceIndex {
	const ask = <V>(of: Query<V>, ...parts: readonly string[]): V => db.get(of, JSON.stringify([scope, ...parts]));
	const coverage = db.get(lookUps.coverage, JSON.stringify([scope]));
	return {
		coverage,
		get resources() {
			return db.get(scopeIndex, scope).resources;
		},
		find: (...id) => ask(lookUps.find, ...id),
		all: (...kind) => ask(lookUps.all, ...kind),
		data: {
			coverage,
			find: (...id) => ask(lookUps.data, ...id),
			findAnywhere: (...name) => ask(lookUps.dataAnywhere, ...name),
			names: (...at) => ask(lookUps.dataNames, ...at),
		},
	};
}

const lookUps = {
	coverage: lookUp('coverage', index => index.coverage, Object.is),
	find: lookUp('find', (index, group, kind, namespace, name) => index.find(group, kind, namespace, name), sameResource),
	all: lookUp<readonly Resource[]>('all', (index, group, kind) => index.all(group, kind), sameResources),
	data: lookUp(
		'data',
		(index, kind, namespace, name) => index.data.find(kind as DataObject['kind'], namespace, name),
		sameProvider,
	),
	dataAnywhere: lookUp(
		'dataAnywhere',
		(index, kind, name) => index.data.findAnywhere(kind as DataObject['kind'], name),
		sameProvider,
	),
	dataNames: lookUp<readonly string[]>(
		'dataNames',
		(index, kind, namespace) => index.data.names(kind as DataObject['kind'], namespace),
		sameItems,
	),
};

function lookUp<V>(
	name: string,
	compute: (index: ResourceIndex, ...parts: [string, string, string, string]) => V,
	equals: (a: V, b: V) => boolean,
): Query<V> {
	return query<V>(
		`lookUp ${name}`,
		(db, key) => {
			const [scope, ...parts] = JSON.parse(key) as [string, string, string, string, string];
			return compute(db.get(scopeIndex, scope), ...parts);
		},
		equals,
	);
}

function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
	return a.length === b.length && a.every((each, i) => each === b[i]);
}

function sameResources(a: readonly Resource[], b: readonly Resource[]): boolean {
	return a.length === b.length && a.every((each, i) => sameResource(each, b[i]));
}

function sameProvider(a: DataObject | undefined, b: DataObject | undefined): boolean {
	return sameResource(a?.resource, b?.resource) && a?.kind === b?.kind;
}

/** All that the environment's entry points build, for look-ups by name. */
export function indexOf(db: Database, environment: string): ResourceIndex {
	return db.get(environmentIndex, environment);
}

const environmentIndex = query<ResourceIndex>('environmentIndex', (db, environment) => {
	const [only, ...more] = indexesOf(db, environment);
	if (only && more.length === 0) return only;
	const resources = indexesOf(db, environment).flatMap(index => index.resources);
	return indexResources(resources, 'part');
});

/** The same apart: what Flux applies, and what nobody in sight does. What one lacks the other does not make up for. */
export function indexesOf(db: Database, environment: string): readonly ResourceIndex[] {
	return db.get(environmentIndexes, environment);
}

/** Whether one of them is, as far as a tree without Flux tells, all that there is. */
export function isLikelyWhole(db: Database, environment: string, at: number): boolean {
	const scope = scopesOf(db, environment)[at];
	if (scope === undefined || !db.get(isPlain, scope)) return false;
	return !entriesOfTree(db).some(entry => scopeOf(db, entry) === scope && buildOf(db, entry).failed);
}

function scopesOf(db: Database, environment: string): readonly Scope[] {
	const entries = entriesOfTree(db).filter(entry => entry.environment === environment);
	return [...new Set(entries.map(entry => scopeOf(db, entry)))].sort();
}

const environmentIndexes = query<readonly ResourceIndex[]>(
	'environmentIndexes',
	(db, environment) => scopesOf(db, environment).map(scope => db.get(scopeIndex, scope)),
	sameItems,
);

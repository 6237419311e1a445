/**
 * The Flux graph: from the seeds through every Flux Kustomization that another one builds, with what each cluster is made of in the
 * end. Paths, namespaces and variables of the inner ones come from the outer ones, so they are followed, not searched.
 */
import { type FilePath } from '../../base/paths';
import { type Database, longQuery, query } from '../../base/query';
import type { Steps } from '../../base/steps';
import type { Coverage, ResourceIndex } from '../../kube/resource-index';
import { indexResources } from '../../kube/resource-index';
import type { Resource } from '../../kube/resource';
import { mayHideResources } from '../../kustomize/hidden-resources';
import { contentOf } from '../../workspace/documents';
import { directoryExists } from '../../workspace/inputs';
import { nodeAt, sameTree, sameWriting, textAt } from '../../yaml/node';
import { directoryInArtifact } from './artifacts';
import {
	buildFlux,
	type FluxBuild,
	isFluxKustomization,
	pathOfKustomization,
	type SourceKey,
	sourceOf,
} from './kustomization';
import { foundSeeds } from './found-seeds';
import { seedsQuery } from './begun-seeds';
import type { Seed } from './seeds';

/** One Flux Kustomization of one cluster. */
export interface FluxNode {
	/** `NAMESPACE/NAME`, unique in its cluster. */
	readonly key: string;
	readonly resource: Resource;
	/** The Kustomization that built it; nothing for the seed's own. */
	readonly parent: string | undefined;
	/** What its source stands for: this repository, another one, or nobody knows. */
	readonly source: 'here' | 'elsewhere' | 'unknown';
	readonly directory: FilePath;
	/** Nothing where its source is elsewhere. */
	readonly built: FluxBuild | undefined;
}

export interface FluxCluster {
	/** The seed's id: the directory that the cluster syncs. */
	readonly id: string;
	readonly seed: Seed;
	/** In the order in which they are found. */
	readonly nodes: readonly FluxNode[];
	/** Everything that is applied, each object with the key of its Kustomization. */
	readonly applied: readonly { readonly resource: Resource; readonly by: string }[];
	/** Whether these are all objects that Git brings to the cluster. */
	readonly coverage: Coverage;
	readonly index: ResourceIndex;
}

/** The clusters of all open folders, sorted by id. */
export function fluxClusters(db: Database): readonly FluxCluster[] {
	return db.get(clustersQuery, '');
}

/** Where the clusters begin that no other seed leads to. */
export function foundClusters(db: Database): readonly Seed[] {
	return db.get(foundQuery, '');
}

/** The cluster that a seed begins. */
export function fluxCluster(db: Database, id: string): FluxCluster | undefined {
	return db.get(clusterQuery, id) ?? db.get(foundClusterQuery, id);
}

const clustersQuery = query<readonly FluxCluster[]>('fluxClusters', db => {
	const begun = [...new Set(db.get(seedsQuery, '').map(({ id }) => id))].flatMap(id => db.get(clusterQuery, id) ?? []);
	const found = db.get(foundQuery, '').flatMap(({ id }) => db.get(foundClusterQuery, id) ?? []);
	return [...begun, ...found].sort((a, b) => (a.id < b.id ? -1 : 1));
});

/** What a cluster builds, without what comes out of that: what the shape of the tree is told from. */
export interface FluxOutline {
	readonly id: string;
	/** Whether a seed begins it; else nothing leads to its Kustomizations. */
	readonly begun: boolean;
	/** The Kustomizations that are built from here. */
	readonly builds: readonly {
		readonly key: string;
		readonly directory: FilePath;
		/** The directories that the build reads. */
		readonly directories: ReadonlySet<FilePath>;
	}[];
}

/** The outlines of all clusters, sorted by id. Hardly any edit changes them, while clusters are others after each. */
export function fluxOutlines(db: Database): readonly FluxOutline[] {
	return db.get(outlinesQuery, '');
}

const outlinesQuery = query<readonly FluxOutline[]>(
	'fluxOutlines',
	db =>
		fluxClusters(db).map(({ id, seed, nodes }) => ({
			id,
			begun: seed.kind !== 'found',
			builds: nodes.flatMap(({ key, directory, built }) =>
				built?.build ? [{ key, directory, directories: built.build.directories }] : [],
			),
		})),
	(a, b) => a.length === b.length && a.every((each, i) => sameOutline(each, b[i]!)),
);

function sameOutline(a: FluxOutline, b: FluxOutline): boolean {
	return (
		a.id === b.id &&
		a.begun === b.begun &&
		a.builds.length === b.builds.length &&
		a.builds.every(({ key, directory, directories }, i) => {
			const other = b.builds[i]!;
			return key === other.key && directory === other.directory && sameSet(directories, other.directories);
		})
	);
}

function sameSet(a: ReadonlySet<FilePath>, b: ReadonlySet<FilePath>): boolean {
	return a === b || (a.size === b.size && [...a].every(each => b.has(each)));
}

const clusterQuery = longQuery<FluxCluster | undefined>('fluxCluster', function* (db, id) {
	const seeds = db.get(seedsQuery, '').filter(seed => seed.id === id);
	const seed = seeds.find(({ kind }) => kind === 'flux-instance') ?? seeds[0];
	return seed && (yield* followSeed(db, seed));
});

/** Where Kustomizations begin that no seed leads to. */
const foundQuery = query<readonly Seed[]>(
	'fluxFoundSeeds',
	db => foundSeeds(db, db.get(reachedFiles, '')),
	(a, b) => a.length === b.length && a.every((each, i) => sameSeed(each, b[i]!)),
);

function sameSeed(a: Seed, b: Seed): boolean {
	const all = ({ kustomization, further }: Seed) => [kustomization, ...further].map(({ node }) => node);
	const [left, right] = [all(a), all(b)];
	return a.id === b.id && left.length === right.length && left.every((node, i) => node === right[i]);
}

const reachedFiles = query<ReadonlySet<FilePath>>(
	'fluxReachedFiles',
	db => {
		const begun = db.get(seedsQuery, '').flatMap(({ id }) => db.get(clusterQuery, id)?.nodes ?? []);
		return new Set(begun.flatMap(({ resource, built }) => [resource.from.file, ...(built?.build?.files ?? [])]));
	},
	sameSet,
);

const foundClusterQuery = longQuery<FluxCluster | undefined>('fluxFoundCluster', function* (db, id) {
	const seed = db.get(foundQuery, '').find(each => each.id === id);
	return seed && (yield* followSeed(db, seed));
});

/** Variables may come from ConfigMaps that other Kustomizations bring, so the walk is repeated until nothing new turns up. */
const MAX_ROUNDS = 4;
const MAX_NODES = 2_000;

function* followSeed(db: Database, begun: Seed): Steps<FluxCluster> {
	let seed = begun;
	let cluster = yield* walk(db, seed, indexResources(seed.others, 'part'), new Map());
	for (let round = 1; round < MAX_ROUNDS; round++) {
		const before = new Map(cluster.nodes.map(node => [node.key, node]));
		const brought = broughtByItself(cluster);
		seed = brought ? { ...seed, kustomization: brought } : seed;
		const next = yield* walk(db, seed, cluster.index, before);
		const same =
			!brought &&
			next.applied.length === cluster.applied.length &&
			next.applied.every(({ resource }, i) => sameResource(resource, cluster.applied[i]!.resource));
		cluster = next;
		if (same) break;
	}
	return cluster;
}

/** The first Kustomization as it comes out of its own build, where that differs: bootstrap is customised by patches over `gotk-sync.yaml`. */
function broughtByItself({ seed, nodes }: FluxCluster): Resource | undefined {
	const { kustomization, root } = seed;
	const own = nodes.find(({ key }) => key === keyOf(kustomization))?.built?.resources ?? [];
	const brought = own.find(each => isFluxKustomization(each) && keyOf(each) === keyOf(kustomization));
	if (!brought || sameTree(brought.node, kustomization.node)) return undefined;
	return pathOfKustomization(brought, root) === pathOfKustomization(kustomization, root) ? brought : undefined;
}

/** Substitution makes new objects each time; what the next round reads of them is compared by content. */
function sameResource(a: Resource, b: Resource): boolean {
	if (a.node === b.node) return true;
	const { kind, namespace, name } = a.id;
	if (kind !== b.id.kind || name !== b.id.name || namespace !== b.id.namespace) return false;
	const read = READ_BY_OTHERS.has(kind) || isFluxKustomization(a);
	return !read || sameTree(a.node, b.node);
}

/** Objects out of which others take values. */
const READ_BY_OTHERS: ReadonlySet<string> = new Set(['ConfigMap', 'Secret', 'ResourceSetInputProvider']);

type SourceTest = (source: SourceKey, pathExists: boolean) => FluxNode['source'];

/** Where the path of a Flux Kustomization leads. */
function placeOf(db: Database, resource: Resource, seed: Seed, known: ResourceIndex, here: SourceTest) {
	const named = sourceOf(resource);
	const path = textAt(resource.node, 'spec', 'path') ?? './';
	const copied = directoryInArtifact(known, named, path, seed.root, source => here(source, false) === 'here');
	if (copied !== undefined) return { directory: copied, source: 'here' as const };
	const directory = pathOfKustomization(resource, seed.root);
	// Every repository has a root: that it exists here says nothing.
	return { directory, source: here(named, directory !== seed.root && directoryExists(db, directory)) };
}

/** One round. What `before` has built of a Kustomization is taken as it is where everything that it was built from is the same. */
function* walk(
	db: Database,
	seed: Seed,
	known: ResourceIndex,
	before: ReadonlyMap<string, FluxNode>,
): Steps<FluxCluster> {
	const here = sourceTest(seed, known);
	const nodes = new Map<string, FluxNode>();
	const applied: { resource: Resource; by: string }[] = [];
	const queue: { resource: Resource; parent: string | undefined }[] = [seed.kustomization, ...seed.further].map(
		resource => ({ resource, parent: undefined }),
	);
	for (let next = queue.shift(); next && nodes.size < MAX_NODES; next = queue.shift()) {
		yield;
		const { resource, parent } = next;
		const key = keyOf(resource);
		if (nodes.has(key)) continue;
		const { directory, source } = placeOf(db, resource, seed, known, here);
		const built =
			source === 'elsewhere'
				? undefined
				: buildFlux(
						db,
						resource,
						directory,
						{ ...seed, ignore: ignoredBy(known, resource) },
						known,
						builtBefore(before.get(key), resource, directory),
					);
		nodes.set(key, { key, resource, parent, source, directory, built });
		const remote = nodeAt(resource.node, ['spec', 'kubeConfig']) !== undefined;
		for (const each of built?.resources ?? []) {
			if (!remote) applied.push({ resource: each, by: key });
			if (!remote && isFluxKustomization(each) && !lostItsPath(db, each)) queue.push({ resource: each, parent: key });
		}
	}
	const list = [...nodes.values()];
	const coverage: Coverage = seed.kind !== 'found' && list.every(isWhole) && nodes.size < MAX_NODES ? 'whole' : 'part';
	const resources = [...applied.map(({ resource }) => resource), ...seed.others, seed.kustomization, ...seed.further];
	const index = sameItems(known.resources, resources) && known.coverage === coverage ? known : undefined;
	return { id: seed.id, seed, nodes: list, applied, coverage, index: index ?? indexResources(resources, coverage) };
}

function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
	return a.length === b.length && a.every((each, i) => each === b[i]);
}

/** What the source of a Kustomization leaves out of its artifact, besides what all leave out. */
function ignoredBy(known: ResourceIndex, resource: Resource): string {
	const { kind, namespace, name } = sourceOf(resource);
	return textAt(known.find('source.toolkit.fluxcd.io', kind, namespace, name)?.node, 'spec', 'ignore') ?? '';
}

/** Without a path all of the repository is applied; of a file that is no YAML nobody knows whether that is meant. */
function lostItsPath(db: Database, { node, from }: Resource): boolean {
	return (
		textAt(node, 'spec', 'path') === undefined && contentOf(db, from.file)[from.document]?.syntaxError !== undefined
	);
}

function builtBefore(node: FluxNode | undefined, { node: tree }: Resource, directory: FilePath): FluxBuild | undefined {
	return node?.directory === directory && sameWriting(node.resource.node, tree) ? node.built : undefined;
}

function keyOf({ id }: Resource): string {
	return `${id.namespace}/${id.name}`;
}

/** A build that failed, left something remote out or stands elsewhere may hide objects, and so may a ResourceSet. */
function isWhole({ source, built }: FluxNode): boolean {
	return (
		source === 'here' &&
		built?.build !== undefined &&
		built.coverage === 'whole' &&
		!mayHideResources(built.build.problems)
	);
}

/**
 * Which sources stand for this repository: the seed's own, and others with the same URL. One that the tree does not hold is
 * unknown; where its path exists here it is taken for this repository all the same.
 */
function sourceTest(seed: Seed, known: ResourceIndex): SourceTest {
	const own = sourceOf(seed.kustomization);
	const urlOf = ({ kind, namespace, name }: SourceKey) => {
		const object = known.find('source.toolkit.fluxcd.io', kind, namespace, name);
		return object && normalUrl(textAt(object.node, 'spec', 'url') ?? '');
	};
	const ownUrl = urlOf(own);
	return (source, pathExists) => {
		if (source.kind === own.kind && source.name === own.name && source.namespace === own.namespace) return 'here';
		const url = urlOf(source);
		if (url === undefined) return pathExists ? 'here' : 'unknown';
		// Where this repository's URL is not known, a Git source is taken for it if it has the very path that is asked for.
		if (ownUrl === undefined) return pathExists && source.kind === 'GitRepository' ? 'here' : 'elsewhere';
		return url === ownUrl ? 'here' : 'elsewhere';
	};
}

/** `ssh://git@host/a/b.git`, `https://host/a/b` and the like name one repository. */
function normalUrl(url: string): string {
	return url
		.toLowerCase()
		.replace(/^[a-z+]+:\/\//, '')
		.replace(/^[^@/]*@/, '')
		.replace(/:(?=[^0-9/])/, '/')
		.replace(/\.git$|\/+$/g, '');
}

/** The directory that a source stands for in a cluster, where it stands for this repository. */
export function sourceRootOf({ seed, index }: FluxCluster, source: SourceKey): FilePath | undefined {
	return sourceTest(seed, index)(source, false) === 'here' ? seed.root : undefined;
}

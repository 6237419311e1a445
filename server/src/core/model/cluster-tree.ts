/**
 * The cluster tree: what is built on its own, in which environments, and which are the bases that these share. Told from Flux's objects
 * and from the graph (who builds on whom), from paths only where these say nothing.
 */
import { basename, dirname, type FilePath, isWithin } from '../base/paths';
import { type Database, longQuery, query } from '../base/query';
import { inSteps, type Steps } from '../base/steps';
import { isSetAside, isTemplate, isVendored } from '../base/set-aside';
import { type FluxOutline, fluxOutlines } from '../gitops/flux/graph';
import { roots, textOf } from '../workspace/inputs';
import { covers, names, treeConfigOf } from '../workspace/tree-config';
import { discovery } from './discovery';
import { namedByLikeness } from './alike';
import { environmentNames, groupsOfEnvironments } from './environment-names';
import { type Links, linksOf } from './links';

/** Something that is built on its own: what a Flux Kustomization applies, or a kustomization that nobody builds on. */
export interface Entry {
	/** Stable: the directory's path, with the Flux Kustomization behind it where there is one. */
	readonly id: string;
	readonly directory: FilePath;
	/** Empty where the tree has one environment only, or does not tell. */
	readonly environment: string;
	/** The Flux Kustomization that applies it. */
	readonly flux: { readonly cluster: string; readonly key: string } | undefined;
	/** Not applied by anything in sight, and kept where things lie that are not meant to be: archives, examples. */
	readonly setAside: boolean;
}

/** A directory with a kustomization, or that Flux builds without one, and its part in the tree. */
export interface Kustomized {
	readonly directory: FilePath;
	/** The environments whose entries build it, sorted. */
	readonly environments: readonly string[];
	/**
	 * `base`: entries of several environments stand on it, or of one, beside others that several stand on. `overlay`: one environment's,
	 * and it stands on a base. `plain`: neither.
	 */
	readonly role: 'base' | 'overlay' | 'plain';
	/** Its file and what that names. */
	readonly links: Links;
	/** The kustomizations that it builds on. */
	readonly builds: readonly FilePath[];
	/** The directories that name it. */
	readonly users: readonly FilePath[];
}

export interface ClusterTree {
	/** Sorted by id. */
	readonly entries: readonly Entry[];
	/** Sorted; without the empty name. */
	readonly environments: readonly string[];
	readonly kustomized: ReadonlyMap<FilePath, Kustomized>;
}

/** The tree of all open folders. */
export const clusterTree = longQuery<ClusterTree>(
	'clusterTree',
	function* (db) {
		const graph = db.get(graphQuery, '');
		const reaching = db.get(reachingQuery, '');
		const environmentsOver = new Map<FilePath, Set<string>>(graph.directories.map(directory => [directory, new Set()]));
		for (const { reaches, environment } of reaching) {
			if (environment !== '') for (const directory of reaches) environmentsOver.get(directory)?.add(environment);
		}
		const kustomized = new Map<FilePath, Kustomized>();
		for (const directory of graph.directories) {
			kustomized.set(directory, {
				directory,
				environments: [...environmentsOver.get(directory)!].sort(),
				role: 'plain',
				links: graph.links.get(directory)!,
				builds: graph.builds.get(directory)!,
				users: graph.users.get(directory)!,
			});
			yield;
		}
		const entries = reaching.map(({ reaches: _, ...entry }) => entry).sort((a, b) => (a.id < b.id ? -1 : 1));
		const bases = yield* basesIn(db, entries, [...kustomized.values()]);
		for (const [directory, one] of kustomized) kustomized.set(directory, { ...one, role: roleOf(one, bases) });
		return {
			entries,
			environments: [...new Set(reaching.map(({ environment }) => environment))].filter(Boolean).sort(),
			kustomized,
		};
	},
	sameClusterTree,
);

/** The entries with what they build and their environments. The parts of the tree are queries, so that nobody has to wait for all of them in one go. */
const reachingQuery = longQuery<readonly Reaching[]>('reachingEntries', function* (db) {
	const { unnamed, ofCluster, told } = db.get(namesQuery, '');
	const nameOf = configuredNames(db, namesOf(ofCluster, told, db.get(likenessQuery, '')));
	return yield* inSteps(unnamed, entry => ({ ...entry, environment: nameOf(entry) }));
});

/** The entries whose environments are not known yet. */
const unnamedQuery = longQuery<readonly Reaching[]>('unnamedEntries', function* (db) {
	const clusters = fluxOutlines(db);
	const graph = db.get(graphQuery, '');
	const flux = clusters.flatMap(cluster => fluxEntries(cluster));
	const applied = new Set(flux.flatMap(({ reaches }) => [...reaches]));
	const isTop = (directory: FilePath) => {
		const { kind, file } = graph.links.get(directory)!;
		if (kind === 'Component' || (file !== undefined && isTemplateFile(db, file))) return false;
		const said = treeConfigOf(db, directory)?.entryPoints;
		return said ? names(said, directory) : graph.users.get(directory)!.length === 0 && !applied.has(directory);
	};
	const tops = (yield* inSteps(graph.directories, directory =>
		isTop(directory) ? [topEntry(db, graph, directory, clusters.length > 0)] : [],
	)).flat();
	const circles = closedCircles(graph, new Set([...applied, ...tops.flatMap(({ reaches }) => [...reaches])]));
	return [...flux, ...tops, ...circles.map(directory => topEntry(db, graph, directory, clusters.length > 0))];
});

/** What the graph tells of their environments. */
const namesQuery = longQuery('environmentsTold', db =>
	namesTold(db.get(graphQuery, ''), db.get(unnamedQuery, ''), fluxOutlines(db)),
);

/** What their contents tell of the environments of those that the graph leaves open. */
const likenessQuery = longQuery('environmentsAlike', function* (db) {
	const { directories, told } = db.get(namesQuery, '');
	return yield* namedByLikeness(db, directories, told);
});

/** Whether a kustomization is a template: of its text nothing else matters to the tree. */
export function isTemplateFile(db: Database, file: FilePath): boolean {
	return db.get(templates, file);
}

const templates = query<boolean>('isTemplate', (db, file) => isTemplate(textOf(db, file) ?? ''));

/** Most edits leave the tree as it is; those who read it need not run again then. */
function sameClusterTree(a: ClusterTree, b: ClusterTree): boolean {
	return (
		JSON.stringify([a.entries, a.environments]) === JSON.stringify([b.entries, b.environments]) &&
		a.kustomized.size === b.kustomized.size &&
		[...a.kustomized].every(([directory, one]) => {
			const other = b.kustomized.get(directory);
			return other !== undefined && sameKustomized(one, other);
		})
	);
}

/** Whether two directories play the same part, seen with the same eyes. */
export function sameKustomized(a: Kustomized, b: Kustomized): boolean {
	const same = (left: readonly string[], right: readonly string[]) =>
		left.length === right.length && left.every((each, i) => each === right[i]);
	return (
		a.directory === b.directory &&
		a.role === b.role &&
		a.links === b.links &&
		same(a.environments, b.environments) &&
		same(a.builds, b.builds) &&
		same(a.users, b.users)
	);
}

interface Graph {
	/** Sorted. */
	readonly directories: readonly FilePath[];
	readonly links: ReadonlyMap<FilePath, Links>;
	readonly builds: ReadonlyMap<FilePath, readonly FilePath[]>;
	readonly users: ReadonlyMap<FilePath, readonly FilePath[]>;
}

/** Every kustomization, and the directories that Flux builds without one. */
const graphQuery = longQuery<Graph>('kustomizationGraph', function* (db) {
	const clusters = fluxOutlines(db);
	const found = db.read(roots, '').flatMap(root => db.get(discovery, root).kustomizations);
	const generated = clusters.flatMap(({ builds }) => builds.map(({ directory }) => directory));
	const directories = [...new Set([...found, ...generated])].sort();
	const links = new Map(yield* inSteps(directories, directory => [directory, linksOf(db, directory)]));
	const targets = ({ links: list }: Links) =>
		new Set(list.filter(link => link.kind === 'directory').map(link => link.target));
	const builds = new Map(
		yield* inSteps(links, ([directory, of]) => [directory, [...targets(of)].filter(to => links.has(to))]),
	);
	const users = new Map<FilePath, FilePath[]>(directories.map(directory => [directory, []]));
	for (const [from, list] of builds) for (const to of list) users.get(to)!.push(from);
	return { directories, links, builds, users };
});

/** An entry whose environment is not known yet, with the directories that it builds. */
interface Reaching extends Entry {
	readonly reaches: ReadonlySet<FilePath>;
}

function fluxEntries(cluster: FluxOutline): Reaching[] {
	return cluster.builds.map(({ key, directory, directories }) => ({
		id: `${directory}#${cluster.id}#${key}`,
		directory,
		environment: '',
		flux: { cluster: cluster.id, key },
		setAside: false,
		reaches: new Set([directory, ...directories]),
	}));
}

/** Kustomizations that build on each other and that nothing else builds: one of each circle, or nobody would say what is wrong with it. */
function closedCircles(graph: Graph, reached: ReadonlySet<FilePath>): FilePath[] {
	const seen = new Set(reached);
	return graph.directories.filter(directory => {
		if (seen.has(directory)) return false;
		const below = reachedFrom(graph, graph.builds.get(directory)!);
		if (!below.has(directory)) return false;
		for (const each of below) seen.add(each);
		return true;
	});
}

function reachedFrom(graph: Graph, directories: readonly FilePath[]): ReadonlySet<FilePath> {
	const reaches = new Set(directories);
	for (const each of reaches) for (const to of graph.builds.get(each) ?? []) reaches.add(to);
	return reaches;
}

/** Where Flux applies other things, a kustomization in a place for such is not one that somebody forgot; nor are other people's. */
function topEntry(db: Database, graph: Graph, directory: FilePath, hasFlux: boolean): Reaching {
	const reaches = reachedFrom(graph, [directory]);
	const setAside = isVendored(db.read(roots, ''), directory) || (hasFlux && isSetAside(db.read(roots, ''), directory));
	return { id: directory, directory, environment: '', flux: undefined, setAside, reaches };
}

/** What `strata.yaml` says of environments wins: by what is applied, else by the cluster that applies it. */
function configuredNames(db: Database, found: (entry: Reaching) => string): (entry: Reaching) => string {
	return entry => {
		const environments = treeConfigOf(db, entry.directory)?.environments ?? [];
		if (environments.length === 0) return found(entry);
		const named = (path: FilePath | undefined) =>
			path === undefined ? undefined : environments.find(({ paths }) => covers(paths, path))?.name;
		return named(entry.directory) ?? named(entry.flux?.cluster) ?? '';
	};
}

/** What is known of the environments of entries without looking into them. */
interface NamesTold {
	readonly unnamed: readonly Reaching[];
	/** By the clusters' ids. */
	readonly ofCluster: ReadonlyMap<FilePath, string>;
	/** Of what no cluster's name tells. */
	readonly directories: readonly FilePath[];
	readonly told: ReadonlyMap<FilePath, string>;
}

/** Several clusters are the environments; within one, what tells apart the entries over one base. */
function* namesTold(graph: Graph, unnamed: readonly Reaching[], clusters: readonly FluxOutline[]): Steps<NamesTold> {
	// Those that nothing leads to are clusters of their own only where there are no others.
	const begun = clusters.filter(({ begun }) => begun);
	const ids = (begun.length > 0 ? begun : clusters).map(({ id }) => id);
	const ofCluster =
		ids.length > 1 ? yield* environmentNames(ids, [{ base: '/', roots: ids }]) : new Map<string, string>();
	const rest = unnamed.filter(({ flux, setAside }) => !setAside && !(flux && ofCluster.get(flux.cluster)));
	const ofClusters = new Set(
		unnamed.flatMap(({ flux, reaches }) => (flux && ofCluster.get(flux.cluster) ? [...reaches] : [])),
	);
	const over = new Map<FilePath, Set<FilePath>>();
	for (const { directory, reaches } of rest) {
		for (const reached of reaches) {
			// What applications mix in says nothing of environments, nor do others who use what several clusters apply.
			if (graph.links.get(reached)?.kind === 'Component' || ofClusters.has(reached)) continue;
			over.set(reached, (over.get(reached) ?? new Set()).add(directory));
		}
		yield;
	}
	const groups = [...over]
		.map(([base, group]) => ({ base, roots: [...group] }))
		.filter(({ roots }) => roots.length > 1);
	const telling = clusters.length > 0 ? yield* groupsOfEnvironments(groups) : groups;
	const directories = [...new Set(rest.map(({ directory }) => directory))];
	return { unnamed, ofCluster, directories, told: yield* environmentNames(directories, telling) };
}

function namesOf(
	ofCluster: ReadonlyMap<FilePath, string>,
	told: ReadonlyMap<FilePath, string>,
	alike: ReadonlyMap<FilePath, string>,
): (entry: Reaching) => string {
	return ({ flux, directory, setAside }) =>
		(flux && ofCluster.get(flux.cluster)) ||
		told.get(directory) ||
		alike.get(directory) ||
		(setAside ? '' : clusterNamedIn(directory, ofCluster));
}

/** What a cluster whose own build fails would have brought still belongs to it, as its path says. */
function clusterNamedIn(directory: FilePath, ofCluster: ReadonlyMap<FilePath, string>): string {
	const told = [...ofCluster].filter(([, name]) => name !== '');
	const around =
		told.find(([id]) => isWithin(id, directory)) ?? told.find(([, name]) => `${directory}/`.includes(`/${name}/`));
	return around?.[1] ?? '';
}

function* basesIn(db: Database, entries: readonly Entry[], all: readonly Kustomized[]): Steps<ReadonlySet<FilePath>> {
	const isSaid = ({ directory }: Kustomized) => {
		const said = treeConfigOf(db, directory)?.bases;
		return said !== undefined && covers(said, directory);
	};
	const told = yield* inSteps(all, one => (one.environments.length > 1 || isSaid(one) ? [one] : []));
	const bases = told.flat();
	const groups = new Set(bases.filter(hasKustomization).map(({ directory }) => groupOf(directory)));
	const applied = entries.map(({ directory }) => directory);
	// One that only one environment uses so far: it lies among bases, and in no place of that environment's.
	const isAmongBases = (one: Kustomized) =>
		hasKustomization(one) &&
		one.environments.length === 1 &&
		one.users.length > 0 &&
		groups.has(groupOf(one.directory)) &&
		!`${one.directory}/`.includes(`/${one.environments[0]!}/`) &&
		!applied.some(entry => isWithin(entry, one.directory));
	const among = yield* inSteps(all, one => (isAmongBases(one) ? [one] : []));
	return new Set([...bases, ...among.flat()].map(({ directory }) => directory));
}

function hasKustomization({ links }: Kustomized): boolean {
	return links.kind === 'Kustomization' && links.file !== undefined;
}

/** Where a component stands beside others: of a directory called `base`, its parent does. */
export function groupOf(directory: FilePath): FilePath {
	return basename(directory) === 'base' ? dirname(dirname(directory)) : dirname(directory);
}

function roleOf({ directory, environments, builds }: Kustomized, bases: ReadonlySet<FilePath>): Kustomized['role'] {
	if (bases.has(directory)) return 'base';
	return environments.length === 1 && builds.some(to => bases.has(to)) ? 'overlay' : 'plain';
}

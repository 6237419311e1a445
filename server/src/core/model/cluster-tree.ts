/**
 * The cluster tree: which kustomizations are built on their own, in which environments, and which are the bases that these share.
 * Told from the graph first (who builds on whom, what Flux names), from paths only where the graph says nothing.
 */
import type { FilePath } from '../base/paths';
import { query } from '../base/query';
import { roots } from '../workspace/inputs';
import { discovery } from './discovery';
import { environmentNames } from './environment-names';
import { type Links, linksOf } from './links';

/** A kustomization that is built on its own. */
export interface Entry {
	/** Stable name for it: the directory's path. */
	readonly id: string;
	readonly directory: FilePath;
	/** Empty where the tree has one environment only, or does not tell. */
	readonly environment: string;
}

/** A directory with a kustomization, and its part in the tree. */
export interface Kustomized {
	readonly directory: FilePath;
	/** The environments whose entries build it, sorted. */
	readonly environments: readonly string[];
	/**
	 * `base`: entries of several environments stand on it. `overlay`: one environment's, and it stands on something
	 * that is not its own. `plain`: neither.
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
export const clusterTree = query<ClusterTree>('clusterTree', db => {
	const directories = db.read(roots, '').flatMap(root => db.get(discovery, root).kustomizations);
	const links = new Map(directories.map(directory => [directory, linksOf(db, directory)]));
	const targets = new Map(
		[...links].map(([directory, list]) => [directory, directoriesOf(list).filter(to => links.has(to))]),
	);
	const users = new Map<FilePath, FilePath[]>(directories.map(directory => [directory, []]));
	for (const [from, list] of targets) for (const to of list) users.get(to)!.push(from);

	const tops = directories.filter(
		directory => users.get(directory)!.length === 0 && links.get(directory)!.kind !== 'Component',
	);
	const topsOver = new Map<FilePath, FilePath[]>(directories.map(directory => [directory, []]));
	for (const top of tops) for (const reached of reachable(top, targets)) topsOver.get(reached)!.push(top);
	const names = environmentNames(
		tops,
		[...topsOver.values()].filter(group => group.length > 1),
	);

	const kustomized = new Map<FilePath, Kustomized>();
	for (const directory of directories) {
		const environments = [...new Set(topsOver.get(directory)!.map(top => names.get(top)!))].filter(Boolean).sort();
		kustomized.set(directory, {
			directory,
			environments,
			role: 'plain',
			links: links.get(directory)!,
			builds: targets.get(directory)!,
			users: users.get(directory)!,
		});
	}
	for (const [directory, one] of kustomized) kustomized.set(directory, { ...one, role: roleOf(one, kustomized) });
	const entries = tops.map(directory => ({ id: directory, directory, environment: names.get(directory)! }));
	return { entries, environments: [...new Set(names.values())].filter(Boolean).sort(), kustomized };
});

/** The directories that a kustomization builds on: resources, bases and components. */
function directoriesOf({ links }: Links): FilePath[] {
	return [...new Set(links.filter(link => link.kind === 'directory').map(link => link.target))];
}

/** The directory and everything below it in the graph. Walks with a memory, so circles end. */
function reachable(from: FilePath, targets: ReadonlyMap<FilePath, readonly FilePath[]>): ReadonlySet<FilePath> {
	const seen = new Set([from]);
	for (const directory of seen) for (const to of targets.get(directory) ?? []) seen.add(to);
	return seen;
}

function roleOf(one: Kustomized, all: ReadonlyMap<FilePath, Kustomized>): Kustomized['role'] {
	if (one.environments.length > 1) return 'base';
	const shared = one.builds.some(to => all.get(to)!.environments.length > 1);
	return one.environments.length === 1 && shared ? 'overlay' : 'plain';
}

/** How Strata understood the tree: its environments, what is built on its own, and which environment has which component. */
import type { FilePath } from '../base/paths';
import type { Database } from '../base/query';
import { clusterTree, type Kustomized } from '../model/cluster-tree';
import { components } from '../model/documentation';
import { buildOf } from '../model/entries';
import { shortPath } from './labels';

export interface Outline {
	readonly environments: readonly string[];
	readonly entryPoints: readonly OutlineEntry[];
	/** Bases that several environments share, sorted by directory. */
	readonly components: readonly OutlineComponent[];
}

export interface OutlineEntry {
	/** Below its root. */
	readonly path: string;
	readonly directory: FilePath;
	readonly environment: string;
	/** `NAMESPACE/NAME` of the Flux Kustomization that applies it; empty where none does. */
	readonly flux: string;
	readonly resources: number;
	/** Whether the build fails. */
	readonly failed: boolean;
	/** Not applied by anything in sight, and kept where things lie that are not meant to be. */
	readonly setAside: boolean;
}

export interface OutlineComponent {
	readonly name: string;
	readonly path: string;
	readonly directory: FilePath;
	/** Those that build on it. */
	readonly environments: readonly string[];
	/** The overlays of each environment that has one, by environment. */
	readonly overlays: Readonly<Record<string, readonly string[]>>;
	/** Environments of its tree that lack it. */
	readonly missing: readonly string[];
	readonly documented: boolean;
}

/** The outline of all open folders. */
export function outline(db: Database): Outline {
	const { entries, environments, kustomized } = db.get(clusterTree, '');
	return {
		environments,
		entryPoints: entries.map(entry => {
			const { resources, failed } = buildOf(db, entry);
			return {
				path: shortPath(db, entry.directory),
				directory: entry.directory,
				environment: entry.environment,
				flux: entry.flux?.key ?? '',
				resources: resources.length,
				failed,
				setAside: entry.setAside,
			};
		}),
		components: components(db).map(({ base, name, readme, environments: possible }) => ({
			name,
			path: shortPath(db, base.directory),
			directory: base.directory,
			environments: base.environments,
			overlays: Object.fromEntries(
				[...overlaysByEnvironment(base, kustomized)].map(([environment, overlays]) => [
					environment,
					overlays.map(({ directory }) => shortPath(db, directory)),
				]),
			),
			missing: possible.filter(environment => !base.environments.includes(environment)),
			documented: readme !== undefined,
		})),
	};
}

/** What builds on the base for one environment only, by environment. */
export function overlaysByEnvironment(
	base: Kustomized,
	all: ReadonlyMap<FilePath, Kustomized>,
): ReadonlyMap<string, readonly Kustomized[]> {
	const overlays = new Map<string, Kustomized[]>();
	for (const user of base.users.map(directory => all.get(directory)!)) {
		const [environment] = user.environments;
		if (user.environments.length !== 1 || environment === undefined) continue;
		overlays.set(environment, [...(overlays.get(environment) ?? []), user]);
	}
	return overlays;
}

/** What the side bar shows: components by environments and entry points, each with how much is found in it. */
import { type FilePath, isWithin } from './base/paths';
import type { Database } from './base/query';
import { diagnostics } from './diagnostics';
import { shortPath } from './ide/labels';
import { overlaysByEnvironment } from './ide/outline';
import type { Diagnostic } from './ide/results';
import { clusterTree, type Entry, type Kustomized } from './model/cluster-tree';
import { type Component, components } from './model/documentation';
import { buildOf } from './model/entries';
import { checkedFiles } from './rules/collect';

export interface Overview {
	readonly environments: readonly string[];
	/** Components that stand in one directory, sorted by it. */
	readonly groups: readonly { readonly path: string; readonly components: readonly OverviewComponent[] }[];
	/** Sorted by environment and path. */
	readonly entryPoints: readonly OverviewEntry[];
}

/** How many findings are shown, by severity; `notes` are information and hints. */
export interface Counts {
	readonly errors: number;
	readonly warnings: number;
	readonly notes: number;
}

export interface OverviewComponent {
	readonly name: string;
	/** The base's kustomization file. */
	readonly file: FilePath | undefined;
	readonly documented: boolean;
	/** Of the base and all its overlays. */
	readonly counts: Counts;
	/** One for each environment that could have it. */
	readonly environments: readonly ComponentInEnvironment[];
}

/** `as-is`: the environment builds on the component, and has no overlay of its own for it. */
export interface ComponentInEnvironment {
	readonly environment: string;
	readonly state: 'overlay' | 'as-is' | 'missing';
	readonly overlays: readonly { readonly path: string; readonly file: FilePath | undefined; readonly counts: Counts }[];
}

export interface OverviewEntry {
	readonly path: string;
	readonly file: FilePath | undefined;
	readonly environment: string;
	/** `NAMESPACE/NAME` of the Flux Kustomization that applies it; empty where none does. */
	readonly flux: string;
	readonly resources: number;
	readonly failed: boolean;
	readonly setAside: boolean;
	/** Of all files that it is built from, as far as they hold in its environment. */
	readonly counts: Counts;
}

/** The overview of all open folders. Asks for the diagnostics of every file. */
export function overview(db: Database): Overview {
	const { entries, environments, kustomized } = db.get(clusterTree, '');
	const found = new Map(checkedFiles(db).map(file => [file, diagnostics(db, file)]));
	const groups = new Map<string, OverviewComponent[]>();
	for (const component of components(db)) {
		const group = shortPath(db, component.group);
		const shown = componentOf(db, component, kustomized, found);
		groups.set(group, [...(groups.get(group) ?? []), shown]);
	}
	return {
		environments,
		groups: [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, list]) => ({ path, components: list })),
		entryPoints: entries
			.map(entry => entryOf(db, entry, kustomized, found))
			.sort((a, b) => (a.environment + ' ' + a.path < b.environment + ' ' + b.path ? -1 : 1)),
	};
}

type Found = ReadonlyMap<FilePath, readonly Diagnostic[]>;

function componentOf(
	db: Database,
	{ base, name, readme, environments }: Component,
	kustomized: ReadonlyMap<FilePath, Kustomized>,
	found: Found,
): OverviewComponent {
	const overlays = overlaysByEnvironment(base, kustomized);
	const directories = [base, ...[...overlays.values()].flat()].map(({ directory }) => directory);
	return {
		name,
		file: base.links.file,
		documented: readme !== undefined,
		counts: countBelow(found, directories),
		environments: environments.map(environment => {
			const own = overlays.get(environment) ?? [];
			return {
				environment,
				state: !base.environments.includes(environment) ? 'missing' : own.length > 0 ? 'overlay' : 'as-is',
				overlays: own.map(({ directory, links }) => ({
					path: shortPath(db, directory),
					file: links.file,
					counts: countBelow(found, [directory]),
				})),
			};
		}),
	};
}

function entryOf(
	db: Database,
	entry: Entry,
	kustomized: ReadonlyMap<FilePath, Kustomized>,
	found: Found,
): OverviewEntry {
	const { directory, environment, flux, setAside } = entry;
	const { resources, failed, files } = buildOf(db, entry);
	const holds = ({ environments }: Diagnostic) => environments.length === 0 || environments.includes(environment);
	return {
		path: shortPath(db, directory),
		file: kustomized.get(directory)?.links.file,
		environment,
		flux: flux?.key ?? '',
		resources: resources.length,
		failed,
		setAside,
		counts: count([...files].flatMap(file => found.get(file) ?? []).filter(holds)),
	};
}

function countBelow(found: Found, directories: readonly FilePath[]): Counts {
	const below = [...found].filter(([file]) => directories.some(directory => isWithin(directory, file)));
	return count(below.flatMap(([, list]) => list));
}

function count(list: readonly Diagnostic[]): Counts {
	const errors = list.filter(({ severity }) => severity === 'error').length;
	const warnings = list.filter(({ severity }) => severity === 'warning').length;
	return { errors, warnings, notes: list.length - errors - warnings };
}

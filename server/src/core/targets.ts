/**
 * What is delivered on its own, and whether that will fail: each entry point, and each Flux Kustomization whose path leads nowhere. A
 * base with a fault is one finding; here stands each target that it breaks.
 */
import type { Problem } from './base/problem';
import type { Database } from './base/query';
import { problemsByKustomization } from './gitops/flux/checks';
import { fluxClusters } from './gitops/flux/graph';
import { shortPath } from './ide/labels';
import { clusterTree } from './model/cluster-tree';
import { buildOf } from './model/entries';

export interface Target {
	/** The directory that is built, below its root. */
	readonly path: string;
	/** Empty where the tree has one environment only, or does not tell. */
	readonly environment: string;
	/** `NAMESPACE/NAME` of the Flux Kustomization that applies it; empty where none does. */
	readonly kustomization: string;
	/** The codes of what makes the tool or the controller fail, sorted; none where nothing does. */
	readonly failures: readonly string[];
	/** What of it goes wrong by these, sorted. */
	readonly fails: readonly Stage[];
}

/** All targets of the open folders: entry points, sorted by path, then what leads nowhere. Those set aside are left out. */
export function targets(db: Database): readonly Target[] {
	const { entries } = db.get(clusterTree, '');
	const built = entries.filter(({ setAside }) => !setAside);
	const applied = new Set(built.map(({ flux }) => (flux ? `${flux.cluster} ${flux.key}` : '')));
	const lost = fluxClusters(db).flatMap(({ id, nodes }) => {
		const own = new Set(entries.flatMap(({ flux, environment }) => (flux?.cluster === id ? [environment] : [])));
		return nodes
			.filter(({ key, source }) => source === 'here' && !applied.has(`${id} ${key}`))
			.map((node): Target => {
				// A cluster that holds several environments belongs to none.
				const environment = own.size === 1 ? [...own][0]! : '';
				const failing = failingOf(problemsByKustomization(db, id).get(node.key) ?? []);
				return { path: shortPath(db, node.directory), environment, kustomization: node.key, ...failing };
			})
			.filter(({ failures }) => failures.length > 0);
	});
	return [
		...built.map((entry): Target => {
			const { directory, environment, flux } = entry;
			const ofFlux = flux ? (problemsByKustomization(db, flux.cluster).get(flux.key) ?? []) : [];
			const failing = failingOf([...buildOf(db, entry).problems, ...ofFlux]);
			return { path: shortPath(db, directory), environment, kustomization: flux?.key ?? '', ...failing };
		}),
		...lost,
	];
}

function failingOf(problems: readonly Problem[]): Pick<Target, 'failures' | 'fails'> {
	const failures = [...new Set(problems.filter(({ fatal }) => fatal).map(({ code }) => code))].sort();
	return { failures, fails: [...new Set(failures.map(stageOf))].sort() };
}

/** On the way of a target into its cluster, what goes wrong with it. */
export type Stage = 'path' | 'source' | 'build' | 'decryption' | 'substitution' | 'dependencies' | 'health checks';

const STAGES: readonly (readonly [RegExp, Stage])[] = [
	[/^flux\/path-/, 'path'],
	[/^flux\/source-/, 'source'],
	[/^flux\/dependency-/, 'dependencies'],
	[/^flux\/health-check-/, 'health checks'],
	[/^flux\/(substitut|variable-)/, 'substitution'],
	[/^(sops|sealed-secret)\//, 'decryption'],
];

function stageOf(code: string): Stage {
	return STAGES.find(([codes]) => codes.test(code))?.[1] ?? 'build';
}

/**
 * What is delivered on its own, and whether that will fail: each entry point, and each Flux Kustomization whose path leads nowhere. A
 * base with a fault is one finding; here stands each target that it breaks.
 */
import type { Problem } from './base/problem';
import type { Database } from './base/query';
import { fluxProblems } from './gitops/flux/checks';
import { type FluxNode, fluxCluster, fluxClusters } from './gitops/flux/graph';
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
				const failures = codesOf(problemsOf(db, id, node));
				return { path: shortPath(db, node.directory), environment, kustomization: node.key, failures };
			})
			.filter(({ failures }) => failures.length > 0);
	});
	return [
		...built.map((entry): Target => {
			const { directory, environment, flux } = entry;
			const node = flux && fluxCluster(db, flux.cluster)?.nodes.find(({ key }) => key === flux.key);
			const failures = codesOf([...buildOf(db, entry).problems, ...(node ? problemsOf(db, flux.cluster, node) : [])]);
			return { path: shortPath(db, directory), environment, kustomization: flux?.key ?? '', failures };
		}),
		...lost,
	];
}

/** What is said of a Flux Kustomization where it is written. */
function problemsOf(db: Database, id: string, { resource: { from } }: FluxNode): readonly Problem[] {
	const cluster = fluxCluster(db, id);
	if (!cluster) return [];
	return fluxProblems(db, cluster).filter(({ at }) => at.file === from.file && at.document === from.document);
}

function codesOf(problems: readonly Problem[]): readonly string[] {
	return [...new Set(problems.filter(({ fatal }) => fatal).map(({ code }) => code))].sort();
}

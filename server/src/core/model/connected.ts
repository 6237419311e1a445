/** Which directories belong to one tree: they build on each other, or one cluster of Flux applies them. A repository may hold several. */
import type { FilePath } from '../base/paths';
import { type Database, longQuery } from '../base/query';
import { inSteps } from '../base/steps';
import { clusterTree } from './cluster-tree';

/** The environments of the tree that a directory belongs to, sorted; others of the repository have nothing to do with it. */
export function environmentsAround(db: Database, directory: FilePath): readonly string[] {
	return db.get(environmentsQuery, '').get(directory) ?? [];
}

const environmentsQuery = longQuery<ReadonlyMap<FilePath, readonly string[]>>('environmentsAround', function* (db) {
	const { entries, kustomized } = db.get(clusterTree, '');
	const above = new Map<string, string>();
	const top = (of: string): string => {
		let at = of;
		for (let next = above.get(at); next !== undefined; next = above.get(at)) at = next;
		if (at !== of) above.set(of, at);
		return at;
	};
	const join = (a: string, b: string) => {
		const [left, right] = [top(a), top(b)];
		if (left !== right) above.set(left, right);
	};
	for (const { directory, builds } of kustomized.values()) {
		for (const to of builds) join(directory, to);
		yield;
	}
	for (const { directory, flux } of entries) if (flux) join(directory, `cluster ${flux.cluster}`);
	const names = new Map<string, Set<string>>();
	for (const { directory, environment } of entries) {
		if (environment !== '') names.set(top(directory), (names.get(top(directory)) ?? new Set()).add(environment));
	}
	return new Map(
		yield* inSteps(kustomized.keys(), directory => [directory, [...(names.get(top(directory)) ?? [])].sort()]),
	);
});

/**
 * What environments are called, told from the graph: the roots that stand on one base differ in a part of their paths, and
 * that part is the environment (`clusters/production/apps` and `clusters/staging/apps`; `shop/prod/eu1` and `shop/prod/us1`).
 */
import { type FilePath, isWithin } from '../base/paths';

/**
 * The environment of each root. `groups` are sets of roots that stand on one base; a root may be in many. Where groups
 * disagree, the name that most of them give wins. Roots that no group tells apart take a name found in their path, else none.
 */
export function environmentNames(
	roots: readonly FilePath[],
	groups: readonly (readonly FilePath[])[],
): ReadonlyMap<FilePath, string> {
	const candidates = new Map<FilePath, Set<string>>();
	const votes = new Map<string, number>();
	for (const group of groups) {
		for (const [root, name] of differences(group)) {
			candidates.set(root, (candidates.get(root) ?? new Set()).add(name));
			votes.set(name, (votes.get(name) ?? 0) + 1);
		}
	}
	const better = (a: string, b: string) => votes.get(b)! - votes.get(a)! || a.length - b.length || (a < b ? -1 : 1);
	const names = new Map<FilePath, string>();
	for (const root of roots) {
		const own = [...(candidates.get(root) ?? [])].sort(better)[0];
		if (own !== undefined) names.set(root, own);
	}
	const known = [...new Set(names.values())].sort(better);
	for (const root of roots) {
		if (!names.has(root)) names.set(root, known.find(name => `${root}/`.includes(`/${name}/`)) ?? '');
	}
	return names;
}

/**
 * Of what one Flux cluster applies, several roots over one base may be environments in it, or applications that share a base. They are
 * environments where the base stands among them, or where their names come back over other bases.
 */
export function groupsOfEnvironments<G extends { readonly base: FilePath; readonly roots: readonly FilePath[] }>(
	groups: readonly G[],
): readonly G[] {
	// A root that holds the base, or is it, is no overlay of it; nor is one that holds others.
	const isOverlay = ({ base, roots }: G, root: FilePath) =>
		!isWithin(root, base) && !roots.some(other => other !== root && isWithin(root, other));
	const told = groups
		.map(group => ({ group, overlays: group.roots.filter(root => isOverlay(group, root)) }))
		.filter(({ overlays }) => overlays.length > 1)
		.map(each => ({ ...each, differing: differences(each.overlays) }));
	const times = new Map<string, number>();
	for (const { differing } of told) {
		for (const name of new Set(differing.map(([, each]) => each))) times.set(name, (times.get(name) ?? 0) + 1);
	}
	const among = told.filter(({ group, overlays }) => isWithin(commonParent(overlays), group.base));
	const recurring = told.filter(
		({ differing }) => differing.length > 1 && differing.every(([, name]) => times.get(name)! > 1),
	);
	return (among.length > 0 ? among : recurring).map(({ group }) => group);
}

/** The directory that holds all of them. */
function commonParent(paths: readonly FilePath[]): FilePath {
	const [first = [], ...others] = paths.map(path => path.split('/'));
	let same = 0;
	while (same < first.length - 1 && others.every(parts => parts[same] === first[same])) same++;
	return first.slice(0, same).join('/') || '/';
}

/** The part in which each path of a group differs from the others, without the common start and end. */
function differences(group: readonly FilePath[]): [FilePath, string][] {
	const paths = [...new Set(group)].map(path => ({ path, parts: path.split('/').slice(1) }));
	if (paths.length < 2) return [];
	const shortest = Math.min(...paths.map(({ parts }) => parts.length));
	const all = (test: (parts: readonly string[]) => string | undefined) => {
		const first = test(paths[0]!.parts);
		return paths.every(({ parts }) => test(parts) === first);
	};
	let start = 0;
	while (start < shortest && all(parts => parts[start])) start++;
	let end = 0;
	while (end < shortest - start && all(parts => parts.at(-1 - end))) end++;
	return paths
		.map(({ path, parts }): [FilePath, string] => [path, parts.slice(start, parts.length - end).join('/')])
		.filter(([, name]) => name !== '');
}

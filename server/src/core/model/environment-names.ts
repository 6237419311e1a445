/**
 * What environments are called, told from the graph: the roots that stand on one base differ in a part of their paths, and
 * that part is the environment (`clusters/production/apps` and `clusters/staging/apps`; `shop/prod/eu1` and `shop/prod/us1`).
 */
import { dirname, type FilePath, isWithin, join, relative } from '../base/paths';
import { inSteps, type Steps } from '../base/steps';

/** Roots that stand on one base; a root may be in many groups. */
export interface BaseGroup {
	readonly base: FilePath;
	readonly roots: readonly FilePath[];
}

/**
 * The environment of each root. Where groups disagree, the name that most of them give wins. Roots that no group tells apart take a
 * name found in their path, else none.
 */
export function* environmentNames(
	roots: readonly FilePath[],
	groups: readonly BaseGroup[],
): Steps<ReadonlyMap<FilePath, string>> {
	const told = yield* inSteps(groups, group => ({ group, telling: differences(rootsBeside(group)) }));
	const { candidates, votes } = counted(told.map(({ telling }) => telling));
	const known = [...candidates].map(([path, names]) => ({ path, within: `${path}/`, names }));
	// `eu` and `us` below `live` tell these two apart; where `test/eu` stands beside them, more has to be said.
	const isAmbiguous = (telling: Telling) =>
		telling.some(([root, name]) => votes.get(name) === 1 && standsElsewhere(root, name, known)) &&
		telling.every(([root]) => candidates.get(root)!.size > 1);
	const clear = yield* inSteps(told, each => (isAmbiguous(each.telling) ? [] : [each]));
	return yield* namesOf(roots, clear.flat());
}

/** What one group calls its roots. */
type Telling = readonly (readonly [FilePath, string])[];

function counted(all: readonly Telling[]) {
	const candidates = new Map<FilePath, Set<string>>();
	const votes = new Map<string, number>();
	for (const [root, name] of all.flat()) {
		candidates.set(root, (candidates.get(root) ?? new Set()).add(name));
		votes.set(name, (votes.get(name) ?? 0) + 1);
	}
	return { candidates, votes };
}

/** Whether a name is in the path of a root that never goes by it. */
function standsElsewhere(root: FilePath, name: string, known: readonly Known[]): boolean {
	const part = `/${name}/`;
	return known.some(({ path, within, names }) => within.includes(part) && path !== root && !names.has(name));
}

/** A root, its path as a directory's, and the names that it goes by. */
interface Known {
	readonly path: FilePath;
	readonly within: string;
	readonly names: ReadonlySet<string>;
}

function* namesOf(
	roots: readonly FilePath[],
	told: readonly { readonly group: BaseGroup; readonly telling: Telling }[],
): Steps<ReadonlyMap<FilePath, string>> {
	const { candidates, votes } = counted(told.map(({ telling }) => telling));
	const inTwoParts = new Map(told.flatMap(({ group, telling }) => (isOfTwoParts(group, telling) ? telling : [])));
	const better = (a: string, b: string) => votes.get(b)! - votes.get(a)! || a.length - b.length || (a < b ? -1 : 1);
	const names = new Map<FilePath, string>();
	for (const root of roots) {
		const own = [...(candidates.get(root) ?? [])].sort(better)[0];
		if (own === undefined) continue;
		// `eu1` stands below `dev` and below `prod`: the base of both says that these are two.
		const whole = inTwoParts.get(root);
		names.set(root, whole?.endsWith(`/${own}`) ? whole : own);
	}
	const known = [...new Set(names.values())].sort(better);
	for (const root of roots) {
		yield;
		if (!names.has(root)) names.set(root, known.find(name => `${root}/`.includes(`/${name}/`)) ?? '');
	}
	return names;
}

/**
 * Of what one Flux cluster applies, several roots over one base may be environments in it, or applications that share a base. They are
 * environments where the base stands among them, or where their names come back over other bases.
 */
export function* groupsOfEnvironments<G extends BaseGroup>(groups: readonly G[]): Steps<readonly G[]> {
	// A root that holds the base, or is it, is no overlay of it; nor is one that holds others.
	const told = (yield* inSteps(groups, group => {
		const holders = new Set(group.roots.flatMap(above));
		const beside = group.roots.filter(root => !isWithin(root, group.base) && !holders.has(root));
		const overlays = rootsBeside({ base: group.base, roots: beside });
		return overlays.length > 1 ? [{ group, overlays, differing: differences(overlays) }] : [];
	})).flat();
	const times = new Map<string, number>();
	for (const { differing } of told) {
		for (const name of new Set(differing.map(([, each]) => each))) times.set(name, (times.get(name) ?? 0) + 1);
	}
	const among = told.filter(({ group, overlays }) => isWithin(commonParent(overlays), group.base));
	yield;
	const recurring = told.filter(
		({ differing }) => differing.length > 1 && differing.every(([, name]) => times.get(name)! > 1),
	);
	return (among.length > 0 ? among : recurring).map(({ group }) => group);
}

/** The directories above one. */
function above(path: FilePath): FilePath[] {
	const found: FilePath[] = [];
	for (let at = path; at !== '/'; found.push(at)) at = dirname(at);
	return found;
}

/**
 * The roots that stand around the base: where several lie in the same directory as it does, others elsewhere only use it, and how
 * their paths differ says nothing of environments.
 */
function rootsBeside({ base, roots }: BaseGroup): readonly FilePath[] {
	let around = [...new Set(roots)];
	for (;;) {
		const parent = commonParent(around);
		const [next] = isWithin(parent, base) ? relative(parent, base).split('/') : [];
		const inside = next ? around.filter(root => isWithin(join(parent, next), root)) : [];
		if (inside.length < 2 || inside.length === around.length) return around;
		around = inside;
	}
}

/** Whether the roots are `P/<environment>/<cluster>` over a base in `P`. */
function isOfTwoParts({ base }: BaseGroup, telling: readonly (readonly [FilePath, string])[]): boolean {
	const parts = telling.map(([, name]) => name.split('/'));
	return (
		parts.every(({ length }) => length === 2) &&
		new Set(parts.map(([first]) => first)).size > 1 &&
		dirname(base) === commonParent(telling.map(([root]) => root))
	);
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
	const middles = paths.map(({ path, parts }) => ({ path, parts: parts.slice(start, parts.length - end) }));
	// What all have in the same place tells nothing either.
	const [first] = middles;
	const isAligned = middles.every(({ parts }) => parts.length === first!.parts.length);
	const tells = (at: number) => !isAligned || middles.some(({ parts }) => parts[at] !== first!.parts[at]);
	const names = middles.map(({ parts }) => parts.filter((_, at) => tells(at)).join('/'));
	return middles
		.map(({ path }, i): [FilePath, string] => [path, isAligned ? names[i]! : withoutPlace(names[i]!, names)])
		.filter(([, name]) => name !== '');
}

/** Of paths of different lengths, what follows the folder of overlays: where that lies is no part of the name. */
function withoutPlace(name: string, all: readonly string[]): string {
	const cut = (each: string) => each.replace(/^(.*\/)?(overlays|envs|environments)\//, '');
	return all.filter(each => cut(each) === cut(name)).length === 1 ? cut(name) : name;
}

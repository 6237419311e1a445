/**
 * Where the clusters of a tree begin, where something in it says so: what bootstrap wrote, else what syncs itself, else the directories
 * under `clusters/`. Those that nothing of this leads to: `found-seeds.ts`.
 */
import { grouped } from '../../base/grouped';
import { dirname, type FilePath, isWithin, join } from '../../base/paths';
import { type Database, query } from '../../base/query';
import { isSetAside } from '../../base/set-aside';
import { sameId } from '../../kube/resource-id';
import { directoryExists, roots } from '../../workspace/inputs';
import { type Candidate, candidates, namesPlace, outermostOf } from './candidates';
import { buildAhead, isFluxKustomization, pathOfKustomization } from './kustomization';
import { clusterDirectories, directorySeed, type Mark, markedFiles, type Seed, seed, seedsIn } from './seeds';

/** The seeds of all open folders, sorted by id. */
export const seedsQuery = query<readonly Seed[]>('fluxSeeds', db => {
	const marked = markedFiles(db);
	const of = (mark: Mark) => marked.flatMap(each => (each.mark === mark ? [each.file] : []));
	const promising = [...of('flux-instance'), ...of('sync')];
	const open = db.read(roots, '');
	// Archives and examples begin a cluster only where nothing else does.
	const meant = promising.filter(file => !isSetAside(open, file));
	const bootstrapped = (meant.length > 0 ? meant : promising).flatMap(file => seedsIn(db, file));
	const directories = clusterDirectories(of('kustomization'));
	if (bootstrapped.length > 0) {
		// Beside clusters that were bootstrapped, one that has lost the file which says so is one still.
		const known = new Set(bootstrapped.map(({ id }) => id));
		const beside = new Map(bootstrapped.map(({ id, root }) => [dirname(id), root]));
		const bereft = directories.flatMap(each => {
			const root = beside.get(dirname(each));
			const hasLost = root !== undefined && !known.has(each) && directoryExists(db, join(each, 'flux-system'));
			return hasLost ? [directorySeed(db, each, root)] : [];
		});
		return sorted([...bootstrapped, ...bereft]);
	}
	const syncing = selfSyncing(db);
	if (syncing.length > 0) return sorted(syncing);
	return sorted(directories.map(directory => directorySeed(db, directory, rootAround(db, directory))));
});

/** The root from which most paths of the Kustomizations in a directory under `clusters/` lead somewhere. */
function rootAround(db: Database, directory: FilePath): FilePath {
	const inside = candidates(db).filter(one => isWithin(directory, one.file) && directoryExists(db, one.directory));
	const byRoot = grouped(inside, ({ alone }) => alone.root);
	const [most] = [...byRoot].sort(([, a], [, b]) => b.length - a.length);
	return most?.[0] ?? dirname(dirname(directory));
}

/** Where a Kustomization is brought by the very directory that it applies, as bootstrap leaves it: somebody once applied that by hand. */
function selfSyncing(db: Database): readonly Seed[] {
	const found = outermostOf(candidates(db)).flatMap(one => selfSync(db, one) ?? []);
	return [...new Map<FilePath, Seed>(found.map(each => [each.id, each])).values()];
}

function selfSync(db: Database, one: Candidate): Seed | undefined {
	const { file, resource, alone, directory } = one;
	const build = namesPlace(one) ? buildAhead(db, resource, alone.root) : undefined;
	if (!build?.files.has(file)) return undefined;
	// Its file may hold a patch only, of what several clusters share. What does not build brings what it brought before.
	const brought = build.resources.find(each => isFluxKustomization(each) && sameId(each.id, resource.id));
	if (!build.failed && (!brought || pathOfKustomization(brought, alone.root) !== directory)) return undefined;
	return seed(db, file, brought ?? resource, [], 'self-sync', undefined);
}

function sorted(seeds: readonly Seed[]): readonly Seed[] {
	return seeds.toSorted((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

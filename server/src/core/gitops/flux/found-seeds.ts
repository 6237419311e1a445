/**
 * Flux Kustomizations that nothing in the tree leads to: bootstrap happened elsewhere (Terraform, helmfile, a script), or the tree is
 * a part of a larger one. The outermost of them begin a cluster of their own; where two have the same name, each directory in which
 * they differ is one.
 */
import { grouped } from '../../base/grouped';
import { dirname, type FilePath, join } from '../../base/paths';
import type { Database } from '../../base/query';
import { directoryExists } from '../../workspace/inputs';
import { type Candidate, candidates, namesPlace, outermostOf } from './candidates';
import { sourceOf } from './kustomization';
import type { Seed } from './seeds';

/** The seeds of what no other seed leads to. `reached` are the files that the others are built from. */
export function foundSeeds(db: Database, reached: ReadonlySet<FilePath>): readonly Seed[] {
	const outermost = outermostOf(candidates(db).filter(({ file }) => !reached.has(file)));
	const told = tellingDirectories(outermost);
	const clusters = grouped(outermost, one => clusterOf(one, told));
	return [...clusters]
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.flatMap(([id, members]) => (members.some(namesPlace) ? [clusterSeed(db, id, members)] : []));
}

/** The directories in which Kustomizations of one name begin to differ. */
function tellingDirectories(all: readonly Candidate[]): ReadonlySet<FilePath> {
	const byName = grouped(all, ({ resource: { id } }) => `${id.namespace}/${id.name}`);
	const told = [...byName.values()].flatMap(same =>
		same.flatMap(one => {
			const twin = same.find(({ file }) => file !== one.file);
			return twin ? [firstDifference(one.file, twin.file)] : [];
		}),
	);
	return new Set(told);
}

/** The directory by which a Kustomization is told from others of its name, or that of others beside it; else the root. */
function clusterOf({ file, alone }: Candidate, told: ReadonlySet<FilePath>): FilePath {
	let own: FilePath | undefined;
	for (let at = file; at !== '/'; at = dirname(at)) if (told.has(at)) own = at;
	return own ?? alone.root;
}

function firstDifference(file: FilePath, other: FilePath): FilePath {
	const parts = file.split('/').slice(1);
	const others = other.split('/').slice(1);
	let same = 0;
	while (same < parts.length - 1 && parts[same] === others[same]) same++;
	return join('/', parts.slice(0, same + 1).join('/'));
}

/** Its source is taken to be this repository: the one that most paths are found in. */
function clusterSeed(db: Database, id: FilePath, members: readonly Candidate[]): Seed {
	const sources = [...grouped(members, ({ resource }) => Object.values(sourceOf(resource)).join('/')).values()].map(
		of => ({ of, found: of.filter(({ directory }) => directoryExists(db, directory)).length }),
	);
	const most = Math.max(...sources.map(({ found }) => found));
	const [first] = sources
		.flatMap(({ of, found }) => (found === most ? of : []))
		.sort((a, b) => (a.file < b.file ? -1 : 1));
	const further = members.filter(member => member !== first).map(({ resource }) => resource);
	return { ...first!.alone, id, further };
}

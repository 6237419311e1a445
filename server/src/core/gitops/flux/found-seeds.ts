/**
 * Flux Kustomizations that nothing in the tree leads to: bootstrap happened elsewhere (Terraform, helmfile, a script), or the tree is
 * a part of a larger one. The outermost of them begin a cluster of their own; where two have the same name, each directory in which
 * they differ is one.
 */
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
	const clusters = new Map<FilePath, Candidate[]>();
	for (const one of outermost) {
		const id = clusterOf(one, told);
		const members = clusters.get(id);
		if (members) members.push(one);
		else clusters.set(id, [one]);
	}
	return [...clusters]
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.flatMap(([id, members]) => (members.some(namesPlace) ? [clusterSeed(db, id, members)] : []));
}

/** The directories in which Kustomizations of one name begin to differ. */
function tellingDirectories(all: readonly Candidate[]): ReadonlySet<FilePath> {
	const byName = new Map<string, Candidate[]>();
	for (const one of all) {
		const key = `${one.resource.id.namespace}/${one.resource.id.name}`;
		const same = byName.get(key);
		if (same) same.push(one);
		else byName.set(key, [one]);
	}
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
	const keyOf = ({ resource }: Candidate) => Object.values(sourceOf(resource)).join('/');
	const found = (key: string) =>
		members.filter(member => keyOf(member) === key && directoryExists(db, member.directory)).length;
	const [first] = members.toSorted((a, b) => found(keyOf(b)) - found(keyOf(a)) || (a.file < b.file ? -1 : 1));
	const further = members.filter(member => member !== first).map(({ resource }) => resource);
	return { ...first!.alone, id, further };
}

/**
 * Flux Kustomizations that nothing in the tree leads to: bootstrap happened elsewhere (Terraform, helmfile, a script), or the tree is
 * a part of a larger one. The outermost of them begin a cluster of their own; where two have the same name, each directory in which
 * they differ is one.
 */
import { dirname, type FilePath, isWithin, join } from '../../base/paths';
import { type Database, query } from '../../base/query';
import { isSetAside } from '../../base/set-aside';
import type { Resource } from '../../kube/resource';
import { directoryExists, roots } from '../../workspace/inputs';
import { textAt } from '../../yaml/node';
import { isFluxKustomization, pathOfKustomization, sourceOf } from './kustomization';
import { markedFiles, resourcesIn, type Seed, seed } from './seeds';

/** The seeds of what no other seed leads to. `reached` are the files that the others are built from. */
export function foundSeeds(db: Database, reached: ReadonlySet<FilePath>): readonly Seed[] {
	const candidates = db.get(candidatesQuery, '').filter(({ file }) => !reached.has(file));
	const outermost = candidates.filter(one => !candidates.some(other => leadsTo(other, one)));
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

/** Every repository has a root: a path that names no more than that does not tell which repository it is meant for. */
function namesPlace({ directory, alone }: Candidate): boolean {
	return directory !== alone.root;
}

interface Candidate {
	readonly file: FilePath;
	readonly resource: Resource;
	/** Its seed, had it one of its own. */
	readonly alone: Seed;
	/** What its path stands for. */
	readonly directory: FilePath;
}

const candidatesQuery = query<readonly Candidate[]>('fluxCandidates', db => {
	const open = db.read(roots, '');
	const files = markedFiles(db).filter(({ file, mark }) => mark === 'kustomization' && !isSetAside(open, file));
	return files.flatMap(({ file }) =>
		resourcesIn(db, file)
			// Without a path or a name it is a piece that patches complete.
			.filter(
				each => isFluxKustomization(each) && each.id.name !== '' && textAt(each.node, 'spec', 'path') !== undefined,
			)
			.map((resource): Candidate => {
				const alone = seed(db, file, resource, [], 'found', undefined);
				return { file, resource, alone, directory: pathOfKustomization(resource, alone.root) };
			}),
	);
});

/** Whether one Kustomization brings another; of two that bring each other, the first does. */
function leadsTo(one: Candidate, other: Candidate): boolean {
	if (one === other || one.directory === one.alone.root || !isWithin(one.directory, other.file)) return false;
	const back = other.directory !== other.alone.root && isWithin(other.directory, one.file);
	return !back || one.file < other.file || (one.file === other.file && one.resource.id.name < other.resource.id.name);
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

/** Flux Kustomizations that may begin a cluster, told from the files that they stand in and from where their paths lead. */
import { dirname, type FilePath, isWithin } from '../../base/paths';
import { type Database, longQuery } from '../../base/query';
import { inSteps } from '../../base/steps';
import { grouped } from '../../base/grouped';
import { isSetAside } from '../../base/set-aside';
import type { Resource } from '../../kube/resource';
import { roots } from '../../workspace/inputs';
import { textAt } from '../../yaml/node';
import { isFluxKustomization, pathOfKustomization } from './kustomization';
import { markedFiles, resourcesIn, type Seed, seed } from './seeds';

/** A Flux Kustomization as a file has it. */
export interface Candidate {
	readonly file: FilePath;
	readonly resource: Resource;
	/** Its seed, had it one of its own. */
	readonly alone: Seed;
	/** What its path stands for. */
	readonly directory: FilePath;
}

/** All that have a name and a path, without those in places that are set aside. */
export function candidates(db: Database): readonly Candidate[] {
	return db.get(candidatesQuery, '');
}

const candidatesQuery = longQuery<readonly Candidate[]>('fluxCandidates', function* (db) {
	const open = db.read(roots, '');
	const files = markedFiles(db).filter(({ file, mark }) => mark === 'kustomization' && !isSetAside(open, file));
	const found = yield* inSteps(files, ({ file }) =>
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
	return found.flat();
});

/** Those that no other one brings. */
export function outermostOf(all: readonly Candidate[]): readonly Candidate[] {
	const byDirectory = grouped(all, ({ directory }) => directory);
	return all.filter(one => !around(one, byDirectory).some(other => leadsTo(other, one)));
}

/** The Kustomizations whose paths hold one's file: no others can lead to it. */
function around({ file }: Candidate, byDirectory: ReadonlyMap<FilePath, readonly Candidate[]>): readonly Candidate[] {
	const found: Candidate[] = [];
	for (let at = file; at !== '/'; at = dirname(at)) found.push(...(byDirectory.get(at) ?? []));
	return found;
}

/** Whether one Kustomization brings another; of two that bring each other, the first does. */
function leadsTo(one: Candidate, other: Candidate): boolean {
	if (one === other || one.directory === one.alone.root || !isWithin(one.directory, other.file)) return false;
	const back = other.directory !== other.alone.root && isWithin(other.directory, one.file);
	return !back || one.file < other.file || (one.file === other.file && one.resource.id.name < other.resource.id.name);
}

/** Every repository has a root: a path that names no more than that does not tell which repository it is meant for. */
export function namesPlace({ directory, alone }: Candidate): boolean {
	return directory !== alone.root;
}

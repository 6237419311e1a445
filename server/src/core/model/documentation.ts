/** Which components of the tree are documented, and how: README.md and `examples/<environment>` beside a base. */
import { grouped } from '../base/grouped';
import { ofObject } from '../base/memo';
import { basename, dirname, type FilePath, join } from '../base/paths';
import { type Database, longQuery } from '../base/query';
import { inSteps } from '../base/steps';
import { directoryEntries, fileExists } from '../workspace/inputs';
import { names, treeConfigOf } from '../workspace/tree-config';
import { baseDirectories } from './bases';
import { groupOf, type Kustomized } from './cluster-tree';
import { environmentsAround } from './connected';

export interface Component {
	readonly base: Kustomized;
	/** The directory's name; of a directory called `base`, its parent's. */
	readonly name: string;
	/** The directory in which components stand side by side. */
	readonly group: FilePath;
	/** The environments that could have it: of its tree, and of the components beside it. */
	readonly environments: readonly string[];
	readonly readme: FilePath | undefined;
	/** Names of the directories below `examples/`; nothing where there is no such directory. */
	readonly examples: readonly string[] | undefined;
	/** Whether most components beside this one have what it may lack. */
	readonly siblingsHave: { readonly readme: boolean; readonly examples: boolean };
}

/** Whether the tree documents its components: most beside this one, itself among them, have a README, or `strata.yaml` asks for it. */
export function isDocumented(db: Database, { base, group }: Component): boolean {
	return treeConfigOf(db, base.directory)?.docs === 'required' || documentedGroups(db, components(db)).has(group);
}

const documentedGroups = ofObject((all: readonly Component[]): ReadonlySet<FilePath> => {
	const groups = [...grouped(all, ({ group }) => group)];
	const isMost = (beside: readonly Component[]) => beside.filter(({ readme }) => readme).length * 2 > beside.length;
	return new Set(groups.flatMap(([group, beside]) => (isMost(beside) ? [group] : [])));
});

/** The components: bases that no other base holds in its own directory. */
export function components(db: Database): readonly Component[] {
	return db.get(componentsQuery, '');
}

const componentsQuery = longQuery<readonly Component[]>('components', function* (db) {
	const bases = baseDirectories(db).filter(base => base.links.kind === 'Kustomization');
	const directories = new Set(bases.map(({ directory }) => directory));
	const isComponent = ({ directory }: Kustomized) => {
		const said = treeConfigOf(db, directory)?.components;
		return said ? names(said, directory) : !standsBelow(directory, directories);
	};
	const outer = bases.filter(isComponent);
	const plain = yield* inSteps(outer, base => ({
		base,
		name: nameOf(base.directory),
		group: groupOf(base.directory),
		around: environmentsAround(db, base.directory),
		readme: readmeOf(db, base.directory),
		examples: examplesOf(db, base.directory),
	}));
	const found = yield* inSteps(grouped(plain, ({ group }) => group).values(), group => {
		const environments = [...new Set(group.flatMap(({ around }) => around))].sort();
		const readmes = group.filter(({ readme }) => readme !== undefined).length;
		const examples = group.filter(({ examples }) => examples !== undefined).length;
		const siblings = group.length - 1;
		const most = (having: number, own: unknown) => (having - (own === undefined ? 0 : 1)) * 2 > siblings;
		return group.map(({ around: _, ...one }) => ({
			...one,
			environments: ofFamily(one.base, environments),
			siblingsHave: { readme: most(readmes, one.readme), examples: most(examples, one.examples) },
		}));
	});
	return found.flat();
});

/** Where environments are `live/one` and `live/two`, a base below `live` is for these alone. */
function ofFamily({ directory, environments }: Kustomized, all: readonly string[]): readonly string[] {
	const parts = new Set(directory.split('/'));
	const family = (name: string) => name.split('/').find((part, i, whole) => i < whole.length - 1 && parts.has(part));
	const [own] = environments.flatMap(name => family(name) ?? []);
	return own === undefined ? all : all.filter(name => environments.includes(name) || family(name) === own);
}

function standsBelow(directory: FilePath, directories: ReadonlySet<FilePath>): boolean {
	for (let at = directory; at !== '/';) {
		at = dirname(at);
		if (directories.has(at)) return true;
	}
	return false;
}

function nameOf(directory: FilePath): string {
	return basename(directory) === 'base' ? basename(dirname(directory)) : basename(directory);
}

/** A README beside the base; of a directory called `base`, also beside that directory. */
function readmeOf(db: Database, directory: FilePath): FilePath | undefined {
	const places = basename(directory) === 'base' ? [directory, dirname(directory)] : [directory];
	const names = ['README.md', 'Readme.md', 'readme.md', 'README.markdown', 'README', 'README.adoc', 'README.rst'];
	return places.flatMap(place => names.map(name => join(place, name))).find(file => fileExists(db, file));
}

function examplesOf(db: Database, directory: FilePath): string[] | undefined {
	return db
		.read(directoryEntries, join(directory, 'examples'))
		?.filter(entry => entry.kind === 'directory')
		.map(entry => entry.name);
}

/**
 * The pairs of `template-*` and `actual-*` files: a template in the base says which keys a secret has, and each environment's actual
 * one holds them sealed. They belong together by their names, below bases that the actual one's kustomization stands on.
 */
import { grouped } from '../base/grouped';
import { basename, dirname, type FilePath, isWithin } from '../base/paths';
import { type Database, longQuery } from '../base/query';
import { roots } from '../workspace/inputs';
import { clusterTree } from './cluster-tree';
import { discovery } from './discovery';

const NAME = /^(template|actual)-(.+)\.ya?ml$/;

interface SecretFiles {
	/** Template by actual file. */
	readonly templates: ReadonlyMap<FilePath, FilePath>;
	/** Actual files by template. */
	readonly actuals: ReadonlyMap<FilePath, readonly FilePath[]>;
	/** Actual files on a base that has no template for them. */
	readonly lonely: readonly FilePath[];
}

const secretFiles = longQuery<SecretFiles>('secretFiles', function* (db) {
	const files = db
		.read(roots, '')
		.flatMap(root => db.get(discovery, root).yamlFiles.filter(file => NAME.test(basename(file))));
	const ofKind = (kind: string) => files.filter(file => basename(file).startsWith(kind + '-'));
	const templates = new Map<FilePath, FilePath>();
	const lonely: FilePath[] = [];
	const actuals = new Map<FilePath, FilePath[]>(ofKind('template').map(file => [file, []]));
	const nameOf = (file: FilePath) => NAME.exec(basename(file))![2]!;
	const templatesByName = grouped(actuals.keys(), nameOf);
	for (const actual of ofKind('actual')) {
		yield;
		const bases = basesOf(db, actual);
		const template = templatesByName.get(nameOf(actual))?.find(file => bases.some(base => isWithin(base, file)));
		if (!template) {
			if (bases.length > 0) lonely.push(actual);
			continue;
		}
		templates.set(actual, template);
		actuals.get(template)!.push(actual);
	}
	return { templates, actuals, lonely };
});

/** The directories that the kustomization above a file stands on. */
function basesOf(db: Database, file: FilePath): readonly FilePath[] {
	const { kustomized } = db.get(clusterTree, '');
	for (let at = dirname(file); at !== '/'; at = dirname(at)) {
		const home = kustomized.get(at);
		if (home) return home.builds;
	}
	return [];
}

/** The template of an actual secret's file. */
export function templateOf(db: Database, actual: FilePath): FilePath | undefined {
	return db.get(secretFiles, '').templates.get(actual);
}

/** The actual secrets' files of a template. */
export function actualsOf(db: Database, template: FilePath): readonly FilePath[] {
	return db.get(secretFiles, '').actuals.get(template) ?? [];
}

/** Actual secrets' files without a template, in a tree that has templates. */
export function actualsWithoutTemplate(db: Database): readonly FilePath[] {
	const { actuals, lonely } = db.get(secretFiles, '');
	return actuals.size > 0 ? lonely : [];
}

/** Every template file, with its actual ones. */
export function templates(db: Database): ReadonlyMap<FilePath, readonly FilePath[]> {
	return db.get(secretFiles, '').actuals;
}

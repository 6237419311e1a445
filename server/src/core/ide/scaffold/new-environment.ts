/**
 * `New Environment`: everything that another environment's own directories hold, under the new name. What needs a secret stays out: nobody
 * but the new environment's owner can seal it.
 */
import { basename, dirname, type FilePath, isWithin, join, relative } from '../../base/paths';
import type { SourceEdit } from '../../base/problem';
import type { Database } from '../../base/query';
import { homeOf, sourceFilesOf } from '../../model/bases';
import { clusterTree, type Kustomized } from '../../model/cluster-tree';
import { discovery } from '../../model/discovery';
import { components } from '../../model/documentation';
import { contentOf } from '../../workspace/documents';
import { roots } from '../../workspace/inputs';
import { itemsOf, nodeAt, textAt } from '../../yaml/node';
import { exampleEdits, secretIn } from './new-overlay';
import { copiedText, createdOnce, inEnvironment, isName, renaming, type Scaffold } from './scaffolding';

/** Makes the environment `to` like `from`. */
export function newEnvironment(db: Database, from: string, to: string): Scaffold {
	const { environments, kustomized } = db.get(clusterTree, '');
	if (!isName(to))
		return { kind: 'refused', why: `${JSON.stringify(to)} cannot be a name: use small letters, digits and dashes.` };
	const beside = from.slice(0, from.lastIndexOf('/') + 1) + to;
	if (environments.includes(to) || environments.includes(beside))
		return { kind: 'refused', why: `There is an environment ${to} already.` };
	if (!environments.includes(from)) return { kind: 'refused', why: `There is no environment ${from}.` };
	const own = [...kustomized.values()].filter(({ environments: of }) => of.length === 1 && of[0] === from);
	const strange = own.find(({ directory }) => inEnvironment(directory, from, to) === undefined);
	if (strange)
		return {
			kind: 'refused',
			why: `${strange.directory} belongs to ${from}, but does not stand in a directory of that name.`,
		};

	const left = leftOut(db, own);
	const kept = own.filter(({ directory }) => !left.has(directory));
	const rename = renaming(from, to);
	const copies = kept.flatMap(each => copyEdits(db, each, left, path => inEnvironment(path, from, to)!, rename));
	const examples = components(db)
		.filter(({ base }) => base.users.some(user => kept.some(({ directory }) => directory === user)))
		.flatMap(component => exampleEdits(db, component, from, to));
	return {
		kind: 'found',
		edits: createdOnce([...copies, ...examples]),
		notes: [...left]
			.filter(([, secret]) => secret !== '')
			.map(
				([directory, secret]) =>
					`${basename(directory)} was left out: it needs ${secret}. Seal it, then use "Strata: New Overlay for this Component".`,
			),
	};
}

/** Directories that bring a secret, with its name, and those that would hold nothing without them. */
function leftOut(db: Database, own: readonly Kustomized[]): ReadonlyMap<FilePath, string> {
	const left = new Map<FilePath, string>();
	for (const each of own) {
		const secret = sourceFilesOf(each).flatMap(file => secretIn(db, file) ?? [])[0];
		if (secret) left.set(each.directory, secret);
	}
	for (let before = -1; before !== left.size;) {
		before = left.size;
		for (const { directory, links } of own) {
			const listed = links.links.filter(({ field, kind }) => field === 'resources' && kind !== 'remote');
			if (listed.length > 0 && listed.every(({ target }) => left.has(target)) && !left.has(directory))
				left.set(directory, '');
		}
	}
	return left;
}

/** The files of one directory, without the listings of what is left out. */
function copyEdits(
	db: Database,
	{ directory, links }: Kustomized,
	left: ReadonlyMap<FilePath, string>,
	moved: (path: FilePath) => FilePath,
	rename: (text: string) => string,
): SourceEdit[] {
	const gone = (target: FilePath) => left.has(target) || appliesOnlyWhatIsGone(db, target, left);
	const removals: SourceEdit[] = links.links
		.filter(({ target }) => gone(target))
		.map(({ at }) => ({ kind: 'remove', at }));
	const listed = links.links.flatMap(({ kind, target }) =>
		kind === 'file' && isWithin(directory, target) ? [target] : [],
	);
	const files = (links.file ? [links.file, ...listed] : looseFiles(db, directory)).filter(file => !gone(file));
	// What is the environment's own by its name, and lies beside what others have of the kind.
	const beside = links.links
		.filter(({ kind, target, text }) => kind === 'file' && !isWithin(directory, target) && rename(text) !== text)
		.map(({ target, text }): SourceEdit => ({
			kind: 'create-file',
			file: join(moved(directory), rename(text)),
			text: copiedText(db, target, [], rename),
		}));
	const inside = [...new Set(files)].map((file): SourceEdit => ({
		kind: 'create-file',
		// What the texts say of files that are named after the environment holds of the files.
		file: join(moved(directory), rename(relative(directory, file))),
		text: copiedText(
			db,
			file,
			[
				...removals.filter(edit => edit.kind === 'remove' && edit.at.file === file),
				...dependencyRemovals(db, file, left),
			],
			rename,
		),
	}));
	return [...inside, ...beside];
}

/** What Flux applies of a directory without a kustomization: all YAML that no other kustomization is the home of. */
function looseFiles(db: Database, directory: FilePath): readonly FilePath[] {
	return db
		.read(roots, '')
		.flatMap(root => db.get(discovery, root).yamlFiles)
		.filter(file => isWithin(directory, file) && homeOf(db, file)?.directory === directory);
}

/** Whether a file holds nothing but Flux Kustomizations of directories that are left out. */
function appliesOnlyWhatIsGone(db: Database, file: FilePath, left: ReadonlyMap<FilePath, string>): boolean {
	const documents = contentOf(db, file).flatMap(({ root }) => (root ? [root] : []));
	return (
		documents.length > 0 &&
		documents.every(root => {
			const path = fluxPathOf(db, file, root);
			return path !== undefined && left.has(path);
		})
	);
}

function fluxPathOf(db: Database, file: FilePath, root: Parameters<typeof textAt>[0]): FilePath | undefined {
	const isFlux = textAt(root, 'apiVersion')?.startsWith('kustomize.toolkit.fluxcd.io/');
	const path = textAt(root, 'spec', 'path');
	const folder = db.read(roots, '').find(each => isWithin(each, file));
	return isFlux && path !== undefined && folder !== undefined ? join(folder, './' + path) : undefined;
}

/** `dependsOn` of what is left out goes with it. */
function dependencyRemovals(db: Database, file: FilePath, left: ReadonlyMap<FilePath, string>): SourceEdit[] {
	const { kustomized } = db.get(clusterTree, '');
	const gone = new Set(
		[...kustomized.values()].flatMap(({ links }) =>
			links.links.flatMap(({ target, kind }) =>
				kind === 'file' && dirname(target) === dirname(file) && appliesOnlyWhatIsGone(db, target, left)
					? contentOf(db, target).flatMap(({ root }) => textAt(root, 'metadata', 'name') ?? [])
					: [],
			),
		),
	);
	return contentOf(db, file).flatMap(({ root }, document) =>
		itemsOf(nodeAt(root, ['spec', 'dependsOn'])).flatMap((item, index): SourceEdit[] =>
			gone.has(textAt(item, 'name') ?? '')
				? [{ kind: 'remove', at: { file, document, path: ['spec', 'dependsOn', index] } }]
				: [],
		),
	);
}

/** More of what goes wrong in real trees: in what many share, in what generators and replacements read, and in how a file is written. */
import type { Random } from '../../../scripts/bench/random.mjs';
import type { Inject } from './faults';
import {
	addTo,
	type Changes,
	directoryOf,
	edited,
	hasDirectory,
	type KustomizationFile,
	kustomizations,
	listed,
	patchFiles,
	resolvePath,
	someOf,
	type Tree,
} from './tree';

/** By kind, as `FAULTS` has them. */
export const MORE_FAULTS: Readonly<Record<string, readonly Inject[]>> = {
	'shared base moved or broken': [baseMoved, sharedFileEmptied],
	'malformed generator source': [envFileMalformed, literalWithoutValue, sourceWithoutKey],
	'key that stands twice': [keyTwice],
	'several kustomization files': [secondKustomization],
	'replacement that does not apply': [replacementOfNothing, replacementIntoNothing],
	'file moved without its entry': [fileMoved],
	'entry that is no manifest': [readmeListed, emptyEntry, patchAsText],
	'labels that are no text': [labelNotText],
};

function inKustomization(
	tree: Tree,
	random: Random,
	find: (of: KustomizationFile, text: string) => Changes | undefined,
): Changes | undefined {
	return someOf(kustomizations(tree), random, of => find(of, tree.get(of.file)!));
}

function added(of: KustomizationFile, text: string, field: string, entry: unknown): [string, string] {
	return [of.file, edited(text, document => addTo(document, field, entry))];
}

function listedManifests(
	tree: Tree,
	of: KustomizationFile,
): readonly { readonly entry: string; readonly file: string }[] {
	return listed(of, 'resources')
		.map(entry => ({ entry, file: resolvePath(of.directory, entry) }))
		.filter(({ file }) => tree.has(file));
}

/** The directories that several kustomizations build on. */
function shared(tree: Tree): readonly string[] {
	const times = new Map<string, number>();
	for (const of of kustomizations(tree)) {
		for (const entry of [...listed(of, 'resources'), ...listed(of, 'components')]) {
			const directory = resolvePath(of.directory, entry);
			if (!tree.has(directory) && hasDirectory(tree, directory)) times.set(directory, (times.get(directory) ?? 0) + 1);
		}
	}
	return [...times].filter(([, count]) => count > 1).map(([directory]) => directory);
}

function baseMoved(tree: Tree, random: Random): Changes | undefined {
	const directories = shared(tree);
	if (directories.length === 0) return undefined;
	const directory = random.of(directories);
	const files = [...tree].filter(([file]) => file.startsWith(directory + '/'));
	return new Map(
		files.flatMap(([file, text]): [string, string | undefined][] => [
			[file, undefined],
			[`${directory}-v2${file.slice(directory.length)}`, text],
		]),
	);
}

/** A manifest of a shared directory loses its contents, and with them what patches of its users are about. */
function sharedFileEmptied(tree: Tree, random: Random): Changes | undefined {
	const directories = new Set(shared(tree));
	return inKustomization(tree, random, of => {
		const files = directories.has(of.directory) ? listedManifests(tree, of) : [];
		return files.length === 0 ? undefined : new Map([[random.of(files).file, '# moved elsewhere\n']]);
	});
}

function envFileMalformed(tree: Tree, random: Random): Changes | undefined {
	return inKustomization(tree, random, (of, text) => {
		const file = resolvePath(of.directory, 'overrides.env');
		if (tree.has(file) || of.data.kind === 'Component') return undefined;
		const content = random.of(['LEVEL=info\n=orphan\n', 'LEVEL=info\n1st value=2\n', 'LEVEL=info\nLEVEL=debug\n']);
		return new Map([
			[file, content],
			added(of, text, 'configMapGenerator', { name: 'overrides', envs: ['overrides.env'] }),
		]);
	});
}

function literalWithoutValue(tree: Tree, random: Random): Changes | undefined {
	return inKustomization(
		tree,
		random,
		(of, text) => new Map([added(of, text, 'configMapGenerator', { name: 'flags', literals: ['VERBOSE'] })]),
	);
}

function sourceWithoutKey(tree: Tree, random: Random): Changes | undefined {
	return inKustomization(tree, random, (of, text) => {
		const entry = random.of([{ name: 'notes', files: ['a=b=c.txt'] }, { files: ['kustomization.yaml'] }]);
		return new Map([added(of, text, 'configMapGenerator', entry)]);
	});
}

/** In a manifest the build fails, in a kustomization or a patch the last one counts. */
function keyTwice(tree: Tree, random: Random): Changes | undefined {
	return inKustomization(tree, random, (of, text) => {
		const manifests = listedManifests(tree, of).map(({ file }) => file);
		const patches = patchFiles(of).map(each => resolvePath(of.directory, each));
		const file = random.of([of.file, ...manifests, ...patches.filter(each => tree.has(each))]);
		const before = file === of.file ? text : tree.get(file)!;
		const after = before.replace(/^((?:apiVersion|kind|namespace): .*\n)/m, '$1$1');
		return after === before ? undefined : new Map([[file, after]]);
	});
}

function secondKustomization(tree: Tree, random: Random): Changes | undefined {
	return inKustomization(tree, random, (of, text) => {
		const second = `${of.directory}/kustomization.yml`;
		return of.file === second ? undefined : new Map([[second, text]]);
	});
}

function replacementOfNothing(tree: Tree, random: Random): Changes | undefined {
	return inKustomization(tree, random, (of, text) => {
		const entry = {
			source: { kind: 'ConfigMap', name: 'not-there', fieldPath: 'data.host' },
			targets: [{ select: { kind: 'HelmRelease' }, fieldPaths: ['spec.interval'] }],
		};
		return new Map([added(of, text, 'replacements', entry)]);
	});
}

function replacementIntoNothing(tree: Tree, random: Random): Changes | undefined {
	return inKustomization(tree, random, (of, text) => {
		const [first] = listedManifests(tree, of);
		const [, kind] = /^kind: (\w+)$/m.exec(first ? tree.get(first.file)! : '') ?? [];
		const [, name] = /^ {2}name: ([\w-]+)$/m.exec(first ? tree.get(first.file)! : '') ?? [];
		if (kind === undefined || name === undefined) return undefined;
		const entry = {
			source: { kind, name, fieldPath: random.of(['metadata.name', 'metadata.gone']) },
			targets: [{ select: { kind, name }, fieldPaths: ['spec.not.there'] }],
		};
		return new Map([added(of, text, 'replacements', entry)]);
	});
}

function fileMoved(tree: Tree, random: Random): Changes | undefined {
	return inKustomization(tree, random, of => {
		const files = listedManifests(tree, of).map(({ file }) => file);
		if (files.length === 0) return undefined;
		const file = random.of(files);
		const name = file.slice(file.lastIndexOf('/') + 1);
		const to = `${directoryOf(file)}/${random.of(['manifests', 'resources'])}/${name}`;
		return new Map([
			[file, undefined],
			[to, tree.get(file)],
		]);
	});
}

function readmeListed(tree: Tree, random: Random): Changes | undefined {
	return inKustomization(tree, random, (of, text) => {
		const file = resolvePath(of.directory, 'NOTES.md');
		if (tree.has(file)) return undefined;
		return new Map([[file, '# Notes\n\nSee the wiki.\n'], added(of, text, 'resources', 'NOTES.md')]);
	});
}

function emptyEntry(tree: Tree, random: Random): Changes | undefined {
	return inKustomization(tree, random, (of, text) => {
		const after = text.replace(/^resources:\n/m, 'resources:\n  -\n');
		return after === text ? undefined : new Map([[of.file, after]]);
	});
}

/** The old spelling of a list of files, under the new field. */
function patchAsText(tree: Tree, random: Random): Changes | undefined {
	return inKustomization(tree, random, (of, text) => {
		const [patch] = patchFiles(of);
		return patch === undefined ? undefined : new Map([added(of, text, 'patches', patch)]);
	});
}

function labelNotText(tree: Tree, random: Random): Changes | undefined {
	return inKustomization(
		tree,
		random,
		(of, text) =>
			new Map([
				random.below(2) === 0
					? added(of, text, 'labels', { pairs: { tier: 1 } })
					: [of.file, edited(text, document => document.set('commonAnnotations', { checked: true }))],
			]),
	);
}

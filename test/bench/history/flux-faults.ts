/** What goes wrong in what Flux reads itself: paths, dependencies, variables, directories without a kustomization. */
import type { Random } from '../../../scripts/bench/random.mjs';
import type { Inject } from './faults';
import {
	type Changes,
	hasDirectory,
	type Manifest,
	type ManifestFile,
	manifests,
	resolvePath,
	someOf,
	type Tree,
} from './tree';

export const FLUX_GROUP = 'kustomize.toolkit.fluxcd.io';

/** By kind, as `FAULTS` has them. */
export const FLUX_FAULTS: Readonly<Record<string, readonly Inject[]>> = {
	'Flux path that does not exist': [pathMisspelt, directoryMoved],
	'undefined variable': [variableAsked, variableGone],
	'Flux dependency': [dependencyMissing, dependencyCycle],
	'variable in a Flux path': [pathVariableWrong, pathVariableGone],
	'stray file below a generated kustomization': [strayValues],
};

/** A Flux Kustomization in a file. */
export function isFlux(manifest: Manifest): boolean {
	return manifest.kind === 'Kustomization' && manifest.apiVersion.startsWith(FLUX_GROUP);
}

interface FluxObject {
	readonly file: string;
	readonly manifest: Manifest;
	readonly directory: string;
	readonly path: string;
}

function fluxObjects(tree: Tree): FluxObject[] {
	return manifests(tree)
		.filter(({ file }) => !file.endsWith('gotk-sync.yaml'))
		.flatMap(({ file, documents }: ManifestFile) =>
			documents.filter(isFlux).map(manifest => {
				const path = (manifest.spec?.path ?? './') as string;
				return { file, manifest, path, directory: resolvePath('', path) };
			}),
		);
}

function inFlux(tree: Tree, random: Random, find: (of: FluxObject, text: string) => Changes | undefined) {
	return someOf(fluxObjects(tree), random, of => find(of, tree.get(of.file)!));
}

function pathMisspelt(tree: Tree, random: Random) {
	return inFlux(tree, random, ({ file, path }, text) =>
		path.length < 4 ? undefined : new Map([[file, text.replace(`path: ${path}`, `path: ${path}s`)]]),
	);
}

function directoryMoved(tree: Tree, random: Random) {
	return inFlux(tree, random, ({ directory }) => {
		const moved = [...tree].filter(([file]) => file.startsWith(directory + '/'));
		if (moved.length === 0 || moved.length > 30 || !hasDirectory(tree, directory)) return undefined;
		return new Map(
			moved.flatMap(([file, text]): [string, string | undefined][] => [
				[file, undefined],
				[`${directory}-new${file.slice(directory.length)}`, text],
			]),
		);
	});
}

/** A manifest below the path of a Kustomization that substitutes. */
function substituted(tree: Tree, random: Random): { file: string; text: string } | undefined {
	return someOf(fluxObjects(tree), random, ({ manifest, directory }) => {
		if (manifest.spec?.postBuild === undefined) return undefined;
		const [found] = manifests(tree).filter(
			({ file, documents }) =>
				file.startsWith(directory + '/') && documents.length === 1 && !isFlux(documents[0]!) && !file.includes('patch'),
		);
		return found && { file: found.file, text: tree.get(found.file)! };
	});
}

function variableAsked(tree: Tree, random: Random): Changes | undefined {
	const found = substituted(tree, random);
	return (
		found && new Map([[found.file, found.text.replace(/^metadata:\n/m, 'metadata:\n  labels:\n    tier: ${TIER}\n')]])
	);
}

function variableGone(tree: Tree, random: Random): Changes | undefined {
	return inFlux(tree, random, ({ file }, text) => {
		const after = text.replace(/^ {6}(APP|SERVICE|TIMEZONE): .*\n/m, '');
		return after === text ? undefined : new Map([[file, after]]);
	});
}

function inSync(tree: Tree, random: Random, edit: (text: string) => string): Changes | undefined {
	return someOf([...tree], random, ([file, text]) => {
		const after = file.endsWith('gotk-sync.yaml') ? edit(text) : text;
		return after === text ? undefined : new Map([[file, after]]);
	});
}

function pathVariableWrong(tree: Tree, random: Random) {
	return inSync(tree, random, text => text.replace(/( CLUSTER: \S+)/, '$1-old'));
}

function pathVariableGone(tree: Tree, random: Random) {
	return inSync(tree, random, text => text.replace(/ CLUSTER: /, ' CLUSTER_NAME: '));
}

function dependencyMissing(tree: Tree, random: Random) {
	return inFlux(tree, random, ({ file }, text) => {
		const after = text.replace(/(dependsOn:\n {4}- name: )(.*)/, '$1$2-operator');
		return after === text ? undefined : new Map([[file, after]]);
	});
}

function dependencyCycle(tree: Tree, random: Random): Changes | undefined {
	const all = fluxObjects(tree);
	return inFlux(tree, random, ({ manifest }) => {
		const [first] = (manifest.spec?.dependsOn ?? []) as { name: string; namespace?: string }[];
		const other = all.find(each => each.manifest.metadata.name === first?.name && !each.manifest.spec?.dependsOn);
		if (!other) return undefined;
		const { name, namespace } = manifest.metadata;
		const text = tree
			.get(other.file)!
			.replace(/^spec:\n/m, `spec:\n  dependsOn:\n    - name: ${name}\n      namespace: ${namespace}\n`);
		return new Map([[other.file, text]]);
	});
}

function strayValues(tree: Tree, random: Random): Changes | undefined {
	return inFlux(tree, random, ({ directory }) =>
		tree.has(`${directory}/kustomization.yaml`) || !hasDirectory(tree, directory)
			? undefined
			: new Map([[`${directory}/values.yaml`, 'replicaCount: 2\n']]),
	);
}

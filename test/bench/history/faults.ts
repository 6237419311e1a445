/**
 * What goes wrong in the history of real trees, by kind, each in the ways in which people get there. A fault finds itself a place in
 * a tree, or says that it has none there. Whether a target fails by it is for the real tool to say.
 */
import type { Random } from '../../../scripts/bench/random.mjs';
import { FLUX_FAULTS } from './flux-faults';
import { GENERATOR_FAULTS } from './generator-faults';
import { MORE_FAULTS } from './more-faults';
import {
	changes,
	escaped,
	inKustomization,
	inListed,
	inPatched,
	listedDirectories,
	listedFiles,
	misspelt,
	patched,
} from './places';
import {
	addTo,
	type Changes,
	directoryOf,
	edited,
	isKustomization,
	kustomizations,
	manifests,
	patchFiles,
	relativePath,
	resolvePath,
	someOf,
	type Tree,
	valuesOf,
} from './tree';
import { WRITTEN_FAULTS } from './written-faults';

export type Inject = (tree: Tree, random: Random) => Changes | undefined;

/** By kind, in the words of the report; each with the ways to make it. */
export const FAULTS: Readonly<Record<string, readonly Inject[]>> = {
	'duplicate resource id': [listedTwice, copiedManifest, baseAgain],
	'patch target not found': [renamedInBase, otherApiVersion, removedFromBase, otherNamespace],
	'directory without a kustomization': [kustomizationGone, kustomizationMisspelt],
	'missing file or path': [fileGone, patchGone, generatorSourceGone, baseMisspelt, fileMisspelt],
	'resource without kind or name': [withoutKind, withoutName, valuesListed],
	'YAML that does not parse': [tabInside, openQuote, mergeConflict, brokenKustomization, brokenPatch],
	'JSON patch that does not apply': [removeOfMissing, addBelowMissing, failingTest, indexBeyond],
	'missing component': [componentGone, componentAsResource, baseAsComponent],
	'cycle of kustomizations': [baseListsOverlay, listsItself],
	'unknown or ill-typed field': [unknownField, fluxInKustomization, fieldOfOtherType],
	...GENERATOR_FAULTS,
	...FLUX_FAULTS,
	...MORE_FAULTS,
	...WRITTEN_FAULTS,
};

function listedTwice(tree: Tree, random: Random) {
	return inKustomization(tree, random, (of, text) => {
		const again = random.of([...listedFiles(tree, of).map(each => each.entry), undefined]);
		return again === undefined
			? undefined
			: changes([of.file, edited(text, document => addTo(document, 'resources', again))]);
	});
}

function copiedManifest(tree: Tree, random: Random) {
	return inKustomization(tree, random, (of, text) => {
		const [first] = listedFiles(tree, of).filter(({ file }) => directoryOf(file) === of.directory);
		if (!first || listedFiles(tree, of).length < 2) return undefined;
		const copy = first.entry.replace(/\.ya?ml$/, '-new.yaml');
		const list = (entry: string) => edited(text, document => addTo(document, 'resources', entry));
		return changes([resolvePath(of.directory, copy), tree.get(first.file)!], [of.file, list(copy)]);
	});
}

/** An overlay brings along what its base has already. */
function baseAgain(tree: Tree, random: Random) {
	const all = kustomizations(tree);
	return inKustomization(tree, random, (of, text) => {
		const base = someOf(listedDirectories(tree, of), random, ({ directory }) =>
			all.find(other => other.directory === directory && listedFiles(tree, other).length > 0 && !other.data.namespace),
		);
		if (!base) return undefined;
		const { file } = random.of(listedFiles(tree, base));
		const copy = file.slice(file.lastIndexOf('/') + 1);
		if (tree.has(resolvePath(of.directory, copy))) return undefined;
		return changes(
			[resolvePath(of.directory, copy), tree.get(file)!],
			[of.file, edited(text, document => addTo(document, 'resources', copy))],
		);
	});
}

function renamedInBase(tree: Tree, random: Random) {
	return inPatched(tree, random, text => text.replace(/^( {2}name: )(.*)$/m, '$1$2-v2'));
}

function otherApiVersion(tree: Tree, random: Random) {
	return inPatched(tree, random, text => text.replace(/^(apiVersion: .*\/)(v\w+)$/m, '$1v2beta9'));
}

function removedFromBase(tree: Tree, random: Random) {
	const names = patched(tree);
	return inKustomization(tree, random, (of, text) => {
		const found = listedFiles(tree, of).find(({ file }) =>
			valuesOf(tree.get(file)!).some(value => {
				const { kind, metadata } = (value ?? {}) as { kind?: string; metadata?: { name?: string } };
				return names.has(`${kind}/${metadata?.name}`);
			}),
		);
		if (!found) return undefined;
		const without = text.replace(new RegExp(`^\\s*- ${escaped(found.entry)}\\n`, 'm'), '');
		return without === text || listedFiles(tree, of).length < 2
			? undefined
			: changes([of.file, without], [found.file, undefined]);
	});
}

function otherNamespace(tree: Tree, random: Random) {
	return inKustomization(tree, random, of =>
		someOf(patchFiles(of), random, patch => {
			const file = resolvePath(of.directory, patch);
			const text = tree.get(file) ?? '';
			const after = /^ {2}namespace: /m.test(text)
				? text.replace(/^( {2}namespace: ).*$/m, '$1elsewhere')
				: text.replace(/^( {2}name: .*)$/m, '$1\n  namespace: elsewhere');
			return /^kind: /m.test(text) && after !== text ? changes([file, after]) : undefined;
		}),
	);
}

function kustomizationGone(tree: Tree, random: Random) {
	return inKustomization(tree, random, of => {
		const [found] = listedDirectories(tree, of).filter(({ directory }) => tree.has(`${directory}/kustomization.yaml`));
		return found && changes([`${found.directory}/kustomization.yaml`, undefined]);
	});
}

function kustomizationMisspelt(tree: Tree, random: Random) {
	return inKustomization(tree, random, of => {
		const [found] = listedDirectories(tree, of).filter(({ directory }) => tree.has(`${directory}/kustomization.yaml`));
		const file = `${found?.directory}/kustomization.yaml`;
		return found && changes([file, undefined], [`${found.directory}/kustomisation.yaml`, tree.get(file)]);
	});
}

function fileGone(tree: Tree, random: Random) {
	return inKustomization(tree, random, of => {
		const [found] = listedFiles(tree, of);
		return found && changes([found.file, undefined]);
	});
}

function patchGone(tree: Tree, random: Random) {
	return inKustomization(tree, random, of => {
		const [patch] = patchFiles(of);
		return patch === undefined ? undefined : changes([resolvePath(of.directory, patch), undefined]);
	});
}

function generatorSourceGone(tree: Tree, random: Random) {
	return inKustomization(tree, random, of => {
		const list = (of.data.configMapGenerator ?? []) as { files?: string[]; envs?: string[] }[];
		const [source] = list.flatMap(({ files = [], envs = [] }) => [...files, ...envs]);
		const file = source && resolvePath(of.directory, source.slice(source.indexOf('=') + 1));
		return file && tree.has(file) ? changes([file, undefined]) : undefined;
	});
}

function baseMisspelt(tree: Tree, random: Random) {
	return inKustomization(tree, random, (of, text) => {
		const found = listedDirectories(tree, of)[0];
		return found && changes([of.file, text.replace(`- ${found.entry}`, `- ${misspelt(found.entry)}`)]);
	});
}

function fileMisspelt(tree: Tree, random: Random) {
	return inKustomization(tree, random, (of, text) => {
		const found = listedFiles(tree, of)[0];
		return found && changes([of.file, text.replace(`- ${found.entry}`, `- ${misspelt(found.entry)}`)]);
	});
}

function withoutKind(tree: Tree, random: Random) {
	return inListed(tree, random, text => text.replace(/^kind: .*\n/m, ''));
}

function withoutName(tree: Tree, random: Random) {
	return inListed(tree, random, text => text.replace(/^metadata:\n {2}name: .*\n/m, 'metadata:\n'));
}

function valuesListed(tree: Tree, random: Random) {
	return inKustomization(tree, random, (of, text) =>
		listedFiles(tree, of).length === 0
			? undefined
			: changes(
					[resolvePath(of.directory, 'values.yaml'), 'replicaCount: 2\nimage:\n  tag: 1.2.3\n'],
					[of.file, edited(text, document => addTo(document, 'resources', 'values.yaml'))],
				),
	);
}

function tabInside(tree: Tree, random: Random) {
	return inListed(tree, random, text => text.replace(/^ {4}(\w)/m, '\t\t$1'));
}

function openQuote(tree: Tree, random: Random) {
	return inListed(tree, random, text => text.replace(/^( {2}name: )([\w-]+)$/m, '$1"$2'));
}

function mergeConflict(tree: Tree, random: Random) {
	return inListed(tree, random, text => {
		const lines = text.split('\n');
		const at = 1 + random.below(Math.max(1, lines.length - 3));
		const [line = ''] = lines.slice(at, at + 1);
		return [
			...lines.slice(0, at),
			'<<<<<<< HEAD',
			line,
			'=======',
			`${line}2`,
			'>>>>>>> theirs',
			...lines.slice(at + 1),
		].join('\n');
	});
}

function brokenKustomization(tree: Tree, random: Random) {
	return inKustomization(tree, random, (of, text) =>
		changes([of.file, text.replace(/^(resources|components):\n/m, '$1:\n  - ["open\n')]),
	);
}

function brokenPatch(tree: Tree, random: Random) {
	return inKustomization(tree, random, of =>
		someOf(patchFiles(of), random, patch => {
			const file = resolvePath(of.directory, patch);
			const text = tree.get(file);
			return text === undefined ? undefined : changes([file, text.replace(/:( |$)/m, '$1').replace(/$/, '\n  x: [1')]);
		}),
	);
}

/** Adds an inline JSON patch of something that a kustomization lists itself. */
function withJsonPatch(tree: Tree, random: Random, operation: string): Changes | undefined {
	return inKustomization(tree, random, (of, text) => {
		const found = someOf(listedFiles(tree, of), random, ({ file }) => manifests(new Map([[file, tree.get(file)!]]))[0]);
		const id = found?.documents[0];
		if (!id) return undefined;
		const patch = { target: { kind: id.kind, name: id.metadata.name }, patch: operation };
		return changes([of.file, edited(text, document => addTo(document, 'patches', patch))]);
	});
}

function removeOfMissing(tree: Tree, random: Random) {
	return withJsonPatch(tree, random, '- op: remove\n  path: /spec/paused\n');
}

function addBelowMissing(tree: Tree, random: Random) {
	return withJsonPatch(tree, random, '- op: add\n  path: /metadata/annotations/checked/by\n  value: us\n');
}

function failingTest(tree: Tree, random: Random) {
	return withJsonPatch(
		tree,
		random,
		'- op: test\n  path: /metadata/name\n  value: another\n- op: add\n  path: /metadata/labels\n  value: {}\n',
	);
}

function indexBeyond(tree: Tree, random: Random) {
	return withJsonPatch(tree, random, '- op: replace\n  path: /spec/template/spec/containers/7/image\n  value: x:1\n');
}

function componentGone(tree: Tree, random: Random) {
	return inKustomization(tree, random, (of, text) =>
		changes([
			of.file,
			edited(text, document => addTo(document, 'components', relativePath(of.directory, 'components/backup'))),
		]),
	);
}

function componentAsResource(tree: Tree, random: Random) {
	const component = kustomizations(tree).find(({ data }) => data.kind === 'Component');
	if (!component) return undefined;
	return inKustomization(tree, random, (of, text) => {
		if (of === component || of.data.components !== undefined) return undefined;
		const entry = relativePath(of.directory, component.directory);
		return changes([of.file, edited(text, document => addTo(document, 'resources', entry))]);
	});
}

function baseAsComponent(tree: Tree, random: Random) {
	return inKustomization(tree, random, (of, text) => {
		const found = listedDirectories(tree, of)[0];
		if (!found) return undefined;
		const without = text.replace(new RegExp(`^\\s*- ${escaped(found.entry)}\\n`, 'm'), '');
		return changes([of.file, edited(without, document => addTo(document, 'components', found.entry))]);
	});
}

function baseListsOverlay(tree: Tree, random: Random) {
	const all = kustomizations(tree);
	return inKustomization(tree, random, of => {
		const base = someOf(listedDirectories(tree, of), random, ({ directory }) =>
			all.find(other => other.directory === directory),
		);
		const entry = base && relativePath(base.directory, of.directory);
		return base && changes([base.file, edited(tree.get(base.file)!, document => addTo(document, 'resources', entry))]);
	});
}

function listsItself(tree: Tree, random: Random) {
	return inKustomization(tree, random, (of, text) =>
		changes([of.file, edited(text, document => addTo(document, 'resources', '.'))]),
	);
}

function unknownField(tree: Tree, random: Random) {
	return inKustomization(tree, random, (of, text) =>
		changes([
			of.file,
			edited(text, document => document.set(random.of(['resource', 'patch', 'namePrefixes', 'image']), 'x')),
		]),
	);
}

function fluxInKustomization(tree: Tree, random: Random) {
	return inKustomization(tree, random, (of, text) =>
		changes([
			of.file,
			edited(text, document => {
				document.set('metadata', { name: 'apps', namespace: 'flux-system' });
				document.set('spec', { interval: '10m', path: './apps', prune: true });
			}),
		]),
	);
}

function fieldOfOtherType(tree: Tree, random: Random) {
	return inKustomization(tree, random, (of, text) =>
		changes([
			of.file,
			random.below(2) === 0
				? edited(text, document => document.set('namespace', ['a']))
				: edited(text, document => document.set('images', { name: 'x', newTag: '1' })),
		]),
	);
}

/** Whether a change touches files that are there as the fault left them, so that it can be taken back. */
export function isUntouched(tree: Tree, of: Changes): boolean {
	return [...of].every(([file, text]) => tree.get(file) === text || (isKustomization(file) && text === undefined));
}

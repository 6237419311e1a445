/** What goes wrong in how things are written: files left empty, entries half filled in, names in another case, line ends of another system. */
import type { Random } from '../../../scripts/bench/random.mjs';
import type { Inject } from './faults';
import { isFlux } from './flux-faults';
import { changes, inKustomization, inListed, inPatched, listedFiles, misspelt } from './places';
import { addTo, directoryOf, edited, manifests, patchFiles, resolvePath, someOf, type Tree } from './tree';

/** By kind, as `FAULTS` has them. */
export const WRITTEN_FAULTS: Readonly<Record<string, readonly Inject[]>> = {
	'file left empty': [kustomizationEmptied, kustomizationOfComments, patchEmptied],
	'invalid image entry': [imageTagNumber, imageNameBroken, imageFieldUnknown],
	'namespace on one side of a patch': [namespaceGained],
	'name in another case': [fileInCapitals, kindInSmallLetters, entryInCapitals],
	'source that does not exist': [sourceMisspelt, chartSourceMisspelt],
	'line ends and byte order marks': [carriageReturns, byteOrderMark],
	'kustomization of a wrong kind': [kindMisspelt, apiVersionOfFlux],
	'patch entry half filled in': [patchWithoutTarget, patchWithoutPatch],
	'file renamed in its place': [fileRenamed],
	'name that is no text': [nameIsNumber],
};

function kustomizationEmptied(tree: Tree, random: Random) {
	return inKustomization(tree, random, of => changes([of.file, '']));
}

function kustomizationOfComments(tree: Tree, random: Random) {
	return inKustomization(tree, random, (of, text) => changes([of.file, text.replace(/^(?=[^\n])/gm, '# ')]));
}

function patchEmptied(tree: Tree, random: Random) {
	return inKustomization(tree, random, of => {
		const [patch] = patchFiles(of);
		return patch === undefined ? undefined : changes([resolvePath(of.directory, patch), random.of(['', '# later\n'])]);
	});
}

function withImage(tree: Tree, random: Random, entry: unknown) {
	return inKustomization(tree, random, (of, text) =>
		changes([of.file, edited(text, document => addTo(document, 'images', entry))]),
	);
}

/** A tag that YAML reads as a number. */
function imageTagNumber(tree: Tree, random: Random) {
	return withImage(tree, random, { name: 'registry.example.com/web', newTag: 1.25 });
}

function imageNameBroken(tree: Tree, random: Random) {
	return withImage(tree, random, { name: 'registry.example.com/[web', newTag: '1' });
}

function imageFieldUnknown(tree: Tree, random: Random) {
	return withImage(tree, random, { name: 'registry.example.com/web', tag: '1' });
}

/** The object says its namespace from now on, and its patches do not. */
function namespaceGained(tree: Tree, random: Random) {
	return inPatched(tree, random, text =>
		/^ {2}namespace: /m.test(text)
			? text.replace(/^ {2}namespace: .*\n/m, '')
			: text.replace(/^( {2}name: .*)$/m, '$1\n  namespace: elsewhere'),
	);
}

function renamed(file: string, name: string): string {
	const directory = directoryOf(file);
	return directory === '' ? name : `${directory}/${name}`;
}

function withFile(tree: Tree, random: Random, nameOf: (name: string) => string) {
	return inKustomization(tree, random, of => {
		const files = listedFiles(tree, of);
		if (files.length === 0) return undefined;
		const { file } = random.of(files);
		const to = renamed(file, nameOf(file.slice(file.lastIndexOf('/') + 1)));
		return tree.has(to) ? undefined : changes([file, undefined], [to, tree.get(file)]);
	});
}

function fileInCapitals(tree: Tree, random: Random) {
	return withFile(tree, random, name => name.charAt(0).toUpperCase() + name.slice(1));
}

function fileRenamed(tree: Tree, random: Random) {
	return withFile(tree, random, name => name.replace(/(\.ya?ml)$/, random.of(['-v2$1', '.yml', '.yaml.bak'])));
}

function kindInSmallLetters(tree: Tree, random: Random) {
	return inListed(tree, random, text =>
		text.replace(/^kind: (\w+)$/m, (_, kind: string) => `kind: ${kind.toLowerCase()}`),
	);
}

function entryInCapitals(tree: Tree, random: Random) {
	return inKustomization(tree, random, (of, text) => {
		const [found] = listedFiles(tree, of);
		if (!found) return undefined;
		const after = text.replace(
			`- ${found.entry}`,
			`- ${found.entry.replace(/[a-z](?=[^/]*$)/, letter => letter.toUpperCase())}`,
		);
		return after === text ? undefined : changes([of.file, after]);
	});
}

/** Kubectl builds it; the controller finds no source of that name. */
function sourceMisspelt(tree: Tree, random: Random) {
	return someOf(manifests(tree), random, ({ file, documents }) => {
		const text = tree.get(file)!;
		if (file.endsWith('gotk-sync.yaml') || !documents.some(isFlux)) return undefined;
		const after = text.replace(/(sourceRef:\n(?: +(?:kind|namespace): .*\n)* +name: )(flux-system)$/m, '$1flux-systm');
		return after === text ? undefined : changes([file, after]);
	});
}

function chartSourceMisspelt(tree: Tree, random: Random) {
	return someOf(manifests(tree), random, ({ file, documents }) => {
		if (!documents.some(({ kind }) => kind === 'HelmRelease')) return undefined;
		const text = tree.get(file)!;
		const after = text.replace(
			/(sourceRef:\n(?: +(?:kind|namespace): .*\n)* +name: )(\S+)$/m,
			(_, head: string, name: string) => head + misspelt(name),
		);
		return after === text ? undefined : changes([file, after]);
	});
}

function carriageReturns(tree: Tree, random: Random) {
	return random.below(2) === 0
		? inListed(tree, random, text => text.replaceAll('\n', '\r\n'))
		: inKustomization(tree, random, (of, text) => changes([of.file, text.replaceAll('\n', '\r\n')]));
}

function byteOrderMark(tree: Tree, random: Random) {
	return random.below(2) === 0
		? inListed(tree, random, text => `\ufeff${text}`)
		: inKustomization(tree, random, (of, text) => changes([of.file, `\ufeff${text}`]));
}

function kindMisspelt(tree: Tree, random: Random) {
	return inKustomization(tree, random, (of, text) =>
		changes([of.file, edited(text, document => document.set('kind', random.of(['Kustomize', 'kustomization'])))]),
	);
}

function apiVersionOfFlux(tree: Tree, random: Random) {
	return inKustomization(tree, random, (of, text) =>
		changes([
			of.file,
			edited(text, document => {
				document.set('apiVersion', random.of(['kustomize.toolkit.fluxcd.io/v1', 'kustomize.config.k8s.io/v1']));
				document.set('kind', of.data.kind ?? 'Kustomization');
			}),
		]),
	);
}

function patchWithoutTarget(tree: Tree, random: Random) {
	return inKustomization(tree, random, (of, text) => {
		const entry = { patch: '- op: add\n  path: /metadata/labels/tier\n  value: web\n' };
		return changes([of.file, edited(text, document => addTo(document, 'patches', entry))]);
	});
}

function patchWithoutPatch(tree: Tree, random: Random) {
	return inKustomization(tree, random, (of, text) =>
		changes([of.file, edited(text, document => addTo(document, 'patches', { target: { kind: 'Deployment' } }))]),
	);
}

function nameIsNumber(tree: Tree, random: Random) {
	return inListed(tree, random, text => text.replace(/^( {2}name: )[\w-]+$/m, '$12024'));
}

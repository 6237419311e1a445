/**
 * Rename of an object across base and overlays: its own name, the patches of it, the fields of other objects that hold its name, and
 * the selectors of kustomizations. What a transformer adds to the name (prefix, suffix, hash) follows by itself.
 */
import type { Address, FieldPath } from '../base/address';
import { type FilePath, isKustomizationFile, isYamlFile } from '../base/paths';
import type { Database } from '../base/query';
import type { TextEdit } from '../base/text';
import { objectReferences } from '../kube/object-references';
import type { Resource } from '../kube/resource';
import { resourceIdOf } from '../kube/resource-id';
import { buildOf, entriesOf } from '../model/entries';
import { contentOf } from '../workspace/documents';
import { textOf } from '../workspace/inputs';
import { rangeOf, spotAt } from '../workspace/places';
import { addressOf, itemsOf, type MapNode, type Node, nodeAt, type ScalarNode, textAt } from '../yaml/node';
import { prepareVariableRename, renameVariable } from './rename-variable';
import type { WorkspaceChange } from './results';

/** An object as its sources call it. The namespace does not tell objects apart here: patches often leave it out. */
interface Named {
	readonly kind: string;
	readonly name: string;
}

/** The name under the offset, where it is one that `rename` can change. */
export function prepareRename(
	db: Database,
	file: FilePath,
	offset: number,
): { readonly start: number; readonly end: number; readonly text: string } | undefined {
	const variable = prepareVariableRename(db, file, offset);
	if (variable) return variable;
	const found = namedAt(db, file, offset);
	return found && { ...rangeOf(db, found.at), text: found.named.name };
}

/** Every place that says the name, with the new one; nothing where there is no name, or `to` cannot be one (RFC 1123). */
export function rename(db: Database, file: FilePath, offset: number, to: string): WorkspaceChange | undefined {
	if (prepareVariableRename(db, file, offset)) return renameVariable(db, file, offset, to);
	const found = namedAt(db, file, offset);
	if (!found || !/^[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$/.test(to)) return undefined;
	const edits = filesWith(db, file, found.named).flatMap(each => {
		const list = namesIn(db, each, found.named).flatMap(node => edit(db, node, to));
		return list.length > 0 ? [{ file: each, edits: list }] : [];
	});
	return { edits, create: [], delete: [] };
}

function namedAt(
	db: Database,
	file: FilePath,
	offset: number,
): { readonly named: Named; readonly at: Address } | undefined {
	const spot = spotAt(db, file, offset);
	if (!spot || spot.onKey || spot.address.within) return undefined;
	const document = contentOf(db, file)[spot.address.document]?.root;
	if (document?.kind !== 'map') return undefined;
	const here = names(document, isKustomizationFile(file)).find(({ node }) =>
		samePath(addressOf(node.origin).path, spot.address.path),
	);
	return here && here.kinds.length > 0
		? { named: { kind: here.kinds[0]!, name: here.node.text }, at: spot.address }
		: undefined;
}

function samePath(a: FieldPath, b: FieldPath): boolean {
	return a.length === b.length && a.every((key, i) => key === b[i]);
}

/** The files of all entry points that build an object of this name, and the asking file. */
function filesWith(db: Database, file: FilePath, { kind, name }: Named): readonly FilePath[] {
	const files = new Set([file]);
	for (const entry of entriesOf(db, file)) {
		const { resources } = buildOf(db, entry);
		const home = resources.find(each => each.originalId.kind === kind && each.originalId.name === name);
		for (const other of home ? entriesOf(db, home.from.file) : [])
			for (const each of buildOf(db, other).files) files.add(each);
	}
	return [...files].filter(isYamlFile).sort();
}

function namesIn(db: Database, file: FilePath, { kind, name }: Named): ScalarNode[] {
	return contentOf(db, file).flatMap(({ root }) =>
		root?.kind === 'map'
			? names(root, isKustomizationFile(file))
					.filter(({ node, kinds }) => node.text === name && kinds.includes(kind))
					.map(({ node }) => node)
			: [],
	);
}

interface Name {
	readonly node: ScalarNode;
	/** Of what it may be the name. */
	readonly kinds: readonly string[];
}

function names(root: MapNode, isKustomization: boolean): Name[] {
	if (isKustomization) return kustomizationNames(root);
	const id = resourceIdOf(root);
	const at: Address = addressOf(root.origin);
	const resource: Resource = { node: root, id, originalId: id, from: at, removed: [] };
	const own = nodeAt(root, ['metadata', 'name']);
	return [
		...(own?.kind === 'scalar' && id.kind ? [{ node: own, kinds: [id.kind] }] : []),
		...objectReferences(resource).map(({ node, kinds }) => ({ node, kinds })),
	];
}

/** Names in a kustomization: of generated objects, and exact ones in selectors, with the kind beside them. */
function kustomizationNames(root: MapNode): Name[] {
	const generated = (field: string, kind: string) =>
		itemsOf(nodeAt(root, [field])).flatMap(item => nameOf(item, [kind]));
	const selector = (item: Node | undefined) => nameOf(item, [textAt(item, 'kind') ?? ''].filter(Boolean));
	const patches = ['patches', 'patchesJson6902'].flatMap(field => itemsOf(nodeAt(root, [field])));
	const replacements = itemsOf(nodeAt(root, ['replacements']));
	return [
		...generated('configMapGenerator', 'ConfigMap'),
		...generated('secretGenerator', 'Secret'),
		...itemsOf(nodeAt(root, ['replicas'])).flatMap(item => nameOf(item, ['Deployment', 'StatefulSet', 'ReplicaSet'])),
		...patches.flatMap(item => selector(nodeAt(item, ['target']))),
		...replacements.flatMap(item => [
			...selector(nodeAt(item, ['source'])),
			...itemsOf(nodeAt(item, ['targets'])).flatMap(target => [
				...selector(nodeAt(target, ['select'])),
				...itemsOf(nodeAt(target, ['reject'])).flatMap(selector),
			]),
		]),
	];
}

function nameOf(item: Node | undefined, kinds: readonly string[]): Name[] {
	const node = nodeAt(item, ['name']);
	return node?.kind === 'scalar' && node.text !== '' ? [{ node, kinds }] : [];
}

/** Replaces the name and keeps its quotes. */
function edit(db: Database, node: ScalarNode, to: string): TextEdit[] {
	const address = addressOf(node.origin);
	const range = rangeOf(db, address);
	const present = (textOf(db, address.file) ?? '').slice(range.start, range.end);
	const quote = /^(["']).*\1$/.exec(present)?.[1] ?? '';
	return present === quote + node.text + quote ? [{ range, text: quote + to + quote }] : [];
}

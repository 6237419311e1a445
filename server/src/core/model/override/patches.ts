/** The patches of an overlay: those that are there already, and how another one is written and listed. */
import type { Address, FieldPath } from '../../base/address';
import { basename, dirname, type FilePath, join, relative } from '../../base/paths';
import type { SourceEdit } from '../../base/problem';
import type { Database } from '../../base/query';
import { parseApiVersion, type ResourceId } from '../../kube/resource-id';
import { kustomizationOf } from '../../kustomize/read/kustomization';
import type { PatchEntry } from '../../kustomize/read/model';
import { contentOf } from '../../workspace/documents';
import { fileExists } from '../../workspace/inputs';
import { type Node, nodeAt, textAt } from '../../yaml/node';
import { clusterTree, type Kustomized } from '../cluster-tree';
import { sourceNode } from '../source-nodes';
import { mergeInto, type MergeStep, mergeText } from './merge-path';
import { field, type NewValue, valueOf } from './new-value';

/** What a patch says of whom it is about. */
export type PatchId = Pick<ResourceId, 'group' | 'version' | 'kind' | 'name' | 'namespace'>;

interface PatchDocument {
	readonly entry: PatchEntry;
	readonly root: Node;
	readonly at: Address;
}

/** The edit of a strategic merge patch that the overlay has of the object. */
export function intoMergePatch(
	db: Database,
	overlay: Kustomized,
	id: PatchId,
	steps: readonly MergeStep[],
	value: NewValue,
): SourceEdit[] {
	const found = patchDocuments(db, overlay).find(({ root }) => root.kind === 'map' && isOf(root, id));
	return found ? [mergeInto(found.root, found.at, steps, value)] : [];
}

function isOf(root: Node, { kind, name, group }: PatchId): boolean {
	const own = parseApiVersion(textAt(root, 'apiVersion') ?? '');
	return textAt(root, 'kind') === kind && textAt(root, 'metadata', 'name') === name && own.group === group;
}

/** The edit of a JSON patch that the overlay has of the object. */
export function intoJsonPatch(
	db: Database,
	overlay: Kustomized,
	id: PatchId,
	path: FieldPath,
	value: NewValue,
): SourceEdit[] {
	const found = patchDocuments(db, overlay).find(
		({ root, entry: { target } }) =>
			root.kind === 'seq' && root.items.length > 0 && target?.kind === id.kind && target.name === id.name,
	);
	return found ? [{ kind: 'insert', at: found.at, yaml: operation(path, value) }] : [];
}

/** A new strategic merge patch: a file where the overlay's others are files, inline where they are inline. */
export function newMergePatch(
	db: Database,
	overlay: Kustomized,
	id: PatchId,
	steps: readonly MergeStep[],
	value: NewValue,
): SourceEdit[] {
	const { group, version, kind, name, namespace } = id;
	const metadata = [
		field('name', quoted(name), false),
		...(namespace ? [field('namespace', quoted(namespace), false)] : []),
	];
	const text = [
		`apiVersion: ${group ? `${group}/` : ''}${version}`,
		`kind: ${kind}`,
		field('metadata', metadata.join('\n'), true),
		mergeText(steps, value),
	].join('\n');
	return newPatch(db, overlay, id, text, '');
}

/** A new JSON patch with its target. */
export function newJsonPatch(
	db: Database,
	overlay: Kustomized,
	id: PatchId,
	path: FieldPath,
	value: NewValue,
): SourceEdit[] {
	const { group, version, kind, name } = id;
	const target = [
		...(group ? [`group: ${group}`] : []),
		`version: ${version}`,
		`kind: ${kind}`,
		`name: ${quoted(name)}`,
	];
	return newPatch(
		db,
		overlay,
		id,
		`- ${operation(path, value).replaceAll('\n', '\n  ')}`,
		field('target', target.join('\n'), true),
	);
}

function operation(path: FieldPath, value: NewValue): string {
	const pointer = path.map(key => '/' + String(key).replaceAll('~', '~0').replaceAll('/', '~1')).join('');
	const block = value.node.kind !== 'scalar' && !/^[[{]/.test(value.text);
	return ['op: replace', `path: ${pointer}`, field('value', value.text, block)].join('\n');
}

function quoted(text: string): string {
	return valueOf({
		kind: 'scalar',
		text,
		tag: '!!str',
		style: 'plain',
		origin: { step: 'patch', file: '/', document: 0, link: undefined },
	}).text;
}

function newPatch(db: Database, overlay: Kustomized, id: PatchId, text: string, target: string): SourceEdit[] {
	const file = overlay.links.file;
	if (file === undefined) return [];
	const own = kustomizationOf(db, overlay.directory).kustomization?.patches ?? [];
	const list = { file, document: 0, path: ['patches'] };
	const lead = target === '' ? '' : target + '\n';
	if (own.length > 0 && own.every(({ patch, path }) => patch !== undefined && path === undefined)) {
		return [{ kind: 'insert', at: list, yaml: `${lead}patch: |-\n${text.replace(/^(?=.)/gm, '  ')}` }];
	}
	const made = newFile(db, overlay, id);
	return [
		{ kind: 'create-file', file: made, text: text + '\n' },
		{ kind: 'insert', at: list, yaml: `${lead}path: ${relative(overlay.directory, made)}` },
	];
}

/** Where the overlays of the tree keep their patches: beside the overlay's own ones first, else as its siblings do. */
function newFile(db: Database, overlay: Kustomized, { kind, name }: PatchId): FilePath {
	const { kustomized } = db.get(clusterTree, '');
	const others = [...kustomized.values()].filter(({ role }) => role === 'overlay');
	const paths = [overlay, ...others].map(({ directory }) =>
		(kustomizationOf(db, directory).kustomization?.patches ?? []).flatMap(({ path }) => (path ? [path.value] : [])),
	);
	const [example] = paths.find(list => list.length > 0) ?? [];
	const directory = example === undefined ? 'patches' : example.includes('/') ? dirname('/' + example).slice(1) : '';
	const suffix = example === undefined || /-patch\.ya?ml$/.test(example) ? '-patch' : '';
	const prefix = example !== undefined && basename(example).startsWith('patch-') ? 'patch-' : '';
	const stems = [kind.toLowerCase(), `${kind.toLowerCase()}-${name}`.replace(/[^\w.-]/g, '-')];
	const [plain] = suffix || prefix || directory ? stems : [];
	const candidates = [...(plain === undefined ? [] : [plain]), stems[1]!, ...[2, 3, 4, 5].map(n => `${stems[1]}-${n}`)];
	const files = candidates.map(stem =>
		join(overlay.directory, `${directory}/${prefix}${stem}${suffix}.yaml`.replace(/^\//, '')),
	);
	return files.find(file => !fileExists(db, file)) ?? files.at(-1)!;
}

/** Every document of every patch, files and inline ones; without those that hold for several objects. */
function patchDocuments(db: Database, { directory }: Kustomized): readonly PatchDocument[] {
	const { kustomization } = kustomizationOf(db, directory);
	return kustomization ? [...kustomization.patches].flatMap(entry => documentsOf(db, directory, entry)) : [];
}

function documentsOf(db: Database, directory: FilePath, entry: PatchEntry): PatchDocument[] {
	const { path, patch, target } = entry;
	if (target && /[.*|[(]/.test(target.name)) return [];
	if (path) {
		const file = join(directory, path.value);
		return contentOf(db, file).flatMap(({ root }, document) =>
			root ? [{ entry, root, at: { file, document, path: [] } }] : [],
		);
	}
	if (!patch) return [];
	const at: Address = { ...patch.at, within: { document: 0, path: [] } };
	const root = sourceNode(db, { ...patch.node.origin, within: { document: 0, link: undefined } });
	return root ? [{ entry, root, at }] : [];
}

/** What patches call an object that comes out of the base: by its present name there, and by its first one. */
export function patchIds(built: {
	readonly id: ResourceId;
	readonly originalId: ResourceId;
	readonly node: Node;
}): PatchId[] {
	const { id, originalId, node } = built;
	const name = nodeAt(node, ['metadata', 'name']);
	const unhashed = name?.origin.step === 'hash' ? originalId.name : id.name;
	return [
		{ ...id, name: unhashed },
		{ ...id, name: unhashed, namespace: '' },
		{ ...id, name: originalId.name, namespace: originalId.namespace },
	].filter((each, index, all) => all.findIndex(other => sameName(other, each)) === index);
}

function sameName(a: PatchId, b: PatchId): boolean {
	return a.name === b.name && a.namespace === b.namespace;
}

/**
 * `overlay/overwritten`: a later patch of the same environment writes over every field that a patch says; or one of the same kustomization
 * gives one of the fields another value.
 */
import { type Address, addressKey } from '../base/address';
import { ofObject } from '../base/memo';
import { type FilePath, isKustomizationFile } from '../base/paths';
import type { ResourceId } from '../kube/resource-id';
import type { Database } from '../base/query';
import type { Application } from '../kustomize/build';
import { homeOf, type OwnFiles, ownFilesOf } from '../model/bases';
import { clusterTree, type Entry } from '../model/cluster-tree';
import { buildOf, eachEntry, perEntry, resourcesNamed } from '../model/entries';
import { PATCH_FIELDS } from '../model/links';
import { writtenBelow } from '../model/occurrences';
import { sourceNode } from '../model/source-nodes';
import { contentOf } from '../workspace/documents';
import { addressOf, child, type Node, nodeAt, type Origin, sameValue, walk } from '../yaml/node';
import type { Finding, Rule } from './rule';

export const overlayOverwritten: Rule = {
	code: 'overlay/overwritten',
	severity: 'warning',
	summary: 'A later patch writes over what an earlier one says.',
	pieces: db => eachEntry(db, overwritten),
	check: db => db.get(clusterTree, '').entries.flatMap(entry => overwritten(db, entry)),
};

const overwritten = perEntry<readonly Finding[]>('overwrittenPatches', [], (db, entry) => {
	const own = ownFilesOf(db, entry);
	if (entry.environment === '' || !own) return [];
	const { applications } = buildOf(db, entry);
	const patches = applications.flatMap(application =>
		application.step === 'patch' && application.changed && own.has(application.at.file)
			? (patchOf(db, application) ?? [])
			: [],
	);
	if (patches.length < 2) return [];
	return patches.flatMap(patch => {
		const over = writtenOver(db, own, patch);
		if (over.length === 0) return [];
		const places = new Set(over.map(({ at }) => addressKey(at)));
		return patch.said.every(each => places.has(addressKey(each)))
			? [ofPatch(entry, patch.entry, over[0]!.by)]
			: over.flatMap(each => (isConflict(db, patches, patch, each) ? [ofField(entry, patch, each)] : []));
	});
});

/** A patch of one object, in a file of its own or in its kustomization. */
interface Patch {
	/** Whom it is for, as it was called then. */
	readonly target: ResourceId;
	/** The entry of the kustomization. */
	readonly entry: Address;
	/** All that it says stands at or below this. */
	readonly at: Address;
	readonly kind: Node['kind'];
	/** The places of its values. */
	readonly said: readonly Address[];
}

function patchOf(db: Database, { at, matched }: Application): Patch | undefined {
	const [target, ...others] = matched;
	if (!target || others.length > 0) return undefined;
	const place = isKustomizationFile(at.file) ? inKustomization(db, at) : inFile(db, at);
	const said = place ? valuesIn(place.root) : [];
	return place && said.length > 0
		? { target, entry: place.entry, at: place.at, kind: place.root.kind, said }
		: undefined;
}

interface PatchPlace {
	readonly entry: Address;
	readonly at: Address;
	readonly root: Node;
}

function inFile(db: Database, { file }: Address): PatchPlace | undefined {
	const [first, ...others] = contentOf(db, file);
	const entry = entryOf(db, file);
	return first?.root && entry && others.length === 0
		? { entry, at: { file, document: 0, path: [] }, root: first.root }
		: undefined;
}

function inKustomization(db: Database, entry: Address): PatchPlace | undefined {
	const node = nodeAt(contentOf(db, entry.file)[entry.document]?.root, entry.path);
	const text = node?.kind === 'map' ? child(node, 'patch') : node;
	if (text?.kind !== 'scalar') return undefined;
	const within: Origin = { ...text.origin, step: 'patch', within: { document: 0, link: undefined } };
	const root = sourceNode(db, within);
	return root && { entry, at: addressOf(within), root };
}

/** A value of a patch, and who wrote over it. */
interface Overwritten {
	readonly at: Address;
	readonly by: Origin;
	readonly now: Node;
}

/** What a patch says and other patches of the same environment write over. */
function writtenOver(db: Database, own: OwnFiles, { target, at, kind, said }: Patch): readonly Overwritten[] {
	const subjects = resourcesNamed(db, own.entry, target.name)
		.filter(({ id }) => id.kind === target.kind)
		.map(({ node }) => ({ of: undefined, tree: node }));
	if (!subjects.some(({ tree }) => filesWrittenOver(db, tree).has(at.file))) return [];
	const places = new Set(said.map(addressKey));
	const written = writtenBelow(subjects, at).filter(({ node }) => node.kind === 'scalar');
	const found = written.flatMap(({ chain, index, node }): Overwritten[] => {
		const [by] = chain;
		const place = addressOf(chain[index]!);
		const isOver = index > 0 && by!.step === 'patch' && own.has(by!.file) && places.has(addressKey(place));
		return isOver ? [{ at: place, by: by!, now: node }] : [];
	});
	// What an operation writes counts where all of it is gone.
	return kind === 'seq' && found.length < written.length ? [] : found;
}

/** Whether a patch of the same kustomization, for the same object alone, says something else. */
function isConflict(db: Database, patches: readonly Patch[], patch: Patch, { at, by, now }: Overwritten): boolean {
	const said = sourceAt(db, at);
	const other = patches.find(each => holds(each.at, addressOf(by)));
	return other !== undefined && other !== patch && other.entry.file === patch.entry.file && !sameValue(said, now);
}

function sourceAt(db: Database, { file, document, path, within }: Address): Node | undefined {
	const outer = nodeAt(contentOf(db, file)[document]?.root, path);
	if (!within || !outer) return outer;
	const root = sourceNode(db, { ...outer.origin, within: { document: within.document, link: undefined } });
	return nodeAt(root, within.path);
}

function holds(whole: Address, part: Address): boolean {
	if (whole.file !== part.file || whole.document !== part.document) return false;
	return !whole.within || addressKey({ ...whole, within: undefined }) === addressKey({ ...part, within: undefined });
}

/** The files that wrote values of a tree which patches wrote over. */
const filesWrittenOver = ofObject<Node, ReadonlySet<FilePath>>(tree => {
	const files = new Set<FilePath>();
	walk(tree, ({ kind, origin }) => {
		if (kind !== 'scalar' || origin.step !== 'patch') return;
		for (let at = origin.replaced; at; at = at.replaced) files.add(at.file);
	});
	return files;
});

/** The entry of a kustomization that names the patch file. */
function entryOf(db: Database, file: FilePath): Address | undefined {
	const links = homeOf(db, file)?.links.links ?? [];
	const link = links.find(({ field, target }) => PATCH_FIELDS.has(field) && target === file);
	return link && { ...link.at, path: link.at.path.slice(0, 2) };
}

/** The places of the values that a patch says, besides whom it is about and which elements of lists. */
function valuesIn(root: Node): Address[] {
	const found: Address[] = [];
	walk(root, (node, link) => {
		if (node.kind !== 'scalar') return;
		const key = link?.key;
		const isIdentity =
			link?.parent === undefined || (link.parent.key === 'metadata' && link.parent.parent === undefined);
		const isMergeKey = key === 'name' && typeof link?.parent?.key === 'number';
		const isOperation = key === 'op' || key === 'path';
		if (!isIdentity && !isMergeKey && !isOperation) found.push(addressOf(node.origin));
	});
	return found;
}

function ofPatch({ environment }: Entry, at: Address, by: Origin): Finding {
	return {
		code: overlayOverwritten.code,
		severity: overlayOverwritten.severity,
		message: `everything that this patch says is written over by a later one of ${environment}; remove it`,
		at,
		anchor: 'entry',
		tag: 'unnecessary',
		environments: [environment],
		related: [{ message: 'written over here', at: addressOf(by) }],
		fixes: [{ title: 'Remove this patch', edits: [{ kind: 'remove', at }] }],
	};
}

function ofField({ environment }: Entry, { target }: Patch, { at, by, now }: Overwritten): Finding {
	const shown = now.kind === 'scalar' ? ` (\`${now.text.split('\n', 1)[0]}\`)` : '';
	return {
		code: overlayOverwritten.code,
		severity: overlayOverwritten.severity,
		message: `another patch of this kustomization comes later and says something else of ${target.kind}/${target.name} here${shown}; keep one of them`,
		at,
		environments: [environment],
		related: [{ message: 'written over here', at: addressOf(by) }],
		fixes: [{ title: 'Leave it to the later patch', edits: [{ kind: 'remove', at }] }],
	};
}

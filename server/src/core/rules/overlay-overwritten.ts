/** `overlay/overwritten`: a patch says something, and a later patch of the same overlay says something else at every one of its fields. */
import { type Address, addressKey } from '../base/address';
import { ofObject } from '../base/memo';
import type { FilePath } from '../base/paths';
import type { Database } from '../base/query';
import type { Application } from '../kustomize/build';
import { homeOf, type OwnFiles, ownFilesOf } from '../model/bases';
import { clusterTree, type Entry } from '../model/cluster-tree';
import { buildOf, eachEntry, perEntry, resourcesNamed } from '../model/entries';
import { writtenBelow } from '../model/occurrences';
import { contentOf } from '../workspace/documents';
import { addressOf, type Node, type Origin, walk } from '../yaml/node';
import type { Finding, Rule } from './rule';

export const overlayOverwritten: Rule = {
	code: 'overlay/overwritten',
	severity: 'warning',
	summary: 'All that a patch says is written over by a later one.',
	pieces: db => eachEntry(db, overwritten),
	check: db => db.get(clusterTree, '').entries.flatMap(entry => overwritten(db, entry)),
};

const overwritten = perEntry<readonly Finding[]>('overwrittenPatches', [], (db, entry) => {
	const own = ownFilesOf(db, entry);
	if (entry.environment === '' || !own) return [];
	const { applications } = buildOf(db, entry);
	const patches = applications.filter(({ step, changed, at }) => step === 'patch' && changed && own.has(at.file));
	return patches.flatMap(patch => {
		const by = overwriter(db, own, patch);
		const at = entryOf(db, patch.at);
		return by && at ? [finding(entry, at, by)] : [];
	});
});

/** Who wrote over a patch file's last field, where every field of it was written over by a patch of the same environment. */
function overwriter(db: Database, own: OwnFiles, { at, matched }: Application): Origin | undefined {
	if (matched.length !== 1) return undefined;
	const [target] = matched;
	const subjects = resourcesNamed(db, own.entry, target!.name)
		.filter(({ id }) => id.kind === target!.kind)
		.map(({ node }) => ({ of: undefined, tree: node }));
	if (!subjects.some(({ tree }) => filesWrittenOver(db, tree).has(at.file))) return undefined;
	const [first, ...others] = contentOf(db, at.file);
	if (!first?.root || others.length > 0 || !entryOf(db, at)) return undefined;
	const said = valuesIn(first.root);
	const written = writtenBelow(subjects, { file: at.file, document: 0, path: [] }).filter(
		({ node }) => node.kind === 'scalar',
	);
	const isOver = written.every(
		({ chain, index }) => index > 0 && chain[0]!.step === 'patch' && own.has(chain[0]!.file),
	);
	const places = new Set(written.map(({ chain, index }) => addressKey(addressOf(chain[index]!))));
	return said.length > 0 && isOver && said.every(each => places.has(addressKey(each)))
		? written[0]!.chain[0]
		: undefined;
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
function entryOf(db: Database, { file }: Address): Address | undefined {
	const links = homeOf(db, file)?.links.links ?? [];
	const link = links.find(({ field, target }) => field === 'patches' && target === file);
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

function finding({ environment }: Entry, at: Address, by: Origin): Finding {
	return {
		code: overlayOverwritten.code,
		severity: overlayOverwritten.severity,
		message: `everything that this patch says is written over by a later one of ${environment}; remove it`,
		at,
		anchor: 'entry',
		tag: 'unnecessary',
		environments: [environment],
		related: [{ message: 'written over here', at: addressOf(by) }],
	};
}

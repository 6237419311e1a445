/**
 * `overlay/wrong-index`: an operation of a JSON patch whose index leads to another element than its value speaks of. It replaces an
 * element by one whose name stands in the list already, or gives a container the image of its neighbour: the list has
 * changed since the patch was written.
 */
import { addressKey } from '../base/address';
import { ofObject } from '../base/memo';
import type { Database } from '../base/query';
import { homeOf } from '../model/bases';
import { clusterTree } from '../model/cluster-tree';
import { buildOf, eachEntry, perEntry } from '../model/entries';
import { contentOf } from '../workspace/documents';
import { addressOf, child, type Node, nodeAt, type Origin, type SeqNode, stringAt } from '../yaml/node';
import { isOfJsonPatch } from './json-patch-origin';
import type { Finding, Rule } from './rule';

export const overlayWrongIndex: Rule = {
	code: 'overlay/wrong-index',
	severity: 'warning',
	summary: 'The index in a JSON patch leads to another element than its value speaks of.',
	pieces: db => eachEntry(db, wrongIndices),
	check: db => {
		const found = new Map<string, Finding>();
		for (const entry of db.get(clusterTree, '').entries)
			for (const finding of wrongIndices(db, entry)) found.set(addressKey(finding.at), finding);
		return [...found.values()];
	},
};

/** Lists in which a name stands once. In others (subjects, volume mounts) it may well stand twice. */
const NAMED_ONCE: ReadonlySet<string> = new Set([
	'containers',
	'ephemeralContainers',
	'env',
	'initContainers',
	'ports',
	'volumes',
]);

const wrongIndices = perEntry<readonly Finding[]>('wrongIndices', [], (db, entry) =>
	buildOf(db, entry).resources.flatMap(({ node }) =>
		patchedLists(db, node).flatMap(({ key, list }) => checkList(db, key, list)),
	),
);

interface PatchedList {
	readonly key: string;
	readonly list: SeqNode;
}

/** The lists in which a JSON patch wrote an element, or an element's image. */
const patchedLists = ofObject<Node, readonly PatchedList[]>(tree => {
	const found = [...listsIn(tree)];
	return found.length === 0 ? NONE : found;
});

const NONE: readonly PatchedList[] = [];

function* listsIn(node: Node): Generator<PatchedList> {
	if (node.kind === 'seq') for (const item of node.items) yield* listsIn(item);
	if (node.kind !== 'map') return;
	for (const { key, value } of node.entries) {
		if (value.kind === 'seq' && NAMED_ONCE.has(key) && value.items.some(isPatched)) yield { key, list: value };
		if (value.kind !== 'scalar') yield* listsIn(value);
	}
}

function isPatched(item: Node): boolean {
	const image = child(item, 'image');
	return isOfJsonPatch(item.origin) || (image !== undefined && isOfJsonPatch(image.origin));
}

function checkList(db: Database, list: string, { items }: SeqNode): Finding[] {
	return items.flatMap((item, index) => {
		const others = items.filter(each => each !== item);
		return [...replacedElement(db, list, item, index, others), ...neighboursImage(db, list, item, index, others)];
	});
}

function replacedElement(db: Database, list: string, item: Node, index: number, others: readonly Node[]): Finding[] {
	const name = stringAt(item, 'name');
	const { origin } = item;
	if (name === undefined || !isOfJsonPatch(origin) || !others.some(each => stringAt(each, 'name') === name)) return [];
	const before = origin.replaced && stringAt(sourceOf(db, origin.replaced), 'name');
	if (before === undefined || before === name) return [];
	const message = `index ${index} of \`${list}\` is \`${before}\`, which this replaces by a second \`${name}\`; point to the \`${name}\` that is there`;
	return [finding(db, origin, message)];
}

function neighboursImage(db: Database, list: string, item: Node, index: number, others: readonly Node[]): Finding[] {
	const image = child(item, 'image');
	if (image?.kind !== 'scalar' || !isOfJsonPatch(image.origin) || !image.origin.replaced) return [];
	const before = sourceOf(db, image.origin.replaced);
	if (before?.kind !== 'scalar' || repository(before.text) === repository(image.text)) return [];
	const owner = others.find(each => repository(stringAt(each, 'image') ?? '') === repository(image.text));
	if (!owner) return [];
	const name = stringAt(item, 'name') ?? '';
	const message = `index ${index} of \`${list}\` is \`${name}\` with the image \`${before.text}\`, and this gives it the image of \`${stringAt(owner, 'name') ?? ''}\`; point to that one`;
	return [finding(db, image.origin, message)];
}

/** An image without its tag and digest. */
function repository(image: string): string {
	return image.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
}

function finding(db: Database, origin: Origin, message: string): Finding {
	const at = addressOf(origin);
	const environments = homeOf(db, at.file)?.environments ?? [];
	return {
		code: overlayWrongIndex.code,
		severity: overlayWrongIndex.severity,
		message,
		at,
		related: origin.replaced ? [{ message: 'what the index leads to', at: addressOf(origin.replaced) }] : [],
		environments: environments.length === 1 ? environments : [],
	};
}

/** What stands at the origin in the sources; of lists that are generated or embedded nothing is said. */
function sourceOf(db: Database, origin: Origin): Node | undefined {
	const { file, document, path, within } = addressOf(origin);
	return within ? undefined : nodeAt(contentOf(db, file)[document]?.root, path);
}

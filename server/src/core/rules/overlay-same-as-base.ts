/** `overlay/same-as-base`: a field of a patch or a values file of an overlay sets what the base has already. */
import { type Address, type FieldPath, formatPath, pathOf } from '../base/address';
import { ofObject, ofObjects } from '../base/memo';
import type { Database } from '../base/query';
import { describeId } from '../kube/resource-id';
import { clusterTree } from '../model/cluster-tree';
import {
	type Customisation,
	customisedFields,
	type CustomisedObject,
	customisedObjects,
} from '../model/customisations';
import { eachEntry, perEntry } from '../model/entries';
import { sourceNode } from '../model/source-nodes';
import { unneededPatchFields } from '../model/unneeded-patch-fields';
import { contentOf } from '../workspace/documents';
import type { ContentDocument } from '../yaml/content';
import { addressOf, isNull, type Node, nodeAt, sameValue } from '../yaml/node';
import type { Finding, Rule } from './rule';

export const overlaySameAsBase: Rule = {
	code: 'overlay/same-as-base',
	severity: 'warning',
	summary: 'An overlay sets a field to what the base has already.',
	pieces: function* (db) {
		yield* eachEntry(db, equalInEntry);
		yield* eachEntry(db, unneededPatchFields);
	},
	check: db => [
		...equalChanges(db).map(({ path, environment, subject, origin }) =>
			finding(path, subject.title, environment, addressOf(origin), addressOf(origin.replaced!)),
		),
		...db
			.get(clusterTree, '')
			.entries.flatMap(entry =>
				unneededPatchFields(db, entry).map(({ resource, path, at, writtenAt }) =>
					finding(path, describeId(resource.id), entry.environment, at, writtenAt),
				),
			),
	],
};

/** The values that took the place of equal ones; of one field in one environment, only where its first change is one. */
function equalChanges(db: Database): readonly Customisation[] {
	const found = db
		.get(clusterTree, '')
		.entries.filter(({ environment }) => environment !== '')
		.flatMap(entry => equalInEntry(db, entry));
	if (found.length === 0) return [];
	const first = new Set(customisedFields(db).flatMap(({ by }) => [...by.values()]));
	return found.filter(change => first.has(change));
}

const equalInEntry = perEntry<readonly Customisation[]>('equalChanges', [], (db, entry) =>
	customisedObjects(db, entry).flatMap(object =>
		writtenOver(db, object).filter(change => {
			const { file, within } = change.origin.replaced!;
			return within
				? isEqual(change, sourceNode(db, change.origin.replaced!))
				: isEqualIn(db, contentOf(db, file), change);
		}),
	),
);

const isEqualIn = ofObjects<readonly ContentDocument[], Customisation, boolean>((content, change) => {
	const { document, link } = change.origin.replaced!;
	return isEqual(change, nodeAt(content[document]?.root, pathOf(link)));
});

function isEqual({ node }: Customisation, written: Node | undefined): boolean {
	return written !== undefined && written.kind === node.kind && sameValue(node, written);
}

/** The changes that took the place of what another file says. */
const writtenOver = ofObject<CustomisedObject, readonly Customisation[]>(({ changes }) => {
	const found = changes
		.map(({ change }) => change)
		.filter(({ origin, node }) => origin.replaced && origin.replaced.file !== origin.file && !isNull(node));
	return found.length === 0 ? NOTHING : found;
});

const NOTHING: readonly Customisation[] = [];

function finding(path: FieldPath, title: string, environment: string, at: Address, base: Address): Finding {
	return {
		code: overlaySameAsBase.code,
		severity: overlaySameAsBase.severity,
		message: `\`${formatPath(path)}\` of ${title} is so already; remove it, so that the overlay of ${environment} holds only what differs`,
		at,
		anchor: 'entry',
		tag: 'unnecessary',
		environments: [environment],
		related: [{ message: 'the base has the same', at: base }],
		fixes: [{ title: 'Remove what the base says already', edits: [{ kind: 'remove', at }] }],
	};
}

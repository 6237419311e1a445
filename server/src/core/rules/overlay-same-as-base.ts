/** `overlay/same-as-base`: a field of a patch or a values file of an overlay sets what the base has already. */
import { type Address, type FieldPath, formatPath } from '../base/address';
import type { Database } from '../base/query';
import { describeId } from '../kube/resource-id';
import { clusterTree } from '../model/cluster-tree';
import { type Customisation, customisedFields } from '../model/customisations';
import { sourceNode } from '../model/source-nodes';
import { unneededPatchFields } from '../model/unneeded-patch-fields';
import { addressOf, isNull, sameValue } from '../yaml/node';
import type { Finding, Rule } from './rule';

export const overlaySameAsBase: Rule = {
	code: 'overlay/same-as-base',
	severity: 'warning',
	summary: 'An overlay sets a field to what the base has already.',
	check: db => [
		...customisedFields(db).flatMap(({ by }) => [...by.values()].flatMap(change => ofCustomisation(db, change))),
		...db
			.get(clusterTree, '')
			.entries.flatMap(entry =>
				unneededPatchFields(db, entry).map(({ resource, path, at, writtenAt }) =>
					finding(path, describeId(resource.id), entry.environment, at, writtenAt),
				),
			),
	],
};

/** A value that took the place of an equal one. */
function ofCustomisation(db: Database, { origin, node, path, environment, subject }: Customisation): Finding[] {
	const before = origin.replaced;
	const written = before && sourceNode(db, before);
	if (!before || !written || written.kind !== node.kind || isNull(node) || !sameValue(node, written)) return [];
	if (before.file === origin.file) return [];
	return [finding(path, subject.title, environment, addressOf(origin), addressOf(before))];
}

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

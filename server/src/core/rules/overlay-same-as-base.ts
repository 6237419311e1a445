/** `overlay/same-as-base`: a field of a patch or a values file of an overlay sets what the base has already. */
import { formatPath } from '../base/address';
import type { Database } from '../base/query';
import { type Customisation, customisedFields } from '../model/customisations';
import { sourceNode } from '../model/source-nodes';
import { addressOf, isNull, sameValue } from '../yaml/node';
import type { Finding, Rule } from './rule';

export const overlaySameAsBase: Rule = {
	code: 'overlay/same-as-base',
	severity: 'warning',
	summary: 'An overlay sets a field to what the base has already.',
	check: db => customisedFields(db).flatMap(({ by }) => [...by.values()].flatMap(change => finding(db, change))),
};

function finding(db: Database, { origin, node, path, environment, subject }: Customisation): Finding[] {
	const before = origin.replaced;
	const written = before && sourceNode(db, before);
	if (!before || !written || written.kind !== node.kind || isNull(node) || !sameValue(node, written)) return [];
	if (before.file === origin.file) return [];
	return [
		{
			code: overlaySameAsBase.code,
			severity: overlaySameAsBase.severity,
			message: `\`${formatPath(path)}\` of ${subject.title} is so already; remove it, so that the overlay of ${environment} holds only what differs`,
			at: addressOf(origin),
			anchor: 'entry',
			tag: 'unnecessary',
			environments: [environment],
			related: [{ message: 'the base has the same', at: addressOf(before) }],
			fixes: [{ title: 'Remove what the base says already', edits: [{ kind: 'remove', at: addressOf(origin) }] }],
		},
	];
}

/**
 * `overlay/selector-labels`: labels of an overlay that reach the selectors of workloads which stand in a base. A selector cannot be
 * changed once the object is there, so the first apply after such a label was added or changed fails.
 */
import { addressKey } from '../base/address';
import { dirname } from '../base/paths';
import type { Database } from '../base/query';
import { formatId } from '../kube/resource-id';
import type { Resource } from '../kube/resource';
import { homeOf } from '../model/bases';
import { clusterTree } from '../model/cluster-tree';
import { buildOf, eachEntry, perEntry } from '../model/entries';
import { addressOf, entriesOf, nodeAt } from '../yaml/node';
import type { Finding, Rule } from './rule';

export const overlaySelectorLabels: Rule = {
	code: 'overlay/selector-labels',
	severity: 'information',
	summary: "An overlay's labels become part of selectors, which cannot change once applied.",
	pieces: db => eachEntry(db, selectorLabels),
	check: db => {
		const found = new Map<string, Finding>();
		for (const entry of db.get(clusterTree, '').entries)
			for (const finding of selectorLabels(db, entry)) {
				const key = addressKey(finding.at);
				if (!found.has(key)) found.set(key, finding);
			}
		return [...found.values()];
	},
};

/** Kinds whose `spec.selector` the API server refuses to change. */
const IMMUTABLE_SELECTOR: ReadonlySet<string> = new Set(['DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet']);

const selectorLabels = perEntry<readonly Finding[]>('selectorLabels', [], (db, entry) =>
	buildOf(db, entry).resources.flatMap(resource =>
		IMMUTABLE_SELECTOR.has(resource.id.kind) && resource.id.group === 'apps' ? labelsOf(db, resource) : [],
	),
);

function labelsOf(db: Database, { node, id }: Resource): Finding[] {
	const base = homeOf(db, node.origin.file);
	if (base?.role !== 'base') return [];
	return entriesOf(nodeAt(node, ['spec', 'selector', 'matchLabels'])).flatMap(({ key, value }): Finding[] => {
		if (value.origin.step !== 'labels' || dirname(value.origin.file) === base.directory) return [];
		const overlay = homeOf(db, value.origin.file);
		if (overlay?.role === 'base') return [];
		return [
			{
				code: overlaySelectorLabels.code,
				severity: overlaySelectorLabels.severity,
				message:
					`\`${key}\` becomes part of the selector of ${id.kind}/${id.name}, which cannot change once it is applied; ` +
					'use `labels` without `includeSelectors`, unless nothing has been applied yet',
				at: addressOf(value.origin),
				anchor: 'entry',
				related: [{ message: formatId(id), at: addressOf(node.origin) }],
				environments: overlay?.environments.length === 1 ? overlay.environments : [],
				details: 'spec.selector: Invalid value: field is immutable',
			},
		];
	});
}

/** Overrides of a HelmRelease's values: in a values file that the environment's overlay brings, or in `spec.values`. */
import { type Address, type FieldPath, pathOf } from '../../base/address';
import type { SourceEdit } from '../../base/problem';
import type { Database } from '../../base/query';
import { valuesHost } from '../../gitops/helm/merge-values';
import type { Release } from '../../gitops/helm/release';
import { contentOf } from '../../workspace/documents';
import { nodeAt } from '../../yaml/node';
import { homeOf } from '../bases';
import { objectKey } from '../differences';
import { releasesOf } from '../releases';
import { sourceNode } from '../source-nodes';
import { mergeInto, type MergeStep } from './merge-path';
import { type NewValue, replacedAt, valueOf } from './new-value';
import type { OverrideTarget } from './target';

/** A value as it must be written: lists are not merged, so a change in one says the whole list. */
export interface WholeValue {
	readonly path: FieldPath;
	readonly value: NewValue;
}

/** The shortest path without an index, with the value that belongs there. */
export function wholeValue(db: Database, target: OverrideTarget, value: NewValue): WholeValue | undefined {
	const { path } = target;
	const index = path.findIndex(key => typeof key === 'number');
	if (index < 0) return { path, value };
	const list = nodeAt(releaseOf(db, target)?.merged.values, path.slice(0, index));
	return list && { path: path.slice(0, index), value: valueOf(replacedAt(list, path.slice(index), value.node)) };
}

function releaseOf(db: Database, { subject }: OverrideTarget): Release | undefined {
	return releasesOf(db, subject.entry).find(
		({ resource }) => objectKey({ ...subject, resource }) === objectKey(subject),
	);
}

/** The edit of the last values file that belongs to the environment alone; nothing where it has none. */
export function intoValuesFile(db: Database, target: OverrideTarget, { path, value }: WholeValue): SourceEdit[] {
	const references = releaseOf(db, target)?.references ?? [];
	for (const { entry, target: single } of references.toReversed()) {
		if (!entry || single || entry.form !== 'plain') continue;
		const home = homeOf(db, entry.origin.file);
		if (home?.environments.length !== 1 || home.environments[0] !== target.environment) continue;
		const { file, embedded } = valuesHost(entry, 'valuesFrom');
		const at: Address = embedded
			? { file, document: embedded.document, path: pathOf(embedded.link), within: { document: 0, path: [] } }
			: { file, document: 0, path: [] };
		const root = embedded
			? sourceNode(db, { ...entry.origin, ...embedded, within: { document: 0, link: undefined } })
			: contentOf(db, file)[0]?.root;
		const steps = path.map((key): MergeStep => ({ kind: 'key', key: String(key) }));
		return [mergeInto(root, at, steps, value)];
	}
	return [];
}

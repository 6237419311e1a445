/** Makes a patch that means nothing mean the resource that it is nearest to: with its apiVersion, kind, name or namespace. */
import { nearest } from '../../base/nearest';
import type { Fix } from '../../base/problem';
import type { Database } from '../../base/query';
import { describeId, type ResourceId, resourceIdOf } from '../../kube/resource-id';
import { buildOf, entriesOf } from '../../model/entries';
import { contentOf } from '../../workspace/documents';
import { valueOf } from '../../model/override/new-value';
import { stringNode } from '../../yaml/node';
import type { Finding } from '../rule';

export function correctPatch(db: Database, { at }: Finding): readonly Fix[] {
	if (at.within) return [];
	const root = contentOf(db, at.file)[at.document]?.root;
	if (!root) return [];
	const id = resourceIdOf(root);
	const ids = entriesOf(db, at.file).flatMap(entry =>
		buildOf(db, entry).resources.flatMap(({ id, originalId }) => [id, originalId]),
	);
	const corrected = correction(id, ids);
	if (!corrected) return [];
	const { path, text, meant } = corrected;
	const value = valueOf(stringNode(text, { step: 'patch', file: at.file, document: 0, link: undefined })).text;
	const place = { file: at.file, document: at.document, path };
	const edits =
		text === ''
			? [{ kind: 'remove' as const, at: place }]
			: path[1] === 'namespace' && id.namespace === ''
				? [{ kind: 'insert' as const, at: { ...place, path: ['metadata'] }, key: 'namespace', yaml: value }]
				: [{ kind: 'set' as const, at: place, text: value }];
	return [{ title: `Make it a patch of ${describeId(meant)}`, edits }];
}

interface Correction {
	readonly path: readonly string[];
	/** Empty where the field goes. */
	readonly text: string;
	readonly meant: ResourceId;
}

function correction(id: ResourceId, ids: readonly ResourceId[]): Correction | undefined {
	const sameKind = ids.filter(({ kind }) => kind === id.kind);
	const sameName = sameKind.filter(({ name }) => name === id.name);
	const otherVersion = sameName.find(({ group, version }) => group !== id.group || version !== id.version);
	if (otherVersion) {
		const { group, version } = otherVersion;
		return { path: ['apiVersion'], text: group ? `${group}/${version}` : version, meant: otherVersion };
	}
	const [elsewhere] = sameName;
	if (elsewhere) return { path: ['metadata', 'namespace'], text: elsewhere.namespace, meant: elsewhere };
	const name = nearest(
		id.name,
		sameKind.map(each => each.name),
	);
	const named = sameKind.find(each => each.name === name);
	if (named) return { path: ['metadata', 'name'], text: named.name, meant: named };
	const ofName = ids.filter(each => each.name === id.name);
	const kind = nearest(
		id.kind,
		ofName.map(each => each.kind),
	);
	const ofKind = ofName.find(each => each.kind === kind);
	return ofKind && { path: ['kind'], text: ofKind.kind, meant: ofKind };
}

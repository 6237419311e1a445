/** Lets an overlay that copies a base's files build on the base instead, with a patch of what the copies say otherwise. */
import { basename, join, relative } from '../../base/paths';
import type { Fix, SourceEdit } from '../../base/problem';
import type { Database } from '../../base/query';
import { copiedResources } from '../../model/copied-resources';
import { contentOf } from '../../workspace/documents';
import { fileExists } from '../../workspace/inputs';
import { emitText } from '../../yaml/emit';
import { child, type MapEntry, type MapNode, type Node, sameValue } from '../../yaml/node';
import type { Finding } from '../rule';

export function buildOnBase(db: Database, { at }: Finding): readonly Fix[] {
	const copies = copiedResources(db).filter(({ kind }) => kind === 'file');
	const found = copies.find(copy => copy.at.file === at.file);
	if (!found) return [];
	const { overlay, base } = found;
	const file = overlay.links.file;
	const all = copies.filter(copy => copy.overlay === overlay && copy.base === base);
	if (file === undefined || all.some(copy => contentOf(db, copy.at.file).length !== 1)) return [];
	const edits: SourceEdit[] = [];
	for (const [index, { at: copy, root, originalRoot }] of all.entries()) {
		const link = overlay.links.links.find(each => each.field === 'resources' && each.target === copy.file);
		if (!link) return [];
		edits.push(
			index === 0
				? { kind: 'set', at: link.at, text: relative(overlay.directory, base.directory) }
				: { kind: 'remove', at: link.at },
			{ kind: 'delete-file', file: copy.file },
		);
		const differing = differenceOf(root, originalRoot);
		if (differing.length === 0) continue;
		const path = `patches/${basename(copy.file).replace(/(-patch)?\.(ya?ml)$/, '-patch.$2')}`;
		if (fileExists(db, join(overlay.directory, path))) return [];
		edits.push(
			{ kind: 'create-file', file: join(overlay.directory, path), text: emitText(patchOf(originalRoot, differing)) },
			{ kind: 'insert', at: { file, document: 0, path: ['patches'] }, yaml: `path: ${path}` },
		);
	}
	return [{ title: 'Build on the base, and patch what differs', edits }];
}

/** What has to be said of the original to make it the copy; what the copy lacks is taken away by a null. */
function differenceOf(copy: MapNode, original: MapNode): MapEntry[] {
	const changed = copy.entries.flatMap(({ key, value }): MapEntry[] => {
		const before = child(original, key);
		if (before && sameValue(before, value)) return [];
		if (before?.kind !== 'map' || value.kind !== 'map') return [{ key, value }];
		return [{ key, value: { ...value, entries: differenceOf(value, before) } }];
	});
	const gone = original.entries.filter(({ key }) => child(copy, key) === undefined);
	return [...changed, ...gone.map(({ key, value }) => ({ key, value: nullAt(value) }))];
}

function nullAt({ origin }: Node): Node {
	return { kind: 'scalar', text: 'null', tag: '!!null', style: 'plain', origin };
}

/** The differences with what says whom they are about. */
function patchOf(original: MapNode, differing: readonly MapEntry[]): MapNode {
	const metadata = child(original, 'metadata');
	const own = metadata?.kind === 'map' ? metadata.entries.filter(({ key }) => /^name(space)?$/.test(key)) : [];
	const changed = differing.find(({ key }) => key === 'metadata')?.value;
	const identity = new Set(['apiVersion', 'kind', 'metadata']);
	const entries: MapEntry[] = [
		...original.entries.filter(({ key }) => key === 'apiVersion' || key === 'kind'),
		{
			key: 'metadata',
			value: {
				kind: 'map',
				origin: original.origin,
				entries: [...own, ...(changed?.kind === 'map' ? changed.entries.filter(({ key }) => key !== 'name') : [])],
			},
		},
		...differing.filter(({ key }) => !identity.has(key)),
	];
	return { kind: 'map', entries, origin: original.origin };
}

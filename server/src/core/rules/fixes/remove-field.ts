/** Takes a field out of an overlay: with the operation or entry that it is, and with the patch that would say nothing without it. */
import { type Address, type FieldPath, pathOf } from '../../base/address';
import { isKustomizationFile } from '../../base/paths';
import type { SourceEdit } from '../../base/problem';
import type { Database } from '../../base/query';
import { homeOf } from '../../model/bases';
import { contentOf } from '../../workspace/documents';
import { type Node, walk } from '../../yaml/node';

export function removalOf(db: Database, at: Address): SourceEdit[] {
	const { file, document, path } = at;
	if (at.within) return [{ kind: 'remove', at }];
	if (isKustomizationFile(file)) {
		const isEntry = path[0] === 'replicas' || path[0] === 'images';
		return [{ kind: 'remove', at: isEntry ? { ...at, path: path.slice(0, 2) } : at }];
	}
	const documents = contentOf(db, file);
	const root = documents[document]?.root;
	// An operation of a JSON patch is nothing without its value.
	const place = root?.kind === 'seq' ? path.slice(0, 1) : path;
	const link = homeOf(db, file)?.links.links.find(({ field, target }) => field === 'patches' && target === file);
	if (root && link && documents.length === 1 && saysNothingElse(root, place)) {
		const entry = { ...link.at, path: link.at.path.slice(0, 2) };
		return [
			{ kind: 'remove', at: entry },
			{ kind: 'delete-file', file },
		];
	}
	return [{ kind: 'remove', at: { ...at, path: place } }];
}

/** Whether all that a patch says besides whom it is about stands at or below the path. */
function saysNothingElse(root: Node, path: FieldPath): boolean {
	if (root.kind === 'seq') return root.items.length === 1;
	let other = false;
	walk(root, (node, link) => {
		const here = pathOf(link);
		const isIdentity =
			here[0] === 'apiVersion' ||
			here[0] === 'kind' ||
			(here[0] === 'metadata' && /^name(space)?$/.test(String(here[1] ?? 'name')));
		const isBelow = path.every((key, index) => here[index] === key);
		// The merge keys of list elements only lead to the field.
		const isKeyOnTheWay =
			here.at(-1) === 'name' && path.slice(0, here.length - 1).every((key, index) => here[index] === key);
		if (node.kind === 'scalar' && !isIdentity && !isBelow && !isKeyOnTheWay) other = true;
	});
	return !other;
}

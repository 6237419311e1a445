/**
 * The places in the resources that a document is, or patches, which stand for a place in it: told by kind and name and, in lists, by the
 * names of elements, so that a half-typed patch and a field that repeats the base have theirs too.
 */
import type { FieldPath } from '../base/address';
import type { FilePath } from '../base/paths';
import type { Database } from '../base/query';
import type { Resource } from '../kube/resource';
import { buildOf, entriesOf } from '../model/entries';
import { contentOf } from '../workspace/documents';
import { child, type Node, nodeAt, textAt } from '../yaml/node';

export interface Counterpart {
	readonly node: Node;
	/** Empty for what the base itself says. */
	readonly environment: string;
}

/** What stands at the path in the resources that the document is, or patches: of each, what its own file says first. */
export function counterparts(
	db: Database,
	file: FilePath,
	document: { readonly root: Node; readonly path: FieldPath },
): Counterpart[] {
	const found: Counterpart[] = [];
	for (const entry of entriesOf(db, file)) {
		for (const resource of buildOf(db, entry).resources.filter(each => isOf(each, document.root))) {
			const original = contentOf(db, resource.from.file)[resource.from.document]?.root;
			const base = resource.from.file === file ? undefined : counterpartOf(original, document.root, document.path);
			if (base) found.push({ node: base, environment: '' });
			const built = counterpartOf(resource.node, document.root, document.path);
			if (built) found.push({ node: built, environment: entry.environment });
		}
	}
	return found;
}

function isOf({ id, originalId }: Resource, root: Node): boolean {
	const kind = textAt(root, 'kind');
	const name = textAt(root, 'metadata', 'name');
	return (id.kind === kind && id.name === name) || (originalId.kind === kind && originalId.name === name);
}

/** Follows a path of `from` in `to`; elements of lists are the same ones where their `name` is, else where their index is. */
function counterpartOf(to: Node | undefined, from: Node, path: FieldPath): Node | undefined {
	let at = to;
	let beside: Node | undefined = from;
	for (const key of path) {
		beside = nodeAt(beside, [key]);
		if (typeof key === 'string') at = child(at, key);
		else if (at?.kind !== 'seq') return undefined;
		else {
			const name = textAt(beside, 'name');
			at = name === undefined ? at.items[key] : at.items.find(item => textAt(item, 'name') === name);
		}
		if (!at) return undefined;
	}
	return at;
}

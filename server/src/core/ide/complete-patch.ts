/**
 * Completion in a resource or a patch of one: the fields that the resource has in the base, with their values. The resource is
 * found by kind and name, so that a half-typed patch, which changes nothing yet, is completed all the same.
 */
import type { FieldPath } from '../base/address';
import type { FilePath } from '../base/paths';
import type { Database } from '../base/query';
import type { Resource } from '../kube/resource';
import { buildOf, entriesOf } from '../model/entries';
import { contentOf } from '../workspace/documents';
import { child, entriesOf as mapEntries, type Node, nodeAt, textAt } from '../yaml/node';
import type { Candidate } from './candidates';
import type { CaretDocument } from './caret-document';
import { valueLabel } from './labels';

/** Keys of the map at the caret. */
export function patchFields(db: Database, file: FilePath, document: CaretDocument): Candidate[] {
	return counterparts(db, file, document).flatMap(({ node, environment }) =>
		mapEntries(node).map(({ key, value }): Candidate => ({
			label: key,
			kind: 'field',
			insert: key,
			detail: `${valueLabel(value)}${environment ? ` (${environment})` : ''}`,
			shape: value.kind === 'map' ? 'map' : value.kind === 'seq' ? 'list' : 'scalar',
			rank: 1,
		})),
	);
}

/** The value that the base has. */
export function patchValues(db: Database, file: FilePath, document: CaretDocument): Candidate[] {
	return counterparts(db, file, document).flatMap(({ node, environment }): Candidate[] =>
		node.kind === 'scalar' && node.text !== ''
			? [{ label: node.text, kind: 'value', insert: node.text, detail: environment || 'in base', rank: 1 }]
			: [],
	);
}

interface Counterpart {
	readonly node: Node;
	/** Empty for what the base itself says. */
	readonly environment: string;
}

/** What stands at the caret's path in the resources that the document is, or patches: the base's first. */
function counterparts(db: Database, file: FilePath, document: CaretDocument): Counterpart[] {
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

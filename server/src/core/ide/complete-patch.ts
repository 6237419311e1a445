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
import { locate, parseSyntax, type SyntaxNode } from '../yaml/syntax';
import { readContent } from '../yaml/content';
import type { Candidate } from './candidates';
import type { Caret } from './caret';
import { valueLabel } from './labels';

/** Keys of the map at the caret. */
export function patchFields(db: Database, file: FilePath, text: string, caret: Caret): Candidate[] {
	return counterparts(db, file, text, caret).flatMap(({ node, environment }) =>
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
export function patchValues(db: Database, file: FilePath, text: string, caret: Caret): Candidate[] {
	return counterparts(db, file, text, caret).flatMap(({ node, environment }): Candidate[] =>
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
function counterparts(db: Database, file: FilePath, text: string, caret: Caret): Counterpart[] {
	const document = documentOf(text, caret);
	if (!document) return [];
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

interface CaretDocument {
	readonly root: Node;
	readonly path: FieldPath;
}

/** The document that the caret stands in, without what is half-typed there. */
function documentOf(text: string, { word, document, path, within }: Caret): CaretDocument | undefined {
	const without = text.slice(0, word.start) + text.slice(word.end);
	const syntax = parseSyntax(without);
	const host = { file: '', step: 'resource' } as const;
	if (!within) {
		const root = readContent(syntax, host)[document]?.root;
		return root && { root, path };
	}
	const scalar: SyntaxNode | undefined = locate(syntax.documents[document]?.root, path).node;
	if (scalar?.kind !== 'scalar') return undefined;
	const root = readContent(parseSyntax(scalar.text), host)[within.document]?.root;
	return root && { root, path: within.path };
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

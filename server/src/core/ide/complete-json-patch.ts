/**
 * Completion in the operations of a JSON patch: what `path` may lead to, and in `value` what may be written there, as if it were written in the
 * resources that the patch is for.
 */
import type { FieldPath } from '../base/address';
import type { FilePath } from '../base/paths';
import type { Database } from '../base/query';
import { buildOf, entriesOf } from '../model/entries';
import { contentOf } from '../workspace/documents';
import { child, entriesOf as mapEntries, type Node, nodeAt, textAt } from '../yaml/node';
import type { Candidate } from './candidates';
import type { Caret } from './caret';
import type { CaretDocument } from './caret-document';

/** Whether the caret stands in an operation of a JSON patch, or in the list of them. */
export function isInOperation({ root, path }: CaretDocument): boolean {
	return root.kind === 'seq' && typeof path[0] === 'number' && isOperation(root.items[path[0]]);
}

/** Half-typed ones, too. */
function isOperation(item: Node | undefined): boolean {
	return item?.kind === 'map' && ['op', 'path', 'value', 'from'].some(key => child(item, key) !== undefined);
}

const KEYS = ['op', 'path', 'value', 'from'];
const OPERATIONS = ['add', 'replace', 'remove', 'move', 'copy', 'test'];

/** What may stand at the caret. `below` says what may be written at a place of a resource. */
export function operationCandidates(
	db: Database,
	file: FilePath,
	caret: Caret,
	document: CaretDocument,
	below: (target: CaretDocument, position: Caret['position']) => readonly Candidate[],
): readonly Candidate[] {
	const [index, field, ...rest] = document.path;
	const operation = nodeAt(document.root, [index!]);
	if (field === undefined) return KEYS.map(label => ({ label, kind: 'field', insert: label }));
	const plain = caret.position === 'value' && rest.length === 0;
	if (field === 'op' && plain) return OPERATIONS.map(label => ({ label, kind: 'enum', insert: label }));
	const targets = targetsOf(db, file, caret);
	if ((field === 'path' || field === 'from') && plain)
		return targets.flatMap(root => pointers(root, caret.typed, target => below(target, 'key')));
	const pointer = textAt(operation, 'path');
	if (field !== 'value' || !pointer?.startsWith('/')) return [];
	return targets.flatMap(root => below({ root, path: [...pathOfPointer(root, pointer), ...rest] }, caret.position));
}

/** The resources that the patch was applied to, as their own files say them. */
function targetsOf(db: Database, file: FilePath, caret: Caret): readonly Node[] {
	const targets = entriesOf(db, file).flatMap(entry => {
		const { applications, resources } = buildOf(db, entry);
		const matched = applications
			.filter(({ step, at }) => step === 'patch' && at.file === file && at.document === caret.document)
			.filter(({ at }) => at.path.every((key, i) => caret.path[i] === key))
			.flatMap(application => application.matched);
		return resources
			.filter(({ id, originalId }) =>
				matched.some(({ kind, name }) => kind === id.kind && (name === id.name || name === originalId.name)),
			)
			.map(({ from, node }) => (from.path.length === 0 ? contentOf(db, from.file)[from.document]?.root : node) ?? node);
	});
	return [...new Set(targets)];
}

/** Everything one key below what has been typed. */
function pointers(
	root: Node,
	typed: string,
	fields: (target: CaretDocument) => readonly Candidate[],
): readonly Candidate[] {
	const start = typed.slice(0, typed.lastIndexOf('/') + 1) || '/';
	const path = pathOfPointer(root, start.replace(/\/$/, ''));
	const at = nodeAt(root, path);
	if (at?.kind === 'seq')
		return [...at.items.keys(), '-'].map(key => ({
			label: `${start}${key}`,
			kind: 'field',
			insert: `${start}${key}`,
			detail: key === '-' ? 'a new one at the end' : (textAt(at.items[Number(key)], 'name') ?? undefined),
			rank: 1,
		}));
	const present = mapEntries(at).map(({ key }): Candidate => ({ label: key, kind: 'field', insert: key, rank: 1 }));
	const named = [...fields({ root, path }), ...present].filter(({ insert }) => insert !== '');
	return named.map(({ snippet: _, ...candidate }) => {
		const text = start + candidate.insert.replaceAll('~', '~0').replaceAll('/', '~1');
		return { ...candidate, label: text, insert: text, kind: 'value' as const };
	});
}

function pathOfPointer(root: Node, pointer: string): FieldPath {
	const path: (string | number)[] = [];
	for (const raw of pointer.split('/').slice(1)) {
		const key = raw.replaceAll('~1', '/').replaceAll('~0', '~');
		const isIndex = /^(\d+|-)$/.test(key) && nodeAt(root, path)?.kind === 'seq';
		path.push(isIndex ? (key === '-' ? 0 : Number(key)) : key);
	}
	return path;
}

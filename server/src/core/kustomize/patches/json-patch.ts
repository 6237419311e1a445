/**
 * RFC 6902 as kustomize applies it: with `gopkg.in/evanphx/json-patch.v4`, which is laxer than the RFC (`replace` sets what is not
 * there, negative indices count from the end) and whose words are kept in `details`.
 */
import { formatPath } from '../../base/address';
import type { Removal } from '../../kube/resource';
import {
	child,
	isNull,
	type MapNode,
	type Node,
	type Origin,
	sameTree,
	sameValue,
	type ScalarNode,
	stringAt,
	withEntry,
	withItems,
} from '../../yaml/node';
import { isTooHeavy } from '../../yaml/weight';
import {
	findPlace,
	indexIn,
	insert,
	nearestPointer,
	type Place,
	rebuild,
	takeOut,
	whatIsMissing,
	whereItEnds,
} from './json-pointer';

/** One entry of a JSON patch, not looked into yet: a map, or null. */
export type Operation = Node;

/** The operations of a document, or kustomize's words for why it is no JSON patch (`jsonpatch.DecodePatch`). */
export function operationsOf(root: Node | undefined): readonly Operation[] | string {
	if (root === undefined || isNull(root)) return [];
	if (root.kind !== 'seq') return `json: cannot unmarshal ${goName(root)} into Go value of type jsonpatch.Patch`;
	const odd = root.items.find(item => item.kind !== 'map' && !isNull(item));
	return odd ? `json: cannot unmarshal ${goName(odd)} into Go value of type jsonpatch.Operation` : root.items;
}

function goName(node: Node): string {
	if (node.kind === 'map') return 'object';
	if (node.kind === 'seq') return 'array';
	return node.tag === '!!bool' ? 'bool' : node.tag === '!!int' || node.tag === '!!float' ? 'number' : 'string';
}

/** An operation that does not apply. */
export interface OperationTrouble {
	readonly operation: Operation;
	/** The part of the operation that is at fault. */
	readonly at: Node;
	readonly message: string;
	readonly details: string;
	/** What should stand in the place of the text at fault. */
	readonly meant?: string | undefined;
}

export interface JsonPatched {
	/** The very same tree where nothing changed. */
	readonly node: MapNode;
	readonly removed: readonly Removal[];
	/** The real tool stops at the first; here the others are applied all the same, up to a `test` that fails. */
	readonly troubles: readonly OperationTrouble[];
	/** Operations that replace a field which is not there: kustomize adds it without a word. */
	readonly added: readonly Operation[];
}

/** Applies the operations one after the other. */
export function applyJsonPatch(node: MapNode, operations: readonly Operation[]): JsonPatched {
	const removed: Removal[] = [];
	const troubles: OperationTrouble[] = [];
	const added: Operation[] = [];
	let root: Node = node;
	for (const operation of operations) {
		const name = stringAt(operation, 'op') ?? 'unknown';
		const apply = OPERATIONS.get(name);
		const result: Outcome = apply
			? apply(root, operation)
			: fail(child(operation, 'op') ?? operation, `there is no operation \`${name}\``, `Unexpected kind: ${name}`);
		if (result.kind === 'failed') {
			troubles.push({ ...result.trouble, operation });
			if (name === 'test') break;
			continue;
		}
		root = result.root;
		if (result.removed) removed.push(result.removed);
		if (result.kind === 'added') added.push(operation);
	}
	return { node: root.kind === 'map' ? root : node, removed, troubles, added };
}

type Outcome =
	| { readonly kind: 'done' | 'added'; readonly root: Node; readonly removed?: Removal }
	| { readonly kind: 'failed'; readonly trouble: Omit<OperationTrouble, 'operation'> };

const OPERATIONS: ReadonlyMap<string, (root: Node, operation: Operation) => Outcome> = new Map([
	['add', add],
	['remove', remove],
	['replace', replace],
	['move', move],
	['copy', copy],
	['test', test],
]);

function add(root: Node, operation: Operation): Outcome {
	const pointer = pointerOf(operation, 'path', 'add');
	if ('kind' in pointer) return pointer;
	const place = findPlace(root, pointer.text);
	if (!place)
		return missing(root, pointer, `add operation does not apply: doc is missing path: "${pointer.text}"`, 'new');
	const value = valueOf(operation, place.node?.origin);
	const result = insert(root, place, value);
	return typeof result === 'string'
		? failAt(root, pointer, place, `error in add for path: '${pointer.text}': ${result}`)
		: { kind: 'done', root: result };
}

function remove(root: Node, operation: Operation): Outcome {
	const pointer = pointerOf(operation, 'path', 'remove');
	if ('kind' in pointer) return pointer;
	const place = findPlace(root, pointer.text);
	if (!place) {
		return missing(root, pointer, `remove operation does not apply: doc is missing path: "${pointer.text}"`, 'there');
	}
	const result = takeOut(root, place, operation.origin);
	if (typeof result !== 'string') return { kind: 'done', ...result };
	return failAt(root, pointer, place, `error in remove for path: '${pointer.text}': ${result}`);
}

function replace(root: Node, operation: Operation): Outcome {
	const pointer = pointerOf(operation, 'path', 'replace');
	if ('kind' in pointer) return pointer;
	if (pointer.text === '') return replaceRoot(root, operation, pointer);
	const place = findPlace(root, pointer.text);
	if (!place)
		return missing(root, pointer, `replace operation does not apply: doc is missing path: ${pointer.text}`, 'new');
	const value = valueOf(operation, place.node?.origin);
	const { container, key } = place;
	if (container.kind === 'map') {
		const kept = place.node && sameTree(place.node, value) ? place.node : value;
		const changed = rebuild(root, place.path, withEntry(container, key, kept));
		return { kind: place.node ? 'done' : 'added', root: changed };
	}
	const index = indexIn(container, key);
	if (typeof index === 'string') {
		return failAt(
			root,
			pointer,
			place,
			`replace operation does not apply: doc is missing key: ${pointer.text}: missing value`,
		);
	}
	const old = container.items[index]!;
	const items = container.items.with(index, sameTree(old, value) ? old : value);
	return { kind: 'done', root: rebuild(root, place.path, withItems(container, items)) };
}

/** Only `replace` and `test` know the empty path, which is the whole document. */
function replaceRoot(root: Node, operation: Operation, pointer: Pointer): Outcome {
	const value = valueOf(operation, root.origin);
	if (value.kind === 'map') return { kind: 'done', root: sameTree(root, value) ? root : value };
	const details =
		value.kind === 'seq'
			? 'json: cannot unmarshal array into Go value of type map[string]interface {}'
			: 'replace operation value must be object or array';
	return fail(pointer.node, 'only another object can take the place of the whole resource', details);
}

function move(root: Node, operation: Operation): Outcome {
	const source = fromOf(root, operation, 'move');
	if ('kind' in source) return source;
	const taken = takeOut(root, source.place, operation.origin);
	if (typeof taken === 'string') {
		return failAt(root, source.pointer, source.place, `error in move for path: '${source.place.key}': ${taken}`);
	}
	const value = source.place.node ?? nullOf(operation.origin);
	const result = paste(taken.root, operation, value, 'move');
	return result.kind === 'done' ? { ...result, ...(taken.removed && { removed: taken.removed }) } : result;
}

function copy(root: Node, operation: Operation): Outcome {
	const source = fromOf(root, operation, 'copy');
	if ('kind' in source) return source;
	if (source.place.container.kind === 'seq') {
		const index = indexIn(source.place.container, source.place.key);
		if (typeof index === 'string') {
			return failAt(root, source.pointer, source.place, `error in copy for from: '${source.pointer.text}': ${index}`);
		}
	}
	const copied = paste(root, operation, source.place.node ?? nullOf(operation.origin), 'copy');
	return copied.kind === 'done' && source.place.node?.kind !== 'scalar' && isTooHeavy(copied.root)
		? fail(source.pointer.node, 'with this copy the resource would hold more than Strata works with', TOO_HEAVY)
		: copied;
}

/** The library's words where it counts (`AccumulatedCopySizeLimit`), which kustomize does not let it. */
const TOO_HEAVY = 'Unable to complete the copy, the accumulated size increase of copy is too large';

/** The value in its new place, which the operation gave it. */
function paste(root: Node, operation: Operation, value: Node, name: 'move' | 'copy'): Outcome {
	const pointer = pointerOf(operation, 'path', name);
	if ('kind' in pointer) return pointer;
	const place = findPlace(root, pointer.text);
	if (!place) {
		return missing(
			root,
			pointer,
			`${name} operation does not apply: doc is missing destination path: ${pointer.text}`,
			'new',
		);
	}
	const origin: Origin = { ...operation.origin, replaced: value.origin };
	const result = insert(root, place, { ...value, origin });
	return typeof result === 'string'
		? failAt(
				root,
				pointer,
				place,
				name === 'copy'
					? `error while adding value during copy: ${result}`
					: `error in move for path: '${pointer.text}': ${result}`,
			)
		: { kind: 'done', root: result };
}

function fromOf(
	root: Node,
	operation: Operation,
	name: 'move' | 'copy',
): { readonly pointer: Pointer; readonly place: Place } | Failure {
	const pointer = pointerOf(operation, 'from', name);
	if ('kind' in pointer) return pointer;
	const place = findPlace(root, pointer.text);
	if (place) return { pointer, place };
	return missing(root, pointer, `${name} operation does not apply: doc is missing from path: ${pointer.text}`, 'there');
}

function test(root: Node, operation: Operation): Outcome {
	const pointer = pointerOf(operation, 'path', 'test');
	if ('kind' in pointer) return pointer;
	const wanted = child(operation, 'value');
	const failed = `testing value ${pointer.text} failed: test failed`;
	if (pointer.text === '') {
		if (sameValue(root, wanted)) return { kind: 'done', root };
		return fail(wanted ?? pointer.node, 'the resource has another value', failed);
	}
	const place = findPlace(root, pointer.text);
	if (!place) return missing(root, pointer, `test operation does not apply: is missing path: ${pointer.text}`, 'there');
	if (place.container.kind === 'seq') {
		const index = indexIn(place.container, place.key);
		if (typeof index === 'string')
			return failAt(root, pointer, place, `error in test for path: '${pointer.text}': ${index}`);
	}
	const actual = isNull(place.node) ? undefined : place.node;
	const passes = actual === undefined ? wanted === undefined || isNull(wanted) : sameValue(actual, wanted);
	if (passes) return { kind: 'done', root };
	const what = actual === undefined ? 'is not there' : 'has another value';
	const path = formatPath(place.path.concat(place.key));
	return fail(wanted ?? pointer.node, `\`${path}\` ${what}`, failed);
}

/** A `path` or `from` with its node. */
interface Pointer {
	readonly text: string;
	readonly node: Node;
}

type Failure = Extract<Outcome, { readonly kind: 'failed' }>;

function pointerOf(operation: Operation, field: 'path' | 'from', name: string): Pointer | Failure {
	const node = child(operation, field);
	const text = stringAt(node);
	if (node && text !== undefined) return { text, node };
	const at = node ?? operation;
	const said =
		field === 'from'
			? `${name} operation failed to decode from: operation, missing from field: missing value`
			: `${name} operation failed to decode path: missing value`;
	return fail(at, `this operation needs \`${field}\`, a text such as \`/spec/replicas\``, said);
}

/** The operation's value; null where it has none. */
function valueOf(operation: Operation, replaced: Origin | undefined): Node {
	const value = child(operation, 'value') ?? nullOf(operation.origin);
	return replaced ? { ...value, origin: { ...value.origin, replaced } } : value;
}

function nullOf(origin: Origin): ScalarNode {
	return { kind: 'scalar', text: 'null', tag: '!!null', style: 'plain', origin };
}

function fail(at: Node, message: string, details: string): Failure {
	return { kind: 'failed', trouble: { at, message, details } };
}

/** The container is there, its key is not. */
function failAt(root: Node, pointer: Pointer, place: Place, details: string): Failure {
	const meant = nearestPointer(root, pointer.text, 'there');
	return { kind: 'failed', trouble: { at: pointer.node, message: whatIsMissing(place), details, meant } };
}

/** A part before the last is not there. */
function missing(root: Node, pointer: Pointer, details: string, last: 'there' | 'new'): Failure {
	const meant = nearestPointer(root, pointer.text, last);
	const message = whereItEnds(root, pointer.text);
	return { kind: 'failed', trouble: { at: pointer.node, message, details: `${details}: missing value`, meant } };
}

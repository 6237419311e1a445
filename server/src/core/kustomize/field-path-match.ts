/**
 * Follows the field paths of replacements and vars, `spec.containers.[name=web].image`, in two ways as kustomize does: `lookUp` finds
 * the one source field (`kyaml/yaml.PathGetter`), `matchFields` all targets, and makes what is missing (`kyaml/yaml.PathMatcher`).
 */
import type { FieldPath } from '../base/address';
import { goRegExp } from '../base/go-regexp';
import { emitPlainStyled } from '../yaml/emit-styled';
import { isNull, type MapNode, type Node, type Origin, type SeqNode } from '../yaml/node';
import { resolvePlain } from '../yaml/scalar';
import { parseStyled } from '../yaml/styled';
import { splitPath } from './field-spec';

/** What a path leads to, or kustomize's words for why it cannot be followed. */
export type Found = { readonly node: Node | undefined; readonly path: FieldPath } | { readonly error: string };

/** A path's parts: dots between brackets and behind a backslash do not part, brackets without `=` fall off (`SmarterPathSplitter`). */
export function splitFieldPath(path: string): readonly string[] {
	const parts = splitPath(path, '.');
	const out: string[] = [];
	for (let i = 0; i < parts.length; i++) {
		let part = parts[i]!;
		if (!part.startsWith('[') || part.endsWith(']')) {
			out.push(part);
			continue;
		}
		while (i < parts.length - 1 && !part.endsWith(']')) part += `.${parts[++i]!}`;
		out.push(part.includes('=') ? part : part.replace(/^[[\]]+|[[\]]+$/g, ''));
	}
	return out;
}

/** The field that a path leads to: indices, `-` for the last element, `[key=value]` for the first one with exactly that value. */
export function lookUp(root: Node, parts: readonly string[], opaque?: ReadonlyMap<Node, string>): Found {
	let node: Node | undefined = root;
	const path: (string | number)[] = [];
	for (const part of parts.map(each => each.trim()).filter(each => each !== '')) {
		if (isNull(node)) return { node: undefined, path };
		if (part === '*') return { error: 'wildcard is not supported in PathGetter' };
		const index = parseIndex(part);
		const condition = index === undefined && part !== '-' && isListPart(part) ? splitCondition(part) : undefined;
		if (condition && 'error' in condition) return condition;
		if (index !== undefined && index < 0) return { error: `array index ${index} cannot be negative` };
		if (index !== undefined || part === '-' || condition) {
			if (node.kind !== 'seq') return { error: wrongKind('SequenceNode', node, opaque) };
			const at: number = condition
				? node.items.findIndex(item => meetsExactly(item, condition))
				: (index ?? node.items.length - 1);
			path.push(at);
			node = node.items[at];
		} else {
			if (node.kind !== 'map' || opaque?.has(node)) return { error: wrongKind('MappingNode', node, opaque) };
			path.push(part);
			node = node.entries.find(entry => entry.key === part)?.value;
		}
		if (node === undefined) return { node: undefined, path };
	}
	return { node, path };
}

/** How `matchFields` makes what is missing. */
export interface Creation {
	readonly kind: Node['kind'];
	readonly origin: Origin;
}

export interface Matches {
	/** The tree, with what was made. */
	readonly root: Node;
	/** Where the matching fields are. */
	readonly paths: readonly FieldPath[];
	/** How many matched that lie where kustomize throws them away: in a copy of a text's content, or below null. */
	readonly lost: number;
}

/** All fields that a path leads to: `*` is any element, `[key=regex]` each one in whose value the expression is found. */
export function matchFields(
	root: Node,
	parts: readonly string[],
	creation: Creation | undefined,
	opaque?: ReadonlyMap<Node, string>,
): Matches | { readonly error: string } {
	const matcher = new Matcher(parts, creation, opaque);
	const changed = matcher.visit(root, 0, []);
	return matcher.error === undefined
		? { root: changed, paths: matcher.paths, lost: matcher.lost }
		: { error: matcher.error };
}

/** Matches one path; lives as long as that takes. */
class Matcher {
	error: string | undefined;
	readonly paths: FieldPath[] = [];
	lost = 0;
	#detached = false;

	constructor(
		readonly parts: readonly string[],
		readonly creation: Creation | undefined,
		readonly opaque: ReadonlyMap<Node, string> | undefined,
	) {}

	visit(node: Node, depth: number, path: FieldPath): Node {
		if (this.error !== undefined) return node;
		const part = this.parts[depth];
		if (part === undefined) {
			this.#found(path);
			return node;
		}
		if ((parseIndex(part) ?? -1) >= 0) return this.#index(node, parseIndex(part)!, depth, path);
		if (isListPart(part)) return this.#elements(node, part, depth, path);
		if (part === '*') return this.#each(node, depth, path);
		return this.#field(node, part, depth, path);
	}

	#found(path: FieldPath): void {
		if (this.#detached) this.lost++;
		else this.paths.push(path);
	}

	#field(node: Node, key: string, depth: number, path: FieldPath): Node {
		if (isNull(node)) {
			if (this.creation) this.#visitDetached(this.#made(depth), depth + 1);
			return node;
		}
		// Without a name `FieldMatcher` means the value of a scalar itself.
		if (key === '' && node.kind !== 'scalar') {
			this.error = wrongKind('ScalarNode', node, this.opaque);
			return node;
		}
		if (node.kind !== 'map' || this.opaque?.has(node)) {
			this.error = wrongKind('MappingNode', node, this.opaque);
			return node;
		}
		const at = node.entries.findIndex(entry => entry.key === key);
		const entry = node.entries[at];
		if (!entry) {
			if (!this.creation) return node;
			const value = this.visit(this.#made(depth), depth + 1, [...path, key]);
			return { ...node, entries: [...node.entries, { key, value }] };
		}
		if (entry.value.kind === 'scalar' && depth + 1 < this.parts.length) {
			this.#inside(entry.value.text, entry.value.origin, depth + 1);
			return node;
		}
		const value = this.visit(entry.value, depth + 1, [...path, key]);
		return value === entry.value ? node : { ...node, entries: node.entries.with(at, { ...entry, value }) };
	}

	/** `PathMatcher` goes on in a copy of what a text holds; whatever is set there, nobody sees. */
	#inside(text: string, origin: Origin, depth: number): void {
		const parsed = parseStyled(text, origin);
		if ('error' in parsed) this.error = `yaml: ${parsed.error}`;
		else if (parsed.root === undefined) {
			const next = this.parts[depth]!;
			const wanted = next === '*' || isListPart(next) || (parseIndex(next) ?? -1) >= 0 ? 'SequenceNode' : 'MappingNode';
			this.error = `wrong node kind: expected ${wanted} but got : node contents:\nnull`;
		} else this.#visitDetached(parsed.root, depth);
	}

	#visitDetached(node: Node, depth: number): void {
		const before = this.#detached;
		this.#detached = true;
		this.visit(node, depth, []);
		this.#detached = before;
	}

	#index(node: Node, index: number, depth: number, path: FieldPath): Node {
		const items = this.#items(node);
		if (!items) return node;
		if (items.length === index && this.creation) {
			if (node.kind !== 'seq') {
				this.#visitDetached(this.#made(depth), depth + 1);
				return node;
			}
			const item = this.visit(this.#made(depth), depth + 1, [...path, index]);
			return { ...node, items: [...node.items, item] };
		}
		if (items.length < index + 1) {
			this.error = `index ${index} specified but only ${items.length} elements found`;
			return node;
		}
		return this.#replaced(node, index, this.visit(items[index]!, depth + 1, [...path, index]));
	}

	#each(node: Node, depth: number, path: FieldPath): Node {
		const items = this.#items(node) ?? [];
		return items.reduce<Node>(
			(result, item, i) => this.#replaced(result, i, this.visit(item, depth + 1, [...path, i])),
			node,
		);
	}

	#elements(node: Node, part: string, depth: number, path: FieldPath): Node {
		const condition = splitCondition(part);
		if ('error' in condition) {
			this.error = condition.error;
			return node;
		}
		const items = this.#items(node);
		if (!items) return node;
		const before = this.paths.length + this.lost;
		const result = this.#matching(node, items, condition, depth, path);
		if (!this.creation || this.error !== undefined || this.paths.length + this.lost > before) return result;
		const { key, value } = condition;
		const { origin } = this.creation;
		const scalar: Node = { kind: 'scalar', text: value, tag: resolvePlain(value), style: 'plain', origin };
		const made: Node = key === '' ? scalar : { kind: 'map', entries: [{ key, value: scalar }], origin };
		if (result.kind !== 'seq') return result;
		const grown: SeqNode = { ...result, items: [...result.items, made] };
		const again = this.#matching(grown, grown.items, condition, depth, path);
		// Kustomize goes on adding elements for ever where what it adds does not match.
		if (this.paths.length + this.lost === before && this.error === undefined)
			this.error = `an element made for \`${part}\` does not match it`;
		return again;
	}

	#matching(node: Node, items: readonly Node[], { key, value }: Condition, depth: number, path: FieldPath): Node {
		if (items.length === 0) return node;
		const pattern = goRegExp(value);
		if (!pattern) {
			this.error = `error parsing regexp: \`${value}\``;
			return node;
		}
		return items.reduce<Node>((result, item, i) => {
			// An element that is meant by its own value is the target, whatever the path says behind it (`visitPrimitiveElem`).
			const isItself = key === '';
			const tested = isItself
				? item
				: item.kind === 'map'
					? item.entries.find(each => each.key === key)?.value
					: undefined;
			if (tested === undefined || !pattern.test(emitPlainStyled(tested).trim())) return result;
			if (!isItself) return this.#replaced(result, i, this.visit(item, depth + 1, [...path, i]));
			this.#found([...path, i]);
			return result;
		}, node);
	}

	/** The elements; null has none, anything else is an error. */
	#items(node: Node): readonly Node[] | undefined {
		if (isNull(node)) return [];
		if (node.kind === 'seq') return node.items;
		this.error = wrongKind('SequenceNode', node, this.opaque);
		return undefined;
	}

	#replaced(node: Node, index: number, item: Node): Node {
		return node.kind !== 'seq' || node.items[index] === item ? node : { ...node, items: node.items.with(index, item) };
	}

	/** `getPathPartKind`: what the next part of the path needs. */
	#made(depth: number): Node {
		const { kind, origin } = this.creation!;
		const next = this.parts[depth + 1] ?? '';
		const needed = next === '' ? kind : isListPart(next) || (parseIndex(next) ?? -1) >= 0 ? 'seq' : 'map';
		switch (needed) {
			case 'scalar':
				return { kind: 'scalar', text: '', tag: '!!null', style: 'plain', origin };
			case 'map':
				return { kind: 'map', entries: [], origin };
			case 'seq':
				return { kind: 'seq', items: [], origin };
		}
	}
}

/** The tree with `change` applied at a path that leads somewhere. */
export function replaceAt(root: Node, path: FieldPath, change: (node: Node) => Node): Node {
	const [key, ...rest] = path;
	if (key === undefined) return change(root);
	if (root.kind === 'seq' && typeof key === 'number') {
		const item = root.items[key];
		if (!item) return root;
		const changed = replaceAt(item, rest, change);
		return changed === item ? root : { ...root, items: root.items.with(key, changed) };
	}
	if (root.kind !== 'map') return root;
	const at = root.entries.findIndex(entry => entry.key === key);
	const entry = root.entries[at];
	if (!entry) return root;
	const value = replaceAt(entry.value, rest, change);
	const map: MapNode = { ...root, entries: root.entries.with(at, { ...entry, value }) };
	return value === entry.value ? root : map;
}

interface Condition {
	readonly key: string;
	readonly value: string;
}

/** `IsListIndex`. */
function isListPart(part: string): boolean {
	return part.startsWith('[') && part.endsWith(']');
}

/** `SplitIndexNameValue`. */
function splitCondition(part: string): Condition | { readonly error: string } {
	const inner = part.slice(1, -1);
	const at = inner.indexOf('=');
	if (at < 0) return { error: 'list path element must contain fieldName=fieldValue for element to match' };
	return { key: inner.slice(0, at), value: inner.slice(at + 1) };
}

/** Go's `strconv.Atoi`. */
function parseIndex(part: string): number | undefined {
	return /^[-+]?\d{1,15}$/.test(part) ? Number(part) : undefined;
}

function meetsExactly(item: Node, { key, value }: Condition): boolean {
	const tested =
		key === '' ? item : item.kind === 'map' ? item.entries.find(each => each.key === key)?.value : undefined;
	return tested !== undefined && (tested.kind === 'scalar' ? tested.text : '') === value;
}

const KIND_NAMES: Readonly<Record<Node['kind'], string>> = {
	scalar: 'ScalarNode',
	map: 'MappingNode',
	seq: 'SequenceNode',
};

/** `ErrorIfInvalid`. */
function wrongKind(wanted: string, node: Node, opaque: ReadonlyMap<Node, string> | undefined): string {
	const alias = opaque?.get(node);
	const [kind, contents] =
		alias === undefined ? [KIND_NAMES[node.kind], emitPlainStyled(node).trimEnd()] : ['AliasNode', `*${alias}`];
	return `wrong node kind: expected ${wanted} but got ${kind}: node contents:\n${contents}`;
}

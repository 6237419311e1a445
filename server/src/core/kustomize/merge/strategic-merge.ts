/**
 * Strategic merge as kustomize does it (kyaml `yaml/merge2` over `yaml/walk`, lists prepended). The whole target is walked, also where
 * the patch is silent: empty nulls vanish and lists with merge keys are put together anew on the way, as in kustomize.
 */
import { type Address, type PathLink, pathOf } from '../../base/address';
import type { MergeSchema, MergeSchemas } from '../../kube/kustomize-facts';
import { parseApiVersion } from '../../kube/resource-id';
import type { Removal } from '../../kube/resource';
import {
	addressOf,
	child,
	isNull,
	type MapEntry,
	type MapNode,
	type Node,
	type Origin,
	type ScalarNode,
	sameTree,
	type SeqNode,
	textAt,
	withItems,
	walk,
} from '../../yaml/node';
import { type Directive, listDirective, mapDirective } from './directive';
import { wrongNodeKind } from '../node-kinds';
import { schemaInComment } from './open-api-schema';
import { isOldBoolean } from '../../yaml/scalar';
import { type ListMerge, mergeElements, mergeValues } from './merge-lists';

/** Why a patch does not fit, at the patch's own node. */
export interface MergeTrouble {
	readonly at: Address;
	/** The patch's map goes into the result whole, and has a key twice. */
	readonly repeatedKey?: string;
	/** The field of the target that it does not fit. */
	readonly target: Address | undefined;
	readonly path: readonly (string | number)[];
	readonly details: string;
}

/** A list without merge keys that took the place of one with some of the same elements, and others that are gone. */
export interface LostElements {
	readonly at: Address;
	readonly path: readonly (string | number)[];
	/** The names of the elements that only the target had. */
	readonly names: readonly string[];
}

export interface Merged {
	/** The very same tree where nothing changed; nothing where the patch deletes the whole object. */
	readonly node: MapNode | undefined;
	readonly removed: readonly Removal[];
	readonly troubles: readonly MergeTrouble[];
	readonly lost: readonly LostElements[];
}

/** Merges a patch into a target. The patch's nodes are taken over as they are, with what they replace noted in their origins. */
export function strategicMerge(target: MapNode, patch: MapNode, schemas: MergeSchemas): Merged {
	const merge = new Merge(schemas, patch.origin);
	const { kind } = mapDirective(patch);
	const merged = merge.walk(target, patch, undefined, undefined);
	// A replaced root is thrown away: kustomize keeps the object that it began with (`Resource.ApplyFilter`).
	const node = kind === 'replace' ? target : merged?.kind === 'map' ? merged : undefined;
	if (kind === 'replace') return { node, removed: [], troubles: merge.troubles, lost: [] };
	return { node, removed: merge.removed, troubles: merge.troubles, lost: merge.lost };
}

/** One merge; lives as long as that takes. `dest` and `patch` are one object where something of the patch has no counterpart. */
class Merge implements ListMerge {
	readonly removed: Removal[] = [];
	readonly troubles: MergeTrouble[] = [];
	readonly lost: LostElements[] = [];
	readonly #schemas: MergeSchemas;
	readonly #origin: Origin;

	constructor(schemas: MergeSchemas, origin: Origin) {
		this.#schemas = schemas;
		this.#origin = origin;
	}

	/** `Walker.Walk`: nothing where the field is to go. */
	walk(
		dest: Node | undefined,
		patch: Node | undefined,
		known: MergeSchema | undefined,
		link: PathLink | undefined,
	): Node | undefined {
		const first = isMissing(dest) ? patch : dest;
		if (first === undefined || isMissing(first)) return this.#walkNull(dest, patch);
		const other = first === dest ? patch : undefined;
		if (other && !isMissing(other) && other.kind !== first.kind) {
			this.trouble(other, dest, link, wrongNodeKind(first.kind, other));
			return dest;
		}
		const schema =
			this.#schemaInComment(dest) ??
			this.#schemaInComment(patch) ??
			known ??
			this.#schemaOf(dest) ??
			this.#schemaOf(patch);
		switch (first.kind) {
			case 'scalar':
				return patch === undefined ? dest : replace(dest, patch);
			case 'map':
				return this.#walkMap(dest, patch, schema, link);
			case 'seq':
				if (schema?.merge === undefined) {
					this.#noteLost(dest, patch, link);
					if (patch) this.#noteRepeated(patch, link);
					return patch === undefined ? dest : replace(dest, patch);
				}
				return this.#walkList(dest, patch, schema, schema.merge, link);
		}
	}

	remove(link: PathLink | undefined, dest: Node, by: Node | undefined): void {
		const origin: Origin = { ...(by?.origin ?? this.#origin), replaced: dest.origin };
		this.removed.push({ path: pathOf(link), origin });
	}

	trouble(patch: Node, dest: Node | undefined, link: PathLink | undefined, details: string): void {
		this.troubles.push({
			at: addressOf(patch.origin),
			target: dest && addressOf(dest.origin),
			path: pathOf(link),
			details,
		});
	}

	/** Both are null or missing: only a null that is written out, and that the patch does not mention, stays. */
	#walkNull(dest: Node | undefined, patch: Node | undefined): Node | undefined {
		return patch === undefined && dest?.kind === 'scalar' && dest.text !== '' ? dest : undefined;
	}

	#walkMap(
		dest: Node | undefined,
		patch: Node | undefined,
		schema: MergeSchema | undefined,
		link: PathLink | undefined,
	): Node | undefined {
		if (dest?.kind !== 'map') return this.#addMap(dest, patch, schema, link);
		if (patch === undefined) return this.#walkFields(dest, undefined, schema, link);
		if (patch.kind !== 'map') return undefined;
		const directive = mapDirective(patch);
		const { kind, rest } = directive;
		if (kind === 'unknown') {
			this.trouble(directive.node, dest, link, `unknown patch strategy '${directive.text}'`);
			return dest;
		}
		if (kind === 'delete') return undefined;
		if (kind === 'replace') return this.#walkFields(replacing(dest, rest), rest, schema, link);
		return this.#walkFields(dest === patch ? rest : dest, rest, schema, link);
	}

	/** The target has no such map. An unknown directive passes here. */
	#addMap(
		dest: Node | undefined,
		patch: Node | undefined,
		schema: MergeSchema | undefined,
		link: PathLink | undefined,
	): Node | undefined {
		if (patch?.kind !== 'map') return undefined;
		const { kind, rest } = mapDirective(patch);
		return kind === 'delete' ? undefined : this.#walkFields(replacing(dest, rest), rest, schema, link);
	}

	#walkFields(
		dest: MapNode,
		patch: MapNode | undefined,
		schema: MergeSchema | undefined,
		link: PathLink | undefined,
	): MapNode {
		const added = patch !== undefined && patch.entries === dest.entries;
		if (added && patch.repeated) this.#noteRepeats(patch, link);
		const entries: MapEntry[] = [];
		let changed = false;
		for (const entry of dest.entries) {
			const here = { parent: link, key: entry.key };
			const theirs = added ? entry.value : patch && firstValue(patch, entry.key);
			const value = quoted(this.walk(entry.value, theirs, schema?.field(entry.key), here));
			if (value !== entry.value) changed = true;
			if (value !== undefined) entries.push(value === entry.value ? entry : { ...entry, value });
			else if (!added) this.remove(here, entry.value, theirs);
		}
		if (!added && patch) {
			const known = new Set(dest.entries.map(entry => entry.key));
			const more = patch.entries.filter(({ key }) => !known.has(key));
			for (const entry of more.toSorted((a, b) => (a.key < b.key ? -1 : 1))) {
				const here = { parent: link, key: entry.key };
				const value = quoted(this.walk(undefined, firstValue(patch, entry.key), schema?.field(entry.key), here));
				if (value === undefined) continue;
				entries.push({ ...entry, value });
				changed = true;
			}
		}
		return changed ? { ...dest, entries } : dest;
	}

	#walkList(
		dest: Node | undefined,
		patch: Node | undefined,
		schema: MergeSchema,
		keys: readonly string[],
		link: PathLink | undefined,
	): Node | undefined {
		let base = dest?.kind === 'seq' ? dest : undefined;
		let theirs = patch?.kind === 'seq' ? patch : undefined;
		if (!base) {
			base = theirs && replacing(dest, theirs);
			theirs = base;
		} else if (patch !== undefined && theirs === undefined) return undefined;
		else if (theirs) {
			const directive: Directive<SeqNode> = listDirective(theirs);
			const { kind, rest } = directive;
			if (kind === 'unknown') {
				this.trouble(directive.node, dest, link, `unknown patch strategy '${directive.text}'`);
				return dest;
			}
			if (kind === 'delete') return undefined;
			base = kind === 'replace' ? replacing(dest, rest) : base === theirs ? rest : base;
			theirs = kind === 'replace' ? base : rest;
		}
		if (!base) return undefined;
		const items =
			keys.length > 0
				? mergeElements(this, base, theirs, keys, schema.items(), link)
				: mergeValues(this, base, theirs, link);
		return withItems(base, items);
	}

	#noteLost(dest: Node | undefined, patch: Node | undefined, link: PathLink | undefined): void {
		if (dest?.kind !== 'seq' || patch?.kind !== 'seq' || dest === patch) return;
		const ours = dest.items.map(item => textAt(item, 'name'));
		const theirs = new Set(patch.items.map(item => textAt(item, 'name')));
		const names = ours.filter(name => name !== undefined).filter(name => !theirs.has(name));
		const shared = ours.some(name => name !== undefined && theirs.has(name));
		if (shared && names.length > 0) this.lost.push({ at: addressOf(patch.origin), path: pathOf(link), names });
	}

	/** Keys that stand twice in what is taken over as it is: what go-yaml reads of it in the end, it refuses. */
	#noteRepeated(patch: Node, link: PathLink | undefined): void {
		walk(
			patch,
			(node, within) => {
				if (node.kind === 'map' && node.repeated) this.#noteRepeats(node, within);
			},
			link,
		);
	}

	#noteRepeats({ entries, repeated = [] }: MapNode, link: PathLink | undefined): void {
		for (const { key, value } of repeated) {
			const again = entries.find(entry => entry.key === key)?.value ?? value;
			const details = `map[string]interface {}(nil): yaml: unmarshal errors:\n  mapping key "${key}" already defined`;
			const path = [...pathOf(link), key];
			this.troubles.push({ at: addressOf(again.origin), repeatedKey: key, target: undefined, path, details });
		}
	}

	#schemaInComment(node: Node | undefined): MergeSchema | undefined {
		return node?.kind === 'seq' && node.comment !== undefined
			? schemaInComment(node.comment, this.#schemas)
			: undefined;
	}

	/** `Walker.GetSchema`: an object inside of an object brings its own. */
	#schemaOf(node: Node | undefined): MergeSchema | undefined {
		if (node?.kind !== 'map') return undefined;
		const apiVersion = textAt(node, 'apiVersion');
		const kind = textAt(node, 'kind');
		return apiVersion && kind ? this.#schemas.ofKind({ ...parseApiVersion(apiVersion), kind }) : undefined;
	}
}

/** kyaml looks fields up from the front, so that of equal keys the first counts. */
function firstValue(map: MapNode, key: string): Node | undefined {
	return map.repeated?.find(entry => entry.key === key)?.value ?? child(map, key);
}

function isMissing(node: Node | undefined): boolean {
	return node === undefined || isNull(node);
}

/** The patch's node in the target's place; the target's own where it says the same, nothing where the patch says null. */
function replace(dest: Node | undefined, patch: Node): Node | undefined {
	if (isNull(patch)) return undefined;
	if (dest === undefined || dest === patch) return patch;
	const written = dest.kind === 'scalar' && patch.kind === 'scalar' ? inStyleOf(dest, patch) : patch;
	return saysTheSame(dest, written) ? dest : replacing(dest, written);
}

/**
 * The patch's scalar in the place of the target's: quotes and blocks stay as they were, so that a number or boolean in the place of a text in
 * quotes is a text, too (`yaml.FieldSetter`). And what the target wrote as one node stays one.
 */
function inStyleOf({ style, shared }: ScalarNode, patch: ScalarNode): ScalarNode {
	const tag = style === 'plain' || patch.tag === '!!binary' ? patch.tag : '!!str';
	return { ...patch, style, tag, ...(shared === undefined ? undefined : { shared }) };
}

/** Every field of a map that is walked is set, and `no` without quotes gets some, which what takes its place later inherits (`yaml.FieldSetter`). */
function quoted(node: Node | undefined): Node | undefined {
	const isBare = node?.kind === 'scalar' && node.style === 'plain' && node.tag === '!!str' && isOldBoolean(node.text);
	return isBare ? { ...node, style: 'double' } : node;
}

function replacing<N extends Node>(dest: Node | undefined, patch: N): N {
	return dest === undefined || (dest as Node) === patch
		? patch
		: { ...patch, origin: { ...patch.origin, replaced: dest.origin } };
}

/** Style counts only where it shows in the output: folded blocks come out changed. */
function saysTheSame(a: Node, b: Node): boolean {
	if (a.kind === 'scalar' && b.kind === 'scalar') {
		return a.text === b.text && a.tag === b.tag && (a.style === 'folded') === (b.style === 'folded');
	}
	return sameTree(a, b);
}

/** A path through a document that is merged into another one: list elements are found by their merge keys, as kustomize finds them. */
import type { Address, FieldPath } from '../../base/address';
import type { SourceEdit } from '../../base/problem';
import { BUILT_IN_MERGE_SCHEMAS } from '../../kube/kustomize-facts';
import type { Gvk } from '../../kube/resource-id';
import { below } from '../../base/address';
import { child, itemsOf, type Node, nodeAt, type ScalarNode } from '../../yaml/node';
import { field, keyText, type NewValue, valueOf } from './new-value';

export type MergeStep =
	| { readonly kind: 'key'; readonly key: string }
	| {
			readonly kind: 'element';
			readonly keys: ElementKeys;
			/** The elements before it. A patch that does not name them brings its own element before all others. */
			readonly before: readonly ElementKeys[];
	  };

/** The merge keys of an element with their values. */
type ElementKeys = readonly (readonly [string, ScalarNode])[];

/** The steps to a field of an object; nothing where the way leads into a list that a patch replaces as a whole. */
export function mergeSteps(gvk: Gvk, tree: Node, path: FieldPath): readonly MergeStep[] | undefined {
	const steps: MergeStep[] = [];
	let schema = BUILT_IN_MERGE_SCHEMAS.ofKind(gvk);
	for (const [depth, key] of path.entries()) {
		if (typeof key === 'string') {
			steps.push({ kind: 'key', key });
			schema = schema?.field(key);
			continue;
		}
		const items = itemsOf(nodeAt(tree, path.slice(0, depth)));
		const keys = items.map(item => keysOf(item, schema?.merge ?? []));
		if (keys.slice(0, key + 1).some(each => each.length === 0) || !keys[key]) return undefined;
		steps.push({ kind: 'element', keys: keys[key], before: keys.slice(0, key) });
		schema = schema?.items();
	}
	const last = path.at(-1);
	const before = steps.at(-2);
	// Another merge key makes it another element.
	if (before?.kind === 'element' && before.keys.some(([name]) => name === last)) return undefined;
	return steps;
}

function keysOf(item: Node, names: readonly string[]): ElementKeys {
	return names.flatMap(name => {
		const value = child(item, name);
		return value?.kind === 'scalar' ? [[name, value] as const] : [];
	});
}

/** The same steps for a patch that leaves the order of lists to itself: shorter, and right where it is the first element. */
export function withoutOrder(steps: readonly MergeStep[]): readonly MergeStep[] {
	return steps.map(step => (step.kind === 'element' ? { ...step, before: [] } : step));
}

/** The steps as YAML, with the value at their end. */
export function mergeText(steps: readonly MergeStep[], value: NewValue): string {
	const [step, ...rest] = steps;
	if (!step) return value.text;
	const below = mergeText(rest, value);
	if (step.kind === 'key')
		return field(step.key, below, rest.length > 0 || below.includes('\n') || isCollection(value));
	const before = step.before.map(keys => item(fieldsOf(keys)));
	return [...before, item([...fieldsOf(step.keys), below])].join('\n');
}

function item(fields: readonly string[]): string {
	return '- ' + fields.join('\n').replaceAll('\n', '\n  ');
}

function fieldsOf(keys: ElementKeys): string[] {
	return keys.map(([key, node]) => `${keyText(key)}: ${valueOf(node).text}`);
}

function isCollection({ node, text }: NewValue): boolean {
	return node.kind !== 'scalar' && !/^[[{]/.test(text);
}

/** The edit of a document that makes it say the value: what is there of the way is kept. */
export function mergeInto(
	root: Node | undefined,
	at: Address,
	steps: readonly MergeStep[],
	value: NewValue,
): SourceEdit {
	let node = root;
	let place = at;
	for (const [depth, step] of steps.entries()) {
		const rest = steps.slice(depth + 1);
		if (step.kind === 'key') {
			node = child(node, step.key);
			if (!node) return { kind: 'insert', at: place, key: keyText(step.key), yaml: mergeText(rest, value) };
			place = below(place, step.key);
		} else {
			const index = indexOf(node, step.keys);
			if (index === undefined) {
				return { kind: 'insert', at: place, yaml: [...fieldsOf(step.keys), mergeText(rest, value)].join('\n') };
			}
			node = nodeAt(node, [index]);
			place = below(place, index);
		}
	}
	return { kind: 'set', at: place, text: value.text };
}

function indexOf(list: Node | undefined, keys: ElementKeys): number | undefined {
	if (list?.kind !== 'seq') return undefined;
	const index = list.items.findIndex(item =>
		keys.every(([name, { text }]) => {
			const own = child(item, name);
			return own?.kind === 'scalar' && own.text === text;
		}),
	);
	return index < 0 ? undefined : index;
}

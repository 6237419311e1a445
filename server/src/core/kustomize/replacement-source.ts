/** Where a replacement takes its value from (`api/filters/replacement.getReplacement`). */
import { isSecretField } from '../kube/data-sources';
import { markedAsSecret } from '../kube/taken-secrets';
import { below } from '../base/address';
import { changeTo } from '../base/change-to';
import { nearest } from '../base/nearest';
import type { Problem } from '../base/problem';
import { describeId, formatId, type ResourceId } from '../kube/resource-id';
import { isNull, type Node, stringNode, textAt } from '../yaml/node';
import { resolvePlain } from '../yaml/scalar';
import { lookUp, splitFieldPath } from './field-path-match';
import { fits, previousIds } from './identity';
import type { Replacement, ReplacementSource } from './read/model';
import type { Tracked } from './tracked';

/** Gives the value anew for each target, since a replacement may change its own source; nothing once it is gone. */
export type SourceValue = (resources: readonly Tracked[]) => Node | undefined;

/** Finds the value, or says why there is none. */
export function sourceValueOf(
	{ source, sourceValue, at }: Replacement,
	resources: readonly Tracked[],
): SourceValue | { readonly problem: Problem } {
	if (source && sourceValue)
		return invalid(sourceValue.at, 'a replacement has a `source` or a `sourceValue`, not both', EXCLUSIVE);
	if (sourceValue) {
		const text = stringNode(sourceValue.value, sourceValue.node.origin);
		const value: Node = { ...text, tag: resolvePlain(sourceValue.value) };
		return () => value;
	}
	if (!source) return invalid(at, 'a replacement needs a `source` (or a `sourceValue`) and `targets`', INCOMPLETE);
	const selected = resources.flatMap((resource, index) => (isSource(source, resource) ? [{ resource, index }] : []));
	const [only] = selected;
	if (!only) return { problem: nothingSelected(source, resources) };
	if (selected.length > 1)
		return {
			problem: severalSelected(
				source,
				selected.map(each => each.resource),
			),
		};
	return valueIn(source, only.resource, only.index);
}

export const INCOMPLETE = 'replacements must specify a source and at least one target';
const EXCLUSIVE = 'value and resource selectors are mutually exclusive';

/**
 * Any name that the resource has or had will do, with all else that the source says of that time (`ResId.IsSelectedBy`). Ids out of
 * a tree do not know their scope, so that without a namespace all of them are in `default` (`utils.MakeResIds`).
 */
function isSource(source: ReplacementSource, resource: Tracked): boolean {
	return [resource.id, ...previousIds(resource)].some(
		id =>
			fits(id, source) &&
			(!source.name || source.name === id.name) &&
			(!source.namespace || source.namespace === (id.namespace || 'default')),
	);
}

function valueIn(
	source: ReplacementSource,
	resource: Tracked,
	index: number,
): SourceValue | { readonly problem: Problem } {
	const fieldPath = source.fieldPath || 'metadata.name';
	const parts = splitFieldPath(fieldPath);
	const at = source.fieldPathField?.at ?? source.at;
	const found = lookUp(resource.node, parts);
	const common = { code: 'kustomize/replacement-source', severity: 'error', fatal: true, at } as const;
	const related = [{ message: describeId(resource.id), at: resource.from }];
	if ('error' in found) {
		const message = `\`${fieldPath}\` cannot be followed in ${describeId(resource.id)}: ${firstLine(found.error)}`;
		return { problem: { ...common, message, related, details: `error looking up replacement source: ${found.error}` } };
	}
	const { node } = found;
	if (node === undefined || isNull(node) || isEmptyCollection(node)) {
		const message = `${describeId(resource.id)} has no value at \`${fieldPath}\`${nearestField(resource.node, parts)}`;
		const details = `fieldPath \`${fieldPath}\` is missing for replacement source ${formatId(idOf(source))}`;
		const meant = source.fieldPathField && nearestPath(resource.node, parts);
		return { problem: { ...common, message, related, details, ...changeTo(at, meant) } };
	}
	const { options } = source;
	const isSecret = isSecretField(resource.id.kind, parts);
	const marked = (value: Node): Node => (isSecret ? markedAsSecret(value) : value);
	if (!options?.delimiter) {
		return now => {
			const still = lookUp(now[index]?.node ?? resource.node, parts);
			return marked('error' in still ? node : (still.node ?? node));
		};
	}
	if (node.kind !== 'scalar')
		return invalid(options.at, '`delimiter` takes a text apart, but this is a list or a map', NOT_SCALAR);
	const pieces = node.text.split(options.delimiter);
	const piece = options.index < 0 ? undefined : pieces[options.index];
	if (piece === undefined) {
		const message = `\`index: ${options.index}\` is beyond the ${pieces.length} pieces that \`${options.delimiter}\` cuts the value into, which count from 0`;
		const details = `options.index ${options.index} is out of bounds for value ${hidden(resource.id, node.text)}`;
		return { problem: { ...common, message, at: options.at, related, details } };
	}
	const value = marked({ ...node, text: piece });
	return () => value;
}

export const NOT_SCALAR = 'delimiter option can only be used with scalar nodes';

function invalid(at: Problem['at'], message: string, details: string): { readonly problem: Problem } {
	return { problem: { code: 'kustomize/invalid-replacement', severity: 'error', fatal: true, message, at, details } };
}

function idOf({ group, version, kind, name, namespace }: ReplacementSource): ResourceId {
	return { group, version, kind, name, namespace };
}

/** A secret's value is nobody's business. */
function hidden(id: ResourceId, text: string): string {
	return id.kind === 'Secret' ? '***' : text;
}

function isEmptyCollection(node: Node): boolean {
	return (node.kind === 'map' && node.entries.length === 0) || (node.kind === 'seq' && node.items.length === 0);
}

function nothingSelected(source: ReplacementSource, resources: readonly Tracked[]): Problem {
	const wanted = describeId({ ...idOf(source), kind: source.kind || 'resource' });
	const { part, meant, why } = nearestSource(source, resources);
	const at = part ? below(source.at, part) : source.at;
	return {
		code: 'kustomize/replacement-source',
		severity: 'error',
		fatal: true,
		message: `there is no ${wanted} to take the value from${meant === undefined ? why : `; did you mean \`${meant}\`?`}`,
		at,
		details: `nothing selected by ${describeSource(source)}`,
		...changeTo(at, meant),
	};
}

/** The part of the source that is probably wrong, and what it should be. */
function nearestSource(
	source: ReplacementSource,
	resources: readonly Tracked[],
): { readonly part?: 'kind' | 'name'; readonly meant?: string | undefined; readonly why: string } {
	const named = resources.find(({ id, originalId }) => [id.name, originalId.name].includes(source.name));
	const kinds = resources.map(({ id }) => id.kind);
	if (source.kind && !kinds.includes(source.kind)) {
		const meant = nearest(source.kind, named ? [named.id.kind] : kinds);
		return { part: 'kind', meant, why: named ? `; there is a ${describeId(named.id)}` : '' };
	}
	const names = resources
		.filter(({ id }) => !source.kind || id.kind === source.kind)
		.flatMap(({ id, originalId }) => [id.name, originalId.name]);
	if (source.name && !names.includes(source.name)) {
		const why = named ? `; there is a ${describeId(named.id)}` : '';
		return { part: 'name', meant: nearest(source.name, names), why };
	}
	return { why: named ? `; there is ${describeId(named.id)} (${named.id.group || 'core'}/${named.id.version})` : '' };
}

function severalSelected(source: ReplacementSource, selected: readonly Tracked[]): Problem {
	return {
		code: 'kustomize/replacement-source',
		severity: 'error',
		fatal: true,
		message: `${selected.length} resources fit this source, and it must be one; say more of its kind, name or namespace`,
		at: source.at,
		related: selected.map(({ id, from }) => ({ message: describeId(id), at: from })),
		details: `multiple matches for selector ${describeSource(source)}`,
	};
}

/** `SourceSelector.String`. */
function describeSource(source: ReplacementSource): string {
	const { fieldPath, options } = source;
	const shown =
		options && (options.delimiter || options.create)
			? [`${options.delimiter}(${options.index}), create=${String(options.create)}`]
			: [];
	return [formatId(idOf(source)), ...(fieldPath ? [fieldPath] : []), ...shown].join(':');
}

/** The nearest key, or element of a list, where the way ends. */
export function nearestField(root: Node, parts: readonly string[]): string {
	const near = nearestPart(root, parts);
	return near === undefined ? '' : `; did you mean \`${near.meant}\`?`;
}

/** The path with that key or element in it, where it leads somewhere then. */
export function nearestPath(root: Node, parts: readonly string[]): string | undefined {
	const near = nearestPart(root, parts);
	if (near === undefined) return undefined;
	const mended = parts.with(near.index, near.meant);
	const found = lookUp(root, mended);
	if ('error' in found || found.node === undefined) return undefined;
	return mended.map(part => (part.startsWith('[') ? part : part.replaceAll('.', '\\.'))).join('.');
}

function nearestPart(
	root: Node,
	parts: readonly string[],
): { readonly index: number; readonly meant: string } | undefined {
	for (let index = parts.length - 1; index >= 0; index--) {
		const found = lookUp(root, parts.slice(0, index));
		if ('error' in found || !found.node || found.node.kind === 'scalar') continue;
		const { node } = found;
		const part = parts[index]!;
		const [, key, wanted] = /^\[(.+?)=(.*)\]$/.exec(part) ?? [];
		if (node.kind === 'map') {
			const keys = node.entries.map(entry => entry.key);
			const meant = keys.includes(part) ? undefined : nearest(part, keys);
			return meant === undefined ? undefined : { index, meant };
		}
		if (key === undefined || wanted === undefined) return undefined;
		const values = node.items.flatMap(item => textAt(item, key) ?? []);
		const meant = values.includes(wanted) ? undefined : nearest(wanted, values);
		return meant === undefined ? undefined : { index, meant: `[${key}=${meant}]` };
	}
	return undefined;
}

export function firstLine(text: string): string {
	return text.split('\n')[0]!.replace(/: node contents:$/, '');
}

/** The ValueAddTransformer: puts one value into fields, or into a place of the path that a field holds (`api/filters/valueadd`). */
import { basename } from '../../base/paths';
import type { Address } from '../../base/address';
import type { Problem } from '../../base/problem';
import { contentOf } from '../../workspace/documents';
import { addressOf, type MapNode, type Node, type Origin, withEntry, withItems } from '../../yaml/node';
import { splitPath, withText, type FieldTrouble } from '../field-spec';
import { compileSelector } from '../selector';
import { Decoder, type Fields } from '../read/decode';
import { readSelector } from '../read/entries';
import type { Field, Placed, Selector } from '../read/model';
import { PLUGIN_MANNER } from '../read/structs';
import { type TransformContext, type Transformer, withTree } from '../tracked';
import { transformEach, unchanged } from './each';
import { addNamespace } from './namespace';

export interface ValueAddTarget extends Placed {
	readonly selector: Selector | undefined;
	readonly fieldPath: Field<string> | undefined;
	/** From 1; 0 where the whole field is set. */
	readonly filePathPosition: number;
}

export interface ValueAdd {
	readonly at: Address;
	readonly value: Field<string> | undefined;
	readonly origin: Origin;
	readonly targets: readonly ValueAddTarget[];
	/** A file with more targets. */
	readonly file: Field<string> | undefined;
}

/** The `targets` of a configuration or of a file of them. */
export function readTargets(fields: Fields): readonly ValueAddTarget[] {
	return fields.structs('targets', 'ValueAddTarget', target => ({
		at: target.at,
		node: target.node,
		selector: target.structAt('selector', 'Selector', readSelector),
		fieldPath: target.string('fieldPath'),
		filePathPosition: Number(target.integer('filePathPosition')?.value ?? 0n),
	}));
}

/** Adds the value (the directory's own name where there is none) to each target. */
export function addValue({ at, value, origin, targets: own, file }: ValueAdd): Transformer {
	return (context, resources) => {
		const problems: Problem[] = [];
		const targets = [...own, ...(file ? targetsOfFile(context, file, problems) : [])];
		if (problems.length > 0) return unchanged(resources, problems);
		const text = value?.value.trim() || basename(context.directory);
		const problem = invalidTargets(at, targets);
		if (problem) return unchanged(resources, [problem]);
		let result = unchanged(resources);
		for (const target of targets) {
			const path = target.fieldPath?.value ?? '';
			const selector = target.selector && compileSelector(target.selector);
			if (selector && 'problem' in selector) return unchanged(resources, [selector.problem]);
			const next = transformEach('transformer', target.at, result.resources, (resource, trouble) => {
				if (selector && !selector.matches(resource)) return resource;
				if (path === 'metadata/namespace') return addNamespace(resource, text, origin);
				return withTree(resource, addAt(resource.node, splitPath(path, '/'), 0, text, target, origin, trouble));
			});
			result = {
				resources: next.resources,
				problems: [...result.problems, ...next.problems],
				applications: [...result.applications, ...next.applications],
			};
		}
		return result;
	};
}

function targetsOfFile(context: TransformContext, file: Field<string>, problems: Problem[]): readonly ValueAddTarget[] {
	const loaded = context.load(file.value, file.at);
	if (loaded.kind === 'problem') problems.push(loaded.problem);
	if (loaded.kind !== 'text') return [];
	const decoder = new Decoder(PLUGIN_MANNER);
	const fields = decoder.open(contentOf(context.db, loaded.file)[0]?.root, 'ValueAddTransformer');
	const targets = fields ? readTargets(fields) : [];
	problems.push(...decoder.problems);
	return targets;
}

function invalidTargets(at: Address, targets: readonly ValueAddTarget[]): Problem | undefined {
	const common = { code: 'kustomize/invalid-plugin', severity: 'error', fatal: true } as const;
	if (targets.length === 0)
		return {
			...common,
			message: 'a ValueAddTransformer needs `targets`',
			at,
			details: 'must specify at least one target',
		};
	const bad = targets.find(target => !target.fieldPath || target.filePathPosition < 0);
	if (!bad) return undefined;
	return bad.fieldPath
		? {
				...common,
				message: '`filePathPosition` cannot be negative',
				at: bad.at,
				details: `value of FilePathPosition (${bad.filePathPosition}) cannot be negative`,
			}
		: { ...common, message: 'this target has no `fieldPath`', at: bad.at, details: 'fieldPath cannot be empty' };
}

/** `yaml.LookupCreate`: makes what is missing; `[name=x]` is an element of a list. */
function addAt(
	node: Node | undefined,
	path: readonly string[],
	depth: number,
	text: string,
	target: ValueAddTarget,
	origin: Origin,
	trouble: (trouble: FieldTrouble) => void,
): Node {
	const part = path[depth];
	if (part === undefined) return setValue(node, text, target, origin, trouble);
	const element = /^\[(.+?)=(.*)\]$/.exec(part);
	const index = /^\d+$/.test(part) ? Number(part) : undefined;
	if (element || index !== undefined) {
		if (node?.kind !== 'seq') {
			trouble({ at: addressOf((node ?? target.node).origin), details: 'wrong node kind: expected SequenceNode' });
			return node ?? emptyMap(origin);
		}
		const at = element ? node.items.findIndex(item => hasField(item, element[1]!, element[2]!)) : index!;
		const item = node.items[at];
		if (!item) return node;
		return withItems(node, node.items.with(at, addAt(item, path, depth + 1, text, target, origin, trouble)));
	}
	const map = node === undefined || (node.kind === 'scalar' && node.tag === '!!null') ? emptyMap(origin) : node;
	if (map.kind !== 'map') {
		trouble({ at: addressOf(map.origin), details: 'wrong node kind: expected MappingNode' });
		return map;
	}
	const before = map.entries.find(entry => entry.key === part)?.value;
	return withEntry(map, part, addAt(before, path, depth + 1, text, target, origin, trouble));
}

function setValue(
	node: Node | undefined,
	text: string,
	target: ValueAddTarget,
	origin: Origin,
	trouble: (trouble: FieldTrouble) => void,
): Node {
	if (node && node.kind !== 'scalar') {
		trouble({ at: addressOf(node.origin), details: `wrong node kind: expected ScalarNode` });
		return node;
	}
	const before = node ?? { kind: 'scalar', text: '', tag: '!!str', style: 'plain', origin };
	const value = target.filePathPosition > 0 ? insertPart(before.text, target.filePathPosition - 1, text) : text;
	return withText(before, value, undefined, origin);
}

/** `filesys.InsertPathPart`: beyond the end it is appended; an absolute path stays one. */
export function insertPart(path: string, position: number, part: string): string {
	const absolute = path.startsWith('/');
	const parts = path.split('/').filter(each => each !== '');
	parts.splice(Math.min(position, parts.length), 0, part);
	return (absolute ? '/' : '') + parts.join('/');
}

function hasField(item: Node, key: string, value: string): boolean {
	if (item.kind !== 'map') return false;
	const field = item.entries.find(entry => entry.key === key)?.value;
	return field?.kind === 'scalar' && field.text === value;
}

function emptyMap(origin: Origin): MapNode {
	return { kind: 'map', entries: [], origin };
}

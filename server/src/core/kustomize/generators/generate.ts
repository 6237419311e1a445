/** `configMapGenerator` and `secretGenerator`, and the plugins of these names (`api/internal/generators`). */
import { base64 } from '@scure/base';
import { changeTo } from '../../base/change-to';
import { nearest } from '../../base/nearest';
import type { Problem } from '../../base/problem';
import { decodeUtf8 } from '../../base/utf8';
import { type MapEntry, type MapNode, type Node, type Origin, stringNode } from '../../yaml/node';
import { writtenEntry } from '../field-spec';
import { behaviorNamed } from '../internal-annotations';
import type { Field, GeneratorEntry, GeneratorOptions, StringMap } from '../read/model';
import { newTracked, type Tracked, type TransformContext } from '../tracked';
import { isUtf8, type KeyValue, keyValues } from './key-values';

export interface Generated {
	/** Nothing where the entry has no name. */
	readonly resource: Tracked | undefined;
	readonly problems: readonly Problem[];
}

/** The object that an entry stands for. `defaults` are the kustomization's `generatorOptions`. */
export function generate(
	context: TransformContext,
	kind: 'ConfigMap' | 'Secret',
	entry: GeneratorEntry,
	defaults: GeneratorOptions | undefined,
): Generated {
	const { pairs, problems: found } = keyValues(context, entry);
	const problems = [...found];
	if (!entry.name) {
		const problem: Problem = {
			code: 'kustomize/invalid-generator',
			severity: 'error',
			fatal: true,
			message: `this ${kind} has no \`name\``,
			at: entry.at,
			// Of a Secret too.
			details: 'a configmap must have a name',
		};
		return { resource: undefined, problems: [problem, ...problems] };
	}
	const odd = entry.behavior && unknownBehavior(entry.behavior);
	if (odd) problems.push(odd);
	const origin: Origin = { ...entry.node.origin, step: 'generator' };
	const sorted = pairs.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
	const immutable = entry.options?.immutable || defaults?.immutable;
	const node: MapNode = {
		kind: 'map',
		origin,
		entries: [
			text('apiVersion', 'v1', origin),
			text('kind', kind, origin),
			{ key: 'metadata', value: metadata(entry, defaults, origin) },
			...(kind === 'Secret' ? secretEntries(entry, sorted, origin) : configMapEntries(sorted, origin)),
			...(immutable ? [{ key: 'immutable', value: trueNode(origin) }] : []),
		],
	};
	const hash = !entry.options?.disableNameSuffixHash && !defaults?.disableNameSuffixHash;
	const resource = newTracked(node, entry.at);
	return { resource: { ...resource, needsHash: hash, behavior: behaviorNamed(entry.behavior?.value) }, problems };
}

const BEHAVIORS = ['create', 'merge', 'replace'];

/** What kustomize does not know it takes for nothing (`types.NewGenerationBehavior`), which is `create`. */
function unknownBehavior({ value, at }: Field<string>): Problem | undefined {
	if (BEHAVIORS.includes(value)) return undefined;
	const meant = nearest(value, BEHAVIORS);
	return {
		code: 'kustomize/invalid-generator',
		severity: 'warning',
		message: `\`behavior: ${value}\` is none of ${BEHAVIORS.join(', ')}, so kustomize takes it for \`create\` without a word${meant ? `; did you mean \`${meant}\`?` : ''}`,
		at,
		...changeTo(at, meant),
	};
}

function text(key: string, value: string, origin: Origin): MapEntry {
	return writtenEntry(key, stringNode(value, origin));
}

function trueNode(origin: Origin): Node {
	return { kind: 'scalar', text: 'true', tag: '!!bool', style: 'plain', origin };
}

function metadata(entry: GeneratorEntry, defaults: GeneratorOptions | undefined, origin: Origin): MapNode {
	const entries: MapEntry[] = [text('name', entry.name!.value, { ...entry.name!.node.origin, step: 'generator' })];
	if (entry.namespace)
		entries.push(text('namespace', entry.namespace.value, { ...entry.namespace.node.origin, step: 'generator' }));
	for (const field of ['labels', 'annotations'] as const) {
		const pairs = mergedPairs(entry.options?.[field], defaults?.[field]);
		if (pairs.length > 0) entries.push({ key: field, value: { kind: 'map', origin, entries: pairs } });
	}
	return { kind: 'map', origin, entries };
}

/** `types.MergeGlobalOptionsIntoLocal`: the generator's own win. */
function mergedPairs(own: StringMap | undefined, defaults: StringMap | undefined): readonly MapEntry[] {
	const all = [...(own?.entries ?? [])];
	for (const pair of defaults?.entries ?? []) if (!all.some(({ key }) => key === pair.key)) all.push(pair);
	all.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
	return all.map(({ key, value }) => text(key, value.value, { ...value.node.origin, step: 'generator' }));
}

function configMapEntries(pairs: readonly KeyValue[], origin: Origin): MapEntry[] {
	const texts = pairs.filter(pair => isUtf8(pair.value));
	const binary = texts.length === pairs.length ? [] : pairs.filter(pair => !texts.includes(pair));
	const data = texts.map(({ key, value, origin: from }) => text(key, decodeUtf8(value), from));
	const binaryData = binary.map(({ key, value, origin: from }) => text(key, wrappedBase64(value), from));
	return [
		...(data.length > 0 ? [{ key: 'data', value: { kind: 'map', origin, entries: data } as const }] : []),
		...(binary.length > 0 ? [{ key: 'binaryData', value: { kind: 'map', origin, entries: binaryData } as const }] : []),
	];
}

function secretEntries(entry: GeneratorEntry, pairs: readonly KeyValue[], origin: Origin): MapEntry[] {
	const type = entry.type
		? text('type', entry.type.value, { ...entry.type.node.origin, step: 'generator' })
		: text('type', 'Opaque', origin);
	const data = pairs.map(({ key, value, origin: from }) => text(key, wrappedBase64(value), from));
	return [type, { key: 'data', value: { kind: 'map', origin, entries: data } }];
}

const LINE = 70;

/** Base64 in lines of 70, each ended, where it takes more than one (`generators.encodeBase64`). */
export function wrappedBase64(bytes: Uint8Array): string {
	const encoded = base64.encode(bytes);
	if (encoded.length < LINE) return encoded;
	const lines: string[] = [];
	for (let at = 0; at < encoded.length; at += LINE) lines.push(encoded.slice(at, at + LINE) + '\n');
	return lines.join('');
}

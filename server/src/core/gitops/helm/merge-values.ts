/**
 * The values that helm-controller hands to helm: `valuesFrom` in order, `spec.values` on top, `targetPath` as `--set` does it
 * (fluxcd/pkg/chartutil `ChartValuesFromReferences`). Every node keeps who wrote it and what that replaced. Nulls stay; helm
 * takes them away later.
 */
import { linkOf } from '../../base/address';
import { ofObject } from '../../base/memo';
import type { Database } from '../../base/query';
import type { DataEntry } from '../../kube/data-sources';
import { type ContentDocument, type Host, readContent } from '../../yaml/content';
import type { MapNode, Node, Origin, ScalarNode } from '../../yaml/node';
import { addressOf, isNull } from '../../yaml/node';
import { parseSyntax } from '../../yaml/syntax';
import { asYaml11, unsupportedKey } from '../../yaml/yaml-11';
import { replacePathValue } from './set-path';
import { appendOrigin, mapFromNode, mapToNode, replacing, type Value, type ValueMap } from './values-tree';

/** One entry of `spec.valuesFrom` whose data has been found. */
export interface ValuesPart {
	readonly entry: DataEntry;
	/** Absent where the data is a whole values file. */
	readonly target: { readonly path: string; readonly mode: 'typed' | 'literal' } | undefined;
}

/** Why a part could not be merged; the controller stops there, this goes on with the rest. */
export interface PartFailure {
	readonly index: number;
	readonly kind: 'not-yaml' | 'not-a-map' | 'bad-target';
	/** The controller's own words behind the reference. */
	readonly words: string;
	/** Where in the data, for what is not YAML. */
	readonly origin: Origin;
}

export interface MergedValues {
	readonly values: MapNode;
	readonly failures: readonly PartFailure[];
	/** Values that exist and that only the cluster knows; they stand in `values` as empty texts. */
	readonly unknown: ReadonlySet<Node>;
	/** Whether some values file is not known, so that any key may be set. */
	readonly anything: 'known' | 'unknown';
}

/** Merges the parts and `spec.values` (a built resource's tree, or nothing). `at` stands for the values where nobody wrote any. */
export function mergeReleaseValues(
	db: Database,
	parts: readonly ValuesPart[],
	inline: Node | undefined,
	at: Origin,
): MergedValues {
	const failures: PartFailure[] = [];
	const unknown = new Set<Node>();
	let anything: MergedValues['anything'] = 'known';
	const empty = (): ValueMap => ({ kind: 'map', entries: new Map(), origin: at });
	const own = inline?.kind === 'map' ? mapFromNode(asInline(inline)) : empty();
	let result = empty();
	for (const [index, { entry, target }] of parts.entries()) {
		const known = entry.value.kind === 'known' ? entry.value.text : undefined;
		if (target) {
			result = mergeMaps(result, own);
			const words = replacePathValue(
				result,
				target.path,
				known ?? '',
				known === undefined ? 'literal' : target.mode,
				valueOrigin(entry),
			);
			if (words !== undefined) failures.push({ index, kind: 'bad-target', words, origin: entry.origin });
			else if (known === undefined) collectSetScalars(result, entry, unknown);
			continue;
		}
		if (known === undefined) {
			anything = 'unknown';
			continue;
		}
		const read = entry.scalar ? valuesIn(db, entry.scalar) : readValuesFile(known, valuesHost(entry, 'valuesFrom'));
		// A variable that could not be filled in may have been anything; what is wrong with it is said where it stands.
		if (read.kind === 'failure' && known.includes('${')) anything = 'unknown';
		else if (read.kind === 'failure') failures.push({ index, ...read.failure });
		else if (read.root) result = mergeMaps(result, mapFromNode(read.root));
	}
	return { values: mapToNode(mergeMaps(result, own)), failures, unknown, anything };
}

type ValuesFile =
	| { readonly kind: 'values'; readonly root: MapNode | undefined }
	| { readonly kind: 'failure'; readonly failure: Omit<PartFailure, 'index'> };

const valuesIn = ofObject<ScalarNode, ValuesFile>(({ text, origin }) =>
	readValuesFile(text, valuesHost({ origin, form: 'plain' }, 'valuesFrom')),
);

/** Reads a values file as `chartutil.ReadValues` does: YAML 1.1, the first document, nothing for an empty one. */
export function readValuesFile(text: string, host: Host): ValuesFile {
	const [document] = readContent(parseSyntax(text), host);
	const error = document && errorOf(document);
	const origin = originOfHost(host);
	if (error !== undefined) return failure('not-yaml', `error converting YAML to JSON: yaml: ${error}`, origin);
	const root = document?.root;
	if (!root || isNull(root)) return { kind: 'values', root: undefined };
	const odd = unsupportedKey(root);
	if (odd)
		return failure(
			'not-yaml',
			'error converting YAML to JSON: unsupported map key of type: %!s(<nil>), key: <nil>',
			odd.origin,
		);
	const values = asYaml11(root);
	if (values.kind === 'map') return { kind: 'values', root: values };
	const type =
		values.kind === 'seq'
			? 'array'
			: values.tag === '!!bool'
				? 'bool'
				: values.tag === '!!int' || values.tag === '!!float'
					? 'number'
					: 'string';
	const words = `error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${type} into Go value of type map[string]interface {}`;
	return failure('not-a-map', words, values.origin);
}

function failure(kind: PartFailure['kind'], words: string, origin: Origin): ValuesFile {
	return { kind: 'failure', failure: { kind, words, origin } };
}

/** Keys that stand twice are no error here; the last one counts. */
function errorOf({ syntaxError, problems }: ContentDocument): string | undefined {
	const problem = problems.find(({ kind }) => kind !== 'duplicate-key');
	if (syntaxError !== undefined || !problem) return syntaxError;
	switch (problem.kind) {
		case 'unknown-alias':
			return `unknown anchor '${problem.name}' referenced`;
		case 'alias-bomb':
			return 'document contains excessive aliasing';
		case 'complex-key':
			return `invalid map key: ${problem.name}`;
		default:
			return 'map merge requires map or sequence of maps as the value';
	}
}

/** Where the nodes of a values file stand: in the file itself where the data is a whole file, else inside of its scalar. */
export function valuesHost(entry: Pick<DataEntry, 'origin' | 'form'>, step: Host['step']): Host {
	const { file, document, link } = textOrigin(entry.origin);
	return link === undefined && entry.form === 'plain' ? { file, step } : { file, step, embedded: { document, link } };
}

/** A substitution changes values inside of the text, never where the text stands. */
function textOrigin(origin: Origin): Origin {
	return origin.step === 'substitute' && origin.replaced ? textOrigin(origin.replaced) : origin;
}

function originOfHost({ file, embedded, step }: Host): Origin {
	return embedded
		? { step, file, document: embedded.document, link: embedded.link }
		: { step, file, document: 0, link: undefined };
}

/** A single value's origin: the data entry itself. */
function valueOrigin({ origin }: DataEntry): Origin {
	const { path } = addressOf(origin);
	return { ...origin, step: 'valuesFrom', link: origin.link ?? linkOf(path) };
}

/** Values that were written in the resource itself are `values`; what a patch or another step wrote says so. */
function asInline(node: MapNode): MapNode {
	const mark = (at: Node): Node => {
		const origin = markedOrigin(at.origin);
		switch (at.kind) {
			case 'scalar':
				return { ...at, origin };
			case 'seq':
				return { ...at, items: at.items.map(mark), origin };
			case 'map':
				return { ...at, entries: at.entries.map(entry => ({ ...entry, value: mark(entry.value) })), origin };
		}
	};
	return mark(node) as MapNode;
}

function markedOrigin(origin: Origin): Origin {
	const replaced = origin.replaced && markedOrigin(origin.replaced);
	const step = origin.step === 'resource' ? 'values' : origin.step;
	return replaced ? { ...origin, step, replaced } : { ...origin, step };
}

/** `MergeMaps`: `b` over `a`, in a new map that shares what it takes over from either. */
export function mergeMaps(a: ValueMap, b: ValueMap): ValueMap {
	const entries = new Map(a.entries);
	for (const [key, value] of b.entries) {
		const before = entries.get(key);
		const merged =
			value.kind === 'map' && before?.kind === 'map' ? mergeMaps(before, value) : replacingInPlace(value, before);
		entries.set(key, merged);
	}
	return { kind: 'map', entries, origin: b.entries.size > 0 ? appendOrigin(b.origin, a.origin) : a.origin };
}

/** Keeps the identity of maps and lists, which later parts may change through it. */
function replacingInPlace(value: Value, before: Value | undefined): Value {
	if (value.kind === 'scalar') return replacing(value, before);
	if (before && before !== value) value.origin = appendOrigin(value.origin, before.origin);
	return value;
}

/** Finds what the unknown value was put into, so that nobody judges it. */
function collectSetScalars(value: Value, { origin }: DataEntry, into: Set<Node>): void {
	if (value.kind === 'scalar') {
		if (value.origin.step === 'valuesFrom' && value.origin.link === origin.link && value.origin.file === origin.file)
			into.add(value);
	} else if (value.kind === 'list')
		for (const item of value.items) collectSetScalars(item, { value: UNKNOWN, origin, form: 'encoded' }, into);
	else
		for (const item of value.entries.values())
			collectSetScalars(item, { value: UNKNOWN, origin, form: 'encoded' }, into);
}

const UNKNOWN: DataEntry['value'] = { kind: 'unknown', why: '' };

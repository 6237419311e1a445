/**
 * The annotations in which kustomize keeps its books (`api/internal/utils`). Strata keeps them beside the tree, but whoever writes
 * one into a file means it, and none of them is printed.
 */
import { child, type MapNode, type Node, stringNode, withEntry, withoutEntry } from '../yaml/node';
import { writtenEntry } from './field-spec';
import type { Behavior, Tracked } from './tracked';

const PREFIX = 'internal.config.kubernetes.io/';

/** `resource.BuildAnnotations`. */
const BUILD_ANNOTATIONS: ReadonlySet<string> = new Set([
	...[
		'previousKinds',
		'previousNames',
		'prefixes',
		'suffixes',
		'previousNamespaces',
		'allowNameChange',
		'allowKindChange',
		'refBy',
		'generatorBehavior',
		'needsHashSuffix',
		'path',
		'index',
		'seqindent',
		'id',
		'annotations-migration-resource-id',
	].map(name => PREFIX + name),
	'config.kubernetes.io/path',
	'config.kubernetes.io/index',
	'config.k8s.io/id',
]);

export const ORIGIN_ANNOTATION = 'config.kubernetes.io/origin';
export const TRANSFORMATIONS_ANNOTATION = 'alpha.config.kubernetes.io/transformations';

/** The build annotations that a tree carries, without their prefix. */
export function internalAnnotations(node: MapNode): ReadonlyMap<string, string> {
	const found = new Map<string, string>();
	const annotations = child(child(node, 'metadata'), 'annotations');
	for (const { key, value } of annotations?.kind === 'map' ? annotations.entries : [])
		if (key.startsWith(PREFIX) && value.kind === 'scalar') found.set(key.slice(PREFIX.length), value.text);
	return found;
}

/** The build annotations that kustomize would have on an object by now; nothing where it would have none. */
export function bookAnnotations(resource: Tracked): ReadonlyMap<string, string> {
	const { previous, namePrefixes, nameSuffixes, needsHash, behavior, node } = resource;
	const found = new Map<string, string>();
	if (needsHash) found.set('needsHashSuffix', 'enabled');
	if (node.origin.step === 'generator') found.set('generatorBehavior', behavior);
	if (namePrefixes.length > 0) found.set('prefixes', namePrefixes.join(','));
	if (nameSuffixes.length > 0) found.set('suffixes', nameSuffixes.join(','));
	if (previous.length > 0) {
		found.set('previousKinds', previous.map(({ kind }) => kind).join(','));
		found.set('previousNames', previous.map(({ name }) => name).join(','));
		found.set('previousNamespaces', previous.map(({ namespace }) => namespace).join(','));
	}
	return new Map([...found].map(([name, value]) => [PREFIX + name, value]));
}

/** `types.NewGenerationBehavior`. */
export function behaviorNamed(text: string | undefined): Behavior {
	return text === 'create' || text === 'merge' || text === 'replace' ? text : 'unspecified';
}

/**
 * The tree as it is printed: without build annotations and those in `drop`, the values of the others as texts, and no
 * `annotations` where none are left (`RemoveBuildAnnotations`, `RNode.SetAnnotations`). A list without metadata gets some.
 */
export function withoutInternalAnnotations(node: MapNode, drop: ReadonlySet<string>): MapNode {
	const metadata = child(node, 'metadata');
	const annotations = child(metadata, 'annotations');
	if (metadata === undefined) return withEntry(node, 'metadata', { kind: 'map', entries: [], origin: node.origin });
	if (metadata.kind !== 'map' || annotations === undefined) return node;
	if (annotations.kind !== 'map') return withEntry(node, 'metadata', withoutEntry(metadata, 'annotations'));
	const kept = annotations.entries.filter(({ key }) => !BUILD_ANNOTATIONS.has(key) && !drop.has(key));
	if (kept.length === 0) return withEntry(node, 'metadata', withoutEntry(metadata, 'annotations'));
	const asTexts = kept.map(entry => {
		const rewritten = writtenEntry(entry.key, asText(entry.value));
		return rewritten.value === entry.value && rewritten.keyTag === entry.keyTag ? entry : rewritten;
	});
	if (asTexts.length === annotations.entries.length && asTexts.every((entry, i) => entry === annotations.entries[i]))
		return node;
	return withEntry(node, 'metadata', withEntry(metadata, 'annotations', { ...annotations, entries: asTexts }));
}

function asText(value: Node): Node {
	if (value.kind !== 'scalar') return stringNode('', value.origin);
	return value.tag === '!!str' ? value : { ...value, tag: '!!str' };
}

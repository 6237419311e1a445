/**
 * Applies a JSON patch to every resource that a target selects (`PatchTransformerPlugin.transformJson6902`). Kustomize makes JSON of each
 * object and reads that back, with the annotations in it in which it keeps its books; both show in what comes out.
 */
import type { Address } from '../../base/address';
import type { Problem } from '../../base/problem';
import { describeId, type ResourceId } from '../../kube/resource-id';
import { child, type MapNode, stringNode, textAt, withEntry } from '../../yaml/node';
import { rememberId } from '../identity';
import { bookAnnotations, ORIGIN_ANNOTATION, TRANSFORMATIONS_ANNOTATION } from '../internal-annotations';
import type { Selector } from '../read/model';
import { compileSelector } from '../selector';
import { type Tracked, type Transformed, withNode } from '../tracked';
import { unchanged } from '../transformers/each';
import { applyJsonPatch, type Operation } from './json-patch';
import { withTexts } from './merge-patch';
import { invalidPatch, operationFailed, replacedNothing, targetWithoutMatch } from './patch-problems';
import { throughJson } from './through-json';

/** Applies the operations. `patches` remembers what its targets were called, `patchesJson6902` does not. */
export function applyOperations(
	target: Selector,
	at: Address,
	operations: readonly Operation[],
	resources: readonly Tracked[],
	manner: 'id-remembered' | 'id-kept',
): Transformed {
	const selector = compileSelector(target);
	if ('problem' in selector) return unchanged(resources, [selector.problem]);
	const problems: Problem[] = [];
	const matched: ResourceId[] = [];
	let changed = false;
	const result = resources.map(resource => {
		if (!selector.matches(resource)) return resource;
		matched.push(resource.id);
		const before = manner === 'id-remembered' ? rememberId(resource) : resource;
		const books = new Map([...bookAnnotations(before), ...noteAnnotations(before)]);
		const subject = books.size > 0 ? withAnnotations(resource.node, books) : resource.node;
		const { node, removed, troubles, added } = applyJsonPatch(subject, operations);
		problems.push(...troubles.map(trouble => operationFailed(resource, trouble)));
		problems.push(...added.map(operation => replacedNothing(resource, operation)));
		const incomplete = troubles.length === 0 && withoutIdentity(node);
		if (incomplete) {
			problems.push(
				invalidPatch(
					at,
					`this patch leaves ${describeId(resource.id)} without ${incomplete}`,
					`missing ${incomplete} in object`,
				),
			);
			return resource;
		}
		changed ||= node !== subject;
		const result = node === subject ? resource.node : withoutAnnotations(node, books);
		const noted = node === subject ? before : { ...before, ...notesLeft(before, node) };
		const patched = withNode(noted, annotationsAsTexts(throughJson(result)));
		return removed.length > 0 ? { ...patched, removed: [...patched.removed, ...removed] } : patched;
	});
	if (matched.length === 0) problems.push(targetWithoutMatch(target, resources));
	return {
		resources: matched.length > 0 ? result : resources,
		problems,
		applications: [{ step: 'patch', at, matched, changed }],
	};
}

/** The notes of `buildMetadata` are annotations like any other; unlike the books, kustomize does not put them back. */
function noteAnnotations({ notes }: Tracked): readonly (readonly [string, string])[] {
	if (!notes) return [];
	const origin = notes.origin ? [[ORIGIN_ANNOTATION, ''] as const] : [];
	return notes.transformations.length > 0 ? [...origin, [TRANSFORMATIONS_ANNOTATION, '']] : origin;
}

function notesLeft({ notes }: Tracked, node: MapNode): Pick<Tracked, 'notes'> | undefined {
	if (!notes) return undefined;
	const annotations = child(child(node, 'metadata'), 'annotations');
	const origin = child(annotations, ORIGIN_ANNOTATION) ? notes.origin : undefined;
	const transformations = child(annotations, TRANSFORMATIONS_ANNOTATION) ? notes.transformations : [];
	return { notes: { origin, transformations } };
}

/** What an object must have, and no longer has (`RNode.GetValidatedMetadata`). */
function withoutIdentity(node: MapNode): 'kind' | 'metadata.name' | undefined {
	const kind = textAt(node, 'kind') ?? '';
	if (kind === '') return 'kind';
	return !kind.endsWith('List') && !textAt(node, 'metadata', 'name') ? 'metadata.name' : undefined;
}

/** The object with kustomize's books in it: a patch finds annotations also where the object has none of its own. */
function withAnnotations(node: MapNode, books: ReadonlyMap<string, string>): MapNode {
	const metadata = child(node, 'metadata');
	if (metadata?.kind !== 'map') return node;
	const { origin } = metadata;
	const own = child(metadata, 'annotations');
	const annotations: MapNode = own?.kind === 'map' ? own : { kind: 'map', entries: [], origin };
	const entries = [...books].map(([key, text]) => ({ key, value: stringNode(text, origin) }));
	return setAnnotations(node, { ...annotations, entries: [...annotations.entries, ...entries] });
}

function withoutAnnotations(node: MapNode, books: ReadonlyMap<string, string>): MapNode {
	const annotations = child(child(node, 'metadata'), 'annotations');
	if (annotations?.kind !== 'map' || books.size === 0) return node;
	return setAnnotations(node, { ...annotations, entries: annotations.entries.filter(({ key }) => !books.has(key)) });
}

function setAnnotations(node: MapNode, annotations: MapNode): MapNode {
	const metadata = child(node, 'metadata');
	return metadata?.kind === 'map' ? withEntry(node, 'metadata', withEntry(metadata, 'annotations', annotations)) : node;
}

/** A JSON patch ends with writing the annotations anew (`RNode.SetAnnotations`). */
function annotationsAsTexts(node: MapNode): MapNode {
	const metadata = child(node, 'metadata');
	return metadata?.kind === 'map' ? withEntry(node, 'metadata', withTexts(metadata, 'annotations')) : node;
}

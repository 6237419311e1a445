/** What `buildMetadata` lets kustomize write into each object: where it came from and which transformers ran over it (`api/resource.Origin`). */
import { formatString } from '../yaml/emit-scalar';
import { child, type MapNode, type Node, type Origin, stringNode, textAt, withEntry } from '../yaml/node';
import { ORIGIN_ANNOTATION, TRANSFORMATIONS_ANNOTATION } from './internal-annotations';
import type { BuildNote, Tracked } from './tracked';

/** `path` below the path of a directory, both as seen from the directory that is built. */
export function appendPath(directory: string, path: string): string {
	const parts = directory === '' ? [] : directory.split('/');
	for (const part of path.split('/')) {
		if (part === '' || part === '.') continue;
		if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
		else parts.push(part);
	}
	return (path.startsWith('/') && directory === '' ? '/' : '') + parts.join('/');
}

/** A note on a step that a kustomization file's own field makes. */
export function fieldNote(configuredIn: string, kind: string): BuildNote {
	return { configuredIn, configuredBy: { apiVersion: 'builtin', kind, name: '', namespace: '' } };
}

/** A note on a step that an object listed in `generators` or `transformers` makes. */
export function pluginNote(config: Tracked): BuildNote {
	const { kind, name, namespace } = config.id;
	const apiVersion = textAt(config.node, 'apiVersion') ?? '';
	return { configuredIn: config.notes?.origin?.path ?? '', configuredBy: { apiVersion, kind, name, namespace } };
}

/** The resource with a note on its origin, unless it has one (`resmap.AddOriginAnnotation`). */
export function withOriginNote(resource: Tracked, origin: BuildNote): Tracked {
	return resource.notes?.origin
		? resource
		: { ...resource, notes: { origin, transformations: resource.notes?.transformations ?? [] } };
}

/** The resource with a note that a transformer ran over it; one that the transformer made gets its origin so. */
export function withTransformationNote(resource: Tracked, note: BuildNote): Tracked {
	if (!resource.notes?.origin) return withOriginNote(resource, note);
	return { ...resource, notes: { ...resource.notes, transformations: [...resource.notes.transformations, note] } };
}

/** Writes the notes that `buildMetadata` asks for into the tree's annotations. */
export function withNotes(node: MapNode, { notes }: Tracked, options: ReadonlySet<string>, at: Origin): MapNode {
	const origin: Origin = { ...at, step: 'buildMetadata' };
	let result = node;
	if (options.has('originAnnotations') && notes?.origin)
		result = annotate(result, ORIGIN_ANNOTATION, noteLines(notes.origin).join('\n') + '\n', origin);
	if (options.has('transformerAnnotations') && notes && notes.transformations.length > 0) {
		const lines = notes.transformations.flatMap(note =>
			noteLines(note).map((line, i) => (i === 0 ? '- ' : '  ') + line),
		);
		result = annotate(result, TRANSFORMATIONS_ANNOTATION, lines.join('\n') + '\n', origin);
	}
	return result;
}

function annotate(node: MapNode, key: string, text: string, origin: Origin): MapNode {
	const empty: MapNode = { kind: 'map', entries: [], origin };
	const asMap = (value: Node | undefined): MapNode => (value?.kind === 'map' ? value : empty);
	const metadata = asMap(child(node, 'metadata'));
	const annotations = withEntry(asMap(child(metadata, 'annotations')), key, stringNode(text, origin));
	return withEntry(node, 'metadata', withEntry(metadata, 'annotations', annotations));
}

function noteLines(note: BuildNote): string[] {
	const { configuredBy } = note;
	const line = (key: string, value: string | undefined) => (value ? [`${key}: ${scalar(value)}`] : []);
	return [
		...line('path', note.path),
		...line('configuredIn', note.configuredIn),
		...(configuredBy
			? [
					'configuredBy:',
					...line('  apiVersion', configuredBy.apiVersion),
					...line('  kind', configuredBy.kind),
					...line('  name', configuredBy.name),
					...line('  namespace', configuredBy.namespace),
				]
			: []),
	];
}

function scalar(text: string): string {
	return formatString(text, { indent: 2, column: 0, role: 'value' }).join('\n');
}

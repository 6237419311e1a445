/**
 * What the text of a patch turns out to be: objects to merge, or JSON operations (`PatchTransformerPlugin.Config`). Nothing in the
 * kustomization says which, so kustomize tries to read it as both.
 */
import { ofObject } from '../../base/memo';
import type { FilePath } from '../../base/paths';
import type { Problem } from '../../base/problem';
import { type Database, query } from '../../base/query';
import { contentOf } from '../../workspace/documents';
import { textOf } from '../../workspace/inputs';
import { type ContentDocument, readContent } from '../../yaml/content';
import { isNull, type Node, type Origin, type ScalarNode } from '../../yaml/node';
import { parseSyntax } from '../../yaml/syntax';
import { asYaml11, unsupportedKey } from '../../yaml/yaml-11';
import { manifestsAmong, readManifests, unreadDocuments } from '../manifests';
import type { Tracked } from '../tracked';
import { type Operation, operationsOf } from './json-patch';

export interface PatchText {
	/** The objects to merge, each with the document it came from; problems where the text holds no objects. */
	readonly objects: { readonly resources: readonly Tracked[]; readonly problems: readonly Problem[] };
	/** The operations, or kustomize's words for why there are none. */
	readonly operations: readonly Operation[] | string;
	/** Whether the first document is a list, as a JSON patch is. */
	readonly looksLike: 'operations' | 'objects';
}

const patchFileQuery = query<PatchText>('patchFile', (db, file) => {
	const documents = contentOf(db, file).map(withStep);
	return readPatch(documents, textOf(db, file) ?? '', manifestsAmong(db, file, documents));
});

/** The patch in a file. */
export function patchInFile(db: Database, file: FilePath): PatchText {
	return db.get(patchFileQuery, file);
}

/** The patch in a scalar of a kustomization or of a plugin's configuration; its nodes lead into the scalar. */
export const patchInScalar = ofObject<ScalarNode, PatchText>(({ text, origin }) => {
	const trimmed = text.trim();
	const { file, document, link, within } = origin;
	const syntax = parseSyntax(trimmed);
	const documents = readContent(syntax, { file, embedded: { document, link }, step: 'patch' });
	// A text inside of a text inside of a file has no address of its own: all of it stands where the outer one does.
	const placed = within ? documents.map(each => withOrigin(each, { ...origin, step: 'patch' })) : documents;
	const unread = new Set(trimmed.includes('\n...') ? unreadDocuments(syntax, trimmed) : []);
	return readPatch(placed, trimmed, readManifests(placed, undefined, unread));
});

function readPatch(documents: readonly ContentDocument[], text: string, objects: PatchText['objects']): PatchText {
	const [first] = documents;
	return {
		objects,
		operations: readOperations(first, text),
		looksLike: first?.root?.kind === 'seq' ? 'operations' : 'objects',
	};
}

/** `jsonPatchFromBytes`: JSON where the text begins with a bracket, else YAML 1.1, of which the first document counts. */
function readOperations(document: ContentDocument | undefined, text: string): readonly Operation[] | string {
	if (text.startsWith('[') && !isJson(text)) return 'invalid character in JSON text';
	if (document?.syntaxError) return `yaml: ${document.syntaxError}`;
	if (!document?.root || isNull(document.root)) return [];
	// Of equal keys the last counts, in JSON as in YAML.
	const wrong = document.problems.find(({ kind }) => kind !== 'duplicate-key');
	if (wrong) return `yaml: ${wrong.kind} ${wrong.name}`;
	if (unsupportedKey(document.root)) return 'Unsupported map key of type: nil';
	const root = asYaml11(document.root);
	const endless = notFinite(root);
	return endless ? `json: unsupported value: ${endless.text}` : operationsOf(root);
}

function isJson(text: string): boolean {
	try {
		JSON.parse(text);
		return true;
	} catch {
		return false;
	}
}

function notFinite(node: Node): ScalarNode | undefined {
	switch (node.kind) {
		case 'scalar':
			return node.tag === '!!float' && /inf|nan/i.test(node.text) ? node : undefined;
		case 'seq':
			return node.items.map(notFinite).find(found => found !== undefined);
		case 'map':
			return node.entries.map(entry => notFinite(entry.value)).find(found => found !== undefined);
	}
}

function withStep(document: ContentDocument): ContentDocument {
	return document.root
		? { ...document, root: mapOrigins(document.root, origin => ({ ...origin, step: 'patch' })) }
		: document;
}

function withOrigin(document: ContentDocument, origin: Origin): ContentDocument {
	return document.root ? { ...document, root: mapOrigins(document.root, () => origin) } : document;
}

function mapOrigins(node: Node, change: (origin: Origin) => Origin): Node {
	const origin = change(node.origin);
	switch (node.kind) {
		case 'scalar':
			return { ...node, origin };
		case 'seq':
			return { ...node, items: node.items.map(item => mapOrigins(item, change)), origin };
		case 'map':
			return {
				...node,
				entries: node.entries.map(entry => ({ ...entry, value: mapOrigins(entry.value, change) })),
				origin,
			};
	}
}

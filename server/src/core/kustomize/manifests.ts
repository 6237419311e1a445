/**
 * The resources that a text holds: every document that is a Kubernetes object, lists taken apart, what is empty left out
 * (`api/resource.Factory.SliceFromBytes`, `kyaml/kio.ByteReader`).
 */
import type { FilePath } from '../base/paths';
import type { Problem } from '../base/problem';
import { type Database, query } from '../base/query';
import { contentOf, syntaxOf } from '../workspace/documents';
import { textOf } from '../workspace/inputs';
import { type ContentDocument, readContent } from '../yaml/content';
import { addressOf, child, itemsOf, type MapNode, type Node, type ScalarNode, textAt } from '../yaml/node';
import { goYamlWords } from '../yaml/go-words';
import { parseSyntax, type Syntax } from '../yaml/syntax';
import { behaviorNamed, internalAnnotations } from './internal-annotations';
import { newTracked, type Tracked } from './tracked';

export interface Manifests {
	readonly resources: readonly Tracked[];
	readonly problems: readonly Problem[];
	/** Keys that stand twice in a map: kustomize stops at them when it prints a resource, but not in a patch. */
	readonly duplicates: readonly Problem[];
}

const manifestsQuery = query<Manifests>('manifests', (db, file) => manifestsAmong(db, file, contentOf(db, file)));

/** The resources among the documents of a file, of which kustomize may not look at all. */
export function manifestsAmong(db: Database, file: FilePath, documents: readonly ContentDocument[]): Manifests {
	const separated = db.get(separatorProblems, file);
	const unread = new Set(separated.filter(({ fatal }) => !fatal).map(({ at }) => at.document));
	const manifests = readManifests(documents, file, unread);
	return separated.length > 0 ? { ...manifests, problems: [...separated, ...manifests.problems] } : manifests;
}

/** Of the text alone, and nearly always empty: what moves lines does not read the resources again. */
const separatorProblems = query<readonly Problem[]>(
	'separatorProblems',
	(db, file) => {
		const text = textOf(db, file) ?? '';
		const bad = directive(text, file) ?? badSeparator(text, file);
		const unread = text.includes('\n...') ? unreadDocuments(syntaxOf(db, file), text) : [];
		return [...(bad ? [bad] : []), ...unread.map(document => unreadDocument(file, document))];
	},
	(a, b) => JSON.stringify(a) === JSON.stringify(b),
);

/** The resources of a file; the very same objects for every kustomization that lists it. */
export function manifestsOf(db: Database, file: FilePath): Manifests {
	return db.get(manifestsQuery, file);
}

/** The resources in a scalar of a kustomization (an inline transformer). Nothing where the scalar holds no objects. */
export function inlineManifests(node: ScalarNode): Manifests | undefined {
	if (!/[:{]/.test(node.text)) return undefined;
	const { file, document, link } = node.origin;
	const documents = readContent(parseSyntax(node.text), { file, embedded: { document, link }, step: 'resource' });
	const manifests = readManifests(documents);
	return manifests.problems.some(problem => problem.fatal) || manifests.resources.length === 0 ? undefined : manifests;
}

/** `kio.splitDocuments`: nothing but a comment may stand behind a `---`. */
function badSeparator(text: string, file: FilePath): Problem | undefined {
	const found = /\r?\n---[^\S\n]*([^\s#].*)\n/.exec(text);
	if (!found) return endOfNothing(text, file);
	const before = text.slice(0, found.index + 1).match(/^---/gm)?.length ?? 0;
	return {
		code: 'kustomize/bad-yaml',
		severity: 'error',
		fatal: true,
		message: `kustomize refuses what stands behind \`---\` (\`${found[1]!.trim()}\`); put it on a line of its own`,
		at: { file, document: before, path: [] },
		details: `invalid document separator: ${found[0].trim()}`,
	};
}

/** What stands before the first `---` is read on its own, where a directive has no document to belong to. */
function directive(text: string, file: FilePath): Problem | undefined {
	const [before, found] = /^(?:[^\S\n]*(?:#[^\n]*)?\n)*(%[^\n]*)/.exec(text) ?? [];
	if (before === undefined || found === undefined) return undefined;
	return {
		code: 'kustomize/bad-yaml',
		severity: 'error',
		fatal: true,
		message: `kustomize cannot read a directive (\`${found.trim()}\`), since it takes the text apart at \`---\` first; remove it`,
		at: { file, document: 0, path: [] },
		details: 'MalformedYAMLError: yaml: line ...: did not find expected <document start>',
	};
}

/** A part that begins with `...` ends before it began. */
function endOfNothing(text: string, file: FilePath): Problem | undefined {
	const found = /(?:^|\n---[^\n]*\n)(?:[^\S\n]*(?:#[^\n]*)?\n)*\.\.\.(?=\s|$)/.exec(text);
	if (!found || (found.index === 0 && text.startsWith('---'))) return undefined;
	return {
		code: 'kustomize/bad-yaml',
		severity: 'error',
		fatal: true,
		message: 'there is nothing before this `...`; remove it',
		at: { file, document: text.slice(0, found.index + 1).match(/^---/gm)?.length ?? 0, path: [] },
		details: 'MalformedYAMLError: yaml: did not find expected node content',
	};
}

/**
 * `kio.ByteReader` splits a text at `---` and reads one document out of each part, so what stands behind `...` without a `---` is
 * never looked at.
 */
export function unreadDocuments({ documents }: Syntax, text: string): number[] {
	return documents.flatMap(({ range, root }, index) =>
		index === 0 || !root || /^---/m.test(text.slice(range.start, root.range.start)) ? [] : [index],
	);
}

function unreadDocument(file: FilePath, document: number): Problem {
	return {
		code: 'kustomize/bad-yaml',
		severity: 'warning',
		message: 'kustomize does not read this document: it stands behind `...`, where only `---` begins another one',
		at: { file, document, path: [] },
	};
}

/** The resources of documents that were read already, and what is wrong with them; in `file` where nothing in them says where they stand.
 * Those whose index is in `unread` are passed over. */
export function readManifests(
	documents: readonly ContentDocument[],
	file: FilePath = firstFile(documents),
	unread: ReadonlySet<number> = new Set(),
): Manifests {
	const problems: Problem[] = [];
	const duplicates: Problem[] = [];
	const resources: Tracked[] = [];
	const queue: Node[] = [];
	const broken = new Set(documents.flatMap(({ syntaxError }, index) => (syntaxError === undefined ? [] : [index])));
	for (const [index, document] of documents.entries()) {
		if (unread.has(index)) continue;
		if (document.root) queue.push(document.root);
		for (const problem of documentProblems(document, index, file))
			(problem.code === 'kustomize/duplicate-key' ? duplicates : problems).push(problem);
	}
	for (let at = 0; at < queue.length; at++) {
		const node = queue[at]!;
		if (isEmpty(node)) continue;
		const problem = invalidObject(node);
		// What a text that is no YAML seems to lack says nothing.
		if (problem && !broken.has(problem.at.document)) problems.push(problem);
		if (node.kind !== 'map' || problem) continue;
		if (isList(node)) queue.push(...listItems(node, queue.length === 1, problems));
		else resources.push(tracked(node));
	}
	return { resources, problems, duplicates };
}

function tracked(node: MapNode): Tracked {
	const resource = newTracked(node, addressOf(node.origin));
	const annotations = internalAnnotations(node);
	if (annotations.size === 0) return resource;
	const list = (name: string) => annotations.get(name)?.split(',') ?? [];
	const [names, namespaces, kinds] = [list('previousNames'), list('previousNamespaces'), list('previousKinds')];
	const consistent = names.length === namespaces.length && names.length === kinds.length;
	return {
		...resource,
		previous: consistent ? names.map((name, i) => ({ name, namespace: namespaces[i]!, kind: kinds[i]! })) : [],
		namePrefixes: list('prefixes'),
		nameSuffixes: list('suffixes'),
		needsHash: annotations.get('needsHashSuffix') === 'enabled',
		behavior: behaviorNamed(annotations.get('generatorBehavior')),
	};
}

function isEmpty(node: Node): boolean {
	switch (node.kind) {
		case 'scalar':
			return node.tag === '!!null' || node.text === '';
		case 'seq':
			return node.items.length === 0;
		case 'map':
			return node.entries.length === 0;
	}
}

/** A kind that ends in List and has `items`; without them it is an object like any other. */
function isList(node: MapNode): boolean {
	return (textAt(node, 'kind') ?? '').endsWith('List') && child(node, 'items') !== undefined;
}

/** The reader takes a `List` that is alone in its file apart, whatever its items are; others must have a list. */
function listItems(list: MapNode, alone: boolean, problems: Problem[]): readonly Node[] {
	const items = child(list, 'items');
	if (items === undefined || (items.kind === 'scalar' && items.tag === '!!null')) return [];
	if (items.kind === 'seq') return itemsOf(items);
	const kind = textAt(list, 'kind') ?? '';
	if (alone && (kind === 'List' || kind === 'ResourceList')) return [];
	problems.push({
		code: 'kustomize/invalid-resource',
		severity: 'error',
		fatal: true,
		message: `\`items\` of a ${kind} must be a list`,
		at: addressOf(items.origin),
		details: `expected array in ${kind}/items, but found ${items.kind === 'map' ? 'map[string]interface {}' : 'string'}`,
	});
	return [];
}

function documentProblems(document: ContentDocument, index: number, file: FilePath): Problem[] {
	const root = document.root;
	const at = root ? addressOf(root.origin) : { file, document: index, path: [] };
	const common = { severity: 'error', fatal: true } as const;
	const problems: Problem[] = [];
	if (document.syntaxError) {
		const details = `MalformedYAMLError: ${goYamlWords(document.syntaxError)} in File: ${at.file.slice(at.file.lastIndexOf('/') + 1)}`;
		problems.push({
			...common,
			code: 'kustomize/bad-yaml',
			message: `this is not YAML: ${document.syntaxError}`,
			at,
			details,
		});
	}
	for (const { kind, name, link } of document.problems) {
		const path = [];
		for (let step = link; step; step = step.parent) path.unshift(step.key);
		const place = root?.origin.within ? at : { ...at, path };
		if (kind === 'duplicate-key') {
			problems.push({
				...common,
				code: 'kustomize/duplicate-key',
				message: `\`${name}\` stands twice in this map; keep one of them`,
				at: place,
				anchor: 'key',
				details: `yaml: unmarshal errors: mapping key "${name}" already defined`,
			});
		} else {
			const message =
				kind === 'unknown-alias'
					? `there is no anchor \`&${name}\` above`
					: kind === 'alias-bomb'
						? `the aliases of this document make it too large to be read (\`*${name}\`)`
						: kind === 'complex-key'
							? `\`${name}\` is a map or a list and stands as a key; put it in quotes`
							: '`<<` can only merge maps';
			const details = kind === 'complex-key' ? { details: 'yaml: invalid map key' } : undefined;
			problems.push({ ...common, code: 'kustomize/bad-yaml', message, at: place, ...details });
		}
	}
	return problems;
}

function firstFile(documents: readonly ContentDocument[]): FilePath {
	return documents.find(document => document.root)?.root?.origin.file ?? '/';
}

function invalidObject(node: Node): Problem | undefined {
	const named = ['apiVersion', 'kind', 'metadata'];
	if (node.kind === 'map' && node.entries.some(entry => named.includes(entry.key))) return namelessObject(node);
	const details = 'missing Resource metadata';
	return invalid(node, 'this is no Kubernetes object: it has neither kind nor metadata', details);
}

/** An object needs a kind and a name (`RNode.GetValidatedMetadata`), when it is read and when it is printed. */
export function namelessObject(node: MapNode): Problem | undefined {
	const kind = textAt(node, 'kind') ?? '';
	const apiVersion = textAt(node, 'apiVersion') ?? '';
	const shown = `{{${apiVersion} ${kind}} {{${textAt(node, 'metadata', 'name') ?? ''} ${textAt(node, 'metadata', 'namespace') ?? ''}} map[] map[]}}`;
	if (kind === '') return invalid(node, 'this object has no kind', `missing kind in object ${shown}`);
	if (kind.endsWith('List') || (textAt(node, 'metadata', 'name') ?? '') !== '') return undefined;
	return invalid(node, `this ${kind} has no metadata.name`, `missing metadata.name in object ${shown}`);
}

function invalid({ origin }: Node, message: string, details: string): Problem {
	return {
		code: 'kustomize/invalid-resource',
		severity: 'error',
		fatal: true,
		message,
		at: addressOf(origin),
		details,
	};
}

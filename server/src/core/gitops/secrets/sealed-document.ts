/**
 * Sealed values as they are written down, in the form of kubeseal's output: a SealedSecret out of a Secret (`v1alpha1.NewSealedSecret`), and
 * the edits that put values into one that is there (`kubeseal --merge-into`). No plaintext comes here.
 */
import type { FilePath } from '../../base/paths';
import type { SourceEdit } from '../../base/problem';
import { emitPlainStyled } from '../../yaml/emit-styled';
import {
	child,
	entriesOf,
	type MapNode,
	type Node,
	nodeAt,
	type Origin,
	type ScalarNode,
	stringNode,
	textAt,
	withEntry,
} from '../../yaml/node';
import {
	CLUSTER_WIDE,
	NAMESPACE_WIDE,
	type Scope,
	scopeOf,
	SEALED_SECRETS_GROUP,
	SEALED_SECRETS_VERSION,
} from './sealed-secret-fields';

/** Ciphertexts by key, and what they were sealed for. */
export interface SealedValues {
	readonly values: ReadonlyMap<string, string>;
	readonly scope: Scope;
	/** Empty where the scope does not ask for it and nobody said it. */
	readonly name: string;
	readonly namespace: string;
}

const SCOPE_ANNOTATIONS: Readonly<Record<Scope, string | undefined>> = {
	strict: undefined,
	'namespace-wide': NAMESPACE_WIDE,
	'cluster-wide': CLUSTER_WIDE,
};

/** Annotations that are about the Secret's own file and not about the Secret. */
const OF_THE_FILE: ReadonlySet<string> = new Set([
	'kubectl.kubernetes.io/last-applied-configuration',
	'config.kubernetes.io/local-config',
	CLUSTER_WIDE,
	NAMESPACE_WIDE,
]);

/**
 * The YAML of a SealedSecret for a Secret. It is called as the Secret is, so that the transformers that stand over it find what they found before;
 * its template says what it was sealed for.
 */
export function newSealedSecret(secret: Node, { values, scope, name, namespace }: SealedValues): string {
	const { origin } = secret;
	const text = (value: string): ScalarNode => stringNode(value, origin);
	const annotation = SCOPE_ANNOTATIONS[scope];
	const scoped = annotation === undefined ? [] : [[annotation, text('true')] as const];
	const metadata = child(secret, 'metadata');
	const kept = entriesOf(child(metadata, 'annotations')).filter(({ key }) => !OF_THE_FILE.has(key));
	const annotations = map(origin, [...kept.map(({ key, value }) => [key, value] as const), ...scoped]);
	const labels = child(metadata, 'labels');
	const ownName = textAt(metadata, 'name') ?? name;
	const ownNamespace = textAt(metadata, 'namespace') ?? '';
	const sealedSecret = map(origin, [
		['apiVersion', text(`${SEALED_SECRETS_GROUP}/${SEALED_SECRETS_VERSION}`)],
		['kind', text('SealedSecret')],
		[
			'metadata',
			map(origin, [
				...unlessEmpty('annotations', map(origin, scoped)),
				['name', text(ownName)],
				...(ownNamespace ? [['namespace', text(ownNamespace)] as const] : []),
			]),
		],
		[
			'spec',
			map(origin, [
				[
					'encryptedData',
					map(
						origin,
						[...values].map(([key, sealed]) => [key, text(sealed)]),
					),
				],
				[
					'template',
					map(origin, [
						[
							'metadata',
							map(origin, [
								...unlessEmpty('annotations', annotations),
								...(labels ? [['labels', labels] as const] : []),
								['name', text(name || ownName)],
								...(namespace || ownNamespace ? [['namespace', text(namespace || ownNamespace)] as const] : []),
							]),
						],
						...copied(secret, 'immutable'),
						...copied(secret, 'type'),
					]),
				],
			]),
		],
	]);
	return emitPlainStyled(sealedSecret);
}

function map(origin: Origin, entries: readonly (readonly [string, Node])[]): MapNode {
	return entries.reduce<MapNode>((node, [key, value]) => withEntry(node, key, value), {
		kind: 'map',
		entries: [],
		origin,
	});
}

function unlessEmpty(key: string, node: MapNode): (readonly [string, Node])[] {
	return node.entries.length > 0 ? [[key, node]] : [];
}

function copied(secret: Node, key: string): (readonly [string, Node])[] {
	const value = child(secret, key);
	return value ? [[key, value]] : [];
}

/** The document of a SealedSecret in its file. */
export interface SealedDocument {
	readonly file: FilePath;
	readonly document: number;
	readonly root: Node;
}

/** Whether the values take the place of all that the document holds, so that its scope and template may change with them. */
export function replacesAll({ root }: SealedDocument, keys: Iterable<string>): boolean {
	const replaced = new Set(keys);
	return entriesOf(nodeAt(root, ['spec', 'encryptedData'])).every(({ key }) => replaced.has(key));
}

/** The edits that put the values into a SealedSecret. Where they replace all that it holds, it also says what they were sealed for. */
export function resealEdits(into: SealedDocument, sealed: SealedValues): readonly SourceEdit[] {
	const { root } = into;
	const data = nodeAt(root, ['spec', 'encryptedData']);
	const values = [...sealed.values].map(([key, text]): SourceEdit =>
		child(data, key)
			? { kind: 'set', at: at(into, 'spec', 'encryptedData', key), text }
			: { kind: 'insert', at: at(into, 'spec', 'encryptedData'), key, yaml: text },
	);
	return replacesAll(into, sealed.values.keys()) ? [...values, ...metadataEdits(into, sealed)] : values;
}

function metadataEdits(into: SealedDocument, sealed: SealedValues): readonly SourceEdit[] {
	const { root } = into;
	const { scope, name, namespace } = sealed;
	const own = child(root, 'metadata');
	const template = nodeAt(root, ['spec', 'template', 'metadata']);
	const edits: SourceEdit[] = scopeOf(own) === scope ? [] : [...scopeEdits(into, own, ['metadata'], scope)];
	const wanted = [
		...(name ? [['name', name] as const] : []),
		...(namespace ? [['namespace', namespace] as const] : []),
	];
	if (template) {
		if (scopeOf(template) !== scope) edits.push(...scopeEdits(into, template, ['spec', 'template', 'metadata'], scope));
		for (const [key, text] of wanted) {
			const written = textAt(template, key);
			if (written === text) continue;
			edits.push(
				written === undefined
					? { kind: 'insert', at: at(into, 'spec', 'template', 'metadata'), key, yaml: text }
					: { kind: 'set', at: at(into, 'spec', 'template', 'metadata', key), text },
			);
		}
	} else if (wanted.some(([key, text]) => textAt(own, key) !== text)) {
		const annotation = SCOPE_ANNOTATIONS[scope];
		const lines = [
			...(annotation === undefined ? [] : ['annotations:', `  ${annotation}: "true"`]),
			...wanted.map(([key, text]) => `${key}: ${text}`),
		];
		edits.push({ kind: 'insert', at: at(into, 'spec', 'template'), key: 'metadata', yaml: lines.join('\n') });
	}
	return edits;
}

function scopeEdits(
	into: SealedDocument,
	metadata: Node | undefined,
	path: readonly string[],
	scope: Scope,
): readonly SourceEdit[] {
	const wanted = SCOPE_ANNOTATIONS[scope];
	const edits: SourceEdit[] = [];
	for (const annotation of [CLUSTER_WIDE, NAMESPACE_WIDE]) {
		const written = nodeAt(metadata, ['annotations', annotation]);
		if (annotation !== wanted) {
			if (written) edits.push({ kind: 'remove', at: at(into, ...path, 'annotations', annotation) });
		} else if (written) {
			edits.push({ kind: 'set', at: at(into, ...path, 'annotations', annotation), text: '"true"' });
		} else {
			edits.push({ kind: 'insert', at: at(into, ...path, 'annotations'), key: annotation, yaml: '"true"' });
		}
	}
	return edits;
}

function at({ file, document }: SealedDocument, ...path: readonly string[]) {
	return { file, document, path };
}

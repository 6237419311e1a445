/**
 * Sets fields of the JSON or YAML that a text field holds, and prints it again in the form that it had (`api/filters/replacement`,
 * `setValueInStructuredData`). Whatever goes wrong, kustomize takes the path for an ordinary one.
 */
import type { FieldPath } from '../base/address';
import { printScalar } from '../yaml/emit';
import { emitStyled } from '../yaml/emit-styled';
import type { Node, ScalarNode } from '../yaml/node';
import { parseStyled, type StyledDocument } from '../yaml/styled';
import { type Creation, lookUp, matchFields, replaceAt } from './field-path-match';

export interface StructuredEdit {
	/** The field whose text was changed. */
	readonly path: FieldPath;
	readonly text: string;
}

/** The new text of the field on the way of `parts` that holds structured data; nothing where this cannot be done. */
export function editStructuredText(
	root: Node,
	parts: readonly string[],
	set: (node: Node) => Node,
	creation: Creation | undefined,
	isFlow: (node: Node) => boolean,
): StructuredEdit | undefined {
	for (let length = 1; length < parts.length; length++) {
		const found = lookUp(root, parts.slice(0, length));
		if ('error' in found || found.node?.kind !== 'scalar') continue;
		const document = parseStyled(found.node.text, found.node.origin);
		if ('error' in document) continue;
		const text = editText(found.node, document, parts.slice(length), set, creation, isFlow);
		return text === undefined ? undefined : { path: found.path, text };
	}
	return undefined;
}

function editText(
	scalar: ScalarNode,
	document: StyledDocument,
	parts: readonly string[],
	set: (node: Node) => Node,
	creation: Creation | undefined,
	isFlow: (node: Node) => boolean,
): string | undefined {
	if (!document.root) return undefined;
	const matches = matchFields(document.root, parts, creation, document.aliases);
	if ('error' in matches || matches.paths.length + matches.lost === 0) return undefined;
	const root = matches.paths.reduce((tree, path) => replaceAt(tree, path, set), matches.root);
	const first = scalar.text.trim()[0];
	if (first !== '{' && first !== '[') return emitStyled({ ...document, root }, isFlow).trim();
	const isPretty = scalar.text.includes('\n') && scalar.text.includes('  ');
	return printJson(root, isPretty ? '  ' : '', document);
}

/** Go's `json.Marshal` and `json.MarshalIndent`; nothing where a value has no JSON. */
function printJson(root: Node, step: string, document: StyledDocument): string | undefined {
	let error: object | undefined;
	const print = (node: Node, indent: string): string => {
		const alias = document.aliases.get(node);
		if (alias !== undefined) {
			error = { alias };
			return 'null';
		}
		if (node.kind === 'scalar') {
			const printed = printScalar(node);
			error ??= printed.error;
			return printed.kind === 'string' ? goJsonString(printed.text) : goJsonNumber(printed.text);
		}
		const inner = indent + step;
		const [open, close] = node.kind === 'map' ? ['{', '}'] : ['[', ']'];
		const items =
			node.kind === 'seq'
				? node.items.map(item => print(item, inner))
				: sortedEntries(node.entries).map(({ key, keyTag, value }) => {
						if (keyTag !== undefined) error ??= { key };
						if (node.entries.some(other => other.key === key && other.value !== value)) error ??= { key };
						return `${goJsonString(key)}:${step === '' ? '' : ' '}${print(value, inner)}`;
					});
		if (items.length === 0) return open! + close!;
		if (step === '') return `${open}${items.join(',')}${close}`;
		return `${open}\n${items.map(item => inner + item).join(',\n')}\n${indent}${close}`;
	};
	const text = print(root, '');
	return error === undefined ? text : undefined;
}

/** Maps are sorted by the bytes of their keys; of equal ones the text is refused. */
function sortedEntries<T extends { readonly key: string }>(entries: readonly T[]): readonly T[] {
	return entries.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

function goJsonString(text: string): string {
	return JSON.stringify(text).replace(/[<>&\u2028\u2029\u007f]/g, c =>
		c === '\u007f' ? c : `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
	);
}

/** `printScalar` writes floats as go-yaml 2 does; JSON has an exponent from 1e21 on and below 1e-6. */
function goJsonNumber(text: string): string {
	if (!/[.e]/.test(text) || text === 'true' || text === 'false') return text;
	const value = Number(text);
	const size = Math.abs(value);
	if (size !== 0 && (size < 1e-6 || size >= 1e21)) {
		const [mantissa, exponent] = value.toExponential().split('e');
		return `${mantissa}e${exponent!.replace(/^([-+])(\d)$/, '$1$2').replace(/^(\+)(\d)$/, '+0$2')}`;
	}
	return String(value);
}

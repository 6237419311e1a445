/** Completion: where the caret stands decides who is asked; what they offer is written with the indentation of the place. */
import { type FilePath, isKustomizationFile } from '../base/paths';
import type { CodeInfo } from '../base/problem';
import type { Database } from '../base/query';
import type { Range } from '../base/text';
import { textOf } from '../workspace/inputs';
import { isConfigFile } from '../workspace/tree-config';
import { entriesOf, type Node } from '../yaml/node';
import type { Candidate } from './candidates';
import { type Caret, caretAt } from './caret';
import { type CaretDocument, caretDocument } from './caret-document';
import { isInOperation, operationCandidates } from './complete-json-patch';
import { objectNames } from './complete-names';
import { patchFields, patchValues } from './complete-patch';
import { releaseValues } from './complete-release';
import { kustomizationFields, schemaFields, schemaMeanwhile, schemaValues } from './complete-schema';
import { valuesFields, valuesValues } from './complete-values';
import { kustomizationValues } from './complete-kustomization';
import { isFluxPath, pathCandidates } from './flux-paths';
import type { CompletionItem } from './results';
import { configCandidates } from './tree-config';
import { completeVariable } from './variables';

/** What may be written at the offset, best first. `codes` are those that `strata.yaml` may speak of. */
export function complete(
	db: Database,
	file: FilePath,
	offset: number,
	codes: readonly CodeInfo[],
): readonly CompletionItem[] {
	const variables = completeVariable(db, file, offset);
	if (variables) return variables;
	const text = textOf(db, file);
	const caret = text === undefined ? undefined : caretAt(text, offset);
	if (text === undefined || !caret) return [];
	const typed = text.slice(caret.word.start, offset).replace(/^["']/, '');
	const candidates = isConfigFile(db, file)
		? configCandidates(db, file, caret, codes)
		: candidatesFor(db, file, text, caret, typed);
	return itemsOf(candidates, caret);
}

/** What the schema of the document says, without a look at anything else. */
export function completeAlone(db: Database, file: FilePath, offset: number): readonly CompletionItem[] {
	const text = textOf(db, file);
	const caret = text === undefined ? undefined : caretAt(text, offset);
	if (text === undefined || !caret || isConfigFile(db, file)) return [];
	if (isKustomizationFile(file) && !caret.within)
		return itemsOf(caret.position === 'value' ? [] : kustomizationFields(db, caret.path), caret);
	const document = caretDocument(text, caret);
	if (!document || !mayBeManifest(document.root)) return [];
	const isValue = caret.position === 'value';
	return itemsOf(
		isValue ? schemaValues(db, document, schemaMeanwhile) : schemaFields(db, file, document, schemaMeanwhile),
		caret,
	);
}

/** What says neither what it is nor of which version, but something else, is a values file, perhaps. */
function mayBeManifest(root: Node): boolean {
	const keys = entriesOf(root).map(({ key }) => key);
	return keys.length === 0 || keys.includes('apiVersion') || keys.includes('kind');
}

function itemsOf(candidates: readonly Candidate[], caret: Caret): readonly CompletionItem[] {
	const taken = new Set(caret.position === 'key' ? caret.siblings : []);
	const unique = new Map<string, Candidate>();
	for (const candidate of candidates) {
		if (!taken.has(candidate.label) && !unique.has(candidate.label)) unique.set(candidate.label, candidate);
	}
	return [...unique.values()].map(candidate => item(candidate, caret, caret.word));
}

function candidatesFor(db: Database, file: FilePath, text: string, caret: Caret, typed: string): readonly Candidate[] {
	const document = caretDocument(text, caret);
	if (isKustomizationFile(file) && !caret.within) {
		if (caret.position === 'key') return kustomizationFields(db, caret.path);
		const values = kustomizationValues(db, file, caret, typed);
		return caret.position === 'item' ? [...values, ...kustomizationFields(db, caret.path)] : values;
	}
	if (document && isInOperation(document))
		return operationCandidates(db, file, caret, document, (target, position) =>
			candidatesIn(db, file, { ...caret, position }, typed, target),
		);
	return candidatesIn(db, file, caret, typed, document);
}

function candidatesIn(
	db: Database,
	file: FilePath,
	caret: Caret,
	typed: string,
	document: CaretDocument | undefined,
): readonly Candidate[] {
	const isValue = caret.position === 'value';
	const values = isValue ? valuesValues(db, file, caret, document) : valuesFields(db, file, caret, document);
	if (values.length > 0 || !document) return values;
	if (isValue && isFluxPath(document.root, document.path)) return pathCandidates(db, file, typed);
	return isValue
		? [
				...objectNames(db, file, document),
				...releaseValues(db, file, document, typed),
				...patchValues(db, file, document),
				...schemaValues(db, document),
			]
		: [...patchFields(db, file, document), ...schemaFields(db, file, document)];
}

function item(candidate: Candidate, caret: Caret, word: Range): CompletionItem {
	const { label, kind, detail, documentation, deprecated, rank = 5 } = candidate;
	const isKey = kind === 'field' && caret.position !== 'value' && !caret.hasColon;
	const tail = isKey ? tailOf(candidate, caret) : { text: '', snippet: false };
	return {
		label,
		kind,
		detail,
		documentation,
		edit: { range: word, text: (tail.snippet ? escapeSnippet(candidate.insert) : candidate.insert) + tail.text },
		snippet: tail.snippet,
		sortText: `${rank}${label}`,
		deprecated: deprecated ?? false,
	};
}

function tailOf(
	{ shape, snippet }: Candidate,
	{ indent, isFlow }: Caret,
): { readonly text: string; readonly snippet: boolean } {
	if (snippet !== undefined && !isFlow) return { text: snippet.replaceAll('\n', `\n${indent}`), snippet: true };
	if (isFlow) return { text: ': ', snippet: false };
	if (shape === 'map') return { text: `:\n${indent}  `, snippet: false };
	if (shape === 'list') return { text: `:\n${indent}  - `, snippet: false };
	return { text: ': ', snippet: false };
}

function escapeSnippet(text: string): string {
	return text.replace(/[$}\\]/g, '\\$&');
}

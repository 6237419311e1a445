/** Between the core's offsets, places and severities and those of the protocol. */
import {
	CompletionItemKind,
	CreateFile,
	DeleteFile,
	DiagnosticSeverity,
	DiagnosticTag,
	type Diagnostic,
	type Location,
	type Position,
	type Range,
	TextDocumentEdit,
	type TextEdit,
	type WorkspaceEdit,
} from 'vscode-languageserver/node';
import type { FilePath } from '../core/base/paths';
import type { Severity } from '../core/base/problem';
import type * as text from '../core/base/text';
import type * as ide from '../core/ide/results';
import { lineIndexOf } from '../core/workspace/documents';
import type { Session } from './session';
import { fileOf } from './uris';

/** The name that diagnostics carry. */
export const SOURCE = 'strata';

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
	error: DiagnosticSeverity.Error,
	warning: DiagnosticSeverity.Warning,
	information: DiagnosticSeverity.Information,
	hint: DiagnosticSeverity.Hint,
};

const TAGS = { unnecessary: DiagnosticTag.Unnecessary, deprecated: DiagnosticTag.Deprecated } as const;

export const COMPLETION_KINDS: Readonly<Record<ide.CompletionItem['kind'], CompletionItemKind>> = {
	field: CompletionItemKind.Field,
	value: CompletionItemKind.Value,
	enum: CompletionItemKind.EnumMember,
	file: CompletionItemKind.File,
	folder: CompletionItemKind.Folder,
	reference: CompletionItemKind.Reference,
	snippet: CompletionItemKind.Snippet,
};

/** A file and an offset in it, from a request's document and position. */
export interface Spot {
	readonly file: FilePath;
	readonly offset: number;
}

/** Nothing where the document is no file. A position outside of the text is moved to its nearest end. */
export function spotOf(
	{ analysis }: Session,
	{ textDocument, position }: { textDocument: { uri: string }; position: Position },
): Spot | undefined {
	const file = fileOf(textDocument.uri);
	return file === undefined ? undefined : { file, offset: lineIndexOf(analysis.db, file).offset(position) };
}

export function toRange({ analysis }: Session, file: FilePath, { start, end }: text.Range): Range {
	const index = lineIndexOf(analysis.db, file);
	return { start: index.position(start), end: index.position(end) };
}

export function toLocation(session: Session, { file, range }: ide.Place): Location {
	return { uri: session.open.uriOf(file), range: toRange(session, file, range) };
}

export function toTextEdit(session: Session, file: FilePath, edit: text.TextEdit): TextEdit {
	return { range: toRange(session, file, edit.range), newText: edit.text };
}

/** One diagnostic, with the environments it holds in and the real tool's words at the end of its message. */
export function toDiagnostic(session: Session, diagnostic: ide.PlacedDiagnostic): Diagnostic {
	const { range, severity, code, related, tag } = diagnostic;
	const page = session.rulePage(code);
	return {
		range,
		severity: SEVERITIES[severity],
		code,
		...(page === undefined ? {} : { codeDescription: { href: page } }),
		source: SOURCE,
		message: messageOf(diagnostic),
		...(tag === undefined ? {} : { tags: [TAGS[tag]] }),
		...(related.length === 0
			? {}
			: {
					relatedInformation: related.map(({ message, file, range }) => ({
						message,
						location: { uri: session.open.uriOf(file), range },
					})),
				}),
	};
}

function messageOf({ message, environments, details }: ide.PlacedDiagnostic): string {
	const where = environments.length === 0 ? '' : `\nIn: ${environments.join(', ')}`;
	return message + where + (details === undefined ? '' : `\n${details}`);
}

/** A change of several files. With `documentChanges` files can be made and deleted; a client that knows only `changes` gets the edits. */
export function toWorkspaceEdit(session: Session, change: ide.WorkspaceChange): WorkspaceEdit {
	const { open, abilities } = session;
	const edits = change.edits.map(({ file, edits }) => ({ file, edits: edits.map(e => toTextEdit(session, file, e)) }));
	if (!abilities.resourceOperations) {
		return { changes: Object.fromEntries(edits.map(({ file, edits }) => [open.uriOf(file), edits])) };
	}
	return {
		documentChanges: [
			...change.create.flatMap(({ file, text }) => createWithText(open.uriOf(file), text)),
			...edits.map(({ file, edits }) =>
				TextDocumentEdit.create({ uri: open.uriOf(file), version: open.versionOf(file) }, edits),
			),
			...change.delete.map(file => DeleteFile.create(open.uriOf(file), { ignoreIfNotExists: true })),
		],
	};
}

function createWithText(uri: string, newText: string): (CreateFile | TextDocumentEdit)[] {
	const start = { line: 0, character: 0 };
	return [
		CreateFile.create(uri, { ignoreIfExists: true }),
		TextDocumentEdit.create({ uri, version: null }, [{ range: { start, end: start }, newText }]),
	];
}

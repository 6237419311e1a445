/** Changes that somebody asked for, as edits that editors show before they are made. */
import { type ChangeAnnotation, CreateFile, DeleteFile, TextDocumentEdit } from 'vscode-languageserver/node';
import type { Refactoring } from '../core/ide/results';
import { toWorkspaceEdit } from './convert';
import type { RefactoringResult } from './refactoring-protocol';
import type { Session } from './session';

const ANNOTATION = 'strata';

/** `label` names the change in the editor's preview. */
export function toRefactoring(session: Session, found: Refactoring, label: string): RefactoringResult {
	if (found.kind === 'refused') return { why: found.why };
	const edit = toWorkspaceEdit(session, found.change);
	if (!edit.documentChanges) return { edit };
	const annotation: ChangeAnnotation = { label, needsConfirmation: true };
	const documentChanges = edit.documentChanges.map(change => {
		if (TextDocumentEdit.is(change)) {
			return { ...change, edits: change.edits.map(each => ({ ...each, annotationId: ANNOTATION })) };
		}
		return CreateFile.is(change) || DeleteFile.is(change) ? { ...change, annotationId: ANNOTATION } : change;
	});
	return { edit: { documentChanges, changeAnnotations: { [ANNOTATION]: annotation } } };
}

/** Changes that somebody asked for, as edits that editors show before they are made. */
import { type ChangeAnnotation, CreateFile, DeleteFile, TextDocumentEdit } from 'vscode-languageserver/node';
import type { Refactoring } from '../core/ide/results';
import { toWorkspaceEdit } from './convert';
import type { RefactoringResult } from './refactoring-protocol';
import type { Session } from './session';

/** What is to be made, and what makes the editor show it first. */
const ANNOTATION = 'strata';
const PREVIEW = 'strata preview';

/** `label` names the change in the editor's preview. */
export function toRefactoring(session: Session, found: Refactoring, label: string): RefactoringResult {
	if (found.kind === 'refused') return { why: found.why };
	const edit = toWorkspaceEdit(session, found.change);
	if (!edit.documentChanges) return { edit };
	const last = edit.documentChanges.findLastIndex(change => TextDocumentEdit.is(change));
	const documentChanges = edit.documentChanges.map((change, index) => {
		if (TextDocumentEdit.is(change)) {
			const edits = change.edits.map(each => ({ ...each, annotationId: ANNOTATION }));
			return { ...change, edits: index === last ? [...edits, NOTHING] : edits };
		}
		return CreateFile.is(change) || DeleteFile.is(change) ? { ...change, annotationId: ANNOTATION } : change;
	});
	const shown: ChangeAnnotation = { label, needsConfirmation: true };
	return { edit: { documentChanges, changeAnnotations: { [ANNOTATION]: { label }, [PREVIEW]: shown } } };
}

/**
 * VS Code shows a change before it is made where a part of it needs to be confirmed, and leaves such parts unchecked. So one that does
 * nothing asks for it, and all that the user wants is checked.
 */
const NOTHING = {
	range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
	newText: '',
	annotationId: PREVIEW,
};

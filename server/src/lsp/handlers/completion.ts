/** `textDocument/completion` */
import {
	type CompletionItem,
	CompletionItemTag,
	type CompletionList,
	type CompletionParams,
	InsertTextFormat,
	MarkupKind,
	type Position,
	type TextEdit,
} from 'vscode-languageserver/node';
import type * as ide from '../../core/ide/results';
import { COMPLETION_KINDS, spotOf, toTextEdit } from '../convert';
import type { Session } from '../session';
import { plainText } from '../snippets';

export function completion(session: Session, params: CompletionParams): CompletionList | null {
	const spot = spotOf(session, params);
	if (!spot) return null;
	const items = session.analysis.complete(spot.file, spot.offset).flatMap(item => {
		const textEdit = toTextEdit(session, spot.file, item.edit);
		return reaches(textEdit, params.position) ? [toItem(session, item, textEdit)] : [];
	});
	return { isIncomplete: false, items };
}

/** The protocol wants an edit on the line of the position and around it; clients throw the whole list away otherwise. */
function reaches({ range: { start, end } }: TextEdit, { line, character }: Position): boolean {
	return start.line === line && end.line === line && start.character <= character && character <= end.character;
}

function toItem(session: Session, item: ide.CompletionItem, textEdit: TextEdit): CompletionItem {
	const snippet = item.snippet && session.abilities.snippets;
	return {
		label: item.label,
		kind: COMPLETION_KINDS[item.kind],
		...(item.detail === undefined ? {} : { detail: item.detail }),
		...(item.documentation === undefined
			? {}
			: { documentation: { kind: MarkupKind.Markdown, value: item.documentation } }),
		...(item.deprecated ? { tags: [CompletionItemTag.Deprecated] } : {}),
		sortText: item.sortText,
		filterText: item.label,
		insertTextFormat: snippet ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
		textEdit: item.snippet && !snippet ? { ...textEdit, newText: plainText(textEdit.newText) } : textEdit,
	};
}

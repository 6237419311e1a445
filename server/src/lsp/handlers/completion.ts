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
import { COMPLETION_KINDS, type Spot, spotOf, toTextEdit } from '../convert';
import type { Session } from '../session';
import { plainText } from '../snippets';

export function completion(session: Session, params: CompletionParams): CompletionList | null {
	const spot = spotOf(session, params);
	if (!spot) return null;
	const found = session.analysis.complete(spot.file, spot.offset);
	return { isIncomplete: false, items: itemsOf(session, spot, params.position, found) };
}

/** What schemas alone know, as long as the tree has not been looked at; clients then ask again with the next key. */
export function completionMeanwhile(session: Session, params: CompletionParams): CompletionList | null {
	const spot = spotOf(session, params);
	if (!spot) return null;
	const found = session.analysis.completeAlone(spot.file, spot.offset);
	return { isIncomplete: true, items: itemsOf(session, spot, params.position, found) };
}

function itemsOf(session: Session, { file }: Spot, position: Position, found: readonly ide.CompletionItem[]) {
	return found.flatMap(item => {
		const textEdit = toTextEdit(session, file, item.edit);
		return reaches(textEdit, position) ? [toItem(session, item, textEdit)] : [];
	});
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
		...(item.detail && session.abilities.labelDetails ? { labelDetails: { description: item.detail } } : {}),
		...(item.documentation === undefined
			? {}
			: // Of schemas and charts that may stand in the repository: shown as text, whatever it looks like.
				{ documentation: { kind: MarkupKind.PlainText, value: item.documentation } }),
		...(item.deprecated ? { tags: [CompletionItemTag.Deprecated] } : {}),
		sortText: item.sortText,
		filterText: item.label,
		insertTextFormat: snippet ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
		textEdit: item.snippet && !snippet ? { ...textEdit, newText: plainText(textEdit.newText) } : textEdit,
	};
}

/** `textDocument/prepareRename` and `textDocument/rename` */
import {
	LSPErrorCodes,
	type PrepareRenameParams,
	type PrepareRenameResult,
	type RenameParams,
	ResponseError,
	type WorkspaceEdit,
} from 'vscode-languageserver/node';
import { spotOf, toRange, toWorkspaceEdit } from '../convert';
import type { Session } from '../session';

export function prepareRename(session: Session, params: PrepareRenameParams): PrepareRenameResult | null {
	const spot = spotOf(session, params);
	const found = spot && session.analysis.prepareRename(spot.file, spot.offset);
	if (!spot || !found) return null;
	return { range: toRange(session, spot.file, found), placeholder: found.text };
}

export function rename(session: Session, params: RenameParams): WorkspaceEdit {
	const spot = spotOf(session, params);
	const change = spot && session.analysis.rename(spot.file, spot.offset, params.newName);
	if (!change) {
		throw new ResponseError(
			LSPErrorCodes.RequestFailed,
			`This cannot be renamed to ${JSON.stringify(params.newName)}.`,
		);
	}
	return toWorkspaceEdit(session, change);
}

/** `textDocument/documentLink`: the paths in a kustomization, for a click. */
import type { DocumentLink, DocumentLinkParams } from 'vscode-languageserver/node';
import { toLocation, toRange } from '../convert';
import type { Session } from '../session';
import { fileOf } from '../uris';

export function documentLink(session: Session, { textDocument: { uri } }: DocumentLinkParams): DocumentLink[] | null {
	const file = fileOf(uri);
	if (file === undefined) return null;
	return session.analysis.documentLinks(file).map(({ from, to, label }) => {
		const { uri, range } = toLocation(session, to);
		const line = range.start.line === 0 ? '' : `#L${range.start.line + 1}`;
		return { range: toRange(session, file, from), target: uri + line, tooltip: label };
	});
}

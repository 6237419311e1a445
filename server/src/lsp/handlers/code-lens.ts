/** `textDocument/codeLens`. Other clients than ours show the title; a click is for those who know the command. */
import type { CodeLens, CodeLensParams } from 'vscode-languageserver/node';
import { toLocation, toRange } from '../convert';
import { SHOW_REFERENCES, type ShowReferencesArguments } from '../protocol';
import type { Session } from '../session';
import { fileOf } from '../uris';

export function codeLens(session: Session, { textDocument: { uri } }: CodeLensParams): CodeLens[] | null {
	const file = fileOf(uri);
	if (file === undefined) return null;
	return session.analysis.lenses(file).map(({ range: at, title, references }) => {
		const range = toRange(session, file, at);
		if (!session.abilities.strataClient || references.length === 0) return { range, command: { title, command: '' } };
		const locations = references.map(place => toLocation(session, place));
		const args: ShowReferencesArguments = [uri, range.start, locations];
		return { range, command: { title, command: SHOW_REFERENCES, arguments: [...args] } };
	});
}

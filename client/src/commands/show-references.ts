/** The command on code lenses: opens the peek view on the places that the server named. */
import * as vscode from 'vscode';
import type { ShowReferencesArguments } from '../../../server/src/lsp/protocol';

export async function showReferences(...[uri, position, locations]: ShowReferencesArguments): Promise<void> {
	await vscode.commands.executeCommand(
		'editor.action.showReferences',
		vscode.Uri.parse(uri),
		new vscode.Position(position.line, position.character),
		locations.map(({ uri, range: { start, end } }) => {
			const range = new vscode.Range(start.line, start.character, end.line, end.character);
			return new vscode.Location(vscode.Uri.parse(uri), range);
		}),
	);
}

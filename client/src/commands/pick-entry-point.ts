/** Asks which environment is meant, where there is a choice. */
import * as vscode from 'vscode';
import type { EntryPointItem } from '../../../server/src/lsp/protocol';

/** The only one there is, or the one that the user picks; nothing where the user thinks better of it. */
export async function pickEntryPoint(
	entries: readonly EntryPointItem[],
	placeHolder: string,
): Promise<EntryPointItem | undefined> {
	if (entries.length < 2) return entries[0];
	const items = entries.map(entry => ({
		label: entry.label,
		description: vscode.workspace.asRelativePath(vscode.Uri.file(entry.directory)),
		entry,
	}));
	const picked = await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true });
	return picked?.entry;
}

/** What the tests of this suite share: the open folder, and waiting. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Api } from '../../../client/src/extension';

export function extension(): vscode.Extension<Api> {
	const found = vscode.extensions.getExtension<Api>('strata-gitops.strata');
	assert.ok(found, 'the extension is not there');
	return found;
}

/** The URI of a file of the open folder. */
export function uriOf(file: string): vscode.Uri {
	const [folder] = vscode.workspace.workspaceFolders ?? [];
	assert.ok(folder, 'no folder is open');
	return vscode.Uri.joinPath(folder.uri, file);
}

/** Opens a file of the folder in an editor, and gives its URI. */
export async function open(file: string): Promise<vscode.Uri> {
	await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uriOf(file)), { preview: false });
	return uriOf(file);
}

/** What `ask` gives, as soon as it gives something. */
export async function until<T>(what: string, ask: () => T | undefined | Promise<T | undefined>): Promise<T> {
	for (const end = Date.now() + 15_000; ;) {
		const value = await ask();
		if (value !== undefined && value !== false) return value;
		if (Date.now() > end) throw new Error(`waited 15 s for ${what}`);
		await new Promise(resolve => setTimeout(resolve, 50));
	}
}

/** The position right after the first `text` in a document. */
export function after(document: vscode.TextDocument, text: string): vscode.Position {
	const at = document.getText().indexOf(text);
	assert.ok(at >= 0, `"${text}" is not in ${document.uri.path}`);
	return document.positionAt(at + text.length);
}

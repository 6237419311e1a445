/** `Strata: Render Preview`: the rendered YAML of an environment beside the file that is being edited. */
import * as vscode from 'vscode';
import type { Server } from '../server';
import { pickEntryPoint } from './pick-entry-point';

export async function renderPreview(server: Server): Promise<void> {
	const document = vscode.window.activeTextEditor?.document;
	const own = document?.uri.scheme === 'file' ? await server.entryPoints(document.uri) : [];
	// A file that no environment builds says nothing about what its reader wants to see.
	const entries = own.length > 0 ? own : await server.entryPoints();
	if (entries.length === 0) {
		void vscode.window.showInformationMessage(
			'Strata found nothing to render: no kustomization.yaml in the open folders is built on its own.',
		);
		return;
	}
	const question =
		own.length > 0 ? 'Render in which environment?' : 'No environment builds this file. Render which one?';
	const entry = await pickEntryPoint(own.length > 0 ? own : entries, question);
	if (!entry) return;
	const rendered = await vscode.workspace.openTextDocument(server.renderings.uriOf(entry));
	await vscode.window.showTextDocument(rendered, {
		viewColumn: vscode.ViewColumn.Beside,
		preserveFocus: true,
		preview: false,
	});
}

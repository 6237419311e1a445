/** `Strata: Render Preview`: the rendered YAML of an environment beside the file that is being edited. */
import * as vscode from 'vscode';
import type { Server } from '../server';
import { entryPointsAt, type Where } from './entry-points-at';
import { pickEntryPoint } from './pick-entry-point';

/** Renders what stands at `where`; the file in the editor where that is not given. */
export async function renderPreview(server: Server, where?: Where): Promise<void> {
	const own = await entryPointsAt(server, where);
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

/**
 * `Strata: Show Merged Values` and `Strata: Compare Merged Values`: what a HelmRelease hands to its chart in an environment, beside the
 * file that is being edited, or two environments (or one and the base) in VS Code's diff editor.
 */
import * as vscode from 'vscode';
import type { EntryPointItem } from '../../../server/src/lsp/protocol';
import type { Server } from '../server';
import { titleOf } from './compare-environments';
import { pickEntryPoint } from './pick-entry-point';

export async function showMergedValues(server: Server): Promise<void> {
	const values = await pickValues(server, 'Merged values of which HelmRelease?');
	if (!values) return;
	const rendered = await vscode.workspace.openTextDocument(server.renderings.uriOf(values));
	await vscode.window.showTextDocument(rendered, {
		viewColumn: vscode.ViewColumn.Beside,
		preserveFocus: true,
		preview: false,
	});
}

export async function compareMergedValues(server: Server): Promise<void> {
	const left = await pickValues(server, 'Compare the merged values of which HelmRelease ...');
	if (!left) return;
	const others = await server.comparableValues(left.id);
	if (others.length === 0) {
		void vscode.window.showInformationMessage(`Strata found no other environment that has ${left.name}.`);
		return;
	}
	const right = await pickEntryPoint(others, `... with those of which one? (${left.label})`);
	if (!right) return;
	const { renderings } = server;
	await vscode.commands.executeCommand(
		'vscode.diff',
		renderings.uriOf(left),
		renderings.uriOf(right),
		titleOf(left, right),
	);
}

/** The release that the cursor stands in or that the file's values go into, in an environment of the user's choice. */
async function pickValues(server: Server, question: string): Promise<EntryPointItem | undefined> {
	const editor = vscode.window.activeTextEditor;
	const found =
		editor?.document.uri.scheme === 'file'
			? await server.mergedValues(editor.document.uri, editor.selection.active)
			: [];
	if (found.length === 0) {
		void vscode.window.showInformationMessage(
			'Strata found no HelmRelease for this file; open one, a patch of one, or a values file that one reads.',
		);
		return undefined;
	}
	return pickEntryPoint(found, question);
}

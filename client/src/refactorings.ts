/** What the server is asked for changes of the tree, and how these are made: after VS Code has shown them. */
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import {
	OVERRIDABLE,
	type OverridableParams,
	type OverridableResult,
	OVERRIDE,
	type OverrideParams,
	type RefactoringResult,
	SCAFFOLD,
	SCAFFOLD_CHOICES,
	type ScaffoldChoicesResult,
	type ScaffoldParams,
} from '../../server/src/lsp/refactoring-protocol';

export interface Refactorings {
	/** What can be overridden at a position; nothing where no field of a base stands there. */
	overridable(uri: vscode.Uri, position: vscode.Position): Promise<OverridableResult | null>;
	/** Makes environments say other values at a position; false where the user thinks better of it. */
	override(uri: vscode.Uri, position: vscode.Position, values: Readonly<Record<string, string>>): Promise<boolean>;
	scaffoldChoices(): Promise<ScaffoldChoicesResult>;
	/** Makes a new part of the tree; false where the user thinks better of it. */
	scaffold(params: ScaffoldParams): Promise<boolean>;
}

export function refactoringsOf(client: LanguageClient): Refactorings {
	const at = (uri: vscode.Uri, position: vscode.Position) => ({
		textDocument: { uri: client.code2ProtocolConverter.asUri(uri) },
		position,
	});
	/** Asks for a change and makes it; what the server refuses is said to the user. */
	const make = async (method: string, params: object): Promise<boolean> => {
		const result = await client.sendRequest<RefactoringResult>(method, params);
		if ('why' in result) {
			void vscode.window.showWarningMessage(`Strata: ${result.why}`);
			return false;
		}
		const edit = await client.protocol2CodeConverter.asWorkspaceEdit(result.edit);
		const made = await vscode.workspace.applyEdit(edit, { isRefactoring: true });
		if (made) for (const note of result.notes ?? []) void vscode.window.showInformationMessage(`Strata: ${note}`);
		return made;
	};
	return {
		scaffoldChoices: () => client.sendRequest<ScaffoldChoicesResult>(SCAFFOLD_CHOICES, {}),
		scaffold: params => make(SCAFFOLD, params),
		overridable: (uri, position) =>
			client.sendRequest<OverridableResult | null>(OVERRIDABLE, at(uri, position) satisfies OverridableParams),
		override: (uri, position, values) => make(OVERRIDE, { ...at(uri, position), values } satisfies OverrideParams),
	};
}

/** What the server says of itself in answer to `initialize`; nothing of what it does is needed for that. */
import { CodeActionKind, type InitializeResult, TextDocumentSyncKind } from 'vscode-languageserver/node';

export function greeting(version: string): InitializeResult {
	return {
		serverInfo: { name: 'strata', version },
		capabilities: {
			textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
			hoverProvider: true,
			definitionProvider: true,
			referencesProvider: true,
			completionProvider: { triggerCharacters: [' ', ':', '/', '"', "'", '{'] },
			renameProvider: { prepareProvider: true },
			codeActionProvider: {
				codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.RefactorRewrite],
				resolveProvider: true,
			},
			codeLensProvider: { resolveProvider: false },
			documentLinkProvider: { resolveProvider: false },
			workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
		},
	};
}

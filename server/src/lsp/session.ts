/**
 * What the server knows between two messages: the analysis, what the editor holds open, and what the client can do.
 * Nothing of any request is kept (invariant I8).
 */
import type { ClientCapabilities } from 'vscode-languageserver/node';
import type { Analysis } from '../core/analysis';
import type { FilePath } from '../core/base/paths';
import type { PlacedDiagnostic } from '../core/ide/results';
import type { Scope } from '../core/gitops/secrets/sealed-secret-fields';
import type { FileState } from '../core/workspace/inputs';
import type { OpenDocuments } from './open-documents';

/** Seals a value with a certificate (PEM); or says why not, never with the value. */
export type Seal = (
	plaintext: Uint8Array,
	certificate: string,
	target: { readonly scope: Scope; readonly name: string; readonly namespace: string },
) => { readonly sealed: string } | { readonly failure: string };

/** Where the server says what went wrong. */
export interface Log {
	info(message: string): void;
	failure(what: string, error: unknown): void;
}

export interface Session {
	readonly analysis: Analysis;
	readonly open: OpenDocuments;
	readonly abilities: Abilities;
	readonly log: Log;
	readonly seal: Seal;
	/** URI of the page that explains a diagnostic's code; nothing where there is none. */
	readonly rulePage: (code: string) => string | undefined;
	/** A file as it is on the disk, whatever the editor holds. */
	readonly onDisk: (file: FilePath) => FileState;
	/** Whether the user trusts the folders. Whoever starts a process or asks the network looks here first. */
	trusted: boolean;
	roots: readonly FilePath[];
	/** What was found at the last start, as long as the tree has not been looked at in this one. */
	restored: ReadonlyMap<FilePath, readonly PlacedDiagnostic[]>;
	/** The analysis' revision at which it last gave memory back. */
	forgottenAt: number;
}

/** What of the client's capabilities changes an answer. */
export interface Abilities {
	readonly definitionLinks: boolean;
	readonly snippets: boolean;
	/** Shows what stands beside a label in the list of completions. */
	readonly labelDetails: boolean;
	readonly resolvesCodeActionEdits: boolean;
	readonly resourceOperations: boolean;
	readonly pullsConfiguration: boolean;
	readonly registersWatchers: boolean;
	readonly registersConfiguration: boolean;
	readonly workspaceFolders: boolean;
	/** It is Strata's own client. */
	readonly strataClient: boolean;
}

/** Reads the client's capabilities; what is not said is not there. */
export function abilitiesOf(client: ClientCapabilities, strataClient: boolean): Abilities {
	const { textDocument, workspace } = client;
	return {
		definitionLinks: textDocument?.definition?.linkSupport === true,
		snippets: textDocument?.completion?.completionItem?.snippetSupport === true,
		labelDetails: textDocument?.completion?.completionItem?.labelDetailsSupport === true,
		resolvesCodeActionEdits: textDocument?.codeAction?.resolveSupport?.properties.includes('edit') === true,
		resourceOperations: workspace?.workspaceEdit?.documentChanges === true,
		pullsConfiguration: workspace?.configuration === true,
		registersWatchers: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
		registersConfiguration: workspace?.didChangeConfiguration?.dynamicRegistration === true,
		workspaceFolders: workspace?.workspaceFolders === true,
		strataClient,
	};
}

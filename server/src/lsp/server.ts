/** The language server over a connection: who answers which message, and that a failure is its own question's only. */
import {
	type CancellationToken,
	type Connection,
	ErrorCodes,
	type InitializeParams,
	LSPErrorCodes,
	ResponseError,
	TextDocuments,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { codeAction, resolveCodeAction } from './handlers/code-action';
import { codeLens } from './handlers/code-lens';
import { completion, completionMeanwhile } from './handlers/completion';
import { definition, definitionMeanwhile } from './handlers/definition';
import { documentLink } from './handlers/document-link';
import { entryPoints } from './handlers/entry-points';
import { hover, hoverMeanwhile } from './handlers/hover';
import { comparableValues, mergedValues } from './handlers/merged-values';
import { outline } from './handlers/outline';
import { references } from './handlers/references';
import { overridable, override } from './handlers/override';
import { prepareRename, rename } from './handlers/rename';
import { render, renderedLine } from './handlers/render';
import { seal, sealable } from './handlers/seal';
import { scaffold, scaffoldChoices } from './handlers/scaffold';
import { scripts } from './handlers/scripts';
import {
	COMPARABLE_VALUES,
	ENTRY_POINTS,
	FETCH_CHARTS,
	type FetchChartsResult,
	MERGED_VALUES,
	OUTLINE,
	RENDER,
	RENDERED_LINE,
	SEAL,
	SEALABLE,
	type SealableResult,
	type SealResult,
	TRUST_GRANTED,
} from './protocol';
import { SCRIPTS } from './scripts-protocol';
import type { Host } from './host';
import { OVERRIDABLE, OVERRIDE, type RefactoringResult, SCAFFOLD, SCAFFOLD_CHOICES } from './refactoring-protocol';
import { RunningServer } from './running-server';
import type { Session } from './session';

/** Answers a client that has said `initialize`, with those parameters, until it says `shutdown`. Gives what to do once it says `initialized`. */
export function serve(connection: Connection, host: Host, params: InitializeParams): () => void {
	let server: RunningServer | undefined = new RunningServer(connection, host, params);
	connection.onShutdown(() => {
		server?.stop();
		server = undefined;
	});

	/** A handler that fails answers its own request with an error; everything else goes on. */
	const failed = (name: string, error: unknown): unknown => {
		if (error instanceof ResponseError) return error;
		host.log.failure(`answering ${name}`, error);
		return new ResponseError(ErrorCodes.InternalError, `Strata failed at ${name}: ${String(error)}`);
	};
	const running = (token: CancellationToken): RunningServer => {
		if (!server) throw new ResponseError(ErrorCodes.ServerNotInitialized, 'The server is not running.');
		if (token.isCancellationRequested) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'Cancelled.');
		return server;
	};
	/** For what somebody asked for: it waits until it is known. */
	const answer =
		<P, R>(handler: (session: Session, params: P) => R) =>
		async (params: P, token: CancellationToken): Promise<R> => {
			const { session, patience } = running(token);
			try {
				return await patience.eventually(() => handler(session, params), token);
			} catch (error) {
				throw failed(handler.name, error);
			}
		};
	/** For what an editor asks by itself, and people wait for: it is answered within a moment, else with what `otherwise` says, which asks for little. */
	const answerSoon =
		<P, R>(handler: (session: Session, params: P) => R | null, otherwise: (session: Session, params: P) => R | null) =>
		(params: P, token: CancellationToken): R | null => {
			const { session, patience, isKnown, lookAtTree } = running(token);
			try {
				if (isKnown) return patience.now(() => handler(session, params));
				const known = patience.atOnce(() => handler(session, params));
				if (known) return known.value;
				lookAtTree();
				return patience.now(() => otherwise(session, params));
			} catch (error) {
				throw failed(handler.name, error);
			}
		};

	connection.onHover(answerSoon(hover, hoverMeanwhile));
	connection.onDefinition(answerSoon(definition, definitionMeanwhile));
	connection.onReferences(answer(references));
	connection.onCompletion(answerSoon(completion, completionMeanwhile));
	connection.onPrepareRename(answer(prepareRename));
	connection.onRenameRequest(answer(rename));
	connection.onCodeAction(answer(codeAction));
	connection.onCodeActionResolve(answer(resolveCodeAction));
	connection.onCodeLens(answer(codeLens));
	connection.onDocumentLinks(answer(documentLink));
	connection.onRequest(ENTRY_POINTS, answer(entryPoints));
	connection.onRequest(OUTLINE, answer(outline));
	connection.onRequest(MERGED_VALUES, answer(mergedValues));
	connection.onRequest(COMPARABLE_VALUES, answer(comparableValues));
	connection.onRequest(OVERRIDABLE, answer(overridable));
	connection.onRequest<RefactoringResult, void>(OVERRIDE, answer(override));
	connection.onRequest(SCAFFOLD_CHOICES, answer(scaffoldChoices));
	connection.onRequest<RefactoringResult, void>(SCAFFOLD, answer(scaffold));
	connection.onRequest(SCRIPTS, answer(scripts));
	connection.onRequest(RENDER, answer(render));
	connection.onRequest(RENDERED_LINE, answer(renderedLine));
	connection.onRequest<FetchChartsResult, void>(FETCH_CHARTS, token => {
		if (!server) throw new ResponseError(ErrorCodes.ServerNotInitialized, 'The server is not running.');
		return server.fetchCharts(token);
	});
	connection.onRequest<SealableResult, void>(SEALABLE, answer(sealable));
	connection.onRequest<SealResult, void>(SEAL, answer(seal));

	const documents = new TextDocuments(TextDocument);
	documents.onDidChangeContent(({ document }) => {
		// The library takes whatever a client sends for a text.
		if (typeof document.getText() === 'string') server?.edited(document);
	});
	documents.onDidSave(({ document }) => server?.changedOnDisk([document.uri]));
	documents.onDidClose(({ document }) => server?.closed(document));
	documents.listen(connection);
	connection.onDidChangeWatchedFiles(({ changes }) => server?.changedOnDisk(changes.map(change => change.uri)));
	connection.onDidChangeConfiguration(({ settings }) => server?.configure(settings));
	connection.onNotification(TRUST_GRANTED, () => server?.trust());
	return () => server?.initialized();
}

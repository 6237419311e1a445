/**
 * The language server: takes what the client says to the analysis, answers its questions, and sends diagnostics. What it needs
 * of the outside comes in as `Host`, so that it can be started over any connection.
 */
import {
	BulkRegistration,
	CodeActionKind,
	type Connection,
	DidChangeConfigurationNotification,
	DidChangeWatchedFilesNotification,
	ErrorCodes,
	type InitializeParams,
	type InitializeResult,
	LSPErrorCodes,
	type CancellationToken,
	ResponseError,
	TextDocuments,
	TextDocumentSyncKind,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { Analysis, type Change } from '../core/analysis';
import type { FilePath } from '../core/base/paths';
import type { Source } from '../core/workspace/inputs';
import type { RegoEngine } from '../core/workspace/rego-engine';
import { Charts, type ChartStore } from './charts';
import { Histories, type HistoriesOf } from './histories';
import { check } from './check';
import { codeAction, resolveCodeAction } from './handlers/code-action';
import { codeLens } from './handlers/code-lens';
import { completion } from './handlers/completion';
import { definition } from './handlers/definition';
import { documentLink } from './handlers/document-link';
import { entryPoints } from './handlers/entry-points';
import { hover } from './handlers/hover';
import { comparableValues, mergedValues } from './handlers/merged-values';
import { outline } from './handlers/outline';
import { references } from './handlers/references';
import { overridable, override } from './handlers/override';
import { prepareRename, rename } from './handlers/rename';
import { render, renderedLine } from './handlers/render';
import { seal, sealable } from './handlers/seal';
import { scaffold, scaffoldChoices } from './handlers/scaffold';
import { scripts } from './handlers/scripts';
import { OpenDocuments } from './open-documents';
import {
	CHANGED,
	CHECKED,
	type CheckedParams,
	COMPARABLE_VALUES,
	ENTRY_POINTS,
	FETCH_CHARTS,
	FETCHING_CHARTS,
	type FetchChartsResult,
	type InitializationOptions,
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
import { Publisher } from './publisher';
import { OVERRIDABLE, OVERRIDE, type RefactoringResult, SCAFFOLD, SCAFFOLD_CHOICES } from './refactoring-protocol';
import { Scheduler, type Turns } from './scheduler';
import { abilitiesOf, type Log, type Seal, type Session } from './session';
import { asksGit, fetchesCharts, readSettings } from './settings';
import { fileOf } from './uris';

export interface Host {
	readonly source: Source;
	readonly turns: Turns;
	/** The time in milliseconds since 1970. */
	readonly clock: () => number;
	readonly log: Log;
	readonly seal: Seal;
	/** Takes the private keys of these files for the source's `sealingKeys`; gives what could not be read, in a sentence each. */
	readonly usePrivateKeys: (files: readonly string[]) => readonly string[];
	readonly charts: ChartStore;
	readonly histories: HistoriesOf;
	/** Runs compiled Rego policies of a trusted folder. */
	readonly rego?: RegoEngine;
	readonly version: string;
	/** URI of the page that explains a diagnostic's code; nothing where there is none. */
	readonly rulePage: (code: string) => string | undefined;
}

/** Files below these directories are never part of a tree; their events come by the thousand. */
const IGNORED_DIRECTORY = /\/(\.git|node_modules)(\/|$)/;

/** Listens on the connection until it ends. */
export function startServer(connection: Connection, host: Host): void {
	let server: Server | undefined;
	connection.onInitialize(params => {
		server = new Server(connection, host, params);
		return server.greeting();
	});
	connection.onInitialized(() => server?.initialized());
	connection.onShutdown(() => {
		server?.stop();
		server = undefined;
	});

	/** A handler that fails answers its own request with an error; everything else goes on. */
	const answer =
		<P, R>(handler: (session: Session, params: P) => R) =>
		(params: P, token: CancellationToken): R => {
			if (!server) throw new ResponseError(ErrorCodes.ServerNotInitialized, 'The server is not running.');
			if (token.isCancellationRequested) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'Cancelled.');
			try {
				return handler(server.session, params);
			} catch (error) {
				if (error instanceof ResponseError) throw error;
				host.log.failure(`answering ${handler.name}`, error);
				throw new ResponseError(ErrorCodes.InternalError, `Strata failed at ${handler.name}: ${String(error)}`);
			}
		};

	connection.onHover(answer(hover));
	connection.onDefinition(answer(definition));
	connection.onReferences(answer(references));
	connection.onCompletion(answer(completion));
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
	documents.onDidChangeContent(({ document }) => server?.edited(document));
	documents.onDidSave(({ document }) => server?.changedOnDisk([document.uri]));
	documents.onDidClose(({ document }) => server?.closed(document));
	documents.listen(connection);
	connection.onDidChangeWatchedFiles(({ changes }) => server?.changedOnDisk(changes.map(change => change.uri)));
	connection.onDidChangeConfiguration(({ settings }) => server?.configure(settings));
	connection.onNotification(TRUST_GRANTED, () => server?.trust());
	connection.listen();
}

class Server {
	readonly session: Session;
	readonly #scheduler: Scheduler;
	readonly #publisher: Publisher;
	readonly #charts: Charts;
	readonly #histories: Histories;
	/** Edited since they were last checked. */
	readonly #edited = new Set<FilePath>();

	constructor(
		private readonly connection: Connection,
		private readonly host: Host,
		params: InitializeParams,
	) {
		const options = (params.initializationOptions ?? {}) as InitializationOptions;
		this.session = {
			analysis: new Analysis(host.source),
			open: new OpenDocuments(),
			abilities: abilitiesOf(params.capabilities, options.strataClient === true),
			log: host.log,
			seal: host.seal,
			rulePage: host.rulePage,
			trusted: options.trusted === true,
			roots: rootsOf(params),
			forgottenAt: 0,
		};
		this.#scheduler = new Scheduler(host.turns, error => host.log.failure('checking the tree', error));
		this.#publisher = new Publisher(this.session, sent => void connection.sendDiagnostics(sent));
		this.#charts = new Charts(this.session, host.charts, change => this.#apply(change));
		this.#charts.fetches = fetchesCharts(options.settings);
		this.#histories = new Histories(this.session, host.histories, host.turns, change => this.#apply(change));
		this.#histories.wanted = asksGit(options.settings);
		this.#tell({ roots: this.session.roots, settings: readSettings(options.settings), ...this.#engines() });
	}

	greeting(): InitializeResult {
		return {
			serverInfo: { name: 'strata', version: this.host.version },
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

	initialized(): void {
		const { connection, session } = this;
		const wanted = BulkRegistration.create();
		// Generators read files of any name, so each of them matters.
		const watchers = [{ globPattern: '**/*' }];
		if (session.abilities.registersWatchers) wanted.add(DidChangeWatchedFilesNotification.type, { watchers });
		if (session.abilities.registersConfiguration) {
			wanted.add(DidChangeConfigurationNotification.type, { section: 'strata' });
		}
		connection.client
			.register(wanted)
			.catch((error: unknown) => this.host.log.failure('asking the client for its notifications', error));
		if (session.abilities.workspaceFolders) {
			connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
				const gone = new Set(removed.map(folder => fileOf(folder.uri)));
				const come = added.flatMap(folder => fileOf(folder.uri) ?? []);
				session.roots = mostSpecificLast([...session.roots.filter(root => !gone.has(root)), ...come]);
				this.#apply({ roots: session.roots });
			});
		}
		this.configure(undefined);
		this.#check();
	}

	edited(document: TextDocument): void {
		const file = this.session.open.touch(document.uri, document.version);
		if (file === undefined) return;
		this.#edited.add(file);
		this.#apply({ texts: new Map([[file, document.getText()]]) });
	}

	closed(document: TextDocument): void {
		const file = this.session.open.close(document.uri);
		if (file !== undefined) this.#apply({ texts: new Map([[file, undefined]]) });
	}

	changedOnDisk(uris: readonly string[]): void {
		const changed = uris.flatMap(uri => fileOf(uri) ?? []).filter(file => !IGNORED_DIRECTORY.test(file));
		if (changed.length > 0) this.#apply({ changed });
	}

	/** The settings changed. Clients that can be asked say nothing useful in the notification itself. */
	configure(sent: unknown): void {
		const { connection, session } = this;
		if (session.abilities.pullsConfiguration) {
			connection.workspace
				.getConfiguration('strata')
				.then((section: unknown) => this.#configured(section))
				.catch((error: unknown) => this.host.log.failure('reading the settings', error));
		} else if (typeof sent === 'object' && sent !== null) {
			this.#configured((sent as { strata?: unknown }).strata);
		}
	}

	#configured(section: unknown): void {
		this.#charts.fetches = fetchesCharts(section);
		this.#histories.wanted = asksGit(section);
		this.#apply({ settings: readSettings(section) });
	}

	/** Says how far it has come, and ends when the token asks for it. */
	fetchCharts(token: CancellationToken): Promise<FetchChartsResult> {
		const cancelled = new AbortController();
		token.onCancellationRequested(() => cancelled.abort());
		return this.#charts.fetchAll(
			cancelled.signal,
			progress => void this.connection.sendNotification(FETCHING_CHARTS, progress),
		);
	}

	trust(): void {
		this.session.trusted = true;
		this.host.log.info('The folder is trusted.');
		this.#apply(this.#engines());
		this.#charts.afterCheck();
		this.#histories.afterCheck();
	}

	/** What runs code of the folder, if its user trusts it. */
	#engines(): Change {
		return this.session.trusted && this.host.rego ? { rego: this.host.rego } : {};
	}

	stop(): void {
		this.#charts.stop();
		this.#histories.stop();
		this.#scheduler.stop();
	}

	#apply(change: Change): void {
		this.#tell(change);
		this.#check();
	}

	/** Tells the analysis, with the time: certificates expire while a window stays open for weeks. */
	#tell(change: Change): void {
		const { host, session } = this;
		const { settings } = change;
		// Files of keys are read again with every change of the settings: that is how to say that one has changed.
		const wrong = settings ? host.usePrivateKeys(settings.sealedSecrets?.privateKeys ?? []) : [];
		for (const why of wrong) host.log.info(why);
		session.analysis.apply({ ...change, sealingKeysChanged: settings !== undefined, now: hourOf(host.clock()) });
	}

	#check(): void {
		const { connection, session } = this;
		const done = (result: CheckedParams) => {
			if (session.abilities.strataClient) void connection.sendNotification(CHECKED, result);
			this.#charts.afterCheck();
			this.#histories.afterCheck();
		};
		if (session.abilities.strataClient) void connection.sendNotification(CHANGED);
		this.#scheduler.start(check(session, this.#publisher, this.#edited, done));
	}
}

const HOUR_MS = 60 * 60 * 1000;

/** The beginning of the hour, so that time alone does not make everything new with each key. */
function hourOf(now: number): number {
	return now - (now % HOUR_MS);
}

function rootsOf({ workspaceFolders, rootUri, rootPath }: InitializeParams): readonly FilePath[] {
	if (workspaceFolders) return mostSpecificLast(workspaceFolders.flatMap(folder => fileOf(folder.uri) ?? []));
	const file = rootUri ? fileOf(rootUri) : undefined;
	return file !== undefined ? [file] : rootPath ? [rootPath] : [];
}

function mostSpecificLast(roots: readonly FilePath[]): readonly FilePath[] {
	return [...new Set(roots)].sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
}

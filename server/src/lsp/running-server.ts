/**
 * One client's server, from `initialize` to `shutdown`: takes what the client says to the analysis, has the tree checked, and sends
 * diagnostics.
 */
import {
	BulkRegistration,
	type Connection,
	DidChangeConfigurationNotification,
	DidChangeWatchedFilesNotification,
	type InitializeParams,
	type CancellationToken,
} from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { Analysis } from '../core/analysis';
import type { Change } from '../core/change';
import type { FilePath } from '../core/base/paths';
import { Charts } from './charts';
import { check, checkFirst } from './check';
import { Histories } from './histories';
import type { Host } from './host';
import { OpenDocuments } from './open-documents';
import { Patience } from './patience';
import {
	CHANGED,
	CHECKED,
	type CheckedParams,
	FETCHING_CHARTS,
	type FetchChartsResult,
	type InitializationOptions,
	UNKNOWN_CHARTS,
	type UnknownChartsParams,
} from './protocol';
import { Publisher } from './publisher';
import { Scheduler, type Work } from './scheduler';
import { abilitiesOf, type Session } from './session';
import { asksGit, fetchesCharts, readSettings } from './settings';
import { Starts } from './starts';
import { storageOf } from './storage';
import { fileOf } from './uris';

/** Files below these directories are never part of a tree; their events come by the thousand. */
const IGNORED_DIRECTORY = /\/(\.git|node_modules)(\/|$)/;

export class RunningServer {
	readonly session: Session;
	readonly patience: Patience;
	readonly #scheduler: Scheduler;
	readonly #publisher: Publisher;
	readonly #charts: Charts;
	readonly #histories: Histories;
	readonly #starts: Starts;
	/** Whether the last start's findings may still be those of the tree; nobody has looked at it in this one. */
	#mayRestore = true;
	/** The tree has been looked at as it is now: there is nothing that a question would have to wait for. */
	isKnown = false;
	/** The settings are those of the client. */
	#isConfigured: boolean;
	/** Goes up with every check, so that what waits for quiet knows whether it was. */
	#checks = 0;
	#stopped = false;
	/** Something of Strata itself failed in this process, so what was found is not all. */
	#failed = false;
	#wasKept = false;
	/** Edited since they were last checked. */
	readonly #edited = new Set<FilePath>();

	constructor(
		private readonly connection: Connection,
		private readonly host: Host,
		params: InitializeParams,
	) {
		const options = (params.initializationOptions ?? {}) as InitializationOptions;
		this.session = {
			analysis: new Analysis({
				...host.source,
				failed: (what, error) => {
					this.#failed = true;
					host.log.failure(what, error);
				},
			}),
			open: new OpenDocuments(),
			abilities: abilitiesOf(params.capabilities, options.strataClient === true),
			log: host.log,
			seal: host.seal,
			rulePage: host.rulePage,
			trusted: options.trusted === true,
			onDisk: file => host.source.read(file),
			roots: rootsOf(params),
			restored: new Map(),
			forgottenAt: 0,
		};
		const stuck = () => this.#leaveOut();
		this.patience = new Patience(this.session.analysis, host.turns, stuck);
		this.#scheduler = new Scheduler(host.turns, error => host.log.failure('checking the tree', error), stuck);
		this.#publisher = new Publisher(this.session, sent => void connection.sendDiagnostics(sent));
		this.#charts = new Charts(
			this.session,
			host.charts,
			change => this.#apply(change),
			unknown => this.#sayUnknown(unknown),
		);
		this.#charts.fetches = fetchesCharts(options.settings);
		this.#histories = new Histories(this.session, host.histories, host.turns, change => this.#apply(change));
		this.#histories.wanted = asksGit(options.settings);
		this.#starts = new Starts(this.session, host.starts(storageOf(params)), {
			...host.means,
			outside: () => this.#outside(),
		});
		this.#isConfigured = !this.session.abilities.pullsConfiguration;
		this.#tell({ roots: this.session.roots, settings: readSettings(options.settings), ...this.#engines() });
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
		const isOpen = this.session.open.has(fileOf(document.uri) ?? '');
		const file = this.session.open.touch(document.uri, document.version);
		if (file === undefined) return;
		if (isOpen) this.#mayRestore = false;
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
		this.#isConfigured = true;
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
		this.#stopped = true;
		this.#charts.stop();
		this.#histories.stop();
		this.#scheduler.stop();
	}

	/** Somebody wants to know what only the whole tree tells. */
	readonly lookAtTree = (): void => {
		if (this.#scheduler.busy) this.#scheduler.letIn();
		else this.#check();
	};

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
		this.#checks++;
		this.isKnown = false;
		if (session.abilities.strataClient) void connection.sendNotification(CHANGED);
		const work = check(
			session,
			this.#publisher,
			this.#edited,
			() => this.#scheduler.isLate,
			result => {
				this.#mayRestore = false;
				this.isKnown = true;
				this.#said(result);
				this.#charts.afterCheck();
				this.#histories.afterCheck();
				if (result.complete && !this.#failed) this.#keepWhenQuiet(result.files);
			},
		);
		this.#scheduler.start(this.#mayRestore && this.#isConfigured ? this.#restoredOr(work) : work);
	}

	/** Something did not end and was stopped: the tree is checked again without. */
	#leaveOut(): void {
		this.#failed = true;
		const name = this.session.analysis.cutOff();
		this.host.log.failure(name ?? 'looking at the tree', new Error('it did not end, and was stopped'));
		// What has no name cannot be left out, and would not end again.
		if (name === undefined) return;
		void this.connection.window.showWarningMessage(
			`Strata goes on without ${name}, which did not end. "Strata: Restart Server" tries it again.`,
		);
		this.#check();
	}

	#sayUnknown(unknown: UnknownChartsParams): void {
		if (this.session.abilities.strataClient) void this.connection.sendNotification(UNKNOWN_CHARTS, unknown);
		else for (const { why } of unknown.charts) this.session.log.info(why);
	}

	#said({ files, errors, warnings }: CheckedParams): void {
		if (!this.session.abilities.strataClient) return;
		void this.connection.sendNotification(CHECKED, { files, errors, warnings } satisfies CheckedParams);
	}

	/** What the last start found, where it still holds; then the tree is looked at for who has a part of it open, and for nobody else. */
	*#restoredOr(work: Work): Work {
		const { session } = this;
		// What can be told of the open files at once; the rest may take a moment in a large tree.
		yield* checkFirst(session, this.#publisher, this.#edited, () => this.#scheduler.isLate);
		const last = yield* this.#starts.restore(charts => this.#charts.lookUp(charts, () => this.#check()));
		if (last === 'later') return;
		this.#mayRestore = false;
		if (last) {
			session.restored = new Map(last.found);
			const open = session.open.files();
			for (const file of new Set([...open, ...session.restored.keys()])) {
				this.#publisher.publish(file, session.restored.get(file) ?? []);
				yield;
			}
			this.#edited.clear();
			this.#said({ files: last.files, ...this.#publisher.counts() });
			if (open.length === 0) return;
		}
		yield* work;
	}

	/** What is asked of the history, and at which commit: the answers are the same for the same. */
	#outside(): string {
		const { trusted, roots } = this.session;
		const asks = trusted && this.#histories.wanted;
		return JSON.stringify(asks && roots.map(root => this.host.repositoryState(root)));
	}

	/** The first check is kept soon, so that a short session is not lost; later ones when nothing has happened for a while. */
	#keepWhenQuiet(files: number): void {
		const checks = this.#checks;
		const quiet = this.#wasKept ? QUIET_MS : FIRST_QUIET_MS;
		this.host.later(() => {
			if (this.#stopped || this.#checks !== checks) return;
			if (this.#scheduler.busy || this.#histories.busy) return this.#keepWhenQuiet(files);
			this.#wasKept = true;
			this.#scheduler.start(this.#starts.keep(files, this.#publisher.all()));
		}, quiet);
	}
}

const FIRST_QUIET_MS = 1000;
const QUIET_MS = 30_000;

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

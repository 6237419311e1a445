/** The language server as the client sees it: one process, started over IPC, restarted when it ends. */
import * as vscode from 'vscode';
import {
	LanguageClient,
	type LanguageClientOptions,
	type ServerOptions,
	Trace,
	TransportKind,
} from 'vscode-languageclient/node';
import memory from './server-memory.json';
import {
	CHANGED,
	CHECKED,
	type CheckedParams,
	COMPARABLE_VALUES,
	type ComparableValuesParams,
	ENTRY_POINTS,
	type EntryPointItem,
	type EntryPointsParams,
	FETCH_CHARTS,
	type FetchChartsResult,
	FETCHING_CHARTS,
	UNKNOWN_CHARTS,
	type UnknownChartsParams,
	type FetchingChartsParams,
	type InitializationOptions,
	MERGED_VALUES,
	type MergedValuesParams,
	OUTLINE,
	type OutlineResult,
	RENDER,
	type RenderParams,
	RENDERED_LINE,
	SEAL,
	SEALABLE,
	type SealableParams,
	type SealableResult,
	type SealParams,
	type SealResult,
	type RenderedLineParams,
	type RenderResult,
	TRUST_GRANTED,
} from '../../server/src/lsp/protocol';
import { followCursor } from './preview/follow-cursor';
import { Renderings } from './preview/renderings';
import { showWriters } from './preview/writers';
import { type ScriptItem, SCRIPTS } from '../../server/src/lsp/scripts-protocol';
import { type Refactorings, refactoringsOf } from './refactorings';
import { statusBar } from './status-bar';
import { sayUnknownCharts } from './unknown-charts';

export interface Server extends Refactorings {
	readonly renderings: Renderings;
	/** The entry points that a document takes part in; all of them where none is given. */
	entryPoints(uri?: vscode.Uri): Promise<readonly EntryPointItem[]>;
	/** The merged values that can be shown for a place in a document. */
	mergedValues(uri: vscode.Uri, position: vscode.Position): Promise<readonly EntryPointItem[]>;
	/** What these can be compared with. */
	comparableValues(id: string): Promise<readonly EntryPointItem[]>;
	/** Fetches the charts of the tree's HelmReleases. */
	fetchCharts(token: vscode.CancellationToken): Promise<FetchChartsResult>;
	/** How far that has come. */
	readonly onDidFetch: vscode.Event<FetchingChartsParams>;
	render(id: string): Promise<RenderResult | null>;
	/** The first line of a rendering that the field at a position wrote. */
	renderedLine(id: string, uri: vscode.Uri, position: vscode.Position): Promise<number | null>;
	/** How the tree was understood. Costly before everything has been checked. */
	outline(): Promise<OutlineResult>;
	/** Everything has been checked at the present state of things. */
	readonly onDidCheck: vscode.Event<unknown>;
	/** Whether that has ever been so. */
	readonly wasChecked: boolean;
	/** What could be sealed at a position. */
	sealable(uri: vscode.Uri, position: vscode.Position): Promise<SealableResult>;
	/** Seals values; gives the edit, or why not. */
	seal(
		uri: vscode.Uri,
		position: vscode.Position,
		what: Omit<SealParams, keyof SealableParams>,
	): Promise<{ readonly edit: vscode.WorkspaceEdit } | { readonly failure: string }>;
	/** The scripts that people run, with their descriptions. */
	scripts(): Promise<readonly ScriptItem[]>;
	restart(): Promise<void>;
	stop(): Promise<void>;
}

/**
 * Documents that the server wants to know as they are typed: all YAML, and what generators commonly read. Files of other kinds
 * are read when they are saved.
 */
const DOCUMENTS: LanguageClientOptions['documentSelector'] = [
	{ scheme: 'file', language: 'yaml' },
	{ scheme: 'file', pattern: '**/*.{yaml,yml,json,env,properties,conf,toml}' },
	{ scheme: 'file', pattern: '**/{Kustomization,README.md}' },
	{ scheme: 'file', pattern: '**/*.sh' },
];

export async function startServer(context: vscode.ExtensionContext, output: vscode.LogOutputChannel): Promise<Server> {
	const module = context.asAbsolutePath('dist/server.js');
	// Glibc keeps what the engine's threads give back, to each its own; few arenas that are trimmed early hold a third less in the end.
	const env = { ...process.env, ...memory };
	const server: ServerOptions = {
		run: { module, transport: TransportKind.ipc, options: { env } },
		debug: { module, transport: TransportKind.ipc, options: { env, execArgv: ['--nolazy', '--inspect=6019'] } },
	};
	const client = new LanguageClient('strata', 'Strata', server, {
		documentSelector: DOCUMENTS,
		outputChannel: output,
		// A function: after a restart the folder may be trusted that was not before.
		initializationOptions: (): InitializationOptions => ({
			trusted: vscode.workspace.isTrusted,
			strataClient: true,
			storage: context.globalStorageUri.fsPath,
		}),
	});
	const changed = new vscode.EventEmitter<void>();
	const checked = new vscode.EventEmitter<CheckedParams>();
	const fetching = new vscode.EventEmitter<FetchingChartsParams>();
	const unknownCharts = new vscode.EventEmitter<UnknownChartsParams>();
	client.onNotification(UNKNOWN_CHARTS, (params: UnknownChartsParams) => unknownCharts.fire(params));
	client.onNotification(FETCHING_CHARTS, (params: FetchingChartsParams) => fetching.fire(params));
	client.onNotification(CHANGED, () => changed.fire());
	let wasChecked = false;
	client.onNotification(CHECKED, (params: CheckedParams) => {
		wasChecked = true;
		checked.fire(params);
	});
	await client.start();
	output.info(`The language server runs (version ${String(context.extension.packageJSON.version)}).`);

	const at = (uri: vscode.Uri, position: vscode.Position) => ({
		textDocument: { uri: client.code2ProtocolConverter.asUri(uri) },
		position,
	});
	const ask = {
		...refactoringsOf(client),
		scripts: () => client.sendRequest<readonly ScriptItem[]>(SCRIPTS, {}),
		entryPoints: (uri?: vscode.Uri) =>
			client.sendRequest<readonly EntryPointItem[]>(ENTRY_POINTS, {
				...(uri ? { textDocument: { uri: client.code2ProtocolConverter.asUri(uri) } } : {}),
			} satisfies EntryPointsParams),
		outline: () => client.sendRequest<OutlineResult>(OUTLINE, {}),
		mergedValues: (uri: vscode.Uri, position: vscode.Position) =>
			client.sendRequest<readonly EntryPointItem[]>(MERGED_VALUES, {
				textDocument: { uri: client.code2ProtocolConverter.asUri(uri) },
				position,
			} satisfies MergedValuesParams),
		comparableValues: (id: string) =>
			client.sendRequest<readonly EntryPointItem[]>(COMPARABLE_VALUES, { id } satisfies ComparableValuesParams),
		fetchCharts: (token: vscode.CancellationToken) => client.sendRequest<FetchChartsResult>(FETCH_CHARTS, token),
		onDidFetch: fetching.event,
		render: (id: string) => client.sendRequest<RenderResult | null>(RENDER, { id } satisfies RenderParams),
		renderedLine: (id: string, uri: vscode.Uri, position: vscode.Position) =>
			client.sendRequest<number | null>(RENDERED_LINE, {
				id,
				textDocument: { uri: client.code2ProtocolConverter.asUri(uri) },
				position,
			} satisfies RenderedLineParams),
		sealable: (uri: vscode.Uri, position: vscode.Position) =>
			client.sendRequest<SealableResult>(SEALABLE, at(uri, position) satisfies SealableParams),
		seal: async (uri: vscode.Uri, position: vscode.Position, what: Omit<SealParams, keyof SealableParams>) => {
			const result = await untraced(client, () =>
				client.sendRequest<SealResult>(SEAL, { ...at(uri, position), ...what } satisfies SealParams),
			);
			return 'failure' in result ? result : { edit: await client.protocol2CodeConverter.asWorkspaceEdit(result.edit) };
		},
	};
	const renderings = new Renderings(ask.render, changed.event);
	context.subscriptions.push(
		changed,
		checked,
		fetching,
		unknownCharts,
		sayUnknownCharts(unknownCharts.event, context.workspaceState),
		renderings,
		showWriters(renderings),
		followCursor(renderings, ask.renderedLine),
		statusBar(changed.event, checked.event),
		vscode.workspace.onDidGrantWorkspaceTrust(() => void client.sendNotification(TRUST_GRANTED)),
	);
	return {
		...ask,
		renderings,
		onDidCheck: checked.event,
		get wasChecked() {
			return wasChecked;
		},
		restart: () => client.restart(),
		stop: () => client.stop(),
	};
}

/** Sends without the trace that users can switch on: it writes all parameters into the output channel. */
async function untraced<T>(client: LanguageClient, send: () => Promise<T>): Promise<T> {
	const traced = vscode.workspace.getConfiguration('strata').get<string>('trace.server') ?? 'off';
	if (traced === 'off') return send();
	await client.setTrace(Trace.Off);
	try {
		return await send();
	} finally {
		await client.setTrace(Trace.fromString(traced));
	}
}

/** The built server (`dist/server.js`) as an editor starts it, for measurements of what an editor waits for. */
import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import {
	createProtocolConnection,
	type ProtocolConnection,
	type PublishDiagnosticsParams,
	StreamMessageReader,
	StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';

export interface Served {
	readonly connection: ProtocolConnection;
	readonly process: ChildProcess;
	/** From the start of the process to the answer to `initialize`, in milliseconds. */
	readonly readyMs: number;
	/** When the process was started, as `performance.now()`. */
	readonly startedAt: number;
	/** How often diagnostics were sent for a file, and the last of them. */
	readonly diagnostics: Map<string, { readonly at: number; readonly params: PublishDiagnosticsParams }>;
	uri(file: string): string;
	open(file: string): void;
	change(file: string, version: number, text: string): void;
	/** Comes when everything has been checked, once more. */
	checked(): Promise<void>;
	/** Ends it as an editor does. */
	end(): Promise<void>;
	/** Kills it. */
	stop(): Promise<void>;
}

export interface Command {
	readonly args: readonly string[];
	readonly initializationOptions?: object;
	readonly env?: NodeJS.ProcessEnv;
	/** What an answer to `workspace/configuration` holds. */
	readonly settings?: unknown;
}

/** Strata, keeping what it finds in `storage`. */
export function strata(storage: string): Command {
	return {
		args: [path.resolve('dist', 'server.js'), '--stdio'],
		initializationOptions: { strataClient: true, trusted: true, storage },
	};
}

/** Starts a language server on a folder, and waits until it is ready. */
export async function serve(folder: string, { args, initializationOptions, env, settings }: Command): Promise<Served> {
	const startedAt = performance.now();
	const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'ignore'], env: { ...process.env, ...env } });
	const ended = new Promise(resolve => child.once('exit', resolve));
	child.stdin.on('error', () => undefined);
	const connection = createProtocolConnection(
		new StreamMessageReader(child.stdout),
		new StreamMessageWriter(child.stdin),
	);
	const diagnostics: Served['diagnostics'] = new Map();
	const waiting: (() => void)[] = [];
	connection.onNotification('textDocument/publishDiagnostics', params => {
		diagnostics.set(params.uri, { at: performance.now(), params });
	});
	connection.onNotification('strata/checked', () => waiting.splice(0).forEach(resolve => resolve()));
	connection.onRequest('client/registerCapability', () => null);
	connection.onRequest('workspace/configuration', ({ items }) => items.map(() => settings ?? null));
	connection.onRequest('window/workDoneProgress/create', () => null);
	connection.listen();
	const rootUri = pathToFileURL(folder).href;
	await connection.sendRequest('initialize', {
		processId: process.pid,
		rootUri,
		workspaceFolders: [{ uri: rootUri, name: 'tree' }],
		capabilities: {
			workspace: { workspaceFolders: true, configuration: settings !== undefined },
			textDocument: {
				definition: { linkSupport: true },
				completion: { completionItem: { snippetSupport: true } },
				publishDiagnostics: { relatedInformation: true },
			},
		},
		initializationOptions,
	});
	const readyMs = performance.now() - startedAt;
	const uri = (file: string) => pathToFileURL(path.join(folder, file)).href;
	return {
		connection,
		process: child,
		readyMs,
		startedAt,
		diagnostics,
		uri,
		open: file =>
			void connection.sendNotification('textDocument/didOpen', {
				textDocument: {
					uri: uri(file),
					languageId: 'yaml',
					version: 1,
					text: fs.readFileSync(path.join(folder, file), 'utf8'),
				},
			}),
		change: (file, version, text) =>
			void connection.sendNotification('textDocument/didChange', {
				textDocument: { uri: uri(file), version },
				contentChanges: [{ text }],
			}),
		checked: () => new Promise(resolve => waiting.push(resolve)),
		end: async () => {
			await connection.sendRequest('shutdown');
			await connection.sendNotification('exit');
			await ended;
			connection.dispose();
		},
		stop: async () => {
			child.kill();
			await ended;
			connection.dispose();
		},
	};
}

/** What a process holds in memory now, in MB (10^6 bytes); nothing where this system does not tell. */
export function residentMegabytes({ process: child }: Served): number | undefined {
	try {
		const status = fs.readFileSync(`/proc/${child.pid}/status`, 'utf8');
		const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(status) ?? [];
		return kilobytes === undefined ? undefined : (Number(kilobytes) * 1024) / 1e6;
	} catch {
		return undefined;
	}
}

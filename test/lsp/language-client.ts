/** An editor, as far as the protocol goes: starts the server as a process and talks to it. */
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';
import {
	createProtocolConnection,
	type Diagnostic,
	type InitializeParams,
	type InitializeResult,
	type ProtocolConnection,
	StreamMessageReader,
	StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';

export interface Client {
	readonly connection: ProtocolConnection;
	readonly process: ChildProcess;
	readonly answer: InitializeResult;
	/** The diagnostics that hold now, by URI. */
	readonly diagnostics: Map<string, Diagnostic[]>;
	/** Lines that the server logged. */
	readonly logged: string[];
	/** The code with which the server ended. */
	readonly ended: Promise<number | null>;
	uri(file: string): string;
	/** Opens a document with a text; version 1. */
	open(uri: string, text: string): void;
	/** Replaces the whole text. */
	change(uri: string, version: number, text: string): void;
	/** Comes when everything has been checked once more. */
	checked(): Promise<void>;
}

/** Everything an editor of today can do, as far as the server asks. */
const CAPABILITIES: InitializeParams['capabilities'] = {
	workspace: { workspaceFolders: true, workspaceEdit: { documentChanges: true } },
	textDocument: {
		definition: { linkSupport: true },
		completion: { completionItem: { snippetSupport: true } },
		codeAction: { resolveSupport: { properties: ['edit'] } },
		publishDiagnostics: { relatedInformation: true, codeDescriptionSupport: true },
	},
};

/** Starts the server in `programs` on a folder. It is ended with the test. */
export async function connect(
	programs: string,
	folder: string,
	{
		capabilities = CAPABILITIES,
		strataClient = true,
		initializationOptions = { trusted: true },
		command: [program, ...args] = [process.execPath],
	}: Partial<InitializeParams> & {
		strataClient?: boolean;
		initializationOptions?: object;
		/** What runs a script. */
		command?: readonly [string, ...string[]];
	} = {},
): Promise<Client> {
	const child = spawn(program, [...args, path.join(programs, 'server.js'), '--stdio'], {
		stdio: ['pipe', 'pipe', 'pipe'],
	});
	onTestFinished(() => void child.kill('SIGKILL'));
	// A test that ends the server writes into its closed input.
	child.stdin.on('error', () => undefined);
	const ended = new Promise<number | null>(resolve => child.once('exit', resolve));
	const connection = createProtocolConnection(
		new StreamMessageReader(child.stdout),
		new StreamMessageWriter(child.stdin),
	);
	const diagnostics = new Map<string, Diagnostic[]>();
	const logged: string[] = [];
	const waiting: (() => void)[] = [];
	connection.onNotification('textDocument/publishDiagnostics', ({ uri, diagnostics: found }) => {
		diagnostics.set(uri, found);
	});
	connection.onNotification('window/logMessage', ({ message }) => void logged.push(message));
	connection.onNotification('strata/checked', () => waiting.splice(0).forEach(resolve => resolve()));
	connection.onRequest('client/registerCapability', () => null);
	connection.listen();
	const uri = (file: string) => pathToFileURL(path.join(folder, file)).href;
	const answer = await connection.sendRequest<InitializeResult>('initialize', {
		processId: process.pid,
		rootUri: pathToFileURL(folder).href,
		capabilities,
		workspaceFolders: [{ uri: pathToFileURL(folder).href, name: path.basename(folder) }],
		initializationOptions: { strataClient, ...initializationOptions },
	});
	void connection.sendNotification('initialized', {});
	return {
		connection,
		process: child,
		answer,
		diagnostics,
		logged,
		ended,
		uri,
		open: (uri, text) => {
			void connection.sendNotification('textDocument/didOpen', {
				textDocument: { uri, languageId: 'yaml', version: 1, text },
			});
		},
		change: (uri, version, text) => {
			void connection.sendNotification('textDocument/didChange', {
				textDocument: { uri, version },
				contentChanges: [{ text }],
			});
		},
		checked: () => new Promise(resolve => waiting.push(resolve)),
	};
}

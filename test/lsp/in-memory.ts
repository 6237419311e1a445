/** The server over a connection in memory. */
import { PassThrough } from 'node:stream';
import {
	createProtocolConnection,
	type ProtocolConnection,
	type PublishDiagnosticsParams,
	StreamMessageReader,
	StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';
import { createConnection } from 'vscode-languageserver/node';
import type { Source } from '../../server/src/core/workspace/inputs';
import type { Host } from '../../server/src/lsp/host';
import type { Turns } from '../../server/src/lsp/scheduler';
import { greeting } from '../../server/src/lsp/greeting';
import { serve as serveOver } from '../../server/src/lsp/server';
import { MemoryCache, means } from '../support/starts';

/** Of the real clock; nothing is stopped. */
export const TURNS: Turns = {
	now: () => performance.now(),
	defer: run => void setImmediate(run),
	bounded: run => (run(), true),
};

export interface Served {
	readonly client: ProtocolConnection;
	readonly published: PublishDiagnosticsParams[];
	readonly failures: string[];
	/** What the user was shown. */
	readonly shown: string[];
	/** Comes when everything has been checked. */
	readonly checked: () => Promise<void>;
}

/** A client of a server on `source`, with parts of its host as a test wants them. */
export async function connectInMemory(
	source: Source,
	host: Partial<Host & { failed: (what: string) => void }> = {},
	options: object = {},
): Promise<ProtocolConnection> {
	const [toServer, toClient] = [new PassThrough(), new PassThrough()];
	const connection = createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient));
	const whole: Host = {
		source,
		clock: () => 0,
		seal: () => ({ failure: 'not in this test' }),
		usePrivateKeys: () => [],
		histories: () => Promise.resolve(new Map()),
		repositoryState: () => 'none',
		charts: { lookUp: async () => undefined, fetch: async () => ({ kind: 'unknown' }) },
		turns: TURNS,
		log: { info: () => undefined, failure: what => host.failed?.(what) },
		starts: () => new MemoryCache(),
		means: means(),
		later: () => undefined,
		version: 'test',
		rulePage: code => `file:///pages/${code}.md`,
		...host,
	};
	connection.onInitialize(params => {
		connection.onInitialized(serveOver(connection, whole, params));
		return greeting(whole.version);
	});
	connection.listen();
	const client = createProtocolConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer));
	client.onRequest('client/registerCapability', () => null);
	client.listen();
	await client.sendRequest('initialize', {
		processId: null,
		rootUri: 'file:///repo',
		capabilities: {},
		initializationOptions: { strataClient: true, ...options },
	});
	return client;
}

/** A server that has checked everything once. */
export async function serve(source: Source, host: Partial<Host> = {}, options: object = {}): Promise<Served> {
	const failures: string[] = [];
	const client = await connectInMemory(source, { failed: what => void failures.push(what), ...host }, options);
	const published: PublishDiagnosticsParams[] = [];
	const shown: string[] = [];
	const waiting: (() => void)[] = [];
	client.onNotification('textDocument/publishDiagnostics', params => void published.push(params));
	client.onRequest('window/showMessageRequest', ({ message }: { message: string }) => void shown.push(message));
	client.onNotification('window/showMessage', ({ message }: { message: string }) => void shown.push(message));
	client.onNotification('strata/checked', () => waiting.splice(0).forEach(resolve => resolve()));
	const checked = () => new Promise<void>(resolve => waiting.push(resolve));
	const first = checked();
	void client.sendNotification('initialized', {});
	await first;
	return { client, published, failures, shown, checked };
}

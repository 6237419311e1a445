/** Bad days: what a client does wrong is answered or refused, and the rest goes on. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { CancellationTokenSource, ErrorCodes, LSPErrorCodes } from 'vscode-languageserver-protocol/node';
import { buildPrograms, repository } from '../support/programs';
import { type Client, connect } from './language-client';

let programs: string;
beforeAll(async () => {
	programs = await buildPrograms('server');
});

const folder = () =>
	repository(`
-- kustomization.yaml --
resources: [deployment.yaml]
-- deployment.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
`);

/** That the server still answers what is right. */
async function expectAlive({ connection, uri }: Client): Promise<void> {
	const links = await connection.sendRequest('textDocument/documentLink', {
		textDocument: { uri: uri('kustomization.yaml') },
	});
	expect(Array.isArray(links)).toBe(true);
}

const errorOf = (request: Promise<unknown>) =>
	request.then(
		() => undefined,
		(error: { code?: number; message: string }) => error,
	);

describe('what a client asks wrongly', () => {
	test('a method that does not exist is refused', async () => {
		const client = await connect(programs, folder());
		const error = await errorOf(client.connection.sendRequest('textDocument/nothingOfTheKind', {}));
		expect(error?.code).toBe(ErrorCodes.MethodNotFound);
		await expectAlive(client);
	});

	test('positions outside of the text are moved into it', async () => {
		const client = await connect(programs, folder());
		const textDocument = { uri: client.uri('deployment.yaml') };
		for (const position of [
			{ line: 1_000_000, character: 0 },
			{ line: 0, character: 1_000_000 },
			{ line: -1, character: -1 },
		]) {
			for (const method of ['hover', 'definition', 'completion', 'prepareRename']) {
				const request = client.connection.sendRequest(`textDocument/${method}`, { textDocument, position });
				expect(await errorOf(request)).toBeUndefined();
			}
		}
		const range = { start: { line: 99, character: 9 }, end: { line: -3, character: 0 } };
		const actions = client.connection.sendRequest('textDocument/codeAction', {
			textDocument,
			range,
			context: { diagnostics: [] },
		});
		expect(await errorOf(actions)).toBeUndefined();
		await expectAlive(client);
	});

	test('requests without what they need are refused', async () => {
		const client = await connect(programs, folder());
		for (const [method, params] of [
			['textDocument/hover', {}],
			['textDocument/definition', { textDocument: { uri: client.uri('deployment.yaml') } }],
			['textDocument/codeAction', { textDocument: { uri: 'file:///x' } }],
			['strata/renderedLine', { id: 'x' }],
		] as const) {
			const error = await errorOf(client.connection.sendRequest(method, params));
			expect(error?.code, method).toBe(ErrorCodes.InternalError);
		}
		await expectAlive(client);
	});

	test.each(['untitled:Untitled-1', 'git:/x.yaml?HEAD', 'file://host/share/x.yaml', 'nonsense', '', '%%%'])(
		'documents that are no files here have no answers: %j',
		async uri => {
			const client = await connect(programs, folder());
			client.open(uri, 'resources: [\n');
			const position = { line: 0, character: 3 };
			for (const method of ['hover', 'definition', 'references', 'completion', 'codeLens', 'documentLink']) {
				const request = client.connection.sendRequest(`textDocument/${method}`, {
					textDocument: { uri },
					position,
					context: { includeDeclaration: true },
				});
				expect(await request, method).toBeNull();
			}
			expect([...client.diagnostics.keys()].filter(known => known === uri)).toEqual([]);
			await expectAlive(client);
		},
	);

	test('unknown entry points are null', async () => {
		const client = await connect(programs, folder());
		expect(await client.connection.sendRequest('strata/render', { id: 'no/such' })).toBeNull();
		expect(
			await client.connection.sendRequest('strata/renderedLine', {
				id: 'no/such',
				textDocument: { uri: client.uri('deployment.yaml') },
				position: { line: 0, character: 0 },
			}),
		).toBeNull();
	});
});

describe('what a client says wrongly', () => {
	test('changes out of bounds, of documents never opened, and of old versions', async () => {
		const client = await connect(programs, folder());
		const uri = client.uri('deployment.yaml');
		const say = (version: number, contentChanges: unknown[], of = uri) =>
			client.connection.sendNotification('textDocument/didChange', {
				textDocument: { uri: of, version },
				contentChanges,
			});
		await say(7, [{ text: 'a: b' }], client.uri('never-opened.yaml'));
		client.open(uri, 'kind: Deployment\n');
		const wide = { start: { line: 50, character: 50 }, end: { line: 99, character: 99 } };
		await say(5, [{ range: wide, text: 'x: 1\n' }]);
		await say(2, [{ range: { start: { line: -5, character: -5 }, end: { line: 0, character: 4 } }, text: 'kind' }]);
		await say(-1, []);
		await client.connection.sendNotification('textDocument/didClose', { textDocument: { uri: client.uri('x.yaml') } });
		await client.connection.sendNotification('workspace/didChangeWatchedFiles', {
			changes: [{ uri: 'nonsense', type: 9 }],
		});
		await client.connection.sendNotification('workspace/didChangeConfiguration', { settings: 'nonsense' });
		await client.connection.sendNotification('no/such/notification', [1, 2, 3]);
		await expectAlive(client);
	});

	test('a document that is opened twice and closed twice', async () => {
		const client = await connect(programs, folder());
		const uri = client.uri('deployment.yaml');
		client.open(uri, 'kind: A\n');
		client.open(uri, 'kind: B\n');
		for (let i = 0; i < 2; i++) {
			await client.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
		}
		await expectAlive(client);
	});
});

describe('a client that changes its mind', () => {
	test('everything is cancelled, and each request has an answer or a refusal', async () => {
		const client = await connect(programs, folder());
		const textDocument = { uri: client.uri('deployment.yaml') };
		const outcomes = Array.from({ length: 200 }, (_, i) => {
			const source = new CancellationTokenSource();
			const request = client.connection.sendRequest(
				i % 2 ? 'textDocument/hover' : 'textDocument/completion',
				{ textDocument, position: { line: 0, character: i % 20 } },
				source.token,
			);
			source.cancel();
			return errorOf(request);
		});
		const codes = new Set((await Promise.all(outcomes)).flatMap(error => error?.code ?? []));
		expect([...codes].filter(code => code !== LSPErrorCodes.RequestCancelled)).toEqual([]);
		await expectAlive(client);
	});

	test('requests before initialize and after shutdown are refused', async () => {
		const client = await connect(programs, folder());
		await client.connection.sendRequest('shutdown');
		const error = await errorOf(
			client.connection.sendRequest('textDocument/hover', {
				textDocument: { uri: client.uri('deployment.yaml') },
				position: { line: 0, character: 0 },
			}),
		);
		expect(error?.code).toBe(ErrorCodes.ServerNotInitialized);
		await client.connection.sendNotification('exit');
		expect(await client.ended).toBe(0);
	});
});

describe('a client that is gone', () => {
	test('closing the streams ends the server', async () => {
		const client = await connect(programs, folder());
		// What the server asked for at its start has been answered by then.
		await expectAlive(client);
		client.process.stdin!.end();
		expect(await client.ended).toBe(1);
	});

	test('the death of the process that it named ends the server', async () => {
		const parent = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 600_000)']);
		const server = spawn(process.execPath, [path.join(programs, 'server.js'), '--stdio']);
		const ended = new Promise<number | null>(resolve => server.once('exit', resolve));
		const message = JSON.stringify({
			jsonrpc: '2.0',
			id: 1,
			method: 'initialize',
			params: { processId: parent.pid, rootUri: null, capabilities: {} },
		});
		server.stdin.write(`Content-Length: ${Buffer.byteLength(message)}\r\n\r\n${message}`);
		await new Promise(resolve => server.stdout.once('data', resolve));
		parent.kill('SIGKILL');
		// Its input stays open; only the process id tells.
		expect(await ended).toBe(1);
	});

	test('over IPC, the end of the channel ends the server', async () => {
		const server = spawn(process.execPath, [path.join(programs, 'server.js'), '--node-ipc'], {
			stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
		});
		const ended = new Promise<number | null>(resolve => server.once('exit', resolve));
		const answered = new Promise(resolve => server.once('message', resolve));
		server.send({
			jsonrpc: '2.0',
			id: 1,
			method: 'initialize',
			params: { processId: null, rootUri: pathToFileURL(programs).href, capabilities: {} },
		});
		await answered;
		server.disconnect();
		expect(await ended).toBe(1);
	});

	test('bytes that are no message end the server, not the machine', async () => {
		const server = spawn(process.execPath, [path.join(programs, 'server.js'), '--stdio']);
		const ended = new Promise<number | null>(resolve => server.once('exit', resolve));
		server.stdin.end('GET / HTTP/1.1\r\n\r\nhello');
		expect(await ended).toBe(1);
	});
});

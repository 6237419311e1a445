/** Bad days: what a client does wrong is answered or refused, and the rest goes on. */
import { spawn } from 'node:child_process';
import net from 'node:net';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
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

function framed(message: object): string {
	const text = JSON.stringify({ jsonrpc: '2.0', ...message });
	return `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}

function isRunning(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
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
			{ line: 0.5, character: 1.5 },
			{ line: 'a', character: null },
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

	test('a text that is none is not taken, and what was there stays', async () => {
		const client = await connect(programs, folder());
		await client.checked();
		const uri = client.uri('deployment.yaml');
		client.open(uri, 5 as never);
		client.open(client.uri('kustomization.yaml'), 'resources: [deployment.yaml, missing.yaml]\n');
		await client.checked();
		expect(client.diagnostics.get(client.uri('kustomization.yaml'))?.map(({ code }) => code)).toEqual([
			'kustomize/missing-resource',
		]);
		expect(client.logged.filter(line => /^(checking|looking)/.test(line))).toEqual([]);
	});

	test('messages that are none are logged, and the next one is answered', async () => {
		const client = await connect(programs, folder());
		for (const text of ['{"jsonrpc":}', 'null', '[]', '5', '{}', '{"jsonrpc":"2.0","method":7}', '{"id":{}}', '']) {
			client.process.stdin!.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
			await expectAlive(client);
		}
	});

	test.each([
		'Content-Length: 3\r\n\r\n{"jsonrpc":"2.0"}',
		'Content-Length: -5\r\n\r\n',
		'Content-Length: 99999999999\r\n\r\n{}',
	])('after a wrong length nothing can be told apart, and the server ends with its input: %j', async bytes => {
		const client = await connect(programs, folder());
		await expectAlive(client);
		client.process.stdin!.end(bytes);
		expect(await client.ended).toBe(1);
	});

	test('a second `initialize` is refused, and the first one holds', async () => {
		const client = await connect(programs, folder());
		const again = client.connection.sendRequest('initialize', { processId: null, rootUri: null, capabilities: {} });
		expect((await errorOf(again))?.code).toBe(ErrorCodes.InvalidRequest);
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
		const params = { processId: parent.pid, rootUri: null, capabilities: {} };
		server.stdin.write(framed({ id: 1, method: 'initialize', params }));
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

	test.each([
		['--pipe', 'name', 'at rest'],
		['--socket', 'port', 'at rest'],
		['--pipe', 'name', 'while it looks at the tree'],
		['--socket', 'port', 'while it looks at the tree'],
	])('over %s (a %s), the end of the connection ends the server, %s', async (option, kind, when) => {
		const listening = net.createServer();
		onTestFinished(() => void listening.close());
		const name = path.join(programs, `${when.length}.sock`);
		await new Promise<void>(resolve =>
			kind === 'name' ? listening.listen(name, resolve) : listening.listen(0, '127.0.0.1', resolve),
		);
		const address = kind === 'name' ? name : String((listening.address() as net.AddressInfo).port);
		const server = spawn(process.execPath, [path.join(programs, 'server.js'), `${option}=${address}`]);
		onTestFinished(() => void server.kill('SIGKILL'));
		const ended = new Promise<number | null>(resolve => server.once('exit', resolve));
		let complaints = '';
		server.stderr.on('data', (data: Buffer) => (complaints += data.toString()));
		const socket = await new Promise<net.Socket>(resolve => listening.once('connection', resolve));
		const answered = new Promise(resolve => socket.once('data', resolve));
		const rootUri = pathToFileURL(folder()).href;
		socket.write(framed({ id: 1, method: 'initialize', params: { processId: null, rootUri, capabilities: {} } }));
		await answered;
		socket.write(framed({ method: 'initialized', params: {} }));
		if (when === 'at rest') await new Promise(resolve => setTimeout(resolve, 1000));
		socket.destroy();
		expect(await ended).toBe(1);
		expect(complaints).toBe('');
	});

	test('a parent that is killed takes its server along, over IPC', async () => {
		const server = JSON.stringify(path.join(programs, 'server.js'));
		const parent = spawn(process.execPath, [
			'-e',
			`const server = require('child_process').fork(${server}, ['--node-ipc']);
			server.once('message', () => console.log(server.pid));
			server.send({ jsonrpc: '2.0', id: 1, method: 'initialize', params: { processId: null, rootUri: null, capabilities: {} } });`,
		]);
		const pid = Number(await new Promise<Buffer>(resolve => parent.stdout.once('data', resolve)));
		expect(isRunning(pid)).toBe(true);
		parent.kill('SIGKILL');
		await vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 5000 });
	});

	test('bytes that are no message end the server, not the machine', async () => {
		const server = spawn(process.execPath, [path.join(programs, 'server.js'), '--stdio']);
		const ended = new Promise<number | null>(resolve => server.once('exit', resolve));
		server.stdin.end('GET / HTTP/1.1\r\n\r\nhello');
		expect(await ended).toBe(1);
	});
});

import { once } from 'node:events';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createMessageConnection, SocketMessageReader, SocketMessageWriter } from 'vscode-jsonrpc/node';
import { eventLoopTurns } from '../../server/src/host/turns';

test('a message that arrives while something runs is taken before what was put off', async () => {
	const address =
		process.platform === 'win32'
			? `\\\\.\\pipe\\strata-turns-${process.pid}`
			: path.join(os.tmpdir(), `strata-turns-${process.pid}.sock`);
	const listener = net.createServer().listen(address);
	await once(listener, 'listening');
	const client = net.connect(address);
	const [served] = (await once(listener, 'connection')) as [net.Socket];
	const connection = createMessageConnection(new SocketMessageReader(served), new SocketMessageWriter(served));
	const happened: string[] = [];
	connection.onNotification('asked', () => void happened.push('message'));
	connection.listen();

	const { defer } = eventLoopTurns(1000);
	await new Promise<void>(resolve =>
		defer(() => {
			const text = JSON.stringify({ jsonrpc: '2.0', method: 'asked' });
			// It goes to the system at once, whose news the next turn reads.
			client.write(`Content-Length: ${text.length}\r\n\r\n${text}`);
			happened.push('work');
			defer(() => {
				happened.push('more work');
				resolve();
			});
		}),
	);
	expect(happened).toEqual(['work', 'message', 'more work']);
	connection.dispose();
	client.destroy();
	listener.close();
});

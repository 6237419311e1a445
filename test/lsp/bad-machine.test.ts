/** Bad days of the machine, with the server as it ships: a disk that takes nothing, a thread that dies. What was asked is answered, and the rest works. */
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { FETCH_CHARTS } from '../../server/src/lsp/protocol';
import { packagedChart, releaseFrom, sha256 } from '../support/chart-archive';
import { buildPrograms, repository } from '../support/programs';
import { regoModule } from '../support/rego-module';
import { type Client, connect } from './language-client';

let programs: string;
beforeAll(async () => {
	programs = await buildPrograms('server', 'rego');
});

const codes = (client: Client, file: string) =>
	(client.diagnostics.get(client.uri(file)) ?? []).map(({ code }) => code).sort();

async function hover(client: Client, file: string): Promise<unknown> {
	const textDocument = { uri: client.uri(file) };
	return client.connection.sendRequest('textDocument/hover', { textDocument, position: { line: 1, character: 1 } });
}

/** A chart repository on the loopback with one chart. */
async function chartRepository(): Promise<string> {
	const chart = packagedChart('web', '1.0.0');
	const index = `apiVersion: v1\nentries:\n  web:\n  - name: web\n    version: 1.0.0\n    digest: ${sha256(chart)}\n    urls:\n    - web-1.0.0.tgz\n`;
	const server = http.createServer(({ url }, response) => void response.end(url === '/index.yaml' ? index : chart));
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test.skipIf(process.platform === 'win32')(
	'a disk that takes not one byte more: nothing is kept, and nobody notices',
	async () => {
		const storage = fs.mkdtempSync(path.join(programs, 'storage-'));
		const folder = repository(`
-- kustomization.yaml --
resources: [release.yaml, missing.yaml]
-- release.yaml --
${releaseFrom(await chartRepository())}`);
		// A process that may write no file at all gets an error in the middle of each, as on a disk that is full.
		const client = await connect(programs, folder, {
			command: ['/bin/sh', '-c', 'ulimit -f 0; exec "$0" "$@"', process.execPath],
			initializationOptions: { trusted: true, storage },
		});
		await client.checked();
		const rechecked = client.checked();
		expect(await client.connection.sendRequest(FETCH_CHARTS)).toEqual({ fetched: 1, failed: [] });
		await rechecked;
		// What a check found is kept after a second of quiet.
		await expect.poll(() => fs.existsSync(path.join(storage, 'starts')), { timeout: 10_000 }).toBe(true);
		await expect.poll(() => fs.readdirSync(path.join(storage, 'starts'))).toEqual([]);
		const charts = path.join(process.env.XDG_CACHE_HOME!, 'strata', 'charts');
		expect(fs.readdirSync(charts)).toEqual([]);
		expect(codes(client, 'kustomization.yaml')).toEqual(['kustomize/missing-resource']);
		expect(await hover(client, 'release.yaml')).not.toBeNull();
		expect(client.logged.filter(line => /ENOSPC|EFBIG|failed|Error/.test(line))).toEqual([]);
	},
);

describe('the thread that runs compiled policies', () => {
	test.each([
		['is killed', 'process.exit(1)'],
		['throws', 'throw new Error("broken")'],
		['runs out of memory', 'for (const all = []; ; ) all.push([all.length])'],
	])(
		'%s: it is said at the policy, the rest is found, and another one takes the next question',
		async (_, end) => {
			const folder = repository(`
-- strata.yaml --
policies:
  rego: policy/main.wasm
-- kustomization.yaml --
resources: [pod.yaml]
-- pod.yaml --
apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  kontainers: []
  containers: [{ name: web, image: 'nginx@sha256:${'0'.repeat(64)}' }]
`);
			const policy = path.join(folder, 'policy/main.wasm');
			fs.mkdirSync(path.dirname(policy));
			fs.writeFileSync(policy, regoModule());
			const client = await connect(await withFragileThread(end), folder);
			await client.checked();
			expect(codes(client, 'strata.yaml')).toEqual(['policy/not-evaluated']);
			expect(codes(client, 'pod.yaml')).toEqual(['schema/unknown-field']);
			expect(await hover(client, 'pod.yaml')).not.toBeNull();

			fs.writeFileSync(policy, regoModule({ found: ['never digests'] }));
			const rechecked = client.checked();
			const changes = [{ uri: client.uri('policy/main.wasm'), type: 2 }];
			void client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes });
			await rechecked;
			expect(codes(client, 'strata.yaml')).toEqual([]);
			expect(codes(client, 'pod.yaml')).toEqual(['policy/rego', 'schema/unknown-field']);
		},
		60_000,
	);
});

/** The programs, with a thread that ends so in the middle of its first question, and is the real one afterwards. */
async function withFragileThread(end: string): Promise<string> {
	const directory = fs.mkdtempSync(path.join(path.dirname(programs), 'test-programs-'));
	onTestFinished(() => fs.rmSync(directory, { recursive: true, force: true }));
	fs.cpSync(programs, directory, { recursive: true });
	fs.renameSync(path.join(directory, 'rego.js'), path.join(directory, 'whole.js'));
	const mark = JSON.stringify(path.join(directory, 'has-ended'));
	fs.writeFileSync(
		path.join(directory, 'rego.js'),
		`const fs = require('node:fs');
		if (fs.existsSync(${mark})) require('./whole.js');
		else {
			fs.writeFileSync(${mark}, '');
			require('node:worker_threads').parentPort.on('message', () => { ${end} });
		}`,
	);
	return directory;
}

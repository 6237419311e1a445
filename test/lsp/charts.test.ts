/** Charts from outside over the wire: nothing without trust, nothing without being asked, and findings as soon as a chart is known. */
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Diagnostic } from 'vscode-languageserver-protocol/node';
import {
	FETCH_CHARTS,
	type FetchChartsResult,
	TRUST_GRANTED,
	UNKNOWN_CHARTS,
	type UnknownChartsParams,
} from '../../server/src/lsp/protocol';
import { archiveOf, releaseFrom, sha256 } from '../support/chart-archive';
import { buildPrograms, repository } from '../support/programs';
import { type Client, connect } from './language-client';

let programs: string;
beforeAll(async () => {
	programs = await buildPrograms('server');
});

const CHART = archiveOf({
	'web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
	'web/values.yaml': 'replicas: 1\n',
	'web/values.schema.json': JSON.stringify({ properties: { replicas: { type: 'integer' } } }),
});

/** A chart repository on the loopback that counts who asks. */
async function chartRepository(): Promise<{ readonly url: string; readonly asked: string[] }> {
	const asked: string[] = [];
	const index = `apiVersion: v1\nentries:\n  web:\n  - name: web\n    version: 1.0.0\n    digest: ${sha256(CHART)}\n    urls:\n    - web-1.0.0.tgz\n`;
	const server = http.createServer(({ url = '' }, response) => {
		asked.push(url);
		response.end(url === '/index.yaml' ? index : CHART);
	});
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	return { url: `http://127.0.0.1:${(server.address() as { port: number }).port}`, asked };
}

function tree(url: string): string {
	const folder = repository(`
-- kustomization.yaml --
resources:
  - release.yaml
-- release.yaml --
${releaseFrom(url, '{ replicas: many }')}`);
	// What the server remembers must not outlive the test.
	const cache = fs.mkdtempSync(path.join(path.dirname(folder), 'strata-cache-'));
	onTestFinished(() => fs.rmSync(cache, { recursive: true, force: true }));
	const before = process.env.XDG_CACHE_HOME;
	process.env.XDG_CACHE_HOME = cache;
	onTestFinished(() => {
		if (before === undefined) delete process.env.XDG_CACHE_HOME;
		else process.env.XDG_CACHE_HOME = before;
	});
	return folder;
}

const refused = (client: Client) =>
	(client.diagnostics.get(client.uri('release.yaml')) ?? []).filter(
		({ code }: Diagnostic) => code === 'helm/values-schema',
	).length;

const fetchCharts = (client: Client) => client.connection.sendRequest<FetchChartsResult>(FETCH_CHARTS);

test('nothing is fetched for a folder that is not trusted', async () => {
	const { url, asked } = await chartRepository();
	const client = await connect(programs, tree(url), {
		initializationOptions: { trusted: false, settings: { charts: { fetch: true } } },
	});
	await client.checked();
	expect(await fetchCharts(client)).toEqual({
		fetched: 0,
		failed: ['The folder is not trusted, so nothing is fetched for it.'],
	});
	expect(asked).toEqual([]);
});

test('the command fetches, and what the chart refuses is said', async () => {
	const { url, asked } = await chartRepository();
	const client = await connect(programs, tree(url), { initializationOptions: { trusted: false } });
	await client.checked();
	void client.connection.sendNotification(TRUST_GRANTED);
	expect(refused(client)).toBe(0);
	expect(asked).toEqual([]);
	expect(await fetchCharts(client)).toEqual({ fetched: 1, failed: [] });
	while (refused(client) === 0) await client.checked();
	expect(asked).toEqual(['/index.yaml', '/web-1.0.0.tgz']);
	expect(refused(client)).toBe(1);
});

test('what is not known is said, and no more once it has come', async () => {
	const { url } = await chartRepository();
	const client = await connect(programs, tree(url));
	const told: UnknownChartsParams['charts'][] = [];
	client.connection.onNotification(UNKNOWN_CHARTS, ({ charts }: UnknownChartsParams) => void told.push(charts));
	await expect
		.poll(() => told, { timeout: 10_000 })
		.toEqual([[{ releases: ['web/web'], why: 'The chart "web" is not at hand, so its values are not checked.' }]]);
	await fetchCharts(client);
	await expect.poll(() => told.at(-1), { timeout: 10_000 }).toEqual([]);
});

test('with `strata.charts.fetch` a chart comes by itself, once', async () => {
	const { url, asked } = await chartRepository();
	const client = await connect(programs, tree(url), {
		initializationOptions: { trusted: true, settings: { charts: { fetch: true } } },
	});
	await client.checked();
	while (refused(client) === 0) await client.checked();
	expect(asked).toEqual(['/index.yaml', '/web-1.0.0.tgz']);
});

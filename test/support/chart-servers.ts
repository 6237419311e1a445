/** What tests of fetched charts share: servers on the loopback, and a home directory of their own for each test. */
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { chartArchiveKey } from '../../server/src/core/workspace/chart-archives';
import { createChartStore } from '../../server/src/host/charts/chart-store';
import { packagedChart } from './chart-archive';

let directory: string;
const closing: (() => void)[] = [];

/** To be called once by each file of tests. */
export function withHomes(): void {
	beforeEach(() => {
		directory = fs.mkdtempSync(path.join(os.tmpdir(), 'strata-charts-'));
	});
	afterEach(() => {
		endServers();
		fs.rmSync(directory, { recursive: true, force: true });
	});
}

/** The home directory of the test that runs. */
export const home = () => directory;

/** Ends what was begun so far, as the end of the test does. */
export function endServers(): void {
	for (const close of closing.splice(0)) close();
}

/** Something that is to be done when the test that runs has ended. */
export const afterwards = (close: () => void) => void closing.push(close);

export type Handler = (request: http.IncomingMessage, response: http.ServerResponse, url: URL) => void;

/** A server on the loopback; gives its address. */
export async function serve(handler: Handler): Promise<string> {
	const server = http.createServer((request, response) =>
		handler(request, response, new URL(request.url!, 'http://localhost')),
	);
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	afterwards(() => {
		server.closeAllConnections();
		server.close();
	});
	return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
}

export const store = (timeoutMs = 5_000) =>
	createChartStore({
		env: { HOME: home(), XDG_CACHE_HOME: path.join(home(), 'cache'), XDG_CONFIG_HOME: path.join(home(), 'config') },
		timeoutMs,
	});
export const fetchOf = (
	url: string,
	name: string,
	version: string,
	timeoutMs?: number,
	signal = new AbortController().signal,
) => store(timeoutMs).fetch(chartArchiveKey(url, name, version), signal);

export const VERSIONS = ['1.0.0', '1.2.0', '1.10.0', '2.0.0-rc.1'];
export const CHARTS = new Map(VERSIONS.map(version => [version, packagedChart('web', version)]));

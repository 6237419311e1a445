/** A second start: what the first one found is there at once where nothing has changed, and nothing else is ever believed. */
import { expect, test, vi } from 'vitest';
import type { PublishDiagnosticsParams } from 'vscode-languageserver-protocol';
import type { ChartStore } from '../../server/src/lsp/charts';
import { fixture, memorySource } from '../support/fixture';
import { MemoryCache } from '../support/starts';
import { connectInMemory, serve, type Served } from './in-memory';

const REPOSITORY = `
-- app/kustomization.yaml --
resources: [deployment.yaml, missing.yaml]
-- app/deployment.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
`;

const RELEASE = `
-- app/kustomization.yaml --
resources: [release.yaml, missing.yaml]
-- app/release.yaml --
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: web, namespace: web }
spec:
  interval: 1h
  chart:
    spec: { chart: web, version: 1.0.0, sourceRef: { kind: HelmRepository, name: charts } }
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: { name: charts, namespace: web }
spec: { url: 'https://charts.example.com' }
`;

const KUSTOMIZATION = 'file:///repo/app/kustomization.yaml';

/** A first start, whose findings are kept: with another message, so that one can tell where they come from. */
async function first(text: string, charts?: ChartStore): Promise<MemoryCache> {
	const cache = new MemoryCache();
	const files = fixture(text).files;
	await serve(
		memorySource(files),
		{
			starts: () => cache,
			later: run => void setImmediate(run),
			...(charts ? { charts } : {}),
		},
		{ trusted: true },
	);
	await vi.waitFor(() => expect(cache.entries.size).toBe(1));
	for (const [name, lines] of cache.entries) {
		cache.save(
			name,
			lines.map(line => line.replaceAll('"message":"', '"message":"KEPT ')),
		);
	}
	return cache;
}

const second = (text: string, cache: MemoryCache, charts?: ChartStore) =>
	serve(memorySource(fixture(text).files), { starts: () => cache, ...(charts ? { charts } : {}) }, { trusted: true });

const messages = ({ published }: Served, uri = KUSTOMIZATION) =>
	published.findLast(each => each.uri === uri)?.diagnostics.map(({ message }) => message) ?? [];

test('an unchanged tree has the findings of the last start, and is not looked at again', async () => {
	const cache = await first(REPOSITORY);
	const served = await second(REPOSITORY, cache);
	expect(messages(served)).toEqual([expect.stringContaining('KEPT ')]);
	expect(served.published).toHaveLength(1);
});

test('a file that is opened is looked at, with all that belongs to it', async () => {
	const cache = await first(REPOSITORY);
	const served = await second(REPOSITORY, cache);
	const checked = served.checked();
	const text = fixture(REPOSITORY).files.get('/repo/app/kustomization.yaml')!;
	void served.client.sendNotification('textDocument/didOpen', {
		textDocument: { uri: KUSTOMIZATION, languageId: 'yaml', version: 1, text },
	});
	await checked;
	expect(messages(served)).toEqual([expect.not.stringContaining('KEPT ')]);
});

test('what the directory of an open file tells is told before the whole tree is held against what was kept', async () => {
	const cache = await first(REPOSITORY);
	const { files } = fixture(REPOSITORY);
	const client = await connectInMemory(memorySource(files), { starts: () => cache }, { trusted: true });
	const told: string[] = [];
	client.onNotification('textDocument/publishDiagnostics', ({ uri, diagnostics }: PublishDiagnosticsParams) => {
		if (uri === KUSTOMIZATION) told.push(...diagnostics.map(({ message }) => String(message)));
	});
	void client.sendNotification('initialized', {});
	void client.sendNotification('textDocument/didOpen', {
		textDocument: {
			uri: KUSTOMIZATION,
			languageId: 'yaml',
			version: 1,
			text: files.get('/repo/app/kustomization.yaml')!,
		},
	});
	await vi.waitFor(() => expect(told.length).toBeGreaterThan(1));
	expect(told[0]).not.toContain('KEPT');
	expect(told[1]).toBe(`KEPT ${told[0]}`);
});

test('questions are answered though nothing has been looked at', async () => {
	const cache = await first(REPOSITORY);
	const { client } = await second(REPOSITORY, cache);
	const links = await client.sendRequest('textDocument/documentLink', { textDocument: { uri: KUSTOMIZATION } });
	expect(links).toMatchObject([{ target: 'file:///repo/app/deployment.yaml' }]);
	const outline = await client.sendRequest('strata/outline', {});
	expect(outline).toMatchObject({ entryPoints: [{ path: 'app', counts: { errors: 1 } }] });
});

test('a tree that has changed is looked at anew', async () => {
	const cache = await first(REPOSITORY);
	const changed = await second(REPOSITORY.replace('name: web', 'name: web2'), cache);
	expect(messages(changed)).toEqual([expect.not.stringContaining('KEPT ')]);
});

test('an entry that makes no sense is as if it were not there', async () => {
	const cache = await first(REPOSITORY);
	for (const [name] of cache.entries) cache.save(name, ['{"head":', 'nonsense']);
	expect(messages(await second(REPOSITORY, cache))).toEqual([expect.not.stringContaining('KEPT ')]);
	for (const [name] of cache.entries) cache.save(name, ['{"head":{}}']);
	expect(messages(await second(REPOSITORY, cache))).toEqual([expect.not.stringContaining('KEPT ')]);
});

test('what failed is not kept', async () => {
	const cache = new MemoryCache();
	const memory = memorySource(fixture(REPOSITORY).files);
	const later = vi.fn();
	const read = (path: string) => {
		if (path.endsWith('/deployment.yaml')) throw new Error('the disk is gone');
		return memory.read(path);
	};
	await serve({ ...memory, read }, { starts: () => cache, later });
	expect(later).not.toHaveBeenCalled();
});

test('a text that is not saved is not kept', async () => {
	const cache = new MemoryCache();
	const runs: (() => void)[] = [];
	const served = await serve(memorySource(fixture(REPOSITORY).files), {
		starts: () => cache,
		later: run => void runs.push(run),
	});
	const checked = served.checked();
	void served.client.sendNotification('textDocument/didOpen', {
		textDocument: { uri: KUSTOMIZATION, languageId: 'yaml', version: 1, text: 'resources: []\n' },
	});
	await checked;
	runs.splice(0).forEach(run => run());
	await served.client.sendRequest('textDocument/documentLink', { textDocument: { uri: KUSTOMIZATION } });
	await new Promise(resolve => setImmediate(resolve));
	expect(cache.entries.size).toBe(0);
});

test('charts of this machine are looked up first: what was found without them does not hold with them', async () => {
	const nowhere: ChartStore = { lookUp: async () => undefined, fetch: async () => ({ kind: 'unknown' }) };
	const cache = await first(RELEASE, nowhere);
	expect(messages(await second(RELEASE, cache, nowhere))).toEqual([expect.stringContaining('KEPT ')]);
	const here: ChartStore = {
		...nowhere,
		lookUp: async () => ({ kind: 'archive', bytes: new Uint8Array([1]), version: '1.0.0' }),
	};
	expect(messages(await second(RELEASE, cache, here))).toEqual([expect.not.stringContaining('KEPT ')]);
});

/**
 * Charts from outside of the tree: what this machine has already (Strata's own cache, helm's), and what is fetched when somebody asks for
 * it. Each chart is answered for by itself: a server that is slow or wrong keeps nobody else waiting for longer than its limit.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { type ChartArchive, parseChartArchiveKey } from '../../core/workspace/chart-archives';
import { ArchiveCache, chartsDirectory } from './archive-cache';
import { shown, Unavailable } from './download';
import {
	cachedIndex,
	type Environment,
	helmPaths,
	type HelmPaths,
	knownRepositories,
	registryLogin,
} from './helm-files';
import { ARCHIVE, type Archive, fromHttpRepository, verify } from './http-repository';
import { fromOciRegistry } from './oci-registry';
import { chooseVersion, versionsIn } from './repository-index';

export interface ChartStore {
	/** What this machine has of a chart, without the network; nothing where it has none. */
	lookUp(key: string): Promise<ChartArchive | undefined>;
	/** Fetches a chart. Throws only what the signal carries when it is aborted. */
	fetch(key: string, signal: AbortSignal): Promise<ChartArchive>;
}

export interface ChartStoreOptions {
	readonly env: Environment;
	/** Shortens every limit of time, in milliseconds; for tests. */
	readonly timeoutMs?: number;
}

export function createChartStore({ env, timeoutMs }: ChartStoreOptions): ChartStore {
	const paths = helmPaths(env);
	const cache = new ArchiveCache(chartsDirectory(env));
	return {
		lookUp: async key => (await cache.read(key)) ?? (await inHelmCache(paths, key)),
		fetch: async (key, signal) => {
			try {
				const archive = await fetchChart(paths, key, signal, timeoutMs);
				await cache.write(key, archive);
				return archive;
			} catch (error) {
				signal.throwIfAborted();
				if (error instanceof Unavailable) return { kind: 'unavailable', why: sentence(key, error.message) };
				throw error;
			}
		},
	};
}

function sentence(key: string, why: string): string {
	const { url, name } = parseChartArchiveKey(key);
	return `The chart "${name || shown(url)}" could not be fetched: ${why}`;
}

async function fetchChart(paths: HelmPaths, key: string, signal: AbortSignal, timeoutMs?: number): Promise<Archive> {
	const { url, name, version } = parseChartArchiveKey(key);
	if (url.startsWith('oci://')) {
		const host = url.slice('oci://'.length).split('/', 1)[0]!;
		// Of an OCIRepository that chooses no tag, source-controller takes `latest`; of a HelmRepository, helm the newest version.
		const wanted = name === '' && version === '' ? 'latest' : version;
		const address = name === '' ? url : `${url.replace(/\/+$/, '')}/${name}`;
		return fromOciRegistry(address, wanted, await registryLogin(paths, host), signal, timeoutMs);
	}
	const known = await knownRepositories(paths);
	const login = known.find(repository => sameUrl(repository.url, url))?.login;
	return fromHttpRepository(url, name, version, login, signal, timeoutMs);
}

/**
 * A chart that helm has downloaded: named by the index that helm keeps of the very same repository, and with the digest that stands there,
 * since the archive's name does not say which repository it came from.
 */
async function inHelmCache(paths: HelmPaths, key: string): Promise<Archive | undefined> {
	const { url, name, version } = parseChartArchiveKey(key);
	const repository = (await knownRepositories(paths)).find(each => sameUrl(each.url, url));
	const index = repository && (await cachedIndex(paths, repository.name));
	if (index === undefined) return undefined;
	try {
		const entry = chooseVersion(await versionsIn(index, name), version);
		if (!entry || entry.digest === '') return undefined;
		const file = path.join(paths.repositoryCache, path.basename(new URL(entry.urls[0]!, `${url}/`).pathname));
		if ((await fs.stat(file)).size > ARCHIVE.maxBytes) return undefined;
		const bytes = await fs.readFile(file);
		verify(bytes, entry.digest, file);
		return { kind: 'archive', bytes: new Uint8Array(bytes), version: entry.version };
	} catch {
		return undefined;
	}
}

function sameUrl(a: string, b: string): boolean {
	return a.replace(/\/+$/, '') === b.replace(/\/+$/, '');
}

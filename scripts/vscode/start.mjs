#!/usr/bin/env node
// `npm start`: opens the example tree in VS Code with the extension loaded. In the `code` on PATH if there is one, else in a VS
// Code that is served to the browser until Ctrl-C.
//
//     npm start                    examples/fleet
//     npm start -- FOLDER          another folder
//     npm start -- --served        served to the browser even where there is a `code`
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { find, home, install } from './install.mjs';
import { serve } from './session.mjs';

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: { served: { type: 'boolean', default: false } },
});
const folder = path.resolve(positionals[0] ?? path.join(root, 'examples', 'fleet'));
const code = values.served ? undefined : (find('code') ?? find('code.cmd'));

if (code) {
	execFileSync(process.execPath, [path.join(root, 'scripts', 'build.mjs')], { cwd: root, stdio: 'inherit' });
	console.log(`Opening ${folder} in ${code} ...`);
	const { status, error } = spawnSync(code, ['--new-window', `--extensionDevelopmentPath=${root}`, folder], {
		stdio: 'inherit',
		shell: process.platform === 'win32',
	});
	if (error) console.error(error.message);
	process.exit(status ?? 1);
}

if (!values.served) console.log('There is no `code` on PATH, so VS Code will be served to your browser.');
execFileSync(process.execPath, [path.join(root, 'scripts', 'package.mjs')], { cwd: root, stdio: 'inherit' });
const vsix = fs.readdirSync(root).find(name => name.endsWith('.vsix'));
const { origin, stop, ended } = await serve({
	installed: install({ browser: false }),
	// Kept, so that the next start finds the settings and open editors of this one.
	state: path.join(home, 'start'),
	settings: { 'workbench.startupEditor': 'none', 'telemetry.telemetryLevel': 'off', 'chat.disableAIFeatures': true },
	vsix: path.join(root, vsix),
});
console.log(`\nOpen this in your browser (Ctrl-C ends it):\n\n    ${origin}/?folder=${encodeURI(folder)}\n`);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
	process.once(signal, () => void stop().then(() => process.exit(0)));
await ended;
process.exit(1);

// The YAML language server that editing is compared with: installed on demand and kept outside of the repository, never a dependency.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { cacheOf } from './fetched-program.mjs';

/** The last release that runs on Node 20. */
const VERSION = '1.25.0';

/** The program and its version; else why there is none. */
export function fetchedYamlLanguageServer() {
	const cache = cacheOf(`yaml-language-server@${VERSION}`);
	const command = path.join(cache, 'node_modules', 'yaml-language-server', 'bin', 'yaml-language-server');
	if (fs.existsSync(command)) return { command, version: VERSION };
	fs.mkdirSync(cache, { recursive: true });
	const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-save', '--prefix', cache];
	const installed = spawnSync('npm', ['install', ...options, `yaml-language-server@${VERSION}`], {
		encoding: 'utf8',
		timeout: 180_000,
	});
	if (installed.status === 0 && fs.existsSync(command)) return { command, version: VERSION };
	return { missing: `npm install: ${installed.stderr?.trim().split('\n').at(-1) ?? installed.error}` };
}

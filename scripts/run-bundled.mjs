// Runs a TypeScript program of the checkout (a measurement, the fuzzer, a comparison) out of the present sources.
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ES_MODULES } from './build.mjs';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/**
 * Bundles `entry` (a path in the checkout) into out/ and runs it with node's `flags` and the program's own `args`; gives its exit
 * status. The bundle lies inside of the checkout, so that it finds what ships with the product.
 */
export async function runBundled(entry, args, flags = []) {
	const [folder, name] = entry.replace(/\.ts$/, '').split('/').slice(-2);
	const outfile = path.join(root, 'out', folder, `${name}.js`);
	await build({
		absWorkingDir: root,
		entryPoints: [entry],
		outfile,
		bundle: true,
		platform: 'node',
		format: 'cjs',
		target: 'node20',
		sourcemap: 'inline',
		mainFields: ['module', 'main'],
		alias: ES_MODULES,
		logLevel: 'warning',
		// Of test/support/fixture.ts, whose `bundled` bundles do not use.
		logOverride: { 'empty-import-meta': 'silent' },
	});
	// As the client starts the server.
	const memory = JSON.parse(fs.readFileSync(path.join(root, 'client', 'src', 'server-memory.json'), 'utf8'));
	const env = { ...process.env, ...memory };
	const { status } = spawnSync(process.execPath, [...flags, outfile, ...args], { cwd: root, stdio: 'inherit', env });
	return status ?? 1;
}

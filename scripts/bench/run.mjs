#!/usr/bin/env node
// Runs a measurement out of the present sources: `node scripts/bench/run.mjs NAME [arguments]` bundles test/bench/NAME.ts and runs it.
// With `--profile` first, a CPU profile is written into out/bench/ (open it in the browser's or VS Code's developer tools).
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const args = process.argv.slice(2);
const profile = args[0] === '--profile';
if (profile) args.shift();
const [name, ...rest] = args;
if (name === undefined) {
	console.error('usage: node scripts/bench/run.mjs [--profile] NAME [arguments]');
	process.exit(2);
}

// Inside of the checkout, so that the bundle finds what ships with the product.
const outdir = path.join(root, 'out', 'bench');
const outfile = path.join(outdir, `${name}.js`);
await build({
	absWorkingDir: root,
	entryPoints: [`test/bench/${name}.ts`],
	outfile,
	bundle: true,
	platform: 'node',
	format: 'cjs',
	target: 'node20',
	sourcemap: 'inline',
	mainFields: ['module', 'main'],
	logLevel: 'warning',
});
const flags = ['--expose-gc', ...(profile ? ['--cpu-prof', `--cpu-prof-dir=${outdir}`] : [])];
const { status } = spawnSync(process.execPath, [...flags, outfile, ...rest], { cwd: root, stdio: 'inherit' });
process.exitCode = status ?? 1;

#!/usr/bin/env node
// Runs a measurement out of the present sources: `node scripts/bench/run.mjs NAME [arguments]` bundles test/bench/NAME.ts and runs it.
// With `--profile` first, a CPU profile is written into out/bench/ (open it in the browser's or VS Code's developer tools).
import path from 'node:path';
import { root, runBundled } from '../run-bundled.mjs';

const args = process.argv.slice(2);
const profile = args[0] === '--profile';
if (profile) args.shift();
const [name, ...rest] = args;
if (name === undefined) {
	console.error('usage: node scripts/bench/run.mjs [--profile] NAME [arguments]');
	process.exit(2);
}
const outdir = path.join(root, 'out', 'bench');
const flags = ['--expose-gc', ...(profile ? ['--cpu-prof', `--cpu-prof-dir=${outdir}`] : [])];
process.exitCode = await runBundled(`test/bench/${name}.ts`, rest, flags);

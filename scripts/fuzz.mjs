#!/usr/bin/env node
// Random input for the kustomize engine: `npm run fuzz -- --help`. With `--oracle` and no kubectl to be had, it goes on without.
import { fetchedKubectl } from './kubectl.mjs';
import { runBundled } from './run-bundled.mjs';

let args = process.argv.slice(2);
if (args.includes('--oracle')) {
	const found = fetchedKubectl();
	if ('command' in found) process.env.STRATA_KUBECTL = found.command;
	else {
		console.log(`without an oracle, for want of kubectl: ${found.missing}`);
		args = args.filter(arg => arg !== '--oracle');
	}
}
process.exitCode = await runBundled('test/fuzz/fuzz.ts', args);

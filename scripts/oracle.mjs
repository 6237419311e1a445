#!/usr/bin/env node
// Holds `strata build` against kubectl 1.36 (kustomize 5.8.1): `npm run test:oracle [-- --help]`. Says that it was skipped, and passes, where
// that kubectl is neither here nor to be had.
import { fetchedKubectl } from './kubectl.mjs';
import { runBundled } from './run-bundled.mjs';

const found = fetchedKubectl();
if ('missing' in found) console.log(`skipped, for want of kubectl: ${found.missing}`);
else {
	process.env.STRATA_KUBECTL = found.command;
	process.exitCode = await runBundled('test/oracle/builds.ts', process.argv.slice(2));
}

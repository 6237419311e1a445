#!/usr/bin/env node
// Whether failures are foretold, held against the kubectl that is the measure: `npm run bench:truth [-- --seed 1 --commits 120]`. Without it
// the one on PATH is asked, if there is one.
import { fetchedKubectl } from '../kubectl.mjs';
import { runBundled } from '../run-bundled.mjs';

const found = fetchedKubectl();
if ('missing' in found) console.log(`kubectl from PATH is asked: ${found.missing}`);
else process.env.STRATA_KUBECTL = found.command;
process.exitCode = await runBundled('test/bench/truth.ts', process.argv.slice(2));

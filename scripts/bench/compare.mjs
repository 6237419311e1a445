#!/usr/bin/env node
// Against what people use today, on one tree in one run: `npm run bench:compare [-- --files 2000]`. The other programs are fetched on demand;
// where one is not to be had, its rows are missing and it is said so.
import { fetchedKubectl } from '../kubectl.mjs';
import { runBundled } from '../run-bundled.mjs';
import { fetchedYamlLanguageServer } from '../yaml-language-server.mjs';

for (const [variable, found] of [
	['STRATA_KUBECTL', fetchedKubectl()],
	['STRATA_YAML_LANGUAGE_SERVER', fetchedYamlLanguageServer()],
]) {
	if ('missing' in found) console.log(`left out: ${found.missing}`);
	else process.env[variable] = found.command;
}
process.exitCode = await runBundled('test/bench/compare.ts', process.argv.slice(2));

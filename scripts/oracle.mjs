#!/usr/bin/env node
// Holds `strata build` against kubectl 1.36 (kustomize 5.8.1), and values against helm 4.1: `npm run test:oracle [-- --help]`; `-- helm` or
// `-- kubectl` for one of them. Says that it was skipped, and passes, where the programs are neither here nor to be had.
import { fetchedHelm, fetchedKubectl } from './kubectl.mjs';
import { runBundled } from './run-bundled.mjs';

const [only, ...rest] = process.argv.slice(2);
const args = only === 'helm' || only === 'kubectl' ? rest : process.argv.slice(2);
if (only !== 'helm') await against('kubectl', fetchedKubectl(), 'STRATA_KUBECTL', 'test/oracle/builds.ts', args);
if (only !== 'kubectl' && (only === 'helm' || args.every(arg => !/^--(only|help)/.test(arg))))
	await against('helm', fetchedHelm(), 'STRATA_HELM', 'test/oracle/helm.ts', args);

async function against(name, found, variable, program, programArgs) {
	if ('missing' in found) {
		console.log(`skipped, for want of ${name}: ${found.missing}`);
		return;
	}
	process.env[variable] = found.command;
	process.exitCode ||= await runBundled(program, programArgs);
}

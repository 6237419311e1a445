/**
 * HelmReleases while their values are typed: merging and checking 200 of them cold, and again after each key in a value of a base, which
 * five environments share. `npm run bench:helm`.
 */
import { parseArgs } from 'node:util';
import { Random } from '../../scripts/bench/random.mjs';
import { Analysis } from '../../server/src/core/analysis';
import { chartedReleases } from '../../server/src/core/model/charts';
import { clusterTree } from '../../server/src/core/model/cluster-tree';
import { buildOf } from '../../server/src/core/model/entries';
import { allSteps } from '../../server/src/core/base/steps';
import { diskSource } from '../../server/src/host/disk';
import { keepGarbageSmall } from '../../server/src/host/memory';
import { writtenTree } from './generated-tree';
import { ENVIRONMENTS, helmTree, releaseFile, valuesFile } from './helm-tree';
import { memory, quantile, timed } from './measure';
import { type Measurement, report } from './report';

const { values: options } = parseArgs({
	options: { releases: { type: 'string', default: '40' }, edits: { type: 'string', default: '200' } },
});
const RELEASES = Number(options.releases);
const EDITS = Number(options.edits);
/** So many edits after the first look are also told on their own. */
const FIRST = 10;
const ALL = RELEASES * ENVIRONMENTS.length;

keepGarbageSmall();
const tree = writtenTree(helmTree(RELEASES));
const random = new Random(11);
const analysis = new Analysis(diskSource());
analysis.apply({ roots: [tree.root] });

const built = timed(() => {
	for (const entry of entries()) buildOf(analysis.db, entry);
});
const checked = timed(() => checkReleases());
if (checked.value !== ALL) throw new Error(`${checked.value} releases are checked against their chart, not ${ALL}`);
const cold = timed(() => checkAll());
if (cold.value !== 0)
	throw new Error(`the tree is meant to be without fault, and ${cold.value} errors and warnings are reported`);
const { heap } = memory();

const edited = [
	{
		name: "a value in the base's values file",
		fileOf: valuesFile,
		pattern: /(?<=env:\n {4}NAME: \S+-server\n {4}TIMEOUT: ")\d+/,
	},
	{ name: "a value in the base's HelmRelease", fileOf: releaseFile, pattern: /(?<=replicas: )\d+/ },
].map(({ name, fileOf, pattern }) => {
	const merged: number[] = [];
	const found: number[] = [];
	const all: number[] = [];
	const cpu: number[] = [];
	for (let i = 0; i < EDITS; i++) {
		const file = `${tree.root}/${fileOf(random.below(RELEASES))}`;
		const text = tree.files.get(file)!.replace(pattern, String(2 + i));
		const before = process.cpuUsage();
		const start = performance.now();
		analysis.apply({ texts: new Map([[file, text]]) });
		checkReleases();
		merged.push(performance.now() - start);
		// What the editor shows of the file that is typed in before the rest of the tree has been looked at: faults of values among it.
		if (!allSteps(analysis.diagnosticsSoon(file))) throw new Error('the tree has not been looked at');
		found.push(performance.now() - start);
		const { user, system } = process.cpuUsage(before);
		cpu.push((user + system) / 1000);
		checkAll();
		all.push(performance.now() - start);
	}
	return { name, merged, found, cpu, all };
});

report({
	title: `${ALL} HelmReleases`,
	about: `\`npm run bench:helm\`: ${RELEASES} HelmReleases in ${ENVIRONMENTS.length} environments of one Flux repository, each with two values files, inline values, a patch, variables, and a chart with a schema. Building is part of every time after an edit.`,
	rows: [
		{ what: 'cold: the builds of all environments', value: built.ms, unit: 'ms' },
		{ what: `cold: merged values and validation of ${ALL}, on top`, value: checked.ms, unit: 'ms' },
		{ what: 'cold: everything else that is checked, on top', value: cold.ms, unit: 'ms' },
		{ what: 'live heap after it', value: heap, unit: 'MB' },
		...edited.flatMap(({ name, merged, found, cpu, all }): Measurement[] => [
			{ what: `${name}: merged and checked in all environments, p50`, value: quantile(merged, 0.5), unit: 'ms' },
			{ what: `${name}: merged and checked in all environments, p95`, value: quantile(merged, 0.95), unit: 'ms' },
			{ what: `${name}: findings of the file, p50`, value: quantile(found, 0.5), unit: 'ms' },
			{ what: `${name}: findings of the file, p95`, value: quantile(found, 0.95), unit: 'ms', budget: 50 },
			{
				what: `${name}: findings of the file, p50 of the first ${FIRST} edits`,
				value: quantile(found.slice(0, FIRST), 0.5),
				unit: 'ms',
				note: 'the engine that runs it compiles what it has not run before',
			},
			{
				what: `${name}: findings of the file, p95 of the processor's time`,
				value: quantile(cpu, 0.95),
				unit: 'ms',
				note: 'what other programs take does not count, what collects garbage beside does',
			},
			{ what: `${name}: findings of all files, p95`, value: quantile(all, 0.95), unit: 'ms', budget: 150 },
		]),
	],
});

function entries() {
	return analysis.db.get(clusterTree, '').entries;
}

/** Merges and checks what needs it; gives the number of releases whose chart is known. */
function checkReleases(): number {
	return entries()
		.flatMap(entry => chartedReleases(analysis.db, entry))
		.filter(({ check }) => check.checked !== undefined).length;
}

function checkAll(): number {
	let found = 0;
	for (const file of analysis.files())
		found += analysis.diagnostics(file).filter(({ severity }) => severity === 'error' || severity === 'warning').length;
	return found;
}

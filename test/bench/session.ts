/**
 * Somebody's bad week on a tree: random edits, half-typed texts, moved and deleted files, whole branches switched, on a copy of
 * examples/fleet and on a generated tree. Nothing may throw, memory must stay flat, and at each checkpoint every diagnostic equals
 * those of an analysis that begins afresh on the same files. `npm run session -- --edits 10000 --seed 1`.
 */
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { makeTree } from '../../scripts/bench/tree.mjs';
import { Random } from '../../scripts/bench/random.mjs';
import { RandomSession } from '../support/random-session';
import { memory } from './measure';
import { type Measurement, report } from './report';

const { values: options } = parseArgs({
	options: {
		edits: { type: 'string', default: '1000' },
		seed: { type: 'string', default: '1' },
		files: { type: 'string', default: '300' },
		checkpoints: { type: 'string', default: '10' },
	},
});
const EDITS = Number(options.edits);
const SEED = Number(options.seed);
const CHECKPOINTS = Number(options.checkpoints);

const trees = [
	{ name: 'examples/fleet', files: readTree(path.resolve('examples', 'fleet')) },
	{ name: `generated, ${options.files} files`, files: makeTree({ files: Number(options.files), seed: SEED }) },
];
const rows = trees.flatMap(({ name, files }): Measurement[] => {
	const session = new RandomSession(files, new Random(SEED));
	const heaps: number[] = [];
	const start = performance.now();
	let differences = 0;
	for (let checkpoint = 1; checkpoint <= CHECKPOINTS; checkpoint++) {
		for (let i = 0; i < EDITS / CHECKPOINTS; i++) session.step();
		const different = session.differencesToFresh();
		differences += different.length;
		session.restore();
		session.diagnostics();
		heaps.push(memory().heap);
		console.log(
			`${name}: ${Math.round((checkpoint * EDITS) / CHECKPOINTS)} steps, ${heaps.at(-1)!.toFixed(0)} MB, ${different.length} differences`,
		);
		for (const line of different.slice(0, 5)) console.log(`    ${line}`);
	}
	const warm = heaps[Math.min(2, heaps.length - 1)]!;
	return [
		{ what: `${name}: steps`, value: EDITS, unit: '', note: session.summary() },
		{ what: `${name}: diagnostics that differ from a fresh start's`, value: differences, unit: '', budget: 0 },
		{
			what: `${name}: live heap at the end against the third checkpoint`,
			value: (100 * heaps.at(-1)!) / warm,
			unit: '%',
			budget: 115,
		},
		{ what: `${name}: time`, value: (performance.now() - start) / 1000, unit: 's' },
	];
});
report({
	title: 'A random session',
	about: `\`npm run session -- --edits ${EDITS} --seed ${SEED}\`: after each of ${CHECKPOINTS} checkpoints the tree is put back as it was, so that the heap can be compared.`,
	rows,
});
if (rows.some(({ what, value }) => what.includes('differ') && value > 0)) process.exitCode = 1;

function readTree(root: string): Map<string, string> {
	const files = new Map<string, string>();
	for (const entry of fs.readdirSync(root, { recursive: true, withFileTypes: true })) {
		if (!entry.isFile()) continue;
		const file = path.join(entry.parentPath, entry.name);
		files.set(path.relative(root, file).split(path.sep).join('/'), fs.readFileSync(file, 'utf8'));
	}
	return files;
}

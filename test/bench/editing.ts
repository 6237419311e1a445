/**
 * What somebody who edits a tree waits for: the first look at it, diagnostics after each key, answers to questions; and what the
 * product weighs. `npm run bench:editing`.
 */
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { Random } from '../../scripts/bench/random.mjs';
import { Analysis } from '../../server/src/core/analysis';
import type { FilePath } from '../../server/src/core/base/paths';
import { diskSource } from '../../server/src/host/disk';
import { keepGarbageSmall } from '../../server/src/host/memory';
import { KINDS_OF_FILES, withDigitChanged } from './edits';
import { generatedTree } from './generated-tree';
import { memory, quantile, timed } from './measure';
import { type Measurement, report } from './report';

const { values: options } = parseArgs({
	options: { files: { type: 'string', default: '2000' }, edits: { type: 'string', default: '100' } },
});
const FILES = Number(options.files);
const EDITS = Number(options.edits);

keepGarbageSmall();
const tree = generatedTree(FILES);
const random = new Random(7);
const analysis = new Analysis(diskSource());

const cold = timed(() => {
	analysis.apply({ roots: [tree.root] });
	return checkAll();
});
const { heap } = memory();
console.log(`cold: ${cold.ms.toFixed(0)} ms, ${cold.value} findings`);

const kinds = KINDS_OF_FILES.map(({ name, pattern }) => ({
	name,
	files: [...tree.files.keys()].filter(file => pattern.test(file)),
}));

const keys = kinds.map(({ name, files }) => {
	const atOnce: number[] = [];
	const own: number[] = [];
	const all: number[] = [];
	for (let i = 0; i < EDITS; i++) {
		const file = random.of(files);
		const text = withDigitChanged(tree.files.get(file)!, random);
		const start = performance.now();
		analysis.apply({ texts: new Map([[file, text]]) });
		analysis.diagnosticsAtOnce(file);
		atOnce.push(performance.now() - start);
		analysis.diagnostics(file);
		own.push(performance.now() - start);
		checkAll();
		all.push(performance.now() - start);
	}
	return { name, atOnce, own, all };
});
for (const file of tree.files.keys()) analysis.apply({ texts: new Map([[file, undefined]]) });
checkAll();

const questions = [
	{ name: 'completion', ask: (file: FilePath, offset: number) => analysis.complete(file, offset) },
	{ name: 'hover', ask: (file: FilePath, offset: number) => analysis.hover(file, offset) },
	{ name: 'definition', ask: (file: FilePath, offset: number) => analysis.definition(file, offset) },
].map(({ name, ask }) => {
	const yaml = [...tree.files.keys()].filter(file => file.endsWith('.yaml'));
	const samples = Array.from({ length: 500 }, () => {
		const file = random.of(yaml);
		const offset = random.below(tree.files.get(file)!.length);
		return timed(() => ask(file, offset)).ms;
	});
	return { name, samples };
});
const { heap: settled } = memory();

const times = (what: string, samples: readonly number[], budget: number): Measurement[] => [
	{ what: `${what}, p50`, value: quantile(samples, 0.5), unit: 'ms' },
	{ what: `${what}, p95`, value: quantile(samples, 0.95), unit: 'ms', budget },
];
report({
	title: `Editing a tree of ${FILES.toLocaleString('en')} files`,
	about: '`npm run bench:editing`: the façade in one process, on a tree of scripts/bench/tree.mjs, without an editor.',
	rows: [
		{ what: 'cold index with all diagnostics', value: cold.ms / 1000, unit: 's', budget: 4 },
		{ what: 'live heap after it', value: heap, unit: 'MB' },
		{ what: 'live heap after all edits', value: settled, unit: 'MB' },
		...keys.flatMap(({ name, atOnce, own, all }) => [
			...times(`key in ${name}: what is said of it at once`, atOnce, 30),
			...times(`key in ${name}: its own diagnostics, complete`, own, 150),
			...times(`key in ${name}: all diagnostics`, all, 150),
		]),
		...questions.flatMap(({ name, samples }) => times(name, samples, 20)),
		...sizes(),
	],
});

/** All diagnostics of the tree, as after any change; gives their number. */
function checkAll(): number {
	let found = 0;
	for (const file of analysis.files()) found += analysis.diagnostics(file).length;
	return found;
}

/** What `npm run package` made. */
function sizes(): Measurement[] {
	const of = (file: string, what: string, budget?: number): Measurement[] =>
		fs.existsSync(file)
			? [{ what, value: fs.statSync(file).size / 1e6, unit: 'MB', ...(budget === undefined ? {} : { budget }) }]
			: [];
	const packages = fs.readdirSync('.').filter(file => file.endsWith('.vsix'));
	return [
		...of('dist/server.js', 'dist/server.js'),
		...of('dist/extension.js', 'dist/extension.js'),
		...of('dist/client.js', 'dist/client.js'),
		...packages.flatMap(file => of(file, file, 5)),
	];
}

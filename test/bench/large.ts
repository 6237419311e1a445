/**
 * Trees of growing size, each in a process of its own: a cold index with all diagnostics, keys in a base that hundreds of overlays
 * stand on, and the longest that nobody else would have been let in. `npm run bench:large`.
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { Analysis } from '../../server/src/core/analysis';
import { diskSource } from '../../server/src/host/disk';
import { keepGarbageSmall } from '../../server/src/host/memory';
import { SLICE_MS } from '../../server/src/lsp/scheduler';
import { generatedTree } from './generated-tree';
import { memory, quantile, timed } from './measure';
import { type Measurement, report } from './report';

const { values: options } = parseArgs({
	options: {
		sizes: { type: 'string', default: '2000,10000,50000' },
		/** Measures one size and prints it as JSON: what this program asks of itself. */
		one: { type: 'string' },
	},
});

interface Sample {
	readonly files: number;
	/** Those that use the shared base. */
	readonly overlays: number;
	readonly findings: number;
	readonly coldMs: number;
	readonly rss: number;
	readonly heap: number;
	/** Of the first look's slices, between which messages are answered. */
	readonly slices: readonly number[];
	readonly ownMs: readonly number[];
	readonly allMs: readonly number[];
}

if (options.one !== undefined) console.log(JSON.stringify(measure(Number(options.one))));
else {
	const samples = options.sizes.split(',').map(size => {
		const run = spawnSync(process.execPath, ['--expose-gc', '--max-old-space-size=8192', __filename, '--one', size], {
			encoding: 'utf8',
			maxBuffer: 2 ** 26,
		});
		if (run.status !== 0) throw new Error(`${size} files: ${run.stderr}`);
		const sample = JSON.parse(run.stdout) as Sample;
		console.log(`${size} files: ${(sample.coldMs / 1000).toFixed(1)} s, ${sample.rss.toFixed(0)} MB`);
		return sample;
	});
	report({
		title: 'Trees of growing size',
		about: `\`npm run bench:large\`: each size in a process of its own. Growth is the time a file, against that of the smallest tree.`,
		rows: samples.flatMap(sample => rowsOf(sample, samples[0]!)),
	});
}

function measure(size: number): Sample {
	keepGarbageSmall();
	const tree = generatedTree(size);
	const analysis = new Analysis(diskSource());
	const slices: number[] = [];
	const cold = timed(() => {
		analysis.apply({ roots: [tree.root] });
		let end = 0;
		const work = analysis.warm(() => performance.now() >= end);
		for (let done = false; !done;) {
			end = performance.now() + SLICE_MS;
			const slice = timed(() => work.next());
			slices.push(slice.ms);
			done = slice.value.done === true;
		}
		return checkAll(analysis);
	});
	const { rss, heap } = memory();
	const file = `${tree.root}/shared/guardrails/quota.yaml`;
	const ownMs: number[] = [];
	const allMs: number[] = [];
	for (let i = 0; i < 5; i++) {
		const text = tree.files.get(file)!.replace(/pods: "\d+"/, `pods: "${100 + i}"`);
		const start = performance.now();
		analysis.apply({ texts: new Map([[file, text]]) });
		analysis.diagnosticsAtOnce(file);
		ownMs.push(performance.now() - start);
		checkAll(analysis);
		allMs.push(performance.now() - start);
	}
	const overlays = [...tree.files].filter(
		([name, text]) => name.endsWith('/kustomization.yaml') && text.includes('shared/guardrails'),
	).length;
	return { files: size, overlays, findings: cold.value, coldMs: cold.ms, rss, heap, slices, ownMs, allMs };
}

function checkAll(analysis: Analysis): number {
	let found = 0;
	for (const file of analysis.files()) found += analysis.diagnostics(file).length;
	return found;
}

function rowsOf(sample: Sample, smallest: Sample): Measurement[] {
	const { files, overlays, findings, coldMs, rss, heap, slices, ownMs, allMs } = sample;
	const of = (what: string) => `${files.toLocaleString('en')} files: ${what}`;
	const growth = coldMs / files / (smallest.coldMs / smallest.files);
	return [
		{ what: of('cold index with all diagnostics'), value: coldMs / 1000, unit: 's', note: `${findings} findings` },
		{ what: of('time a file, against the smallest tree'), value: growth, unit: 'x', budget: 1.5 },
		{ what: of('memory of the process'), value: rss, unit: 'MB' },
		{ what: of('live heap'), value: heap, unit: 'MB' },
		{ what: of('slice of the first look, p99'), value: quantile(slices, 0.99), unit: 'ms', budget: 30 },
		{ what: of('slice of the first look, longest'), value: quantile(slices, 1), unit: 'ms' },
		{
			what: of('key in the shared base, its own diagnostics at once (p50)'),
			value: quantile(ownMs, 0.5),
			unit: 'ms',
			budget: 50,
		},
		{
			what: of('key in the shared base, all diagnostics (p50)'),
			value: quantile(allMs, 0.5),
			unit: 'ms',
			budget: 2000,
			note: `${overlays} overlays`,
		},
	];
}

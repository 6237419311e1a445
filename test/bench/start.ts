/**
 * What the user waits for when an editor opens: the server, the diagnostics of what is open, all diagnostics; and all of that a second
 * time, when nothing has changed. Over the protocol, with the server in a process of its own. `npm run bench:start`.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { generatedTree } from './generated-tree';
import { serve, strata } from './language-server';
import { quantile } from './measure';
import { type Measurement, report } from './report';

const { values: options } = parseArgs({ options: { sizes: { type: 'string', default: '2000,10000,50000' } } });
const SIZES = options.sizes.split(',').map(Number);

/** How long things take from when the process is started, in milliseconds. */
interface Start {
	readonly readyMs: number;
	/** Until something is said of the open file, and until it is all. */
	readonly openMs: number;
	readonly openCompleteMs: number;
	readonly allMs: number;
}

/** A file with a slip that its text alone shows, and one that only the tree does. */
const OPEN = 'shared/guardrails/quota.yaml';
const FAULTS = ['yaml/duplicate-key', 'schema/unknown-field'];

async function main(): Promise<void> {
	const rows: Measurement[] = [];
	for (const size of SIZES) {
		const tree = generatedTree(size);
		const file = path.join(tree.root, OPEN);
		fs.appendFileSync(file, 'sepc: {}\nkind: ResourceQuota\n');
		const storage = fs.mkdtempSync(path.join(os.tmpdir(), 'strata-bench-storage-'));
		process.on('exit', () => fs.rmSync(storage, { recursive: true, force: true }));
		const cold = await start(tree.root, storage);
		await kept(tree.root, storage);
		const again = await start(tree.root, storage);
		rows.push(...rowsOf(size, cold, again), ...checkRows(size, tree.root, storage));
	}
	const ready = [];
	for (let i = 0; i < 5; i++) ready.push((await start(generatedTree(100).root, os.tmpdir())).readyMs);
	report({
		title: 'Starts',
		about:
			'`npm run bench:start`: over the protocol, from when the process is started, with one file open that has two faults. The second start has what the first one kept; `strata check` likewise.',
		rows: [{ what: 'server ready, p50 of 5', value: quantile(ready, 0.5), unit: 'ms', budget: 300 }, ...rows],
	});
}

async function start(folder: string, storage: string): Promise<Start> {
	const server = await serve(folder, strata(storage));
	const checked = server.checked();
	void server.connection.sendNotification('initialized', {});
	server.open(OPEN);
	const since = () => performance.now() - server.startedAt;
	const codes = () => server.diagnostics.get(server.uri(OPEN))?.params.diagnostics.map(({ code }) => code) ?? [];
	let [openMs, openCompleteMs] = [NaN, NaN];
	const watch = setInterval(() => {
		if (Number.isNaN(openMs) && codes().length > 0) openMs = since();
		if (Number.isNaN(openCompleteMs) && FAULTS.every(code => codes().includes(code))) openCompleteMs = since();
	}, 1);
	await checked;
	const allMs = since();
	await new Promise(resolve => setTimeout(resolve, 10));
	clearInterval(watch);
	await server.stop();
	return { readyMs: server.readyMs, openMs, openCompleteMs, allMs };
}

/** Until the server has kept what it found, which it does when nothing has happened for a while. */
async function kept(folder: string, storage: string): Promise<void> {
	const server = await serve(folder, strata(storage));
	void server.connection.sendNotification('initialized', {});
	const directory = path.join(storage, 'starts');
	const isKept = () => fs.existsSync(directory) && fs.readdirSync(directory).some(name => name.endsWith('.start'));
	while (!isKept()) await new Promise(resolve => setTimeout(resolve, 100));
	await server.end();
}

function rowsOf(size: number, cold: Start, again: Start): Measurement[] {
	const of = (what: string) => `${size.toLocaleString('en')} files: ${what}`;
	return [
		{ what: of('first start, something is said of the open file'), value: cold.openMs, unit: 'ms', budget: 500 },
		{ what: of('first start, all is said of the open file'), value: cold.openCompleteMs, unit: 'ms' },
		{ what: of('first start, all diagnostics'), value: cold.allMs / 1000, unit: 's' },
		{ what: of('second start, something is said of the open file'), value: again.openMs, unit: 'ms', budget: 500 },
		{ what: of('second start, all is said of the open file'), value: again.openCompleteMs, unit: 'ms' },
		{ what: of('second start, all diagnostics'), value: again.allMs / 1000, unit: 's' },
		{
			what: of('second start, so many times faster'),
			value: cold.allMs / again.allMs,
			unit: 'x',
			budget: 5,
			bound: 'least',
		},
	];
}

function checkRows(size: number, folder: string, cache: string): Measurement[] {
	const check = () => {
		const start = performance.now();
		const run = spawnSync(process.execPath, ['dist/strata.js', 'check', folder, '--fail-on', 'never'], {
			env: { ...process.env, XDG_CACHE_HOME: cache },
			encoding: 'utf8',
			maxBuffer: 2 ** 28,
		});
		if (run.status !== 0) throw new Error(run.stderr);
		return { ms: performance.now() - start, out: run.stdout };
	};
	const [cold, again] = [check(), check()];
	if (cold.out !== again.out) throw new Error('the second run says something else');
	const of = (what: string) => `${size.toLocaleString('en')} files: ${what}`;
	return [
		{ what: of('strata check'), value: cold.ms / 1000, unit: 's' },
		{ what: of('strata check, again'), value: again.ms / 1000, unit: 's' },
		{ what: of('strata check, so many times faster'), value: cold.ms / again.ms, unit: 'x', budget: 5, bound: 'least' },
	];
}

void main();

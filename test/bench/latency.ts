/**
 * Whether the editor waits: what completion, hover and definition take while the server looks at a tree for the first time, and while it
 * checks everything again after an edit of a base. Over the protocol, with the server in a process of its own. `npm run bench:latency`.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Random } from '../../scripts/bench/random.mjs';
import { generatedTree } from './generated-tree';
import { type Served, serve, strata } from './language-server';
import { quantile } from './measure';
import { type Measurement, report } from './report';

const { values: options } = parseArgs({
	options: { files: { type: 'string', default: '10000' }, every: { type: 'string', default: '50' } },
});
const FILES = Number(options.files);
/** Milliseconds from one question to the next. */
const EVERY_MS = Number(options.every);
/** Edits of the base, so many that p99 is not the longest of a few answers. */
const EDITS = 20;
const METHODS = ['completion', 'hover', 'definition'] as const;

type Samples = Record<(typeof METHODS)[number], number[]>;

async function main(): Promise<void> {
	const tree = generatedTree(FILES);
	const storage = fs.mkdtempSync(path.join(os.tmpdir(), 'strata-bench-storage-'));
	process.on('exit', () => fs.rmSync(storage, { recursive: true, force: true }));
	const random = new Random(3);
	const relative = [...tree.files.keys()].map(file => path.posix.relative(tree.root, file));
	const yaml = relative.filter(file => file.endsWith('.yaml'));
	const open = Array.from({ length: 20 }, () => random.of(yaml));
	const shared = 'shared/guardrails/quota.yaml';
	const textOf = (file: string) => tree.files.get(`${tree.root}/${file}`)!;

	const turns = path.join(storage, 'turns.json');
	const command = strata(storage);
	const server = await serve(tree.root, {
		...command,
		args: ['--require', path.resolve('scripts', 'bench', 'turns.cjs'), ...command.args],
		env: { STRATA_TURNS: turns },
	});
	const first = server.checked();
	void server.connection.sendNotification('initialized', {});
	for (const file of new Set([...open, shared])) server.open(file);
	const ask = () => askWhile(server, random, open, textOf);
	// The first one comes while the program is still being loaded.
	const begin = performance.now();
	await server.connection.sendRequest('textDocument/hover', {
		textDocument: { uri: server.uri(shared) },
		position: { line: 0, character: 0 },
	});
	const firstAnswer = performance.now() - begin;
	const cold = await ask()(first);

	const again: Samples = { completion: [], hover: [], definition: [] };
	for (let i = 0; i < EDITS; i++) {
		const checked = server.checked();
		server.change(shared, i + 2, textOf(shared).replace(/pods: "\d+"/, `pods: "${100 + i}"`));
		const samples = await ask()(checked);
		for (const method of METHODS) again[method].push(...samples[method]);
	}
	await server.end();

	report({
		title: 'Answers while the tree is looked at',
		about: `\`npm run bench:latency\`: a tree of ${FILES.toLocaleString('en')} files, a question every ${EVERY_MS} ms over the protocol. A question that needs more of the tree than is known is answered with what is known.`,
		rows: [
			{ what: 'the very first answer, after `initialized`', value: firstAnswer, unit: 'ms' },
			...rowsOf('first look at the tree', cold),
			...rowsOf('an edit of a base of many overlays', again),
			...turnRows(JSON.parse(fs.readFileSync(turns, 'utf8')) as Turn[]),
		],
	});
}

/** Asks in turn, at random places of open files, until the promise has come. */
function askWhile(server: Served, random: Random, files: readonly string[], textOf: (file: string) => string) {
	return async (done: Promise<void>): Promise<Samples> => {
		const samples: Samples = { completion: [], hover: [], definition: [] };
		let isDone = false;
		void done.then(() => (isDone = true));
		const waiting: Promise<unknown>[] = [];
		for (let i = 0; !isDone; i++) {
			const method = METHODS[i % METHODS.length]!;
			const file = random.of(files);
			const lines = textOf(file).split('\n');
			const line = random.below(lines.length);
			const position = { line, character: random.below(lines[line]!.length + 1) };
			const start = performance.now();
			waiting.push(
				server.connection
					.sendRequest(`textDocument/${method}`, { textDocument: { uri: server.uri(file) }, position })
					.then(() => samples[method].push(performance.now() - start)),
			);
			await new Promise(resolve => setTimeout(resolve, EVERY_MS));
		}
		await Promise.all(waiting);
		return samples;
	};
}

function rowsOf(what: string, samples: Samples): Measurement[] {
	return METHODS.flatMap((method): Measurement[] => [
		{ what: `${what}: ${method}, p50`, value: quantile(samples[method], 0.5), unit: 'ms' },
		{
			what: `${what}: ${method}, p99`,
			value: quantile(samples[method], 0.99),
			unit: 'ms',
			budget: 50,
			note: `${samples[method].length} questions, the longest ${quantile(samples[method], 1).toFixed(0)} ms`,
		},
	]);
}

/** One turn of the server's event loop, in milliseconds; see scripts/bench/turns.cjs. */
interface Turn {
	readonly wall: number;
	readonly processor?: number;
}

function turnRows(turns: readonly Turn[]): Measurement[] {
	const walls = turns.map(({ wall }) => wall);
	const processor = turns.flatMap(({ processor }) => processor ?? []);
	const longest = (of: readonly number[]) => `${of.length} turns, the longest ${quantile(of, 1).toFixed(0)} ms`;
	return [
		{
			what: 'a turn of the main thread, p99',
			value: quantile(walls, 0.99),
			unit: 'ms',
			budget: 30,
			note: longest(walls),
		},
		...(processor.length > 0
			? [
					{
						what: "the same, p99 of the thread's processor time",
						value: quantile(processor, 0.99),
						unit: 'ms' as const,
						note: longest(processor),
					},
				]
			: []),
	];
}

void main();

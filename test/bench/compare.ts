/**
 * What people use today, on the same tree in one run: `kubectl kustomize` for every overlay, yaml-language-server for editing, and Strata.
 * They do not do the same: kubectl builds and says its first error, yaml-language-server holds open files against JSON schemas, and
 * Strata builds and checks the whole tree. `npm run bench:compare`.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { Random } from '../../scripts/bench/random.mjs';
import { findKubectl } from '../oracle/kubectl';
import { generatedTree, type WrittenTree } from './generated-tree';
import { kustomizationSchema } from './kustomization-schema';
import { type Command, residentMegabytes, serve, strata } from './language-server';
import { quantile, timed } from './measure';
import { type Measurement, report } from './report';

const { values: options } = parseArgs({
	options: { files: { type: 'string', default: '2000' }, overlays: { type: 'string', default: '60' } },
});
const FILES = Number(options.files);
/** So many overlays kubectl builds; the rest is reckoned from them. */
const OVERLAYS = Number(options.overlays);
const QUESTIONS = 300;
const OPEN_FILES = 20;

/** A kustomization of the tree with a field that is none, which every program here says of it. */
const FAULTY = 'shared/guardrails/kustomization.yaml';

async function main(): Promise<void> {
	const tree = generatedTree(FILES);
	const storage = fs.mkdtempSync(path.join(os.tmpdir(), 'strata-bench-storage-'));
	process.on('exit', () => fs.rmSync(storage, { recursive: true, force: true }));
	const rows = builds(tree, storage);
	fs.appendFileSync(path.join(tree.root, FAULTY), 'resuorces: []\n');
	rows.push(...(await editing('Strata', tree, strata(path.join(storage, 'first')))));
	const { STRATA_YAML_LANGUAGE_SERVER: other } = process.env;
	if (other !== undefined)
		rows.push(...(await editing('yaml-language-server', tree, yamlLanguageServer(other, storage))));
	report({
		title: 'Against what people use today',
		about: `\`npm run bench:compare\`: one tree of ${FILES.toLocaleString('en')} files, one run. Completion is asked ${QUESTIONS} times in ${OPEN_FILES} open kustomizations. yaml-language-server has a schema of kustomization.yaml from the disk; those of Kubernetes it would fetch. It looks at open files only, Strata at the whole tree.`,
		rows,
	});
}

function yamlLanguageServer(command: string, storage: string): Command {
	const file = path.join(storage, 'kustomization.schema.json');
	const facts = JSON.parse(fs.readFileSync(path.resolve('schemas', 'kustomization.json'), 'utf8'));
	fs.writeFileSync(file, JSON.stringify(kustomizationSchema(facts)));
	const schema = pathToFileURL(file).href;
	return {
		args: [command, '--stdio'],
		settings: {
			schemas: { [schema]: ['kustomization.yaml'] },
			schemaStore: { enable: false },
			validate: true,
			completion: true,
			hover: true,
		},
	};
}

/** All overlays once, as a check in CI would: kubectl per overlay, and Strata's check of the whole tree. */
function builds(tree: WrittenTree, storage: string): Measurement[] {
	const check = () =>
		timed(() => {
			const run = spawnSync(process.execPath, ['dist/strata.js', 'check', tree.root], {
				env: { ...process.env, XDG_CACHE_HOME: storage },
				encoding: 'utf8',
			});
			if (run.status !== 0) throw new Error(run.stdout + run.stderr);
		}).ms;
	const overlays = [...tree.files.keys()]
		.filter(file => file.endsWith('/kustomization.yaml'))
		.map(file => path.dirname(file))
		.filter(directory => !directory.includes('/base') && !directory.includes('/shared'));
	const found = findKubectl();
	const rows: Measurement[] = [];
	if ('missing' in found) console.log(`kubectl: ${found.missing}`);
	else {
		const random = new Random(1);
		const sample = Array.from({ length: Math.min(OVERLAYS, overlays.length) }, () => random.of(overlays));
		const times = sample.map(
			directory => timed(() => spawnSync(found.command, ['kustomize', directory], { stdio: 'ignore' })).ms,
		);
		const mean = times.reduce((sum, ms) => sum + ms, 0) / times.length;
		rows.push({
			what: 'kubectl kustomize: every overlay once',
			value: (mean * overlays.length) / 1000,
			unit: 's',
			note: `${overlays.length} overlays, reckoned from ${sample.length}; ${quantile(times, 0.5).toFixed(0)} ms at the median`,
		});
	}
	rows.push(
		{ what: 'Strata: strata check of the whole tree', value: check() / 1000, unit: 's', note: 'builds and all rules' },
		{ what: 'Strata: strata check, again', value: check() / 1000, unit: 's', note: 'nothing has changed' },
	);
	return rows;
}

/** What an editor has of a language server: how soon it is there, how soon it says something, how it answers, what it weighs. */
async function editing(name: string, tree: WrittenTree, command: Command): Promise<Measurement[]> {
	const server = await serve(tree.root, command);
	void server.connection.sendNotification('initialized', {});
	if (command.settings !== undefined)
		void server.connection.sendNotification('workspace/didChangeConfiguration', {
			settings: { yaml: command.settings },
		});
	server.open(FAULTY);
	const uri = server.uri(FAULTY);
	const isSaid = () =>
		server.diagnostics
			.get(uri)
			?.params.diagnostics.some(({ message }) => JSON.stringify(message).includes('resuorces')) ?? false;
	const deadline = performance.now() + 120_000;
	while (!isSaid() && performance.now() < deadline) await new Promise(resolve => setTimeout(resolve, 2));
	const saidMs = isSaid() ? performance.now() - server.startedAt : NaN;

	const random = new Random(5);
	const kustomizations = [...tree.files.keys()].filter(file => file.endsWith('/kustomization.yaml'));
	const files = Array.from({ length: OPEN_FILES }, () => path.posix.relative(tree.root, random.of(kustomizations)));
	for (const file of new Set(files)) if (file !== FAULTY) server.open(file);
	const samples: number[] = [];
	for (let i = 0; i < QUESTIONS; i++) {
		const file = random.of(files);
		const lines = fs.readFileSync(path.join(tree.root, file), 'utf8').split('\n');
		const position = { line: random.below(lines.length), character: 0 };
		const start = performance.now();
		await server.connection.sendRequest('textDocument/completion', {
			textDocument: { uri: server.uri(file) },
			position,
		});
		samples.push(performance.now() - start);
	}
	const megabytes = residentMegabytes(server);
	await server.stop();
	return [
		{ what: `${name}: server ready`, value: server.readyMs, unit: 'ms' },
		{ what: `${name}: first diagnostic of an open kustomization`, value: saidMs, unit: 'ms' },
		{ what: `${name}: completion, p50`, value: quantile(samples, 0.5), unit: 'ms' },
		{ what: `${name}: completion, p95`, value: quantile(samples, 0.95), unit: 'ms' },
		...(megabytes === undefined
			? []
			: [{ what: `${name}: memory of the process`, value: megabytes, unit: 'MB' as const }]),
	];
}

void main();

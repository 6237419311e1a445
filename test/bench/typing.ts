/**
 * Somebody types in a base that hundreds of overlays use, ten keys a second, and the language server (`dist/server.js`, over its pipes)
 * has to keep up: how long after each key the diagnostics of that file come, and how long after the last one everything has been looked
 * at again. `npm run bench:typing`.
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import {
	createProtocolConnection,
	StreamMessageReader,
	StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';
import type { Diagnostic } from 'vscode-languageserver-protocol/node';
import { toNative } from '../../server/src/host/native-paths';
import { generatedTree } from './generated-tree';
import { quantile } from './measure';
import { report } from './report';

const { values: options } = parseArgs({
	options: {
		files: { type: 'string', default: '13500' },
		keys: { type: 'string', default: '50' },
		bursts: { type: 'string', default: '4' },
	},
});
const KEYS = Number(options.keys);
const BURSTS = Number(options.bursts);
const PAUSE_MS = 100;

const tree = generatedTree(Number(options.files));
const overlays = [...tree.files].filter(
	([file, text]) => file.endsWith('/kustomization.yaml') && text.includes('shared/guardrails'),
).length;
const folder = pathToFileURL(toNative(tree.root)).href;
const uri = `${folder}/shared/guardrails/quota.yaml`;
const text = tree.files.get(`${tree.root}/shared/guardrails/quota.yaml`)!;

const child = spawn(process.execPath, [path.resolve('dist', 'server.js'), '--stdio'], {
	stdio: ['pipe', 'pipe', 'inherit'],
});
process.on('exit', () => child.kill());
const connection = createProtocolConnection(
	new StreamMessageReader(child.stdout),
	new StreamMessageWriter(child.stdin),
);
let published: (diagnostics: readonly Diagnostic[]) => void = () => undefined;
let checked: () => void = () => undefined;
connection.onNotification('textDocument/publishDiagnostics', (sent: { uri: string; diagnostics: Diagnostic[] }) => {
	if (sent.uri === uri) published(sent.diagnostics);
});
connection.onNotification('strata/checked', () => checked());
connection.onRequest('client/registerCapability', () => null);
connection.listen();

void main();

async function main(): Promise<void> {
	await connection.sendRequest('initialize', {
		processId: process.pid,
		rootUri: folder,
		capabilities: { workspace: { workspaceFolders: true } },
		workspaceFolders: [{ uri: folder, name: 'tree' }],
		initializationOptions: { strataClient: true, trusted: true },
	});
	const start = performance.now();
	const cold = nextCheck();
	void connection.sendNotification('initialized', {});
	await cold;
	const coldMs = performance.now() - start;
	const opened = nextCheck();
	void connection.sendNotification('textDocument/didOpen', {
		textDocument: { uri, languageId: 'yaml', version: 1, text: withNote('') },
	});
	await opened;

	const own: number[] = [];
	const settled: number[] = [];
	let version = 1;
	for (let burst = 0; burst < BURSTS; burst++) {
		const typed = await type(() => ++version);
		own.push(...typed.own);
		settled.push(typed.settledMs);
	}
	child.kill();
	report({
		title: 'Typing in a base that many overlays use',
		about: `\`npm run bench:typing\`: ${BURSTS} times ${KEYS} keys, one each ${PAUSE_MS} ms, in a value of a base of ${overlays} overlays in a tree of ${tree.files.size} files, as messages of the language server's protocol.`,
		rows: [
			{ what: 'first look at the tree', value: coldMs / 1000, unit: 's' },
			{ what: 'diagnostics of the file, after a key, p50', value: quantile(own, 0.5), unit: 'ms' },
			{ what: 'diagnostics of the file, after a key, p95', value: quantile(own, 0.95), unit: 'ms', budget: 50 },
			{ what: 'everything else, after the last key, p50', value: quantile(settled, 0.5), unit: 'ms' },
			{ what: 'everything else, after the last key, longest', value: quantile(settled, 1), unit: 'ms', budget: 2000 },
		],
	});
	process.exit();
}

/** Types a burst of keys; gives how long each waited for its diagnostics, and the last one for all of the tree. */
async function type(
	nextVersion: () => number,
): Promise<{ readonly own: readonly number[]; readonly settledMs: number }> {
	const pressed: number[] = [];
	const shown: number[] = [];
	published = diagnostics => {
		const now = performance.now();
		const keys = keysTyped(diagnostics);
		// What is overtaken by the next key has been waited for until that is shown.
		if (keys !== undefined) for (let key = shown.length; key < keys; key++) shown.push(now - pressed[key]!);
	};
	let done = nextCheck();
	for (let key = 1; key <= KEYS; key++) {
		done = nextCheck();
		pressed.push(performance.now());
		void connection.sendNotification('textDocument/didChange', {
			textDocument: { uri, version: nextVersion() },
			contentChanges: [{ text: withNote('x'.repeat(key)) }],
		});
		if (key < KEYS) await sleep(PAUSE_MS);
	}
	await done;
	const settledMs = performance.now() - pressed.at(-1)!;
	if (shown.length < KEYS) throw new Error(`the diagnostics of ${KEYS - shown.length} keys never came`);
	return { own: shown, settledMs };
}

/** A comment that silences nothing is a finding; it stands behind what is typed, so that each key moves it. */
function withNote(note: string): string {
	return text.replace(
		'metadata:\n',
		`metadata:\n  annotations:\n    note: "${note}" # strata-ignore docs/empty-readme\n`,
	);
}

/** How many keys the text had that these diagnostics are of. */
function keysTyped(diagnostics: readonly Diagnostic[]): number | undefined {
	const found = diagnostics.find(({ code }) => code === 'strata/unused-suppression');
	return found && found.range.start.character - '    note: "" '.length;
}

function nextCheck(): Promise<void> {
	return new Promise(resolve => {
		checked = resolve;
	});
}

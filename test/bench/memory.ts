/**
 * What the language server (`dist/server.js`) holds in memory while somebody edits a tree: after the first look at it, and after a hundred
 * edits of each of four kinds of files. `npm run bench:memory`.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Random } from '../../scripts/bench/random.mjs';
import { KINDS_OF_FILES, withDigitChanged } from './edits';
import { generatedTree } from './generated-tree';
import { residentMegabytes, serve, strata } from './language-server';
import { report } from './report';

const FILES = 2000;
const EDITS = 100;

async function main(): Promise<void> {
	const tree = generatedTree(FILES);
	const storage = fs.mkdtempSync(path.join(os.tmpdir(), 'strata-bench-storage-'));
	process.on('exit', () => fs.rmSync(storage, { recursive: true, force: true }));
	const random = new Random(7);
	const server = await serve(tree.root, strata(storage));
	const first = server.checked();
	void server.connection.sendNotification('initialized', {});
	await first;
	const cold = residentMegabytes(server);
	let most = 0;
	let version = 1;
	const open = new Set<string>();
	for (const { pattern } of KINDS_OF_FILES) {
		const files = [...tree.files.keys()].filter(file => pattern.test(file));
		for (let i = 0; i < EDITS; i++) {
			const file = random.of(files);
			const relative = path.posix.relative(tree.root, file);
			const checked = server.checked();
			if (!open.has(file)) server.open(relative);
			open.add(file);
			server.change(relative, ++version, withDigitChanged(tree.files.get(file)!, random));
			await checked;
			most = Math.max(most, residentMegabytes(server) ?? 0);
		}
	}
	const settled = residentMegabytes(server);
	await server.end();
	if (cold === undefined || settled === undefined) throw new Error('this system does not tell the memory of a process');
	report({
		title: `Memory at a tree of ${FILES.toLocaleString('en')} files`,
		about: `\`npm run bench:memory\`: the server's process, over the protocol, with ${EDITS} edits of each of ${KINDS_OF_FILES.length} kinds of files.`,
		rows: [
			{ what: 'after the first look', value: cold, unit: 'MB', budget: 300 },
			{ what: 'after all edits', value: settled, unit: 'MB', budget: 300 },
			{ what: 'the most on the way', value: most, unit: 'MB' },
		],
	});
}

void main();

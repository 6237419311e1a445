/**
 * No answer of the server holds the value of a Secret: everything that it says (findings, hovers, completions, fixes, previews, merged values,
 * what it logs while messages are traced) and everything that it keeps on the disk is searched for planted ones.
 */
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { LineIndex } from '../../server/src/core/base/text';
import { around, PLANTED, PLANTED_IN_SECRETS, TREES } from '../support/planted';
import { buildPrograms, repository } from '../support/programs';
import { commitAll, hasGit } from '../support/git';
import { connect } from './language-client';

let programs: string;
beforeAll(async () => {
	programs = await buildPrograms('server');
});

/** A directory for what the server keeps, instead of the machine's own. */
function ownCache(beside: string): string {
	const cache = fs.mkdtempSync(path.join(path.dirname(beside), 'strata-cache-'));
	const before = process.env.XDG_CACHE_HOME;
	process.env.XDG_CACHE_HOME = cache;
	onTestFinished(() => {
		if (before === undefined) delete process.env.XDG_CACHE_HOME;
		else process.env.XDG_CACHE_HOME = before;
		fs.rmSync(cache, { recursive: true, force: true });
	});
	return cache;
}

function filesBelow(directory: string): readonly string[] {
	return fs
		.readdirSync(directory, { recursive: true, withFileTypes: true })
		.filter(entry => entry.isFile())
		.map(entry => path.join(entry.parentPath, entry.name));
}

test.each([TREES[0]!, TREES.at(-1)!].map((tree, i) => [i + 1, tree] as const))(
	'tree %i',
	{ timeout: 120_000 },
	async (_, tree) => {
		const folder = repository(tree);
		if (hasGit) commitAll(folder, new Date());
		const cache = ownCache(folder);
		const client = await connect(programs, folder);
		const said: string[] = [];
		client.process.stdout!.on('data', (chunk: Buffer) => said.push(chunk.toString('latin1')));
		client.process.stderr!.on('data', (chunk: Buffer) => said.push(chunk.toString('latin1')));
		const { connection } = client;
		await connection.sendNotification('$/setTrace', { value: 'verbose' });
		await client.checked();

		const ask = async (method: string, params?: object): Promise<unknown> =>
			connection.sendRequest(method, params).catch((error: unknown) => said.push(String(error)));
		const files = filesBelow(folder).filter(file => !file.includes('/.git/'));
		let answers = 0;
		for (const file of files) {
			const text = fs.readFileSync(file, 'utf8');
			const uri = client.uri(path.relative(folder, file));
			const textDocument = { uri };
			client.open(uri, text);
			const index = new LineIndex(text);
			const offsets = [...text.matchAll(/planted|: /g)].map(({ index: at }) => at + 2);
			for (const offset of offsets) {
				const at = { textDocument, position: index.position(Math.min(offset, text.length)) };
				for (const method of ['hover', 'definition', 'completion', 'prepareRename'])
					if (await ask(`textDocument/${method}`, at)) answers++;
				await ask('textDocument/references', { ...at, context: { includeDeclaration: true } });
				for (const method of ['mergedValues', 'overridable', 'sealable']) await ask(`strata/${method}`, at);
			}
			for (const method of ['codeLens', 'documentLink']) await ask(`textDocument/${method}`, { textDocument });
			const range = { start: { line: 0, character: 0 }, end: index.position(text.length) };
			const context = { diagnostics: client.diagnostics.get(uri) ?? [] };
			const actions = (await ask('textDocument/codeAction', { textDocument, range, context })) as object[];
			for (const action of actions) await ask('codeAction/resolve', action);
			answers += actions.length;
		}
		const entries = (await ask('strata/entryPoints', {})) as { id: string }[];
		const release = { uri: client.uri('app/release.yaml') };
		const position = { line: 11, character: 4 };
		const values = (await ask('strata/mergedValues', { textDocument: release, position })) as { id: string }[];
		for (const { id } of [...entries, ...values]) {
			const rendered = (await ask('strata/render', { id })) as { text: string } | null;
			if (rendered) answers++;
			await ask('strata/comparableValues', { id });
		}
		for (const method of ['outline', 'scripts', 'scaffoldChoices']) await ask(`strata/${method}`, {});
		await ask('shutdown');

		expect(answers).toBeGreaterThan(100);
		const everything = said.join('');
		for (const planted of PLANTED_IN_SECRETS) expect(around(everything, planted)).toBe('');
		for (const file of filesBelow(cache)) {
			const kept = fs.readFileSync(file, 'latin1');
			for (const planted of PLANTED) expect(around(kept, planted), file).toBe('');
		}
	},
);

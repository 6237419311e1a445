/** A server that is asked while it looks at a tree: nobody waits for the tree who need not, and who must wait gets the whole answer. */
import { expect, test } from 'vitest';
import { CancellationTokenSource, LSPErrorCodes } from 'vscode-languageserver-protocol/node';
import { makeTree } from '../../scripts/bench/tree.mjs';
import { LineIndex } from '../../server/src/core/base/text';
import { memorySource, ROOT } from '../support/fixture';
import { connectInMemory, serve, TURNS } from './in-memory';

const FILES = new Map([...makeTree({ files: 150, seed: 1 })].map(([file, text]) => [`${ROOT}/${file}`, text]));
const [DEPLOYMENT] = [...FILES].find(([, text]) => /^kind: Deployment$[^]*^  selector:/m.test(text))!;
const [KUSTOMIZATION] = [...FILES].find(([file]) => /\/base\/.*kustomization\.yaml$/.test(file))!;

/** A server whose clock runs with every look at it, so that no tree is known within a moment, and that has not looked at anything. */
async function hurried() {
	let now = 0;
	const client = await connectInMemory(memorySource(FILES), {
		turns: { ...TURNS, now: () => ++now },
	});
	const at = (file: string, word: string) => ({
		textDocument: { uri: `file://${file}` },
		position: new LineIndex(FILES.get(file)!).position(FILES.get(file)!.indexOf(word) + 1),
	});
	return { client, at };
}

test('a hover says that the tree is still being looked at, and later what there is to say', async () => {
	const { client, at } = await hurried();
	const hover = () =>
		client.sendRequest('textDocument/hover', at(DEPLOYMENT, 'selector:')) as Promise<{
			contents: { value: string };
		}>;
	expect((await hover()).contents.value).toContain('still looking');
	for (let i = 0; (await hover()).contents.value.includes('still looking'); i++) expect(i).toBeLessThan(5000);
	expect((await hover()).contents.value).toContain('written by');
});

test('once everything has been looked at, a question has the time that its answer takes', async () => {
	let now = 0;
	const { client } = await serve(memorySource(FILES), { turns: { ...TURNS, now: () => (now += 20) } });
	const text = FILES.get(DEPLOYMENT)!;
	const hover = await client.sendRequest('textDocument/hover', {
		textDocument: { uri: `file://${DEPLOYMENT}` },
		position: new LineIndex(text).position(text.indexOf('selector:') + 1),
	});
	expect((hover as { contents: { value: string } }).contents.value).toContain('written by');
});

test('a completion has what the schema knows, and asks to be asked again', async () => {
	const { client, at } = await hurried();
	const list = await client.sendRequest('textDocument/completion', at(DEPLOYMENT, 'selector:'));
	expect(list).toMatchObject({ isIncomplete: true });
	expect((list as { items: { label: string }[] }).items.map(({ label }) => label)).toContain('paused');
});

test('a definition leads to what a kustomization lists', async () => {
	const { client, at } = await hurried();
	const text = FILES.get(KUSTOMIZATION)!;
	const [, listed] = /^resources:\n\s*- (\S+\.yaml)$/m.exec(text)!;
	const links = await client.sendRequest('textDocument/definition', at(KUSTOMIZATION, listed!));
	expect(links).toMatchObject([{ uri: expect.stringMatching(new RegExp(`/${listed}$`)) }]);
});

test('what somebody asked for is answered whole, and others are answered meanwhile', async () => {
	const { client, at } = await hurried();
	let isKnown = false;
	const outline = client.sendRequest('strata/outline', {}).finally(() => (isKnown = true));
	expect(await client.sendRequest('textDocument/hover', at(DEPLOYMENT, 'selector:'))).not.toBeNull();
	expect(isKnown).toBe(false);
	const { entryPoints } = (await outline) as { entryPoints: unknown[] };
	expect(entryPoints.length).toBeGreaterThan(3);
});

test('who waits may change his mind', async () => {
	const { client } = await hurried();
	const source = new CancellationTokenSource();
	const outline = client.sendRequest('strata/outline', {}, source.token);
	source.cancel();
	await expect(outline).rejects.toMatchObject({ code: LSPErrorCodes.RequestCancelled });
	expect(await client.sendRequest('strata/scripts', {})).toBeDefined();
});

/** What an editor asks while somebody works, over the wire, on a small tree. */
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type {
	CodeAction,
	CompletionList,
	DocumentLink,
	Hover,
	Location,
	LocationLink,
} from 'vscode-languageserver-protocol/node';
import type { RenderResult } from '../../server/src/lsp/protocol';
import { buildPrograms, repository } from '../support/programs';
import { type Client, connect } from './language-client';

let programs: string;
beforeAll(async () => {
	programs = await buildPrograms('server');
});

const tree = () =>
	repository(`
-- base/kustomization.yaml --
resources:
  - deployment.yaml
-- base/deployment.yaml --
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 1
-- production/kustomization.yaml --
resources:
  - ../base
patches:
  - path: patch.yaml
-- production/patch.yaml --
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 3
-- staging/kustomization.yaml --
resources:
  - ../base
`);

const at = (client: Client, file: string, line: number, character: number) => ({
	textDocument: { uri: client.uri(file) },
	position: { line, character },
});

const kustomization = (resource: string) => `resources:\n  - ${resource}\npatches:\n  - path: patch.yaml\n`;

describe('diagnostics', () => {
	test('come for files that nobody has opened, and go when the file is mended on disk', async () => {
		const folder = tree();
		const file = path.join(folder, 'staging/kustomization.yaml');
		fs.writeFileSync(file, 'resources:\n  - ../bsae\n');
		const client = await connect(programs, folder);
		const uri = client.uri('staging/kustomization.yaml');
		const found = await vi.waitFor(() => client.diagnostics.get(uri)?.[0] ?? expect.fail(), { timeout: 5000 });
		expect(found.range).toEqual({ start: { line: 1, character: 4 }, end: { line: 1, character: 11 } });
		expect(found.message).toContain('../base');

		fs.writeFileSync(file, 'resources:\n  - ../base\n');
		await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri, type: 2 }] });
		await vi.waitFor(() => expect(client.diagnostics.get(uri)).toEqual([]), { timeout: 5000 });
	});

	test('follow what is typed, not what is on disk, until the file is closed', async () => {
		const client = await connect(programs, tree());
		const uri = client.uri('production/kustomization.yaml');
		client.open(uri, kustomization('../bsae'));
		await vi.waitFor(() => expect(client.diagnostics.get(uri)).toHaveLength(1), { timeout: 5000 });
		client.change(uri, 2, kustomization('../base'));
		await vi.waitFor(() => expect(client.diagnostics.get(uri)).toEqual([]), { timeout: 5000 });
		client.change(uri, 3, kustomization('../nothing'));
		await vi.waitFor(() => expect(client.diagnostics.get(uri)).toHaveLength(1), { timeout: 5000 });
		await client.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
		await vi.waitFor(() => expect(client.diagnostics.get(uri)).toEqual([]), { timeout: 5000 });
	});

	test('a broken base is said at the base, and the overlay goes on', async () => {
		const client = await connect(programs, tree());
		const uri = client.uri('base/deployment.yaml');
		client.open(uri, 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: "web\n');
		await vi.waitFor(() => expect(client.diagnostics.get(uri)?.[0]?.severity).toBe(1), { timeout: 5000 });
		const links = await client.connection.sendRequest<DocumentLink[]>('textDocument/documentLink', {
			textDocument: { uri: client.uri('production/kustomization.yaml') },
		});
		expect(links).toHaveLength(2);
	});
});

test('a hover says the value in each environment', async () => {
	const client = await connect(programs, tree());
	await client.checked();
	const hover = await client.connection.sendRequest<Hover>(
		'textDocument/hover',
		at(client, 'base/deployment.yaml', 5, 4),
	);
	expect(hover.contents).toMatchObject({ kind: 'markdown' });
	const { value } = hover.contents as { value: string };
	for (const part of ['production', 'staging', 'patch.yaml:6', '3']) expect(value).toContain(part);
});

test('definition and references cross between base and overlay', async () => {
	const client = await connect(programs, tree());
	await client.checked();
	const [link] = await client.connection.sendRequest<LocationLink[]>(
		'textDocument/definition',
		at(client, 'production/patch.yaml', 5, 4),
	);
	expect(link).toMatchObject({
		targetUri: client.uri('base/deployment.yaml'),
		targetRange: { start: { line: 5 } },
		originSelectionRange: { start: { line: 5 } },
	});
	const references = await client.connection.sendRequest<Location[]>('textDocument/references', {
		...at(client, 'base/deployment.yaml', 5, 4),
		context: { includeDeclaration: false },
	});
	expect(references.map(({ uri, range }) => [uri, range.start.line])).toContainEqual([
		client.uri('production/patch.yaml'),
		5,
	]);
});

test('a client without links gets locations, one without snippets plain text', async () => {
	const client = await connect(programs, tree(), { capabilities: {} });
	await client.checked();
	const [location] = await client.connection.sendRequest<Location[]>(
		'textDocument/definition',
		at(client, 'production/kustomization.yaml', 3, 12),
	);
	expect(location).toEqual({ uri: client.uri('production/patch.yaml'), range: expect.anything() });
	const uri = client.uri('production/kustomization.yaml');
	const checked = client.checked();
	client.open(uri, 'resources:\n  - ../ba\n');
	await checked;
	const { items } = await client.connection.sendRequest<CompletionList>('textDocument/completion', {
		textDocument: { uri },
		position: { line: 1, character: 9 },
	});
	expect(items.map(item => item.label)).toContain('../base');
	expect(items.filter(item => item.insertTextFormat === 2 || /\$\d|\$\{/.test(item.textEdit!.newText))).toEqual([]);
});

test('a quick fix is listed without its edit, and resolved with it', async () => {
	const client = await connect(programs, tree());
	const uri = client.uri('staging/kustomization.yaml');
	client.open(uri, 'bases:\n  - ../base\n');
	const [diagnostic] = await vi.waitFor(() => client.diagnostics.get(uri) ?? expect.fail(), { timeout: 5000 });
	expect(diagnostic!.tags).toEqual([2]);
	const actions = await client.connection.sendRequest<CodeAction[]>('textDocument/codeAction', {
		textDocument: { uri },
		range: diagnostic!.range,
		context: { diagnostics: [diagnostic], only: ['quickfix'] },
	});
	expect(actions[0]).toMatchObject({ kind: 'quickfix', diagnostics: [{ code: diagnostic!.code }] });
	expect(actions[0]!.edit).toBeUndefined();
	const { edit } = await client.connection.sendRequest<CodeAction>('codeAction/resolve', actions[0]);
	expect(edit?.documentChanges).toMatchObject([{ textDocument: { uri, version: 1 } }]);

	client.change(uri, 2, 'resources:\n  - ../base\n');
	await expect(client.connection.sendRequest('codeAction/resolve', actions[0])).rejects.toThrow('no longer there');
	const refactorings = await client.connection.sendRequest('textDocument/codeAction', {
		textDocument: { uri },
		range: diagnostic!.range,
		context: { diagnostics: [], only: ['refactor'] },
	});
	expect(refactorings).toEqual([]);
});

test('renderings say who wrote each line, and where a field went', async () => {
	const client = await connect(programs, tree());
	const textDocument = { uri: client.uri('base/deployment.yaml') };
	const entries = await client.connection.sendRequest<{ id: string; environment: string }[]>('strata/entryPoints', {
		textDocument,
	});
	expect(entries.map(({ environment }) => environment)).toEqual(['production', 'staging']);
	const { id } = entries[0]!;
	const rendering = await client.connection.sendRequest<RenderResult>('strata/render', { id });
	const lines = rendering.text.trimEnd().split('\n');
	expect(rendering.lines).toHaveLength(lines.length);
	const line = lines.indexOf('  replicas: 3');
	expect(rendering.writers[rendering.lines[line]!]).toMatchObject({
		location: { uri: client.uri('production/patch.yaml'), range: { start: { line: 5, character: 12 } } },
		step: 'patch',
	});
	for (const file of ['base/deployment.yaml', 'production/patch.yaml']) {
		const params = { id, ...at(client, file, 5, 12) };
		expect(await client.connection.sendRequest('strata/renderedLine', params), file).toBe(line);
	}
});

test('folders come and go', async () => {
	const first = tree();
	const second = repository('-- kustomization.yaml --\nresources: [missing.yaml]\n');
	const client = await connect(programs, first);
	const uri = pathToFileURL(path.join(second, 'kustomization.yaml')).href;
	const folder = { uri: pathToFileURL(second).href, name: 'second' };
	const change = (event: object) =>
		client.connection.sendNotification('workspace/didChangeWorkspaceFolders', { event });
	await change({ added: [folder], removed: [] });
	await vi.waitFor(() => expect(client.diagnostics.get(uri)).toHaveLength(1), { timeout: 5000 });
	await change({ added: [], removed: [folder] });
	await vi.waitFor(() => expect(client.diagnostics.get(uri)).toEqual([]), { timeout: 5000 });
});

test('settings change severities', async () => {
	const client = await connect(programs, tree());
	const uri = client.uri('production/kustomization.yaml');
	client.open(uri, kustomization('../bsae'));
	const [diagnostic] = await vi.waitFor(() => client.diagnostics.get(uri) ?? expect.fail(), { timeout: 5000 });
	const set = (severities: object) =>
		client.connection.sendNotification('workspace/didChangeConfiguration', { settings: { strata: { severities } } });
	await set({ [String(diagnostic!.code)]: 'hint' });
	await vi.waitFor(() => expect(client.diagnostics.get(uri)?.[0]?.severity).toBe(4), { timeout: 5000 });
	await set({ 'kustomize/*': 'off' });
	await vi.waitFor(() => expect(client.diagnostics.get(uri)).toEqual([]), { timeout: 5000 });
});

test('an editor that is not ours gets nothing that it does not know', async () => {
	const unknown: string[] = [];
	const client = await connect(programs, tree(), { strataClient: false });
	client.connection.onUnhandledNotification(message => void unknown.push(message.method));
	const uri = client.uri('production/kustomization.yaml');
	client.open(uri, kustomization('../bsae'));
	await vi.waitFor(() => expect(client.diagnostics.get(uri)).toHaveLength(1), { timeout: 5000 });
	expect(unknown).toEqual([]);
	const lenses = await client.connection.sendRequest<{ command: { command: string } }[]>('textDocument/codeLens', {
		textDocument: { uri: client.uri('base/deployment.yaml') },
	});
	expect(lenses.map(lens => lens.command.command).filter(Boolean)).toEqual([]);
});

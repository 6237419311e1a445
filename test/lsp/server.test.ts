/** The server over a connection in memory, with a disk that can be made to fail. */
import { expect, test, vi } from 'vitest';
import type { Source } from '../../server/src/core/workspace/inputs';
import { fixture, memorySource } from '../support/fixture';
import { serve } from './in-memory';

const REPOSITORY = `
-- kustomization.yaml --
resources: [deployment.yaml]
-- deployment.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
`;

const open = (text: string, version = 1) => ({
	textDocument: { uri: 'file:///repo/deployment.yaml', languageId: 'yaml', version, text },
});

test('a disk that throws fails the request that asked, is logged, and the rest works', async () => {
	const memory = memorySource(fixture(REPOSITORY).files);
	let broken = false;
	const source: Source = {
		...memory,
		read: path => {
			if (broken && path.endsWith('/lost.yaml')) throw new Error('the disk is gone');
			return memory.read(path);
		},
	};
	const { client, failures } = await serve(source);
	broken = true;
	const hover = (file: string) =>
		client.sendRequest('textDocument/hover', {
			textDocument: { uri: `file:///repo/${file}` },
			position: { line: 0, character: 0 },
		});
	await expect(hover('lost.yaml')).rejects.toThrow('the disk is gone');
	expect(failures).toEqual(['answering hover']);
	await expect(hover('deployment.yaml')).resolves.toBeDefined();
});

test('YAML that does not parse is said at once, and taken back when it parses; the same set is sent once', async () => {
	const { client, published, checked } = await serve(memorySource(fixture(REPOSITORY).files));
	const ofFile = () => published.filter(({ uri }) => uri.endsWith('/deployment.yaml'));
	void client.sendNotification('textDocument/didOpen', open('kind: "Deployment\n'));
	const diagnostic = await vi.waitFor(() => ofFile().at(-1)?.diagnostics[0] ?? expect.fail('nothing was said'));
	expect(diagnostic).toMatchObject({ source: 'strata', severity: 1 });
	expect(diagnostic.codeDescription?.href).toBe(`file:///pages/${diagnostic.code}.md`);
	const sent = ofFile().length;

	// The same text again says nothing new of this file.
	const again = checked();
	void client.sendNotification('textDocument/didChange', {
		textDocument: { uri: 'file:///repo/deployment.yaml', version: 2 },
		contentChanges: [{ text: 'kind: "Deployment\n' }],
	});
	await again;
	expect(ofFile()).toHaveLength(sent);

	void client.sendNotification('textDocument/didChange', {
		textDocument: { uri: 'file:///repo/deployment.yaml', version: 3 },
		contentChanges: [{ text: 'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\n' }],
	});
	await vi.waitFor(() => expect(ofFile().at(-1)?.diagnostics).toEqual([]));
});

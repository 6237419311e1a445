/** Sealing over the wire: what comes out opens with the private key, and the plaintext is in nothing that the server says or writes. */
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { CodeAction, WorkspaceEdit } from 'vscode-languageserver-protocol/node';
import { canUnseal, readPrivateKeys } from '../../server/src/host/seal';
import type { SealableItem, SealParams, SealResult } from '../../server/src/lsp/protocol';
import { selfSigned } from '../support/certificate';
import { buildPrograms, repository } from '../support/programs';
import { connect } from './language-client';

const PLAINTEXT = 'planted-plaintext-7c1e';
const WRITTEN = 'planted-in-the-file-90b2';
const { certificate, privateKey } = selfSigned(0, Date.now() + 1e12);

let programs: string;
beforeAll(async () => {
	programs = await buildPrograms('server');
});

const tree = () =>
	repository(`-- base/kustomization.yaml --
resources: [namespace.yaml]
-- base/namespace.yaml --
apiVersion: v1
kind: Namespace
metadata: {name: shop}
-- base/sealed-secrets/template-db.yaml --
apiVersion: v1
kind: Secret
metadata:
  name: db
  namespace: shop
stringData:
  password: <sealed per environment>
  token: ${WRITTEN}
-- production/kustomization.yaml --
nameSuffix: -v1
resources:
  - ../base
-- production/pub-cert.pem --
${certificate}-- staging/kustomization.yaml --
resources:
  - ../base
`);

test('a template is sealed for an environment, and nobody else hears of the plaintext', async () => {
	const folder = tree();
	const client = await connect(programs, folder);
	const said: string[] = [];
	client.process.stdout!.on('data', (chunk: Buffer) => said.push(chunk.toString()));
	client.process.stderr!.on('data', (chunk: Buffer) => said.push(chunk.toString()));
	await client.checked();
	await client.connection.sendNotification('$/setTrace', { value: 'verbose' });

	const at = {
		textDocument: { uri: client.uri('base/sealed-secrets/template-db.yaml') },
		position: { line: 6, character: 4 },
	};
	const sealable = await client.connection.sendRequest<SealableItem>('strata/sealable', at);
	const place = sealable.places.find(({ environment }) => environment === 'production')!;
	expect(place).toMatchObject({ name: 'db-v1', namespace: 'shop', scope: 'strict', isNew: true });
	expect(place.certificates.map(({ label }) => label)).toEqual(['production/pub-cert.pem']);
	const params: SealParams = {
		...at,
		place: place.uri,
		target: { scope: place.scope, name: place.name, namespace: place.namespace },
		certificate: { uri: place.certificates[0]!.uri },
		values: [{ key: 'password', text: PLAINTEXT }],
		written: ['token'],
	};
	const result = await client.connection.sendRequest<SealResult>('strata/seal', params);
	if ('failure' in result) throw new Error(result.failure);

	const texts = textsOf(result.edit);
	const target = { scope: 'strict', namespace: 'shop', name: 'db-v1' } as const;
	for (const key of ['password', 'token']) {
		const ciphertext = new RegExp(`${key}: (\\S+)`).exec(texts)?.[1] ?? '';
		expect(canUnseal(ciphertext, readPrivateKeys(privateKey), target)).toBe(true);
		expect(canUnseal(ciphertext, readPrivateKeys(privateKey), { ...target, name: 'db' })).toBe(false);
	}
	expect(texts).toContain('- sealed-secrets/actual-db.yaml');

	// What a certificate that was pasted into one line, or a wrong one, gives.
	const pasted = { ...params, certificate: { pem: certificate.replaceAll('\n', ' ') } };
	expect(await client.connection.sendRequest('strata/seal', pasted)).toHaveProperty('edit');
	const wrong = { ...params, certificate: { pem: 'no certificate' } };
	expect(await client.connection.sendRequest('strata/seal', wrong)).toMatchObject({
		failure: expect.stringContaining('not a certificate') as string,
	});
	const elsewhere = { ...params, place: client.uri('elsewhere.yaml') };
	expect(await client.connection.sendRequest('strata/seal', elsewhere)).toHaveProperty('failure');
	await expect(client.connection.sendRequest('strata/seal', { ...params, target: undefined })).rejects.not.toThrow(
		PLAINTEXT,
	);

	expect([...said, ...client.logged].join('\n')).not.toContain(PLAINTEXT);
	expect([...said, ...client.logged].join('\n')).not.toContain(Buffer.from(PLAINTEXT).toString('base64'));
	expect(filesBelow(folder).filter(text => text.includes(PLAINTEXT))).toEqual([]);
	expect(filesBelow(folder).filter(text => text.includes(WRITTEN))).toHaveLength(1);
});

function textsOf({ documentChanges = [] }: WorkspaceEdit): string {
	return documentChanges
		.flatMap(change => ('edits' in change ? change.edits : []))
		.map(edit => ('newText' in edit ? edit.newText : ''))
		.join('\n');
}

function filesBelow(directory: string): string[] {
	return fs
		.readdirSync(directory, { recursive: true, withFileTypes: true })
		.filter(entry => entry.isFile())
		.map(entry => fs.readFileSync(path.join(entry.parentPath, entry.name), 'utf8'));
}

test('a secret that drifted can be sealed anew from where it is changed and from where it stands', async () => {
	const ciphertext = `Ag${'A'.repeat(598)}`;
	const folder = repository(`-- kustomization.yaml --
namePrefix: my-
resources: [db.yaml]
-- db.yaml --
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata:
  name: db
  namespace: shop
spec:
  encryptedData:
    password: ${ciphertext}
`);
	const client = await connect(programs, folder);
	await client.checked();
	for (const [file, line] of [
		['kustomization.yaml', 0],
		['db.yaml', 3],
	] as const) {
		const uri = client.uri(file);
		const range = { start: { line, character: 0 }, end: { line, character: 15 } };
		const actions = await client.connection.sendRequest<CodeAction[]>('textDocument/codeAction', {
			textDocument: { uri },
			range,
			context: { diagnostics: client.diagnostics.get(uri) ?? [], only: ['quickfix'] },
		});
		expect(actions.map(({ title, command, diagnostics }) => [title, command, diagnostics?.length])).toEqual([
			['Keep namePrefix from SealedSecret/db', undefined, 1],
			[
				'Seal db.yaml anew...',
				expect.objectContaining({
					command: 'strata.sealSecretFile',
					arguments: [{ uri: client.uri('db.yaml'), position: { line: 3, character: 8 } }],
				}),
				1,
			],
		]);
	}
});

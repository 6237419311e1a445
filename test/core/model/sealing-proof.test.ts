/** With the controller's private key it is known, and not guessed, what opens. */
import { createPublicKey } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Analysis } from '../../../server/src/core/analysis';
import { privateKeys } from '../../../server/src/host/private-keys';
import { sealValue, type SealTarget } from '../../../server/src/host/seal';
import { selfSigned } from '../../support/certificate';
import { diagnostics, NOW } from '../../support/check';
import { fixture, memorySource, ROOT } from '../../support/fixture';

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'strata-keys-'));
afterAll(() => fs.rmSync(directory, { recursive: true }));

type Certified = ReturnType<typeof selfSigned>;

function modulusOf({ certificate }: Certified): bigint {
	const { n } = createPublicKey(certificate).export({ format: 'jwk' });
	return BigInt(`0x${Buffer.from(n!, 'base64url').toString('hex')}`);
}

function keyFile(name: string, text: string): string {
	const file = path.join(directory, name);
	fs.writeFileSync(file, text, { mode: 0o600 });
	return file;
}

/** What the key with the smaller modulus has sealed could have been sealed with the other one, as far as its size tells. */
const [others, mine] = [selfSigned(0, NOW + 1e12), selfSigned(0, NOW + 1e12)].sort((a, b) =>
	modulusOf(a) < modulusOf(b) ? -1 : 1,
) as [Certified, Certified];
const PEM = keyFile('key.pem', mine.privateKey);
const SECRET = keyFile(
	'key.yaml',
	`kind: Secret\ndata:\n  tls.crt: AAAA\n  tls.key: ${Buffer.from(mine.privateKey).toString('base64')}\n`,
);

function sealedWith({ certificate }: { readonly certificate: string }, target: Partial<SealTarget> = {}): string {
	const whole = { scope: 'strict', namespace: 'shop', name: 'db', ...target } as const;
	const result = sealValue(Buffer.from('planted-plaintext'), certificate, whole, NOW);
	if ('failure' in result) throw new Error(result.failure);
	return result.sealed;
}

const secret = (values: Readonly<Record<string, string>>, kustomization = '') => `-- kustomization.yaml --
resources: [db.yaml]
${kustomization}-- db.yaml --
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata:
  name: db
  namespace: shop
spec:
  encryptedData:
${Object.entries(values)
	.map(([key, text]) => `    ${key}: ${text}\n`)
	.join('')}`;

function found(text: string, files: readonly string[]): readonly string[] {
	const keys = privateKeys();
	const parsed = fixture(text);
	const analysis = new Analysis({ ...memorySource(parsed.files), sealingKeys: keys });
	analysis.apply({ roots: [ROOT], now: NOW });
	const lines = () => diagnostics({ analysis, fixture: parsed }).map(line => line.split(' "')[0]!);
	const before = lines();
	keys.use(files);
	analysis.apply({ sealingKeysChanged: true });
	const after = lines();
	keys.use([]);
	analysis.apply({ sealingKeysChanged: true });
	expect(lines()).toEqual(before);
	for (const { message } of analysis.diagnostics('/repo/db.yaml')) expect(message).not.toContain('planted');
	return after;
}

const CLOSED = 'sealed-secret/cannot-open';

describe.each([
	['PEM', PEM],
	['the controller’s Secret', SECRET],
])('a key in %s', (_, file) => {
	test('opens what was sealed for what is rendered', () => {
		expect(found(secret({ a: sealedWith(mine) }), [file])).toEqual([]);
	});

	test('does not open what was sealed for another name, or with another key', () => {
		const values = { a: sealedWith(mine), b: sealedWith(mine, { name: 'other' }), c: sealedWith(others) };
		expect(found(secret(values), [file])).toEqual([`db.yaml:9 ${CLOSED}`, `db.yaml:10 ${CLOSED}`].sort());
	});

	test('says nothing of an environment that is not its own', () => {
		expect(found(secret({ a: sealedWith(others) }), [file])).toEqual([]);
	});

	test('but of one whose certificate it belongs to', () => {
		const text = `${secret({ a: sealedWith(others) })}-- pub-cert.pem --\n${mine.certificate}`;
		expect(found(text, [file])).toEqual([`db.yaml:8 ${CLOSED}`]);
	});

	test('proves that a renamed secret was sealed for its new name', () => {
		const renamed = (name: string) => secret({ a: sealedWith(mine, { name }) }, 'namePrefix: my-\n');
		expect(found(renamed('my-db'), [file])).toEqual([]);
		expect(found(renamed('db'), [file]).filter(line => line.includes('name-drift'))).not.toEqual([]);
	});
});

test('the scope that a value was sealed for is told', () => {
	const keys = privateKeys();
	expect(keys.use([PEM])).toEqual([]);
	const values = { a: sealedWith(mine), b: sealedWith(mine, { scope: 'cluster-wide' }) };
	const analysis = new Analysis({ ...memorySource(fixture(secret(values)).files), sealingKeys: keys });
	analysis.apply({ roots: [ROOT] });
	expect(analysis.diagnostics('/repo/db.yaml').map(({ severity, message }) => [severity, message])).toEqual([
		['error', expect.stringContaining('sealed as cluster-wide, and the object says strict') as string],
	]);
});

test.each(['relative.pem', path.join(directory, 'missing.pem'), keyFile('none.pem', 'nothing')])(
	'of %s it is said that it holds no key',
	file => {
		expect(privateKeys().use([file])).toEqual([`There is no private key in ${file}.`]);
	},
);

import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseCertificates } from '../../server/src/core/gitops/secrets/certificate';
import { inspectCiphertext } from '../../server/src/core/gitops/secrets/ciphertext';
import { canUnseal, readPrivateKeys, sealValue, type SealTarget } from '../../server/src/host/seal';
import { selfSigned } from '../support/certificate';

const VALUE = 'correct horse battery staple';
const NOW = Date.UTC(2026, 0, 1);
const STRICT: SealTarget = { scope: 'strict', namespace: 'shop', name: 'db' };

const { certificate, privateKey } = selfSigned(Date.UTC(2024, 0, 1), Date.UTC(2044, 0, 1));
const keys = readPrivateKeys(privateKey);

const seal = (target: SealTarget, text = VALUE): string => {
	const result = sealValue(Buffer.from(text), certificate, target, NOW);
	if ('failure' in result) throw new Error(result.failure);
	return result.sealed;
};

describe('a sealed value opens under the label of its scope only', () => {
	const elsewhere: SealTarget = { ...STRICT, namespace: 'other' };
	const renamed: SealTarget = { ...STRICT, name: 'cache' };
	test.each([
		['strict', { own: true, renamed: false, elsewhere: false }],
		['namespace-wide', { own: true, renamed: true, elsewhere: false }],
		['cluster-wide', { own: true, renamed: true, elsewhere: true }],
	] as const)('%s', (scope, expected) => {
		const sealed = seal({ ...STRICT, scope });
		const opens = (target: SealTarget) => canUnseal(sealed, keys, { ...target, scope });
		expect({ own: opens(STRICT), renamed: opens(renamed), elsewhere: opens(elsewhere) }).toEqual(expected);
	});
});

test('another key does not open it', () => {
	const { privateKey: other } = generateKeyPairSync('rsa', { modulusLength: 2048 });
	expect(canUnseal(seal(STRICT), [other], STRICT)).toBe(false);
	expect(canUnseal(seal(STRICT), [other, ...keys], STRICT)).toBe(true);
});

test('what is damaged or no ciphertext does not open', () => {
	const bytes = Buffer.from(seal(STRICT), 'base64');
	bytes[bytes.length - 1]! ^= 1;
	expect(canUnseal(bytes.toString('base64'), keys, STRICT)).toBe(false);
	for (const text of ['', 'AA==', 'AQA=', 'no base64 at all']) expect(canUnseal(text, keys, STRICT)).toBe(false);
});

test('the core finds a sealed value in order, and its length', () => {
	const certificates = parseCertificates(certificate).filter(found => found !== undefined);
	expect(inspectCiphertext(seal(STRICT), certificates)).toEqual({ kind: 'sealed', plaintextBytes: VALUE.length });
	expect(inspectCiphertext(seal(STRICT, ''), certificates)).toEqual({ kind: 'sealed', plaintextBytes: 0 });
});

test.each([
	['no namespace', { ...STRICT, namespace: '' }, certificate, NOW, /must declare a namespace/],
	['no name', { ...STRICT, name: '' }, certificate, NOW, /must have a name/],
	['no certificate', STRICT, 'hello', NOW, /not a certificate/],
	['an expired certificate', STRICT, certificate, Date.UTC(2050, 0, 1), /expired on 2044-01-01/],
] as const)('refuses %s, and does not repeat the value', (_, target, pem, now, why) => {
	const result = sealValue(Buffer.from(VALUE), pem, target, now);
	expect('failure' in result && result.failure).toMatch(why);
	expect(JSON.stringify(result)).not.toContain(VALUE);
});

test('private keys that cannot be read are left out', () => {
	const broken = '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n';
	expect(readPrivateKeys(broken + privateKey)).toHaveLength(1);
	expect(readPrivateKeys('nothing')).toHaveLength(0);
});

const hasKubeseal = (() => {
	try {
		execFileSync('kubeseal', ['--version'], { stdio: 'ignore' });
		return true;
	} catch {
		return false;
	}
})();

if (!hasKubeseal) console.warn('Opening with kubeseal is skipped: there is no kubeseal.');
test.skipIf(!hasKubeseal)('kubeseal opens it too', () => {
	const directory = mkdtempSync(join(tmpdir(), 'strata-seal-'));
	try {
		const manifest = `apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: db, namespace: shop}\nspec: {encryptedData: {password: ${seal(STRICT)}}}\n`;
		const key = join(directory, 'key.pem');
		execFileSync('sh', ['-c', 'cat > "$0"', key], { input: privateKey });
		const out = execFileSync('kubeseal', ['--recovery-unseal', '--recovery-private-key', key], { input: manifest });
		expect(out.toString()).toContain(Buffer.from(VALUE).toString('base64'));
	} finally {
		rmSync(directory, { recursive: true });
	}
});

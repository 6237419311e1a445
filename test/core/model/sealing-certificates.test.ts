import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { analyse, diagnostics, NOW } from '../../support/check';
import { selfSigned } from '../../support/certificate';

const DAY = 24 * 60 * 60 * 1000;
const production = selfSigned(NOW - DAY, NOW + 365 * DAY);
const staging = selfSigned(NOW - DAY, NOW + 365 * DAY, 3072);

/** A text that is a ciphertext for a key of so many bytes, of a number that is below every modulus. */
function ciphertextFor(keyBytes: number): string {
	const bytes = randomBytes(2 + keyBytes + 16 + 8);
	bytes.writeUInt16BE(keyBytes, 0);
	bytes[2] = 0;
	return bytes.toString('base64');
}

const sealed = (environment: string, keyBytes: number) => `-- clusters/${environment}/app/kustomization.yaml --
resources: [../../base/app, actual-db.yaml]
-- clusters/${environment}/app/actual-db.yaml --
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata: {name: db, namespace: app}
spec:
  encryptedData:
    password: ${ciphertextFor(keyBytes)}
`;

const tree = (certificates: Readonly<Record<string, string>>, { productionBytes = 256, stagingBytes = 384 } = {}) =>
	`-- clusters/base/app/kustomization.yaml --
resources: [namespace.yaml]
-- clusters/base/app/namespace.yaml --
apiVersion: v1
kind: Namespace
metadata: {name: app}
${sealed('production', productionBytes)}${sealed('staging', stagingBytes)}` +
	Object.entries(certificates)
		.map(([file, pem]) => `-- ${file} --\n${pem}`)
		.join('');

const found = (text: string) => diagnostics(analyse(text)).map(line => line.split(' "')[0]);

describe('a ciphertext is held against the certificate of its own environment', () => {
	test.each(['clusters/%/app/pub-cert.pem', 'clusters/%/sealed-secrets/tls.crt', 'certificates/sealed-secrets-%.pem'])(
		'%s',
		place => {
			const at = (environment: string) => place.replace('%', environment);
			const both = { [at('production')]: production.certificate, [at('staging')]: staging.certificate };
			expect(found(tree(both))).toEqual([]);
			expect(found(tree(both, { productionBytes: 384 }))).toEqual([
				'clusters/production/app/actual-db.yaml:6 sealed-secret/wrong-key-length',
			]);
		},
	);

	test('and against none where it has none', () => {
		expect(found(tree({ 'clusters/staging/app/pub-cert.pem': staging.certificate }))).toEqual([]);
		expect(found(tree({ 'pub-cert.pem': staging.certificate }))).toEqual([]);
		expect(found(tree({ 'clusters/base/app/pub-cert.pem': staging.certificate }))).toEqual([]);
	});

	test('and any of several will do, for keys are rotated', () => {
		const both = {
			'clusters/production/app/pub-cert-old.pem': staging.certificate,
			'clusters/production/app/pub-cert.pem': production.certificate,
		};
		expect(found(tree(both))).toEqual([]);
		expect(found(tree(both, { productionBytes: 384 }))).toEqual([]);
		expect(found(tree(both, { productionBytes: 512 }))).toEqual([
			'clusters/production/app/actual-db.yaml:6 sealed-secret/wrong-key-length',
		]);
	});
});

describe('the certificates themselves', () => {
	const alone = (pem: string, file = 'clusters/production/app/pub-cert.pem') => found(tree({ [file]: pem }));
	test.each([
		['expired', selfSigned(NOW - 9 * DAY, NOW - DAY).certificate, ['certificate-expired']],
		['soon to expire', selfSigned(NOW - 9 * DAY, NOW + DAY).certificate, ['certificate-expires']],
		['not yet valid', selfSigned(NOW + DAY, NOW + 99 * DAY).certificate, ['certificate-not-yet-valid']],
		['damaged', 'nothing\n', ['bad-certificate']],
		['a private key', production.privateKey, []],
		['in order', production.certificate, []],
		['followed by an older one', production.certificate + selfSigned(NOW - 9 * DAY, NOW - DAY).certificate, []],
	] as const)('%s', (_, pem, codes) => {
		expect(alone(pem)).toEqual(codes.map(code => `clusters/production/app/pub-cert.pem:1 sealed-secret/${code}`));
	});

	test.each(['clusters/production/app/ca.crt', 'clusters/production/app/tls.crt', 'sealing/ca.pem'])(
		'%s is not for sealing, so nothing is said of it',
		file => expect(alone('nothing\n', file)).toEqual([]),
	);

	test('nothing is said of time before the host has said what time it is, and again when it goes on', () => {
		const { analysis } = analyse(
			tree({ 'clusters/production/app/pub-cert.pem': selfSigned(NOW - DAY, NOW + 90 * DAY).certificate }),
		);
		const codes = () => analysis.diagnostics('/repo/clusters/production/app/pub-cert.pem').map(({ code }) => code);
		expect(codes()).toEqual([]);
		analysis.apply({ now: NOW + 70 * DAY });
		expect(codes()).toEqual(['sealed-secret/certificate-expires']);
		analysis.apply({ now: NOW + 91 * DAY });
		expect(codes()).toEqual(['sealed-secret/certificate-expired']);
	});
});

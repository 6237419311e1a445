import { constants, createCipheriv, publicEncrypt, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { formatPath } from '../../../../server/src/core/base/address';
import type { Problem } from '../../../../server/src/core/base/problem';
import { decodeOrLocate } from '../../../../server/src/core/base/base64';
import { parseCertificates } from '../../../../server/src/core/gitops/secrets/certificate';
import { repeatedCiphertexts } from '../../../../server/src/core/gitops/secrets/repeated-ciphertext';
import { sealedSecretProblems } from '../../../../server/src/core/gitops/secrets/sealed-secret';
import { sealingCertificateProblems } from '../../../../server/src/core/gitops/secrets/sealing-certificate';
import { selfSigned } from '../../../support/certificate';
import { changed, resourcesOf } from '../../../support/resources';

const YEAR_2024 = Date.UTC(2024, 0, 1);
const pair = selfSigned(YEAR_2024, Date.UTC(2034, 0, 1));
const certificates = parseCertificates(pair.certificate).filter(certificate => certificate !== undefined);
const OVERLAY = '/repo/overlay/kustomization.yaml';

const sealedText = (value: string, certificate = pair.certificate): string => {
	const key = randomBytes(32);
	const encrypted = publicEncrypt(
		{ key: certificate, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
		key,
	);
	const cipher = createCipheriv('aes-256-gcm', key, Buffer.alloc(12));
	const body = Buffer.concat([cipher.update(value), cipher.final(), cipher.getAuthTag()]);
	return Buffer.concat([Buffer.from([encrypted.length >> 8, encrypted.length & 255]), encrypted, body]).toString(
		'base64',
	);
};
const GOOD = sealedText('x');

const secret = ({
	metadata = '{name: db, namespace: shop}',
	template = '{}',
	value = GOOD,
	apiVersion = 'bitnami.com/v1alpha1',
} = {}) =>
	resourcesOf(`apiVersion: ${apiVersion}
kind: SealedSecret
metadata: ${metadata}
spec:
  encryptedData: {password: ${JSON.stringify(value)}}
  template: {metadata: ${template}}
`)[0]!;

const codes = (problems: readonly Problem[]) => [
	...new Set(problems.map(({ code }) => code.replace('sealed-secret/', ''))),
];
const judge = (...resources: ReturnType<typeof resourcesOf>) => sealedSecretProblems(resources, { certificates });

test('a secret in order has no problems', () => {
	expect(judge(secret({ template: '{name: db, namespace: shop}' }))).toEqual([]);
});

describe('drift of name and namespace', () => {
	const renamed = (metadata: string) =>
		changed(secret({ metadata }), ['metadata', 'name'], 'prod-db', 'prefix', { file: OVERLAY, path: ['namePrefix'] });
	const moved = (metadata: string) =>
		changed(secret({ metadata }), ['metadata', 'namespace'], 'prod', 'namespace', {
			file: OVERLAY,
			path: ['namespace'],
		});
	test('not where the template says that it was sealed for what is rendered', () => {
		const metadata = '{name: db, namespace: shop}';
		const sealedFor = (name: string) =>
			changed(
				secret({ metadata, template: `{name: ${name}, namespace: shop}` }),
				['metadata', 'name'],
				'prod-db',
				'prefix',
				{
					file: OVERLAY,
					path: ['namePrefix'],
				},
			);
		expect(codes(judge(sealedFor('prod-db')))).toEqual([]);
		expect(codes(judge(sealedFor('db')))).toEqual(['name-drift']);
	});

	const annotated = (key: string, value: string) =>
		`{name: db, namespace: shop, annotations: {sealedsecrets.bitnami.com/${key}: ${value}}}`;

	test('stands at the transformer and at the secret, each with the other as related, with the words of the controller', () => {
		const [problem, other, ...rest] = judge(renamed('{name: db, namespace: shop}'));
		expect(rest).toEqual([]);
		expect(other).toMatchObject({
			code: 'sealed-secret/name-drift',
			severity: 'error',
			at: { file: '/repo/x.yaml', path: ['metadata', 'name'] },
			details: 'no key could decrypt secret (password)',
			related: [{ at: { file: OVERLAY, path: ['namePrefix'] } }],
		});
		expect(problem).toMatchObject({
			code: 'sealed-secret/name-drift',
			severity: 'error',
			at: { file: OVERLAY, path: ['namePrefix'] },
			details: 'no key could decrypt secret (password)',
			related: [{ at: { file: '/repo/x.yaml', document: 0, path: ['metadata', 'name'] } }],
		});
		expect(problem!.message).toContain('sealed for the name "db", but `namePrefix` makes it "prod-db"');
	});

	test.each([
		['strict', '{name: db, namespace: shop}', ['name-drift'], ['namespace-drift']],
		['namespace-wide', annotated('namespace-wide', '"true"'), [], ['namespace-drift']],
		['cluster-wide', annotated('cluster-wide', '"true"'), [], []],
		['only the text "true" counts', annotated('cluster-wide', '"True"'), ['name-drift'], ['namespace-drift']],
		[
			'cluster-wide beats namespace-wide',
			'{name: db, namespace: shop, annotations: {sealedsecrets.bitnami.com/cluster-wide: "true", sealedsecrets.bitnami.com/namespace-wide: "true"}}',
			[],
			[],
		],
		['a namespace that the file does not tell is unknown', '{name: db}', ['name-drift'], []],
	])('%s', (_, metadata, ofName, ofNamespace) => {
		expect(codes(judge(renamed(metadata)))).toEqual(ofName);
		expect(codes(judge(moved(metadata)))).toEqual(ofNamespace);
	});

	test('values that a patch of the overlay wrote were sealed for what it renders', () => {
		const patched = changed(
			renamed('{name: db, namespace: shop}'),
			['spec', 'encryptedData', 'password'],
			GOOD,
			'patch',
			{
				file: '/repo/overlay/patch.yaml',
				path: ['spec', 'encryptedData', 'password'],
			},
		);
		expect(codes(judge(patched))).toEqual([]);
	});

	test('templates are not sealed yet', () => {
		const [template] = resourcesOf(
			`-- template-db.yaml --\napiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: db, namespace: shop}\nspec: {encryptedData: {password: <seal me>}}\n`,
		);
		const moved = changed(template!, ['metadata', 'namespace'], 'prod', 'namespace', {
			file: OVERLAY,
			path: ['namespace'],
		});
		expect(judge(moved)).toEqual([]);
	});
});

describe('ciphertexts', () => {
	const bytes = (text: string) => Buffer.from(text, 'base64');
	const small = selfSigned(YEAR_2024, Date.UTC(2034, 0, 1), 1024);
	const above = bytes(GOOD);
	above.fill(0xff, 2, 258);
	test.each([
		['not base64', 'AgB@', 'not-base64', 'illegal base64 data at input byte 3 (password)'],
		['padding missing', 'AgB', 'not-base64', 'illegal base64 data at input byte 0 (password)'],
		['nothing', '', 'too-short', 'no key could decrypt secret (password)'],
		['cut off', bytes(GOOD).subarray(0, 200).toString('base64'), 'too-short', 'no key could decrypt secret (password)'],
		[
			'an ordinary text in base64',
			bytes('c2VjcmV0').toString('base64'),
			'wrong-key-length',
			'no key could decrypt secret (password)',
		],
		[
			'a key of another length',
			sealedText('x', small.certificate),
			'wrong-key-length',
			'no key could decrypt secret (password)',
		],
		['a number above the modulus', above.toString('base64'), 'wrong-key', 'no key could decrypt secret (password)'],
		['an empty plaintext', sealedText(''), 'empty-value', undefined],
	])('%s', (_, value, code, details) => {
		const problems = judge(secret({ value }));
		expect(codes(problems)).toEqual([code]);
		expect(problems[0]!.details).toBe(details);
		expect(formatPath(problems[0]!.at.path)).toBe('spec.encryptedData.password');
		if (value.length > 4) expect(JSON.stringify(problems)).not.toContain(value);
	});

	test('without a certificate only what no key could open is said', () => {
		const values = [sealedText('x', small.certificate), above.toString('base64')];
		for (const value of values) expect(sealedSecretProblems([secret({ value })], { certificates: [] })).toEqual([]);
	});

	test('what a substitution will fill in is not judged', () => {
		expect(judge(secret({ value: '${SEALED_PASSWORD}' }))).toEqual([]);
	});
});

test.each([
	['another name', '{name: cache, namespace: shop}', ['name'], 'was probably sealed for "cache"'],
	['another namespace', '{name: db, namespace: other}', ['namespace'], 'was probably sealed for "other"'],
	[
		'another scope',
		'{annotations: {sealedsecrets.bitnami.com/cluster-wide: "true"}}',
		['annotations'],
		'cluster-wide by its template',
	],
])('a template that says %s', (_, template, path, words) => {
	const problems = judge(secret({ template }));
	expect(codes(problems)).toEqual(['template-contradicts']);
	expect(problems[0]!.at.path).toEqual(['spec', 'template', 'metadata', ...path]);
	expect(problems[0]!.message).toContain(words);
});

test('an apiVersion that the controller does not know', () => {
	const problems = judge(secret({ apiVersion: 'bitnami.com/v1beta1' }));
	expect(problems).toMatchObject([{ code: 'sealed-secret/unknown-version', at: { path: ['apiVersion'] } }]);
	expect(problems[0]!.fixes).toHaveLength(1);
});

test.each([
	['', ['secret-of-same-name']],
	[', annotations: {sealedsecrets.bitnami.com/managed: "true"}', []],
	[', annotations: {sealedsecrets.bitnami.com/patch: "true"}', []],
	[', annotations: {sealedsecrets.bitnami.com/managed: "yes"}', ['secret-of-same-name']],
])('a Secret of the same name%s', (annotations, expected) => {
	const [plain] = resourcesOf(`apiVersion: v1\nkind: Secret\nmetadata: {name: db, namespace: shop${annotations}}\n`);
	const problems = judge(secret(), plain!);
	expect(codes(problems)).toEqual(expected);
	expect(problems.map(({ details }) => details)).toEqual(
		expected.map(() => 'Resource "db" already exists and is not managed by SealedSecret'),
	);
});

test('the deprecated data field', () => {
	const [old] = resourcesOf(
		'apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: db, namespace: shop}\nspec: {data: AAAA}\n',
	);
	expect(codes(judge(old!))).toEqual(['deprecated-data']);
});

describe('the same ciphertext twice', () => {
	const at = (file: string, metadata: string) =>
		resourcesOf(
			`-- ${file} --\napiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: ${metadata}\nspec: {encryptedData: {password: ${GOOD}}}\n`,
		);
	const repeated = (a: ReturnType<typeof at>, b: ReturnType<typeof at>) =>
		repeatedCiphertexts([
			{ name: 'staging', resources: a },
			{ name: 'production', resources: b },
		]).map(({ severity, at: { file } }) => `${severity} ${file}`);
	const SHOP = '{name: db, namespace: shop}';
	test('in two environments', () => {
		expect(repeated(at('a.yaml', SHOP), at('b.yaml', SHOP))).toEqual(['warning /repo/b.yaml']);
	});
	test('under two names', () => {
		expect(repeated(at('a.yaml', SHOP), at('b.yaml', '{name: cache, namespace: shop}'))).toEqual([
			'error /repo/b.yaml',
		]);
	});
	test('one base in two environments is one place', () => {
		expect(repeated(at('a.yaml', SHOP), at('a.yaml', SHOP))).toEqual([]);
	});
	test('unless they render it under two names', () => {
		const [resource] = at('a.yaml', SHOP);
		const moved = changed(resource!, ['metadata', 'namespace'], 'prod', 'namespace', {
			file: OVERLAY,
			path: ['namespace'],
		});
		expect(repeated([resource!], [moved])).toEqual(['error /repo/a.yaml']);
	});
});

describe('certificates', () => {
	test('modulus and times, either way of writing them', () => {
		const until = Date.UTC(2061, 1, 3, 4, 5, 6);
		const [certificate] = parseCertificates(selfSigned(YEAR_2024, until, 1024).certificate);
		expect(certificate).toMatchObject({ modulusBytes: 128, notBefore: YEAR_2024, notAfter: until });
	});
	const DAY = 24 * 60 * 60 * 1000;
	const END = Date.UTC(2034, 0, 1);
	test.each([
		['valid', END - 31 * DAY, []],
		['about to expire', END - 29 * DAY, ['certificate-expires']],
		['expired', END + DAY, ['certificate-expired']],
		['not yet valid', YEAR_2024 - DAY, ['certificate-not-yet-valid']],
	])('%s', (_, now, expected) => {
		expect(codes(sealingCertificateProblems('/repo/pub-cert.pem', pair.certificate, now))).toEqual(expected);
	});
	test.each([
		['no PEM', 'hello'],
		['no DER', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'],
	])('%s', (_, pem) => {
		expect(codes(sealingCertificateProblems('/repo/pub-cert.pem', pem, YEAR_2024))).toEqual(['bad-certificate']);
	});
	test('bytes at random are no certificate, and end', () => {
		for (let i = 0; i < 500; i++) {
			const body = randomBytes(i).toString('base64');
			expect(() => parseCertificates(`-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----`)).not.toThrow();
		}
	});
});

// What Go 1.24's base64.StdEncoding.DecodeString says.
test.each([
	['aGVsbG8=', 'hello'],
	['aGVs\nbG8=\n', 'hello'],
	['aGVsbA==', 'hell'],
	['aGVsbG8', 4],
	['aGVsb', 4],
	['aGVsbA=', 7],
	['aGVsbA=x', 6],
	['aGVsbG8=x', 8],
	['=', 0],
	['a b=', 1],
])('decodes %j as Go does', (text, expected) => {
	const decoded = decodeOrLocate(text);
	expect('bytes' in decoded ? Buffer.from(decoded.bytes).toString() : decoded.errorAt).toBe(expected);
});

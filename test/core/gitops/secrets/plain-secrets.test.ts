import { describe, expect, test } from 'vitest';
import { formatPath } from '../../../../server/src/core/base/address';
import { placeholderIn } from '../../../../server/src/core/gitops/secrets/placeholders';
import { credentialProblems, plainSecretProblems } from '../../../../server/src/core/gitops/secrets/plain-secrets';
import { tokensIn } from '../../../../server/src/core/base/token-patterns';
import { resourcesOf } from '../../../support/resources';

const base64 = (text: string) => Buffer.from(text).toString('base64');
/** Written in two halves, so that nobody's scanner takes the test for a leak. */
const made = (head: string, rest: string) => head + rest;

test.each([
	['', true],
	['<password>', true],
	['${DB_PASSWORD}', true],
	['$(cat /run/secret)', false],
	['{{ .Values.password }}', true],
	['changeme', true],
	['CHANGE_ME', true],
	['REPLACE_WITH_YOUR_TOKEN', true],
	['replace me with the real one', true],
	['your-token-here', true],
	['api-key-placeholder', true],
	['xxxxxxxx', true],
	['ENC[AES256_GCM,data:x]', true],
	['ref+vault://secret/db', true],
	['hunter2', false],
	['correct horse battery staple', false],
	['Tr0ub4dor&3', false],
	['todo-list-service-9f8a7', false],
])('%j is a placeholder: %s', (text, expected) => {
	expect(placeholderIn(text)).toBe(expected);
});

test('deciding takes no time whatever the text', () => {
	for (const text of [
		'replace_' + 'a'.repeat(250) + '\n!',
		'your ' + 'a '.repeat(120) + '\u0000',
		'x'.repeat(2_000_000),
	]) {
		const before = performance.now();
		placeholderIn(text);
		tokensIn(text);
		tokensIn(`https://${text}`);
		expect(performance.now() - before).toBeLessThan(1_000);
	}
});

describe('Secrets', () => {
	const keys = (body: string) =>
		plainSecretProblems(resourcesOf(`apiVersion: v1\nkind: Secret\nmetadata: {name: db}\n${body}\n`)).map(({ at }) =>
			formatPath(at.path),
		);
	test.each([
		['stringData: {password: hunter2}', ['stringData.password']],
		[`data: {password: ${base64('hunter2')}}`, ['data.password']],
		[`data: {password: ${base64('<password>')}}`, []],
		['stringData: {password: "${DB_PASSWORD}"}', []],
		['stringData: {username: admin, tls.crt: "-----BEGIN CERTIFICATE-----"}', []],
		[`stringData: {url: ${made('postgres://a:hunter2secret', '@db/x')}}`, ['stringData.url']],
		['stringData: {password: "ENC[AES256_GCM,data:x]"}\nsops: {mac: x}', []],
		['stringData: {password: }', []],
	])('%s', (body, expected) => {
		expect(keys(body)).toEqual(expected);
	});
	test('templates', () => {
		const text =
			'-- template-db.yaml --\napiVersion: v1\nkind: Secret\nmetadata: {name: db}\nstringData: {password: a-real-one}\n';
		expect(plainSecretProblems(resourcesOf(text))).toEqual([]);
	});
});

describe('credentials by their form', () => {
	test.each([
		['a private key', made('-----BEGIN RSA PRIVATE', ' KEY-----\nMIIE')],
		['an age key', made('AGE-SECRET-', 'KEY-1' + 'Q'.repeat(58))],
		['an AWS access key', made('AKIA', 'IOSFODNN7EXAMPLE')],
		['a GitHub token', made('ghp', '_' + 'a1'.repeat(18))],
		['a GitLab token', made('glpat', '-' + 'a1'.repeat(10))],
		['a Slack token', made('xoxb', '-123456789012-abcdef')],
		['a Stripe key', made('sk_live', '_' + 'a1'.repeat(12))],
		['a password in a URL', made('redis://default:hunter2', '@redis:6379')],
	])('%s', (name, text) => {
		const [resource] = resourcesOf(`a: {b: ${JSON.stringify(`x ${text} y`)}}`);
		const problems = credentialProblems(resource!.node);
		expect(problems).toHaveLength(1);
		expect(problems[0]!.message).toContain(name);
		expect(problems[0]!.message).toContain('"a.b"');
		expect(JSON.stringify(problems)).not.toContain(text);
	});
	test.each([
		'https://github.com/a/b',
		'postgres://user:${PASSWORD}@db/x',
		'postgres://user:$(PASSWORD)@db/x',
		'postgres://user:password@db/x',
		'https://<user>:<password>@host',
		'ghcr.io/stefanprodan/podinfo:6.5.0@sha256:abcdef',
		'-----BEGIN CERTIFICATE-----\nMIIE',
		'http://host:8080/a@b',
	])('%s is none', text => {
		expect(tokensIn(text)).toEqual([]);
	});
	test('what is encrypted is left alone', () => {
		const [resource] = resourcesOf(`a: ${made('AKIA', 'IOSFODNN7EXAMPLE')}\nsops: {mac: x}`);
		expect(credentialProblems(resource!.node)).toEqual([]);
	});
});

describe('copies of Secrets in annotations', () => {
	const copy = (data: object) => JSON.stringify(JSON.stringify({ kind: 'Secret', ...data }));
	const at = (kind: string, metadata: string) =>
		plainSecretProblems(resourcesOf(`apiVersion: v1\nkind: ${kind}\nmetadata: ${metadata}\n`)).map(
			problem => `${problem.code} ${problem.at.path.at(-1)}`,
		);
	const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
	test.each([
		['Secret', copy({ data: { a: base64('hunter2hunter2') } }), 1],
		['ConfigMap', copy({ stringData: { a: 'hunter2hunter2' } }), 1],
		['Secret', copy({ data: {} }), 0],
		['Secret', copy({ stringData: { a: '<password>' } }), 0],
		['Secret', '"{}"', 0],
		['Deployment', JSON.stringify(JSON.stringify({ kind: 'Deployment', data: { a: 'hunter2' } })), 0],
	])('%s with %s', (kind, text, count) => {
		expect(at(kind, `{name: x, annotations: {${LAST_APPLIED}: ${text}}}`)).toEqual(
			Array(count).fill(`secret/plain-text ${LAST_APPLIED}`),
		);
	});

	test('in the template of a SealedSecret', () => {
		const problems = plainSecretProblems(
			resourcesOf(
				`apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: x}\nspec: {template: {metadata: {annotations: {${LAST_APPLIED}: ${copy({ data: { a: base64('hunter2hunter2') } })}}}}}\n`,
			),
		);
		expect(problems.map(({ at: { path } }) => formatPath(path))).toEqual([
			`spec.template.metadata.annotations["${LAST_APPLIED}"]`,
		]);
	});
});

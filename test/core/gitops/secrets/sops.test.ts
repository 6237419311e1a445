import { describe, expect, test } from 'vitest';
import { formatPath } from '../../../../server/src/core/base/address';
import { missingDecryption, sopsProblems } from '../../../../server/src/core/gitops/secrets/sops';
import {
	creationRules,
	isSelected,
	ruleFor,
	selectionOf,
	sopsConfigProblems,
} from '../../../../server/src/core/gitops/secrets/sops-config';
import { resourcesOf } from '../../../support/resources';

const ENC = 'ENC[AES256_GCM,data:abc=,iv:abc=,tag:abc=,type:str]';
const AGE = 'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kudz0zzzzzzzzzz';
const FILE = '/repo/secrets/db.yaml';

const rules = (text: string) => creationRules(resourcesOf(text)[0]!.node);
const RULES = rules(`creation_rules:
- path_regex: secrets/.*\\.yaml$
  encrypted_regex: ^(data|stringData)$
  age: ${AGE}
- path_regex: config/
- pgp: AAAA, BBBB
`);

const judge = (text: string, rule = ruleFor(RULES, '/repo', FILE)) =>
	sopsProblems(FILE, resourcesOf(text)[0]!.node, { rule }).map(
		({ code, at }) => `${code.slice(5)} ${formatPath(at.path)}`,
	);

const secret = (data: string, sops: string) => `apiVersion: v1
kind: Secret
metadata: {name: db}
stringData: {${data}}
${sops}`;
const metadata = (rest: string) =>
	`sops: {lastmodified: "2024-01-31T12:00:00Z", encrypted_regex: ^(data|stringData)$, ${rest}}`;
const GOOD = metadata(`mac: "${ENC}", age: [{recipient: ${AGE}}]`);

test('the first rule that matches the path counts', () => {
	const of = (file: string) => RULES.indexOf(ruleFor(RULES, '/repo', file)!);
	expect([of(FILE), of('/repo/config/secrets/a.yaml'), of('/repo/config/a.json'), of('/repo/x')]).toEqual([0, 0, 1, 2]);
	expect(RULES[2]!.recipients.get('pgp')).toEqual(['AAAA', 'BBBB']);
});

test.each([
	['{}', ['a', 'b'], true],
	['{}', ['a', 'b_unencrypted'], false],
	['{encrypted_suffix: _enc}', ['a_enc', 'b'], true],
	['{encrypted_suffix: _enc}', ['a'], false],
	['{encrypted_regex: ^data$}', ['data', 'x'], true],
	['{encrypted_regex: ^data$}', ['metadata'], false],
	['{unencrypted_regex: ^(kind|metadata)$}', ['metadata', 'name'], false],
	['{unencrypted_regex: ^(kind|metadata)$}', ['data'], true],
	['{encrypted_regex: "("}', ['data'], false],
])('selection %s of %j: %s', (rule, keys, expected) => {
	expect(isSelected(selectionOf(resourcesOf(rule)[0]!.node), keys)).toBe(expected);
});

describe('files', () => {
	test.each([
		['in order', secret(`a: "${ENC}"`, GOOD), []],
		['plain', secret('a: hunter2hunter2', ''), ['not-encrypted stringData.a']],
		['a placeholder', secret('a: <password>', ''), []],
		['a ConfigMap beside it', 'apiVersion: v1\nkind: ConfigMap\ndata: {a: b}\n', []],
		['a value added by hand', secret(`a: "${ENC}", b: plain`, GOOD), ['plain-value stringData.b']],
		['a damaged value', secret('a: "ENC[AES256_GCM,data:abc"', GOOD), ['bad-value stringData.a']],
		['empty texts stay empty', secret(`a: "${ENC}", b: ""`, GOOD), []],
		['no mac', secret(`a: "${ENC}"`, metadata(`age: [{recipient: ${AGE}}]`)), ['bad-mac sops']],
		['a plain mac', secret(`a: "${ENC}"`, metadata(`mac: abc, age: [{recipient: ${AGE}}]`)), ['bad-mac sops.mac']],
		['nobody', secret(`a: "${ENC}"`, metadata(`mac: "${ENC}"`)), ['no-recipients sops', 'recipients-differ sops']],
		[
			'somebody else',
			secret(`a: "${ENC}"`, metadata(`mac: "${ENC}", age: [{recipient: age1other}]`)),
			['recipients-differ sops.age'],
		],
		[
			'metadata of which nothing is left',
			secret(`a: "${ENC}"`, 'sops: {}'),
			['bad-mac sops', 'bad-metadata sops', 'no-recipients sops', 'recipients-differ sops'],
		],
		['no metadata', secret(`a: "${ENC}", b: "${ENC}"`, ''), ['bad-metadata stringData.a']],
		[
			'a key that the rule has covered since',
			secret(`a: "${ENC}", b: <password>, c: plain`, GOOD.replace('^(data|stringData)$', '^a$')),
			['not-encrypted stringData.c'],
		],
		[
			'no time',
			secret(
				`a: "${ENC}"`,
				`sops: {encrypted_regex: ^stringData$, mac: "${ENC}", lastmodified: yesterday, age: [{recipient: ${AGE}}]}`,
			),
			['bad-metadata sops.lastmodified'],
		],
	])('%s', (_, text, expected) => {
		expect(judge(text)).toEqual(expected);
	});

	test('a rule for every file speaks of Secrets only', () => {
		const [every] = rules(`creation_rules:\n- path_regex: .*\\.yaml\n  encrypted_regex: ^(data|stringData)$\n`);
		expect(judge('apiVersion: v1\nkind: ConfigMap\ndata: {a: hunter2hunter2}\n', every)).toEqual([]);
		expect(judge(secret('a: hunter2hunter2', ''), every)).toEqual(['not-encrypted stringData.a']);
	});

	test('a file that a rule names is encrypted as a whole', () => {
		const [whole] = rules(`creation_rules:\n- path_regex: \\.enc\\.yaml$\n`);
		expect(judge('password: hunter2hunter2\nuser: admin\n', whole)).toEqual(['not-encrypted password']);
	});

	test('where the comments are not known, nothing is told of what they choose', () => {
		const plain = secret('a: hunter2hunter2', '');
		for (const field of ['encrypted_comment_regex', 'unencrypted_comment_regex']) {
			const [rule] = rules(`creation_rules:\n- path_regex: secrets/\n  ${field}: sops:enc\n`);
			expect(judge(plain, rule)).toEqual([]);
			const sops = `sops: {lastmodified: "2024-01-31T12:00:00Z", ${field}: sops:enc, mac: "${ENC}", age: [{recipient: ${AGE}}]}`;
			expect(judge(secret(`a: "${ENC}", b: plain`, sops), rule)).toEqual([]);
		}
	});

	test('a rule that only names recipients leaves the choice to whoever encrypts', () => {
		const [rule] = rules(`creation_rules:\n- age: ${AGE}\n`);
		expect(judge(secret(`a: "${ENC}"`, GOOD), rule)).toEqual([]);
		const part = secret(`a: "${ENC}", b: plain`, GOOD.replace('^(data|stringData)$', '^a$'));
		expect(judge(part, rule)).toEqual(['not-encrypted stringData.b']);
		const values = (regex: string) => `a: "${ENC}"\nb: plain\n${GOOD.replace('^(data|stringData)$', regex)}`;
		expect(judge(values('^a$'), rule)).toEqual([]);
		const [exact] = rules(`creation_rules:\n- age: ${AGE}\n  encrypted_regex: ^(a|b)$\n`);
		expect(judge(values('^a$'), exact)).toEqual(['not-encrypted b']);
	});

	test.each([
		['an ExternalSecret under a rule for secrets', 'external-secret.yaml', 'secret', 'ExternalSecret', 0],
		['values under a rule for all of a folder', 'values.yaml', '^secrets/.*\\.yaml$', '', 1],
		['values under a rule for all manifests of a folder', 'values.yaml', '^[a-z]+/.*\\.ya?ml$', '', 0],
		['an object whose file says that it is encrypted', 'db.sops.yaml', '\\.sops\\.yaml$', 'ConfigMap', 1],
	])('%s', (_, name, pattern, kind, count) => {
		const [rule] = rules(`creation_rules:\n- path_regex: ${pattern}\n  encrypted_regex: ^data$\n`);
		const text = `${kind ? `apiVersion: x/v1\nkind: ${kind}\n` : ''}data: {a: hunter2hunter2}\n`;
		expect(sopsProblems(`/repo/secrets/${name}`, resourcesOf(text)[0]!.node, { rule })).toHaveLength(count);
	});

	test.each([
		['groups that merge others', `key_groups: [{merge: [{age: [${AGE}]}], pgp: [AAAA]}]`, `pgp: [{fp: AAAA}]`, 0],
		['several in one text', `age: "${AGE}, age1other"`, `pgp: [{fp: AAAA}]`, 1],
		['what is still to be replaced', `age: "${AGE},MY_AGE_KEY_HERE"`, '', 0],
	])('recipients: %s', (_, recipients, more, count) => {
		const [rule] = rules(`creation_rules:\n- ${recipients}\n`);
		const file = secret(`a: "${ENC}"`, metadata(`mac: "${ENC}", age: [{recipient: ${AGE}}], ${more}`));
		expect(judge(file, rule)).toEqual(Array(count).fill('recipients-differ sops.age'));
	});

	test('recipients of a configuration further up are right, too', () => {
		const [near] = rules('creation_rules:\n- age: age1other\n');
		const { node } = resourcesOf(secret(`a: "${ENC}"`, GOOD))[0]!;
		expect(sopsProblems(FILE, node, { rule: near })).toHaveLength(1);
		expect(sopsProblems(FILE, node, { rule: near, others: rules(`creation_rules:\n- age: ${AGE}\n`) })).toEqual([]);
	});

	test('templates are not encrypted yet', () => {
		const node = resourcesOf(`-- template-db.yaml --\n${secret('a: hunter2hunter2', '')}`)[0]!.node;
		expect(sopsProblems('/repo/template-db.yaml', node, { rule: RULES[0] })).toEqual([]);
	});
});

test('rules that sops cannot read', () => {
	const problems = sopsConfigProblems(
		rules('creation_rules:\n- path_regex: "("\n- encrypted_regex: a\n  encrypted_suffix: b\n'),
	);
	expect(problems.map(({ code, at }) => `${code} ${formatPath(at.path)}`)).toEqual([
		'sops/bad-rule creation_rules[0].path_regex',
		'sops/bad-rule creation_rules[1]',
	]);
});

test.each([
	['spec: {path: ./x}', 1],
	['spec: {decryption: {provider: sops}}', 0],
])('a Flux Kustomization with %s', (spec, count) => {
	const [kustomization, ...resources] = resourcesOf(
		`apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: apps}\n${spec}\n---\n${secret(`a: "${ENC}"`, GOOD)}\n---\n${secret('a: b', '')}`,
	);
	const problems = missingDecryption(kustomization!, resources);
	expect(problems).toHaveLength(count);
	for (const { details } of problems)
		expect(details).toBe(
			'Secret/db is SOPS encrypted, configuring decryption is required for this secret to be reconciled',
		);
});

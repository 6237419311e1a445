/** Files of other formats than YAML under the rules of `.sops.yaml`: env files, INI, JSON and whole files, as generators read them. */
import { describe, expect, test } from 'vitest';
import { analyse, diagnostics } from '../../support/check';

const AGE = 'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p';
const ENC = 'ENC[AES256_GCM,data:abc=,iv:abc=,tag:abc=,type:str]';
const META = `sops_age__list_0__map_enc=-----BEGIN AGE ENCRYPTED FILE-----\\nabc\\n-----END AGE ENCRYPTED FILE-----\\n
sops_age__list_0__map_recipient=${AGE}
sops_lastmodified=2024-01-31T12:00:00Z
sops_mac=${ENC}
sops_unencrypted_suffix=_unencrypted
sops_version=3.9.4
`;
const INI = META.replace(/^sops_/gm, '').replace(/^(\w+)=/gm, '$1 = ');
const JSON_META = `"sops": {"age": [{"recipient": "${AGE}", "enc": "x"}], "lastmodified": "2024-01-31T12:00:00Z", "mac": "${ENC}", "unencrypted_suffix": "_unencrypted", "version": "3.9.4"}`;

const found = (
	file: string,
	text: string,
	{ by = 'envs', rule = '\\.(env|ini|json|key)$', more = '', generator = 'secretGenerator' } = {},
) =>
	diagnostics(
		analyse(`-- app/kustomization.yaml --
${generator}:
- name: made
  ${by}: [${file}]
-- app/${file} --
${text}
-- .sops.yaml --
creation_rules:
- path_regex: ${rule}
  age: ${AGE}
  ${more}
`),
	).filter(each => !each.includes('kustomize/unused'));
const sops = (...args: Parameters<typeof found>) => found(...args).filter(each => each.includes('sops/'));

describe('in order', () => {
	test.each([
		['db.env', `USER=${ENC}\n#${ENC}\nHOST_unencrypted=db\nEMPTY=\n${META}`, 'envs'],
		['db.ini', `[db]\nuser = ${ENC}\n[sops]\n${INI}`, 'files'],
		['db.json', `{"user": "${ENC}", ${JSON_META}}`, 'files'],
		['tls.key', `{\n\t"data": "${ENC}",\n\t${JSON_META}\n}`, 'files'],
	])('%s', (file, text, by) => {
		expect(found(file, text, { by })).toEqual([]);
	});
});

describe('not encrypted', () => {
	test.each([
		['db.env', 'USER=admin\nPASSWORD=hunter2hunter2', 'envs', 1, 'USER=admin'],
		['db.ini', '; a comment\n[db]\nuser = admin', 'files', 3, 'user = admin'],
		['db.json', '{"user": "admin"}', 'files', 1, '"admin"'],
		['tls.key', 'abc\ndef', 'files', 1, 'abc'],
	])('%s', (file, text, by, line, under) => {
		expect(sops(file, text, { by })).toEqual([`app/${file}:${line} sops/not-encrypted ${JSON.stringify(under)}`]);
	});

	test('what a rule leaves out is not missed', () => {
		const text = 'USER=admin\nPASSWORD=hunter2hunter2';
		expect(sops('db.env', text, { more: 'encrypted_regex: ^PASS' })).toEqual([
			'app/db.env:2 sops/not-encrypted "PASSWORD=hunter2hunter2"',
		]);
		expect(sops('db.env', text, { more: 'unencrypted_regex: ^(USER|PASSWORD)$' })).toEqual([]);
		expect(sops('db.env', text, { more: 'encrypted_suffix: _secret' })).toEqual([]);
		expect(sops('db.ini', '[db]\nuser = admin', { by: 'files', more: 'encrypted_regex: ^db$' })).toHaveLength(1);
		expect(sops('tls.key', 'abc', { by: 'files', more: 'encrypted_regex: ^(data|stringData)$' })).toHaveLength(1);
		expect(sops('tls.key', 'abc', { by: 'files', more: 'encrypted_regex: ^stringData$' })).toEqual([]);
	});

	test('placeholders, and what no Secret reads under a rule for everything, are left alone', () => {
		expect(sops('db.env', 'PASSWORD=<password>\nUSER=${USER}')).toEqual([]);
		expect(sops('db.env', 'LEVEL=debug', { generator: 'configMapGenerator', rule: '.*' })).toEqual([]);
		expect(sops('db.env', 'LEVEL=debug', { generator: 'configMapGenerator' })).toHaveLength(1);
		expect(sops('db.env', 'PASSWORD=hunter2hunter2', { rule: '.*' })).toHaveLength(1);
		expect(sops('values.json', '{"a": "b"}', { by: 'files', rule: '.*' })).toEqual([]);
	});
});

describe('broken', () => {
	test.each([
		['a value added by hand', `A=${ENC}\nB=plain\n${META}`, ['app/db.env:2 sops/plain-value "B=plain"']],
		[
			'a damaged value',
			`A=ENC[AES256_GCM,data:abc\n${META}`,
			['app/db.env:1 sops/bad-value "A=ENC[AES256_GCM,data:abc"'],
		],
		['no mac', `A=${ENC}\n${META.replace(/sops_mac=.*\n/, '')}`, ['app/db.env:2 sops/bad-mac']],
		[
			'no time',
			`A=${ENC}\n${META.replace(/(sops_lastmodified=).*/, '$1yesterday')}`,
			['app/db.env:4 sops/bad-metadata "sops_lastmodified=yesterday"'],
		],
		[
			'nobody',
			`A=${ENC}\n${META.replace(/sops_age.*\n/g, '')}`,
			['app/db.env:2 sops/no-recipients', 'app/db.env:2 sops/recipients-differ'],
		],
		['another recipient', `A=${ENC}\n${META.replace(AGE, 'age1other')}`, ['app/db.env:2 sops/recipients-differ']],
	])('%s', (_, text, expected) => {
		const problems = sops('db.env', text);
		expect(problems).toHaveLength(expected.length);
		for (const [i, words] of expected.entries()) expect(problems[i]).toContain(words);
	});

	test('what is encrypted and damaged is not in plain text', () => {
		const damaged = `{"user": "${ENC}", ${JSON_META.replace(`"mac": "${ENC}"`, '"mac": "abc"')}}`;
		expect(found('db.json', damaged, { by: 'files' })).toEqual(['app/db.json:1 sops/bad-mac "\\"abc\\""']);
	});

	test('INI says the line', () => {
		expect(sops('db.ini', `[db]\nuser = ${ENC}\npass = plain\n[sops]\n${INI}`, { by: 'files' })).toEqual([
			'app/db.ini:3 sops/plain-value "pass = plain"',
		]);
	});
});

test('the Secret that is made has the keys that are there once Flux has decrypted its source', () => {
	const tree = (key: string) => `-- app/kustomization.yaml --
namespace: shop
resources: [pod.yaml]
secretGenerator:
- name: made
  envs: [db.env]
-- app/db.env --
USER=${ENC}
${META}
-- app/pod.yaml --
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  containers:
  - name: web
    image: x
    env:
    - {name: A, valueFrom: {secretKeyRef: {name: made, key: ${key}}}}
`;
	expect(diagnostics(analyse(tree('USER')))).toEqual([]);
	expect(diagnostics(analyse(tree('sops_version')))).toEqual(['app/pod.yaml:9 reference/missing-key "sops_version"']);
});

describe('rules that choose by comments', () => {
	const secret = (data: string, more = '') => `-- kustomization.yaml --
resources: [secret.yaml]
-- secret.yaml --
apiVersion: v1
kind: Secret
metadata:
  name: db
stringData:
${data}${more}`;
	const config = (field: string) => `
-- .sops.yaml --
creation_rules:
- path_regex: secret
  ${field}: "sops:mark"
  age: ${AGE}
`;
	const meta = (field: string) => `
sops:
  age:
    - recipient: ${AGE}
      enc: x
  lastmodified: "2024-01-31T12:00:00Z"
  mac: "${ENC}"
  ${field}: "sops:mark"
`;
	const judged = (text: string) =>
		diagnostics(analyse(text))
			.filter(each => each.includes('sops/'))
			.map(each => each.replace(/^.*?:/, ''));

	test.each([
		['encrypted', '  a: x\n  b: hunter2 # sops:mark', '7 sops/not-encrypted "hunter2"'],
		['encrypted', '  a: x\n  # sops:mark\n  b: hunter2', '8 sops/not-encrypted "hunter2"'],
		['encrypted', '  a: x\n  b: y', undefined],
		['unencrypted', '  # sops:mark\n  a: x\n  b: hunter2', '8 sops/not-encrypted "hunter2"'],
		['unencrypted', '  a: x # sops:mark', undefined],
	])('%s_comment_regex: %s', (kind, data, expected) => {
		const found = judged(secret(data) + config(`${kind}_comment_regex`));
		expect(found.map(each => each.replace(/^(\d+)\S*/, '$1'))).toEqual(expected ? [expected] : []);
	});

	test.each([
		['encrypted', `  # sops:mark\n  a: ${ENC}\n  b: plain`, []],
		['encrypted', `  # sops:mark\n  a: plain\n  b: plain`, ['7 sops/plain-value "plain"']],
		['unencrypted', `  # sops:mark\n  a: plain\n  # ${ENC}\n  b: ${ENC}`, []],
	])('encrypted with %s_comment_regex: %s', (kind, data, expected) => {
		const head = kind === 'unencrypted' ? ' # sops:mark' : '';
		const file = secret(data, meta(`${kind}_comment_regex`))
			.replace('apiVersion: v1', `apiVersion: v1${head}`)
			.replace('kind: Secret', `kind: Secret${head}`)
			.replace('name: db', `name: db${head}`);
		const found = judged(file + config(`${kind}_comment_regex`));
		expect(found.map(each => each.replace(/^(\d+)\S*/, '$1'))).toEqual(expected);
	});

	test('in an env file', () => {
		const more = 'encrypted_comment_regex: "mark"';
		expect(sops('db.env', 'A=x\n# mark\nB=hunter2hunter2\nC=y', { more })).toEqual([
			'app/db.env:3 sops/not-encrypted "B=hunter2hunter2"',
		]);
	});
});

/** Templates of SealedSecrets held against the keys that are sealed. What the controller does with each is in the comments of `go-template-keys.ts`. */
import { describe, expect, test } from 'vitest';
import { templateKeys } from '../../../../server/src/core/gitops/secrets/go-template-keys';
import { sealedTemplateProblems } from '../../../../server/src/core/gitops/secrets/sealed-template';
import { resourcesOf } from '../../../support/resources';

const judge = (text: string, file = 'sealed.yaml') =>
	sealedTemplateProblems(
		resourcesOf(
			`-- ${file} --\napiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: db, namespace: shop}\nspec:\n  encryptedData: {password: AA, user: AA, a-b: AA}\n  template:\n    data:\n      conf: ${JSON.stringify(text)}\n`,
		)[0]!,
	);

test.each([
	['{{ .pasword }}', '"pasword"', 'did you mean "password"?', '{{ .pasword }}'],
	['a\nb={{- .nope | b64enc -}}', '"nope"', 'encryptedData has password, user, a-b', '{{- .nope | b64enc -}}'],
	['{{ index . "a-c" }}', '"a-c"', 'did you mean "a-b"?', '{{ index . "a-c" }}'],
	['{{ printf "%s:%s" .user .passwrd | quote }}', '"passwrd"', 'did you mean "password"?', '{{ printf'],
	['{{ $.usr }}', '"usr"', 'did you mean "user"?', '{{ $.usr }}'],
	['{{ (index $ `usr`) | trim }}', '"usr"', 'did you mean "user"?', '{{ (index'],
	['{{ "}}" }}{{ .usr }}', '"usr"', 'did you mean "user"?', '{{ .usr }}'],
	['{{/* {{ .x }} */}}{{ .usr }}', '"usr"', 'did you mean "user"?', '{{ .usr }}'],
])('%j names a key that is not sealed', (text, key, words, part) => {
	const problems = judge(text);
	expect(problems).toMatchObject([{ code: 'sealed-secret/template-key', severity: 'error' }]);
	expect(problems[0]!.message).toContain(key);
	expect(problems[0]!.message).toContain(words);
	expect(problems[0]!.at.path).toEqual(['spec', 'template', 'data', 'conf']);
	expect(text.startsWith(part, (problems[0]!.anchor as { from: number }).from)).toBe(true);
});

test.each([
	['{{ .a-b }}', `bad character U+002D '-'`, 'index . "a-b"'],
	['{{ .password', 'unclosed action', '`}}`'],
	['{{ toYaml . }}', 'function "toYaml" not defined', 'helm'],
	['{{ env "HOME" }}', 'function "env" not defined', 'left out'],
])('%j is not read', (text, details, words) => {
	const problems = judge(text);
	expect(problems).toMatchObject([{ code: 'sealed-secret/template-key', details: `template: conf:1: ${details}` }]);
	expect(problems[0]!.message).toContain(words);
});

describe('nothing is said of', () => {
	test.each([
		'no template at all',
		'{{ .password }}:{{ index . "a-b" }}',
		'{{ .nope | default "x" }}',
		'{{ default "x" .nope }}',
		'{{ coalesce .nope .other "x" }}',
		'{{ or .nope "x" }}',
		'{{ if .nope }}{{ .nope }}{{ else }}{{ .other }}{{ end }}',
		'{{ with .nope }}{{ .x }}{{ end }}',
		'{{ range $k, $v := . }}{{ $k }}={{ $v }}{{ .x }}{{ end }}',
		'{{ $x := .nope }}{{ $x }}',
		'{{ hasKey . "nope" }}',
		'{{ get . "nope" }}',
		'{{ define "x" }}{{ .y }}{{ end }}{{ template "x" . }}',
		'{{ "{{ .nope }}" }}',
		'{{ `{{ .nope }}` }}',
		'{{ index .nope "a" }}',
		'{{ . }}',
		'{{ someday .nope }}',
		'{{ .nope.deeper.deepest | ternary "a" "b" }}',
		'{"a": {"b": {}}}',
	])('%j', text => {
		expect(judge(text)).toEqual([]);
	});

	test('a template that is not sealed yet', () => {
		expect(judge('{{ .nope }}', 'template-db.yaml')).toEqual([]);
	});
});

test('a long text of opening braces costs no more than its length', () => {
	const before = process.cpuUsage();
	for (const part of ['{{ "', '{{ .a', '{{ .a }}', '{{/*', '{{ `'])
		expect(templateKeys(part.repeat(100_000)).kind).toMatch(/^(read|refused)$/);
	const { user } = process.cpuUsage(before);
	expect(user / 1000).toBeLessThan(2000);
});

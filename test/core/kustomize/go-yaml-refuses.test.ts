/** Texts that YAML 1.2 accepts and go-yaml refuses, or the other way about: what kustomize 5.8.1 makes of each. */
import { expect, test } from 'vitest';
import { buildFixture, failures, printed } from '../../support/build';

const HEAD = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: o\n';

function buildText(text: string) {
	return buildFixture(`-- kustomization.yaml --\nresources:\n- o.yaml\n-- o.yaml --\n${text}`);
}

test.each([
	['a block that begins with a tab', 'data:\n  k: |\n    \tx\n'],
	['a tab behind an indentation indicator', 'data:\n  k: |2\n    \tx\n'],
	['a tab in an empty line that is not indented', 'data:\n  k: |\n    x\n\t\n    y\n'],
	['a line that is a tab', 'data:\n  k: x\n\t\n  l: y\n'],
	['a tab as the last line', 'data:\n  k: x\n\t'],
	['a tab before a comment', 'data:\n  k: "x"\n\t# more\n  l: y\n'],
	['a template as a value', 'data:\n  k: {{ .x }}\n'],
	['a template as a key', 'data:\n  {{ .x }}: y\n'],
	['a point in the name of an anchor', 'data:\n  k: &a.b x\n'],
	['a control character in a key', 'data:\n  "a\\u007fb": x\n'],
	['U+0085 in a key', 'data:\n  "a\\u0085b": x\n'],
	['U+2028 in a block ends its line', 'data:\n  k: |\n    a\u2028b\n'],
])('refused: %s', (_, text) => {
	expect(failures(buildText(HEAD + text))).not.toEqual([]);
});

test.each([
	['a tab further in', 'data:\n  k: |\n    x\n    \ty\n', 'data:\n  k: "x\\n\\ty\\n"\n'],
	['a tab as a line in braces', 'data: {k: x,\n\t\n  l: y}\n', 'data:\n  k: x\n  l: "y"\n'],
	['tabs behind a value', 'data:\n  k: x\t\n  l: z \t\n', 'data:\n  k: x\n  l: z\n'],
	['U+0085 in a plain scalar', 'data:\n  k: a\u0085\n', 'data:\n  k: a\n'],
	['U+2028 in quotes', 'data:\n  k: "a\u2028b"\n', "data:\n  k: 'a\u2028    b'\n"],
	[
		'a time in brackets, where its colons need quotes',
		'data: [2001-12-14t21:59:43Z]\n',
		'data:\n- "2001-12-14t21:59:43Z"\n',
	],
	['a day in brackets', 'data: [2001-12-14]\n', 'data:\n- "2001-12-14T00:00:00Z"\n'],
	['a lone exclamation mark', 'data:\n  k: !\n', 'data:\n  k: null\n'],
	['what stands behind `...`', 'data:\n  k: x\n...\nthis is not looked at\n', 'data:\n  k: x\n'],
])('accepted: %s', (_, text, data) => {
	const built = buildText(HEAD + text);
	expect(failures(built)).toEqual([]);
	expect(printed(built, 'none')).toContain(data);
});

test('of two JSON objects in one text the second is not read', () => {
	const object = (name: string) => `{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "${name}"}}\n`;
	const built = buildText(object('a') + object('b'));
	expect(failures(built)).toEqual([]);
	expect(built.resources.map(({ id }) => id.name)).toEqual(['a']);
});

test('a generated text of several lines that begins with a tab cannot be read again', () => {
	const built = (text: string) =>
		buildFixture(`-- kustomization.yaml --\nconfigMapGenerator:\n- name: o\n  files:\n  - f.txt\n-- f.txt --\n${text}`);
	expect(failures(built('\tx\ny\n'))[0]).toContain('tab');
	expect(failures(built('\tx'))).toEqual([]);
	expect(failures(built(' \tx\ny\n'))).toEqual([]);
	expect(failures(built('\tx \ny\n'))).toEqual([]);
});

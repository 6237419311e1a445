/** Texts that go-yaml reads otherwise than other parsers do (kustomize 5.8.1). */
import { expect, test } from 'vitest';
import { buildFixture, failures, printed } from '../../support/build';

const HEAD = `apiVersion: v1
kind: ConfigMap
metadata:
  name: a
`;

test('an empty line behind a line end that a backslash takes away is a line feed', () => {
	const result = buildFixture(`-- kustomization.yaml --
resources: [map.yaml]
-- map.yaml --
${HEAD}texts:
  after text: "one\\

    two"
  after space: "one \\

    two"
  two lines: "one\\

    \x20\x20
    two"
  none: "one\\
    two"
  both: "one\\
    two\\

    three"
  escaped space: "one\\
  \x20\x20
      \\ two"
  first: "\\

    two"
  escaped backslash: "one\\\\

    two"
`);
	expect(failures(result)).toEqual([]);
	expect(printed(result, 'none')).toBe(`${HEAD}texts:
  after space: "one \\ntwo"
  after text: |-
    one
    two
  both: |-
    onetwo
    three
  escaped backslash: |-
    one\\
    two
  escaped space: |-
    one
     two
  first: |2-

    two
  none: onetwo
  two lines: |-
    one

    two
`);
});

test('a tag makes a text of what YAML 1.1 takes for a boolean, and a merge patch does not take it for quotes', () => {
	const result = buildFixture(`-- kustomization.yaml --
resources: [map.yaml]
namePrefix: !!str yes
commonAnnotations: {a: !!str on}
patches:
- patch: |-
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: a}
    texts: {tagged: 5, quoted: 5}
-- map.yaml --
${HEAD}texts: {tagged: !!str yes, quoted: "yes"}
`);
	expect(failures(result)).toEqual([]);
	expect(printed(result, 'none')).toBe(`apiVersion: v1
kind: ConfigMap
metadata:
  annotations:
    a: "on"
  name: yesa
texts:
  quoted: "5"
  tagged: 5
`);
});

test('a block at the end of a text that no line break ends has none at its end', () => {
	const result = buildFixture(`-- kustomization.yaml --
resources: [map.yaml]
patches:
- patch: |
    apiVersion: v1
    kind: ConfigMap
    metadata: {name: a}
    texts:
      literal: |
        lines
        of text
-- map.yaml --
${HEAD}texts:
  clipped: >
    a
    b
  kept: |+
    a
    b`);
	expect(failures(result)).toEqual([]);
	expect(printed(result, 'none')).toBe(`${HEAD}texts:
  clipped: |
    a b
  kept: |-
    a
    b
  literal: |-
    lines
    of text
`);
});

test('a tab is as blank as a space at the beginning of a line that is folded', () => {
	const result = buildFixture(`-- kustomization.yaml --
resources: [map.yaml]
-- map.yaml --
${HEAD}texts:
  folded: >
    x
    \ty
`);
	expect(printed(result, 'none')).toBe(`${HEAD}texts:
  folded: "x\\n\\n\\ty\\n"
`);
});

test('lines of spaces at the end of a block that says how far it is indented are text where they go further', () => {
	const result = buildFixture(`-- kustomization.yaml --
resources: [map.yaml]
-- map.yaml --
${HEAD}texts:
  stripped: |2-
       /
      b
    \x20\x20\x20
  then: c
`);
	expect(printed(result, 'none')).toBe(`${HEAD}texts:
  stripped: "   /\\n  b\\n   "
  then: c
`);
});

test('a byte order mark is dropped at the beginning of an env file, and no blank at the beginning of a line', () => {
	const result = buildFixture(`-- kustomization.yaml --
configMapGenerator:
- name: a
  envs: [settings.env]
generatorOptions: {disableNameSuffixHash: true}
-- settings.env --
\ufeffA=1
\u00a0\ufeffB=2
`);
	expect(printed(result, 'none')).toContain('data:\n  "\\uFEFF\\x42": "2"\n  A: "1"\n');
});

test('a carriage return alone ends a line', () => {
	const result = buildFixture(`-- kustomization.yaml --
resources: [map.yaml]
-- map.yaml --
${HEAD}texts:
  one: "a\rb"
 \r  two: c\r  block: |\r    d\r    e
`);
	expect(failures(result)).toEqual([]);
	expect(printed(result, 'none')).toBe(`${HEAD}texts:
  block: |
    d
    e
  one: a b
  two: c
`);
});

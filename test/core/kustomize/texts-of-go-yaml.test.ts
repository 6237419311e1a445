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

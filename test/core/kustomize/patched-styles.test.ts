/** What a merge patch puts in the place of a text in quotes or in a block is written as that was (kustomize 5.8.1). */
import { expect, test } from 'vitest';
import { buildFixture, failures, printed } from '../../support/build';

const HEAD = `apiVersion: v1
kind: ConfigMap
metadata:
  name: web
`;

test('numbers and booleans in the place of quoted texts are texts, blocks stay blocks', () => {
	const result = buildFixture(`-- kustomization.yaml --
resources: [map.yaml]
patches:
- path: patch.yaml
-- map.yaml --
${HEAD}spec:
  double: "7"
  single: 'x'
  literal: |
    a
  folded: >
    a
    b
  plain: 7
  none: null
  text: "a"
  list: ["1"]
-- patch.yaml --
${HEAD}spec:
  double: 9
  single: true
  literal: 5
  folded: |
    one two
    three

    four
      five
  plain: "9"
  none: "7"
  text: 2020-01-01
  list: [2]
  new: 1
`);
	expect(failures(result)).toEqual([]);
	expect(printed(result, 'none')).toBe(`${HEAD}spec:
  double: "9"
  folded: |
    one two
    three

    four

      five
  list:
  - 2
  literal: "5"
  new: 1
  none: "7"
  plain: "9"
  single: "true"
  text: "2020-01-01"
`);
});

test('a patch that says the same but for quotes changes nothing', () => {
	const result = buildFixture(`-- kustomization.yaml --
resources: [map.yaml]
patches:
- path: patch.yaml
-- map.yaml --
${HEAD}data: {a: "7"}
-- patch.yaml --
${HEAD}data: {a: 7}
`);
	expect(result.applications.filter(({ step }) => step === 'patch').map(({ changed }) => changed)).toEqual([false]);
});

test('what YAML 1.1 takes for a boolean has quotes after a patch, and what a later patch puts there is a text', () => {
	const patch = (text: string) => `- patch: '{apiVersion: v1, kind: ConfigMap, metadata: {name: web}, ${text}}'\n`;
	const result = buildFixture(`-- kustomization.yaml --
resources: [map.yaml]
patches:
${patch('spec: {b: off, c: 1}')}${patch('spec: {a: 0, b: 1, c: 2}')}-- map.yaml --
${HEAD}spec:
  a: no
`);
	expect(failures(result)).toEqual([]);
	expect(printed(result, 'none')).toBe(`${HEAD}spec:
  a: "0"
  b: "1"
  c: 2
`);
});

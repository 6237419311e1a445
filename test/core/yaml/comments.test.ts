import { expect, test } from 'vitest';
import { commentsOf } from '../../../server/src/core/yaml/comments';
import { parseSyntax } from '../../../server/src/core/yaml/syntax';

const TEXT = `# head
kind: Secret # kind
# data 1
# data 2
data: # on data
  # a 1

  # a 2
  a: x
  b: y # b
  # foot of b

  c: "# no comment" # c
  d: | # header
    # text
    more
  e: z
list:
  # first
  - x
  - y # second
  # third
  - name: n
    value: v # value
flow: { p: 1, q: [2] } # flow
last: 1
`;

test.each([
	['kind', [' head', ' kind'], []],
	['data', [' data 1', ' data 2'], [' on data']],
	['data/a', [' data 1', ' data 2', ' a 2'], [' on data', ' a 1']],
	['data/b', [' data 1', ' data 2', ' b'], [' on data']],
	['data/c', [' data 1', ' data 2', ' c'], [' on data', ' foot of b']],
	['data/d', [' data 1', ' data 2'], [' on data', ' header']],
	['data/e', [' data 1', ' data 2'], [' on data']],
	['list/0', [' first'], []],
	['list/1', [' second'], []],
	['list/2', [' third'], []],
	['list/2/value', [' third', ' value'], []],
	['flow/p', [], [' flow']],
	['last', [], [' flow']],
] as const)('at %s', (path, certain, more) => {
	const [document] = parseSyntax(TEXT).documents;
	const at = path.split('/').map(step => (/^\d$/.test(step) ? Number(step) : step));
	const found = commentsOf(TEXT, document!.root, 0)(at)!;
	expect(new Set(found.certain)).toEqual(new Set(certain));
	expect(new Set(found.possible)).toEqual(new Set([...certain, ...more]));
});

test('behind an alias there are none', () => {
	const text = 'a: &x { b: 1 }\nc: *x\n';
	expect(commentsOf(text, parseSyntax(text).documents[0]!.root, 0)(['c', 'b'])).toBeUndefined();
});

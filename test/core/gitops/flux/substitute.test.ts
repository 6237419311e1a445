import { describe, expect, test } from 'vitest';
import { dataSources } from '../../../../server/src/core/kube/data-sources';
import { substituteResource } from '../../../../server/src/core/gitops/flux/substitute';
import { substitute } from '../../../../server/src/core/gitops/flux/envsubst';
import { readVariables } from '../../../../server/src/core/gitops/flux/variables';
import { nodeAt, toPlain, addressOf } from '../../../../server/src/core/yaml/node';
import { resourcesOf } from '../../../support/resources';

/** Substitutes the last document, whose Kustomization is the first one; the rest are objects in the cluster. */
function run(text: string, strictness: 'strict' | 'lax' = 'strict', coverage: 'whole' | 'part' = 'whole') {
	const all = resourcesOf(text);
	const [kustomization, ...others] = all;
	const target = others.pop()!;
	const variables = readVariables(kustomization!.node, 'flux-system', dataSources(others, coverage));
	const { resource, problems } = substituteResource(target, variables, strictness, 'Kustomization "apps"');
	return { resource, target, problems: [...variables.problems, ...problems] };
}

const KUSTOMIZATION = (postBuild: string) => `
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: apps, namespace: flux-system }
spec:
  postBuild: ${postBuild}
---
`;

const CONFIG = `
apiVersion: v1
kind: ConfigMap
metadata: { name: vars, namespace: flux-system }
data: { host: example.org, n: "3", lines: "a\\nb" }
---
`;

describe('the functions', () => {
	test.each([
		['${x}', { x: 'a' }, 'a'],
		['${#x}', { x: 'é' }, '2'],
		['${x^^}-${x,,}', { x: 'aB' }, 'AB-ab'],
		['${x:1:2}', { x: 'abcd' }, 'bc'],
		['${x:-3:1}', { x: 'abcd' }, 'abcd'],
		['${y:=d${x}}', { x: 'a' }, 'da'],
		['${x##*/}', { x: 'a/b/c' }, 'c'],
		['${x%.*}', { x: 'a.b.c' }, 'a.b'],
		['${x//a/b}', { x: 'aca' }, 'bcb'],
		['${x/#a/b}${x/%a/b}', { x: 'aca' }, 'bcaacb'],
		['$$ $x $${x} ${x}', { x: '1' }, '$ $x ${x} 1'],
	])('%s', (text, values: Record<string, string>, expected) => {
		expect(substitute(text, name => values[name], 'strict')).toMatchObject({ kind: 'text', text: expected });
	});

	test.each([
		['${x', 'missing closing brace'],
		['${x-y}', 'missing closing brace'],
		['${}', 'unable to parse variable name'],
		['${x/a}', 'bad substitution'],
		['${x#}', 'unable to parse substitution within function'],
		['${x:=', 'unable to parse substitution within function'],
		['${a:=${b}}', 'variable not set (strict mode): "b"'],
	])('%s fails', (text, message) => {
		expect(substitute(text, name => (name === 'x' || name === 'a' ? '1' : undefined), 'strict')).toMatchObject({
			kind: 'error',
			message,
		});
	});

	test('what grows without end or nests without end is refused', () => {
		const deep = '${x:='.repeat(500) + '}'.repeat(500);
		expect(substitute(deep, () => '', 'lax').kind).toBe('error');
		let grown = '${x}';
		for (let i = 0; i < 12; i++) grown = `\${x//a/${grown}}`;
		expect(substitute(grown, () => 'a'.repeat(100), 'lax').kind).toBe('error');
	});
});

describe('a resource', () => {
	test('values change types, keys are substituted, newlines go', () => {
		const { resource, problems } = run(
			KUSTOMIZATION(
				'{ substitute: { on: "yes", list: "[1, a]", empty: "", key: k }, substituteFrom: [{ kind: ConfigMap, name: vars }] }',
			) +
				CONFIG +
				`
apiVersion: v1
kind: X
metadata: { name: x }
n: "\${n}"
quoted: "n: \${n}"
\${key}: \${host}
on: \${on}
list: \${list}
empty: \${empty}
lines: \${lines}
script: |
  echo \${n} $\${HOME} $HOME
`,
		);
		expect(problems).toEqual([]);
		expect(toPlain(resource.node)).toEqual({
			apiVersion: 'v1',
			kind: 'X',
			metadata: { name: 'x' },
			n: 3,
			quoted: 'n: 3',
			k: 'example.org',
			on: true,
			list: [1, 'a'],
			empty: null,
			lines: 'ab',
			script: 'echo 3 ${HOME} $HOME\n',
		});
		const origin = nodeAt(resource.node, ['n'])!.origin;
		expect(origin.step).toBe('substitute');
		expect(addressOf(origin)).toMatchObject({ document: 1, path: ['data', 'n'] });
		expect(addressOf(origin.replaced!)).toMatchObject({ document: 2, path: ['n'] });
	});

	test('inline variables win, then later sources', () => {
		const { resource } = run(
			KUSTOMIZATION('{ substitute: { n: "5" }, substituteFrom: [{ kind: ConfigMap, name: vars }] }') +
				CONFIG +
				'a: ${n}\nkind: X',
		);
		expect(toPlain(resource.node)).toEqual({ a: 5, kind: 'X' });
	});

	test.each(['labels', 'annotations'])('is left alone by the opt-out in its %s', field => {
		const { resource, target, problems } = run(
			KUSTOMIZATION('{ substitute: { n: "5" } }') +
				`kind: X\nmetadata: { ${field}: { kustomize.toolkit.fluxcd.io/substitute: disabled } }\na: \${missing}`,
		);
		expect(resource).toBe(target);
		expect(problems).toEqual([]);
	});

	test('nothing happens without variables', () => {
		const { resource, target, problems } = run(KUSTOMIZATION('{}') + 'kind: X\na: $$ ${missing}');
		expect(resource).toBe(target);
		expect(problems).toEqual([]);
	});

	test('in a text of several lines, the very characters are meant', () => {
		const anchors = (value: string) =>
			run(KUSTOMIZATION('{ substitute: { A: x } }') + `kind: X\nmetadata: { name: x }\na: ${value}`).problems.map(
				({ anchor }) => anchor,
			);
		expect(anchors('|\n  x: 1\n  y: ${U}\n  z: ${V^^}\n')).toEqual([
			{ from: 8, to: 12 },
			{ from: 16, to: 22 },
		]);
		expect(anchors('|\n  x: 1\n  y: ${U\n  z: 1')).toEqual([{ from: 8, to: 11 }]);
		expect(anchors('x ${U}')).toEqual([undefined]);
	});

	test('every variable that is not set is reported where its text stands', () => {
		const text =
			KUSTOMIZATION('{ substitute: { hots: x } }') + 'kind: X\nmetadata: { name: x }\na: ${host} ${HOME} ${d:=1}';
		const { problems } = run(text);
		expect(problems.map(problem => [problem.code, problem.severity, problem.at.path])).toEqual([
			['flux/variable-not-set', 'error', ['a']],
			['flux/variable-not-set', 'error', ['a']],
		]);
		expect(problems[0]!.message).toContain('did you mean "hots"?');
		expect(problems[0]!.details).toContain('variable not set (strict mode): "host"');
		expect(run(text, 'lax').problems[0]!.severity).toBe('warning');
	});

	test('what a source outside of the tree may hold is not reported, and stays as it is', () => {
		const { resource, target, problems } = run(
			KUSTOMIZATION('{ substitute: { n: "1" }, substituteFrom: [{ kind: Secret, name: elsewhere }] }') +
				'kind: X\na: ${host}\nb: ${n}',
			'strict',
			'part',
		);
		expect(problems).toEqual([]);
		expect(nodeAt(resource.node, ['a'])).toBe(nodeAt(target.node, ['a']));
		expect(toPlain(nodeAt(resource.node, ['b'])!)).toBe(1);
	});

	test('a source that is nowhere is reported, unless it is optional', () => {
		const from = (optional: string) =>
			run(
				KUSTOMIZATION(`{ substituteFrom: [{ kind: ConfigMap, name: varz${optional} }] }`) + CONFIG + 'kind: X\na: ${n}',
			).problems;
		expect(from('').map(problem => problem.code)).toEqual(['flux/substitute-source-not-found']);
		expect(from('')[0]!.message).toContain('did you mean "vars"?');
		expect(from(', optional: true').map(problem => problem.code)).toEqual([]);
	});

	test('text that Flux cannot read, and values that break the YAML', () => {
		const codes = (value: string, text: string) =>
			run(KUSTOMIZATION(`{ substitute: { v: ${value} } }`) + `kind: X\nmetadata: { name: x }\na: ${text}`).problems.map(
				p => p.code,
			);
		expect(codes('x', '${v-default}')).toEqual(['flux/substitution-unreadable']);
		expect(codes('"a: b"', '${v}')).toEqual(['flux/substitution-breaks-yaml']);
		expect(codes("'a: b'", '"- ${v}"')).toEqual([]);
		expect(codes("'it''s'", '"#${v}"')).toEqual(['flux/substitution-breaks-yaml']);
	});

	test('names that cannot be variables', () => {
		expect(run(KUSTOMIZATION('{ substitute: { a-b: x } }') + 'kind: X').problems.map(p => p.code)).toEqual([
			'flux/variable-name-invalid',
		]);
	});
});

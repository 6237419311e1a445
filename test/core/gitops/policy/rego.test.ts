import { expect, test } from 'vitest';
import {
	rawRegoProblems,
	type RegoPolicy,
	regoProblems,
} from '../../../../server/src/core/gitops/policy/rego-policies';
import type { RegoAnswer } from '../../../../server/src/core/workspace/rego-engine';
import { resourcesOf } from '../../../support/resources';

const SECRET = `apiVersion: v1
kind: Secret
metadata: {name: s, namespace: shop}
stringData: {password: hunter2hunter2}
`;

function policy(answer: (objects: readonly string[]) => RegoAnswer) {
	const asked: (readonly string[])[] = [];
	const made: RegoPolicy = {
		name: 'policy/b.tar.gz',
		at: { file: '/strata.yaml', document: 0, path: ['policies', 'rego'] },
		known: new WeakMap(),
		evaluate: objects => {
			asked.push(objects);
			return answer(objects);
		},
	};
	return { made, asked };
}

test('the object stands where each of the three conventions looks for it', () => {
	const { made, asked } = policy(objects => ({ kind: 'answers', answers: objects.map(() => []) }));
	regoProblems(resourcesOf(SECRET), [made]);
	const input = JSON.parse(asked[0]![0]!) as Record<string, Record<string, unknown>>;
	expect(input['metadata']!['name']).toBe('s');
	expect(input['request']!['object']).toEqual(input['review']!['object']);
	expect(input['request']).toMatchObject({ operation: 'CREATE', namespace: 'shop', kind: { kind: 'Secret' } });
});

test('messages are without secrets, and objects that are still the same are not asked about again', () => {
	const { made, asked } = policy(objects => ({
		kind: 'answers',
		answers: objects.map(() => [{ rule: 'main/warn', kind: 'warn', message: 'has hunter2hunter2 in it' }]),
	}));
	const resources = resourcesOf(SECRET);
	const [problem] = regoProblems(resources, [made]);
	expect(problem).toMatchObject({ code: 'policy/rego', severity: 'warning' });
	expect(problem!.message).toBe('Secret/s violates main/warn of policy/b.tar.gz: has *** in it');
	expect(regoProblems(resources, [made])).toHaveLength(1);
	expect(asked).toHaveLength(1);
});

test('what cannot be run is said once, where it is listed', () => {
	const { made } = policy(() => ({ kind: 'not-evaluated', why: 'it ran longer than 5 s' }));
	const problems = regoProblems(resourcesOf([SECRET, SECRET.replace('name: s', 'name: t')].join('---\n')), [made]);
	expect(problems.map(({ code, at }) => [code, at.file])).toEqual([['policy/not-evaluated', '/strata.yaml']]);
});

test("Gatekeeper's templates hold Rego as source, which is said at each", () => {
	const [problem, ...more] = rawRegoProblems(
		resourcesOf(`apiVersion: templates.gatekeeper.sh/v1
kind: ConstraintTemplate
metadata: {name: k8srequiredlabels}
spec:
  targets:
    - target: admission.k8s.gatekeeper.sh
      rego: package k8srequiredlabels
`),
	);
	expect(more).toEqual([]);
	expect(problem!.code).toBe('policy/not-evaluated');
	expect(problem!.at.path).toEqual(['spec', 'targets', 0, 'rego']);
	expect(problem!.message).toContain('policies.rego');
});

import { describe, expect, test } from 'vitest';
import { conditionsHold } from '../../../../../server/src/core/gitops/policy/kyverno/conditions';
import { query } from '../../../../../server/src/core/gitops/policy/kyverno/jmespath';
import { matchPattern } from '../../../../../server/src/core/gitops/policy/kyverno/pattern';
import { matchesScalar } from '../../../../../server/src/core/gitops/policy/kyverno/scalar-pattern';
import { substitute } from '../../../../../server/src/core/gitops/policy/kyverno/variables';
import { matchesWildcard } from '../../../../../server/src/core/gitops/policy/kyverno/wildcard';
import { parseGoDuration } from '../../../../../server/src/core/gitops/policy/go-duration';
import { parseImageReference } from '../../../../../server/src/core/gitops/policy/image-reference';
import { parseQuantity } from '../../../../../server/src/core/kube/quantity';
import { type Plain, toPlain } from '../../../../../server/src/core/yaml/node';
import { resourcesOf } from '../../../../support/resources';

const yaml = (text: string): Plain => toPlain(resourcesOf(text)[0]!.node);

test.each([
	['*', '', true],
	['?*', '', false],
	['a?c', 'abc', true],
	['a?c', 'ac', false],
	['*.io/*', 'ghcr.io/x', true],
	['a*b*c', 'aXbYbZc', true],
	['a*b*c', 'aXbYbZ', false],
])('wildcard %s on %j: %s', (pattern, text, expected) => {
	expect(matchesWildcard(pattern, text)).toBe(expected);
});

test.each([
	['5', '>3', true],
	[5, '<=5', true],
	['512Mi', '<1Gi', true],
	['2h', '>90m', true],
	['a', '!b', true],
	['b', '!b', false],
	['c', 'a | b | c', true],
	['nginx:1.2', '!*:latest & *:*', true],
	[15, '10-20', true],
	[25, '10-20', false],
	[25, '10!-20', true],
	['1Gi', '512Mi-2Gi', true],
	[true, 'true', true],
	[null, null, true],
	['x', null, false],
	['3', 3, true],
	[3.5, 3, false],
] as const)('value %j against %j: %s', (value, pattern, expected) => {
	expect(matchesScalar(value, pattern)).toBe(expected);
});

describe('patterns', () => {
	const outcome = (resource: string, pattern: string) => {
		const mismatch = matchPattern(yaml(resource), yaml(pattern));
		return mismatch ? `${mismatch.kind} ${mismatch.path.join('.')}` : 'match';
	};
	const PODS = '{spec: {containers: [{name: a, image: "x:1", ports: [{hostPort: 80}]}, {name: b, image: "y:latest"}]}}';
	test.each([
		['plain', PODS, '{spec: {containers: [{image: "*:*"}]}}', 'match'],
		['one element is wrong', PODS, '{spec: {containers: [{image: "!*:latest"}]}}', 'fail spec.containers.1.image'],
		['missing', PODS, '{spec: {hostNetwork: "*"}}', 'fail spec.hostNetwork'],
		[
			'equality: what is there',
			PODS,
			'{spec: {=(hostNetwork): false, containers: [{=(ports): [{=(hostPort): 0}]}]}}',
			'fail spec.containers.0.ports.0.hostPort',
		],
		['negation', PODS, '{spec: {containers: [{X(ports): "null"}]}}', 'fail spec.containers.0.ports'],
		[
			'condition: not for it',
			PODS,
			'{spec: {(hostNetwork): true, containers: [{image: "z"}]}}',
			'skip spec.hostNetwork',
		],
		[
			'condition: for some elements',
			PODS,
			'{spec: {containers: [{(name): b, image: "!*:latest"}]}}',
			'fail spec.containers.1.image',
		],
		[
			'condition: for no element',
			PODS,
			'{spec: {containers: [{(name): z, image: "!*:latest"}]}}',
			'skip spec.containers.1.name',
		],
		['existence', PODS, '{spec: {^(containers): [{name: b}]}}', 'match'],
		['existence fails', PODS, '{spec: {^(containers): [{name: z}]}}', 'fail spec.containers'],
		['global', PODS, '{spec: {containers: [{<(image): "z*", name: q}]}}', 'skip spec.containers.1.image'],
		['keys with wildcards', '{metadata: {labels: {team-x: a}}}', '{metadata: {labels: {"team-*": "?*"}}}', 'match'],
		[
			'no key matches',
			'{metadata: {labels: {x: a}}}',
			'{metadata: {labels: {"team-*": "?*"}}}',
			'fail metadata.labels.team-0',
		],
		[
			'all keys that match',
			'{metadata: {annotations: {a.io/x: ok, a.io/y: bad}}}',
			'{metadata: {=(annotations): {=(a.io/*): ok}}}',
			'fail metadata.annotations.a.io/y',
		],
		['another structure', '{spec: []}', '{spec: {a: b}}', 'fail spec'],
	])('%s', (_, resource, pattern, expected) => {
		expect(outcome(resource, pattern)).toBe(expected);
	});
});

describe('conditions', () => {
	const holds = (text: string) => conditionsHold([yaml(text)], value => value);
	test.each([
		['{key: a, operator: Equals, value: a}', true],
		['{key: abc, operator: Equals, value: "a*"}', true],
		['{key: a, operator: NotEquals, value: b}', true],
		['{key: 1h, operator: Equals, value: 60m}', true],
		['{key: 1Gi, operator: Equals, value: 1024Mi}', true],
		['{key: [a, b], operator: AllIn, value: [a, b, c]}', true],
		['{key: [a, d], operator: AllIn, value: [a, b, c]}', false],
		['{key: [a, d], operator: AnyIn, value: [a, b]}', true],
		['{key: [a, d], operator: AnyNotIn, value: [a, b]}', true],
		['{key: [c, d], operator: AllNotIn, value: [a, b]}', true],
		['{key: [a, d], operator: AllNotIn, value: [a, b]}', false],
		['{key: a, operator: AnyIn, value: \'["a","b"]\'}', true],
		['{key: 15, operator: AnyIn, value: 10-20}', true],
		['{key: 5, operator: GreaterThan, value: 3}', true],
		['{key: 512Mi, operator: LessThan, value: 1Gi}', true],
		['{key: 90s, operator: DurationGreaterThan, value: 1m}', true],
		['{key: 1.10.0, operator: GreaterThan, value: 1.9.0}', true],
		['{key: null, operator: NotEquals, value: a}', false],
		['{key: a, operator: In, value: [a, b]}', true],
		['{key: [a, c], operator: In, value: [a, b]}', false],
		['{key: c, operator: NotIn, value: [a, b]}', true],
		['{key: c, operator: AnyNotIn, value: [a, b]}', true],
		['{key: prod-x, operator: AnyIn, value: ["prod-*"]}', true],
		['{key: [1, 20], operator: AllIn, value: 1-10}', false],
		['{key: [1, 20], operator: AnyNotIn, value: 1-10}', true],
		['{key: [20, 30], operator: AllNotIn, value: 1-10}', true],
		['{key: true, operator: Equals, value: true}', true],
		['{key: true, operator: Equals, value: "true"}', false],
		['{key: 1, operator: Equals, value: "1"}', true],
		['{key: {a: 1}, operator: Equals, value: {a: 1}}', true],
		['{key: [a, b], operator: Equals, value: [b, a]}', false],
		['{key: [a], operator: NotEquals, value: [b]}', true],
		['{key: null, operator: Equals, value: null}', false],
		['{key: 5, operator: GreaterThanOrEquals, value: 5}', true],
		['{key: 5, operator: LessThanOrEquals, value: 4}', false],
		['{key: 4, operator: LessThan, value: "5"}', true],
		['{key: a, operator: GreaterThan, value: b}', false],
		['{key: 3600, operator: DurationGreaterThanOrEquals, value: 1h}', true],
		['{key: 59m, operator: DurationLessThan, value: 1h}', true],
		['{key: 60m, operator: DurationLessThanOrEquals, value: 1h}', true],
		['{key: a, operator: Nonsense, value: a}', false],
	])('%s: %s', (text, expected) => {
		expect(holds(text)).toBe(expected);
	});
	test('any and all', () => {
		const condition = (value: string) => ({ key: 'a', operator: 'Equals', value });
		const both = (any: readonly Plain[], all: readonly Plain[]) => conditionsHold({ any, all }, value => value);
		expect(both([condition('a'), condition('b')], [condition('a')])).toBe(true);
		expect(both([condition('b')], [condition('a')])).toBe(false);
		expect(both([condition('a')], [condition('a'), condition('b')])).toBe(false);
		expect(conditionsHold(undefined, value => value)).toBe(true);
	});
});

describe('variables', () => {
	const context = { request: { object: { name: 'web', ports: [80, 443] }, operation: 'CREATE' }, keys: 'name' };
	test.each([
		['{{ request.object.name }}', 'web'],
		['x-{{ request.object.name }}-{{request.operation}}', 'x-web-CREATE'],
		['{{ request.object.ports }}', [80, 443]],
		['{{ request.object.{{ keys }} }}', 'web'],
		["{{ request.object.missing || 'none' }}", 'none'],
		['{{ length(request.object.ports) }}', 2],
		['{{ request.object.ports[?@ > `100`] | [0] }}', 443],
		["{{ to_upper('a') }}", 'A'],
		["{{ split('a,b', ',') }}", ['a', 'b']],
		["{{ regex_match('^w', request.object.name) }}", true],
		["{{ add('1Gi', '1Gi') }}", '2Gi'],
		['\\{{ kept }} {{ keys }}', '{{ kept }} name'],
	])('%s', (text, expected) => {
		expect(substitute(text, context)).toEqual(expected);
	});
	test('what is missing, and what nobody here knows', () => {
		expect(() => substitute('{{ request.object.missing }}', context)).toThrow(/not resolved/);
		expect(() => substitute('{{ request.userInfo.username }}', context)).toThrow(/who sends/);
		expect(() => substitute("{{ random('[a-z]') }}", context)).toThrow();
	});
	test('variables that bring in themselves end', () => {
		expect(() => substitute('{{ a }}', { a: '{{ a }}' })).toThrow(/without end/);
		expect(() => substitute('{{ a }}', { a: 'x{{ a }}{{ a }}' })).toThrow();
	});
	test('expressions that double what they take do not run', () => {
		expect(query(context, `${'[@,@]|'.repeat(40)}[0]`).kind).toBe('not-evaluated');
		expect(query(context, '('.repeat(3_000)).kind).toBe('error');
		expect(query({ s: 'a'.repeat(50_000) }, "regex_match('^(a+)+$b', s)")).toEqual({ kind: 'value', value: false });
	});
});

test.each([
	['1Gi', 2n ** 30n * 10n ** 9n],
	['500m', 500_000_000n],
	['1e3', 1000n * 10n ** 9n],
	['.5', 500_000_000n],
	['-1', -(10n ** 9n)],
	['1GB', undefined],
	['', undefined],
	['1e9999', undefined],
])('quantity %s', (text, expected) => {
	expect(parseQuantity(text)).toBe(expected);
});

test.each([
	['1h30m', 5_400_000_000_000n],
	['1.5s', 1_500_000_000n],
	['-2ms', -2_000_000n],
	['0', 0n],
	['1', undefined],
	['1d', undefined],
])('duration %s', (text, expected) => {
	expect(parseGoDuration(text)).toBe(expected);
});

test.each([
	['nginx', 'docker.io|nginx|latest|'],
	['library/nginx:1.2', 'docker.io|library/nginx|1.2|'],
	['localhost:5000/a/b', 'localhost:5000|a/b|latest|'],
	[`ghcr.io/a/b@sha256:${'0'.repeat(64)}`, `ghcr.io|a/b||sha256:${'0'.repeat(64)}`],
	['UPPER/case:1', 'UPPER|case|1|'],
	['a b', undefined],
])('image %s', (text, expected) => {
	const parsed = parseImageReference(text);
	expect(parsed && [parsed.registry, parsed.path, parsed.tag, parsed.digest].join('|')).toBe(expected);
});

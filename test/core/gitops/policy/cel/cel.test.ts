import { describe, expect, test } from 'vitest';
import { celValue } from '../../../../../server/src/core/gitops/policy/cel/cel-values';
import { withClusterTraps } from '../../../../../server/src/core/gitops/policy/cel/cluster-functions';
import { fieldOf } from '../../../../../server/src/core/gitops/policy/cel/fields-of';
import { celScope, withVariables } from '../../../../../server/src/core/gitops/policy/cel/environment';
import type { Plain } from '../../../../../server/src/core/yaml/node';

const OBJECT: Plain = {
	metadata: { name: 'web', labels: { app: 'shop', 'a-b': 'c' } },
	spec: {
		replicas: 3,
		memory: '1Gi',
		containers: [
			{ name: 'a', image: 'ghcr.io/x/y:1.2' },
			{ name: 'b', resources: { limits: { cpu: '500m' } } },
		],
	},
};

const run = (expression: string, variables: Readonly<Record<string, string>> = {}, object: Plain = OBJECT) => {
	const scope = celScope(Object.entries(variables).map(([name, at]) => ({ name, expression: at })));
	const asked: string[] = [];
	const context = withClusterTraps({ object: celValue(object) }, why => asked.push(why));
	return scope.compile(expression).run(
		withVariables(
			context,
			scope.bind(context, why => asked.push(why)),
		),
	);
};

describe('the language', () => {
	test.each([
		'object.spec.replicas == 3',
		"has(object.metadata.labels['a-b']) == false || true",
		'has(object.spec.containers[0].image)',
		'!has(object.spec.containers[1].image)',
		'has(object.spec.containers[1].resources.limits.cpu)',
		"object.metadata.?labels[?'app'].orValue('') == 'shop'",
		"object.spec.?missing.orValue('x') == 'x'",
		'object.spec.containers.orValue([]).size() == 2',
		"object.metadata.labels.exists(k, k == 'app')",
		"object.spec.containers.all(c, c.name.matches('^[a-z]$'))",
		"'a1'.matches('(?i)^A[0-9]$')",
		'[?object.spec.?missing, 1, ?object.spec.?replicas] == [1, 3]',
		"{'a': 1, ?'b': object.spec.?missing, ?'c': object.metadata.?name} == {'a': 1, 'c': 'web'}",
		"[[?optional.none()], [?optional.of(2)]] == [[], [2]] && {?'a': optional.of([?optional.none()])}.size() == 1",
		"object.spec.containers[?0].hasValue() && [1, 2][?5].orValue(7) == 7 && ['[?x', '{?'].size() == 2",
		'(true ? [?optional.of(1)] : [2]) == [1] && 1 in [?optional.of(1)]',
		"'constructor' in object.metadata.labels == false",
		'!has(object.metadata.labels.toString)',
	])('%s', expression => {
		expect(run(expression)).toEqual({ kind: 'value', value: true });
	});
});

describe("Kubernetes' libraries", () => {
	test.each([
		"quantity(object.spec.memory).isGreaterThan(quantity('900Mi'))",
		"quantity('1500m').compareTo(quantity('1.5')) == 0",
		"quantity('1').add(quantity('500m')) == quantity('1.5')",
		"isQuantity('1Gi') && !isQuantity('1GiB')",
		"quantity('2k').asInteger() == 2000",
		"url('https://a.b:8443/p?q=1').getHostname() == 'a.b'",
		"url('https://a.b:8443/p?q=1').getPort() == '8443'",
		"url('https://a.b/p?q=1').getQuery()['q'][0] == '1'",
		"isURL('/a/b') && !isURL('a b')",
		"ip('::1').isLoopback() && ip('10.0.0.1').family() == 4",
		"!isIP('1.2.3') && !isIP('01.2.3.4')",
		"ip.isCanonical('2001:db8::1') && !ip.isCanonical('2001:DB8::1')",
		"cidr('10.0.0.0/8').containsIP('10.1.2.3') && !cidr('10.0.0.0/8').containsIP(ip('11.0.0.1'))",
		"cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16')",
		"string(cidr('10.1.2.3/8').masked().ip()) == '10.0.0.0'",
		"['a','b'].isSorted() && [1,3,2].max() == 3 && [1,2].sum() == 3",
		"['a','b','a'].indexOf('a') == 0 && ['a','b','a'].lastIndexOf('a') == 2",
		'sets.contains([1,2],[1]) && sets.intersects([1],[1,2]) && sets.equivalent([1,1],[1])',
		"'a1b22'.findAll('[0-9]+') == ['1','22'] && 'a1'.find('[0-9]') == '1'",
		"'%s has %d, %.1f, %x'.format(['web', 3, 1.25, 255]) == 'web has 3, 1.3, ff'",
		"'hello'.replace('l', 'L', 1) == 'heLlo' && 'abc'.charAt(1) == 'b' && 'abc'.reverse() == 'cba'",
		"format.dns1123Label().validate('Not A Label').hasValue()",
		"!format.named('dns1123Label').value().validate('a-label').hasValue()",
		"semver('1.10.0').isGreaterThan(semver('1.9.0')) && isSemver('1.2.3') && !isSemver('v1.2')",
		"image('ghcr.io/x/y:1.2').tag() == '1.2' && image('nginx').registry() == 'docker.io'",
	])('%s', expression => {
		expect(run(expression)).toEqual({ kind: 'value', value: true });
	});
});

describe('comprehensions with two variables, and optional values', () => {
	test.each([
		"object.spec.containers.all(i, c, c.name == ['a', 'b'][i])",
		"object.metadata.labels.exists(k, v, k == 'app' && v == 'shop')",
		"object.metadata.labels.existsOne(k, v, v == 'c') && !object.metadata.labels.exists_one(k, v, k != '')",
		'[1, 2].all(i, v, 1 / i > 0) == false || true',
		'[0, 1].exists(i, v, 1 / v > 0)',
		"object.spec.containers.transformList(i, c, c.name + string(i)) == ['a0', 'b1']",
		"object.spec.containers.transformList(i, c, i > 0, c.name) == ['b']",
		"object.metadata.labels.transformMap(k, v, v + '!')['a-b'] == 'c!'",
		"object.metadata.labels.transformMap(k, v, k == 'app', v) == {'app': 'shop'}",
		"['x'].transformMapEntry(i, v, {v: i}) == {'x': 0}",
		'[1, 2].all(i, v, [1, 2].all(j, w, i != j || v == w))',
		"[{'n': 2}, {'n': 1}].sortBy(e, e.n)[0].n == 1",
		"object.metadata.?labels.optMap(l, l.app).orValue('none') == 'shop'",
		"object.metadata.?nothing.optMap(l, l.app).orValue('none') == 'none'",
		"object.?metadata.optFlatMap(m, m.?name).value() == 'web'",
		'[1, 2].first().value() == 1 && ![].last().hasValue()',
		"!optional.ofNonZeroValue('').hasValue() && [optional.of(1), optional.none()].unwrapOpt() == [1]",
		"{'a': [{'b': 1}]}.a.indexOf({'b': 1}) == 0 && has({'a': [{'b': 1}]}.a[0].b)",
	])('%s', expression => {
		expect(run(expression)).toEqual({ kind: 'value', value: true });
	});
});

describe('extensions', () => {
	test.each([
		'math.abs(-3) == 3 && math.ceil(1.2) == 2.0 && math.round(-1.5) == -2.0 && math.sign(-2) == -1',
		'math.greatest(1, 2, 3, 4) == 4 && math.least([3, 1]) == 1 && math.bitShiftLeft(1, 3) == 8',
		"string(base64.decode('YWI')) == 'ab' && base64.encode(b'ab') == 'YWI='",
		"semver('v1.2', true).minor() == 2 && isSemver('1', true) && !isSemver('1')",
		"string(timestamp(0)) == '1970-01-01T00:00:00Z' && int(timestamp(5)) == 5 && string(duration('90s')) == '90s'",
		'[[1], [2, [3]]].flatten(2) == [1, 2, 3]',
		"hash.sha256('a').startsWith('ca97') && md5('a').startsWith('0cc1')",
		"json.unmarshal('{\"a\": [1]}').a[0] == 1 && yaml.parse('a: [x]').a == ['x']",
		"json.marshal({'a': [1]}) == '{\"a\":[1]}'",
		"time.toCron(timestamp('2026-11-25T21:10:00Z')) == '10 21 25 11 3'",
		"listObjToMap([{'n': 'x'}], [{'v': 2}], 'n', 'v') == {'x': 2}",
		"parseServiceAccount('system:serviceaccount:ns:sa').Name == 'sa'",
		"parseImageReference('ghcr.io/a/b:1').identifierWithSeparator() == ':1'",
	])('%s', expression => {
		expect(run(expression)).toEqual({ kind: 'value', value: true });
	});
});

describe('variables', () => {
	test('are evaluated once and only when they are read', () => {
		const variables = { images: 'object.spec.containers.map(c, c.name)', broken: 'object.missing.x' };
		expect(run("variables.images == ['a', 'b'] || variables.broken", variables)).toEqual({
			kind: 'value',
			value: true,
		});
		expect(run('variables.broken', variables)).toMatchObject({ kind: 'error' });
	});
	test('may use one another, and not themselves', () => {
		expect(run('variables.b == 6', { a: 'object.spec.replicas', b: 'variables.a * 2' })).toMatchObject({ value: true });
		expect(run('variables.a', { a: 'variables.a' })).toMatchObject({ kind: 'error' });
	});
});

describe('what only a cluster knows', () => {
	test.each([
		"authorizer.group('').resource('pods').check('get').allowed()",
		"resource.Get('v1', 'configmaps', 'x', 'y').data.a == 'b'",
		'http.Get("https://example.org").ok',
		'imageData.Get("nginx").config.user == "x"',
		"time.now() > timestamp('2026-01-01T00:00:00Z')",
	])('%s', expression => {
		const result = run(expression);
		expect(result.kind).toBe('not-evaluated');
		expect('why' in result && result.why).not.toContain('overload');
	});
	test('unless it does not matter', () => {
		expect(run('object.spec.replicas == 3 || authorizer.x')).toEqual({ kind: 'value', value: true });
		expect(run("object.spec.replicas == 3 || resource.Get('v1', 'pods', 'x', 'y').a")).toMatchObject({ value: true });
	});
	test('and functions that this engine does not know', () => {
		expect(run('object.spec.nope(1)').kind).toBe('not-evaluated');
		expect(run('1 +').kind).toBe('not-evaluated');
	});
});

describe('bounds', () => {
	const LIST = { l: Array.from({ length: 200 }, (_, i) => i), s: 'a'.repeat(50_000) };
	const nested = (depth: number): string => (depth === 0 ? 'true' : `object.l.all(x${depth}, ${nested(depth - 1)})`);
	const doubled = (depth: number): string =>
		depth === 0 ? 'a0.size() > 0' : `cel.bind(a${depth - 1}, a${depth} + a${depth}, ${doubled(depth - 1)})`;
	test.each([
		['loops in loops', nested(8), 'not-evaluated'],
		['loops that are affordable', nested(2), 'value'],
		['loops of two variables in loops', nested(8).replaceAll(/all\(x(\d)/g, 'all(i$1, x$1'), 'not-evaluated'],
		['lists that double', `cel.bind(a30, object.l, ${doubled(30)})`, 'not-evaluated'],
		['a pattern that explodes', "object.s.matches('^(a+)+$b')", 'value'],
		['a pattern that grows', "'a'.matches('((a{1000}){1000}){1000}')", 'error'],
		['an expression without end', '('.repeat(5_000), 'not-evaluated'],
		['a text of many calls', 'true && '.repeat(10_000) + 'true', 'not-evaluated'],
	])('%s', (_, expression, kind) => {
		const before = performance.now();
		expect(run(expression, {}, LIST).kind).toBe(kind);
		expect(performance.now() - before).toBeLessThan(3_000);
	});
	test('variables that double', () => {
		const variables: Record<string, string> = { v0: 'object.l' };
		for (let i = 1; i <= 40; i++) variables[`v${i}`] = `variables.v${i - 1} + variables.v${i - 1}`;
		expect(run('variables.v40.size() > 0', variables, LIST).kind).not.toBe('value');
	});
});

test.each([
	['object.spec.replicas <= 5', 'spec.replicas'],
	['object.spec.containers.all(c, c.name.size() > 1)', 'spec.containers'],
	['has(object.spec.?securityContext.runAsUser) || object.kind == "Pod"', 'spec.securityContext.runAsUser'],
	["object.metadata.?labels['a'].orValue('') == 'b'", 'metadata.labels'],
	['variables.all.exists(c, c.x)', 'spec.template.spec.containers'],
	['oldObject.spec.x == subject.object.spec.y && request.name != "a"', ''],
	['variables.self == 1', ''],
])('%s speaks of %j', (expression, path) => {
	const variables = [
		{ name: 'all', expression: 'variables.lists' },
		{ name: 'lists', expression: 'object.spec.template.spec.containers + object.spec.x' },
		{ name: 'self', expression: 'variables.self' },
	];
	expect(fieldOf(expression, variables).join('.')).toBe(path);
});

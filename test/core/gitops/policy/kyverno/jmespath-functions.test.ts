import { describe, expect, test } from 'vitest';
import { query } from '../../../../../server/src/core/gitops/policy/kyverno/jmespath';
import type { Plain } from '../../../../../server/src/core/yaml/node';

const INPUT: Plain = {
	labels: { app: 'web', tier: 'front' },
	list: ['a', 'b'],
	sizes: ['500Mi', '1Gi'],
	pem: 'x',
	yaml: 'a: 1\nb: [x]',
	big: 12345678901,
	numbers: [3, 1, 2],
	nothing: null,
	people: [
		{ name: 'x', age: 2, nick: 'z' },
		{ name: 'y', age: 1 },
	],
};
const ask = (expression: string): unknown => {
	const result = query(INPUT, expression);
	return result.kind === 'value' ? result.value : result.kind;
};

describe('functions on texts and collections', () => {
	test.each([
		["compare('a', 'b')", -1],
		["equal_fold('Go', 'gO')", true],
		["replace('aaa', 'a', 'b', `2`)", 'bba'],
		["replace_all('aaa', 'a', 'b')", 'bbb'],
		["to_upper('a')", 'A'],
		["to_lower('A')", 'a'],
		["trim('xxaxx', 'x')", 'a'],
		["trim_prefix('v1.2', 'v')", '1.2'],
		["split('a,b', ',')", ['a', 'b']],
		["regex_replace_all('([a-z])-', 'a-b-', '${1}.')", 'a.b.'],
		["regex_replace_all('(?P<x>[a-z])-', 'a-b-', '$x.')", 'a.b.'],
		["regex_replace_all('a', 'a', '$1x')", ''],
		["regex_replace_all_literal('[a-z]', 'a1', '$1')", '$11'],
		["regex_match('^1[0-9]$', `12`)", true],
		["pattern_match('a*', 'abc')", true],
		["label_match(labels, {app: 'web', tier: 'front', more: 'x'})", true],
		["label_match(labels, {app: 'web'})", false],
		["to_boolean('True')", true],
		["base64_encode('a')", 'YQ=='],
		["base64_decode('YQ==')", 'a'],
		["base64_decode('?')", 'error'],
		["path_canonicalize('/a/../b//./c/')", '/b/c'],
		["path_canonicalize('../a')", '../a'],
		["truncate('abcdef', `3`)", 'abc'],
		["truncate('abc', `-1`)", ''],
		['parse_json(\'{"a": [1]}\')', { a: [1] }],
		['parse_yaml(yaml)', { a: 1, b: ['x'] }],
		["parse_yaml('{')", 'error'],
		["lookup(labels, 'app')", 'web'],
		['lookup(list, `1`)', 'b'],
		[
			"items(labels, 'key', 'value')",
			[
				{ key: 'app', value: 'web' },
				{ key: 'tier', value: 'front' },
			],
		],
		["object_from_lists(list, ['1', '2'])", { a: '1', b: '2' }],
		["image_normalize('nginx')", 'docker.io/nginx:latest'],
		["sha256('a')", 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'],
		["md5('a')", '0cc175b9c0f1b6a831c399e269772661'],
		["is_external_url('http://10.1.2.3/x')", false],
		["is_external_url('http://8.8.8.8')", true],
		["is_external_url('http://example.org')", 'not-evaluated'],
	])('%s', (expression, expected) => {
		expect(ask(expression)).toEqual(expected);
	});
});

describe('the language and its own functions', () => {
	test.each([
		['abs(`-1`)', 1],
		['avg(numbers)', 2],
		['ceil(`1.2`)', 2],
		['floor(`1.8`)', 1],
		["contains(list, 'a')", true],
		["contains('foobar', 'bar')", true],
		["contains(missing, 'x')", 'error'],
		["ends_with('abc', 'c')", true],
		["starts_with('abc', 'a')", true],
		["join(',', list)", 'a,b'],
		['keys(labels)', ['app', 'tier']],
		['values(labels)', ['web', 'front']],
		["length('äb')", 2],
		['length(list)', 2],
		['length(missing)', 'error'],
		['map(&name, people)', ['x', 'y']],
		['max(numbers)', 3],
		['min(numbers)', 1],
		['max_by(people, &age).name', 'x'],
		['min_by(people, &age).name', 'y'],
		['merge(labels, `{"app": "db"}`)', { app: 'db', tier: 'front' }],
		['not_null(missing, pem)', 'x'],
		['reverse(list)', ['b', 'a']],
		['sort(numbers)', [1, 2, 3]],
		['sort_by(people, &age)[].name', ['y', 'x']],
		['to_array(pem)', ['x']],
		['to_string(numbers)', '[3,1,2]'],
		["to_number('10')", 10],
		["to_number('x')", 'not-found'],
		['type(numbers)', 'array'],
		['type(missing)', 'null'],
		['missing', 'not-found'],
		["missing || 'other'", 'other'],
		["nothing || 'other'", 'other'],
		['labels && pem', 'x'],
		['!missing', true],
		['missing == null', true],
		['people[?age > `1`].name', ['x']],
		['people[?!nick].name', ['y']],
		["people[?name == 'q']", []],
		["people[?name == 'q'] | [0]", 'not-found'],
		['list[-1]', 'b'],
		['list[5]', 'not-found'],
		['numbers[0:2]', [3, 1]],
		['numbers[::-1]', [2, 1, 3]],
		['labels.*', ['web', 'front']],
		['people[].nick', ['z']],
		['{a: pem, b: labels.app}', { a: 'x', b: 'web' }],
		['[pem, labels.app]', ['x', 'web']],
		['people[0].nick | length(@)', 1],
		["'a' < 'b'", 'not-found'],
		["random('[a-z]')", 'not-evaluated'],
		['x509_decode(pem)', 'error'],
		['time_now_utc()', 'not-evaluated'],
		["sha1('a')", '86f7e437faa5a7fce15d1ddcb9eaeaea377667b8'],
		["parse_json('x')", 'error'],
		["replace('a', 'b', 'c')", 'error'],
		["nonsense('a')", 'not-evaluated'],
	])('%s', (expression, expected) => {
		expect(ask(expression)).toEqual(expected);
	});
});

describe('versions', () => {
	test.each([
		['1.5.0', '>=1.0.0 <2.0.0', true],
		['2.0.0', '>=1.0.0 <2.0.0', false],
		['4.2.1', '!=4.2.1', false],
		['4.2.0', '>1.0.0 !4.2.1', true],
		['3.1.0', '<2.0.0 || >3.0.0', true],
		['1.2.9', '1.2.x', true],
		['1.3.0', '>1.2.x', true],
		['1.2.0-rc.1', '<1.2.0', true],
		['1.0', '>0.1.0', 'error'],
		['1.0.0', '^1.0.0', 'error'],
	])('%s in %s: %s', (version, range, expected) => {
		expect(ask(`semver_compare('${version}', '${range}')`)).toBe(expected);
	});
});

describe('arithmetic', () => {
	test.each([
		['add(`1`, `2`)', 3],
		["add('1Gi', '512Mi')", '1536Mi'],
		["add('100m', '900m')", '1'],
		["add('1h', '90s')", '1h1m30s'],
		// `30m` is a quantity before it is a duration.
		["add('1h', '30m')", 'error'],
		["add('1h', '1Gi')", 'error'],
		["add('1Gi', `1`)", 'error'],
		["subtract('1', '250m')", '750m'],
		["subtract('1h', '1h30s')", '-30s'],
		["multiply('1Gi', `2`)", '2Gi'],
		["multiply(`3`, '20s')", '1m0s'],
		["multiply('1Gi', '2')", 'error'],
		["divide('2Gi', '512Mi')", 4],
		["divide('3', `2`)", '1'],
		["divide('1500m', `2`)", '750m'],
		["divide('1h', '900s')", 4],
		["divide('1h', `4`)", '15m0s'],
		['divide(`1`, `0`)', 'error'],
		["divide('1', '0')", 'error'],
		['modulo(`7`, `4`)', 3],
		['modulo(`7.5`, `4`)', 'error'],
		["modulo('10', '4')", '2'],
		["modulo('1h30s', '1h')", '30s'],
		['sum([`1`, `2.5`])', 3.5],
		['sum(sizes)', '1524Mi'],
		['sum(`[]`)', 'error'],
		['round(`1.255`, `1`)', 1.3],
		['round(`-2.5`, `0`)', -3],
		['add(big, `1`)', 12345678902],
	])('%s', (expression, expected) => {
		expect(ask(expression)).toEqual(expected);
	});
});

describe('times', () => {
	test.each([
		["time_since('', '2026-01-01T00:00:00Z', '2026-01-02T01:00:00Z')", '25h0m0s'],
		["time_since('', '2026-01-01T00:00:00Z', '')", 'not-evaluated'],
		["time_since('Jan 2, 2006', 'Jan 1, 2026', 'Jan 3, 2026')", '48h0m0s'],
		['time_now()', 'not-evaluated'],
		["time_add('2026-01-31T23:30:00+02:00', '45m')", '2026-02-01T00:15:00+02:00'],
		["time_utc('2026-01-01T00:30:00+02:00')", '2025-12-31T22:30:00Z'],
		["time_parse('02 Jan 06 15:04 -0700', '03 Feb 26 04:05 +0100')", '2026-02-03T04:05:00+01:00'],
		["time_parse('2006-01-02T15:04:05Z07:00', '2026-02-30T00:00:00Z')", 'error'],
		["time_parse('3:04PM', '12:30AM')", '0000-01-01T00:30:00Z'],
		["time_parse('1', '1700000000')", '2023-11-14T22:13:20Z'],
		["time_to_cron('2026-11-25T21:10:00Z')", '10 21 25 11 3'],
		["time_diff('2026-01-01T00:00:00.5Z', '2026-01-01T00:00:00Z')", '-500ms'],
		["time_before('2026-01-01T00:00:00Z', '2026-01-01T00:00:00+01:00')", false],
		["time_after('2026-01-01T00:00:00Z', '2026-01-01T00:00:00+01:00')", true],
		["time_between('2026-01-02T00:00:00Z', '2026-01-01T00:00:00Z', '2026-01-03T00:00:00Z')", true],
		["time_truncate('2026-01-01T10:47:31Z', '1h')", '2026-01-01T10:00:00Z'],
		["time_utc('yesterday')", 'error'],
	])('%s', (expression, expected) => {
		expect(ask(expression)).toBe(expected);
	});
});

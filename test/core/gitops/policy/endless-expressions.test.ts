/** Expressions, patterns and variables that would take for ever or fill the memory: each ends within a second of processor time, with an answer or without one. */
import { describe, expect, test } from 'vitest';
import { celScope, withVariables } from '../../../../server/src/core/gitops/policy/cel/environment';
import { query } from '../../../../server/src/core/gitops/policy/kyverno/jmespath';
import { matchesScalar } from '../../../../server/src/core/gitops/policy/kyverno/scalar-pattern';
import { substitute, Unanswerable } from '../../../../server/src/core/gitops/policy/kyverno/variables';
import type { Plain } from '../../../../server/src/core/yaml/node';

/** Milliseconds of processor time that one of them may take; other tests may run at the same time. */
const MOST = 3_000;

function bounded<T>(run: () => T): T {
	const before = process.cpuUsage();
	const result = run();
	expect(process.cpuUsage(before).user / 1000).toBeLessThan(MOST);
	return result;
}

const NUMBERS = Array.from({ length: 2_000 }, (_, i) => i);
const TEXT = 'x'.repeat(1_000);

describe('CEL', () => {
	const object = new Map<string, unknown>([
		['text', TEXT],
		['long', 'x'.repeat(300_000)],
		['list', NUMBERS.slice(0, 1_000).map(BigInt)],
	]);
	const run = (expression: string, variables: Readonly<Record<string, string>> = {}) => {
		const scope = celScope(Object.entries(variables).map(([name, at]) => ({ name, expression: at })));
		return bounded(
			() =>
				scope.compile(expression).run(
					withVariables(
						{ object },
						scope.bind({ object }, () => undefined),
					),
				).kind,
		);
	};
	const doubling = (first: string) =>
		Object.fromEntries(
			Array.from({ length: 30 }, (_, i) => [`v${i}`, i === 0 ? first : `variables.v${i - 1} + variables.v${i - 1}`]),
		);

	test.each([
		'object.list.all(a, object.list.all(b, object.list.all(c, a + b + c >= 0)))',
		'object.list.map(x, object.list).flatten().distinct().size() > 0',
		'object.list.map(a, object.list.map(b, object.list)).flatten(5).size() > 0',
		'sets.equivalent(object.list.map(x, object.list).flatten(), object.list)',
		'object.list.all(x, object.long.matches("(x{0,1000})(x{0,1000})[yz]"))',
		'object.long.matches("(x{0,1000})(x{0,1000})(x{0,1000})(x{0,1000})[yz]")',
		'object.long.findAll("x{0,1000}x{0,1000}[yz]").size() > 0',
		`object.text.matches("${'a*'.repeat(9_000)}")`,
		`object.list.all(x, object.list.all(y, object.long.lowerAscii() != "y"))`,
		`(${Array(200).fill('object.long').join('+')}).size() > 0`,
		'!'.repeat(15_000) + 'true',
		'('.repeat(9_000) + '1' + ')'.repeat(9_000),
		'['.repeat(9_000) + ']'.repeat(9_000),
		'[?'.repeat(6_000) + ']'.repeat(6_000),
	])('%#', expression => {
		expect(run(expression)).toBe('not-evaluated');
	});

	test('variables that double', () => {
		expect(run('variables.v29.size() > 0', doubling('object.text'))).toBe('not-evaluated');
		expect(run('variables.v29.size() > 0', doubling('object.list'))).toBe('not-evaluated');
		expect(run('variables.v3.size() == 8000', doubling('object.text'))).toBe('value');
	});

	test('what is large and harmless is answered', () => {
		expect(run('object.list.all(a, object.list.exists(b, a == b))')).toBe('value');
		expect(run('object.long.matches("^(x+x+)+$") && object.list.distinct().size() == 1000')).toBe('value');
	});
});

describe('JMESPath', () => {
	const context: Plain = { list: NUMBERS, text: TEXT, long: 'x'.repeat(300_000) };
	const run = (expression: string) => bounded(() => query(context, expression).kind);
	test.each([
		'map(&map(&map(&@, $.list), $.list), list)',
		'list[?length($.list[?length($.list[?@ > `1`]) > `1`]) > `1`]',
		'let $a = list in map(&length($a[?@ != `1`]), $a)',
		`text | ${Array(40).fill('[@, @]').join(' | ')}`,
		`text | ${Array(40).fill("join('', [@, @])").join(' | ')}`,
		"regex_match('(x{0,1000})(x{0,1000})(x{0,1000})[yz]', long)",
		"list[?regex_match('(x{0,1000})(x{0,1000})[yz]', to_string(@))]",
		"regex_replace_all('x{0,1000}x{0,1000}[yz]', long, 'y')",
		'!'.repeat(3_900) + 'text',
	])('%#', expression => {
		expect(run(expression)).toBe('not-evaluated');
	});
	test.each([
		"replace_all(replace_all(replace_all(text, 'x', 'xxxxxxxxxxxx'), 'x', 'xxxxxxxxxxxx'), 'x', 'xxxxxxxxxxxxxxxxxxxx')",
		'pad_left(text, `100000000`)',
	])('%#', expression => {
		expect(run(expression)).toBe('error');
	});
	test('what is large and harmless is answered', () => {
		expect(run("regex_match('^(x+x+)+$', text)")).toBe('value');
		expect(run('length(list[?@ > `1`])')).toBe('value');
	});
});

test('variables in variables', () => {
	const nested = Array.from({ length: 60 }).reduce<string>(text => `{{ ${text} }}`, 'a');
	expect(bounded(() => substitute(nested, { a: 'a' }))).toBe('a');
	expect(() => bounded(() => substitute('{{ a }}', { a: '{{ a }}{{ a }}' }))).toThrow(Unanswerable);
	expect(() => bounded(() => substitute('{{ a }}'.repeat(5_000), { a: TEXT }))).toThrow(Unanswerable);
	bounded(() => substitute('{{ {'.repeat(20_000) + '}}', { a: 'b' }));
});

test('patterns with wildcards and alternatives without end', () => {
	expect(bounded(() => matchesScalar('x'.repeat(5_000), '*x'.repeat(2_000) + 'y'))).toBe(false);
	expect(bounded(() => matchesScalar(TEXT, '1|'.repeat(50_000)))).toBe(false);
});

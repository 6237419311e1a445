/**
 * The tested policies of kyverno/policies in ../shared: `kyverno-test.yaml` names policies, resources and, for each rule and resource, the result.
 * Mutation, generation and image verification are out of scope; what needs a cluster must be said to be not evaluated, never to pass.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { matchesResource, readCase, type ExpectedResult } from '../support/kyverno-case';

const ROOT = join(__dirname, '../../../shared/conformance/kyverno');
const there = existsSync(ROOT);
if (!there) console.log(`skipped: ${ROOT} is not there`);

/** Of the results that need no cluster and no registry, at least this many are right. */
const LEAST_RIGHT = 0.95;

describe.skipIf(!there)('Kyverno policies', () => {
	test('results', { timeout: 120_000 }, () => {
		const folders = JSON.parse(readFileSync(join(ROOT, 'index.json'), 'utf8')) as readonly string[];
		const counts = { right: 0, wrong: 0, 'not evaluated': 0, 'without their resource': 0, 'out of scope': 0 };
		const wrong: string[] = [];
		const unknown: string[] = [];
		for (const folder of folders) {
			const found = readCase(join(ROOT, 'cases', folder));
			for (const expected of found.expected) {
				if (!found.inScope(expected)) {
					counts['out of scope']++;
					continue;
				}
				const actual = found.judge(expected);
				const line = `${folder} ${describeResult(expected)}: expected ${expected.result}, got ${actual.status} ${actual.why}`;
				if (actual.status === 'no resource') {
					// The folder names a file that is kept apart.
					counts['without their resource']++;
				} else if (actual.status === 'not-evaluated') {
					counts['not evaluated']++;
					unknown.push(line);
				} else if (actual.status === expected.result || (expected.result === 'skip' && actual.status === 'no match')) {
					counts.right++;
				} else {
					counts.wrong++;
					wrong.push(line);
				}
			}
		}
		console.log(
			`kyverno: ${Object.entries(counts)
				.map(([name, count]) => `${count} ${name}`)
				.join(', ')}`,
		);
		const log = process.env['STRATA_CONFORMANCE_LOG'];
		if (log) writeFileSync(log, [...wrong, '', ...unknown].join('\n'));
		expect(counts.right + counts.wrong).toBeGreaterThan(1_500);
		expect(counts.right / (counts.right + counts.wrong)).toBeGreaterThanOrEqual(LEAST_RIGHT);
	});
});

function describeResult({ policy, rule, kind, resource }: ExpectedResult): string {
	return `${policy}/${rule ?? ''} ${kind}/${resource}`;
}

test('names of resources in results', () => {
	expect(matchesResource('a', { kind: 'Pod', name: 'a', namespace: 'x' })).toBe(true);
	expect(matchesResource('x/a', { kind: 'Pod', name: 'a', namespace: 'x' })).toBe(true);
	expect(matchesResource('y/a', { kind: 'Pod', name: 'a', namespace: 'x' })).toBe(false);
});

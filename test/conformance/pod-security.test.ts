/**
 * The fixtures of kubernetes/pod-security-admission in ../shared: `<level>/<version>/{pass,fail}/<check><n>.yaml`. What is said to fail must fail by the check it is
 * named after, and nothing else may be found in what passes.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { evaluatePod } from '../../server/src/core/gitops/policy/pod-security/checks';
import { parseLevel, parsePolicyVersion } from '../../server/src/core/gitops/policy/pod-security/levels';
import { resourcesOf } from '../support/resources';

const ROOT = join(__dirname, '../../../shared/conformance/pod-security');
const there = existsSync(ROOT);
if (!there) console.log(`skipped: ${ROOT} is not there`);

const directories = (path: string) =>
	readdirSync(path, { withFileTypes: true }).flatMap(entry => (entry.isDirectory() ? [entry.name] : []));

describe.skipIf(!there)('Pod Security Standards', () => {
	const cases = !there
		? []
		: directories(ROOT).flatMap(level =>
				directories(join(ROOT, level)).flatMap(version =>
					(['pass', 'fail'] as const).flatMap(expected =>
						readdirSync(join(ROOT, level, version, expected)).map(file => ({ level, version, expected, file })),
					),
				),
			);

	test.each(cases)('$level $version $expected $file', ({ level, version, expected, file }) => {
		const [pod] = resourcesOf(readFileSync(join(ROOT, level, version, expected, file), 'utf8'));
		const standard = { level: parseLevel(level)!, version: parsePolicyVersion(version)! };
		const found = evaluatePod(standard, pod!.node).map(({ check }) => check.toLowerCase());
		if (expected === 'pass') expect(found).toEqual([]);
		else {
			const check = /^(\D+)\d+\.yaml$/.exec(file)![1]!;
			const names = REPLACED_BY[check] ? [check, REPLACED_BY[check]] : [check];
			expect(names.some(name => found.some(other => other.startsWith(name)))).toBe(true);
		}
	});

	test('there are cases, and they are counted', () => {
		console.log(`pod-security: ${cases.length} cases`);
		expect(cases.length).toBeGreaterThan(400);
	});
});

/** Under the restricted level another check says it. */
const REPLACED_BY: Readonly<Record<string, string>> = {
	capabilities_baseline: 'capabilities_restricted',
	hostpathvolumes: 'restrictedvolumes',
	seccompprofile_baseline: 'seccompprofile_restricted',
};

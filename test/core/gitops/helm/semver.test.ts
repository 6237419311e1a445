import { describe, expect, test } from 'vitest';
import { inRange, parseRange, parseVersion } from '../../../../server/src/core/gitops/helm/semver';

describe('versions', () => {
	test.each([
		['6.x', '6.8.0', true],
		['^1.2', '1.9.0', true],
		['^1.2', '2.0.0', false],
		['~1.2.3', '1.2.9', true],
		['>=1.0 <2.0', '1.5.0-rc.1', false],
		['>=1.0-0', '1.5.0-rc.1', true],
		['1.2 - 1.4', '1.3.0', true],
		['*', '0.0.1', true],
		['v1.17.1', '1.17.1', true],
	])('%s and %s: %s', (range, version, expected) => {
		expect(inRange(parseVersion(version)!, parseRange(range)!)).toBe(expected);
	});

	test('what is none', () => {
		expect(parseVersion('latest')).toBeUndefined();
		expect(parseRange('>>1')).toBeUndefined();
	});
});

import { expect, test } from 'vitest';
import { readSettings } from '../../server/src/lsp/settings';

test('what makes sense is taken, the rest is as if it were not there', () => {
	const severities = { 'overlay/*': 'off', 'base/x': 'hint', 'secret/y': 'loud', z: 3 };
	expect(readSettings({ severities, unknown: 1 })).toEqual({ severities: { 'overlay/*': 'off', 'base/x': 'hint' } });
});

test.each([undefined, null, 'text', 7, [], { severities: [] }, { severities: 'error' }])(
	'%j is no settings',
	section => {
		expect(readSettings(section)).toEqual({ severities: {} });
	},
);

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

test('what is set is read, and what is of another type or empty is not there', () => {
	expect(
		readSettings({
			kubernetesVersion: '1.31',
			fluxVersion: '2.8',
			podSecurity: { enforce: 'baseline', warn: 3, exemptNamespaces: ['a', 1, ''] },
			sealedSecrets: { certificate: { production: 'a.pem', staging: 2 }, privateKeys: ['/key.pem'] },
		}),
	).toEqual({
		severities: {},
		kubernetesVersion: '1.31',
		fluxVersion: '2.8',
		podSecurity: { enforce: 'baseline', exemptNamespaces: ['a'] },
		sealedSecrets: { certificate: { production: 'a.pem' }, privateKeys: ['/key.pem'] },
	});
	const unset = {
		kubernetesVersion: '',
		fluxVersion: '',
		podSecurity: {},
		sealedSecrets: { certificate: '', privateKeys: [] },
	};
	expect(readSettings(unset)).toEqual({ severities: {} });
});

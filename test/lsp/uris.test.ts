import { expect, test } from 'vitest';
import { fileOf, uriOfFile } from '../../server/src/lsp/uris';

test.each([
	['file:///repo/a.yaml', '/repo/a.yaml'],
	['file:///repo/with%20space/%23x.yaml', '/repo/with space/#x.yaml'],
	['file:///c%3A/repo/a.yaml', '/c:/repo/a.yaml'],
	['file:///C:/repo/a.yaml', '/c:/repo/a.yaml'],
	['file:///repo/../etc/a.yaml', '/etc/a.yaml'],
])('%s is the file %s', (uri, file) => {
	expect(fileOf(uri)).toBe(file);
});

test.each(['untitled:Untitled-1', 'http://host/a.yaml', 'file://host/share/a.yaml', '/repo/a.yaml', '', 'file'])(
	'%j is no file here',
	uri => {
		expect(fileOf(uri)).toBeUndefined();
	},
);

test.each(['/repo/a.yaml', '/repo/with space/#x?.yaml', '/repo/ünï/100%.yaml', '/c:/repo/a.yaml'])(
	'%s comes back from its URI',
	file => {
		expect(fileOf(uriOfFile(file))).toBe(file);
	},
);

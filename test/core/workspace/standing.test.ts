/** What stands at a path: told from listings, or by the disk where a link is on the way. */
import { expect, test } from 'vitest';
import { Database } from '../../../server/src/core/base/query';
import type { FilePath } from '../../../server/src/core/base/paths';
import { type DirectoryEntry, realPath, type Source } from '../../../server/src/core/workspace/inputs';
import { standingAt } from '../../../server/src/core/workspace/standing';

const LISTINGS: Readonly<Record<FilePath, readonly DirectoryEntry[]>> = {
	'/r': [
		{ name: 'd', kind: 'directory' },
		{ name: 'f', kind: 'file' },
		{ name: 'linked', kind: 'directory', isLink: true },
	],
	'/r/d': [{ name: 'f', kind: 'file' }],
};

function database(asked: FilePath[] = []): Database {
	const source: Partial<Source> = {
		list: path => LISTINGS[path],
		realPath: path => {
			asked.push(path);
			const real = path.replace(/^\/r\/linked/, '/r/d');
			return real === '/r/gone' ? undefined : real;
		},
	};
	return new Database(source);
}

test('what a listing has is not asked for', () => {
	const asked: FilePath[] = [];
	const db = database(asked);
	expect(standingAt(db, '/r/f')).toEqual({ real: '/r/f', kind: 'file' });
	expect(standingAt(db, '/r/d')).toEqual({ real: '/r/d', kind: 'directory' });
	expect(asked).toEqual(['/r']);
});

test('links are followed, at the end and on the way', () => {
	const db = database();
	expect(standingAt(db, '/r/linked')).toEqual({ real: '/r/d', kind: 'directory' });
	expect(standingAt(db, '/r/linked/f')).toEqual({ real: '/r/d/f', kind: 'file' });
});

test('what is nowhere, and what comes later', () => {
	const db = database();
	expect(standingAt(db, '/r/gone')).toBeUndefined();
	db.set(realPath, '/r/gone', '/r/d');
	expect(standingAt(db, '/r/gone')).toEqual({ real: '/r/d', kind: 'directory' });
});

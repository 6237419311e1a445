import { expect, test } from 'vitest';
import { Bug } from '../../../server/src/core/base/bug';
import { Database, input, query } from '../../../server/src/core/base/query';

type Disk = Map<string, number>;
const cell = input('cell', (disk: Disk, key) => disk.get(key) ?? 0);
const sign = query('sign', (db, key) => Math.sign(db.read(cell, key)));
const report = query('report', (db, key) => `sign of ${key}: ${db.get(sign, key)}`);

test('a query runs again only if something that it read has another value', () => {
	const db = new Database(new Map([['a', 5]]));
	expect(db.get(report, 'a')).toBe('sign of a: 1');
	db.set(cell, 'a', 7);
	expect(db.get(report, 'a')).toBe('sign of a: 1');
	expect([db.runs.get('sign'), db.runs.get('report')]).toEqual([2, 1]);
	db.set(cell, 'a', -7);
	expect(db.get(report, 'a')).toBe('sign of a: -1');
	expect(db.runs.get('report')).toBe(2);
});

test('an input is loaded once, and again when told', () => {
	const disk: Disk = new Map([['a', 1]]);
	const db = new Database(disk);
	expect(db.get(sign, 'a')).toBe(1);
	disk.set('a', -1);
	expect(db.get(sign, 'a')).toBe(1);
	db.reload(cell, 'a');
	expect(db.get(sign, 'a')).toBe(-1);
});

test('a query that asks for itself is a bug, not a hang', () => {
	const loop = query('loop', (db: Database, key: string): number => db.get(loop, key));
	const db = new Database(new Map());
	expect(() => db.get(loop, 'x')).toThrow(Bug);
	expect(() => db.get(loop, 'x')).toThrow(Bug);
});

test('a query that threw does not vouch for its old value', () => {
	const fussy = query('fussy', (db, key) => {
		const value = db.read(cell, key);
		if (value === 13) throw new RangeError('thirteen');
		return value;
	});
	const db = new Database(new Map([['a', 1]]));
	expect(db.get(fussy, 'a')).toBe(1);
	db.set(cell, 'a', 13);
	expect(() => db.get(fussy, 'a')).toThrow('thirteen');
	db.set(cell, 'a', 2);
	expect(db.get(fussy, 'a')).toBe(2);
});

test('who lives with a query that throws is asked again when what made it throw is another', () => {
	const fussy = query('fussy', (db, key) => {
		if (db.read(cell, key) === 13) throw new RangeError('thirteen');
		return 'fine';
	});
	const patient = query('patient', (db, key) => {
		try {
			return db.get(fussy, key);
		} catch {
			return 'broken';
		}
	});
	const db = new Database(new Map([['a', 13]]));
	expect(db.get(patient, 'a')).toBe('broken');
	db.set(cell, 'a', 1);
	expect(db.get(patient, 'a')).toBe('fine');
	db.set(cell, 'a', 13);
	expect(db.get(patient, 'a')).toBe('broken');
});

test('any sequence of edits gives what a fresh start on the final values gives', () => {
	const keys = ['a', 'b', 'c', 'd'];
	const chooser = query('chooser', (db, key) => {
		const way = db.get(sign, key);
		return way > 0 ? db.get(report, 'b') : way < 0 ? db.get(report, 'c') + db.get(sign, 'd') : 'none';
	});
	const fussy = query('fussy', (db, key): string => {
		if (db.read(cell, key) === 1) throw new RangeError('one');
		return db.get(chooser, key);
	});
	const all = query('all', db =>
		keys.map(key => {
			try {
				return db.get(fussy, key);
			} catch {
				return db.get(chooser, 'a');
			}
		}),
	);
	const disk: Disk = new Map();
	const db = new Database(disk);
	let seed = 42;
	const random = (n: number) => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) % n;
	for (let i = 0; i < 5000; i++) {
		const key = keys[random(4)]!;
		const value = random(5) - 2;
		disk.set(key, value);
		db.set(cell, key, value);
		const fresh = () => new Database(new Map(disk));
		const kind = random(7);
		if (kind > 3) for (const k of keys) expect(db.get(chooser, k)).toBe(fresh().get(chooser, k));
		else if (kind > 1) expect(db.get(all, '')).toEqual(fresh().get(all, ''));
		if (random(50) === 0) db.forget(db.revision - 1);
	}
});

test('what nobody asks for any more is forgotten, and found again', () => {
	const disk: Disk = new Map([
		['a', 1],
		['b', 2],
	]);
	const db = new Database(disk);
	db.set(cell, 'given', 3);
	for (const key of ['a', 'b', 'given']) db.get(report, key);
	disk.set('a', -1);
	db.reload(cell, 'a');
	db.get(report, 'a');
	db.forget(db.revision);
	expect(db.keys(cell).sort()).toEqual(['a', 'given']);
	disk.set('b', -2);
	expect(db.get(report, 'b')).toBe('sign of b: -1');
	expect(db.get(report, 'given')).toBe('sign of given: 1');
	const runs = db.runs.get('report');
	expect(db.get(report, 'a')).toBe('sign of a: -1');
	expect(db.runs.get('report')).toBe(runs);
});

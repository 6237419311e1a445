import { describe, expect, test } from 'vitest';
import { Bug } from '../../../server/src/core/base/bug';
import { bounded } from '../../../server/src/host/bounded';
import { allSteps } from '../../../server/src/core/base/steps';
import { Database, input, longQuery, query } from '../../../server/src/core/base/query';

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
		if (random(50) === 0) allSteps(db.forget(db.revision - 1));
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
	allSteps(db.forget(db.revision));
	expect(db.keys(cell).sort()).toEqual(['a', 'given']);
	disk.set('b', -2);
	expect(db.get(report, 'b')).toBe('sign of b: -1');
	expect(db.get(report, 'given')).toBe('sign of given: 1');
	const runs = db.runs.get('report');
	expect(db.get(report, 'a')).toBe('sign of a: -1');
	expect(db.runs.get('report')).toBe(runs);
});

describe('an attempt', () => {
	const sum = query('sum', (db, count) => {
		let total = 0;
		for (let i = 0; i < Number(count); i++) total += db.get(sign, `${i}`);
		return total;
	});
	const twice = query('twice', (db, key) => 2 * db.get(sum, key));
	const tens = () => new Database(new Map(Array.from({ length: 10 }, (_, i) => [`${i}`, i + 1])));
	/** Of an attempt that ends as soon as it may. */
	const atOnce = () => {
		let asked = 0;
		return () => asked++ > 0;
	};

	test('that has time enough gives the value', () => {
		expect(
			tens().attempt(
				() => false,
				() => 7,
			),
		).toEqual({ value: 7 });
		const db = tens();
		expect(
			db.attempt(
				() => false,
				() => db.get(twice, '10'),
			),
		).toEqual({ value: 20 });
	});

	test('that ends early gives nothing, and what it found is not computed again', () => {
		const db = tens();
		let asked = 0;
		expect(
			db.attempt(
				() => ++asked > 4,
				() => db.get(twice, '10'),
			),
		).toBeUndefined();
		const known = db.runs.get('sign')!;
		expect(known).toBeGreaterThan(0);
		expect(known).toBeLessThan(10);
		expect(db.get(twice, '10')).toBe(20);
		expect(db.runs.get('sign')).toBe(10);
	});

	test('comes further each time, however little time there is', () => {
		const db = tens();
		let attempts = 1;
		while (!db.attempt(atOnce(), () => db.get(twice, '10'))) attempts++;
		expect(attempts).toBeLessThanOrEqual(12);
		expect(db.runs.get('sign')).toBe(10);
	});

	test('that assumes something goes on to its end, since what it finds then is not remembered', () => {
		const db = tens();
		const assumed = () => db.assuming([{ of: cell, key: '0', value: -1 }], () => db.get(twice, '10'));
		let attempts = 1;
		let answer;
		while (!(answer = db.attempt(atOnce(), () => [assumed(), assumed(), db.get(twice, '10')])))
			expect(attempts++).toBeLessThan(30);
		expect(answer.value).toEqual([16, 16, 20]);
	});

	test('of what was known before a change ends as well, and leaves nothing that is out of date', () => {
		const db = tens();
		expect(db.get(twice, '10')).toBe(20);
		for (let i = 0; i < 10; i++) db.set(cell, `${i}`, -1);
		let attempts = 0;
		while (!db.attempt(atOnce(), () => db.get(twice, '10'))) expect(attempts++).toBeLessThan(30);
		expect(db.get(twice, '10')).toBe(-20);
		// Half of the way, and then another change.
		for (let i = 0; i < 10; i++) db.set(cell, `${i}`, 1);
		for (let i = 0; i < 3; i++) db.attempt(atOnce(), () => db.get(twice, '10'));
		db.set(cell, '0', -1);
		db.set(cell, '9', -1);
		expect(db.get(twice, '10')).toBe(12);
	});

	test('that somebody catches on the way is ended all the same, and what was computed so is not kept', () => {
		const db = tens();
		const careless = query('careless', (db, key): number => {
			try {
				return db.get(sum, key);
			} catch {
				return -1;
			}
		});
		expect(db.attempt(atOnce(), () => db.get(careless, '10'))).toBeUndefined();
		expect(db.get(careless, '10')).toBe(10);
	});

	describe('at a long query', () => {
		let begun = 0;
		const long = longQuery('long', function* (db, count) {
			begun++;
			let total = 0;
			for (let i = 0; i < Number(count); i++) {
				total += db.read(cell, `${i}`);
				yield;
			}
			return total;
		});
		const twiceLong = query('twiceLong', (db, key) => 2 * db.get(long, key));
		/** How many attempts lead to the sum of the first ten cells, twice. */
		const attemptsOf = (db: Database) => {
			let attempts = 1;
			let answer;
			while (!(answer = db.attempt(atOnce(), () => db.get(twiceLong, '10')))) expect(attempts++).toBeLessThan(30);
			return { attempts, value: answer.value };
		};

		test('stops after a step and goes on there', () => {
			begun = 0;
			expect(attemptsOf(tens())).toEqual({ attempts: 11, value: 110 });
			expect(begun).toBe(1);
		});

		test('begins anew when something has changed, and what was read before the stop counts', () => {
			const db = tens();
			for (let i = 0; i < 5; i++) db.attempt(atOnce(), () => db.get(twiceLong, '10'));
			db.set(cell, '0', 11);
			expect(attemptsOf(db).value).toBe(130);
			db.set(cell, '1', 12);
			expect(attemptsOf(db).value).toBe(150);
		});

		test('goes to its end without one', () => {
			expect(tens().get(twiceLong, '10')).toBe(110);
		});

		test('forgets where it stopped when it is asked to forget, or is cut off', () => {
			for (const forget of [(db: Database) => allSteps(db.forget(db.revision)), (db: Database) => void db.cutOff()]) {
				const db = tens();
				for (let i = 0; i < 5; i++) db.attempt(atOnce(), () => db.get(twiceLong, '10'));
				forget(db);
				db.set(cell, '3', 14);
				expect(attemptsOf(db).value).toBe(130);
			}
		});

		test('that asks for what is not known yet begins anew, but what it asked for is known', () => {
			const db = tens();
			const asking = longQuery('asking', function* (db, count) {
				const all = Array.from({ length: Number(count) }, (_, i) => `${i}`);
				for (const key of all) {
					db.get(sign, key);
					yield;
				}
				let total = 0;
				for (const key of all) {
					total += db.get(sign, key);
					yield;
				}
				return total;
			});
			let attempts = 1;
			while (!db.attempt(atOnce(), () => db.get(asking, '10'))) expect(attempts++).toBeLessThan(100);
			expect(db.get(asking, '10')).toBe(10);
			expect(db.runs.get('sign')).toBe(10);
		});

		test('whose end it catches itself begins anew', () => {
			const db = tens();
			const careless = longQuery('carelessLong', function* (db, key) {
				let value = -1;
				try {
					value = db.get(sum, key);
				} catch {
					yield;
				}
				yield;
				return value;
			});
			let attempts = 1;
			let answer;
			while (!(answer = db.attempt(atOnce(), () => db.get(careless, '10')))) expect(attempts++).toBeLessThan(30);
			expect(answer.value).toBe(10);
		});

		test('which fails is asked again', () => {
			const db = tens();
			const failing = longQuery('failing', function* (db, key) {
				yield;
				if (db.read(cell, key) < 0) throw new Error('negative');
				return db.read(cell, key);
			});
			db.set(cell, '1', -1);
			expect(() => db.get(failing, '1')).toThrow('negative');
			db.set(cell, '1', 1);
			expect(db.get(failing, '1')).toBe(1);
		});
	});

	test('lets a mistake through', () => {
		const db = tens();
		const wrong = query('wrong', (): number => {
			throw new Error('wrong');
		});
		expect(() => db.attempt(atOnce(), () => db.get(wrong, ''))).toThrow('wrong');
		expect(
			db.attempt(
				() => false,
				() => db.get(sign, '1'),
			),
		).toEqual({ value: 1 });
	});
});

describe('what was stopped from outside', () => {
	/** Stops as an engine does: nothing of what ran is gone on with, not even its `finally`. */
	const stopped = (db: Database, run: () => void): string | undefined => {
		const ended = bounded(30, run);
		expect(ended).toBe(false);
		return db.cutOff();
	};
	let ends = true;
	const endless = query('endless', (db, key) => {
		const value = db.read(cell, key);
		while (!ends);
		return value * 2;
	});
	const above = query('above', (db, key) => db.get(endless, key) + 1);

	test('is as if it had not been asked, and is found when it ends', () => {
		const db = new Database(new Map([['a', 1]]));
		ends = false;
		expect(stopped(db, () => db.get(above, 'a'))).toBeUndefined();
		ends = true;
		expect(db.get(above, 'a')).toBe(3);
		db.set(cell, 'a', 2);
		ends = false;
		stopped(db, () => db.get(above, 'a'));
		ends = true;
		expect(db.get(above, 'a')).toBe(5);
	});

	test('assumed nothing, and attempts are possible again', () => {
		const db = new Database(new Map([['a', 1]]));
		ends = false;
		const assume = () => db.assuming([{ of: cell, key: 'a', value: 10 }], () => db.get(above, 'a'));
		stopped(db, () => db.attempt(() => false, assume));
		ends = true;
		expect(
			db.attempt(
				() => false,
				() => db.get(above, 'a'),
			),
		).toEqual({ value: 3 });
	});

	test('is named by the innermost name that it ran under', () => {
		const db = new Database(new Map([['a', 1]]));
		ends = false;
		expect(stopped(db, () => db.within('outer', () => db.within('inner', () => db.get(above, 'a'))))).toBe('inner');
		expect(stopped(db, () => void db.get(above, 'a'))).toBeUndefined();
		ends = true;
	});
});

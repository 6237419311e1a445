/** Memory that is given back while others go on asking. */
import { expect, test } from 'vitest';
import { Random } from '../../../scripts/bench/random.mjs';
import { CellTable } from '../../../server/src/core/base/cell-table';
import { Database, input, longQuery, query } from '../../../server/src/core/base/query';
import { allSteps, type Steps } from '../../../server/src/core/base/steps';

type Disk = Map<string, number>;
const KEYS = Array.from({ length: 12 }, (_, i) => `${i}`);
const cell = input('cell', (disk: Disk, key) => disk.get(key) ?? 0);
const next = (key: string) => `${(Number(key) + 1) % KEYS.length}`;
const sign = query('sign', (db, key) => Math.sign(db.read(cell, key)));
/** Leads from key to key as long as the values are positive. */
const way = query('way', (db, key): string => {
	const [at, steps] = key.split(':') as [string, string];
	if (steps === '0' || db.get(sign, at) <= 0) return at;
	return `${at} ${db.get(way, `${next(at)}:${Number(steps) - 1}`)}`;
});
const ways = longQuery('ways', function* (db, steps) {
	const all: string[] = [];
	for (const key of KEYS) {
		all.push(db.get(way, `${key}:${steps}`));
		yield;
	}
	return all.join();
});

const small = (disk: Disk) => new Database(disk, new CellTable(1));

test('what is asked for between the steps, and what has changed by then, is as after a fresh start', () => {
	for (let seed = 1; seed <= 30; seed++) {
		const random = new Random(seed);
		const disk: Disk = new Map();
		const db = small(disk);
		let forgetting: Steps<void> | undefined;
		let ended = 0;
		for (let i = 0; i < 600; i++) {
			const key = random.of(KEYS);
			const steps = random.below(5);
			const fresh = new Database(new Map(disk));
			switch (random.below(6)) {
				case 0:
					disk.set(key, random.below(5) - 1);
					db.reload(cell, key);
					break;
				case 1:
					expect(db.get(way, `${key}:${steps}`)).toBe(fresh.get(way, `${key}:${steps}`));
					break;
				case 2: {
					const found = db.attempt(
						() => random.below(4) === 0,
						() => db.get(ways, `${steps}`),
					);
					if (found) expect(found.value).toBe(fresh.get(ways, `${steps}`));
					break;
				}
				case 3:
					// What was begun and left before its end is gone on with.
					if (random.below(10) === 0) forgetting = db.forget(db.revision);
					break;
				default:
					forgetting ??= db.forget(db.revision);
					for (let n = random.below(20); n > 0 && forgetting; n--) {
						if (!forgetting.next().done) continue;
						forgetting = undefined;
						ended++;
					}
			}
			if (random.below(100) === 0) db.cutOff();
		}
		expect(ended).toBeGreaterThan(3);
	}
});

test('what nobody has asked for is gone once all steps are made, and only then', () => {
	const disk: Disk = new Map();
	const db = small(disk);
	for (const key of KEYS) db.get(sign, key);
	disk.set('0', 1);
	db.reload(cell, '0');
	db.get(sign, '0');
	const forgetting = db.forget(db.revision);
	let steps = 0;
	while (!forgetting.next().done) {
		// Touched while it is decided what goes.
		if (steps++ === 2) db.get(sign, '5');
	}
	expect(steps).toBeGreaterThan(KEYS.length);
	expect(db.keys(cell).sort()).toEqual(['0', '5']);
	allSteps(db.forget(db.revision));
	expect(db.keys(cell).sort()).toEqual(['0', '5']);
});

test('one that was stopped from outside leaves a table that holds', () => {
	for (let stop = 0; stop < 60; stop++) {
		const disk: Disk = new Map();
		const db = small(disk);
		for (const key of KEYS) db.get(way, `${key}:3`);
		disk.set('3', 1);
		db.reload(cell, '3');
		db.get(way, '3:3');
		const forgetting = db.forget(db.revision);
		for (let i = 0; i < stop; i++) forgetting.next();
		db.cutOff();
		for (const key of KEYS) disk.set(key, 2);
		for (const key of KEYS) db.reload(cell, key);
		for (const key of KEYS) expect(db.get(way, `${key}:3`)).toBe(new Database(disk).get(way, `${key}:3`));
	}
});

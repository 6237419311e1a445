/** What attempts cost together where each does a good deal again: that must not grow with the square of what there is to do. */
import { expect, test } from 'vitest';
import { Database, input, query } from '../../../server/src/core/base/query';

const text = input('text', () => 1);
const length = query<number>('length', (db, key) => db.read(text, key));

test('what is no query is done again by each attempt, but not for each thing that it asks for', () => {
	const db = new Database(undefined);
	const count = 2_000;
	let clock = 0;
	const ask = () => {
		let sum = 0;
		for (let i = 0; i < count; i++) {
			clock++;
			sum += db.get(length, `${i}`);
		}
		return sum;
	};
	let found: { readonly value: number } | undefined;
	for (let attempts = 1; !found; attempts++) {
		const end = clock + 10;
		found = db.attempt(() => clock >= end, ask);
		expect(attempts).toBeLessThan(50);
	}
	expect(found.value).toBe(count);
	expect(clock).toBeLessThan(5 * count);
});

test('one that has time to come to something new ends when that time is over', () => {
	const db = new Database(undefined);
	let clock = 0;
	const slow = query<number>('slow', (_, key) => {
		clock += 10;
		return Number(key);
	});
	for (const key of ['1', '2', '3', '4']) {
		const end = clock + 10;
		expect(
			db.attempt(
				() => clock >= end,
				() => [db.get(slow, key), db.get(slow, `${key}0`)],
			),
		).toBeUndefined();
		expect(db.runs.get('slow')).toBe(Number(key));
	}
});

import { expect, test } from 'vitest';
import { piecesOf } from '../../../server/src/core/base/pieces';

test('the items are asked for once, in a piece of their own, and then worked on', () => {
	let asked = 0;
	const done: number[] = [];
	const pieces = piecesOf(
		() => (asked++, Array.from({ length: 100 }, (_, i) => i)),
		item => done.push(item),
	);
	const [first, ...others] = [...pieces].map(piece => () => piece());
	expect(others).toEqual([]);
	expect(asked).toBe(0);
	first!();
	expect({ asked, done }).toEqual({ asked: 1, done: [] });

	let count = 0;
	for (const piece of piecesOf(
		() => (asked++, [1, 2, 3]),
		item => done.push(item),
	)) {
		count++;
		piece();
	}
	expect({ count, asked, done }).toEqual({ count: 2, asked: 2, done: [1, 2, 3] });
});

test('where the items cannot be had, whoever runs the pieces learns it from the first one, and there are no others', () => {
	const outcomes: string[] = [];
	const pieces = piecesOf(
		() => {
			throw new Error('no items');
		},
		() => undefined,
	);
	for (const piece of pieces) {
		try {
			piece();
			outcomes.push('done');
		} catch (error) {
			outcomes.push(String(error));
		}
	}
	expect(outcomes).toEqual(['Error: no items']);
});

import { expect, test } from 'vitest';
import { bounded, boundedSteps } from '../../server/src/host/bounded';

test('what ends is as if it had been called', () => {
	const said: string[] = [];
	expect(bounded(1000, () => void said.push('ended'))).toBe(true);
	expect(said).toEqual(['ended']);
	const mistake = new TypeError('a mistake');
	expect(() =>
		bounded(1000, () => {
			throw mistake;
		}),
	).toThrow(mistake);
});

test('what does not end is stopped: a loop, and a regular expression', () => {
	expect(
		bounded(50, () => {
			for (;;);
		}),
	).toBe(false);
	expect(bounded(50, () => void /^(a+)+$/.test(`${'a'.repeat(40)}b`))).toBe(false);
	expect(bounded(1000, () => undefined)).toBe(true);
});

test('steps are taken to the end, and one that does not end stops them', () => {
	let steps = 0;
	const work = function* (last: () => void) {
		for (; steps < 5; steps++) yield;
		last();
	};
	expect(
		boundedSteps(
			1000,
			work(() => undefined),
		),
	).toBe(true);
	expect(steps).toBe(5);
	const endless = () => {
		for (;;);
	};
	expect(boundedSteps(50, work(endless))).toBe(false);
});

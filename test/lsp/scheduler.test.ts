import { describe, expect, test } from 'vitest';
import { Scheduler, SLICE_MS, type Turns } from '../../server/src/lsp/scheduler';

/** A clock that only `spend` moves, and turns that only `turn` takes. */
function manualTurns() {
	let time = 0;
	const deferred: (() => void)[] = [];
	const turns: Turns = {
		now: () => time,
		defer: run => void deferred.push(run),
		bounded: run => (run(), true),
	};
	return {
		turns,
		spend: (ms: number) => void (time += ms),
		/** Runs what was deferred so far; says whether there was anything. */
		turn: () => {
			const now = deferred.splice(0);
			for (const run of now) run();
			return now.length > 0;
		},
	};
}

describe('Scheduler', () => {
	test('works in short slices, and lets others in between', () => {
		const { turns, spend, turn } = manualTurns();
		const scheduler = new Scheduler(turns, fail, stuck);
		let steps = 0;
		scheduler.start(
			(function* () {
				for (; steps < 10; steps++) {
					spend(SLICE_MS / 2);
					yield;
				}
			})(),
		);
		expect(steps).toBe(0);
		turn();
		expect(steps).toBeLessThanOrEqual(2);
		expect(scheduler.busy).toBe(true);
		let turnsTaken = 1;
		while (turn()) turnsTaken++;
		expect(steps).toBe(10);
		expect(turnsTaken).toBeGreaterThanOrEqual(5);
		expect(scheduler.busy).toBe(false);
	});

	test('gives up what it does for something newer', () => {
		const { turns, spend, turn } = manualTurns();
		const scheduler = new Scheduler(turns, fail, stuck);
		const done: string[] = [];
		const work = function* (name: string) {
			for (let i = 0; i < 3; i++) {
				spend(SLICE_MS);
				done.push(name + i);
				yield;
			}
		};
		scheduler.start(work('a'));
		while (done.length === 0) turn();
		scheduler.start(work('b'));
		while (turn());
		expect(done).toEqual(['a0', 'b0', 'b1', 'b2']);
	});

	test('waits while messages come in, though not for ever', () => {
		const { turns, spend, turn } = manualTurns();
		const scheduler = new Scheduler(turns, fail, stuck);
		let steps = 0;
		const work = function* () {
			steps++;
			spend(SLICE_MS);
			yield;
		};
		const takeMessage = () => {
			scheduler.start(work());
			spend(1);
			turn();
		};
		for (let message = 0; message < 20; message++) takeMessage();
		expect(steps).toBe(0);
		for (let message = 0; message < 200 && steps === 0; message++) takeMessage();
		expect(steps).toBe(1);
	});

	test('work that starts work of its own is replaced by it', () => {
		const { turns, turn } = manualTurns();
		const scheduler = new Scheduler(turns, fail, stuck);
		const done: string[] = [];
		scheduler.start(
			(function* () {
				done.push('a');
				scheduler.start(
					(function* () {
						done.push('b');
					})(),
				);
				yield;
				done.push('never');
			})(),
		);
		while (turn());
		expect(done).toEqual(['a', 'b']);
	});

	test('work that fails is reported, and later work runs', () => {
		const { turns, turn } = manualTurns();
		const failures: unknown[] = [];
		const scheduler = new Scheduler(turns, error => void failures.push(error), stuck);
		scheduler.start(
			(function* () {
				throw new Error('broken');
			})(),
		);
		while (turn());
		let ran = false;
		scheduler.start(
			(function* () {
				ran = true;
			})(),
		);
		while (turn());
		expect(failures).toEqual([new Error('broken')]);
		expect(ran).toBe(true);
	});
});

function fail(error: unknown): never {
	throw error;
}

function stuck(): never {
	throw new Error('nothing was stopped');
}

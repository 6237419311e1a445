// Loaded into a server before its own program (`node --require`): measures how long each turn of its event loop takes that runs what was
// put off with `setImmediate`, which is how messages are taken and how work is sliced. Writes the times (milliseconds by the clock, and of
// the thread's processor time where the system tells it) as JSON into the file that STRATA_TURNS names when the server ends.
'use strict';
const fs = require('node:fs');

const turns = [];
const { setImmediate: later } = globalThis;

function processorMs() {
	try {
		return Number(fs.readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0]) / 1e6;
	} catch {
		return undefined;
	}
}

globalThis.setImmediate = (run, ...args) =>
	later(() => {
		const start = performance.now();
		const processor = processorMs();
		try {
			run(...args);
		} finally {
			const wall = performance.now() - start;
			// Most only hand something on.
			if (wall > 0.2) turns.push({ wall, processor: processor === undefined ? undefined : processorMs() - processor });
		}
	});

process.on('exit', () => fs.writeFileSync(process.env.STRATA_TURNS, JSON.stringify(turns)));

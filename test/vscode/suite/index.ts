/** What VS Code's extension host loads: runs the tests beside this file, and writes a line for each to $STRATA_TEST_REPORT. */
import fs from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';

export async function run(): Promise<void> {
	const mocha = new Mocha({ ui: 'bdd', color: false, timeout: 30_000, grep: process.env.STRATA_TEST_GREP });
	for (const name of fs.readdirSync(__dirname).sort()) {
		if (name.endsWith('.test.js')) mocha.addFile(path.join(__dirname, name));
	}
	// Whoever waits outside knows the results so far even if this process ends early.
	const report = process.env.STRATA_TEST_REPORT;
	const write = (event: object) => {
		if (report) fs.appendFileSync(report, JSON.stringify(event) + '\n');
	};
	const failures = await new Promise<number>(resolve => {
		const runner = mocha.run(resolve);
		runner.on('pass', test => write({ state: 'passed', title: test.fullTitle(), ms: test.duration }));
		runner.on('pending', test => write({ state: 'pending', title: test.fullTitle() }));
		runner.on('fail', (test, error: Error) =>
			write({ state: 'failed', title: test.fullTitle(), ms: test.duration, error: error.stack ?? String(error) }),
		);
	});
	write({ end: true });
	if (failures > 0) throw new Error(`${failures} tests failed`);
}

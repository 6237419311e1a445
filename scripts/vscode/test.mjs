#!/usr/bin/env node
// Runs the tests of test/vscode in a real VS Code. Those in suite/ run inside of its extension host; those in ui/ use its window
// as a person does, with the packaged extension installed. The last line says `N passed, N failed`.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import * as esbuild from 'esbuild';
import { find, install } from './install.mjs';
import { Session, SETTINGS, within } from './session.mjs';

const USAGE = `usage: node scripts/vscode/test.mjs [options]

  --editor served|desktop   VS Code served to a browser, or one that is downloaded (default: desktop where there is a screen
                            and the download can be reached or VSCODE_PATH names an installed one, else served)
  --only WORD               only files whose name contains the word; "suite" are all tests of the extension host
  --grep TEXT               only tests of the suite whose title contains the text
  --pictures DIR            takes the pictures of the README into this directory
`;

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const tests = path.join(root, 'test', 'vscode');
const out = path.join(root, 'e2e-out');

/** So long (in milliseconds) the suite, and one UI test, may take. */
const SUITE_MS = 150_000;
const UI_TEST_MS = 120_000;

async function main() {
	const { values } = parseArgs({
		options: {
			editor: { type: 'string' },
			only: { type: 'string', default: '' },
			grep: { type: 'string' },
			pictures: { type: 'string' },
			help: { type: 'boolean', short: 'h', default: false },
		},
	});
	if (values.help) {
		console.log(USAGE);
		return 0;
	}
	fs.rmSync(out, { recursive: true, force: true });
	const uiFiles = fs
		.readdirSync(path.join(tests, 'ui'))
		.filter(name => name.endsWith('.ui.mjs') && name.includes(values.only))
		.sort();
	const withSuite = 'suite'.includes(values.only) && !values.pictures;
	execFileSync(process.execPath, [path.join(root, 'scripts', uiFiles.length > 0 ? 'package.mjs' : 'build.mjs')], {
		cwd: root,
		stdio: 'inherit',
	});
	const suite = await bundleSuite();
	const desktop = (values.editor ?? ((await desktopIsPossible()) ? 'desktop' : 'served')) === 'desktop';
	const env = { ...(values.grep ? { STRATA_TEST_GREP: values.grep } : {}) };

	const results = [];
	const add = (label, found, ms) => {
		report(label, found, ms);
		results.push(...found);
	};
	if (withSuite && desktop) await timed('suite, in the desktop editor', add, () => runDesktop(suite, env));
	if (withSuite && !desktop) await timed('suite', add, () => runSuite(suite, env, install()));
	if (uiFiles.length > 0 && desktop && !find('chromium') && !process.env.CHROMIUM) {
		console.log('\nskipped: the tests of the window, for there is no Chromium');
	} else {
		for (const name of uiFiles) {
			const label = name.replace('.ui.mjs', '');
			await timed(label, add, () => runUi(label, path.join(tests, 'ui', name), install(), values.pictures));
		}
	}
	const count = state => results.filter(result => result.state === state).length;
	const skipped = count('pending') > 0 ? `, ${count('pending')} skipped` : '';
	console.log(`\n${count('passed')} passed, ${count('failed')} failed${skipped}`);
	return count('failed') > 0 || count('passed') === 0 ? 1 : 0;
}

/** The suite's files, each bundled into out/test-vscode, beside the entry that VS Code loads. */
async function bundleSuite() {
	const outdir = path.join(root, 'out', 'test-vscode');
	fs.rmSync(outdir, { recursive: true, force: true });
	const directory = path.join(tests, 'suite');
	await esbuild.build({
		entryPoints: fs.readdirSync(directory).map(name => path.join(directory, name)),
		outdir,
		bundle: true,
		platform: 'node',
		format: 'cjs',
		target: 'node20',
		sourcemap: 'inline',
		external: ['vscode', 'mocha'],
		logLevel: 'warning',
	});
	return path.join(outdir, 'index.js');
}

async function desktopIsPossible() {
	const screen = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
	if (!screen) return false;
	if (process.env.VSCODE_PATH) return true;
	const asked = fetch('https://update.code.visualstudio.com/api/releases/stable', {
		signal: AbortSignal.timeout(4000),
	});
	return asked.then(
		response => response.ok,
		() => false,
	);
}

async function timed(label, add, run) {
	const start = performance.now();
	let found;
	try {
		found = await run();
	} catch (error) {
		found = [{ state: 'failed', title: `${label} starts`, error: error.stack ?? String(error) }];
	}
	add(label, found, performance.now() - start);
}

/** The suite in a VS Code on the desktop, downloaded once by @vscode/test-electron. */
async function runDesktop(suite, env) {
	const { runTests } = await import('@vscode/test-electron');
	const state = fs.mkdtempSync(path.join(os.tmpdir(), 'strata-'));
	const workspace = path.join(state, 'fleet');
	const reportFile = path.join(state, 'report.jsonl');
	fs.cpSync(path.join(root, 'examples', 'fleet'), workspace, { recursive: true });
	const user = path.join(state, 'data', 'User');
	fs.mkdirSync(user, { recursive: true });
	fs.writeFileSync(path.join(user, 'settings.json'), JSON.stringify(SETTINGS));
	let problem;
	try {
		await runTests({
			version: process.env.VSCODE_VERSION ?? 'stable',
			vscodeExecutablePath: process.env.VSCODE_PATH,
			extensionDevelopmentPath: root,
			extensionTestsPath: suite,
			extensionTestsEnv: { ...env, STRATA_TEST_REPORT: reportFile },
			launchArgs: [
				workspace,
				...['--disable-extensions', '--disable-workspace-trust', '--skip-welcome', '--skip-release-notes'],
				...['--disable-telemetry', `--user-data-dir=${path.join(state, 'data')}`],
			],
		});
	} catch (error) {
		problem = error;
	}
	const found = readReport(reportFile, problem);
	fs.rmSync(state, { recursive: true, force: true });
	return found;
}

/** The suite in a VS Code that is served to a browser. */
async function runSuite(suite, env, installed) {
	const reportFile = path.join(out, 'suite.jsonl');
	const session = new Session({
		label: 'suite',
		folder: path.join(root, 'examples', 'fleet'),
		development: root,
		suite,
		env: { ...env, STRATA_TEST_REPORT: reportFile },
		installed,
		out,
	});
	try {
		await session.start();
		const code = await within(SUITE_MS, 'the suite ends', session.suiteEnded);
		return readReport(reportFile, code === 0 ? undefined : new Error(`the suite ended with ${code}`));
	} catch (error) {
		await session.page?.screenshot({ path: path.join(out, 'suite-failed.png') }).catch(() => {});
		return readReport(reportFile, new Error(`${error.message}; see ${session.logFile}`));
	} finally {
		await session.close();
	}
}

/** What the suite wrote, a line a test; `problem` is how it ended, if not well. */
function readReport(file, problem) {
	const events = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
	const results = events.map(line => JSON.parse(line)).filter(event => event.state);
	const ended = events.some(line => JSON.parse(line).end);
	if ((problem || !ended) && !results.some(result => result.state === 'failed')) {
		results.push({ state: 'failed', title: 'the suite runs to its end', error: problem?.stack ?? 'no report' });
	}
	return results;
}

/** One file of tests that use the window. */
async function runUi(label, file, installed, pictures) {
	const { tests, folder, settings, trusted, setUp } = await import(pathToFileURL(file));
	const vsix = fs.readdirSync(root).find(name => name.endsWith('.vsix'));
	const session = new Session({
		label,
		folder: path.join(root, folder),
		vsix: path.join(root, vsix),
		settings,
		trusted,
		installed,
		out,
		pictures: pictures && path.resolve(pictures),
		scale: pictures ? 1.5 : 1,
	});
	const results = [];
	try {
		setUp?.(session.workspace);
		await session.start();
		for (const [title, test] of Object.entries(tests)) {
			const start = performance.now();
			try {
				await within(UI_TEST_MS, title, test(session.window));
				results.push({ state: 'passed', title, ms: performance.now() - start });
			} catch (error) {
				const picture = path.join(out, `${label}-failed-${results.length}.png`);
				await session.page.screenshot({ path: picture }).catch(() => {});
				results.push({
					state: 'failed',
					title,
					ms: performance.now() - start,
					error: `${error.stack ?? error}\nsee ${picture}`,
				});
				await session.window.press('Escape', 'Escape').catch(() => {});
			}
		}
	} finally {
		await session.close();
	}
	return results;
}

function report(label, results, ms) {
	const marks = { passed: 'ok  ', failed: 'FAIL', pending: 'skip' };
	console.log(`\n${label} (${(ms / 1000).toFixed(1)} s)`);
	for (const { state, title, ms, error } of results) {
		console.log(`  ${marks[state]} ${title}${ms === undefined ? '' : ` (${Math.round(ms)} ms)`}`);
		if (error) console.log(error.replace(/^/gm, '       '));
	}
}

main().then(
	code => process.exit(code),
	error => {
		console.error(error);
		process.exit(2);
	},
);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(130));

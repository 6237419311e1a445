// One VS Code with one folder open: code-server, with settings and files of its own in a temporary directory, and a window in
// headless Chromium. `start()` gives a running one; `close()` ends everything that belongs to it.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { format } from 'node:util';
import { Window } from './window.mjs';

/** So long (in milliseconds) VS Code may take to start. */
const START_MS = 120_000;

/** Nothing that pops up, asks, or calls home; the same on every machine. */
export const SETTINGS = {
	'chat.disableAIFeatures': true,
	'editor.accessibilitySupport': 'off',
	'editor.cursorBlinking': 'solid',
	'editor.minimap.enabled': false,
	'extensions.autoCheckUpdates': false,
	'extensions.autoUpdate': false,
	'extensions.ignoreRecommendations': true,
	// In a browser VS Code saves by itself, which the desktop does not.
	'files.autoSave': 'off',
	'files.simpleDialog.enable': true,
	'git.enabled': false,
	'remote.autoForwardPorts': false,
	'telemetry.telemetryLevel': 'off',
	'update.showReleaseNotes': false,
	'window.commandCenter': false,
	'workbench.enableExperiments': false,
	'workbench.layoutControl.enabled': false,
	'workbench.reduceMotion': 'on',
	'workbench.secondarySideBar.defaultVisibility': 'hidden',
	'workbench.startupEditor': 'none',
	'workbench.tips.enabled': false,
};

const CHROMIUM_FLAGS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
	// Nothing but this machine is ever asked.
	'--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

/** Rejects where `promise` has not come after `ms` milliseconds. */
export function within(ms, what, promise) {
	let timer;
	const late = new Promise((_, reject) => {
		timer = setTimeout(() => reject(new Error(`${what}: not within ${ms / 1000} s`)), ms);
	});
	return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/**
 * Starts code-server on a free port. Gives `{ origin, stop, ended }`. `state` is the directory for its data, `settings` those
 * of the user where it is new; `vsix` is installed first.
 */
export async function serve({ installed, state, settings, vsix, env = {}, trusted = true, args = [], log = () => {} }) {
	const user = path.join(state, 'data', 'User');
	fs.mkdirSync(user, { recursive: true });
	fs.mkdirSync(path.join(state, 'extensions'), { recursive: true });
	const settingsFile = path.join(user, 'settings.json');
	// A directory that is used again holds what its user has changed since.
	if (!fs.existsSync(settingsFile)) fs.writeFileSync(settingsFile, JSON.stringify(settings, null, 2));
	fs.writeFileSync(path.join(state, 'config.yaml'), 'auth: none\ncert: false\n');
	const base = [
		installed.codeServer,
		...['--config', path.join(state, 'config.yaml')],
		...['--user-data-dir', path.join(state, 'data')],
		...['--extensions-dir', path.join(state, 'extensions')],
	];
	const environment = { ...withoutEditors(process.env), EXTENSIONS_GALLERY: '{}', ...env };
	if (vsix) {
		const said = execFileSync(installed.node, [...base, '--install-extension', vsix, '--force'], {
			env: environment,
			encoding: 'utf8',
			timeout: START_MS,
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		log(said.trim());
	}
	const quiet = [
		'--auth',
		'none',
		'--disable-telemetry',
		'--disable-update-check',
		'--disable-getting-started-override',
	];
	const trust = trusted ? ['--disable-workspace-trust'] : [];
	const server = spawn(
		installed.node,
		[...base, '--bind-addr', '127.0.0.1:0', '--ignore-last-opened', ...quiet, ...trust, ...args],
		// A group of its own, so that its many children end with it.
		{ cwd: state, env: environment, detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
	);
	const signal = name => {
		try {
			process.kill(-server.pid, name);
			return true;
		} catch {
			return false;
		}
	};
	const onExit = () => signal('SIGKILL');
	process.on('exit', onExit);
	const stop = async () => {
		signal('SIGTERM');
		for (let i = 0; i < 30 && signal(0); i++) await new Promise(resolve => setTimeout(resolve, 100));
		signal('SIGKILL');
		process.off('exit', onExit);
	};
	try {
		const origin = await within(START_MS, 'code-server listens', listening(server, log));
		return { origin, stop, ended: new Promise(resolve => server.once('exit', resolve)) };
	} catch (error) {
		await stop();
		throw error;
	}
}

function listening(server, log) {
	return new Promise((resolve, reject) => {
		const read = chunk => {
			for (const line of String(chunk).split('\n')) {
				if (line.trim()) log(`[server] ${line}`);
				const found = /listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(line);
				if (found) resolve(found[1]);
			}
		};
		server.stdout.on('data', read);
		server.stderr.on('data', read);
		server.once('error', reject);
		server.once('exit', code => reject(new Error(`code-server ended with ${code}`)));
	});
}

/** Without what a surrounding VS Code or code-server says to its children: they would open their windows there. */
function withoutEditors(env) {
	return Object.fromEntries(
		Object.entries(env).filter(
			([name]) => !/^(VSCODE_|ELECTRON_|CODE_SERVER_|PORT$|PASSWORD$|HASHED_PASSWORD$)/.test(name),
		),
	);
}

export class Session {
	#closing;

	/**
	 * `folder` is copied, and the copy opened. `development` is the folder of an extension under development, `vsix` a package
	 * to install; `suite` is a module to run inside of the extension host. Logs and screenshots go to `out`, named after `label`.
	 */
	constructor(options) {
		this.options = options;
		// Short: VS Code makes sockets below it, whose paths have little room.
		this.state = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'strata-')));
		this.logFile = path.join(options.out, `${options.label}.log`);
		fs.mkdirSync(options.out, { recursive: true });
		fs.writeFileSync(this.logFile, '');
		this.workspace = path.join(this.state, path.basename(options.folder));
		fs.cpSync(options.folder, this.workspace, { recursive: true, verbatimSymlinks: true });
		/** Lines that the suite printed. */
		this.printed = [];
	}

	log = line => fs.appendFileSync(this.logFile, line + '\n');

	async start() {
		const { installed, settings, vsix, env, trusted } = this.options;
		const [server] = await Promise.all([
			serve({
				installed,
				state: this.state,
				settings: { ...SETTINGS, ...settings },
				vsix,
				env: { HOME: this.state, ...env },
				trusted,
				// Without the driver, a window does not take the extension under test from its address. The idle timeout ends a
				// server whose tests were killed.
				args: ['--vscode-option', 'enable-smoke-test-driver', '--idle-timeout-seconds', '120'],
				log: this.log,
			}),
			this.#startBrowser(),
		]);
		this.server = server;
		await this.#open();
		this.window = new Window(this);
		return this;
	}

	async #startBrowser() {
		const { installed, scale = 1 } = this.options;
		this.browser = await installed.driver.launch({
			executablePath: installed.chromium,
			headless: true,
			args: CHROMIUM_FLAGS,
			timeout: START_MS,
			handleSIGINT: false,
			handleSIGTERM: false,
			handleSIGHUP: false,
		});
		const context = await this.browser.newContext({
			viewport: { width: 1400, height: 860 },
			deviceScaleFactor: scale,
			permissions: ['clipboard-read', 'clipboard-write'],
		});
		this.page = await context.newPage();
		this.page.on('pageerror', error => this.log(`[page] ${error}`));
		this.page.on('console', message => this.log(`[${message.type()}] ${message.text()}`));
		// The workbench calls these two for a suite: for each line on its console, and when it has ended.
		await this.page.exposeFunction('codeAutomationLog', (type, args) => {
			const line = format(...args);
			this.printed.push(line);
			this.log(`[${type}] ${line}`);
		});
		this.suiteEnded = new Promise(resolve => {
			void this.page.exposeFunction('codeAutomationExit', resolve);
			this.page.once('crash', () => resolve('the page crashed'));
			this.browser.once('disconnected', () => resolve('the browser ended'));
		});
	}

	async #open() {
		const { development, suite } = this.options;
		const remote = file => `vscode-remote://${new URL(this.server.origin).host}${encodeURI(file)}`;
		const payload = [
			['skipWelcome', 'true'],
			['skipReleaseNotes', 'true'],
			...(development ? [['extensionDevelopmentPath', remote(development)]] : []),
			...(suite ? [['extensionTestsPath', remote(suite)]] : []),
		];
		const query = new URLSearchParams({ folder: this.workspace, payload: JSON.stringify(payload) });
		await this.page.goto(`${this.server.origin}/?${query}`, { timeout: START_MS });
		if (suite) return;
		await this.page.waitForFunction(() => window.driver !== undefined, undefined, { timeout: START_MS });
		await within(
			START_MS,
			'the window opens',
			this.page.evaluate(() => window.driver.whenWorkbenchRestored()),
		);
	}

	/** Ends the browser and the server, and removes what they wrote. */
	close() {
		this.#closing ??= (async () => {
			if (this.browser)
				await within(5000, 'Chromium ends', this.browser.close()).catch(error => this.log(String(error)));
			await this.server?.stop();
			fs.rmSync(this.state, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
		})();
		return this.#closing;
	}
}

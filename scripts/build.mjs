#!/usr/bin/env node
// Builds what ships into dist/: the VS Code client, the language server, the command line, and the data they read at run
// time. `build({ outdir })` is for tests that want a server of the present sources somewhere else.
import { build as bundle } from 'esbuild';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeDescriptions } from './descriptions.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/**
 * Packages whose `exports` give node their CommonJS build. The same code as ES modules lands in one scope, where calls are calls and no
 * look-ups in an object of exports: YAML is read in nine tenths of the time.
 */
export const ES_MODULES = { yaml: path.join(root, 'node_modules/yaml/browser/dist/index.js') };

const COMMON = {
	absWorkingDir: root,
	bundle: true,
	platform: 'node',
	format: 'cjs',
	target: 'node20',
	minify: true,
	// Names of functions and classes stand in logs and stacks that users send.
	keepNames: true,
	// Beside the bundle, for stacks; .vscodeignore keeps it out of the package.
	sourcemap: 'linked',
	// The packages' ES module builds have better tree shaking than their UMD ones, which esbuild cannot look into.
	mainFields: ['module', 'main'],
	alias: ES_MODULES,
	// Licences are listed in a file of their own.
	legalComments: 'none',
	metafile: true,
	logLevel: 'warning',
};

/** What activation does not need is a file of its own (`client.js`), which the editor reads after it. */
const CLIENT_LATER = {
	name: 'client-later',
	setup: ({ onResolve }) =>
		onResolve({ filter: /^\.\/server\.js$/ }, ({ kind }) =>
			kind === 'dynamic-import' ? { path: './client.js', external: true } : undefined,
		),
};

/** The protocol's library is taken from the program that is running by then. */
const LIBRARY_OF_SERVER = {
	name: 'library-of-server',
	setup: ({ onResolve }) =>
		onResolve({ filter: /^vscode-languageserver\/node$/ }, () => ({ path: './server.js', external: true })),
};

/** Packages that trees need only where they hold patterns or policies: each is a file of its own, read when it is first asked for something. */
const ON_DEMAND = ['re2js', '@marcbachmann/cel-js', '@jmespath-community/jmespath'];
const withoutScope = name => name.slice(name.indexOf('/') + 1);

/** In place of each of them a module whose exports are looked up when they are used. Its importers use them in functions only. */
const PACKAGES_ON_DEMAND = {
	name: 'packages-on-demand',
	setup: ({ onResolve, onLoad }) => {
		onResolve({ filter: /^[^.]/ }, ({ path }) =>
			ON_DEMAND.includes(path) ? { path, namespace: 'on-demand' } : undefined,
		);
		onResolve({ filter: /^\./, namespace: 'on-demand' }, ({ path }) => ({ path, external: true }));
		onLoad({ filter: /.*/, namespace: 'on-demand' }, async ({ path: name }) => {
			const names = Object.keys(await import(name)).filter(each => each !== 'default' && each !== '__esModule');
			const getters = names.map(each => `get ${each}() { return require('./${withoutScope(name)}.js').${each}; }`);
			return { contents: `module.exports = { __esModule: true, ${getters.join(', ')} };` };
		});
	},
};

const ENTRIES = {
	extension: {
		entryPoints: ['client/src/extension.ts'],
		external: ['vscode'],
		plugins: [CLIENT_LATER],
		// By `require`, through which the editor hands out `vscode`.
		supported: { 'dynamic-import': false },
	},
	client: { entryPoints: ['client/src/server.ts'], external: ['vscode'] },
	// Greets the client, and loads the next one.
	server: { entryPoints: ['server/src/main/language-server.ts'] },
	analysis: { entryPoints: ['server/src/main/analysis.ts'], plugins: [LIBRARY_OF_SERVER, PACKAGES_ON_DEMAND] },
	// A hashbang at the top of the source becomes the bundle's first line.
	strata: { entryPoints: ['server/src/main/command-line.ts'], plugins: [PACKAGES_ON_DEMAND] },
	...Object.fromEntries(ON_DEMAND.map(name => [withoutScope(name), { entryPoints: [name] }])),
	// A thread of the two above.
	rego: { entryPoints: ['server/src/host/rego/worker.ts'] },
};

/** What the programs read when they have begun. */
const PARTS = {
	server: ['analysis', ...ON_DEMAND.map(withoutScope)],
	strata: ON_DEMAND.map(withoutScope),
};

/** Bundles `only` (names of ENTRIES; all of them by default) into `outdir`. */
export async function build({ outdir = path.join(root, 'dist'), only = Object.keys(ENTRIES) } = {}) {
	fs.mkdirSync(outdir, { recursive: true });
	const names = only.flatMap(name => [name, ...(PARTS[name] ?? [])]);
	const results = await Promise.all(
		[...new Set(names)].map(name => bundle({ ...COMMON, ...ENTRIES[name], outfile: path.join(outdir, `${name}.js`) })),
	);
	if (only.includes('strata')) fs.chmodSync(path.join(outdir, 'strata.js'), 0o755);
	// Read one by one when they are needed: as a whole they would be slow to load.
	fs.cpSync(path.join(root, 'schemas'), path.join(outdir, 'schemas'), { recursive: true });
	writeDescriptions({ outdir });
	return results;
}

/** The licences of the packages that went into the bundles, with their texts. */
function licences(results) {
	const packages = new Set(
		results.flatMap(({ metafile }) => Object.keys(metafile.inputs)).flatMap(input => packageOf(input) ?? []),
	);
	const sections = [...packages].sort().map(directory => {
		const { name, version, license } = JSON.parse(fs.readFileSync(path.join(root, directory, 'package.json'), 'utf8'));
		const file = fs.readdirSync(path.join(root, directory)).find(name => /^licen[cs]e/i.test(name));
		const text = file ? fs.readFileSync(path.join(root, directory, file), 'utf8').trim() : '';
		return `${name} ${version} (${license})\n\n${text}\n`;
	});
	const line = '-'.repeat(80);
	return `Strata's bundles hold code of these packages.\n\n${sections.map(section => `${line}\n${section}`).join('\n')}`;
}

/** `node_modules/@a/b` of `node_modules/@a/b/lib/c.js`; nothing for our own files. */
function packageOf(input) {
	return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
}

if (process.argv[1] && fs.realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
	fs.rmSync(path.join(root, 'dist'), { recursive: true, force: true });
	const results = await build();
	fs.writeFileSync(path.join(root, 'dist', 'third-party-licences.txt'), licences(results));
	for (const file of fs.readdirSync(path.join(root, 'dist'))) {
		if (!file.endsWith('.js')) continue;
		console.log(`dist/${file}  ${(fs.statSync(path.join(root, 'dist', file)).size / 1024).toFixed(0)} KiB`);
	}
}

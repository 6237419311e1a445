/** What DESIGN.md says of the code and a test can see: the order of the layers, and which packages each may use, and why. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const SOURCE = resolve(__dirname, '../../server/src');
const CLIENT = resolve(__dirname, '../../client/src');

/** A folder may import from those on lines above its own; folders on one line do not know each other. */
const ORDER: readonly (readonly string[])[] = [
	['core/base'],
	['core/yaml'],
	['core/workspace'],
	['core/kube'],
	['core/kustomize'],
	['core/gitops/flux', 'core/gitops/helm', 'core/gitops/secrets', 'core/gitops/policy'],
	['core/model'],
	['core/rules', 'core/ide'],
	['core'],
	['lsp', 'cli', 'host'],
	['.'],
];

/** Every package that is bundled, who may import it, and what for. Why ajv is not among them stands in `server/ARCHITECTURE.md`. */
const PACKAGES: Readonly<Record<string, { readonly folders: readonly string[]; readonly reason: string }>> = {
	yaml: { folders: ['core/yaml'], reason: 'reads YAML 1.2 with ranges and recovers from errors' },
	'@noble/hashes': { folders: ['core'], reason: 'sha256 without Node, for hash suffixes and release names' },
	'@scure/base': { folders: ['core'], reason: 'base64 without Node, for Secrets' },
	re2js: {
		folders: ['core'],
		reason: "Go's regular expressions, in linear time: image names, selectors, template functions",
	},
	'@marcbachmann/cel-js': {
		folders: ['core/gitops/policy', 'core/kube'],
		reason: 'CEL, the language of admission policies and CRDs',
	},
	'@jmespath-community/jmespath': {
		folders: ['core/gitops/policy'],
		reason: 'JMESPath, in variables of Kyverno policies',
	},
	'@open-policy-agent/opa-wasm': {
		folders: ['host'],
		reason: 'runs Rego policies that are compiled to WebAssembly; of the authors of Rego',
	},
	fflate: { folders: ['core/gitops/helm'], reason: 'gunzip in pure JavaScript, for chart archives' },
	semver: { folders: ['core'], reason: 'versions of charts and APIs' },
	picomatch: { folders: ['core', 'host', 'cli'], reason: 'globs in strata.yaml and settings' },
	'vscode-uri': { folders: ['lsp', 'host'], reason: 'file URIs as VS Code writes them' },
	'vscode-languageserver': { folders: ['lsp', '.'], reason: 'the protocol' },
	'vscode-languageserver-textdocument': { folders: ['lsp'], reason: 'incremental text sync' },
	'vscode-languageclient': { folders: ['client'], reason: 'the protocol, in VS Code' },
};

function* sources(directory: string): Generator<string> {
	for (const name of readdirSync(directory)) {
		const path = join(directory, name);
		if (statSync(path).isDirectory()) yield* sources(path);
		else if (name.endsWith('.ts')) yield path;
	}
}

interface Import {
	readonly from: string;
	readonly specifier: string;
}

function importsOf(file: string): Import[] {
	const text = readFileSync(file, 'utf8');
	return [...text.matchAll(/(?:^|\n)(?:import|export)\b[^;'"]*?from\s+'([^']+)'|\bimport\('([^']+)'\)/g)].map(
		match => ({
			from: file,
			specifier: match[1] ?? match[2]!,
		}),
	);
}

function layerOf(file: string): string {
	const path = relative(SOURCE, dirname(file)).replaceAll('\\', '/') || '.';
	const all = ORDER.flat().filter(layer => path === layer || path.startsWith(layer + '/'));
	return all.sort((a, b) => b.length - a.length)[0] ?? '.';
}

function packageOf(specifier: string): string {
	return specifier
		.split('/')
		.slice(0, specifier.startsWith('@') ? 2 : 1)
		.join('/');
}

const files = [...sources(SOURCE)];
const clientFiles = [...sources(CLIENT)];

test('layers import only from lower ones', () => {
	const level = (layer: string) => ORDER.findIndex(line => line.includes(layer));
	const wrong = files.flatMap(importsOf).filter(({ from, specifier }) => {
		if (!specifier.startsWith('.') || specifier.endsWith('.json')) return false;
		const here = layerOf(from);
		const there = layerOf(resolve(dirname(from), specifier) + '.ts');
		return here !== there && level(there) >= level(here);
	});
	expect(wrong.map(({ from, specifier }) => `${relative(SOURCE, from)} imports ${specifier}`)).toEqual([]);
});

test('packages are used where the table says', () => {
	const wrong = files.flatMap(importsOf).filter(({ from, specifier }) => {
		if (specifier.startsWith('.') || specifier.startsWith('node:')) return false;
		const layer = layerOf(from);
		return !PACKAGES[packageOf(specifier)]?.folders.some(folder => layer === folder || layer.startsWith(folder + '/'));
	});
	expect(wrong.map(({ from, specifier }) => `${relative(SOURCE, from)} imports ${specifier}`)).toEqual([]);
});

test('every dependency is in the table, and every row of the table is a dependency', () => {
	const manifest = JSON.parse(readFileSync(resolve(__dirname, '../../package.json'), 'utf8')) as {
		dependencies: object;
	};
	expect(Object.keys(PACKAGES).sort()).toEqual(Object.keys(manifest.dependencies).sort());
});

test('LSP types live in lsp only, and `vscode` in the client only', () => {
	const lsp = files
		.flatMap(importsOf)
		.filter(({ from, specifier }) => /^vscode-languageserver/.test(specifier) && !/^(lsp|\.)/.test(layerOf(from)));
	const vscode = files.flatMap(importsOf).filter(({ specifier }) => specifier === 'vscode');
	expect([...lsp, ...vscode]).toEqual([]);
	expect(
		clientFiles
			.flatMap(importsOf)
			.filter(({ specifier }) => specifier.includes('/core/') && !specifier.includes('protocol')),
	).toEqual([]);
});

test('no file of the sources is longer than 400 lines', () => {
	const long = [...files, ...clientFiles].map(file => ({ file, lines: readFileSync(file, 'utf8').split('\n').length }));
	expect(
		long.filter(({ lines }) => lines > 401).map(({ file, lines }) => `${relative(SOURCE, file)}: ${lines}`),
	).toEqual([]);
});

test('the type checker is nowhere switched off', () => {
	const off = [...files, ...clientFiles].filter(file =>
		/:\s*any\b|<any>|\bas any\b|@ts-ignore|@ts-expect-error/.test(readFileSync(file, 'utf8')),
	);
	expect(off.map(file => relative(SOURCE, file))).toEqual([]);
});

/** What the sources and the manifest promise of trust, and a test can see: who starts processes, who asks the network, who may be rendered. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSettings } from '../../server/src/lsp/settings';

const ROOT = resolve(__dirname, '../..');

interface Manifest {
	readonly capabilities: {
		readonly untrustedWorkspaces: { readonly supported: unknown; readonly restrictedConfigurations: readonly string[] };
	};
	readonly contributes: {
		readonly configuration: { readonly properties: Readonly<Record<string, { readonly scope?: string }>> };
		readonly commands: readonly { readonly command: string; readonly enablement?: string }[];
	};
	readonly scripts: Readonly<Record<string, string>>;
	readonly dependencies: Readonly<Record<string, string>>;
}

interface Lock {
	readonly packages: Readonly<
		Record<
			string,
			{
				readonly dev?: boolean;
				readonly devOptional?: boolean;
				readonly hasInstallScript?: boolean;
				readonly license?: string;
				readonly integrity?: string;
			}
		>
	>;
}

const json = <T>(file: string) => JSON.parse(readFileSync(join(ROOT, file), 'utf8')) as T;
const manifest = json<Manifest>('package.json');

const sources = ['server/src', 'client/src'].flatMap(directory =>
	readdirSync(join(ROOT, directory), { recursive: true, withFileTypes: true })
		.filter(entry => entry.isFile() && entry.name.endsWith('.ts'))
		.map(entry => join(entry.parentPath, entry.name))
		.map(file => ({ file: relative(ROOT, file).replaceAll('\\', '/'), text: readFileSync(file, 'utf8') })),
);
const filesWith = (pattern: RegExp) => sources.filter(({ text }) => pattern.test(text)).map(({ file }) => file);

describe('trust', () => {
	test('the manifest says that untrusted folders are read and no more', () => {
		expect(manifest.capabilities.untrustedWorkspaces.supported).toBe('limited');
	});

	test('settings that reach outside are none that an untrusted workspace can make', () => {
		const { properties } = manifest.contributes.configuration;
		const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
		expect(restrictedConfigurations).toContain('strata.charts.fetch');
		// A folder that nobody trusts must not say whose key secrets are sealed with.
		expect(restrictedConfigurations).toContain('strata.sealedSecrets.certificate');
		// `machine` settings are the user's only, in trusted folders too.
		expect(properties['strata.sealedSecrets.privateKeys']?.scope).toBe('machine');
		for (const name of restrictedConfigurations) expect(Object.keys(properties)).toContain(name);
	});

	test('no setting names a program', () => {
		const names = Object.keys(manifest.contributes.configuration.properties);
		expect(names.filter(name => /command|executable|binary|program|\bargs\b|path$/i.test(name))).toEqual([]);
		expect(Object.keys(readSettings({ command: 'x', path: 'x', kubernetesVersion: '1.30' })).sort()).toEqual([
			'kubernetesVersion',
			'severities',
		]);
	});

	test('the server starts git and nothing else, in trusted folders; the client what the user chose to run, there too', () => {
		expect(filesWith(/node:child_process/)).toEqual(['server/src/host/git-history.ts']);
		expect(textOf('server/src/lsp/histories.ts')).toMatch(/if \(!this\.session\.trusted/);
		expect(filesWith(/new vscode\.(ShellExecution|ProcessExecution)|createTerminal/)).toEqual([
			'client/src/commands/run-script.ts',
		]);
		expect(readFileSync(join(ROOT, 'client/src/commands/run-script.ts'), 'utf8')).toContain('isTrusted');
		const run = manifest.contributes.commands.find(({ command }) => command === 'strata.runScript');
		expect(run?.enablement).toContain('isWorkspaceTrusted');
	});

	test('the network is asked in one folder only, and by nobody but who looks at trust first', () => {
		// The global `fetch`, not a method of that name.
		const asking = filesWith(/(?<![.#\w])fetch\((?!key: string)|from 'node:(https?|net|tls|dns|dgram|http2)|WebSocket/);
		expect(asking.filter(file => !file.startsWith('server/src/host/charts/'))).toEqual([]);
		expect(textOf('server/src/lsp/charts.ts').match(/session\.trusted/g)?.length).toBeGreaterThanOrEqual(3);
	});
});

function textOf(file: string): string {
	return sources.find(each => each.file === file)!.text;
}

describe('what is rendered', () => {
	test('there are no webviews', () => {
		expect(filesWith(/createWebviewPanel|registerWebview|registerCustomEditorProvider|WebviewPanel/)).toEqual([]);
	});

	test('no Markdown is trusted or holds HTML', () => {
		expect(filesWith(/isTrusted\s*[:=]\s*(true|\{)|supportHtml\s*[:=]\s*true/)).toEqual([]);
	});

	test('nothing is evaluated', () => {
		expect(filesWith(/\beval\(|new Function\(/)).toEqual([]);
		// Only the engine can stop what does not end; what it is given is a script of a few words.
		expect(filesWith(/node:vm'/)).toEqual(['server/src/host/bounded.ts']);
		expect(textOf('server/src/host/bounded.ts').match(/vm\.\w+\(.*/g)).toEqual(['vm.Script(`globalThis.${RUN}()`);']);
	});
});

describe('packages', () => {
	const { packages } = json<Lock>('package-lock.json');
	const shipped = Object.entries(packages).filter(
		([name, { dev, devOptional }]) => name !== '' && !dev && !devOptional,
	);

	test('the lock file names what is installed by digest', () => {
		expect(shipped.length).toBeGreaterThanOrEqual(Object.keys(manifest.dependencies).length);
		expect(shipped.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'))).toEqual([]);
	});

	test('none that ships runs anything when it is installed, and neither do we', () => {
		expect(shipped.filter(([, { hasInstallScript }]) => hasInstallScript)).toEqual([]);
		expect(Object.keys(manifest.scripts).filter(name => /^(pre|post)?install$|^prepare$/.test(name))).toEqual([]);
	});

	test('each that ships has a licence that allows it', () => {
		const strange = shipped.filter(
			([, { license }]) => !/^(MIT|ISC|Apache-2\.0|BSD-[23]-Clause|0BSD|BlueOak-1\.0\.0|MPL-2\.0)$/.test(license ?? ''),
		);
		expect(strange.map(([name, { license }]) => `${name}: ${license}`)).toEqual([]);
	});
});

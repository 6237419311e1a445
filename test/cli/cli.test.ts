/** The command line as a terminal sees it: what it prints where, and how it exits. */
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { version } from '../../package.json';
import { buildPrograms, repository } from '../support/programs';

let programs: string;
beforeAll(async () => {
	programs = await buildPrograms('strata', 'server');
});

function strata(cwd: string, ...args: string[]) {
	const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(programs, 'strata.js'), ...args], {
		cwd,
		encoding: 'utf8',
		timeout: 20_000,
	});
	return { status, stdout, stderr };
}

const TREE = `
-- base/kustomization.yaml --
resources: [deployment.yaml, service.yaml]
-- base/deployment.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 1
  template:
    spec:
      containers:
        - name: web
          image: example/web:1
-- base/service.yaml --
apiVersion: v1
kind: Service
metadata: { name: web }
-- production/kustomization.yaml --
namePrefix: prod-
resources: [../base]
patches:
  - path: patch.yaml
images:
  - name: example/web
    newTag: "2"
-- production/patch.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 3
`;

const BROKEN = `
-- app/kustomization.yaml --
resources:
  - missing.yaml
  - broken.yaml
-- app/broken.yaml --
kind: "ConfigMap
`;

describe('strata', () => {
	test('without a command says how it is used', () => {
		const { status, stdout, stderr } = strata('.');
		expect([status, stdout]).toEqual([2, '']);
		expect(stderr).toContain('usage: strata <command>');
	});

	test('--version and --help', () => {
		expect(strata('.', '--version')).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
		expect(strata('.', '--help').stdout).toContain('usage: strata <command>');
		for (const command of ['check', 'build', 'explain', 'lsp']) {
			expect(strata('.', command, '--help')).toMatchObject({ status: 0, stderr: '' });
		}
	});

	test('a command that does not exist, and the one that was meant', () => {
		const { status, stderr } = strata('.', 'chek');
		expect(status).toBe(2);
		expect(stderr).toContain('there is no command "chek"; did you mean "check"?');
	});

	test.each([
		['check', '--no-such-option'],
		['check', 'a', 'b'],
		['check', '--format', 'xml'],
		['check', '--fail-on', 'often'],
		['check', 'no/such/directory'],
		['build', '--reorder', 'sideways'],
		['build', '--load-restrictor', 'none'],
		['build', '--enable-helm', '.'],
		['build', 'no/such/directory'],
		['explain', '.'],
		['explain', '.', 'Deployment'],
		['explain', '.', 'Deployment/web', 'a..b'],
		['lsp'],
		['lsp', '--pipe=x'],
	])('strata %s %s could not run', (...args) => {
		const { status, stdout, stderr } = strata('.', ...args);
		expect([status, stdout]).toEqual([2, '']);
		expect(stderr).toMatch(new RegExp(`^strata ${args[0]}: `));
	});
});

describe('strata check', () => {
	test('JSON: zero-based ranges, files relative to the path', () => {
		const folder = repository(BROKEN);
		const { status, stdout } = strata(folder, 'check', 'app', '--format', 'json');
		expect(status).toBe(1);
		const { findings } = JSON.parse(stdout) as { findings: Record<string, unknown>[] };
		expect(findings.map(({ file, severity }) => [file, severity])).toEqual(
			expect.arrayContaining([
				['broken.yaml', 'error'],
				['kustomization.yaml', 'error'],
			]),
		);
		const missing = findings.find(({ file }) => file === 'kustomization.yaml')!;
		expect(missing).toMatchObject({
			severity: 'error',
			code: 'kustomize/missing-resource',
			environments: [],
			related: [],
		});
		expect(missing.details).toContain('no such file or directory');
		expect(missing.range).toEqual({ start: { line: 1, character: 4 }, end: { line: 1, character: 16 } });
		expect(missing.message).toContain('missing.yaml');
	});

	test('text: places from one, and a summary', () => {
		const { status, stdout } = strata(repository(BROKEN), 'check');
		expect(status).toBe(1);
		expect(stdout).toMatch(/^app\/kustomization\.yaml:2:5: error: .*missing\.yaml.* \[kustomize\/[\w-]+\]$/m);
		expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^\d+ errors?.* in \d+ files?$/);
	});

	test('each target that fails is named, also those that share the fault or whose path leads nowhere', () => {
		const folder = repository(`-- base/kustomization.yaml --
resources: [missing.yaml]
-- staging/kustomization.yaml --
resources: [../base]
-- production/kustomization.yaml --
resources: [../base]
-- clusters/one/flux-system/gotk-sync.yaml --
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: flux-system, namespace: flux-system}
spec:
  path: ./clusters/one
  sourceRef: {kind: GitRepository, name: flux-system}
-- clusters/one/apps.yaml --
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: apps, namespace: flux-system}
spec:
  path: ./prod
  sourceRef: {kind: GitRepository, name: flux-system}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: staging, namespace: flux-system}
spec:
  path: ./staging
  sourceRef: {kind: GitRepository, name: flux-system}
`);
		const { targets } = JSON.parse(strata(folder, 'check', '--format', 'json').stdout) as {
			targets: { path: string; kustomization: string; failures: string[]; fails: string[] }[];
		};
		expect(
			targets.map(({ path, kustomization, failures, fails }) => [path, kustomization, ...failures, ...fails]),
		).toEqual([
			['clusters/one', 'flux-system/flux-system'],
			['production', '', 'kustomize/missing-resource', 'build'],
			['staging', 'flux-system/staging', 'kustomize/missing-resource', 'build'],
			['prod', 'flux-system/apps', 'flux/path-not-found', 'path'],
		]);
		expect(strata(folder, 'check').stdout).toContain(
			'\n3 of 4 targets fail:\n    production (production), by its build: kustomize/missing-resource\n',
		);
	});

	test('exit codes follow --fail-on', () => {
		const folder = repository(BROKEN);
		expect(strata(folder, 'check', '--fail-on', 'never').status).toBe(0);
		expect(strata(folder, 'check', '--fail-on', 'hint').status).toBe(1);
		const clean = repository('-- kustomization.yaml --\nresources: []\n-- notes.txt --\nnothing\n');
		expect(strata(clean, 'check', '--format', 'json')).toMatchObject({
			status: 0,
			stdout: '{"findings":[],"targets":[{"path":".","environment":"","kustomization":"","failures":[],"fails":[]}]}\n',
		});
	});
});

describe('strata build', () => {
	const folder = () => repository(TREE);

	test('prints what kustomize prints, sorted by kind or in build order', () => {
		const { status, stdout, stderr } = strata(folder(), 'build', 'production');
		expect([status, stderr]).toEqual([0, '']);
		expect(stdout).toBe(`apiVersion: v1
kind: Service
metadata:
  name: prod-web
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: prod-web
spec:
  replicas: 3
  template:
    spec:
      containers:
      - image: example/web:2
        name: web
`);
		const unsorted = strata(folder(), 'build', 'production', '--reorder', 'none').stdout;
		expect(unsorted.split('---\n').reverse().join('---\n')).toBe(stdout);
	});

	test.each([
		['--network=false', '--enable-helm=false'],
		['--load_restrictor', 'LoadRestrictionsNone'],
		['--load-restrictor='],
		['-eA=b', '--as-current-user=true'],
	])('takes options as kubectl writes them: %s %s', (...options) => {
		const here = folder();
		expect(strata(here, 'build', 'production', ...options)).toEqual(strata(here, 'build', 'production'));
		expect(strata(here, 'build', 'production', '-o=all.yaml', ...options)).toEqual({
			status: 0,
			stdout: '',
			stderr: '',
		});
		expect(fs.existsSync(path.join(here, 'all.yaml'))).toBe(true);
	});

	test("labels what it builds as kustomize's where it is asked to", () => {
		const { stdout } = strata(folder(), 'build', 'production', '--enable-managedby-label');
		expect(stdout.match(/app.kubernetes.io\/managed-by: kustomize-v5.8.1/g)).toHaveLength(2);
	});

	test('writes into a file, or a file for each resource into a directory', () => {
		const here = folder();
		const { stdout } = strata(here, 'build', 'production');
		expect(strata(here, 'build', 'production', '-o', 'all.yaml')).toEqual({ status: 0, stdout: '', stderr: '' });
		expect(fs.readFileSync(path.join(here, 'all.yaml'), 'utf8')).toBe(stdout);
		fs.mkdirSync(path.join(here, 'out'));
		strata(here, 'build', 'production', '-o', 'out');
		expect(fs.readdirSync(path.join(here, 'out')).sort()).toEqual([
			'apps_v1_deployment_prod-web.yaml',
			'v1_service_prod-web.yaml',
		]);
		expect(strata(here, 'build', 'production', '-o', 'no/such/file.yaml').status).toBe(2);
	});

	test('a build that fails prints nothing but all that is wrong, and where', () => {
		const { status, stdout, stderr } = strata(repository(BROKEN), 'build', 'app');
		expect([status, stdout]).toEqual([1, '']);
		expect(stderr).toMatch(/^app\/kustomization\.yaml:2:5: error: .*missing\.yaml/m);
		expect(stderr).toMatch(/^app\/broken\.yaml:\d+:\d+: error: /m);
	});

	test('files outside of the directory need LoadRestrictionsNone', () => {
		const here = repository(`
-- app/kustomization.yaml --
resources: [../other.yaml]
-- other.yaml --
apiVersion: v1
kind: ConfigMap
metadata: { name: other }
`);
		expect(strata(here, 'build', 'app').status).toBe(1);
		expect(strata(here, 'build', 'app', '--load-restrictor', 'LoadRestrictionsNone').status).toBe(0);
	});
});

describe('strata explain', () => {
	test('a field that a patch has set, and what it was before', () => {
		const { status, stdout } = strata(repository(TREE), 'explain', 'production', 'Deployment/web', 'spec.replicas');
		expect(status).toBe(0);
		expect(stdout.split('\n').map(line => line.trim().replace(/ +/g, ' '))).toEqual([
			'spec.replicas: 3',
			'patch production/patch.yaml:5:13',
			'resource base/deployment.yaml:5:13 (1)',
			'',
		]);
	});

	test('elements by index or by a field of theirs, and everything below', () => {
		const folder = repository(TREE);
		const of = (field: string) => strata(folder, 'explain', 'production', 'Deployment/prod-web', field).stdout;
		expect(of('spec.template.spec.containers[0].image')).toContain('image: example/web:2\n');
		expect(of('spec.template.spec.containers[name=web].image')).toBe(of('spec.template.spec.containers.0.image'));
		expect(of('spec.template.spec.containers')).toContain('spec.template.spec.containers[0].name: web\n');
	});

	test('what is not there, and what was meant', () => {
		const folder = repository(TREE);
		const noResource = strata(folder, 'explain', 'production', 'Deployment/wbe', 'spec');
		expect([noResource.status, noResource.stdout]).toEqual([1, '']);
		expect(noResource.stderr).toContain('builds no Deployment/wbe; did you mean "Deployment/web"?');
		const noField = strata(folder, 'explain', 'production', 'Deployment/web', 'spec.replica');
		expect(noField.status).toBe(1);
		expect(noField.stderr).toContain('has no such field; did you mean "replicas"?');
	});
});

test('strata lsp --stdio answers an editor', async () => {
	const server = spawn(process.execPath, [path.join(programs, 'strata.js'), 'lsp', '--stdio']);
	const ended = new Promise<number | null>(resolve => server.once('exit', resolve));
	let said = '';
	server.stdout.on('data', chunk => (said += String(chunk)));
	for (const content of [
		{ id: 1, method: 'initialize', params: { processId: null, rootUri: null, capabilities: {} } },
		{ id: 2, method: 'shutdown' },
		{ method: 'exit' },
	]) {
		const body = JSON.stringify({ jsonrpc: '2.0', ...content });
		server.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
	}
	expect(await ended).toBe(0);
	expect(said).toContain(`"serverInfo":{"name":"strata","version":"${version}"}`);
});

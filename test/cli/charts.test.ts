/** Charts from outside of the tree, as `strata check` comes by them: what the machine has, the network where it is told to, and a word on the rest. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { archiveOf, sha256 } from '../support/chart-archive';
import { buildPrograms, repository } from '../support/programs';

const CHART = archiveOf({
	'web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
	'web/values.yaml': 'replicas: 1\n',
	'web/values.schema.json': JSON.stringify({ properties: { replicas: { type: 'integer' } } }),
});
const INDEX = `apiVersion: v1\nentries:\n  web:\n  - name: web\n    version: 1.0.0\n    digest: ${sha256(CHART)}\n    urls:\n    - web-1.0.0.tgz\n`;

let programs: string;
beforeAll(async () => {
	programs = await buildPrograms('strata');
});

let asked: string[];
let server: http.Server;
let url: string;
let home: string;
let folder: string;

beforeEach(async () => {
	asked = [];
	server = http.createServer(({ url = '' }, response) => {
		asked.push(url);
		if (url === '/index.yaml') response.end(INDEX);
		else if (url === '/web-1.0.0.tgz') response.end(CHART);
		else response.writeHead(404).end();
	});
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
	home = repository('');
	folder = repository(tree(url));
});
afterEach(() => {
	server.closeAllConnections();
	server.close();
});

/** Two releases of one chart, with a value that its schema refuses. */
function tree(repositoryUrl: string, chart = 'web'): string {
	const release = (name: string) => `
-- ${name}.yaml --
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: ${name}, namespace: shop }
spec:
  interval: 10m
  chart:
    spec:
      chart: ${chart}
      version: 1.x
      sourceRef: { kind: HelmRepository, name: charts }
  values:
    replicas: many
`;
	return `
-- kustomization.yaml --
resources: [front.yaml, back.yaml, charts.yaml]
${release('front')}${release('back')}
-- charts.yaml --
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: { name: charts, namespace: shop }
spec: { interval: 1h, url: '${repositoryUrl}' }
`;
}

interface Run {
	readonly status: number | null;
	readonly stdout: string;
	readonly stderr: string;
}

/** Not synchronous: the server is in this process. */
async function check(...args: string[]): Promise<Run> {
	const env = { ...process.env, HOME: home, XDG_CACHE_HOME: path.join(home, 'cache'), XDG_CONFIG_HOME: home };
	const program = spawn(process.execPath, [path.join(programs, 'strata.js'), 'check', '--no-git', ...args], {
		cwd: folder,
		env,
		timeout: 20_000,
	});
	let stdout = '';
	let stderr = '';
	program.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
	program.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
	const status = await new Promise<number | null>(resolve => program.on('close', resolve));
	return { status, stdout, stderr };
}

/** As `helm repo add` and `helm pull` leave it. */
function helmHasIt(): void {
	const cache = path.join(home, 'cache', 'helm', 'repository');
	fs.mkdirSync(cache, { recursive: true });
	fs.mkdirSync(path.join(home, 'helm'), { recursive: true });
	fs.writeFileSync(path.join(home, 'helm', 'repositories.yaml'), `repositories:\n- name: charts\n  url: ${url}\n`);
	fs.writeFileSync(path.join(cache, 'charts-index.yaml'), INDEX);
	fs.writeFileSync(path.join(cache, 'web-1.0.0.tgz'), CHART);
}

const NOT_AT_HAND = `strata check: the values of 2 HelmReleases were not held against their charts; --fetch-charts gets charts from their repositories
    shop/back, shop/front: The chart "web" is not at hand, so its values are not checked.
`;

describe('a chart that is not at hand', () => {
	test.each(['text', 'json', 'sarif'])('is named on standard error, and not among the findings (%s)', async format => {
		const { status, stdout, stderr } = await check('--format', format);
		expect({ status, stderr }).toEqual({ status: 0, stderr: NOT_AT_HAND });
		expect(stdout).not.toContain('at hand');
		expect(asked).toEqual([]);
		// Also where nothing is computed again.
		expect(await check('--format', format)).toEqual({ status, stdout, stderr });
		expect(await check('--format', format, '--no-cache')).toEqual({ status, stdout, stderr });
	});

	test('is known to the next run once helm has it, without the network', async () => {
		await check();
		helmHasIt();
		const { status, stdout, stderr } = await check();
		expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
		expect(stdout.match(/\[helm\/values-schema\]/g)).toHaveLength(2);
		expect(await check()).toEqual({ status, stdout, stderr });
		expect(await check('--no-cache')).toEqual({ status, stdout, stderr });
		expect(asked).toEqual([]);
		// And not to the one after helm has lost it.
		fs.rmSync(path.join(home, 'cache', 'helm'), { recursive: true });
		expect(await check()).toMatchObject({ status: 0, stderr: NOT_AT_HAND });
	});

	test('is fetched once where the command says so, and at hand from then on', async () => {
		await check();
		const { status, stdout, stderr } = await check('--fetch-charts');
		expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
		expect(stdout.match(/\[helm\/values-schema\]/g)).toHaveLength(2);
		expect(asked).toEqual(['/index.yaml', '/web-1.0.0.tgz']);
		expect(await check('--fetch-charts')).toEqual({ status, stdout, stderr });
		expect(await check()).toEqual({ status, stdout, stderr });
		expect(asked).toHaveLength(2);
	});

	test('is asked for again by the next run where it could not be had, and why is said', async () => {
		folder = repository(tree(url, 'other'));
		for (const requests of [1, 2]) {
			const { status, stderr } = await check('--fetch-charts');
			expect(status).toBe(0);
			expect(stderr).toMatch(/^ {4}shop\/back, shop\/front: The chart "other" could not be fetched: .+$/m);
			expect(stderr).not.toContain('--fetch-charts gets');
			expect(asked).toHaveLength(requests);
		}
	});
});

test('a tree whose charts are all there has nothing to be told', async () => {
	folder = repository('-- kustomization.yaml --\nresources: []\n');
	expect(await check()).toMatchObject({ status: 0, stderr: '' });
});

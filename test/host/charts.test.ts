/** Charts out of the network and helm's cache, from servers on the loopback: good ones, ones with logins, and bad ones. */
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { chartArchiveKey } from '../../server/src/core/workspace/chart-archives';
import { createChartStore } from '../../server/src/host/charts/chart-store';
import { ArchiveCache } from '../../server/src/host/charts/archive-cache';
import { packagedChart, sha256 } from '../support/chart-archive';

let home: string;
const closing: (() => void)[] = [];

beforeEach(() => {
	home = fs.mkdtempSync(path.join(os.tmpdir(), 'strata-charts-'));
});
afterEach(() => {
	for (const close of closing.splice(0)) close();
	fs.rmSync(home, { recursive: true, force: true });
});

type Handler = (request: http.IncomingMessage, response: http.ServerResponse, url: URL) => void;

/** A server on the loopback; gives its address. */
async function serve(handler: Handler): Promise<string> {
	const server = http.createServer((request, response) =>
		handler(request, response, new URL(request.url!, 'http://localhost')),
	);
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	closing.push(() => {
		server.closeAllConnections();
		server.close();
	});
	return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
}

const store = (timeoutMs = 5_000) =>
	createChartStore({
		env: { HOME: home, XDG_CACHE_HOME: path.join(home, 'cache'), XDG_CONFIG_HOME: path.join(home, 'config') },
		timeoutMs,
	});
const fetchOf = (
	url: string,
	name: string,
	version: string,
	timeoutMs?: number,
	signal = new AbortController().signal,
) => store(timeoutMs).fetch(chartArchiveKey(url, name, version), signal);

const VERSIONS = ['1.0.0', '1.2.0', '1.10.0', '2.0.0-rc.1'];
const CHARTS = new Map(VERSIONS.map(version => [version, packagedChart('web', version)]));

/** An index as `helm repo index` writes it. */
function indexOf(digestOf = (version: string) => sha256(CHARTS.get(version)!)): string {
	const items = VERSIONS.map(
		version =>
			`  - apiVersion: v2\n    created: "2024-01-01T00:00:00Z"\n    digest: ${digestOf(version)}\n    name: web\n    urls:\n    - charts/web-${version}.tgz\n    version: ${version}\n`,
	);
	return `apiVersion: v1\nentries:\n  other:\n  - name: other\n    urls:\n    - other-9.9.9.tgz\n    version: 9.9.9\n  web:\n${items.join('')}generated: "2024-01-01T00:00:00Z"\n`;
}

function repository(index = indexOf(), authorization?: string): Handler {
	return (request, response, { pathname }) => {
		if (authorization !== undefined && request.headers.authorization !== authorization) {
			response.writeHead(401).end();
			return;
		}
		const version = /^\/stable\/charts\/web-(.*)\.tgz$/.exec(pathname)?.[1];
		if (pathname === '/stable/index.yaml') response.end(index);
		else if (version !== undefined && CHARTS.has(version)) response.end(CHARTS.get(version));
		else response.writeHead(404).end();
	};
}

describe('an HTTP repository', () => {
	test.each([
		['', '1.10.0'],
		['*', '1.10.0'],
		['1.2.0', '1.2.0'],
		['1.x', '1.10.0'],
		['~1.2', '1.2.0'],
		['>=1.0.0-0', '2.0.0-rc.1'],
	])('gives for the version "%s" the chart %s', async (wanted, version) => {
		const url = await serve(repository());
		expect(await fetchOf(`${url}/stable`, 'web', wanted)).toEqual({
			kind: 'archive',
			version,
			bytes: new Uint8Array(CHARTS.get(version)!),
		});
	});

	test('says which versions there are where none fits, in the words of the controller', async () => {
		const url = await serve(repository());
		expect(await fetchOf(`${url}/stable`, 'web', '^3.0.0')).toEqual({
			kind: 'unavailable',
			why: `The chart "web" could not be fetched: no 'web' chart with version matching '^3.0.0' found; there are ${VERSIONS.join(', ')}.`,
		});
	});

	test('may have its index as JSON', async () => {
		const entries = {
			web: [{ version: '1.0.0', urls: ['charts/web-1.0.0.tgz'], digest: sha256(CHARTS.get('1.0.0')!) }],
		};
		const url = await serve(repository(JSON.stringify({ apiVersion: 'v1', entries })));
		expect(await fetchOf(`${url}/stable`, 'web', '')).toMatchObject({ kind: 'archive', version: '1.0.0' });
	});

	test('that asks for a login gets the one of `helm repo add`, and says so where there is none', async () => {
		const authorization = `Basic ${Buffer.from('strata:open sesame').toString('base64')}`;
		const url = `${await serve(repository(indexOf(), authorization))}/stable`;
		expect(await fetchOf(url, 'web', '1.0.0')).toMatchObject({
			kind: 'unavailable',
			why: expect.stringContaining('asks for credentials') as string,
		});
		fs.mkdirSync(path.join(home, 'config/helm'), { recursive: true });
		fs.writeFileSync(
			path.join(home, 'config/helm/repositories.yaml'),
			`apiVersion: ""\nrepositories:\n- name: mine\n  url: ${url}/\n  username: strata\n  password: open sesame\n`,
		);
		expect(await fetchOf(url, 'web', '1.0.0')).toMatchObject({ kind: 'archive', version: '1.0.0' });
	});

	test('gets no credentials when it stands on another host than the index', async () => {
		const seen: (string | undefined)[] = [];
		const elsewhere = await serve((request, response) => {
			seen.push(request.headers.authorization);
			response.end(CHARTS.get('1.0.0'));
		});
		const index = indexOf().replaceAll('- charts/', `- ${elsewhere}/charts/`);
		const authorization = `Basic ${Buffer.from('a:b').toString('base64')}`;
		const url = (await serve(repository(index, authorization))).replace('//', '//a:b@');
		expect(await fetchOf(`${url}/stable`, 'web', '1.0.0')).toMatchObject({ kind: 'archive' });
		expect(seen).toEqual([undefined]);
	});
});

describe('a bad server', () => {
	const failure = async (handler: Handler, timeoutMs?: number) => {
		const result = await fetchOf(`${await serve(handler)}/stable`, 'web', '1.0.0', timeoutMs);
		return result.kind === 'unavailable' ? result.why : result.kind;
	};

	test('with another digest is not believed', async () => {
		expect(await failure(repository(indexOf(() => '0'.repeat(64))))).toContain('was promised; it is not used');
	});

	test('that never answers is given up', async () => {
		expect(await failure(() => undefined, 200)).toContain('did not answer within');
	});

	test('that sends a drop now and then is given up, too', async () => {
		const dripping: Handler = (_, response) => {
			response.writeHead(200);
			const timer = setInterval(() => response.write('#\n'), 20);
			response.on('close', () => clearInterval(timer));
		};
		expect(await failure(dripping, 300)).toContain('did not answer within');
	});

	test('that redirects in circles is left', async () => {
		expect(await failure((_, response) => response.writeHead(302, { location: '/stable/index.yaml' }).end())).toContain(
			'redirects more than 5 times',
		);
	});

	test('that redirects to something that is no web address is not followed', async () => {
		expect(await failure((_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end())).toContain(
			'is neither http nor https',
		);
	});

	test.each(['garbage \u0000 { [', '- a\n- b\n', '{"entries":{"web":7}}', 'entries:\n  web: 3\n'])(
		'with the index %j has no such chart',
		async index => {
			expect(await failure(repository(index))).toContain('has no chart "web"');
		},
	);

	test('with an index without end is cut off', async () => {
		const endless: Handler = (_, response) => {
			response.writeHead(200);
			const more = () => {
				while (response.write(Buffer.alloc(1 << 20, 35)));
			};
			response.on('drain', more);
			more();
		};
		expect(await failure(endless, 20_000)).toContain('is larger than');
	}, 30_000);

	test.each(['http://[', 'http://a b/c', '//', 'file:///etc/passwd', 'oci://x/y', 'javascript:x'])(
		'that names %j as the place of the archive is told so',
		async place => {
			const index = indexOf().replace(/- charts\/.*/g, `- ${JSON.stringify(place)}`);
			expect(await failure(repository(index))).toMatch(/is no address|neither http nor https/);
		},
	);

	test.each(['http://[/x', 'http://%E0%A4%A@127.0.0.1:1/x', 'oci://[/x', 'oci://a b/x', 'oci:///x', 'nonsense', ''])(
		'whose own address is %j is told so',
		async url => {
			expect(await fetchOf(url, 'web', '1.0.0', 1000)).toMatchObject({ kind: 'unavailable' });
		},
	);

	test('with an index in JSON that holds more than anybody can parse is told so', async () => {
		const index = `{"entries":{"web":[${'[],'.repeat(20_000_000)}[]]}}`;
		const before = process.cpuUsage();
		expect(await failure(repository(index), 30_000)).toContain('larger than');
		const { user, system } = process.cpuUsage(before);
		expect((user + system) / 1000).toBeLessThan(5_000);
	}, 60_000);

	test('with an index of millions of versions is read so far only', async () => {
		const index = `entries:\n  web:\n${'  - version: 0.0.1\n'.repeat(2_000_000)}`;
		const before = process.cpuUsage();
		expect(await failure(repository(index), 30_000)).toContain('has no chart "web"');
		const { user, system } = process.cpuUsage(before);
		expect((user + system) / 1000).toBeLessThan(10_000);
	}, 120_000);

	test('with an index of aliases that multiply is read so far only', async () => {
		const levels = Array.from({ length: 12 }, (_, i) => `    - &a${i + 1} [${`*a${i},`.repeat(9)}]\n`).join('');
		const index = `apiVersion: v1\nentries:\n  web:\n  - version: 1.0.0\n    a:\n    - &a0 [x]\n${levels}    urls: [x.tgz]\n`;
		expect(await failure(repository(index))).toMatch(/has no chart|does not exist/);
	});

	test('is left at once when the user has had enough', async () => {
		const url = await serve(() => undefined);
		const controller = new AbortController();
		const result = fetchOf(url, 'web', '1.0.0', 5_000, controller.signal);
		controller.abort(new Error('enough'));
		await expect(result).rejects.toThrow('enough');
	});
});

/** The part of the distribution API that helm uses, with token authentication where a password is given. */
function registry(password?: string): Handler {
	const blobs = new Map<string, Buffer>();
	const manifests = new Map<string, Buffer>();
	for (const [version, chart] of CHARTS) {
		const manifest = manifestOf(chart);
		blobs.set(`sha256:${sha256(chart)}`, chart);
		manifests.set(version, manifest);
		manifests.set(`sha256:${sha256(manifest)}`, manifest);
	}
	return (request, response, { pathname, searchParams }) => {
		const origin = `http://${request.headers.host}`;
		if (pathname === '/token') {
			const login = `Basic ${Buffer.from(`strata:${password}`).toString('base64')}`;
			if (request.headers.authorization !== login) response.writeHead(401).end();
			else response.end(JSON.stringify({ token: `${searchParams.get('service')}/${searchParams.get('scope')}` }));
			return;
		}
		if (password !== undefined && request.headers.authorization !== 'Bearer here/repository:charts/web:pull') {
			const challenge = `Bearer realm="${origin}/token",service="here",scope="repository:charts/web:pull"`;
			response.writeHead(401, { 'www-authenticate': challenge }).end();
			return;
		}
		const [, kind, name = ''] = /^\/v2\/charts\/web\/(tags|manifests|blobs)\/(.*)$/.exec(pathname) ?? [];
		if (kind === 'tags') {
			const from = VERSIONS.indexOf(searchParams.get('last') ?? '') + 1;
			const page = VERSIONS.slice(from, from + 2);
			const next = `</v2/charts/web/tags/list?last=${page.at(-1)}&n=2>; rel="next"`;
			response.writeHead(200, from + 2 < VERSIONS.length ? { link: next } : {});
			response.end(JSON.stringify({ name: 'charts/web', tags: page }));
			return;
		}
		const found = kind === 'manifests' ? manifests.get(name) : kind === 'blobs' ? blobs.get(name) : undefined;
		if (found) response.end(found);
		else response.writeHead(404).end('{"errors":[{"code":"MANIFEST_UNKNOWN"}]}');
	};
}

function manifestOf(chart: Buffer): Buffer {
	const layer = {
		mediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip',
		digest: `sha256:${sha256(chart)}`,
		size: chart.length,
	};
	const config = {
		mediaType: 'application/vnd.cncf.helm.config.v1+json',
		digest: `sha256:${sha256(Buffer.from('{}'))}`,
		size: 2,
	};
	return Buffer.from(
		JSON.stringify({
			schemaVersion: 2,
			mediaType: 'application/vnd.oci.image.manifest.v1+json',
			config,
			layers: [layer],
		}),
	);
}

const oci = (url: string) => url.replace('http://', 'oci://');

function loginTo(url: string, login: string): void {
	const file = path.join(home, 'config/helm/registry/config.json');
	fs.mkdirSync(path.dirname(file), { recursive: true });
	const auths = { [new URL(url).host]: { auth: Buffer.from(login).toString('base64') } };
	fs.writeFileSync(file, JSON.stringify({ auths }));
}

describe('an OCI registry', () => {
	test.each([
		['', '1.10.0'],
		['1.2.0', '1.2.0'],
		['1.x', '1.10.0'],
		['>=1.0.0-0', '2.0.0-rc.1'],
	])('gives for the version "%s" of a HelmRepository the chart %s', async (wanted, version) => {
		const url = oci(await serve(registry()));
		expect(await fetchOf(`${url}/charts`, 'web', wanted)).toEqual({
			kind: 'archive',
			version,
			bytes: new Uint8Array(CHARTS.get(version)!),
		});
	});

	test('gives an OCIRepository a chart by its digest', async () => {
		const url = oci(await serve(registry()));
		const digest = `sha256:${sha256(manifestOf(CHARTS.get('1.0.0')!))}`;
		expect(await fetchOf(`${url}/charts/web`, '', digest)).toMatchObject({ kind: 'archive', version: digest });
	});

	test('takes the tag `latest` where an OCIRepository names none', async () => {
		const url = oci(await serve(registry()));
		expect(await fetchOf(`${url}/charts/web`, '', '')).toEqual({
			kind: 'unavailable',
			why: `The chart "${url}/charts/web" could not be fetched: ${url}/charts/web:latest does not exist.`,
		});
	});

	test('that asks for a token gets one for the login of `helm registry login`', async () => {
		const url = await serve(registry('open sesame'));
		expect(await fetchOf(`${oci(url)}/charts`, 'web', '1.0.0')).toMatchObject({
			kind: 'unavailable',
			why: expect.stringContaining('asks for credentials') as string,
		});
		loginTo(url, 'strata:open sesame');
		expect(await fetchOf(`${oci(url)}/charts`, 'web', '1.0.0')).toMatchObject({ kind: 'archive', version: '1.0.0' });
	});

	test('that gives other bytes than the manifest names is not believed', async () => {
		const good = registry();
		const url = await serve((request, response, address) => {
			if (address.pathname.includes('/blobs/')) response.end('something else');
			else good(request, response, address);
		});
		expect(await fetchOf(`${oci(url)}/charts`, 'web', '1.0.0')).toMatchObject({
			kind: 'unavailable',
			why: expect.stringContaining('was promised') as string,
		});
	});

	test('that has tags without end is given up', async () => {
		let asked = 0;
		const url = await serve((_, response) => {
			asked++;
			const link = `</v2/charts/web/tags/list?last=${asked}>; rel="next"`;
			setTimeout(() => response.writeHead(200, { link }).end('{"tags":["0.0.1"]}'), 150);
		});
		const start = performance.now();
		expect(await fetchOf(`${oci(url)}/charts`, 'web', '1.x', 1000)).toMatchObject({
			kind: 'unavailable',
			why: expect.stringContaining('did not list its tags within 1 s') as string,
		});
		expect(performance.now() - start).toBeLessThan(5_000);
	});

	test('that sends whoever asks for a token elsewhere gives nobody the login of another host', async () => {
		const seen: (string | undefined)[] = [];
		const elsewhere = await serve((request, response) => {
			seen.push(request.headers.authorization);
			response.end('{"token":"x"}');
		});
		const url = await serve((_, response) => {
			const challenge = `Bearer realm="${elsewhere}/token",service="here"`;
			response.writeHead(401, { 'www-authenticate': challenge }).end();
		});
		loginTo(elsewhere, 'somebody:secret');
		expect(await fetchOf(`${oci(url)}/charts`, 'web', '1.0.0')).toMatchObject({ kind: 'unavailable' });
		expect(seen).toEqual([undefined]);
	});

	test.each(['', 'null', '[]', '{"layers":[{"digest":"sha256:../../x"}]}'])(
		'with the manifest %j has no chart',
		async text => {
			const url = await serve((_, response) => response.end(text));
			expect(await fetchOf(`${oci(url)}/charts`, 'web', '1.0.0')).toMatchObject({ kind: 'unavailable' });
		},
	);
});

describe('what this machine has', () => {
	const key = (url: string) => chartArchiveKey(url, 'web', '1.x');

	test('was fetched before, and needs no server any more', async () => {
		const url = `${await serve(repository())}/stable`;
		expect(await store().lookUp(key(url))).toBeUndefined();
		await store().fetch(key(url), new AbortController().signal);
		for (const close of closing.splice(0)) close();
		expect(await store().lookUp(key(url))).toMatchObject({ kind: 'archive', version: '1.10.0' });
	});

	test("may lie in helm's cache, if the index there vouches for it", async () => {
		const url = 'https://charts.example.com/stable';
		fs.mkdirSync(path.join(home, 'config/helm'), { recursive: true });
		fs.mkdirSync(path.join(home, 'cache/helm/repository'), { recursive: true });
		fs.writeFileSync(path.join(home, 'config/helm/repositories.yaml'), `repositories:\n- name: mine\n  url: ${url}\n`);
		fs.writeFileSync(path.join(home, 'cache/helm/repository/mine-index.yaml'), indexOf());
		const archive = path.join(home, 'cache/helm/repository/web-1.10.0.tgz');
		fs.writeFileSync(archive, packagedChart('web', '1.10.0', 'of: another repository\n'));
		expect(await store().lookUp(key(url))).toBeUndefined();
		fs.writeFileSync(archive, CHARTS.get('1.10.0')!);
		expect(await store().lookUp(key(url))).toMatchObject({ kind: 'archive', version: '1.10.0' });
	});

	test('is bounded, and a file that somebody changed does not count', async () => {
		const directory = path.join(home, 'own');
		const cache = new ArchiveCache(directory, 3_000);
		const bytes = (fill: number) => new Uint8Array(1_000).fill(fill);
		for (const i of [1, 2, 3, 4]) {
			await cache.write(`key ${i}`, { kind: 'archive', bytes: bytes(i), version: '1.0.0' });
			await new Promise(resolve => setTimeout(resolve, 10));
		}
		expect(fs.readdirSync(directory).length).toBe(2);
		expect(await cache.read('key 1')).toBeUndefined();
		expect((await cache.read('key 4'))?.bytes).toEqual(bytes(4));
		for (const name of fs.readdirSync(directory)) fs.appendFileSync(path.join(directory, name), 'more');
		expect(await cache.read('key 4')).toBeUndefined();
	});

	test('is swept of what a dead process left half written, which is not counted, and nobody else may read it', async () => {
		const directory = path.join(home, 'own');
		const cache = new ArchiveCache(directory, 3_000);
		const write = (key: string) =>
			cache.write(key, { kind: 'archive', bytes: new Uint8Array(1_000), version: '1.0.0' });
		await write('key 1');
		const [old, fresh] = ['old', 'fresh'].map(name => path.join(directory, `x.chart.${name}`)) as [string, string];
		for (const file of [old, fresh]) fs.writeFileSync(file, 'x'.repeat(10_000));
		const before = new Date(Date.now() - 2 * 60 * 60 * 1000);
		fs.utimesSync(old, before, before);
		await write('key 2');
		expect([fs.existsSync(old), fs.existsSync(fresh)]).toEqual([false, true]);
		expect(await cache.read('key 1')).toBeDefined();
		if (process.platform === 'win32') return;
		const modeOf = (file: string) => fs.statSync(file).mode & 0o777;
		expect(modeOf(directory)).toBe(0o700);
		const charts = fs.readdirSync(directory).filter(name => name.endsWith('.chart'));
		expect(charts.map(name => modeOf(path.join(directory, name)))).toEqual([0o600, 0o600]);
	});
});

/**
 * The registry that others run, in a process of its own: Debian's `docker-registry`, on PATH or named by $STRATA_DOCKER_REGISTRY. Pushing to
 * it is done here, as helm does it.
 */
const REGISTRY = process.env.STRATA_DOCKER_REGISTRY ?? 'docker-registry';
const hasRegistry = spawnSync(REGISTRY, ['--version']).error === undefined;
if (!hasRegistry) console.log('no docker-registry here (scripts/docker-registry.mjs gets one): its tests are skipped');

const LOGIN = `Basic ${Buffer.from('strata:open sesame').toString('base64')}`;
/** bcrypt of `open sesame`. */
const HTPASSWD = 'strata:$2b$04$MvZcjd.hSQssIqZSV0Ay3Oz0MnWLGg9TINT8EzUeamyQXILHppNU2\n';

async function startRegistry(access: 'open' | 'login'): Promise<string> {
	const port = await freePort();
	const passwords = path.join(home, 'htpasswd');
	fs.writeFileSync(passwords, HTPASSWD);
	const auth = access === 'login' ? `auth:\n  htpasswd:\n    realm: here\n    path: ${passwords}\n` : '';
	const config = path.join(home, 'registry.yml');
	fs.writeFileSync(
		config,
		`version: 0.1\nlog:\n  level: error\nstorage:\n  filesystem:\n    rootdirectory: ${home}/registry\nhttp:\n  addr: 127.0.0.1:${port}\n${auth}`,
	);
	const registry = spawn(REGISTRY, ['serve', config], { stdio: 'ignore' });
	closing.push(() => registry.kill('SIGKILL'));
	const url = `http://127.0.0.1:${port}`;
	await expect
		.poll(
			() =>
				fetch(`${url}/v2/`).then(
					({ status }) => status,
					() => 0,
				),
			{ timeout: 10_000 },
		)
		.not.toBe(0);
	return url;
}

async function freePort(): Promise<number> {
	const url = await serve(() => undefined);
	closing.pop()?.();
	return Number(new URL(url).port);
}

async function push(url: string, version: string): Promise<void> {
	const chart = CHARTS.get(version)!;
	const headers = { authorization: LOGIN };
	for (const blob of [chart, Buffer.from('{}')]) {
		const start = await fetch(`${url}/v2/charts/web/blobs/uploads/`, { method: 'POST', headers });
		const place = new URL(start.headers.get('location')!, url);
		place.searchParams.set('digest', `sha256:${sha256(blob)}`);
		const put = await fetch(place, { method: 'PUT', headers, body: new Uint8Array(blob) });
		expect(put.status).toBe(201);
	}
	const type = { 'content-type': 'application/vnd.oci.image.manifest.v1+json' };
	const body = new Uint8Array(manifestOf(chart));
	const put = await fetch(`${url}/v2/charts/web/manifests/${version}`, {
		method: 'PUT',
		headers: { ...headers, ...type },
		body,
	});
	expect(put.status).toBe(201);
}

describe.skipIf(!hasRegistry)('docker-registry', () => {
	test.each(['open', 'login'] as const)(
		'%s: versions, ranges and digests',
		async access => {
			const url = await startRegistry(access);
			for (const version of VERSIONS) await push(url, version);
			if (access === 'login') {
				expect(await fetchOf(`${oci(url)}/charts`, 'web', '1.x')).toMatchObject({
					kind: 'unavailable',
					why: expect.stringContaining('asks for credentials') as string,
				});
				loginTo(url, 'strata:open sesame');
			}
			expect(await fetchOf(`${oci(url)}/charts`, 'web', '1.x')).toMatchObject({ kind: 'archive', version: '1.10.0' });
			expect(await fetchOf(`${oci(url)}/charts`, 'web', '1.2.0')).toEqual({
				kind: 'archive',
				version: '1.2.0',
				bytes: new Uint8Array(CHARTS.get('1.2.0')!),
			});
			const digest = `sha256:${sha256(manifestOf(CHARTS.get('1.0.0')!))}`;
			expect(await fetchOf(`${oci(url)}/charts/web`, '', digest)).toMatchObject({ kind: 'archive' });
			expect(await fetchOf(`${oci(url)}/charts`, 'web', '7.0.0')).toMatchObject({ kind: 'unavailable' });
		},
		30_000,
	);
});

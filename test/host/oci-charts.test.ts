/** Charts out of OCI registries: one of these tests, which may also be bad, and the one that others run. */
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { sha256 } from '../support/chart-archive';
import { afterwards, CHARTS, fetchOf, type Handler, home, serve, VERSIONS, withHomes } from '../support/chart-servers';

withHomes();

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
	const file = path.join(home(), 'config/helm/registry/config.json');
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
	const passwords = path.join(home(), 'htpasswd');
	fs.writeFileSync(passwords, HTPASSWD);
	const auth = access === 'login' ? `auth:\n  htpasswd:\n    realm: here\n    path: ${passwords}\n` : '';
	const config = path.join(home(), 'registry.yml');
	fs.writeFileSync(
		config,
		`version: 0.1\nlog:\n  level: error\nstorage:\n  filesystem:\n    rootdirectory: ${home()}/registry\nhttp:\n  addr: 127.0.0.1:${port}\n${auth}`,
	);
	const registry = spawn(REGISTRY, ['serve', config], { stdio: 'ignore' });
	afterwards(() => registry.kill('SIGKILL'));
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
	const server = http.createServer();
	await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	await new Promise(resolve => server.close(resolve));
	return port;
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

/** Charts out of HTTP repositories and helm's cache, from servers on the loopback: good ones, ones with logins, and bad ones. */
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { chartArchiveKey } from '../../server/src/core/workspace/chart-archives';
import { ArchiveCache } from '../../server/src/host/charts/archive-cache';
import { packagedChart, sha256 } from '../support/chart-archive';
import {
	CHARTS,
	endServers,
	fetchOf,
	type Handler,
	home,
	serve,
	store,
	VERSIONS,
	withHomes,
} from '../support/chart-servers';

withHomes();

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
		fs.mkdirSync(path.join(home(), 'config/helm'), { recursive: true });
		fs.writeFileSync(
			path.join(home(), 'config/helm/repositories.yaml'),
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

describe('what this machine has', () => {
	const key = (url: string) => chartArchiveKey(url, 'web', '1.x');

	test('was fetched before, and needs no server any more', async () => {
		const url = `${await serve(repository())}/stable`;
		expect(await store().lookUp(key(url))).toBeUndefined();
		await store().fetch(key(url), new AbortController().signal);
		endServers();
		expect(await store().lookUp(key(url))).toMatchObject({ kind: 'archive', version: '1.10.0' });
	});

	test("may lie in helm's cache, if the index there vouches for it", async () => {
		const url = 'https://charts.example.com/stable';
		fs.mkdirSync(path.join(home(), 'config/helm'), { recursive: true });
		fs.mkdirSync(path.join(home(), 'cache/helm/repository'), { recursive: true });
		fs.writeFileSync(
			path.join(home(), 'config/helm/repositories.yaml'),
			`repositories:\n- name: mine\n  url: ${url}\n`,
		);
		fs.writeFileSync(path.join(home(), 'cache/helm/repository/mine-index.yaml'), indexOf());
		const archive = path.join(home(), 'cache/helm/repository/web-1.10.0.tgz');
		fs.writeFileSync(archive, packagedChart('web', '1.10.0', 'of: another repository\n'));
		expect(await store().lookUp(key(url))).toBeUndefined();
		fs.writeFileSync(archive, CHARTS.get('1.10.0')!);
		expect(await store().lookUp(key(url))).toMatchObject({ kind: 'archive', version: '1.10.0' });
	});

	test('is bounded, and a file that somebody changed does not count', async () => {
		const directory = path.join(home(), 'own');
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
		const directory = path.join(home(), 'own');
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

import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { unpackChart } from '../../../../server/src/core/gitops/helm/archive';
import { type Chart, loadArchive } from '../../../../server/src/core/gitops/helm/chart';
import { archiveOf } from '../../../support/chart-archive';

const TOP = 'apiVersion: v2\nname: top\nversion: 1.0.0\n';

/** A tar archive with one entry for each header: a name, a content, and a type. */
function tar(
	entries: readonly { readonly name: string; readonly text?: string; readonly type?: string }[],
): Uint8Array {
	const blocks = entries.flatMap(({ name, text = '', type = '0' }) => {
		const header = Buffer.alloc(512);
		header.write(name, 0);
		header.write(text.length.toString(8).padStart(11, '0'), 124);
		header.write(type, 156);
		header.write('ustar', 257);
		return [header, Buffer.from(text.padEnd(Math.ceil(text.length / 512) * 512, '\0'))];
	});
	return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

/** The chart and all within it. */
function countOf({ subcharts }: Chart): number {
	return subcharts.reduce((sum, chart) => sum + countOf(chart), 1);
}

describe('archives', () => {
	test('are unpacked without their first directory', () => {
		const loaded = loadArchive(
			tar([
				{ name: 'x/Chart.yaml', text: TOP },
				{ name: 'x/values.yaml', text: 'a: 1\n' },
			]),
			'/x.tgz',
		);
		expect(loaded).toMatchObject({ kind: 'chart', chart: { name: 'top', version: '1.0.0', valuesText: 'a: 1\n' } });
	});

	test.each([
		['climbs', [{ name: 'x/../../etc/passwd', text: 'a' }], 'leads out of the chart'],
		['is absolute', [{ name: '/etc/passwd', text: 'a' }], 'leads out of the chart'],
		['stands beside the directory', [{ name: 'Chart.yaml', text: 'a' }], 'leads out of the chart'],
		['is a link', [{ name: 'x/a', type: '2' }], 'is a link'],
		['is large', [{ name: 'x/a', text: 'a'.repeat(6 * 1024 * 1024) }], 'larger than 5 MiB'],
	])('an entry that %s refuses the whole', (_, entries, why) => {
		expect(unpackChart(tar(entries))).toMatchObject({ kind: 'refused', why: expect.stringContaining(why) as string });
	});

	test.each([
		['are read so far only', 19, 2],
		['too much, are refused once', 21, 0],
	])(
		'archives in an archive that each unpack to a hundred megabytes %s',
		(_, files, read) => {
			const metadata = (name: string) => `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n`;
			const zeros = Buffer.alloc(5 * 1024 * 1024);
			const large = (name: string) =>
				archiveOf({
					[`${name}/Chart.yaml`]: metadata(name),
					...Object.fromEntries(Array.from({ length: files }, (_, i) => [`${name}/files/${i}`, zeros])),
				});
			const inner = large('inner');
			const outer = archiveOf({
				'web/Chart.yaml': metadata('web'),
				...Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`web/charts/inner${i}.tgz`, inner])),
			});
			const before = process.cpuUsage();
			const loaded = loadArchive(outer, '/repo/web.tgz');
			const { user, system } = process.cpuUsage(before);
			expect((user + system) / 1000).toBeLessThan(15_000);
			expect(loaded.kind === 'chart' && loaded.chart.subcharts.length).toBe(read);
		},
		60_000,
	);

	test('archives in archives without end are read so far only', () => {
		const metadata = 'apiVersion: v2\nname: web\nversion: 1.0.0\n';
		let inner: Buffer = archiveOf({ 'web/Chart.yaml': metadata });
		for (let level = 0; level < 6; level++) {
			const held = Array.from({ length: 10 }, (_, i) => [`web/charts/s${i}.tgz`, inner] as const);
			inner = archiveOf({ 'web/Chart.yaml': metadata, ...Object.fromEntries(held) });
		}
		const loaded = loadArchive(inner, '/repo/web.tgz');
		expect(loaded.kind === 'chart' && countOf(loaded.chart)).toBe(501);
	});

	test('bombs and garbage are refused', () => {
		expect(unpackChart(gzipSync(Buffer.alloc(200 * 1024 * 1024))).kind).toBe('refused');
		expect(unpackChart(new TextEncoder().encode('hello'))).toMatchObject({ kind: 'refused' });
		expect(unpackChart(new Uint8Array())).toMatchObject({ kind: 'refused' });
		expect(unpackChart(tar([{ name: 'x/a', text: 'abc' }]).subarray(0, 40))).toMatchObject({ kind: 'refused' });
	});
});

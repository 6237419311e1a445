/** What the next start may believe of this one: everything where nothing differs, nothing where anything does. */
import { describe, expect, test } from 'vitest';
import { Analysis } from '../../server/src/core/analysis';
import type { Change } from '../../server/src/core/change';
import type { FilePath } from '../../server/src/core/base/paths';
import { placed } from '../../server/src/core/diagnostics';
import {
	type Found,
	linesOf,
	type Means,
	type Snapshot,
	snapshotIn,
	snapshotName,
	takeSnapshot,
	verify,
} from '../../server/src/core/snapshot';
import { chartArchiveKey } from '../../server/src/core/workspace/chart-archives';
import type { Source } from '../../server/src/core/workspace/inputs';
import { selfSigned } from '../support/certificate';
import { NOW } from '../support/check';
import { fixture, memorySource, ROOT } from '../support/fixture';
import { means } from '../support/starts';

const DAY = 24 * 60 * 60 * 1000;

const TREE = `
-- base/kustomization.yaml --
resources: [deployment.yaml, missing.yaml]
configMapGenerator:
  - name: settings
    files: [settings.txt]
-- base/deployment.yaml --
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec: { replicas: one }
-- base/settings.txt --
colour=red
-- production/kustomization.yaml --
resources: [../base]
-- production/release.yaml --
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: web, namespace: web }
spec:
  chart:
    spec: { chart: web, version: 1.0.0, sourceRef: { kind: HelmRepository, name: charts } }
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: { name: charts, namespace: web }
spec: { url: 'https://charts.example.com' }
-- flux/kustomization.yaml --
resources: [../production/release.yaml]
`;

function run<T>(work: Generator<void, T, void>): T {
	for (;;) {
		const step = work.next();
		if (step.done) return step.value;
	}
}

function analysisOf(files: ReadonlyMap<FilePath, string>, change: Change = {}, source: Partial<Source> = {}): Analysis {
	const analysis = new Analysis({ ...memorySource(files), ...source });
	analysis.apply({ roots: [ROOT], now: NOW, ...change });
	return analysis;
}

function foundIn(analysis: Analysis): Found {
	const files = analysis.files();
	return {
		files: files.length,
		targets: analysis.targets(),
		unknownCharts: analysis.unknownCharts(),
		found: files.map(file => [file, analysis.diagnostics(file).map(each => placed(analysis.db, each))] as const),
	};
}

function snapshotOf(analysis: Analysis, by: Means = means()): Snapshot | undefined {
	return run(takeSnapshot(analysis.db, by, foundIn(analysis)));
}

/** As the next start would find it, out of the lines that were kept. */
function believes(analysis: Analysis, snapshot: Snapshot, by: Means = means()): string {
	return run(verify(analysis.db, run(snapshotIn([...linesOf(snapshot)]))!, by));
}

const { files } = fixture(TREE);
const taken = snapshotOf(analysisOf(files))!;

test('an unchanged tree has what it had', () => {
	const again = analysisOf(files);
	expect(believes(again, taken)).toBe('contents');
	expect(taken.found.flatMap(([, list]) => list).length).toBeGreaterThan(2);
	const restored = run(snapshotIn([...linesOf(taken)]))!;
	expect(JSON.parse(JSON.stringify(restored.found))).toEqual(JSON.parse(JSON.stringify(foundIn(again).found)));
	expect(restored.files).toBe(foundIn(again).files);
	expect(restored.targets).toEqual(foundIn(again).targets);
	expect(restored.targets.some(({ failures }) => failures.length > 0)).toBe(true);
});

describe('anything that differs is noticed', () => {
	const withFile = (file: string, text: string | undefined) => {
		const changed = new Map(files);
		if (text === undefined) changed.delete(`${ROOT}/${file}`);
		else changed.set(`${ROOT}/${file}`, text);
		return analysisOf(changed);
	};
	test.each([
		['a text', () => withFile('base/deployment.yaml', files.get(`${ROOT}/base/deployment.yaml`)! + '# \n')],
		['a file that only a generator reads', () => withFile('base/settings.txt', 'colour=blue\n')],
		['a file that was missing', () => withFile('base/missing.yaml', 'kind: A\n')],
		['a file that is gone', () => withFile('base/settings.txt', undefined)],
		['a new file', () => withFile('base/new.yaml', 'kind: A\n')],
		['a new directory', () => withFile('staging/kustomization.yaml', 'resources: [../base]\n')],
		['the configuration of the tree', () => withFile('strata.yaml', 'docs: off\n')],
		['a setting', () => analysisOf(files, { settings: { severities: { 'schema/*': 'off' } } })],
		['the open folders', () => analysisOf(files, { roots: [ROOT, '/repo/base'] })],
		['one open folder less', () => analysisOf(files, { roots: ['/repo/base'] })],
		['where a link leads', () => analysisOf(files, {}, { realPath: path => (path === '/repo/base' ? '/x' : path) })],
		['the facts that ship', () => analysisOf(files, {}, { bundled: () => undefined })],
		[
			'that compiled policies can be run',
			() => analysisOf(files, { rego: { evaluate: () => ({ kind: 'answers', answers: [] }) } }),
		],
		['the private keys', () => analysisOf(files, {}, { sealingKeys: { moduli: () => [35n], opens: () => true } })],
		[
			'a chart from outside of the tree',
			() =>
				analysisOf(files, {
					charts: new Map([
						[
							chartArchiveKey('https://charts.example.com', 'web', '1.0.0'),
							{ kind: 'archive', bytes: new Uint8Array([1]), version: '1.0.0' },
						],
					]),
				}),
		],
	] as const)('%s', (_, other) => {
		expect(believes(other(), taken)).toBe('changed');
	});

	test('a text that the editor holds', () => {
		const analysis = analysisOf(files, { texts: new Map([['/repo/base/deployment.yaml', 'kind: A\n']]) });
		expect(believes(analysis, taken)).toBe('changed');
	});
});

test('another commit of the repository, whose history may say something else', () => {
	const at = (commit: string): Means => ({ ...means(), outside: () => commit });
	const snapshot = snapshotOf(analysisOf(files), at('one'))!;
	expect(believes(analysisOf(files), snapshot, at('one'))).toBe('contents');
	expect(believes(analysisOf(files), snapshot, at('two'))).toBe('changed');
	expect(believes(analysisOf(files), snapshot)).toBe('changed');
});

test('each set of folders and settings has an entry of its own', () => {
	const names = [
		{},
		{ roots: ['/repo/base'] },
		{ roots: [ROOT, '/repo/base'] },
		{ settings: { severities: { 'docs/*': 'off' } as const } },
	].map(change => snapshotName(analysisOf(files, change).db, means()));
	expect(new Set(names).size).toBe(names.length);
});

describe('the disk vouches for files', () => {
	const stamps = new Map([...files.keys()].map(file => [file, 'same']));
	const by = (now: (file: FilePath) => string | undefined): Means =>
		means({ whenRead: file => stamps.get(file) ?? 'missing', now });
	const trusted = snapshotOf(
		analysisOf(files),
		by(() => undefined),
	)!;

	test('whose fingerprints are the same: none of them is read', () => {
		const read: FilePath[] = [];
		const { read: readText } = memorySource(files);
		const analysis = analysisOf(files, {}, { read: path => (read.push(path), readText(path)) });
		expect(
			believes(
				analysis,
				trusted,
				by(file => stamps.get(file) ?? 'missing'),
			),
		).toBe('fingerprints');
		expect(read).toEqual([]);
	});

	test('and where one has another fingerprint, contents tell', () => {
		const touched = by(file => (file.endsWith('settings.txt') ? 'other' : (stamps.get(file) ?? 'missing')));
		expect(believes(analysisOf(files), trusted, touched)).toBe('contents');
		const edited = new Map(files).set(`${ROOT}/base/settings.txt`, 'colour=blue\n');
		expect(believes(analysisOf(edited), trusted, touched)).toBe('changed');
	});

	test('but not for those that it did not vouch for when they were read', () => {
		const unsure = snapshotOf(analysisOf(files), means())!;
		expect(
			believes(
				analysisOf(files),
				unsure,
				by(() => undefined),
			),
		).toBe('contents');
	});
});

test('what depends on the time holds until it changes by itself', () => {
	const { certificate } = selfSigned(NOW - 10 * DAY, NOW + 90 * DAY);
	const tree = new Map(files).set(`${ROOT}/production/sealed-secrets-cert.pem`, certificate);
	const snapshot = snapshotOf(analysisOf(tree))!;
	const at = (now: number) => believes(analysisOf(tree, { now }), snapshot);
	expect(at(NOW + 59 * DAY)).toBe('contents');
	// It expires in less than 30 days, which is worth a word.
	expect(at(NOW + 61 * DAY)).toBe('changed');
	expect(at(NOW + 91 * DAY)).toBe('changed');
	// A clock that was put back.
	expect(at(NOW - 11 * DAY)).toBe('changed');
	expect(foundIn(analysisOf(tree, { now: NOW + 61 * DAY })).found).not.toEqual(foundIn(analysisOf(tree)).found);
});

test('what another day may mend is not kept: a chart that could not be had', () => {
	const key = chartArchiveKey('https://charts.example.com', 'web', '1.0.0');
	const charts = new Map([[key, { kind: 'unavailable', why: 'The server did not answer.' } as const]]);
	expect(snapshotOf(analysisOf(files, { charts }))).toBeUndefined();
});

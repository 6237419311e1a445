/** The charts of an entry point's HelmReleases, where they are at hand, and what the merged values are held against them. */
import { dirname, type FilePath, isWithin } from '../base/paths';
import { type Database, longQuery, query } from '../base/query';
import { inSteps } from '../base/steps';
import { fluxCluster, sourceRootOf } from '../gitops/flux/graph';
import type { Chart } from '../gitops/helm/chart';
import { archiveKeyOf } from '../gitops/helm/locate-chart';
import type { Release } from '../gitops/helm/release';
import { checkRelease, type ReleaseCheck, type ReleaseContext } from '../gitops/helm/release-check';
import type { Resource } from '../kube/resource';
import { roots, survived } from '../workspace/inputs';
import { clusterTree, type Entry } from './cluster-tree';
import { entriesOf, perEntry } from './entries';
import { exactKubernetesVersionOf } from './kubernetes-version';
import { releaseKeysOf, releaseOf, releasesOf } from './releases';

/** The helm whose merging is followed: helm-controller 1.6 carries helm 4.2. */
export const HELM_VERSION = '4.2';

/** A release with what its chart says of it. */
export interface ChartedRelease {
	readonly release: Release;
	readonly check: ReleaseCheck;
}

/** The releases of an entry point, in the order of its resources. */
export const chartedReleases = perEntry<readonly ChartedRelease[]>(
	'chartedReleases',
	[],
	(db, entry) => releaseKeysOf(db, entry).flatMap(key => db.get(chartedRelease, key) ?? []),
	(a, b) => a.length === b.length && a.every((each, i) => each === b[i]),
);

const chartedRelease = query<ChartedRelease | undefined>('chartedRelease', (db, key) => {
	const found = releaseOf(db, key);
	if (!found) return undefined;
	const { release, entry } = found;
	const context: ReleaseContext = {
		rootOf: source => rootOf(db, entry, source),
		helmVersion: HELM_VERSION,
		kubernetesVersion: exactKubernetesVersionOf(db, entry.environment),
	};
	const { namespace, name } = release.resource.id;
	const what = `the check of the values of ${namespace ? `${namespace}/` : ''}${name}`;
	return survived(db, what, () => ({ release, check: checkRelease(db, release, context) }), undefined);
});

/** The keys of the charts that releases take from repositories and registries, sorted. What nobody applies asks for nothing. */
export function wantedCharts(db: Database): readonly string[] {
	return db.get(wantedQuery, '');
}

const wantedQuery = longQuery<readonly string[]>('wantedCharts', function* (db) {
	const entries = db.get(clusterTree, '').entries.filter(({ setAside }) => !setAside);
	const keys = yield* inSteps(entries, entry =>
		releasesOf(db, entry).flatMap(({ chart }) => archiveKeyOf(chart.location) ?? []),
	);
	return [...new Set(keys.flat())].sort();
});

/** A chart that releases name and that nothing is known of. */
export interface UnknownChart {
	/** The releases whose values are not held against it: `namespace/name`, sorted. */
	readonly releases: readonly string[];
	/** A sentence for people. */
	readonly why: string;
}

/** The charts that are not at hand, each once; of what nobody applies none is missed. */
export function unknownCharts(db: Database): readonly UnknownChart[] {
	return db.get(unknownQuery, '');
}

const unknownQuery = longQuery<readonly UnknownChart[]>('unknownCharts', function* (db) {
	const entries = db.get(clusterTree, '').entries.filter(({ setAside }) => !setAside);
	const byReason = new Map<string, Set<string>>();
	for (const releases of yield* inSteps(entries, entry => chartedReleases(db, entry))) {
		for (const { release, check } of releases) {
			if (check.chart.kind !== 'unknown') continue;
			const { namespace, name } = release.resource.id;
			const named = byReason.get(check.chart.why) ?? new Set();
			byReason.set(check.chart.why, named.add(namespace ? `${namespace}/${name}` : name));
		}
	}
	return [...byReason].sort(([a], [b]) => (a < b ? -1 : 1)).map(([why, of]) => ({ why, releases: [...of].sort() }));
});

/** A release of an entry point with its chart, by the resource or by another reading of it. */
export function chartedReleaseOf(db: Database, entry: Entry, { id }: Resource): ChartedRelease | undefined {
	return chartedReleases(db, entry).find(
		({ release: { resource } }) => resource.id.name === id.name && resource.id.namespace === id.namespace,
	);
}

/** The chart of a release of an entry point; nothing where it is not at hand. */
export function chartOf(db: Database, entry: Entry, { resource }: Release): Chart | undefined {
	const found = chartedReleaseOf(db, entry, resource)?.check.chart;
	return found?.kind === 'chart' ? found.chart : undefined;
}

/**
 * The chart, or the subchart of one, whose default values the file holds: its own values.yaml, another one beside it, or one that a release takes
 * them from. Nothing for files that somebody builds.
 */
export function chartOfDefaults(db: Database, file: FilePath): Chart | undefined {
	if (!/\.ya?ml$/.test(file) || entriesOf(db, file).length > 0) return undefined;
	for (const entry of db.get(clusterTree, '').entries)
		for (const { release, check } of chartedReleases(db, entry)) {
			if (check.chart.kind !== 'chart') continue;
			const { chart } = check.chart;
			const isNamed = release.chart.valuesFiles.some(({ text }) => file.endsWith(`/${text.replace(/^(\.\/)+/, '')}`));
			const owner = isNamed ? chart : /\/values[^/]*$/.test(file) ? chartIn(chart, dirname(file)) : undefined;
			if (owner) return owner;
		}
	return undefined;
}

function chartIn(chart: Chart, directory: FilePath): Chart | undefined {
	if (chart.directory === directory) return chart;
	for (const subchart of chart.subcharts) {
		const found = chartIn(subchart, directory);
		if (found) return found;
	}
	return undefined;
}

/** The directory that a source stands for: Flux knows; without it, Git sources of the tree are taken for the tree itself. */
function rootOf(db: Database, { flux }: Entry, source: Resource): FilePath | undefined {
	if (flux) {
		const { kind, namespace, name } = source.id;
		return db.get(sourceRoot, JSON.stringify([flux.cluster, kind, namespace, name]));
	}
	return source.id.kind === 'GitRepository'
		? db.read(roots, '').find(root => isWithin(root, source.from.file))
		: undefined;
}

/** The whole cluster is another one after each edit in it; what its sources stand for hardly ever is. */
const sourceRoot = query<FilePath | undefined>('sourceRoot', (db, key) => {
	const [cluster, kind, namespace, name] = JSON.parse(key) as [string, string, string, string];
	const found = fluxCluster(db, cluster);
	return found && sourceRootOf(found, { kind, namespace, name });
});

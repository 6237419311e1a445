/** The charts of an entry point's HelmReleases, where they are at hand, and what the merged values are held against them. */
import { type FilePath, isWithin } from '../base/paths';
import type { Database } from '../base/query';
import { fluxCluster, sourceRootOf } from '../gitops/flux/graph';
import type { Chart } from '../gitops/helm/chart';
import type { Release } from '../gitops/helm/release';
import { checkRelease, type ReleaseCheck } from '../gitops/helm/release-check';
import type { Resource } from '../kube/resource';
import { roots } from '../workspace/inputs';
import type { Entry } from './cluster-tree';
import { perEntry } from './entries';
import { releasesOf } from './releases';

/** helm-controller 1.6 carries helm 4.2. */
const HELM_VERSION = '4.2';

/** A release with what its chart says of it. */
export interface ChartedRelease {
	readonly release: Release;
	readonly check: ReleaseCheck;
}

/** The releases of an entry point, in the order of its resources. */
export const chartedReleases = perEntry<readonly ChartedRelease[]>('chartedReleases', [], (db, entry) =>
	releasesOf(db, entry).map(release => ({
		release,
		check: checkRelease(db, release, source => rootOf(db, entry, source), HELM_VERSION),
	})),
);

/** The chart of a release of an entry point; nothing where it is not at hand. */
export function chartOf(db: Database, entry: Entry, release: Release): Chart | undefined {
	const found = chartedReleases(db, entry).find(each => each.release.resource === release.resource)?.check.chart;
	return found?.kind === 'chart' ? found.chart : undefined;
}

/** The directory that a source stands for: Flux knows; without it, Git sources of the tree are taken for the tree itself. */
function rootOf(db: Database, { flux }: Entry, source: Resource): FilePath | undefined {
	const cluster = flux && fluxCluster(db, flux.cluster);
	if (cluster) return sourceRootOf(cluster, source);
	return source.id.kind === 'GitRepository'
		? db.read(roots, '').find(root => isWithin(root, source.from.file))
		: undefined;
}

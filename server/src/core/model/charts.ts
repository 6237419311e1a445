/** The chart of a HelmRelease, where the tree has it, and what its values say against it. */
import { dirname, type FilePath, isWithin, join } from '../base/paths';
import type { Problem } from '../base/problem';
import type { Database } from '../base/query';
import { type Chart, chartInArchive, chartInDirectory, type LoadedChart } from '../gitops/helm/chart';
import type { Release } from '../gitops/helm/release';
import { checkValues } from '../gitops/helm/validate-values';
import { fileExists, roots } from '../workspace/inputs';
import { addressOf } from '../yaml/node';

/** The chart, where the release takes it from a path of this repository; nothing where it is elsewhere. */
export function chartOf(db: Database, release: Release): LoadedChart | undefined {
	const { location } = release.chart;
	if (location.kind !== 'source-path') return undefined;
	const path = inRepository(db, release.resource.from.file, location.path);
	if (path === undefined) return undefined;
	return path.endsWith('.tgz') ? chartInArchive(db, path) : chartInDirectory(db, path);
}

/** Only the chart itself, of a release whose chart can be read. */
export function readableChart(db: Database, release: Release): Chart | undefined {
	const loaded = chartOf(db, release);
	return loaded?.kind === 'chart' ? loaded.chart : undefined;
}

/**
 * Where a path of the repository stands. The repository's root is the open folder or one above the file: the nearest
 * directory in which the path leads to a chart counts, so that a tree inside of another repository works too.
 */
function inRepository(db: Database, from: FilePath, path: string): FilePath | undefined {
	const root = db.read(roots, '').find(each => isWithin(each, from));
	if (root === undefined) return undefined;
	for (let at = dirname(from); isWithin(root, at); at = dirname(at)) {
		const target = join(at, path);
		if (!isWithin(root, target)) continue;
		if (fileExists(db, join(target, 'Chart.yaml')) || (target.endsWith('.tgz') && fileExists(db, target)))
			return target;
		if (at === '/') break;
	}
	return undefined;
}

/** What the chart says of the values of a release; nothing where the chart is not known. */
export function chartProblems(db: Database, release: Release): readonly Problem[] {
	const loaded = chartOf(db, release);
	if (!loaded) return [];
	if (loaded.kind === 'failed') return loaded.problems;
	const { problems } = checkValues(loaded.chart, release.merged, {
		fallback: addressOf((release.chart.chartNode ?? release.resource.node).origin),
		isSecret: origin =>
			release.references.some(each => each.kind === 'Secret' && each.entry?.origin.file === origin.file),
		version: '4.2',
	});
	return [...loaded.problems, ...problems];
}

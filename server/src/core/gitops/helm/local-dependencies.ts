/**
 * Dependencies of a chart that stands in this repository and that are not in its `charts/`: source-controller puts in what `file://` names before
 * it packs the chart, and fetches what comes from a repository (`DependencyManager.Build`). These are not known here.
 */
import { type FilePath, isWithin, join, relative } from '../../base/paths';
import type { Problem } from '../../base/problem';
import type { Database } from '../../base/query';
import { fileExists } from '../../workspace/inputs';
import { addressOf, child } from '../../yaml/node';
import { type Chart, type ChartDependency, chartInArchive, chartInDirectory } from './chart';
import type { LocatedChart } from './locate-chart';
import { inRange, parseRange, parseVersion } from './semver';

/** The chart with them; a chart out of an archive stays as it is. `root` is the root of the source. */
export function withLocalDependencies(db: Database, located: LocatedChart, root: FilePath): LocatedChart {
	if (located.kind !== 'chart' || !fileExists(db, join(located.chart.directory, 'Chart.yaml'))) return located;
	const { chart } = located;
	if (chart.subcharts.length === chart.dependencies.length) return located;
	const problems: Problem[] = [...located.problems];
	const added = chart.dependencies.flatMap(dependency => {
		const found = isVendored(chart, dependency) || !isLocal(dependency) ? undefined : load(db, chart, dependency, root);
		if (found && 'problems' in found) problems.push(...found.problems);
		return found && 'chart' in found ? [found.chart] : [];
	});
	if (added.length === 0 && problems.length === located.problems.length) return located;
	return { ...located, problems, chart: { ...chart, subcharts: [...chart.subcharts, ...added] } };
}

function isVendored({ subcharts }: Chart, { name, alias }: ChartDependency): boolean {
	return subcharts.some(subchart => subchart.name === name || subchart.name === alias);
}

function isLocal({ repository }: ChartDependency): boolean {
	return repository === '' || repository.startsWith('file://');
}

function load(
	db: Database,
	chart: Chart,
	dependency: ChartDependency,
	root: FilePath,
): { readonly chart: Chart } | { readonly problems: readonly Problem[] } {
	const { repository, version } = dependency;
	if (repository === '')
		return notFound(dependency, `it has no "repository" and is not in "charts/"`, 'no chart repository for URL');
	const path = join(chart.directory, repository.slice('file://'.length));
	const shown = isWithin(root, path) ? relative(root, path) : repository;
	const loaded = !isWithin(root, path)
		? undefined
		: fileExists(db, path)
			? chartInArchive(db, path)
			: fileExists(db, join(path, 'Chart.yaml'))
				? chartInDirectory(db, path)
				: undefined;
	if (!loaded)
		return notFound(
			dependency,
			`there is no chart at "${shown}"`,
			`no chart found at '/${shown}' (reference '${repository}')`,
		);
	if (loaded.kind === 'failed') return loaded;
	const range = parseRange(version);
	const at = parseVersion(loaded.chart.version);
	if (!range || !at || !inRange(at, range))
		return notFound(
			dependency,
			`the chart at "${shown}" has version ${loaded.chart.version}, which "${version}" does not allow`,
			`can't get a valid version for constraint '${version}'`,
			'version',
		);
	return loaded;
}

function notFound(
	{ node, name, alias }: ChartDependency,
	why: string,
	words: string,
	field: 'repository' | 'version' = 'repository',
): { readonly problems: readonly Problem[] } {
	const at = child(node, field) ?? child(node, 'name') ?? node;
	return {
		problems: [
			{
				code: 'helm/chart-dependency-not-found',
				severity: 'error',
				message: `the dependency "${name}" of the chart cannot be had: ${why}.`,
				at: addressOf(at.origin),
				details: `dependency build error: failed to add local dependency '${alias ?? name}': ${words}`,
				fatal: true,
			},
		],
	};
}

/**
 * From a HelmRelease's chart reference to the chart itself: a directory or archive of this repository, a copy that lies in the tree, or
 * what the host has found outside. Ranges are resolved as helm does.
 */
import { didYouMean } from '../../base/nearest';
import { basename, dirname, type FilePath, join } from '../../base/paths';
import type { Problem } from '../../base/problem';
import { type Database, longQuery, query } from '../../base/query';
import type { Steps } from '../../base/steps';
import type { Resource } from '../../kube/resource';
import { chartArchive, chartArchiveKey } from '../../workspace/chart-archives';
import { directoryEntries, fileExists, roots, textOf } from '../../workspace/inputs';
import { addressOf, type ScalarNode } from '../../yaml/node';
import { parseSyntax } from '../../yaml/syntax';
import { type Chart, chartInArchive, chartInDirectory, type LoadedChart, loadArchive } from './chart';
import type { ChartLocation, ChartReference } from './chart-reference';
import { withLocalDependencies } from './local-dependencies';
import { mergeMaps, readValuesFile } from './merge-values';
import { compareVersions, inRange, parseRange, parseVersion } from './semver';
import { mapFromNode, mapToNode } from './values-tree';

export type LocatedChart =
	| { readonly kind: 'chart'; readonly chart: Chart; readonly problems: readonly Problem[] }
	/** It exists or may exist, and is not at hand; `why` is a sentence for people. */
	| { readonly kind: 'unknown'; readonly why: string }
	| { readonly kind: 'missing'; readonly problems: readonly Problem[] };

/** The directory that a source stands for, where it stands for this repository. */
export type SourceRoot = (source: Resource) => FilePath | undefined;

/** Finds the chart. */
export function locateChart(db: Database, reference: ChartReference, rootOf: SourceRoot): LocatedChart {
	const { location } = reference;
	switch (location.kind) {
		case 'unknown':
			return { kind: 'unknown', why: 'The source of the chart is not known.' };
		case 'source-path': {
			const root = rootOf(location.source);
			if (root === undefined)
				return {
					kind: 'unknown',
					why: `The chart "${location.path}" stands in another repository, so its values are not checked.`,
				};
			const located = withLocalDependencies(db, chartAtPath(db, join(root, location.path), reference), root);
			return withValuesFiles(located, reference, path => textOf(db, join(root, join('/', path).slice(1))));
		}
		case 'repository': {
			const found = outside(db, location) ?? inTree(db, location.name, location.version);
			return chartOwnFiles(found ?? unknownChart(location.name), reference);
		}
		case 'oci': {
			const version = location.reference.kind === 'latest' ? '' : location.reference.text;
			const name = basename(location.url);
			const found =
				outside(db, location) ??
				inTree(db, name, location.reference.kind === 'digest' ? undefined : version || undefined);
			return chartOwnFiles(found ?? unknownChart(name), reference);
		}
	}
}

function unknownChart(name: string): LocatedChart {
	return { kind: 'unknown', why: `The chart "${name}" is not at hand, so its values are not checked.` };
}

function chartAtPath(db: Database, path: FilePath, reference: ChartReference): LocatedChart {
	if (path.endsWith('.tgz'))
		return fileExists(db, path) ? asLocated(chartInArchive(db, path)) : notFound(db, path, reference);
	return fileExists(db, join(path, 'Chart.yaml'))
		? asLocated(chartInDirectory(db, path))
		: notFound(db, path, reference);
}

function asLocated(loaded: LoadedChart): LocatedChart {
	return loaded.kind === 'chart' ? loaded : { kind: 'missing', problems: loaded.problems };
}

function notFound(db: Database, path: FilePath, { chartNode }: ChartReference): LocatedChart {
	if (!chartNode || chartNode.kind !== 'scalar' || chartNode.text.includes('${'))
		return { kind: 'unknown', why: 'The path of the chart is not known.' };
	const siblings = (db.read(directoryEntries, dirname(path)) ?? []).map(({ name }) => name);
	const problem: Problem = {
		code: 'helm/chart-not-found',
		severity: 'error',
		message: `there is no chart at "${chartNode.text}" in this repository${didYouMean(basename(path), siblings)}`,
		at: addressOf(chartNode.origin),
		details: `chart pull error: failed to load chart: stat ${chartNode.text}: no such file or directory`,
		fatal: true,
	};
	return { kind: 'missing', problems: [problem] };
}

/** The directory, which no tree has, that charts from outside are taken to stand in. */
export const OUTSIDE = '/.charts/';

const outsideChart = query<LocatedChart | undefined>('outsideChart', (db, key) => {
	const archive = db.read(chartArchive, key);
	switch (archive.kind) {
		case 'unknown':
			return undefined;
		case 'unavailable':
			return { kind: 'unknown', why: archive.why };
		case 'archive':
			return asLocated(loadArchive(archive.bytes, `${OUTSIDE}${encodeURIComponent(key)}.tgz`));
	}
});

/** What the host has found for it. */
function outside(db: Database, location: ChartLocation): LocatedChart | undefined {
	const key = archiveKeyOf(location);
	return key === undefined ? undefined : db.get(outsideChart, key);
}

/** Under which key the host looks for a chart; nothing for one that stands in a source, and while a variable keeps it open. */
export function archiveKeyOf(location: ChartLocation): string | undefined {
	switch (location.kind) {
		case 'repository':
			return keyOf(location.url, location.name, location.version ?? '');
		case 'oci':
			return keyOf(location.url, '', location.reference.kind === 'latest' ? '' : location.reference.text);
		default:
			return undefined;
	}
}

function keyOf(url: string, name: string, version: string): string | undefined {
	return [url, name, version].some(part => part.includes('${')) ? undefined : chartArchiveKey(url, name, version);
}

interface ChartPlace {
	readonly kind: 'directory' | 'archive';
	readonly path: FilePath;
	/** As the file's name or Chart.yaml says. */
	readonly name: string;
	readonly version: string;
}

const MAX_DEPTH = 30;

/** Charts that lie in the open folders, outside of other charts. */
const chartPlaces = longQuery<readonly ChartPlace[]>(
	'chartPlaces',
	function* (db, root) {
		const found: ChartPlace[] = [];
		const visit = function* (at: FilePath, depth: number): Steps<void> {
			yield;
			const entries = db.read(directoryEntries, at) ?? [];
			if (entries.some(({ name, kind }) => name === 'Chart.yaml' && kind === 'file')) {
				const [, name = '', version = ''] = nameAndVersion(textOf(db, join(at, 'Chart.yaml')) ?? '');
				found.push({ kind: 'directory', path: at, name, version });
				return;
			}
			for (const { name, kind } of entries) {
				const archive = kind === 'file' ? /^(.+)-v?([0-9]+\.[0-9]+\.[0-9]+.*)\.tgz$/.exec(name) : null;
				if (archive) found.push({ kind: 'archive', path: join(at, name), name: archive[1]!, version: archive[2]! });
				else if (kind === 'directory' && depth < MAX_DEPTH && name !== 'node_modules' && name !== '.git')
					yield* visit(join(at, name), depth + 1);
			}
		};
		yield* visit(root, 0);
		return found;
	},
	(a, b) => JSON.stringify(a) === JSON.stringify(b),
);

function nameAndVersion(text: string): readonly [unknown, string?, string?] {
	const root = parseSyntax(text).documents[0]?.root;
	const field = (key: string) => {
		const value = root?.kind === 'map' ? root.entries.find(entry => entry.key.text === key)?.value : undefined;
		return value?.kind === 'scalar' ? value.text : undefined;
	};
	return [undefined, field('name'), field('version')];
}

/** The newest copy in the tree that fits the version or range. */
function inTree(db: Database, name: string, version: string | undefined): LocatedChart | undefined {
	const range = parseRange(version ?? '*');
	const fitting = db
		.read(roots, '')
		.flatMap(root => db.get(chartPlaces, root))
		.filter(place => {
			const parsed = parseVersion(place.version);
			return place.name === name && parsed !== undefined && range !== undefined && inRange(parsed, range);
		})
		.sort((a, b) => compareVersions(parseVersion(b.version)!, parseVersion(a.version)!));
	const [best] = fitting;
	return best && asLocated(best.kind === 'archive' ? chartInArchive(db, best.path) : chartInDirectory(db, best.path));
}

function chartOwnFiles(located: LocatedChart, reference: ChartReference): LocatedChart {
	return located.kind === 'chart'
		? withValuesFiles(located, reference, path =>
				path === 'values.yaml' ? located.chart.valuesText : located.chart.files.text(path),
			)
		: located;
}

/** `valuesFiles` take the place of values.yaml, merged in order; source-controller packs the chart anew with them. */
function withValuesFiles(
	located: LocatedChart,
	{ valuesFiles, missingValuesFiles }: ChartReference,
	textOfFile: (path: string) => string | undefined,
): LocatedChart {
	if (located.kind !== 'chart' || valuesFiles.length === 0) return located;
	const { chart } = located;
	const problems = [...located.problems];
	let merged = mapFromNode({ ...chart.values, entries: [] });
	for (const node of valuesFiles) {
		const text = textOfFile(node.text);
		if (text === undefined && missingValuesFiles === 'error' && !node.text.includes('${'))
			problems.push(valuesFileNotFound(node, chart));
		const read = readValuesFile(text ?? '', {
			file: join(dirname(chart.valuesFile), node.text),
			step: 'chartDefault',
		});
		if (read.kind === 'values' && read.root) merged = mergeMaps(merged, mapFromNode(read.root));
	}
	return { ...located, problems, chart: { ...chart, values: mapToNode(merged) } };
}

function valuesFileNotFound(node: ScalarNode, { name, files }: Chart): Problem {
	return {
		code: 'helm/values-file-not-found',
		severity: 'error',
		message: `there is no file "${node.text}" for the default values of chart "${name}"${didYouMean(basename(node.text), files.paths)} A path begins at the root of a Git source or bucket, and in the chart where that comes from a repository.`,
		at: addressOf(node.origin),
		details: `values files merge error: no values file found at path '${node.text}'`,
		fatal: true,
	};
}

/**
 * The merged values of a HelmRelease, as text, each line with who wrote it: in an environment, or as its base alone would give them.
 * Where the chart is known its defaults stand among them, so that the text is what templates see.
 */
import { dirname, type FilePath, isWithin } from '../base/paths';
import type { Database } from '../base/query';
import type { Chart } from '../gitops/helm/chart';
import { coalesceChart } from '../gitops/helm/coalesce';
import { isHelmRelease, readRelease, type Release } from '../gitops/helm/release';
import { indexResources } from '../kube/resource-index';
import { homeOf } from '../model/bases';
import { chartedReleaseOf, chartedReleases, HELM_VERSION } from '../model/charts';
import { clusterTree, type Entry } from '../model/cluster-tree';
import { entriesOf, entryOf, plainBuild } from '../model/entries';
import { chainOf, occurrencesOf } from '../model/occurrences';
import { SECRET } from '../kube/taken-secrets';
import { isFromSecret, withTexts } from '../model/secret-places';
import { contentOf } from '../workspace/documents';
import { spotAt } from '../workspace/places';
import { emitLines } from '../yaml/emit';
import { addressOf, type MapNode, type Node, type Origin, textAt, walk } from '../yaml/node';
import { originLabel, placeOf } from './labels';
import type { EntryPoint, RenderedLine, Rendering } from './results';

const PREFIX = 'values ';

/** Whether an id is one of merged values, and not of a kustomization's rendering. */
export function isValuesId(id: string): boolean {
	return id.startsWith(PREFIX);
}

/**
 * What can be shown for the place under the offset: the HelmRelease that stands there, or those that the file's values go into, in each
 * environment and as the base has it; for a file of one environment only there. All of the tree where the file has to do with none. Sorted by label.
 */
export function mergedValuesAt(db: Database, file: FilePath, offset: number): readonly EntryPoint[] {
	const entries = entriesOf(db, file);
	const all = (entries.length > 0 ? entries : db.get(clusterTree, '').entries).flatMap(entry =>
		chartedReleases(db, entry).map((each): Candidate => ({ ...each, entry })),
	);
	const named = nameUnder(db, file, offset);
	const choices: readonly ((candidate: Candidate) => boolean)[] = [
		({ release }) => named !== undefined && release.resource.originalId.name === named,
		({ release }) => feeds(file, release),
		({ check }) => check.chart.kind === 'chart' && isWithin(check.chart.chart.directory, file),
		() => true,
	];
	for (const fits of choices) {
		const found = all.filter(fits);
		if (found.length > 0) {
			const points = sorted(found.flatMap(candidate => pointsOf(db, candidate)));
			return isOfOneEnvironment(db, file) ? points.filter(({ id }) => unitOf(id)?.of === 'entry') : points;
		}
	}
	return [];
}

/** What the base's own values are without it is no answer there. */
function isOfOneEnvironment(db: Database, file: FilePath): boolean {
	const home = homeOf(db, file);
	return home !== undefined && home.role !== 'base' && home.environments.length === 1;
}

/** The same release elsewhere: what the merged values of `id` can be compared with. Sorted by label. */
export function comparableValues(db: Database, id: string): readonly EntryPoint[] {
	const asked = unitOf(id);
	if (!asked) return [];
	const points = db
		.get(clusterTree, '')
		.entries.flatMap(entry =>
			chartedReleases(db, entry).flatMap(({ release, check }) =>
				release.resource.originalId.name === asked.name || release.resource.id.name === asked.name
					? pointsOf(db, { release, check, entry })
					: [],
			),
		);
	return sorted(points).filter(point => point.id !== id);
}

interface Candidate {
	readonly release: Release;
	readonly check: ReturnType<typeof chartedReleases>[number]['check'];
	readonly entry: Entry;
}

/** The name of the HelmRelease whose document (or patch) the offset stands in. */
function nameUnder(db: Database, file: FilePath, offset: number): string | undefined {
	const document = spotAt(db, file, offset)?.address.document;
	const root = document === undefined ? undefined : contentOf(db, file)[document]?.root;
	return textAt(root, 'kind') === 'HelmRelease' ? textAt(root, 'metadata', 'name') : undefined;
}

/** Whether the file wrote any of the release's values, even one that another has written over. */
function feeds(file: FilePath, { merged, references }: Release): boolean {
	if (references.some(({ entry }) => entry?.origin.file === file)) return true;
	let found = false;
	walk(merged.values, ({ origin }) => {
		for (let at: Origin | undefined = origin; at && !found; at = at.replaced) found = at.file === file;
		return !found;
	});
	return found;
}

/** A release in an entry point, or as the base directory alone gives it. */
interface Unit {
	readonly of: 'entry' | 'base';
	/** The entry's id, or the base's directory. */
	readonly place: string;
	readonly namespace: string;
	readonly name: string;
}

function idOf({ of, place, namespace, name }: Unit): string {
	return PREFIX + JSON.stringify([of, place, namespace, name]);
}

function unitOf(id: string): Unit | undefined {
	if (!isValuesId(id)) return undefined;
	try {
		const [of, place, namespace, name] = JSON.parse(id.slice(PREFIX.length)) as string[];
		const whole = place !== undefined && namespace !== undefined && name !== undefined;
		return whole && (of === 'entry' || of === 'base') ? { of, place, namespace, name } : undefined;
	} catch {
		return undefined;
	}
}

function pointsOf(db: Database, { release, entry }: Candidate): EntryPoint[] {
	const { id, originalId, from } = release.resource;
	const home = homeOf(db, from.file);
	const own = point(
		{ of: 'entry', place: entry.id, namespace: id.namespace, name: id.name },
		entry.directory,
		entry.environment,
	);
	if (home?.role !== 'base') return [own];
	const base: Unit = { of: 'base', place: home.directory, namespace: originalId.namespace, name: originalId.name };
	return [own, point(base, home.directory, 'base')];
}

function point(unit: Unit, directory: FilePath, environment: string): EntryPoint {
	const full = unit.namespace ? `${unit.namespace}/${unit.name}` : unit.name;
	const label = environment ? `${environment} · values of ${full}` : `values of ${full}`;
	return { id: idOf(unit), directory, environment, label, name: `${unit.name} values` };
}

function sorted(points: readonly EntryPoint[]): readonly EntryPoint[] {
	const unique = [...new Map(points.map(each => [each.id, each])).values()];
	return unique.sort((a, b) => (a.label < b.label ? -1 : a.label > b.label ? 1 : a.id < b.id ? -1 : 1));
}

/** What is rendered for a unit. */
interface Shown {
	readonly entry: EntryPoint;
	readonly release: Release;
	readonly chart: Chart | undefined;
	/** Redacted. */
	readonly values: MapNode;
	readonly notes: readonly string[];
}

/** Renders merged values. What is not known is said in the notes. */
export function renderValues(db: Database, id: string): Rendering | undefined {
	const shown = shownOf(db, id);
	if (!shown) return undefined;
	const labels = new Map<Origin, RenderedLine>();
	const { lines } = emitLines(shown.values);
	return {
		entry: shown.entry,
		text: lines.map(({ text }) => `${text}\n`).join(''),
		origins: lines.map(({ node }) => lineOf(db, shown, node, labels)),
		notes: shown.notes,
	};
}

/** The first line (from 0) of the merged values that the field at the offset wrote. */
export function valuesLineOf(db: Database, id: string, file: FilePath, offset: number): number | undefined {
	const spot = spotAt(db, file, offset);
	const shown = spot && shownOf(db, id);
	if (!shown) return undefined;
	const [found] = occurrencesOf([{ of: undefined, tree: shown.values }], spot.address);
	const at = found ? emitLines(shown.values).lines.findIndex(({ node }) => node === found.node) : -1;
	return at < 0 ? undefined : at;
}

function shownOf(db: Database, id: string): Shown | undefined {
	const unit = unitOf(id);
	return unit?.of === 'entry' ? inEnvironment(db, unit) : unit && inBase(db, unit);
}

function inEnvironment(db: Database, unit: Unit): Shown | undefined {
	const entry = entryOf(db, unit.place);
	const found = entry && chartedReleases(db, entry).find(({ release }) => isNamed(release, unit));
	if (!found) return undefined;
	const { release, check } = found;
	const chart = check.chart.kind === 'chart' ? check.chart.chart : undefined;
	return {
		entry: point(unit, entry.directory, entry.environment),
		release,
		chart,
		values: redacted(db, [entry.environment], release, check.checked?.coalesced.values ?? release.merged.values),
		notes: [
			...new Set([...gapsOf(release), ...(chart ? [] : [...check.notes, ONLY_SET]), ...(chart ? check.notes : [])]),
		],
	};
}

/** As the base's own build gives it; the chart is looked up through an environment, where its source is known. */
function inBase(db: Database, unit: Unit): Shown | undefined {
	const { resources } = plainBuild(db, unit.place);
	const resource = resources.find(each => isHelmRelease(each) && each.originalId.name === unit.name);
	if (!resource) return undefined;
	const release = readRelease(db, resource, indexResources(resources, 'part'));
	const users = entriesOf(db, resource.from.file);
	const [chart] = users.flatMap(entry => {
		const same = chartedReleases(db, entry).find(each => each.release.resource.originalId.name === unit.name);
		const found = same && chartedReleaseOf(db, entry, same.release.resource)?.check.chart;
		return found?.kind === 'chart' ? [found.chart] : [];
	});
	const values = chart ? coalesceChart(chart, release.merged.values, HELM_VERSION).values : release.merged.values;
	const environments = users.map(({ environment }) => environment);
	return {
		entry: point(unit, unit.place, 'base'),
		release,
		chart,
		values: redacted(db, environments, release, values),
		notes: [...gapsOf(release), ...(chart ? [] : [ONLY_SET])],
	};
}

function isNamed({ resource: { id } }: Release, { namespace, name }: Unit): boolean {
	return id.name === name && id.namespace === namespace;
}

const ONLY_SET = "Only what the HelmRelease sets is shown here, without the chart's own defaults.";

/** What keeps the values from being what the cluster will have. */
function gapsOf({ references, problems, merged }: Release): string[] {
	const missing = references.flatMap(({ kind, name, key, absence, entry }) => {
		if (absence === 'unknown')
			return [`${kind} "${name}" is not in the tree; what its key "${key}" sets is missing here.`];
		if (absence === 'missing') return [`${kind} "${name}" has nothing to take values from under "${key}".`];
		return entry?.value.kind === 'unknown'
			? [`${kind} "${name}" is only known in the cluster (${entry.value.why}).`]
			: [];
	});
	const failed = problems.filter(({ fatal }) => fatal).map(({ message }) => message);
	return [...new Set([...missing, ...(merged.failures.length > 0 || missing.length === 0 ? failed : [])])];
}

const IN_CLUSTER = '(only known in the cluster)';

/** The values without what came out of a Secret. */
function redacted(db: Database, environments: readonly string[], { merged }: Release, values: MapNode): MapNode {
	const isSecret = (origin: Origin) => environments.some(environment => isFromSecret(db, environment, origin));
	const hidden = withTexts(values, scalar =>
		merged.unknown.has(scalar) ? IN_CLUSTER : isSecret(scalar.origin) ? SECRET : undefined,
	);
	return hidden.kind === 'map' ? hidden : values;
}

function lineOf(db: Database, shown: Shown, { origin }: Node, known: Map<Origin, RenderedLine>): RenderedLine {
	let line = known.get(origin);
	if (!line) known.set(origin, (line = writerOf(db, shown, origin)));
	return line;
}

/** The place of the last who wrote it; the label tells all of them, down to the chart. */
function writerOf(db: Database, shown: Shown, origin: Origin): RenderedLine {
	const labels = chainOf(origin).map(each => labelOf(db, shown, each));
	const isOutside = origin.step === 'chartDefault' && contentOf(db, origin.file).length === 0;
	return {
		place: placeOf(db, addressOf(isOutside ? chartField(shown).origin : origin)),
		step: origin.step,
		label: [...new Set(labels)].join(' over '),
	};
}

function labelOf(db: Database, { chart }: Shown, origin: Origin): string {
	if (origin.step !== 'chartDefault' || contentOf(db, origin.file).length > 0) return originLabel(db, origin);
	const subchart = chart && ownerOf(chart, origin.file);
	const of = subchart ? `${subchart.name} ${subchart.version}` : 'the chart';
	return `chartDefault · values.yaml of ${of}`;
}

/** What leads to the defaults of a chart that is no part of the tree. */
function chartField({ release: { chart, resource } }: Shown): Node {
	return chart.chartNode ?? chart.nameNode ?? resource.node;
}

/** The chart, or the subchart of it, whose file it is. */
function ownerOf(chart: Chart, file: FilePath): Chart | undefined {
	if (chart.valuesFile === file || chart.directory === dirname(file)) return chart;
	for (const subchart of chart.subcharts) {
		const owner = ownerOf(subchart, file);
		if (owner) return owner;
	}
	return undefined;
}

/** The rendered preview: what a kustomization gives, as text, each line with who wrote it; and the way back from a source to its line. */
import { addressKey } from '../base/address';
import { basename, type FilePath } from '../base/paths';
import type { Database } from '../base/query';
import type { Resource } from '../kube/resource';
import { clusterTree, type Entry, type Kustomized } from '../model/cluster-tree';
import { buildOf, entriesOf, plainBuild } from '../model/entries';
import { homeOf } from '../model/bases';
import { occurrencesOf, type Subject } from '../model/occurrences';
import { shownTree } from '../model/secret-places';
import { spotAt } from '../workspace/places';
import { emitLines } from '../yaml/emit';
import { addressOf, type MapNode, type Node, type Origin } from '../yaml/node';
import { originLabel, placeOf, shortPath } from './labels';
import type { EntryPoint, RenderedLine, Rendering } from './results';

/** Everything that people render: of each entry point, it and the overlays that it is made of. Sorted by label. */
export function entryPoints(db: Database): readonly EntryPoint[] {
	return sorted(
		db.get(clusterTree, '').entries.flatMap(entry => unitsOf(db, entry).map(unit => entryPoint(db, { entry, unit }))),
	);
}

/** What renders the file: of each entry point that reads it, the overlay that stands nearest to it. */
export function entryPointsOf(db: Database, file: FilePath): readonly EntryPoint[] {
	const home = homeOf(db, file);
	const { kustomized } = db.get(clusterTree, '');
	const nearest = home ? nearestOverlays(home, kustomized).map(({ directory }) => directory) : [];
	const points = entriesOf(db, file).flatMap(entry => {
		const units = unitsOf(db, entry);
		const own = nearest.filter(directory => units.includes(directory));
		return (own.length > 0 ? own : [entry.directory]).map(unit => entryPoint(db, { entry, unit }));
	});
	return sorted(points);
}

/** A kustomization as one entry point applies it: with all that happens to its objects further up. */
interface Unit {
	readonly entry: Entry;
	readonly unit: FilePath;
}

function unitsOf(db: Database, entry: Entry): readonly FilePath[] {
	const { kustomized } = db.get(clusterTree, '');
	const inside = [...buildOf(db, entry).directories].filter(directory => {
		const one = kustomized.get(directory);
		return one !== undefined && one.role !== 'base' && one.links.kind === 'Kustomization';
	});
	return [...new Set([entry.directory, ...inside])];
}

/** The directory itself if it is no base; else its nearest users that are none, on every way up. */
function nearestOverlays(home: Kustomized, all: ReadonlyMap<FilePath, Kustomized>): Kustomized[] {
	const seen = new Set([home]);
	const nearest: Kustomized[] = [];
	for (const each of seen) {
		if (each.role !== 'base') nearest.push(each);
		else for (const user of each.users) seen.add(all.get(user)!);
	}
	return nearest;
}

function sorted(points: readonly EntryPoint[]): readonly EntryPoint[] {
	return points.toSorted((a, b) => (a.label < b.label ? -1 : a.label > b.label ? 1 : a.id < b.id ? -1 : 1));
}

const SEPARATOR = ' in ';

function entryPoint(db: Database, { entry, unit }: Unit): EntryPoint {
	const { environment } = entry;
	const path = shortPath(db, unit) || basename(unit);
	const id = unit + SEPARATOR + entry.id;
	return {
		id,
		directory: unit,
		environment,
		label: environment ? `${environment} · ${path}` : path,
		name: basename(unit),
	};
}

function unitOf(db: Database, id: string): Unit | undefined {
	const [unit, entryId] = id.split(SEPARATOR);
	const entry = db.get(clusterTree, '').entries.find(each => each.id === entryId);
	return entry && unit !== undefined ? { entry, unit } : undefined;
}

/** Renders an entry point. What fails is left out, and said in the notes. */
export function render(db: Database, id: string): Rendering | undefined {
	const unit = unitOf(db, id);
	if (!unit) return undefined;
	const lines: string[] = [];
	const origins: (RenderedLine | undefined)[] = [];
	const labels = new Map<Origin, RenderedLine>();
	for (const node of treesOf(db, unit)) {
		if (lines.length > 0) {
			lines.push('---');
			origins.push(undefined);
		}
		for (const line of emitLines(node).lines) {
			lines.push(line.text);
			origins.push(renderedLine(db, line.node, labels));
		}
	}
	const notes = plainBuild(db, unit.unit)
		.problems.filter(problem => problem.fatal || problem.code === 'kustomize/remote-resource')
		.map(problem => problem.message);
	return { entry: entryPoint(db, unit), text: lines.join('\n') + '\n', origins, notes: [...new Set(notes)] };
}

/** What the unit brings, in the form in which the entry point applies it. */
function resourcesOf(db: Database, { entry, unit }: Unit): readonly Resource[] {
	const { resources } = buildOf(db, entry);
	if (unit === entry.directory) return resources;
	const brought = new Set(plainBuild(db, unit).resources.map(({ from }) => addressKey(from)));
	return resources.filter(({ from }) => brought.has(addressKey(from)));
}

/** What is shown of them. */
function treesOf(db: Database, unit: Unit): readonly MapNode[] {
	return resourcesOf(db, unit).map(resource => shownTree(db, unit.entry.environment, resource));
}

function renderedLine(db: Database, { origin }: Node, known: Map<Origin, RenderedLine>): RenderedLine {
	let line = known.get(origin);
	if (!line) {
		line = { place: placeOf(db, addressOf(origin)), step: origin.step, label: originLabel(db, origin) };
		known.set(origin, line);
	}
	return line;
}

/** The first line (from 0) of the rendering that the field at the offset wrote. */
export function renderedLineOf(db: Database, id: string, file: FilePath, offset: number): number | undefined {
	const spot = spotAt(db, file, offset);
	const unit = unitOf(db, id);
	if (!spot || !unit) return undefined;
	let before = 0;
	for (const node of treesOf(db, unit)) {
		const { lines } = emitLines(node);
		const subject: Subject<undefined> = { of: undefined, tree: node };
		const [found] = occurrencesOf([subject], spot.address);
		const at = found ? lines.findIndex(line => line.node === found.node) : -1;
		if (at >= 0) return before + at;
		if (found) return before;
		before += lines.length + 1;
	}
	return undefined;
}

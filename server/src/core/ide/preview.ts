/** The rendered preview: what a kustomization gives, as text, each line with who wrote it; and the way back from a source to its line. */
import { basename, type FilePath } from '../base/paths';
import type { Database } from '../base/query';
import { build, type Build } from '../kustomize/build';
import { clusterTree, type Kustomized } from '../model/cluster-tree';
import { homeOf } from '../model/bases';
import { occurrencesOf, type Subject } from '../model/occurrences';
import { spotAt } from '../workspace/places';
import { emitLines } from '../yaml/emit';
import { addressOf, type Node, type Origin } from '../yaml/node';
import { originLabel, placeOf, shortPath } from './labels';
import type { EntryPoint, RenderedLine, Rendering } from './results';

/** Every kustomization that is not a base: what people render. Sorted by label. */
export function entryPoints(db: Database): readonly EntryPoint[] {
	const { kustomized } = db.get(clusterTree, '');
	return sorted(
		[...kustomized.values()].filter(each => each.links.kind === 'Kustomization').map(each => entryPoint(db, each)),
	);
}

/**
 * What renders the file: of each environment the kustomization that stands nearest to it, and for a file that no
 * environment has, its own directory's.
 */
export function entryPointsOf(db: Database, file: FilePath): readonly EntryPoint[] {
	const home = homeOf(db, file);
	if (!home) return [];
	const { kustomized } = db.get(clusterTree, '');
	if (home.role !== 'base' && home.links.kind === 'Kustomization') return [entryPoint(db, home)];
	const overlays = usersAbove(home, kustomized).filter(each => each.role !== 'base');
	return overlays.length > 0 ? sorted(overlays.map(each => entryPoint(db, each))) : [entryPoint(db, home)];
}

/** The nearest users of a base that are no bases themselves, on every way up. */
function usersAbove(home: Kustomized, all: ReadonlyMap<FilePath, Kustomized>): Kustomized[] {
	const seen = new Set([home]);
	const nearest: Kustomized[] = [];
	for (const each of seen) {
		for (const user of each.users.map(directory => all.get(directory)!)) {
			if (user.role === 'base') seen.add(user);
			else if (!nearest.includes(user)) nearest.push(user);
		}
	}
	return nearest;
}

function sorted(points: readonly EntryPoint[]): readonly EntryPoint[] {
	return points.toSorted((a, b) => (a.label < b.label ? -1 : 1));
}

function entryPoint(db: Database, { directory, environments }: Kustomized): EntryPoint {
	const environment = environments.length === 1 ? environments[0]! : '';
	const path = shortPath(db, directory) || basename(directory);
	return { id: directory, directory, environment, label: environment ? `${environment} · ${path}` : path };
}

/** Renders the kustomization in a directory. What fails is left out, and said in the notes. */
export function render(db: Database, id: string): Rendering | undefined {
	const home = db.get(clusterTree, '').kustomized.get(id);
	if (!home) return undefined;
	const built = buildFor(db, id);
	const lines: string[] = [];
	const origins: (RenderedLine | undefined)[] = [];
	const labels = new Map<Origin, RenderedLine>();
	for (const { node } of built.resources) {
		if (lines.length > 0) {
			lines.push('---');
			origins.push(undefined);
		}
		for (const line of emitLines(node).lines) {
			lines.push(line.text);
			origins.push(renderedLine(db, line.node, labels));
		}
	}
	const notes = built.problems
		.filter(problem => problem.fatal || problem.code === 'kustomize/remote-resource')
		.map(problem => problem.message);
	return { entry: entryPoint(db, home), text: lines.join('\n') + '\n', origins, notes: [...new Set(notes)] };
}

function buildFor(db: Database, directory: FilePath): Build {
	return build(db, directory, { loadRestrictor: 'LoadRestrictionsNone' });
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
	if (!spot || !db.get(clusterTree, '').kustomized.has(id)) return undefined;
	let before = 0;
	for (const { node } of buildFor(db, id).resources) {
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

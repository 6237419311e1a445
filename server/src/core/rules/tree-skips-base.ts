/**
 * `tree/skips-base`: an environment has an overlay in the place where others build on a base, but brings objects of its own in their
 * stead. What is changed in the base does not come to it.
 */
import { piecesOf } from '../base/pieces';
import { type FilePath, isWithin } from '../base/paths';
import { type Database, query } from '../base/query';
import { describeId, resourceIdOf } from '../kube/resource-id';
import { clusterTree, type Kustomized } from '../model/cluster-tree';
import { copiedResources } from '../model/copied-resources';
import { contentOf } from '../workspace/documents';
import type { Finding, Rule } from './rule';

export const treeSkipsBase: Rule = {
	code: 'tree/skips-base',
	severity: 'warning',
	summary: 'An environment’s overlay skips the base that others build on, and says its objects again.',
	check: db => {
		const found = overlays(db).flatMap(directory => db.get(besideOverlay, directory));
		// Several overlays may stand in the place that one environment leaves.
		return [...new Map(found.map(each => [each.at.file, each])).values()];
	},
	pieces: db =>
		piecesOf(
			() => overlays(db),
			directory => db.get(besideOverlay, directory),
		),
};

/** The directories of one environment's overlays whose paths say which. */
function overlays(db: Database): FilePath[] {
	return [...db.get(clusterTree, '').kustomized.values()].flatMap(({ directory, environments }) =>
		environments.length === 1 && has(directory, environments[0]!) ? [directory] : [],
	);
}

/** What stands in other environments in the place of an overlay that builds on a base. */
const besideOverlay = query<readonly Finding[]>('skippedBases', (db, directory) => {
	const { kustomized, environments } = db.get(clusterTree, '');
	const overlay = kustomized.get(directory)!;
	const own = overlay.environments[0]!;
	const bases = overlay.builds
		.map(each => kustomized.get(each)!)
		.filter(base => !has(base.directory, own) && base.links.kind !== 'Component');
	if (bases.length === 0) return [];
	return environments
		.filter(each => each !== own)
		.flatMap(other => {
			const place = kustomized.get(`${directory}/`.replace(`/${own}/`, `/${other}/`).slice(0, -1));
			return place ? bases.flatMap(base => skipped(db, place, other, own, base) ?? []) : [];
		});
});

function has(path: FilePath, environment: string): boolean {
	return `${path}/`.includes(`/${environment}/`);
}

function skipped(db: Database, place: Kustomized, name: string, other: string, base: Kustomized): Finding | undefined {
	const { file, kind } = place.links;
	// Who builds on anything outside of its environment has a base, if another one.
	if (file === undefined || kind !== 'Kustomization' || place.builds.some(to => !has(to, name))) return undefined;
	if (base.environments.includes(name)) return undefined;
	const copies = copiedResources(db).some(({ at }) => isWithin(place.directory, at.file));
	const again = copies ? [] : objectsOf(db, place).filter(title => objectsOf(db, base).includes(title));
	if (again.length === 0) return undefined;
	return {
		code: treeSkipsBase.code,
		severity: treeSkipsBase.severity,
		message: `${name} says ${again.slice(0, 3).join(', ')} of its own here, where ${other} builds on a base; build on it as well, and patch what differs`,
		at: { file, document: 0, path: ['resources'] },
		anchor: 'key',
		environments: [name],
		related: [{ message: 'the base', at: { file: base.links.file ?? base.directory, document: 0, path: [] } }],
	};
}

function objectsOf(db: Database, { links }: Kustomized): readonly string[] {
	return links.links
		.filter(({ field, kind }) => field === 'resources' && kind === 'file')
		.flatMap(({ target }) => contentOf(db, target))
		.flatMap(({ root }) => {
			const id = root?.kind === 'map' ? resourceIdOf(root) : undefined;
			// A namespace of the same name is needed by whoever brings anything at all.
			return !id || id.kind === '' || id.name === '' || id.kind === 'Namespace'
				? []
				: [describeId({ ...id, namespace: '' })];
		});
}

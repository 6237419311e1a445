/**
 * `tree/skips-base`: an environment has an overlay in the place where others build on a base, but brings objects of its own in their
 * stead. What is changed in the base does not come to it.
 */
import { type FilePath, isWithin } from '../base/paths';
import type { Database } from '../base/query';
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
		const { kustomized, environments } = db.get(clusterTree, '');
		const found = new Map<FilePath, Finding>();
		for (const overlay of kustomized.values()) {
			const [own] = overlay.environments;
			if (own === undefined || overlay.environments.length > 1 || !has(overlay.directory, own)) continue;
			for (const base of overlay.builds.map(directory => kustomized.get(directory)!)) {
				if (has(base.directory, own) || base.links.kind === 'Component') continue;
				for (const other of environments.filter(each => each !== own)) {
					const place = kustomized.get(`${overlay.directory}/`.replace(`/${own}/`, `/${other}/`).slice(0, -1));
					const finding = place && skipped(db, place, other, own, base);
					if (finding) found.set(place.directory, finding);
				}
			}
		}
		return [...found.values()];
	},
};

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

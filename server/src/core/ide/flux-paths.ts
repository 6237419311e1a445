/** `spec.path` of a Flux Kustomization: from it to what it leads to, and the directories that may stand there. */
import { addressKey, type Address } from '../base/address';
import { type FilePath, isWithin, isYamlFile, join } from '../base/paths';
import type { Database } from '../base/query';
import { fluxClusters } from '../gitops/flux/graph';
import { kustomizationFile } from '../gitops/flux/kustomization-edit';
import { KUSTOMIZE_GROUP } from '../gitops/flux/kustomization';
import { parseApiVersion } from '../kube/resource-id';
import { chainOf } from '../model/occurrences';
import { directoryEntries, fileExists, roots } from '../workspace/inputs';
import { addressOf, itemsOf, type Node, nodeAt, textAt } from '../yaml/node';
import type { Candidate } from './candidates';

/** The files that a `spec.path`, or an entry of `spec.components`, at the address stands for: the directory's kustomization, or else its first manifest. */
export function pathTargets(db: Database, address: Address): readonly Address[] {
	const isPath = address.path.at(-1) === 'path';
	if (!isPath && address.path.at(-2) !== 'components') return [];
	const directories = fluxClusters(db).flatMap(({ nodes }) =>
		nodes.flatMap(({ resource, directory }) => {
			const component = (item: Node) =>
				item.kind === 'scalar' && isWrittenAt(item, address) ? [join(directory, item.text)] : [];
			if (!isPath) return itemsOf(nodeAt(resource.node, ['spec', 'components'])).flatMap(component);
			const path = nodeAt(resource.node, ['spec', 'path']);
			return path && isWrittenAt(path, address) ? [directory] : [];
		}),
	);
	const files = new Set(directories.flatMap(directory => firstFile(db, directory) ?? []));
	return [...files].map(file => ({ file, document: 0, path: [] }));
}

/** Whether the address wrote the value, or what it replaced. */
function isWrittenAt({ origin }: Node, address: Address): boolean {
	return chainOf(origin).some(each => addressKey(addressOf(each)) === addressKey(address));
}

function firstFile(db: Database, directory: FilePath): FilePath | undefined {
	const own = kustomizationFile(db, directory);
	if (own !== undefined) return own;
	const entries = db.read(directoryEntries, directory) ?? [];
	const file = entries.find(({ name, kind }) => kind === 'file' && isYamlFile(join(directory, name)));
	if (file) return join(directory, file.name);
	for (const { name, kind } of entries) {
		const below = kind === 'directory' && !name.startsWith('.') ? firstFile(db, join(directory, name)) : undefined;
		if (below !== undefined) return below;
	}
	return undefined;
}

/** Whether the document is a Flux Kustomization (or a patch of one) and the path that of its directory. */
export function isFluxPath(root: Node, path: readonly (string | number)[]): boolean {
	const { group } = parseApiVersion(textAt(root, 'apiVersion') ?? '');
	return group === KUSTOMIZE_GROUP && path.length === 2 && path[0] === 'spec' && path[1] === 'path';
}

/** Directories of the repository below what is typed, as Flux writes them: `./apps/production`. `wanted` is what makes one what is looked for. */
export function pathCandidates(
	db: Database,
	file: FilePath,
	typed: string,
	wanted: 'kustomization' | 'Chart.yaml' = 'kustomization',
): readonly Candidate[] {
	const { root } = fluxClusters(db).find(({ seed }) => isWithin(seed.root, file))?.seed ?? {
		root: db.read(roots, '').find(each => isWithin(each, file)) ?? '/',
	};
	const start = typed.startsWith('./') ? './' : typed.startsWith('/') ? '/' : '';
	const inner = typed.slice(start.length);
	const folder = inner.slice(0, inner.lastIndexOf('/') + 1);
	const prefix = start === '' && folder === '' ? './' : start + folder;
	return (db.read(directoryEntries, join(root, `./${folder}`)) ?? []).flatMap(({ name, kind }): Candidate[] => {
		if (kind !== 'directory' || name.startsWith('.') || name === 'node_modules') return [];
		const label = prefix + name;
		const directory = join(root, `./${folder}${name}`);
		const isWanted =
			wanted === 'kustomization'
				? kustomizationFile(db, directory) !== undefined
				: fileExists(db, join(directory, wanted));
		return [{ label, kind: 'folder', insert: label, detail: isWanted ? wanted : undefined, rank: 1 }];
	});
}

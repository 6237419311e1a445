/** Files of resources that every environment's overlay of one base holds alike. */
import type { Address } from '../base/address';
import type { FilePath } from '../base/paths';
import { type Database, query } from '../base/query';
import { describeId, resourceIdOf, sameId } from '../kube/resource-id';
import { contentOf } from '../workspace/documents';
import { type MapNode, sameValue, textAt } from '../yaml/node';
import { baseDirectories } from './bases';
import { clusterTree, type Kustomized } from './cluster-tree';

export interface RepeatedResource {
	readonly base: Kustomized;
	/** `ConfigMap/web`, of the first document. */
	readonly title: string;
	/** One for each environment that builds on the base. */
	readonly copies: readonly ResourceFile[];
}

export interface ResourceFile {
	readonly environment: string;
	readonly file: FilePath;
	/** Where the overlay lists it. */
	readonly listedAt: Address;
	readonly documents: readonly MapNode[];
}

export function repeatedResources(db: Database): readonly RepeatedResource[] {
	return db.get(repeatedQuery, '');
}

const repeatedQuery = query<readonly RepeatedResource[]>('repeatedResources', db =>
	baseDirectories(db)
		.filter(({ links }) => links.kind === 'Kustomization' && links.file !== undefined)
		.flatMap(base => repeatedOver(db, base)),
);

function repeatedOver(db: Database, base: Kustomized): RepeatedResource[] {
	const { kustomized } = db.get(clusterTree, '');
	const users = base.users.map(directory => kustomized.get(directory)!);
	// Whoever builds on several bases keeps what is there for all of them.
	const overlays = users.filter(({ environments, builds }) => environments.length === 1 && builds.length === 1);
	const byEnvironment = new Map(overlays.map(overlay => [overlay.environments[0]!, resourceFiles(db, overlay)]));
	if (byEnvironment.size < 2 || byEnvironment.size < base.environments.length || users.length > byEnvironment.size)
		return [];
	const [first = [], ...others] = byEnvironment.values();
	return first.flatMap(file => {
		const same = others.map(files => files.find(other => sameDocuments(file, other)));
		const copies = [file, ...same.filter(other => other !== undefined)];
		return copies.length === byEnvironment.size
			? [{ base, title: describeId(resourceIdOf(file.documents[0]!)), copies }]
			: [];
	});
}

/** Secrets are sealed for each environment, and equal ones are reported as what they are. */
const OF_EACH_ENVIRONMENT = /^(SealedSecret|Secret)$/;

function resourceFiles(db: Database, { environments, links }: Kustomized): ResourceFile[] {
	return links.links.flatMap((link): ResourceFile[] => {
		if (link.field !== 'resources' || link.kind !== 'file') return [];
		const documents = contentOf(db, link.target).flatMap(({ root }) => (root?.kind === 'map' ? [root] : []));
		if (documents.length === 0 || documents.some(root => OF_EACH_ENVIRONMENT.test(textAt(root, 'kind') ?? '')))
			return [];
		return [{ environment: environments[0]!, file: link.target, listedAt: link.at, documents }];
	});
}

function sameDocuments(a: ResourceFile, b: ResourceFile): boolean {
	return (
		a.file !== b.file &&
		a.documents.length === b.documents.length &&
		a.documents.every((root, index) => {
			const other = b.documents[index]!;
			return sameId(resourceIdOf(root), resourceIdOf(other)) && sameValue(root, other);
		})
	);
}

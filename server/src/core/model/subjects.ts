/** The trees in which a place of the sources may end up: built resources, and the merged values of HelmReleases. */
import type { Address, FieldPath } from '../base/address';
import { ofObject, ofObjects } from '../base/memo';
import type { FilePath } from '../base/paths';
import type { Database } from '../base/query';
import type { Release } from '../gitops/helm/release';
import type { Resource } from '../kube/resource';
import { isSecretField } from '../kube/data-sources';
import { describeId } from '../kube/resource-id';
import { type Node, type Origin, walk } from '../yaml/node';
import type { Entry } from './cluster-tree';
import { buildOf, entriesOf } from './entries';
import { type Occurrence, occurrencesOf, type Subject } from './occurrences';
import { releasesOf } from './releases';

/** What an occurrence is found in. `values` are those of the HelmRelease `resource`. */
export interface Rendered {
	readonly kind: 'resource' | 'values';
	readonly entry: Entry;
	/** `Deployment/web in namespace shop`, `values of HelmRelease/web ...`. */
	readonly title: string;
	readonly resource: Resource;
}

/** Where a place ends up, in each entry point that reads its file: in merged values where it is one, else in resources. */
export function occurrencesInTree(db: Database, address: Address): readonly Occurrence<Rendered>[] {
	return entriesOf(db, address.file).flatMap(entry => {
		const values = occurrencesOf(writtenIn(db, valuesOf(db, entry), address.file), address);
		return values.length > 0 ? values : occurrencesOf(writtenIn(db, resourcesOf(db, entry), address.file), address);
	});
}

/** All trees of an entry point; the same objects where they are the same. */
export function subjectsOf(db: Database, entry: Entry): readonly Subject<Rendered>[] {
	return [...resourcesOf(db, entry), ...valuesOf(db, entry)];
}

/** Those of them in which the file has written anything, whether or not something wrote over it later. */
export function subjectsWrittenIn(db: Database, entry: Entry, file: FilePath): readonly Subject<Rendered>[] {
	return writtenIn(db, subjectsOf(db, entry), file);
}

/** Few of an environment's trees have to do with a file: to look through all of them at each move of the pointer takes too long. */
function writtenIn(db: Database, subjects: readonly Subject<Rendered>[], file: FilePath): readonly Subject<Rendered>[] {
	return subjects.filter(({ tree }) => writersOf(db, tree).has(file));
}

const writersOf = ofObject<Node, ReadonlySet<FilePath>>(tree => {
	const files = new Set<FilePath>();
	walk(tree, ({ origin }) => {
		for (let at: Origin | undefined = origin; at; at = at.replaced) files.add(at.file);
	});
	return files;
});

function resourcesOf(db: Database, entry: Entry): readonly Subject<Rendered>[] {
	return buildOf(db, entry).resources.map(resource => resourceSubject(db, entry, resource));
}

function valuesOf(db: Database, entry: Entry): readonly Subject<Rendered>[] {
	return releasesOf(db, entry).map(release => valuesSubject(db, entry, release));
}

const resourceSubject = ofObjects<Entry, Resource, Subject<Rendered>>((entry, resource) => ({
	of: { kind: 'resource', entry, title: describeId(resource.id), resource },
	tree: resource.node,
}));

const valuesSubject = ofObjects<Entry, Release, Subject<Rendered>>((entry, { resource, merged }) => ({
	of: { kind: 'values', entry, title: `values of ${describeId(resource.id)}`, resource },
	tree: merged.values,
}));

/** Whether what stands at a path of the subject must never be shown. */
export function isSecret({ kind, resource }: Rendered, path: FieldPath): boolean {
	return kind === 'resource' && isSecretField(resource.id.kind, path.length > 0 ? path : ['data']);
}

/**
 * What merge patches of an overlay say that is so already. A merge leaves a field that the patch does not change as its first writer wrote it,
 * so these are found from the patch's side: fields that say what is rendered, where somebody else wrote that.
 */
import { type Address, type FieldPath, linkOf } from '../base/address';
import { ofObjects } from '../base/memo';
import type { Database } from '../base/query';
import { type ResourceId, sameId } from '../kube/resource-id';
import type { Resource } from '../kube/resource';
import type { Application } from '../kustomize/build';
import { addressOf, child, entriesOf, isNull, type MapNode, type Node, sameValue } from '../yaml/node';
import { ownFilesOf } from './bases';
import type { Entry } from './cluster-tree';
import { buildOf, perEntry, resourcesNamed } from './entries';
import { sourceNode } from './source-nodes';

export interface UnneededField {
	readonly resource: Resource;
	readonly path: FieldPath;
	/** In the patch. */
	readonly at: Address;
	/** Who else says so. */
	readonly writtenAt: Address;
}

/** The fields of one entry point's own patches; of a patch that selects several objects, those that none of them needs. */
export const unneededPatchFields = perEntry<readonly UnneededField[]>('unneededPatchFields', [], (db, entry) => {
	const own = ownFilesOf(db, entry);
	if (entry.environment === '' || !own) return [];
	const { applications } = buildOf(db, entry);
	return applications.flatMap(application => {
		// A patch that changes nothing at all is superfluous as a whole.
		if (application.step !== 'patch' || !application.changed || !own.has(application.at.file)) return [];
		const patch = patchObject(db, application);
		const selected = application.matched.flatMap(id => resourceNamed(db, entry, id) ?? []);
		if (!patch || selected.length < application.matched.length) return [];
		const [first, ...others] = selected.map(resource =>
			equalFields(db, patch, resource.node)
				.filter(({ built }) => !own.has(built.origin.file))
				.map(({ path, said, built }): UnneededField => ({
					resource,
					path,
					at: addressOf(said.origin),
					writtenAt: addressOf(built.origin),
				})),
		);
		const isUnneeded = ({ path }: UnneededField, by: readonly UnneededField[]) =>
			by.some(other => JSON.stringify(other.path) === JSON.stringify(path));
		return (first ?? []).filter(field => others.every(by => isUnneeded(field, by)));
	});
});

function resourceNamed(db: Database, entry: Entry, id: ResourceId): Resource | undefined {
	const named = resourcesNamed(db, entry, id.name);
	return named.find(each => sameId(each.id, id) || sameId(each.originalId, id));
}

/** The object of a merge patch: the document itself, or the text in the entry; nothing for JSON patches. */
function patchObject(db: Database, { at }: Application): MapNode | undefined {
	if (at.within) return undefined;
	const origin = { step: 'patch', file: at.file, document: at.document } as const;
	const entry = sourceNode(db, { ...origin, link: linkOf(at.path) });
	if (at.path.length === 0) return entry?.kind === 'map' ? entry : undefined;
	const text = entry?.kind === 'map' ? child(entry, 'patch') : entry;
	if (text?.kind !== 'scalar') return undefined;
	const path = entry?.kind === 'map' ? [...at.path, 'patch'] : at.path;
	const object = sourceNode(db, { ...origin, link: linkOf(path), within: { document: 0, link: undefined } });
	return object?.kind === 'map' ? object : undefined;
}

interface EqualField {
	readonly path: FieldPath;
	readonly said: Node;
	readonly built: Node;
}

const equalFields = ofObjects<MapNode, Node, readonly EqualField[]>((patch, built) => [...fieldsIn(patch, built, [])]);

/** The scalars, and lists of scalars, that both have with the same value. Paths are those of the patch. */
function* fieldsIn(said: Node, built: Node, path: FieldPath): Generator<EqualField> {
	if (said.kind === 'map' && built.kind === 'map') {
		for (const { key, value } of entriesOf(said)) {
			const there = child(built, key);
			if (there && !key.startsWith('$') && !namesTheObject([...path, key]))
				yield* fieldsIn(value, there, [...path, key]);
		}
	} else if (said.kind === 'seq' && built.kind === 'seq' && said.items.some(item => item.kind === 'map')) {
		for (const [index, item] of said.items.entries()) {
			const key = MERGE_KEYS.find(name => child(item, name));
			const there = key && built.items.find(other => sameValue(child(item, key), child(other, key)));
			if (there && item.kind === 'map') {
				const rest: MapNode = { ...item, entries: item.entries.filter(entry => entry.key !== key) };
				yield* fieldsIn(rest, there, [...path, index]);
			}
		}
	} else if (said.kind !== 'map' && !isNull(said) && sameValue(said, built)) {
		yield { path, said, built };
	}
}

/** What a patch says only to be found. */
function namesTheObject(path: FieldPath): boolean {
	const [first, second] = path;
	if (path.length === 1) return first === 'apiVersion' || first === 'kind';
	return path.length === 2 && first === 'metadata' && (second === 'name' || second === 'namespace');
}

/** By which elements of lists are told apart, as far as lists of Kubernetes are merged at all. */
const MERGE_KEYS = [
	'name',
	'mountPath',
	'devicePath',
	'containerPort',
	'port',
	'key',
	'ip',
	'topologyKey',
	'type',
	'uid',
];

/**
 * What a name in the sources means, and everything that says it: the object's own name, the patches of it, the selectors of kustomizations, and the
 * fields of other objects that hold the name. Told from what each entry point renders, so that objects of one name in two namespaces are two.
 */
import { type Address, addressKey, below } from '../base/address';
import { isKustomizationFile } from '../base/paths';
import type { Database } from '../base/query';
import { fluxCluster } from '../gitops/flux/graph';
import { isFluxKustomization } from '../gitops/flux/kustomization';
import { type ObjectReference, objectReferenceAt, objectReferences } from '../kube/object-references';
import type { Resource } from '../kube/resource';
import { type ResourceId, resourceIdOf } from '../kube/resource-id';
import type { Application } from '../kustomize/build';
import { contentOf } from '../workspace/documents';
import { addressOf, itemsOf, type MapNode, type Node, nodeAt, type ScalarNode, textAt } from '../yaml/node';
import { clusterTree, type Entry } from './cluster-tree';
import { buildOf, entriesOf, resourcesNamed } from './entries';
import { chainOf } from './occurrences';
import { embeddedRoots } from './source-nodes';
import { occurrencesInTree } from './subjects';

/** An object as an entry point renders it. */
export interface BuiltObject {
	readonly entry: Entry;
	readonly resource: Resource;
}

/** A place that says the name of an object. */
export interface NamePlace {
	/** Of the name itself. */
	readonly at: Address;
	readonly environment: string;
	readonly role: 'definition' | 'patch' | 'reference';
	/** The object that says it, as far as it is one. */
	readonly holder: Resource | undefined;
}

/** A name as the file says it. */
export interface WrittenName {
	readonly node: ScalarNode;
	/** Of what it may be the name. */
	readonly kinds: readonly string[];
	/** Where the object is, if the place says so. */
	readonly namespace: string | undefined;
}

/** The objects that a reference of an entry point's object leads to: its own build's first, then those of its environment. */
export function objectsNamed(
	db: Database,
	entry: Entry,
	reference: Pick<ObjectReference, 'kinds' | 'name' | 'namespace'>,
): readonly BuiltObject[] {
	const match = (each: Entry): BuiltObject[] =>
		resourcesNamed(db, each, reference.name)
			.filter(resource => isMeant(resource.id, reference))
			.map(resource => ({ entry: each, resource }));
	const near = match(entry);
	if (near.length > 0) return near;
	const beside = entriesBeside(db, entry.environment).flatMap(match);
	if (beside.length > 0) return beside;
	// What begins a cluster is in no build: the sync object of bootstrap, and the source beside it.
	const known = entry.flux ? (fluxCluster(db, entry.flux.cluster)?.index.resources ?? []) : [];
	return known.filter(({ id }) => isMeant(id, reference)).map(resource => ({ entry, resource }));
}

function isMeant(id: ResourceId, { kinds, name, namespace }: Pick<ObjectReference, 'kinds' | 'name' | 'namespace'>) {
	return kinds.includes(id.kind) && id.name === name && id.namespace === namespace;
}

function entriesBeside(db: Database, environment: string): readonly Entry[] {
	return db.get(clusterTree, '').entries.filter(each => each.environment === environment);
}

/** The name that the file says at an address: an object's own, one that it refers to, or that of a generator or selector. */
export function writtenNameAt(db: Database, address: Address): WrittenName | undefined {
	const { file, document, within } = address;
	const root = within ? embeddedRoots(db, address)[within.document] : contentOf(db, file)[document]?.root;
	if (root?.kind !== 'map') return undefined;
	const key = addressKey(address);
	const isKustomization = isKustomizationFile(file) && !within;
	return writtenNames(root, isKustomization).find(
		({ node, kinds }) => kinds.length > 0 && addressKey(addressOf(node.origin)) === key,
	);
}

/** All names that a document says. */
function writtenNames(root: MapNode, isKustomization: boolean): readonly WrittenName[] {
	if (isKustomization) return [...generatedNames(root), ...selectedNames(root)];
	const resource = asResource(root);
	const own = nodeAt(root, ['metadata', 'name']);
	const spec = nodeAt(root, ['spec']);
	return [
		...(own?.kind === 'scalar' && resource.id.kind !== ''
			? [{ node: own, kinds: [resource.id.kind], namespace: textAt(root, 'metadata', 'namespace') }]
			: []),
		...objectReferences(resource).map(({ path, node, kinds, namespace }) => ({
			node,
			kinds,
			namespace: textAt(nodeAt(root, path.slice(0, -1)), 'namespace') ?? (namespace || undefined),
		})),
		...(isFluxKustomization(resource) && spec?.kind === 'map' ? selectedNames(spec) : []),
	];
}

function asResource(root: MapNode): Resource {
	const id = resourceIdOf(root);
	return { node: root, id, originalId: id, from: addressOf(root.origin), removed: [] };
}

function generatedNames(root: MapNode): readonly WrittenName[] {
	const generated = (field: string, kind: string) =>
		itemsOf(nodeAt(root, [field])).flatMap(item => nameOf(item, [kind]));
	return [...generated('configMapGenerator', 'ConfigMap'), ...generated('secretGenerator', 'Secret')];
}

/** Exact names in the selectors of a kustomization, with the kind beside them. */
function selectedNames(root: MapNode): readonly WrittenName[] {
	const selector = (item: Node | undefined) => nameOf(item, [textAt(item, 'kind') ?? ''].filter(Boolean));
	const patches = ['patches', 'patchesJson6902'].flatMap(field => itemsOf(nodeAt(root, [field])));
	return [
		...itemsOf(nodeAt(root, ['replicas'])).flatMap(item => nameOf(item, ['Deployment', 'StatefulSet', 'ReplicaSet'])),
		...patches.flatMap(item => selector(nodeAt(item, ['target']))),
		...itemsOf(nodeAt(root, ['replacements'])).flatMap(item => [
			...selector(nodeAt(item, ['source'])),
			...itemsOf(nodeAt(item, ['targets'])).flatMap(target => [
				...selector(nodeAt(target, ['select'])),
				...itemsOf(nodeAt(target, ['reject'])).flatMap(selector),
			]),
		]),
	];
}

function nameOf(item: Node | undefined, kinds: readonly string[]): readonly WrittenName[] {
	const node = nodeAt(item, ['name']);
	return node?.kind === 'scalar' && node.text !== '' ? [{ node, kinds, namespace: textAt(item, 'namespace') }] : [];
}

/** The objects that a name in a file means, in every entry point that has it. */
export function objectsMeantBy(db: Database, { node, kinds, namespace }: WrittenName): readonly BuiltObject[] {
	const at = addressOf(node.origin);
	const rendered = renderedAt(db, at);
	if (rendered.length > 0) return rendered;
	// A patch or a selector: what it selected, which had other names then.
	const candidates = entriesOf(db, at.file).flatMap(entry => objectsCalled(db, entry, kinds, node.text));
	const selected = candidates.filter(each => applicationsTo(db, each).some(application => covers(application.at, at)));
	return selected.length > 0 ? selected : candidates.filter(({ resource }) => mayBeIn(resource, namespace));
}

/** The objects of an entry point that are called so; where a patch has deleted them, as other entry points have them. */
function objectsCalled(db: Database, entry: Entry, kinds: readonly string[], name: string): readonly BuiltObject[] {
	const ofKind = (other: Entry) => resourcesNamed(db, other, name).filter(({ id }) => kinds.includes(id.kind));
	const here = ofKind(entry);
	const resources =
		here.length > 0
			? here
			: db
					.get(clusterTree, '')
					.entries.flatMap(ofKind)
					.filter(({ from }) => entriesOf(db, from.file).includes(entry));
	return resources.map(resource => ({ entry, resource }));
}

/** What the name at a place became in the objects of entry points, each followed to what it means there. */
function renderedAt(db: Database, at: Address): readonly BuiltObject[] {
	return occurrencesInTree(db, at).flatMap(({ subject, path, index }): readonly BuiltObject[] => {
		if (subject.kind !== 'resource' || index < 0) return [];
		const { entry, resource } = subject;
		if (path.join('.') === 'metadata.name') return [{ entry, resource }];
		const reference = objectReferenceAt(resource, path);
		return reference ? objectsNamed(db, entry, reference) : [];
	});
}

/** The entries of kustomizations that did something to the object, and the patches that they name. */
function applicationsTo(db: Database, { entry, resource }: BuiltObject): readonly Application[] {
	return buildOf(db, entry).applications.filter(
		({ step, matched }) =>
			(step === 'patch' || step === 'generator') &&
			matched.some(({ kind, name, namespace }) => {
				const { id, originalId } = resource;
				return kind === id.kind && (name === id.name || name === originalId.name) && mayBeIn(resource, namespace);
			}),
	);
}

function mayBeIn({ id, originalId }: Resource, namespace: string | undefined): boolean {
	return !namespace || namespace === id.namespace || namespace === originalId.namespace;
}

/** Whether the place lies in what was applied: the document of a patch, or an entry of a kustomization. */
function covers(applied: Address, at: Address): boolean {
	return (
		applied.file === at.file && applied.document === at.document && applied.path.every((key, i) => at.path[i] === key)
	);
}

/**
 * Every place that says the name of these objects. Where a place says it of others too (a base's field that leads to one object in each
 * environment), those belong to them, with all that says their names.
 */
export function namesOf(db: Database, objects: readonly BuiltObject[]): readonly NamePlace[] {
	const known = new Map<string, BuiltObject>();
	const places = new Map<string, NamePlace>();
	const add = (place: NamePlace) => places.set(`${place.environment} ${addressKey(place.at)}`, place);
	let next = objects;
	while (next.length > 0) {
		const fresh = new Map(next.flatMap(each => withSameSource(db, each)).map(each => [keyOf(each), each]));
		for (const key of fresh.keys()) if (known.has(key)) fresh.delete(key);
		for (const [key, each] of fresh) known.set(key, each);
		const found = [...fresh.values()];
		for (const each of found) for (const place of ownNames(db, each)) add(place);
		const references = referencesTo(db, found);
		for (const place of references) add(place);
		next = references.flatMap(({ at }) => renderedAt(db, at)).filter(each => !known.has(keyOf(each)));
	}
	return [...places.values()];
}

function keyOf({ entry, resource: { from, id } }: BuiltObject): string {
	return `${entry.id} ${addressKey(from)} ${id.namespace}/${id.name}`;
}

/** The object in every entry point that takes it from the same place, also where a patch deletes it. */
function withSameSource(db: Database, object: BuiltObject): readonly BuiltObject[] {
	const { from, originalId } = object.resource;
	const key = addressKey(from);
	const others = entriesOf(db, from.file).flatMap(entry => {
		const found = resourcesNamed(db, entry, originalId.name).filter(resource => addressKey(resource.from) === key);
		return (found.length > 0 ? found : [object.resource]).map(resource => ({ entry, resource }));
	});
	return [object, ...others];
}

/** Where an object is called by its name: in its own file or generator, in the patches of it, in selectors. */
function ownNames(db: Database, object: BuiltObject): readonly NamePlace[] {
	const { entry, resource } = object;
	const place = (at: Address, role: NamePlace['role']): NamePlace => ({
		at,
		environment: entry.environment,
		role,
		holder: role === 'definition' ? resource : undefined,
	});
	const own = nodeAt(resource.node, ['metadata', 'name']);
	const definition = own && chainOf(own.origin).at(-1);
	const { kind, name } = resource.originalId;
	const called = (root: Node | undefined): Address[] => {
		const node = nodeAt(root, ['metadata', 'name']);
		return node?.kind === 'scalar' && node.text === name && textAt(root, 'kind') === kind
			? [addressOf(node.origin)]
			: [];
	};
	const patches = applicationsTo(db, object).flatMap(({ at }) => {
		const applied = nodeAt(contentOf(db, at.file)[at.document]?.root, at.path);
		if (at.path.length === 0) return called(applied);
		const inline = applied?.kind === 'scalar' ? at : below(at, 'patch');
		const generated = nodeAt(applied, ['name']);
		return [
			...embeddedRoots(db, inline).flatMap(called),
			...(generated?.kind === 'scalar' && generated.text === name ? [addressOf(generated.origin)] : []),
		];
	});
	const selectors = kustomizationsOf(db, entry).flatMap(root =>
		selectedNames(root)
			.filter(
				({ node, kinds, namespace }) => node.text === name && kinds.includes(kind) && mayBeIn(resource, namespace),
			)
			.map(({ node }) => addressOf(node.origin)),
	);
	return [
		...(definition ? [place(addressOf(definition), 'definition')] : []),
		...[...patches, ...selectors].map(at => place(at, 'patch')),
	];
}

/** The kustomizations that take part in an entry point's build, and what Flux adds to the first of them. */
function kustomizationsOf(db: Database, entry: Entry): readonly MapNode[] {
	const { flux } = entry;
	const files = [...buildOf(db, entry).files].filter(isKustomizationFile);
	const written = files.map(file => contentOf(db, file)[0]?.root);
	const node = flux && fluxCluster(db, flux.cluster)?.nodes.find(({ key }) => key === flux.key);
	return [...written, nodeAt(node?.resource.node, ['spec'])].filter(each => each?.kind === 'map');
}

/** The fields of other objects that hold the names, each where it is written. */
function referencesTo(db: Database, objects: readonly BuiltObject[]): readonly NamePlace[] {
	const environments = new Set(objects.map(({ entry }) => entry.environment));
	return [...environments].flatMap(environment => {
		const here = objects.filter(({ entry }) => entry.environment === environment).map(({ resource }) => resource);
		const names = new Set(here.flatMap(({ id, originalId }) => [id.name, originalId.name]));
		return entriesBeside(db, environment).flatMap(entry =>
			buildOf(db, entry).resources.flatMap(holder =>
				objectReferences(holder, names)
					.filter(reference => here.some(each => isReferenceTo(each, reference)))
					.flatMap(({ node }) =>
						chainOf(node.origin).map((origin): NamePlace => ({
							at: addressOf(origin),
							environment,
							role: 'reference',
							holder,
						})),
					),
			),
		);
	});
}

/** By its name, or by the one that it had before a transformer changed it and nothing told the holder. */
function isReferenceTo({ id, originalId }: Resource, { kinds, name, namespace }: ObjectReference): boolean {
	const isHere = namespace === id.namespace || namespace === '' || id.namespace === '';
	return kinds.includes(id.kind) && isHere && (name === id.name || name === originalId.name);
}

/**
 * One Flux Kustomization: what it says, and what kustomize-controller makes of its directory before it applies it: an edited
 * kustomization, a build without load restriction, substitution, common metadata.
 */
import { type FilePath, join } from '../../base/paths';
import type { Problem } from '../../base/problem';
import { type Database, query } from '../../base/query';
import { describeId } from '../../kube/resource-id';
import { type Resource, sharingResources } from '../../kube/resource';
import type { Coverage, ResourceIndex } from '../../kube/resource-index';
import { build, type Build, sharingBuild } from '../../kustomize/build';
import { directoryExists } from '../../workspace/inputs';
import { child, entriesOf, type MapNode, type Node, nodeAt, textAt, withEntry } from '../../yaml/node';
import type { Strictness } from './envsubst';
import { type Artifact, editedKustomization, kustomizationFile } from './kustomization-edit';
import { nodeKey, nodeOfKey, originKey } from './node-key';
import { hasProviders, isResourceSet, resourcesOfSet } from './resource-sets';
import { type SubstitutedResource, substituteResource } from './substitute';
import { readVariables, sameVariables, type Variables } from './variables';

export const KUSTOMIZE_GROUP = 'kustomize.toolkit.fluxcd.io';

/** Whether the resource is a Flux Kustomization of any API version. */
export function isFluxKustomization({ id }: Resource): boolean {
	return id.group === KUSTOMIZE_GROUP && id.kind === 'Kustomization';
}

/** What a sourceRef names. */
export interface SourceKey {
	readonly kind: string;
	readonly namespace: string;
	readonly name: string;
}

/** The source of a Flux Kustomization; its namespace is the Kustomization's own where none is given. */
export function sourceOf({ node, id }: Resource): SourceKey {
	const reference = nodeAt(node, ['spec', 'sourceRef']);
	return {
		kind: textAt(reference, 'kind') ?? '',
		namespace: textAt(reference, 'namespace') ?? id.namespace,
		name: textAt(reference, 'name') ?? '',
	};
}

/** The directory that `spec.path` names below the source's root. It never leads out of it. */
export function pathOfKustomization({ node }: Resource, root: FilePath): FilePath {
	const path = textAt(node, 'spec', 'path') ?? './';
	const depthless = path
		.replaceAll('\\', '/')
		.split('/')
		.filter(part => part !== '' && part !== '.');
	const inside: string[] = [];
	for (const part of depthless) {
		if (part === '..') inside.pop();
		else inside.push(part);
	}
	return join(root, inside.join('/') || '.');
}

export interface FluxBuild {
	readonly directory: FilePath;
	/** The build itself, before substitution; nothing where the directory is missing. */
	readonly build: Build | undefined;
	/** What is applied, and what the ResourceSets among it make. */
	readonly resources: readonly Resource[];
	/** `part` where some ResourceSet makes more than the tree tells. */
	readonly coverage: Coverage;
	readonly variables: Variables;
	/** Of the build and of substitution. */
	readonly problems: readonly Problem[];
}

/** What the cluster says of all its Kustomizations. */
export interface ClusterRules {
	/** The repository's root. */
	readonly root: FilePath;
	/** What of it the source leaves out by `spec.ignore`. */
	readonly ignore: string;
	readonly strictness: Strictness;
}

/**
 * Builds as the controller does. `directory` is what its path stands for; `known` holds the objects of its cluster.
 * `before` is what the same Kustomization gave with other sources; it is given back where these make no difference.
 */
export function buildFlux(
	db: Database,
	kustomization: Resource,
	directory: FilePath,
	{ root, ignore, strictness }: ClusterRules,
	known: ResourceIndex,
	before: FluxBuild | undefined,
): FluxBuild {
	const variables = readVariables(kustomization.node, kustomization.id.namespace, known.data);
	if (!directoryExists(db, directory))
		return { directory, build: undefined, resources: [], coverage: 'part', variables, problems: variables.problems };
	const built = buildOf(db, kustomization, directory, { root, ignore });
	const isSame = before?.build === built && sameVariables(before.variables, variables);
	if (isSame && !before.resources.some(each => isResourceSet(each) && hasProviders(each))) return before;
	const problems: Problem[] = [...buildProblems(db, built), ...variables.problems];
	const seen = db.get(applied, appliedKey(kustomization, variables, strictness));
	const resources = built.resources.map(resource => {
		let result = seen.get(resource);
		if (!result) seen.set(resource, (result = apply(resource, kustomization, variables, strictness)));
		problems.push(...result.problems);
		return result.resource;
	});
	const sets = resources.filter(isResourceSet).map(set => ({ set, made: resourcesOfSet(set, known) }));
	if (sets.length === 0) return { directory, build: built, resources, coverage: 'whole', variables, problems };
	return {
		directory,
		build: built,
		resources: sharingResources(before?.resources ?? [], [
			...resources,
			...sets.flatMap(({ set, made }) => made.resources.map(each => withCommonMetadata(each, set.node))),
		]),
		coverage: sets.every(({ made }) => made.coverage === 'whole') ? 'whole' : 'part',
		variables,
		problems: [...problems, ...sets.flatMap(({ made }) => made.problems)],
	};
}

/** Builds what a Kustomization says as it is written; in most clusters nothing else comes of it, so that it is at hand there. */
export function buildAhead(db: Database, kustomization: Resource, root: FilePath): Build | undefined {
	const directory = pathOfKustomization(kustomization, root);
	return directoryExists(db, directory) ? buildOf(db, kustomization, directory, { root, ignore: '' }) : undefined;
}

/** What becomes of a resource between the build and the cluster. */
function apply(
	resource: Resource,
	{ node, id }: Resource,
	variables: Variables,
	strictness: Strictness,
): SubstitutedResource {
	const postBuild = nodeAt(node, ['spec', 'postBuild']) !== undefined;
	const { resource: substituted, problems } = postBuild
		? substituteResource(resource, variables, strictness, describeId(id))
		: { resource, problems: [] };
	return { resource: withCommonMetadata(substituted, node), problems };
}

/**
 * What has become of resources that are still the same objects, by all else that has a say in it: most of a Kustomization stays as it is
 * when one of its objects changes, and is then the same for those who check it.
 */
const applied = query<WeakMap<Resource, SubstitutedResource>>('fluxApplied', () => new WeakMap());

function appliedKey(
	{ node, id }: Resource,
	{ byName, knowledge, strategy }: Variables,
	strictness: Strictness,
): string {
	const parts = [nodeAt(node, ['spec', 'postBuild']), nodeAt(node, ['spec', 'commonMetadata'])];
	const values = [...byName].map(([name, { value, origin, source }]) => [name, value, originKey(origin), source]);
	return JSON.stringify([
		describeId(id),
		parts.map(part => part && nodeKey(part)),
		values,
		knowledge,
		strategy,
		strictness,
	]);
}

/** The controller takes an empty kustomization at its own path for nothing to do. */
function buildProblems(db: Database, { directory, problems }: Build): readonly Problem[] {
	const own = kustomizationFile(db, directory);
	return problems.filter(({ code, at }) => code !== 'kustomize/empty-kustomization' || at.file !== own);
}

/** What of a Flux Kustomization has a say in the build, as a key. */
interface Request extends Artifact {
	readonly directory: FilePath;
	readonly spec: string;
}

const EDITING_FIELDS = [
	'targetNamespace',
	'namePrefix',
	'nameSuffix',
	'patches',
	'patchesStrategicMerge',
	'patchesJson6902',
	'components',
	'ignoreMissingComponents',
	'images',
];

const editedBuild = query<Build>(
	'fluxBuild',
	(db, key) => {
		const { directory, spec, ...artifact } = JSON.parse(key) as Request;
		const kustomization = editedKustomization(db, directory, nodeOfKey(spec), artifact);
		return build(db, directory, { loadRestrictor: 'RepositoryOnly', kustomization });
	},
	Object.is,
	sharingBuild,
);

/** A directory with a kustomization that nobody edits is the plain build, shared with everybody who builds it. */
function buildOf(db: Database, { node }: Resource, directory: FilePath, artifact: Artifact): Build {
	const spec = child(node, 'spec');
	const entries = entriesOf(spec).filter(({ key, value }) => EDITING_FIELDS.includes(key) && !isEmpty(value));
	if (entries.length === 0 && kustomizationFile(db, directory) !== undefined)
		return build(db, directory, { loadRestrictor: 'RepositoryOnly' });
	const reduced: MapNode = { kind: 'map', entries, origin: spec?.origin ?? node.origin };
	const request: Request = { directory, ...artifact, spec: nodeKey(reduced) };
	return db.get(editedBuild, JSON.stringify(request));
}

function isEmpty(node: Node): boolean {
	return node.kind === 'scalar'
		? node.text === ''
		: node.kind === 'seq'
			? node.items.length === 0
			: node.entries.length === 0;
}

/** Labels and annotations that are put on everything when it is applied (`ssautil.SetCommonMetadata`). */
function withCommonMetadata(resource: Resource, kustomization: Node): Resource {
	let node = resource.node;
	for (const field of ['labels', 'annotations'] as const) {
		for (const { key, value } of entriesOf(nodeAt(kustomization, ['spec', 'commonMetadata', field]))) {
			const metadata = child(node, 'metadata');
			if (metadata?.kind !== 'map') continue;
			const before = child(metadata, field);
			const map: MapNode = before?.kind === 'map' ? before : { kind: 'map', entries: [], origin: value.origin };
			const old = child(map, key);
			const origin = { ...value.origin, step: 'flux' as const, ...(old && { replaced: old.origin }) };
			node = withEntry(node, 'metadata', withEntry(metadata, field, withEntry(map, key, { ...value, origin })));
		}
	}
	return node === resource.node ? resource : { ...resource, node };
}

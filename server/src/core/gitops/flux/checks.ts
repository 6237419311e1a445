/**
 * What will not reconcile in a Flux cluster: paths, sources, dependencies, health checks that lead nowhere, circles, objects with two
 * owners, old API versions. Said only where the tree shows all that there is to know.
 */
import { didYouMean, nearest } from '../../base/nearest';
import { basename, dirname, type FilePath, isWithin, relative } from '../../base/paths';
import type { Problem } from '../../base/problem';
import { shortestWay } from '../../base/shortest-way';
import { type Database, query } from '../../base/query';
import { describeId } from '../../kube/resource-id';
import type { Resource } from '../../kube/resource';
import { directoryEntries, directoryExists } from '../../workspace/inputs';
import { addressOf, child, itemsOf, type Node, nodeAt, textAt } from '../../yaml/node';
import { apiVersionProblems, isFluxObject, minorOf } from './api-versions';
import { type FluxCluster, fluxCluster, type FluxNode } from './graph';
import { isNowhere } from './knowable';
import { KUSTOMIZE_GROUP, sourceOf } from './kustomization';
import { referenceProblems } from './reference-checks';

/** The problems of one cluster's Flux objects; those of builds and substitution are in its nodes. */
export function fluxProblems(db: Database, { id }: FluxCluster): readonly Problem[] {
	return db.get(problemsOfCluster, id);
}

/** Those of each Kustomization, by key: what keeps it from being applied. */
export function problemsByKustomization(db: Database, id: string): ReadonlyMap<string, readonly Problem[]> {
	return db.get(problemsOfNodes, id);
}

const problemsOfNodes = query<ReadonlyMap<string, readonly Problem[]>>('fluxProblemsByKustomization', (db, id) => {
	const cluster = fluxCluster(db, id);
	const waitingFor = new Map(cluster?.nodes.map(node => [node.key, dependencies(node).map(({ key }) => key)]));
	return new Map(
		cluster?.nodes.map(node => [
			node.key,
			[
				...pathProblems(db, cluster, node),
				...sourceProblems(cluster, node),
				...dependencyProblems(db, cluster, node),
				...healthCheckProblems(cluster, node),
				...cycleProblems(node, waitingFor),
			],
		]),
	);
});

const problemsOfCluster = query<readonly Problem[]>('fluxProblems', (db, id) => {
	const cluster = fluxCluster(db, id);
	if (!cluster) return [];
	return [
		...[...db.get(problemsOfNodes, id).values()].flat(),
		...ownerProblems(cluster),
		...referenceProblems(cluster),
		...cluster.index.resources
			.filter(isFluxObject)
			.flatMap(resource => apiVersionProblems(db, resource, minorOf(cluster.seed.version))),
	];
});

function isSuspended({ resource }: FluxNode): boolean {
	return textAt(resource.node, 'spec', 'suspend') === 'true';
}

/** The field to point at: the last part of the path that is there. */
function placeOf(resource: Resource, ...path: string[]) {
	for (let length = path.length; length > 0; length--) {
		const found = nodeAt(resource.node, path.slice(0, length));
		if (found) return addressOf(found.origin);
	}
	return resource.from;
}

function pathProblems(db: Database, cluster: FluxCluster, node: FluxNode): readonly Problem[] {
	const { resource, directory, source } = node;
	const { seed } = cluster;
	if (source !== 'here' || isSuspended(node) || directoryExists(db, directory)) return [];
	if (seed.kind === 'found' && !isOfThisRepository(db, cluster, node)) return [];
	const path = textAt(resource.node, 'spec', 'path') ?? './';
	if (path.includes('${')) return [];
	const siblings = (db.read(directoryEntries, dirname(directory)) ?? []).flatMap(entry =>
		entry.kind === 'directory' ? entry.name : [],
	);
	const similar = nearest(basename(directory), siblings);
	const suggestion =
		similar === undefined ? '.' : `; did you mean "./${relative(seed.root, `${dirname(directory)}/${similar}`)}"?`;
	return [
		{
			code: 'flux/path-not-found',
			severity: 'error',
			message: `the path "${path}" of ${describeId(resource.id)} leads to no directory of this repository${suggestion}`,
			...pathPlaces(resource),
			details: `kustomization path not found: stat /tmp/kustomization/${relative(seed.root, directory)}: no such file or directory`,
			fatal: true,
		},
	];
}

/** Where the path is written; and where a variable in it gets its value, which may be what is wrong. */
function pathPlaces(resource: Resource): Pick<Problem, 'at' | 'related'> {
	const origin = nodeAt(resource.node, ['spec', 'path'])?.origin;
	if (origin?.step !== 'substitute' || !origin.replaced) return { at: placeOf(resource, 'spec', 'path') };
	return {
		at: addressOf(origin.replaced),
		related: [{ message: 'a part of the path comes from here', at: addressOf(origin) }],
	};
}

/** Where nobody says which source stands for this repository: the one in which others find their directories here. */
function isOfThisRepository(db: Database, { nodes, seed }: FluxCluster, node: FluxNode): boolean {
	const { kind, namespace, name } = sourceOf(node.resource);
	return nodes.some(other => {
		const source = sourceOf(other.resource);
		const same = source.kind === kind && source.namespace === namespace && source.name === name;
		return same && other.directory !== seed.root && directoryExists(db, other.directory);
	});
}

const SOURCE_GROUP = 'source.toolkit.fluxcd.io';

function sourceProblems({ index, seed }: FluxCluster, node: FluxNode): readonly Problem[] {
	const { resource } = node;
	const { kind, namespace, name } = sourceOf(resource);
	const own = sourceOf(seed.kustomization);
	if (name === '' || isSuspended(node) || (kind === own.kind && name === own.name && namespace === own.namespace))
		return [];
	// An ExternalArtifact is made by a generator or by a controller of somebody else's.
	if (kind === 'ExternalArtifact' || index.find(SOURCE_GROUP, kind, namespace, name)) return [];
	const all = index.all(SOURCE_GROUP, kind).map(({ id }) => id);
	const elsewhere =
		name === own.name && kind === own.kind ? own.namespace : all.find(id => id.name === name)?.namespace;
	const names = [
		...all.filter(id => id.namespace === namespace).map(id => id.name),
		...(own.namespace === namespace ? [own.name] : []),
	];
	const similar = nearest(name, names);
	// Of a cluster whose beginning is not in the tree, whoever began it may have brought the source.
	const isPartial = index.coverage === 'part' || (seed.kind === 'clusters-directory' && elsewhere === undefined);
	if (isPartial && similar === undefined) return [];
	const hint = elsewhere
		? `; there is one in namespace "${elsewhere}": add "namespace: ${elsewhere}".`
		: didYouMean(name, names);
	return [
		{
			code: 'flux/source-not-found',
			severity: index.coverage === 'whole' ? 'error' : 'warning',
			message: `there is no ${kind} "${name}" in namespace "${namespace}" for ${describeId(resource.id)}${hint}`,
			at: placeOf(resource, 'spec', 'sourceRef', 'name'),
			details: `Source artifact not found: ${kind.toLowerCase().replace(/y$/, 'ie')}s.${SOURCE_GROUP} "${name}" not found`,
			...(index.coverage === 'whole' && { fatal: true as const }),
		},
	];
}

function dependencies({
	resource,
}: FluxNode): readonly { readonly key: string; readonly name: string; readonly node: Node }[] {
	return itemsOf(nodeAt(resource.node, ['spec', 'dependsOn'])).flatMap(node => {
		const name = textAt(node, 'name');
		if (name === undefined) return [];
		return [{ key: `${textAt(node, 'namespace') ?? resource.id.namespace}/${name}`, name, node }];
	});
}

function dependencyProblems(db: Database, cluster: FluxCluster, node: FluxNode): readonly Problem[] {
	const { nodes, index } = cluster;
	const known = new Set(nodes.map(({ key }) => key));
	return dependencies(node).flatMap(({ key, name, node: reference }): Problem[] => {
		if (known.has(key) || isSuspended(node)) return [];
		if (!isNowhere(db, cluster, name, reference.origin.file)) return [];
		const elsewhere = nodes.find(({ resource }) => resource.id.name === name)?.resource.id.namespace;
		const release = index.all('helm.toolkit.fluxcd.io', 'HelmRelease').find(({ id }) => id.name === name);
		const hint = elsewhere
			? `; there is one in namespace "${elsewhere}": add "namespace: ${elsewhere}".`
			: release
				? `; ${describeId(release.id)} is a HelmRelease, and a Kustomization can only wait for other Kustomizations: name the one that brings it.`
				: didYouMean(
						name,
						nodes.map(({ resource }) => resource.id.name),
					);
		return [
			{
				code: 'flux/dependency-not-found',
				severity: 'error',
				message: `there is no Kustomization "${name}" for ${describeId(node.resource.id)} to wait for, so it is never applied${hint}`,
				at: addressOf((child(reference, 'name') ?? reference).origin),
				details: `dependency '${key}' not found`,
				fatal: true,
			},
		];
	});
}

/** A circle stands at every Kustomization in it: none of them is ever applied. */
function cycleProblems(node: FluxNode, waitingFor: ReadonlyMap<string, readonly string[]>): readonly Problem[] {
	for (const { key, node: reference } of dependencies(node)) {
		const way = shortestWay(key, node.key, each => waitingFor.get(each) ?? []);
		if (!way) continue;
		return [
			{
				code: 'flux/dependency-cycle',
				severity: 'error',
				message: `these Kustomizations wait for each other, so none of them is ever applied: ${[node.key, ...way].join(' > ')}.`,
				at: addressOf((child(reference, 'name') ?? reference).origin),
				details: `dependency '${key}' is not ready`,
				fatal: true,
			},
		];
	}
	return [];
}

/** Of other kinds than Flux's own a chart or an operator may make any name, so only what looks like a slip of the pen is told. */
function healthCheckProblems({ index }: FluxCluster, node: FluxNode): readonly Problem[] {
	if (index.coverage === 'part' || isSuspended(node)) return [];
	return itemsOf(nodeAt(node.resource.node, ['spec', 'healthChecks'])).flatMap((check): Problem[] => {
		const group = (textAt(check, 'apiVersion') ?? '').split('/')[0] ?? '';
		const kind = textAt(check, 'kind') ?? '';
		const name = textAt(check, 'name') ?? '';
		const namespace = textAt(check, 'namespace') ?? node.resource.id.namespace;
		if (index.find(group, kind, namespace, name)) return [];
		const all = index.all(group, kind).map(({ id }) => id);
		const isSure = group.endsWith('.toolkit.fluxcd.io');
		const here = all.filter(id => id.namespace === namespace).map(id => id.name);
		if (!isSure && (name.includes('${') || nearest(name, here) === undefined)) return [];
		const elsewhere = all.find(id => id.name === name)?.namespace;
		const hint = elsewhere
			? `; there is one in namespace "${elsewhere}".`
			: didYouMean(
					name,
					all.map(id => id.name),
				);
		return [
			{
				code: 'flux/health-check-not-found',
				severity: isSure ? 'error' : 'warning',
				message: `the health check names ${kind} "${name}" in namespace "${namespace}", which nothing makes, so ${describeId(node.resource.id)} never becomes ready${hint}`,
				at: addressOf((child(check, 'name') ?? check).origin),
				details: `timeout waiting for: [${kind}/${namespace}/${name} status: 'NotFound']`,
				...(isSure && { fatal: true as const }),
			},
		];
	});
}

/** The annotation by which an object may be left to somebody else. */
const SSA = `${KUSTOMIZE_GROUP}/ssa`;

/** Two Kustomizations that bring one object give no error and fight for ever. */
function ownerProblems({ applied, nodes, seed }: FluxCluster): readonly Problem[] {
	const first = new Map<string, { readonly resource: Resource; readonly by: string }>();
	const byKey = new Map(nodes.map(node => [node.key, node]));
	const problems: Problem[] = [];
	for (const { resource, by } of applied) {
		const node = byKey.get(by)!;
		// Nobody has written down that the whole folder of a cluster is applied: what stands for it fights with no one.
		if (isSuspended(node) || (seed.kind === 'clusters-directory' && node.resource === seed.kustomization)) continue;
		const { group, kind, namespace, name } = resource.id;
		const key = `${group}/${kind}/${namespace}/${name}`;
		const before = first.get(key);
		if (!before) first.set(key, { resource, by });
		else if (before.by !== by && textAt(resource.node, 'metadata', 'annotations', SSA) === undefined) {
			const other = byKey.get(before.by);
			const nested = overlap(node.directory, other?.directory);
			problems.push({
				code: 'flux/two-owners',
				severity: kind === 'Namespace' ? 'information' : 'warning',
				message: `${describeId(resource.id)} is applied by two Kustomizations, "${before.by}" and "${by}", which will undo each other's changes; leave it to one of them${nested}.`,
				at: resource.from,
				...(other && {
					related: [{ message: `also applied by Kustomization "${before.by}"`, at: before.resource.from }],
				}),
			});
		}
	}
	return problems;
}

function overlap(a: FilePath | undefined, b: FilePath | undefined): string {
	const nested = a !== undefined && b !== undefined && (isWithin(a, b) || isWithin(b, a));
	return nested ? ' (the path of one lies in that of the other)' : '';
}

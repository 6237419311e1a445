/**
 * What objects of Flux other than Kustomizations and HelmReleases name: an image policy its repository, an alert its provider, a receiver
 * what it wakes. Of what they name and nobody makes, some never become ready and others do nothing without a word.
 */
import { didYouMean, nearest } from '../../base/nearest';
import type { Problem } from '../../base/problem';
import { describeId } from '../../kube/resource-id';
import type { Resource } from '../../kube/resource';
import { addressOf, child, itemsOf, type Node, nodeAt, textAt } from '../../yaml/node';
import type { FluxCluster } from './graph';
import { type SourceKey, sourceOf } from './kustomization';

interface Field {
	readonly holder: string;
	/** A map that names one object, or a list of such. */
	readonly path: readonly string[];
	/** The named kind, where no `kind` beside the name says it. */
	readonly kind?: string;
	/** The controller looks in the holder's own namespace only. */
	readonly ownNamespaceOnly?: true;
	/** Nothing fails without it, and nothing happens either. */
	readonly silently?: string;
}

const FIELDS: readonly Field[] = [
	{ holder: 'ImagePolicy', path: ['spec', 'imageRepositoryRef'], kind: 'ImageRepository' },
	{ holder: 'ImageUpdateAutomation', path: ['spec', 'sourceRef'] },
	{ holder: 'Alert', path: ['spec', 'providerRef'], kind: 'Provider', ownNamespaceOnly: true },
	{ holder: 'Alert', path: ['spec', 'eventSources'], silently: 'it never reports anything of it' },
	{ holder: 'Receiver', path: ['spec', 'resources'], silently: 'it has nothing to reconcile when it is called' },
	{ holder: 'ArtifactGenerator', path: ['spec', 'sources'] },
	{ holder: 'ResourceSet', path: ['spec', 'inputsFrom'], ownNamespaceOnly: true },
];

/** The kinds that only the tree brings to a cluster; HelmCharts and ExternalArtifacts are made by controllers, too. */
const GROUPS: Readonly<Record<string, string>> = {
	GitRepository: 'source.toolkit.fluxcd.io',
	OCIRepository: 'source.toolkit.fluxcd.io',
	HelmRepository: 'source.toolkit.fluxcd.io',
	Bucket: 'source.toolkit.fluxcd.io',
	Kustomization: 'kustomize.toolkit.fluxcd.io',
	HelmRelease: 'helm.toolkit.fluxcd.io',
	ImageRepository: 'image.toolkit.fluxcd.io',
	ImagePolicy: 'image.toolkit.fluxcd.io',
	ImageUpdateAutomation: 'image.toolkit.fluxcd.io',
	Provider: 'notification.toolkit.fluxcd.io',
	ResourceSetInputProvider: 'fluxcd.controlplane.io',
};

/** The controllers' groups, and the operator's. */
const FLUX_GROUP = /(^|\.)fluxcd\.(io|controlplane\.io)$/;

/** The names of a cluster's objects that lead nowhere. */
export function referenceProblems(cluster: FluxCluster): readonly Problem[] {
	return FIELDS.flatMap(field => {
		const holders = cluster.index.resources.filter(({ id }) => id.kind === field.holder && FLUX_GROUP.test(id.group));
		return holders.flatMap(holder =>
			textAt(holder.node, 'spec', 'suspend') === 'true'
				? []
				: namingNodes(nodeAt(holder.node, field.path)).flatMap(node => problemOf(cluster, field, holder, node)),
		);
	});
}

function namingNodes(node: Node | undefined): readonly Node[] {
	return node?.kind === 'map' ? [node] : itemsOf(node);
}

function problemOf({ index, seed }: FluxCluster, field: Field, holder: Resource, node: Node): readonly Problem[] {
	const named = child(node, 'name');
	const kind = field.kind ?? textAt(node, 'kind') ?? '';
	const group = GROUPS[kind];
	if (named?.kind !== 'scalar' || group === undefined || named.text === '*' || named.text.includes('${')) return [];
	const name = named.text;
	const given = field.ownNamespaceOnly ? undefined : textAt(node, 'namespace');
	const namespace = given ?? holder.id.namespace;
	const wanted: SourceKey = { kind, namespace, name };
	if (index.find(group, kind, namespace, name) || sameKey(wanted, sourceOf(seed.kustomization))) return [];
	const all = index.all(group, kind).map(({ id }) => id);
	const here = all.filter(id => id.namespace === namespace).map(id => id.name);
	if (index.coverage === 'part' && nearest(name, here) === undefined) return [];
	const elsewhere = all.find(id => id.name === name)?.namespace;
	const hint =
		elsewhere === undefined
			? didYouMean(name, here)
			: field.ownNamespaceOnly
				? `; there is one in namespace "${elsewhere}", and only its own namespace counts.`
				: `; there is one in namespace "${elsewhere}": add "namespace: ${elsewhere}".`;
	const isError = index.coverage === 'whole' && field.silently === undefined;
	return [
		{
			code: 'flux/reference-not-found',
			severity: isError ? 'error' : 'warning',
			message: `there is no ${kind} "${name}" in namespace "${namespace}" for ${describeId(holder.id)}, so ${field.silently ?? 'it never becomes ready'}${hint}`,
			at: addressOf(named.origin),
			details: `${kind.toLowerCase().replace(/y$/, 'ie')}s.${group} "${name}" not found`,
			...(isError && { fatal: true as const }),
		},
	];
}

function sameKey(a: SourceKey, b: SourceKey): boolean {
	return a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;
}

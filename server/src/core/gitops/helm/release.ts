/**
 * HelmReleases among built resources, as helm-controller reads them: what they are called, which chart they install from which
 * source, and the values that it would hand to helm, with a problem at the field for everything that will not resolve.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { didYouMean, nearest } from '../../base/nearest';
import type { Problem } from '../../base/problem';
import type { Database } from '../../base/query';
import { encodeUtf8 } from '../../base/utf8';
import { describeId } from '../../kube/resource-id';
import { type Resource, sameResource } from '../../kube/resource';
import type { ResourceIndex } from '../../kube/resource-index';
import { addressOf, child, itemsOf, nodeAt, textAt } from '../../yaml/node';
import { type ChartReference, readChartReference } from './chart-reference';
import { postRendererProblems } from './post-renderers';
import { type MergedValues, mergeReleaseValues, type PartFailure, type ValuesPart } from './merge-values';
import { referenceWords, resolveReferences, type ValuesReference } from './values-references';

export const HELM_GROUP = 'helm.toolkit.fluxcd.io';

export interface Release {
	readonly resource: Resource;
	/** What helm calls it. */
	readonly name: string;
	/** Where its objects go. */
	readonly targetNamespace: string;
	readonly chart: ChartReference;
	readonly references: readonly ValuesReference[];
	/** What helm-controller hands to helm: without the chart's own defaults. */
	readonly merged: MergedValues;
	readonly problems: readonly Problem[];
}

/** Whether the resource is a HelmRelease of any API version. */
export function isHelmRelease({ id }: Resource): boolean {
	return id.group === HELM_GROUP && id.kind === 'HelmRelease';
}

/** Reads one HelmRelease. `index` holds all that is known of its environment, this build's resources first. */
export function readRelease(db: Database, resource: Resource, index: ResourceIndex): Release {
	const { node, id } = resource;
	const chart = readChartReference(node, id.namespace, index);
	const { references, problems } = resolveReferences(node, id.namespace, index);
	const used = references.filter(reference => reference.entry !== undefined);
	const parts = used.map((reference): ValuesPart => ({ entry: reference.entry!, target: reference.target }));
	const merged = mergeReleaseValues(db, parts, nodeAt(node, ['spec', 'values']), node.origin);
	const failures = merged.failures.map(failure => failureProblem(failure, used[failure.index]!, id.namespace));
	// What is missing or not known could set anything.
	const gap = references.some(({ absence }) => absence === 'unknown' || absence === 'missing');
	const suspended = textAt(node, 'spec', 'suspend') === 'true';
	return {
		resource,
		name: releaseName(resource),
		targetNamespace: textAt(node, 'spec', 'targetNamespace') ?? id.namespace,
		chart: chart.reference,
		references,
		merged: gap ? { ...merged, anything: 'unknown' } : merged,
		problems: suspended
			? []
			: [
					...chart.problems,
					...problems,
					...failures,
					...dependencyProblems(resource, index),
					...inlineProblems(resource),
					...postRendererProblems(db, node),
				],
	};
}

/**
 * Whether two readings of a release are the same: its own tree, and everything that it refers to. For queries that
 * read releases, so that what did not change is not checked again.
 */
export function sameRelease(a: Release, b: Release): boolean {
	return (
		sameResource(a.resource, b.resource) &&
		a.references.length === b.references.length &&
		a.references.every(({ object, absence }, i) => {
			const other = b.references[i]!;
			return absence === other.absence && sameResource(object?.resource, other.object?.resource);
		}) &&
		a.chart.objects.length === b.chart.objects.length &&
		a.chart.objects.every((object, i) => sameResource(object, b.chart.objects[i])) &&
		JSON.stringify(a.problems) === JSON.stringify(b.problems)
	);
}

const MAX_NAME = 53;
const HASH_LENGTH = 12;

/** `GetReleaseName`, shortened as helm-controller's `ShortenName` does. */
export function releaseName(resource: Resource): string {
	const name = fullReleaseName(resource);
	if (name.length <= MAX_NAME || name === textAt(resource.node, 'spec', 'releaseName')) return name;
	const digest = Array.from(sha256(encodeUtf8(name)), byte => byte.toString(16).padStart(2, '0')).join('');
	return `${name.slice(0, MAX_NAME - HASH_LENGTH - 1)}-${digest.slice(0, HASH_LENGTH)}`;
}

/** The same before it is cut. */
export function fullReleaseName({ node, id }: Resource): string {
	const own = textAt(node, 'spec', 'releaseName');
	if (own !== undefined && own !== '') return own;
	const target = textAt(node, 'spec', 'targetNamespace');
	return target ? `${target}-${id.name}` : id.name;
}

function failureProblem(failure: PartFailure, reference: ValuesReference, namespace: string): Problem {
	const { kind, words, origin } = failure;
	const details = referenceWords(reference, namespace, words);
	const source = `key "${reference.key}" of ${reference.kind} "${reference.name}"`;
	switch (kind) {
		case 'bad-target': {
			const at = child(reference.node, 'targetPath') ?? reference.node;
			const path = reference.target?.path ?? '';
			return {
				code: 'helm/values-target-path',
				severity: 'error',
				message: `the value of ${source} cannot be set at "${path}", which is read as in "helm --set"; correct the path, escape "," and "." with "\\", or set "literal: true".`,
				at: addressOf(at.origin),
				// What does not fit may quote the value itself.
				...(reference.kind === 'Secret' ? undefined : { details }),
				fatal: true,
			};
		}
		case 'not-a-map':
			return {
				code: 'helm/values-not-a-map',
				severity: 'error',
				message: `${source} is no map of values, so the HelmRelease cannot be installed; write "key: value" lines, or give the reference a "targetPath".`,
				at: addressOf(origin),
				details,
				fatal: true,
			};
		case 'not-yaml':
			return {
				code: 'helm/values-not-yaml',
				severity: 'error',
				message: `${source} cannot be read as YAML, so the HelmRelease cannot be installed.`,
				at: addressOf(origin),
				...(reference.kind === 'Secret' ? undefined : { details }),
				fatal: true,
			};
	}
}

function inlineProblems({ node }: Resource): readonly Problem[] {
	const values = nodeAt(node, ['spec', 'values']);
	if (!values || values.kind === 'map' || (values.kind === 'scalar' && values.tag === '!!null')) return [];
	return [
		{
			code: 'helm/values-not-a-map',
			severity: 'error',
			message: '"spec.values" must be a map of values; write "key: value" lines under it.',
			at: addressOf(values.origin),
			fatal: true,
		},
	];
}

/**
 * `dependsOn` names other HelmReleases. In a tree that is only a part, one is called missing only where it is plain what was meant instead: one of
 * that name in another namespace, or one with nearly that name.
 */
function dependencyProblems({ node, id }: Resource, index: ResourceIndex): readonly Problem[] {
	return itemsOf(nodeAt(node, ['spec', 'dependsOn'])).flatMap((reference): Problem[] => {
		const name = textAt(reference, 'name');
		const at = child(reference, 'name');
		const namespace = textAt(reference, 'namespace') ?? id.namespace;
		if (name === undefined || !at || name.includes('${') || namespace.includes('${')) return [];
		const releases = index.all(HELM_GROUP, 'HelmRelease');
		const isWhole = index.coverage === 'whole';
		// A namespace that the tree does not tell (Flux may set it from outside) matches every other.
		const isThere = (own: string) => own === namespace || (!isWhole && (own === '' || namespace === ''));
		if (releases.some(({ id: other }) => other.name === name && isThere(other.namespace))) return [];
		const elsewhere = releases.find(other => other.id.name === name);
		const kustomization = index
			.all('kustomize.toolkit.fluxcd.io', 'Kustomization')
			.find(other => other.id.name === name);
		const here = releases.filter(other => other.id.namespace === namespace).map(other => other.id.name);
		if (!isWhole && !elsewhere && nearest(name, here) === undefined) return [];
		const hint = elsewhere
			? `; there is one in namespace "${elsewhere.id.namespace}": add "namespace: ${elsewhere.id.namespace}".`
			: kustomization
				? `; ${describeId(kustomization.id)} is a Flux Kustomization, and a HelmRelease can only wait for other HelmReleases.`
				: didYouMean(name, here);
		return [
			{
				code: 'helm/dependency-not-found',
				severity: isWhole ? 'error' : 'warning',
				message: `there is no HelmRelease "${name}" in namespace "${namespace}", so this one waits for ever${hint}`,
				at: addressOf(at.origin),
				details: `dependency '${namespace}/${name}' not found`,
				...(isWhole && { fatal: true as const }),
			},
		];
	});
}

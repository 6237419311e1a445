/**
 * Which chart a HelmRelease installs: `spec.chart.spec` with its sourceRef, or `spec.chartRef`, followed to the source object
 * and from there to an address that charts can be looked up by.
 */
import { nearest } from '../../base/nearest';
import type { Problem } from '../../base/problem';
import type { Resource } from '../../kube/resource';
import type { ResourceIndex } from '../../kube/resource-index';
import {
	addressOf,
	child,
	itemsOf,
	type MapNode,
	type Node,
	nodeAt,
	type Origin,
	type ScalarNode,
	textAt,
} from '../../yaml/node';

/** Where the chart comes from, as far as the tree tells. */
export type ChartLocation =
	/** A chart of a HelmRepository; `version` is a version or a range, absent for the latest. */
	| { readonly kind: 'repository'; readonly url: string; readonly name: string; readonly version: string | undefined }
	/** A chart that is an OCI artifact of its own: `oci://host/path`, and what chooses among its tags. */
	| {
			readonly kind: 'oci';
			readonly url: string;
			readonly reference:
				{ readonly kind: 'tag' | 'digest' | 'semver'; readonly text: string } | { readonly kind: 'latest' };
	  }
	/** A directory (or archive) of what a GitRepository or Bucket holds. */
	| { readonly kind: 'source-path'; readonly source: Resource; readonly path: string }
	| { readonly kind: 'unknown' };

export interface ChartReference {
	/** The objects on the way: a HelmChart where chartRef names one, then the source. */
	readonly objects: readonly Resource[];
	readonly location: ChartLocation;
	/** `valuesFiles` of the chart that take the place of its values.yaml; empty where there are none. */
	readonly valuesFiles: readonly ScalarNode[];
	/** Whether one of them may be missing (`ignoreMissingValuesFiles`). */
	readonly missingValuesFiles: 'error' | 'ignored';
	/** The field that names the source (`sourceRef.name`, `chartRef.name`), for navigation. */
	readonly nameNode: Node | undefined;
	/** The field that names the chart, where one does. */
	readonly chartNode: Node | undefined;
	readonly versionNode: Node | undefined;
}

export const SOURCE_GROUP = 'source.toolkit.fluxcd.io';

const NOWHERE: ChartReference = {
	objects: [],
	location: { kind: 'unknown' },
	valuesFiles: [],
	missingValuesFiles: 'error',
	nameNode: undefined,
	chartNode: undefined,
	versionNode: undefined,
};

/** Follows the reference of a HelmRelease. `namespace` is the release's. */
export function readChartReference(
	release: MapNode,
	namespace: string,
	index: ResourceIndex,
): { readonly reference: ChartReference; readonly problems: readonly Problem[] } {
	const template = nodeAt(release, ['spec', 'chart', 'spec']);
	const chartRef = nodeAt(release, ['spec', 'chartRef']);
	if (!template === !chartRef) return { reference: NOWHERE, problems: [invalidReference(release, chartRef)] };
	if (template) return followTemplate(template, namespace, index);
	return followChartRef(chartRef!, namespace, index);
}

interface Followed {
	readonly reference: ChartReference;
	readonly problems: readonly Problem[];
}

/** `spec.chart.spec` of a release and `spec` of a HelmChart are alike. */
function followTemplate(template: Node, namespace: string, index: ResourceIndex): Followed {
	const chartNode = child(template, 'chart');
	const versionNode = child(template, 'version');
	const source = findSource(child(template, 'sourceRef'), namespace, index, TEMPLATE_KINDS);
	const version = textAt(template, 'version');
	const chart = textAt(template, 'chart') ?? '';
	const files = itemsOf(child(template, 'valuesFiles')).filter(isText);
	const single = child(template, 'valuesFile');
	const reference: ChartReference = {
		objects: source.resource ? [source.resource] : [],
		location: source.resource ? templateLocation(source.resource, chart, version) : { kind: 'unknown' },
		valuesFiles:
			single && isText(single) && !files.some(({ text }) => text === single.text) ? [...files, single] : files,
		missingValuesFiles: textAt(template, 'ignoreMissingValuesFiles') === 'true' ? 'ignored' : 'error',
		nameNode: source.nameNode,
		chartNode,
		versionNode,
	};
	return { reference, problems: source.problems };
}

function isText(node: Node): node is ScalarNode {
	return node.kind === 'scalar' && node.text !== '';
}

const TEMPLATE_KINDS = ['HelmRepository', 'GitRepository', 'Bucket'];
const REFERENCE_KINDS = ['OCIRepository', 'HelmChart', 'ExternalArtifact'];

function templateLocation(source: Resource, chart: string, version: string | undefined): ChartLocation {
	if (source.id.kind !== 'HelmRepository') return { kind: 'source-path', source, path: chart };
	const url = textAt(source.node, 'spec', 'url');
	if (url === undefined) return { kind: 'unknown' };
	return {
		kind: 'repository',
		url: url.replace(/\/+$/, ''),
		name: chart,
		version: version === '*' ? undefined : version,
	};
}

function followChartRef(chartRef: Node, namespace: string, index: ResourceIndex): Followed {
	const found = findSource(chartRef, namespace, index, REFERENCE_KINDS);
	const base = { ...NOWHERE, nameNode: found.nameNode };
	if (!found.resource) return { reference: base, problems: found.problems };
	const { node, id } = found.resource;
	if (id.kind === 'HelmChart') {
		const spec = child(node, 'spec');
		const inner = spec ? followTemplate(spec, id.namespace, index) : { reference: NOWHERE, problems: [] };
		const reference = {
			...inner.reference,
			objects: [found.resource, ...inner.reference.objects],
			nameNode: found.nameNode,
		};
		return { reference, problems: [...found.problems, ...inner.problems] };
	}
	const location = id.kind === 'OCIRepository' ? ociLocation(node) : ({ kind: 'unknown' } as const);
	return { reference: { ...base, objects: [found.resource], location }, problems: found.problems };
}

/** source-controller prefers the digest, then the range, then the tag. */
function ociLocation(node: Node): ChartLocation {
	const url = textAt(node, 'spec', 'url');
	if (url === undefined) return { kind: 'unknown' };
	for (const kind of ['digest', 'semver', 'tag'] as const) {
		const text = textAt(node, 'spec', 'ref', kind);
		if (text !== undefined && text !== '') return { kind: 'oci', url, reference: { kind, text } };
	}
	return { kind: 'oci', url, reference: { kind: 'latest' } };
}

interface FoundSource {
	readonly resource: Resource | undefined;
	readonly nameNode: Node | undefined;
	readonly problems: readonly Problem[];
}

function findSource(
	reference: Node | undefined,
	namespace: string,
	index: ResourceIndex,
	kinds: readonly string[],
): FoundSource {
	const nameNode = child(reference, 'name');
	const name = textAt(reference, 'name');
	const kind = textAt(reference, 'kind') ?? '';
	if (name === undefined || !nameNode) return { resource: undefined, nameNode, problems: [] };
	const place = textAt(reference, 'namespace') ?? namespace;
	const resource = findIn(index, kind, place, name);
	if (resource || !kinds.includes(kind)) return { resource, nameNode, problems: [] };
	const problem = sourceNotFound(kind, place, name, nameNode.origin, index);
	return { resource: undefined, nameNode, problems: problem ? [problem] : [] };
}

/** A namespace that the tree does not tell (Flux may set it from outside) matches every other. */
function findIn(index: ResourceIndex, kind: string, namespace: string, name: string): Resource | undefined {
	const exact = index.find(SOURCE_GROUP, kind, namespace, name);
	if (exact || (namespace !== '' && index.coverage === 'whole')) return exact;
	const named = index.all(SOURCE_GROUP, kind).filter(({ id }) => id.name === name);
	return named.find(({ id }) => namespace === '' || id.namespace === '');
}

/** In a tree that is only a part, only what is nearly right is worth a word. */
function sourceNotFound(
	kind: string,
	namespace: string,
	name: string,
	origin: Origin,
	index: ResourceIndex,
): Problem | undefined {
	const all = index.all(SOURCE_GROUP, kind);
	const elsewhere = all.find(({ id }) => id.name === name);
	const here = all.filter(({ id }) => id.namespace === namespace).map(({ id }) => id.name);
	const similar = nearest(name, here);
	const otherKind = TEMPLATE_KINDS.concat('OCIRepository').find(
		other => other !== kind && index.find(SOURCE_GROUP, other, namespace, name),
	);
	if (index.coverage === 'part' && !elsewhere && similar === undefined && otherKind === undefined) return undefined;
	const hint = elsewhere
		? `; there is one in namespace "${elsewhere.id.namespace}": add "namespace: ${elsewhere.id.namespace}" to the reference, or move it.`
		: otherKind !== undefined
			? `; there is a ${otherKind} of that name: change "kind".`
			: similar !== undefined
				? `; did you mean "${similar}"?`
				: all.length > 0
					? `; the tree has ${[...new Set(all.map(({ id }) => `"${id.namespace}/${id.name}"`))].slice(0, 5).join(', ')}.`
					: '; add one, or correct the name.';
	const place = namespace === '' ? '' : ` in namespace "${namespace}"`;
	return {
		code: 'helm/source-not-found',
		severity: index.coverage === 'whole' ? 'error' : 'warning',
		message: `there is no ${kind} "${name}"${place}, so the chart cannot be fetched${hint}`,
		at: addressOf(origin),
		...(elsewhere && {
			related: [{ message: `${kind} "${name}" in namespace "${elsewhere.id.namespace}"`, at: elsewhere.from }],
		}),
		details: `could not get Source object: ${PLURALS[kind] ?? kind.toLowerCase()}.${SOURCE_GROUP} "${name}" not found`,
		...(index.coverage === 'whole' && { fatal: true as const }),
	};
}

const PLURALS: Readonly<Record<string, string>> = {
	HelmRepository: 'helmrepositories',
	GitRepository: 'gitrepositories',
	OCIRepository: 'ocirepositories',
	HelmChart: 'helmcharts',
	Bucket: 'buckets',
	ExternalArtifact: 'externalartifacts',
};

function invalidReference(release: MapNode, chartRef: Node | undefined): Problem {
	const both = chartRef !== undefined;
	const at = chartRef ?? child(release, 'spec') ?? release;
	return {
		code: 'helm/chart-reference-invalid',
		severity: 'error',
		message: both
			? 'the HelmRelease has both "spec.chart" and "spec.chartRef", and the controller takes neither; remove one of them.'
			: 'the HelmRelease names no chart; give it "spec.chart.spec" with a sourceRef, or a "spec.chartRef".',
		at: addressOf(at.origin),
		anchor: 'key',
		details: 'invalid Chart reference',
		fatal: true,
	};
}

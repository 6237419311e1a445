/** Configurations of built-in plugins, and files of `configurations`, `crds` and `openapi`. */
import { stringify } from 'yaml';
import type { Random } from '../../scripts/bench/random.mjs';
import { LABELS, maybe, NAMES, NAMESPACES, type Yaml, type YamlMap } from './feature-parts';
import {
	fieldSpec,
	generator,
	image,
	mergePatch,
	operations,
	patchEntry,
	type Place,
	replacement,
	selector,
	several,
	someId,
} from './feature-values';

type Plugin = (place: Place) => YamlMap;

const specs = (random: Random, share: number): YamlMap =>
	maybe(random, share, () => ({ fieldSpecs: several(random, 2, () => fieldSpec(random)) }));

const TRANSFORMERS: Readonly<Record<string, Plugin>> = {
	AnnotationsTransformer: ({ random }) => ({ annotations: { note: 't', 'x/y': '2' }, ...specs(random, 0.9) }),
	HashTransformer: () => ({}),
	ImageTagTransformer: ({ random }) => ({ imageTag: image(random), ...specs(random, 0.4) }),
	LabelTransformer: ({ random }) => ({ labels: random.of(LABELS), ...specs(random, 0.9) }),
	NamespaceTransformer: ({ random }) => ({
		metadata: { name: 'n', namespace: random.of(NAMESPACES) },
		...maybe(random, 0.4, () => ({ unsetOnly: true })),
		...maybe(random, 0.5, () => ({
			setRoleBindingSubjects: random.of(['none', 'allServiceAccounts', 'defaultOnly', 'bad']),
		})),
		...specs(random, 0.3),
	}),
	PatchJson6902Transformer: place => ({
		target: { ...selector(place), name: someId(place).name },
		...(place.random.next() < 0.5
			? { jsonOp: JSON.stringify(operations(place)) }
			: { path: place.file('ops.yaml', stringify(operations(place))) }),
	}),
	PatchStrategicMergeTransformer: place =>
		place.random.next() < 0.5
			? { patches: stringify(mergePatch(place)) }
			: { paths: [place.file('merge.yaml', stringify(mergePatch(place)))] },
	PatchTransformer: patchEntry,
	PrefixTransformer: ({ random }) => ({ prefix: 't-', ...specs(random, 0.9) }),
	SuffixTransformer: ({ random }) => ({ suffix: '-t', ...specs(random, 0.9) }),
	PrefixSuffixTransformer: ({ random }) => ({ prefix: 'b-', suffix: '-b', ...specs(random, 0.9) }),
	ReplacementTransformer: place => ({
		replacements: several(place.random, 2, () =>
			place.random.next() < 0.3
				? { path: place.file('replacement.yaml', stringify(replacement(place))) }
				: replacement(place),
		),
	}),
	ReplicaCountTransformer: place => ({
		replica: { name: someId(place).name, count: place.random.below(9) },
		...specs(place.random, 0.8),
	}),
	ValueAddTransformer: place => ({
		value: place.random.of(['v', 'ns/x', '3']),
		targets: several(place.random, 2, () => ({
			selector: selector(place),
			fieldPath: place.random.of([
				'metadata/namespace',
				'spec/added',
				'data/k',
				'metadata/name',
				'spec/template/spec/x',
			]),
			...maybe(place.random, 0.4, () => ({ filePathPosition: place.random.below(4) })),
		})),
	}),
};

const GENERATORS: Readonly<Record<string, Plugin>> = {
	ConfigMapGenerator: place => generator(place, 'ConfigMap'),
	SecretGenerator: place => generator(place, 'Secret'),
	IAMPolicyGenerator: ({ random }) => ({
		cloud: random.of(['gke', 'gke', 'aws']),
		kubernetesService: { namespace: random.of(NAMESPACES), name: random.of(NAMES) },
		serviceAccount: { name: 'sa', projectId: 'p' },
	}),
};

function plugin(place: Place, table: Readonly<Record<string, Plugin>>): string {
	const kind = place.random.of(Object.keys(table));
	const apiVersion = place.random.next() < 0.98 ? 'builtin' : 'v1';
	const body = table[kind]!(place);
	// The generators have their name in their metadata, or beside it.
	const { name, namespace, ...rest } = body;
	const own =
		'metadata' in body
			? {}
			: { metadata: { name: typeof name === 'string' ? name : 'plugin', ...(namespace ? { namespace } : {}) } };
	return stringify({ apiVersion, kind, ...own, ...rest });
}

function pluginList(place: Place, table: Readonly<Record<string, Plugin>>, fileName: string): Yaml[] {
	return several(place.random, 2, () => {
		const text = plugin(place, table);
		const style = place.random.next();
		if (style < 0.5) return text;
		if (style < 0.85) return place.file(fileName, text);
		return place.file(fileName, `${text}---\n${plugin(place, table)}`);
	});
}

export function transformers(place: Place): Yaml[] {
	return pluginList(place, TRANSFORMERS, 'transformer.yaml');
}

export function generators(place: Place): Yaml[] {
	return pluginList(place, GENERATORS, 'generator.yaml');
}

/** A file of `configurations`. */
export function configuration(place: Place): string {
	const { random } = place;
	const list = (share: number, key: string): YamlMap =>
		maybe(random, share, () => ({ [key]: several(random, 2, () => fieldSpec(random)) }));
	const referrer = (): YamlMap =>
		random.of<YamlMap>([
			{ path: 'spec/configRef', kind: 'Thing' },
			{ path: 'spec/secretRef/name', kind: 'Thing' },
			{ path: 'spec/items/name', kind: 'Thing' },
			{ path: 'spec/items', kind: 'Thing' },
			{ path: 'data/host', kind: 'ConfigMap' },
			{ path: 'metadata/annotations/note' },
		]);
	return stringify({
		...list(0.2, 'namePrefix'),
		...list(0.2, 'nameSuffix'),
		...maybe(random, 0.15, () => ({ namespace: several(random, 2, () => fieldSpec(random)).filter(isNoBook) })),
		...list(0.2, 'commonLabels'),
		...list(0.15, 'labels'),
		...list(0.15, 'templateLabels'),
		...list(0.2, 'commonAnnotations'),
		...list(0.2, 'replicas'),
		...list(0.2, 'images'),
		...maybe(random, 0.6, () => ({
			nameReference: several(random, 2, () => ({
				kind: random.of(['ConfigMap', 'Secret', 'Service', 'Thing', 'Deployment']),
				...maybe(random, 0.3, () => ({ version: 'v1' })),
				fieldSpecs: several(random, 2, referrer),
			})),
		})),
		...maybe(random, 0.4, () => ({
			varReference: [{ path: 'spec/items/value', kind: 'Thing' }, { path: 'data' }, { path: 'metadata/annotations' }],
		})),
	});
}

/** Kustomize keeps its books in annotations while it builds, and stumbles over them where they are to be one text. Strata has none there. */
function isNoBook({ path }: YamlMap): boolean {
	return path !== 'metadata/annotations';
}

/** A file of `crds`: OpenAPI with kustomize's extensions. */
export function crd(random: Random): string {
	const reference = {
		'x-kubernetes-object-ref-api-version': 'v1',
		'x-kubernetes-object-ref-kind': random.of(['Secret', 'ConfigMap']),
		...maybe(random, 0.5, () => ({ 'x-kubernetes-object-ref-name-key': 'name' })),
	};
	const properties = (names: YamlMap): YamlMap => ({ Schema: { description: 'x', properties: names } });
	return JSON.stringify({
		'github.com/example.Thing': properties({
			apiVersion: { type: 'string' },
			kind: { type: 'string' },
			metadata: { $ref: 'k8s.io/meta.ObjectMeta' },
			spec: { $ref: 'github.com/example.ThingSpec' },
		}),
		'github.com/example.ThingSpec': properties({
			secretRef: { ...reference, $ref: 'github.com/example.Ref' },
			configRef:
				random.next() < 0.5 ? { type: 'string', 'x-kubernetes-identity': '' } : { type: 'string', ...reference },
			selector: random.of<YamlMap>([{ 'x-kubernetes-label-selector': '' }, {}]),
			notes: { 'x-kubernetes-annotation': '' },
		}),
		'github.com/example.Ref': properties({ name: { type: 'string' } }),
	});
}

/** A file of `openapi`: merge keys for a kind of one's own. */
export function openApi(random: Random): string {
	const strategy = random.of(['merge', 'replace', 'merge,retainKeys']);
	const items = {
		type: 'array',
		items: { type: 'object', properties: { name: { type: 'string' } } },
		'x-kubernetes-patch-merge-key': 'name',
		'x-kubernetes-patch-strategy': strategy,
	};
	return JSON.stringify({
		definitions: {
			'com.example.v1.Thing': {
				type: 'object',
				properties: { spec: { type: 'object', properties: { items, template: { $ref: '#/definitions/pod' } } } },
				'x-kubernetes-group-version-kind': [{ group: 'example.com', kind: 'Thing', version: 'v1' }],
			},
			pod: { type: 'object', properties: { spec: { type: 'object', properties: { containers: items } } } },
		},
	});
}

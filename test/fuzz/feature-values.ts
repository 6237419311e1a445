/** Values of kustomization fields and of the plugins that do the same: selectors, patches, replacements, generators, field specs. */
import { stringify } from 'yaml';
import type { Random } from '../../scripts/bench/random.mjs';
import { LABELS, maybe, NAMES, NAMESPACES, type Yaml, type YamlMap } from './feature-parts';
import { styled } from './styled';

/** What is being made: the files beside the kustomization, and the objects that it will see. */
export interface Place {
	readonly random: Random;
	/** Adds a file of the directory; gives its name. */
	readonly file: (name: string, text: string) => string;
	readonly objects: readonly YamlMap[];
}

const KINDS = ['Deployment', 'Service', 'ConfigMap', 'Secret', 'StatefulSet', 'Thing', 'Role'] as const;
const VALUES = ['x', 'app', '3', 'true', '', 'a:b', 'long text of words', 'null', '1.5', '~'] as const;
const PATHS = [
	'metadata.name',
	'metadata.namespace',
	'metadata.labels.app',
	'metadata.annotations.note',
	'metadata.annotations[a.b/c]',
	'spec.replicas',
	'spec.template.spec.containers.[name=main].image',
	'spec.template.spec.containers.0.image',
	'spec.template.spec.containers.*.image',
	'spec.template.spec.containers.[name=main].env.[name=A].value',
	'spec.template.spec.containers.[name=new].image',
	'spec.template.spec.volumes.0.name',
	'spec.template.metadata.labels.app',
	'spec.selector.matchLabels.app',
	'spec.items.[name=one].value',
	'spec.items.*.value',
	'spec.items.1.list.0',
	'spec.items.-.name',
	'spec.text',
	'spec.text.a.b',
	'spec.yaml.a.b',
	'spec.yaml.l.0',
	'spec.dotted\\.key',
	'spec.[dotted.key]',
	'spec.configRef',
	'spec.new.field',
	'spec.new.[name=x].value',
	'data.k',
	'data.host',
	'data.file\\.yaml',
	'data.file\\.yaml.a.b',
	'subjects.[kind=ServiceAccount].namespace',
	'subjects.*.namespace',
	'rules.0.resourceNames.0',
	'webhooks.0.clientConfig.service.namespace',
	'spec',
	'kind',
] as const;

function idOf(object: YamlMap): {
	readonly kind: string;
	readonly apiVersion: string;
	readonly name: string;
	readonly namespace: string;
} {
	const metadata = (object['metadata'] ?? {}) as YamlMap;
	const text = (value: Yaml | undefined) => (typeof value === 'string' ? value : '');
	return {
		kind: text(object['kind']),
		apiVersion: text(object['apiVersion']),
		name: text(metadata['name']),
		namespace: text(metadata['namespace']),
	};
}

/** One of the objects that there are, mostly. */
export function someId({ random, objects }: Place) {
	if (objects.length > 0 && random.next() < 0.95) return idOf(random.of(objects));
	return { kind: random.of(KINDS), apiVersion: 'apps/v1', name: random.of(NAMES), namespace: '' };
}

function groupVersion(apiVersion: string): { readonly group: string; readonly version: string } {
	const [first = '', second] = apiVersion.split('/');
	return second === undefined ? { group: '', version: first } : { group: first, version: second };
}

export function selector(place: Place): YamlMap {
	const { random } = place;
	const id = someId(place);
	const { group, version } = groupVersion(id.apiVersion);
	return {
		...maybe(random, 0.7, () => ({
			kind: random.of([id.kind, id.kind, '.*Set', 'Deployment|Service', `^${id.kind}$`, id.kind.slice(0, 4)]),
		})),
		...maybe(random, 0.6, () => ({
			name: random.of([id.name, id.name, '.*', 'a.*|w.*', '^app$', id.name.slice(0, 2)]),
		})),
		...maybe(random, 0.15, () => ({ namespace: random.of([...NAMESPACES, id.namespace || 'default', 'ns.*']) })),
		...maybe(random, 0.15, () => ({ group: random.of([group, group, 'apps']) })),
		...maybe(random, 0.15, () => ({ version: random.of([version, version, 'v1']) })),
		...maybe(random, 0.12, () => ({
			labelSelector: random.of(['app=a', 'app in (a, b)', '!tier', 'app!=a', 'app', 'tier notin (b),app']),
		})),
		...maybe(random, 0.08, () => ({ annotationSelector: random.of(['note=x', 'note', '!note']) })),
	};
}

/** One of the paths that kustomize's own transformers know, or another. */
export function fieldSpec(random: Random): YamlMap {
	return {
		path: random.of([
			'metadata/labels',
			'metadata/name',
			'metadata/annotations',
			'spec/selector/matchLabels',
			'spec/template/metadata/labels',
			'spec/configRef',
			'spec/replicas',
			'spec/items[]/image',
			'spec/items/value',
			'spec/new/field',
			'spec/image',
			'spec/secretRef/name',
			'metadata/annotations/a.b\\/c',
			'metadata/namespace',
			'subjects[]/namespace',
		]),
		...maybe(random, 0.5, () => ({ create: random.next() < 0.7 })),
		...maybe(random, 0.5, () => ({ kind: random.of(KINDS) })),
		...maybe(random, 0.15, () => ({ group: random.of(['apps', 'example.com']) })),
		...maybe(random, 0.1, () => ({ version: 'v1' })),
	};
}

export function several<T>(random: Random, most: number, make: () => T): T[] {
	return Array.from({ length: 1 + random.below(most) }, make);
}

/** A strategic merge patch for one of the objects, sometimes for none. */
export function mergePatch(place: Place): YamlMap {
	const { random } = place;
	const id = someId(place);
	const containers = (): Yaml[] => [
		random.of<YamlMap>([
			{ name: 'main', image: 'patched:1' },
			{
				name: 'main',
				env: [
					{ name: 'A', value: 'patched' },
					{ name: 'N', value: 'new' },
				],
			},
			{ name: 'side', $patch: 'delete' },
			{ name: 'main', env: [{ name: 'A', $patch: 'delete' }] },
			{
				name: 'main',
				ports: [
					{ containerPort: 80, name: 'renamed' },
					{ containerPort: 53, protocol: 'TCP' },
				],
			},
			{ name: 'main', args: ['only'], resources: null },
			{ name: 'main', $patch: 'replace', image: 'r' },
			{ name: 'extra', image: 'e' },
			{ $patch: 'replace' },
			{ name: 'main', volumeMounts: [{ mountPath: '/v', name: 'changed' }] },
		]),
		...(random.next() < 0.3 ? [{ name: 'more', image: 'm' }] : []),
	];
	const body = random.of<() => YamlMap>([
		() => ({ spec: { template: { spec: { containers: containers() } } } }),
		() => ({
			spec: {
				template: {
					spec: {
						volumes: [
							{ name: 'v', $patch: random.of(['delete', 'replace', 'merge']) },
							{ name: 'z', emptyDir: {} },
						],
					},
				},
			},
		}),
		() => ({ spec: { replicas: random.of<Yaml>([5, null, '7']), $patch: random.of(['merge', 'replace', 'delete']) } }),
		() => ({ $patch: random.of(['delete', 'delete', 'replace', 'merge']) }),
		() => ({ spec: { replicas: 9, selector: null } }),
		() => ({ spec: { items: [{ name: 'one', value: 'p' }], text: null, added: { a: [1, '2'] } } }),
		() => ({ data: { k: 'patched', n: null, new: 'line\nline\n' } }),
		() => ({ spec: null }),
		() => ({
			spec: {
				ports: [
					{ port: 80, name: 'p' },
					{ port: 99, protocol: 'TCP' },
					{ port: 53, $patch: 'delete' },
				],
			},
		}),
		() => ({ subjects: [{ kind: 'User', name: 'u' }], rules: [{ verbs: ['list'] }] }),
		() => ({
			webhooks: [
				{ name: 'a.b.c', failurePolicy: 'Ignore' },
				{ name: 'd.e.f', $patch: 'delete' },
			],
		}),
		() => ({ secrets: [{ name: 'added' }], imagePullSecrets: [{ name: 'added' }] }),
		() => ({ metadata: { labels: { app: null, x: 'y' }, annotations: { note: 'p', n: null } } }),
		() => ({ metadata: { finalizers: ['a'], ownerReferences: [{ uid: '1', name: 'o' }] } }),
		() => ({ spec: { rules: [{ host: 'a.example', http: null }], tls: [] } }),
		() => ({ spec: { jobTemplate: { spec: { template: { spec: { containers: containers() } } } } } }),
		() => ({ spec: { volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: { a: 'b' } }] } }),
	])();
	const more = (body['metadata'] ?? {}) as YamlMap;
	return {
		apiVersion: random.next() < 0.95 ? id.apiVersion : 'v9',
		kind: id.kind,
		...body,
		metadata: {
			name: id.name,
			...(id.namespace && random.next() < 0.9 ? { namespace: id.namespace } : {}),
			...more,
		},
	};
}

export function operations(place: Place): YamlMap[] {
	const { random } = place;
	return several(random, 3, () =>
		random.of<YamlMap>([
			{ op: 'replace', path: '/spec/replicas', value: 4 },
			{ op: 'add', path: '/metadata/labels', value: { app: 'j' } },
			{ op: 'add', path: '/metadata/annotations/a.b~1c', value: random.of(VALUES) },
			{ op: 'add', path: '/spec/new', value: { a: [1, null, { b: 'c' }] } },
			{ op: 'add', path: '/spec/template/spec/containers/-', value: { name: 'j', image: 'j:1' } },
			{ op: 'add', path: '/spec/template/spec/containers/0', value: { name: 'first', image: 'f' } },
			{ op: 'replace', path: '/spec/template/spec/containers/0/image', value: 'replaced:9' },
			{ op: 'remove', path: '/spec/replicas' },
			{ op: 'remove', path: '/metadata/annotations' },
			{ op: 'test', path: '/kind', value: random.of(['Deployment', 'Service']) },
			{ op: 'copy', from: '/metadata/name', path: '/metadata/annotations' },
			{ op: 'copy', from: '/spec', path: '/copied' },
			{ op: 'move', from: '/spec/replicas', path: '/spec/moved' },
			{ op: 'replace', path: '/metadata/name', value: 'renamed' },
			{ op: 'add', path: '/metadata/namespace', value: 'moved' },
			{ op: 'replace', path: '/kind', value: 'Other' },
			{ op: 'add', path: '/data', value: { number: '1', b: 'true' } },
		]),
	);
}

/** Text of a patch: one object, several, or operations. */
export function patchText(place: Place): string {
	const { random } = place;
	const kind = random.next();
	if (kind < 0.55) return styled(random, mergePatch(place));
	if (kind < 0.65) return several(random, 3, () => stringify(mergePatch(place))).join('---\n');
	return random.next() < 0.5 ? stringify(operations(place)) : JSON.stringify(operations(place));
}

export function patchEntry(place: Place): YamlMap {
	const { random } = place;
	const text = patchText(place);
	const isOperations = /^(- |\[)/.test(text);
	const body: YamlMap = random.next() < 0.5 ? { patch: text } : { path: place.file('patch.yaml', text) };
	return {
		...body,
		...maybe(random, isOperations ? 0.97 : 0.35, () => ({ target: selector(place) })),
		...maybe(random, 0.15, () => ({
			options: random.of<YamlMap>([
				{ allowNameChange: true },
				{ allowKindChange: true },
				{ allowNameChange: true, allowKindChange: true },
				{ allowNameChange: false },
			]),
		})),
	};
}

export function image(random: Random): YamlMap {
	return {
		name: random.of(['nginx', 'nginx', 'reg.io:5000/team/nginx', 'alpine', 'busybox', 'ngin.', '.*', 'patched']),
		...maybe(random, 0.4, () => ({ newName: random.of(['reg.io/new', 'nginx', 'other']) })),
		...maybe(random, 0.5, () => ({ newTag: random.of<Yaml>(['v9', '1.10', 'latest', '']) })),
		...maybe(random, 0.2, () => ({ digest: 'sha256:ffff' })),
		...maybe(random, 0.15, () => ({ tagSuffix: '-sfx' })),
	};
}

export function replacement(place: Place): YamlMap {
	const { random } = place;
	const id = someId(place);
	const { group, version } = groupVersion(id.apiVersion);
	const options = (share: number): YamlMap =>
		maybe(random, share, () => ({
			options: {
				...maybe(random, 0.6, () => ({
					delimiter: random.of([':', '/', '.', '-']),
					index: random.of([0, 1, 2, -1, 9]),
				})),
				...maybe(random, 0.6, () => ({ create: true })),
			},
		}));
	const source: YamlMap =
		random.next() < 0.15
			? { sourceValue: random.of(VALUES) }
			: {
					source: {
						kind: id.kind,
						...maybe(random, 0.9, () => ({ name: id.name })),
						...maybe(random, 0.2, () => ({ namespace: id.namespace || 'default' })),
						...maybe(random, 0.2, () => ({ group, version })),
						...maybe(random, 0.6, () => ({ fieldPath: random.of(random.next() < 0.5 ? PATHS.slice(0, 4) : PATHS) })),
						...options(0.25),
					},
				};
	return {
		...source,
		targets: several(random, 2, () => ({
			select: selector(place),
			...maybe(random, 0.2, () => ({ reject: [selector(place)] })),
			...maybe(random, 0.9, () => ({ fieldPaths: several(random, 2, () => random.of(PATHS)) })),
			...options(0.65),
		})),
	};
}

export function generator(place: Place, kind: 'ConfigMap' | 'Secret'): YamlMap {
	const { random } = place;
	return {
		name: random.of(NAMES),
		...maybe(random, 0.2, () => ({ namespace: random.of(NAMESPACES) })),
		...maybe(random, 0.35, () => ({ behavior: random.of(['create', 'merge', 'merge', 'replace', 'unspecified']) })),
		...maybe(random, 0.7, () => ({
			literals: random.of<Yaml[]>([
				['k=v'],
				['k=w', 'n=2'],
				['q="quoted"', "s='single'"],
				['e=', 'x=a=b'],
				['host=new.example', 'multi=a\nb'],
			]),
		})),
		...maybe(random, 0.4, () => ({
			files: random.of<() => Yaml[]>([
				() => [place.file('data.txt', 'text of a file\nsecond\n')],
				() => [`key=${place.file('data.json', '{"a": 1}')}`],
				() => [place.file('crlf.txt', 'a\r\nb\r\n')],
				() => [place.file('blank.txt', random.of(['', '\n', ' \n', 'trail \n', '\tx']))],
			])(),
		})),
		...maybe(random, 0.3, () => ({
			[random.of(['envs', 'env'])]: envFile(place),
		})),
		...maybe(random, 0.25, () => ({ options: generatorOptions(random) })),
		...(kind === 'Secret'
			? maybe(random, 0.3, () => ({ type: random.of(['Opaque', 'kubernetes.io/tls', 'x/y']) }))
			: {}),
	};
}

function envFile(place: Place): string {
	const { random } = place;
	return place.file(
		'settings.env',
		random.of([
			'A=1\nB=two words\n',
			'# comment\n\n  C = spaced \nD="q"\n',
			'\ufeffE=bom\r\nF=crlf\r\n',
			'G=a=b\nH\n',
			'k=from-env\n',
			'A=1\nA=2\n',
			'1x=bad\n',
			'a.b-c=ok\n',
		]),
	);
}

export function generatorOptions(random: Random): YamlMap {
	return {
		...maybe(random, 0.5, () => ({ disableNameSuffixHash: random.next() < 0.7 })),
		...maybe(random, 0.4, () => ({ labels: random.of(LABELS) })),
		...maybe(random, 0.4, () => ({ annotations: { note: 'g' } })),
		...maybe(random, 0.3, () => ({ immutable: random.next() < 0.7 })),
	};
}

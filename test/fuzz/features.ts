/**
 * Made-up kustomizations that mean something: a few objects, and on top of them directories that use the fields and the built-in
 * plugins in every spelling, stacked as overlays, side by side and with components.
 */
import { stringify } from 'yaml';
import type { Random } from '../../scripts/bench/random.mjs';
import type { Tree } from './corpus';
import { anyObject } from './feature-objects';
import { styled } from './styled';
import { LABELS, maybe, NAMESPACES, type Yaml, type YamlMap } from './feature-parts';
import { configuration, crd, generators, openApi, transformers } from './feature-plugins';
import {
	fieldSpec,
	generator,
	generatorOptions,
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

type Make = (place: Place) => Yaml;

const FIELDS: Readonly<Record<string, Make>> = {
	namespace: ({ random }) => random.of(NAMESPACES),
	namePrefix: ({ random }) => random.of(['p-', 'q-']),
	nameSuffix: ({ random }) => random.of(['-s', '-r']),
	commonLabels: ({ random }) => random.of<YamlMap>([...LABELS, { team: 't' }, { 'a.b/c': 'd' }]),
	labels: ({ random }) =>
		several(random, 2, () => ({
			pairs: random.of<YamlMap>([...LABELS, { team: 't' }, { n: '1' }]),
			...maybe(random, 0.4, () => ({ includeSelectors: random.next() < 0.8 })),
			...maybe(random, 0.4, () => ({ includeTemplates: random.next() < 0.8 })),
			...maybe(random, 0.25, () => ({ fields: several(random, 2, () => fieldSpec(random)) })),
		})),
	commonAnnotations: ({ random }) => random.of<YamlMap>([{ note: 'c' }, { 'x/y': '1', note: 'z' }]),
	images: ({ random }) => several(random, 2, () => image(random)),
	replicas: place => several(place.random, 2, () => ({ name: someId(place).name, count: place.random.below(9) })),
	patches: place => several(place.random, 3, () => patchEntry(place)),
	patchesStrategicMerge: place =>
		several(place.random, 2, () => {
			const text = stringify(mergePatch(place));
			return place.random.next() < 0.5 ? text : place.file('strategic.yaml', text);
		}),
	patchesJson6902: place => {
		const target = { ...selector(place), version: 'v1', kind: someId(place).kind, name: someId(place).name };
		const text = stringify(operations(place));
		return [place.random.next() < 0.5 ? { target, patch: text } : { target, path: place.file('json.yaml', text) }];
	},
	configMapGenerator: place => several(place.random, 2, () => generator(place, 'ConfigMap')),
	secretGenerator: place => several(place.random, 2, () => generator(place, 'Secret')),
	generatorOptions: ({ random }) => generatorOptions(random),
	vars: place => {
		const { random } = place;
		return several(random, 2, () => {
			const { name, kind, apiVersion, namespace } = someId(place);
			return {
				name: random.of(['HOST', 'NAME']),
				objref: { name, kind, apiVersion, ...maybe(random, 0.3, () => ({ namespace: namespace || 'default' })) },
				...maybe(random, 0.5, () => ({
					fieldref: {
						fieldpath: random.of([
							'metadata.name',
							'metadata.namespace',
							'data.k',
							'spec.replicas',
							'spec.ports[0].port',
							'spec',
							'metadata.labels.app',
						]),
					},
				})),
			};
		});
	},
	replacements: place =>
		several(place.random, 2, () =>
			place.random.next() < 0.2
				? {
						path: place.file(
							'replacement.yaml',
							stringify(place.random.next() < 0.5 ? [replacement(place)] : replacement(place)),
						),
					}
				: replacement(place),
		),
	configurations: place => [place.file('configuration.yaml', configuration(place))],
	crds: place => [place.file('crd.json', crd(place.random))],
	openapi: place => ({ path: place.file('openapi.json', openApi(place.random)) }),
	transformers,
	generators,
	validators: transformers,
};

/** Of the directory that is built alone. */
const ROOT_FIELDS: Readonly<Record<string, Make>> = {
	sortOptions: ({ random }) =>
		random.of<YamlMap>([
			{ order: 'fifo' },
			{ order: 'fifo' },
			{ order: 'legacy' },
			{ order: 'legacy', legacySortOptions: { orderFirst: ['Service', 'Deployment'], orderLast: ['Secret'] } },
			{ order: 'legacy', legacySortOptions: { orderFirst: ['ConfigMap'] } },
		]),
	buildMetadata: ({ random }) =>
		random.of<Yaml[]>([
			['originAnnotations'],
			['transformerAnnotations'],
			['managedByLabel'],
			['originAnnotations', 'transformerAnnotations', 'managedByLabel'],
		]),
};

/** Validators and vars fail most builds if they are as frequent as the rest. */
const RARE: ReadonlySet<string> = new Set(['validators', 'openapi', 'crds', 'vars', 'generators']);

/** Builds up a tree; lives as long as that takes. */
class Builder {
	readonly files = new Map<string, string>();
	readonly features: string[] = [];
	readonly #random: Random;
	#components = 0;

	constructor(random: Random) {
		this.#random = random;
	}

	/** A directory with objects of its own, on top of others; gives the objects that it sees. */
	directory(
		path: string,
		bases: readonly string[],
		seen: readonly YamlMap[],
		role: 'base' | 'overlay' | 'component' | 'root',
	): YamlMap[] {
		const random = this.#random;
		const count = role === 'base' ? 2 + random.below(4) : random.next() < 0.3 ? 1 : 0;
		const own = uniqueObjects(
			Array.from({ length: count }, () => anyObject(random)),
			seen,
		);
		const objects = [
			...seen,
			...own.flatMap(object => (Array.isArray(object['items']) ? (object['items'] as YamlMap[]) : [object])),
		];
		const resources: Yaml[] = [...bases];
		if (own.length > 0)
			resources.push(this.#file(path, 'objects.yaml', own.map(object => styled(random, object)).join('---\n')));
		const place: Place = { random, objects, file: (name, text) => this.#file(path, name, text) };
		const fields = this.#fields(place, role === 'base' ? 2 : 4);
		const share = role === 'component' ? 0.25 : 0.2;
		const components = random.next() < share ? [this.#component(path, objects)] : [];
		this.files.set(
			`${path}/kustomization.yaml`,
			stringify({
				...(role === 'component' ? { apiVersion: 'kustomize.config.k8s.io/v1alpha1', kind: 'Component' } : {}),
				resources,
				...fields,
				...(components.length > 0 ? { components } : {}),
				...(role === 'root' ? this.#rootFields(place) : {}),
			}),
		);
		return objects;
	}

	#component(path: string, seen: readonly YamlMap[]): string {
		const name = `component-${this.#components++}`;
		this.directory(`${path}/../${name}`.replace(/[^/]+\/\.\.\//, ''), [], seen, 'component');
		return `../${name}`;
	}

	#fields(place: Place, most: number): YamlMap {
		const { random } = place;
		const names = Object.keys(FIELDS);
		const fields: Record<string, Yaml> = {};
		for (let i = random.below(most + 1); i > 0; i--) {
			const name = random.of(names);
			if (RARE.has(name) && random.next() < (name === 'validators' ? 0.9 : 0.5)) continue;
			fields[name] = FIELDS[name]!(place);
			this.features.push(name);
		}
		return fields;
	}

	#rootFields(place: Place): YamlMap {
		const fields: Record<string, Yaml> = {};
		for (const [name, make] of Object.entries(ROOT_FIELDS)) {
			if (place.random.next() > 0.25) continue;
			fields[name] = make(place);
			this.features.push(name);
		}
		return fields;
	}

	#file(path: string, name: string, text: string): string {
		for (let i = 0; ; i++) {
			const candidate = i === 0 ? name : name.replace('.', `-${i}.`);
			if (this.files.has(`${path}/${candidate}`)) continue;
			this.files.set(`${path}/${candidate}`, text);
			return candidate;
		}
	}
}

/** Two objects of one id fail every build; once in a while that is what is to be tried. */
function uniqueObjects(objects: readonly YamlMap[], seen: readonly YamlMap[]): YamlMap[] {
	const idOf = (object: YamlMap) => {
		const metadata = (object['metadata'] ?? {}) as YamlMap;
		return JSON.stringify([object['kind'], object['apiVersion'], metadata['name'], metadata['namespace'] ?? 'default']);
	};
	const itemsOf = (object: YamlMap) => (Array.isArray(object['items']) ? (object['items'] as YamlMap[]) : [object]);
	const ids = new Set(seen.map(idOf));
	return objects.filter(object => {
		const own = itemsOf(object).map(idOf);
		if (own.some((id, i) => ids.has(id) || own.indexOf(id) !== i)) return false;
		for (const id of own) ids.add(id);
		return true;
	});
}

/** One tree, with the names of the fields that it uses. */
export function featureTree(random: Random): { readonly tree: Tree; readonly faults: readonly string[] } {
	const builder = new Builder(random);
	const shape = random.below(6);
	if (shape === 0) builder.directory('root', [], [], 'root');
	let seen = builder.files.size > 0 ? [] : builder.directory('base', [], [], 'base');
	if (shape === 1) builder.directory('root', ['../base'], seen, 'root');
	if (shape === 2) {
		seen = builder.directory('middle', ['../base'], seen, 'overlay');
		builder.directory('root', ['../middle'], seen, 'root');
	}
	if (shape === 3) {
		const left = builder.directory('left', ['../base'], seen, 'overlay');
		const right = builder.directory('right', ['../base'], seen, 'overlay');
		for (const side of ['left', 'right']) {
			const file = `${side}/kustomization.yaml`;
			const text = builder.files.get(file)!;
			if (!/^(namePrefix|nameSuffix|namespace):/m.test(text)) builder.files.set(file, `namePrefix: ${side}-\n${text}`);
		}
		builder.directory('root', ['../left', '../right'], [...left, ...right], 'root');
	}
	if (shape === 4) {
		seen = builder.directory('other', [], seen, 'base');
		builder.directory('root', ['../base', '../other'], seen, 'root');
	}
	if (shape === 5) {
		seen = builder.directory('middle', ['../base'], seen, 'overlay');
		seen = builder.directory('upper', ['../middle'], seen, 'overlay');
		builder.directory('root', ['../upper'], seen, 'root');
	}
	if (shape === 0 && builder.files.size < 2) builder.files.set('root/extra.yaml', '');
	return { tree: { id: 'features', files: builder.files, run: 'root' }, faults: [...new Set(builder.features)] };
}

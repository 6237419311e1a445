/** Replacements, images and label fields whose paths come out of the objects themselves, so that most of them lead somewhere. */
import type { Random } from '../../scripts/bench/random.mjs';
import type { Tree } from './corpus';
import { maybe, type Yaml, type YamlMap } from './feature-parts';
import { several } from './feature-values';
import { styled } from './styled';

export function replacingTree(random: Random): { readonly tree: Tree; readonly faults: readonly string[] } {
	const objects = ['one', 'two', 'three'].slice(0, 2 + random.below(2)).map(name => anything(random, name));
	const level = (resources: string[]): string =>
		styled(random, {
			resources,
			...maybe(random, 0.85, () => ({ replacements: several(random, 3, () => replacement(random, objects)) })),
			...maybe(random, 0.25, () => ({ images: several(random, 2, () => image(random)) })),
			...maybe(random, 0.25, () => ({ namePrefix: 'p-' })),
			...maybe(random, 0.2, () => ({ namespace: random.of(['ns1', 'other']) })),
			...maybe(random, 0.25, () => ({ labels: [labels(random, objects)] })),
			...maybe(random, 0.15, () => ({ replicas: [{ name: random.of(['one', 'two']), count: random.below(4) }] })),
		});
	const files = new Map([
		[
			'base/objects.yaml',
			objects
				.map(object => styled(random, object))
				.join(random.of(['---\n', '---\n', '--- # more\n', '---\n# nothing\n---\n'])),
		],
		['base/kustomization.yaml', level(['objects.yaml'])],
		['root/kustomization.yaml', level(['../base'])],
	]);
	return { tree: { id: 'replacing', files, run: random.next() < 0.4 ? 'base' : 'root' }, faults: [] };
}

function anything(random: Random, name: string): YamlMap {
	const [apiVersion, kind] = random.of([
		['example.com/v1', 'Thing'],
		['apps/v1', 'Deployment'],
		['v1', 'ConfigMap'],
		['v1', 'Service'],
		['v1', 'Secret'],
	] as const);
	const body: Record<string, Yaml> = {};
	for (const key of ['spec', 'data', 'status', 'odd.key', 'other'])
		if (random.next() < 0.5) body[key] = value(random, 0);
	return {
		apiVersion,
		kind,
		metadata: {
			name,
			...maybe(random, 0.3, () => ({ namespace: random.of(['ns1', 'default']) })),
			...maybe(random, 0.5, () => ({ labels: { app: name, 'a.b/c': random.of(['x', '1']) } })),
			...maybe(random, 0.5, () => ({ annotations: { note: random.of(['a:b:c', 'x', 'true']), 'k.io/n': '5' } })),
		},
		...body,
		spec: {
			...(typeof body['spec'] === 'object' && !Array.isArray(body['spec']) ? (body['spec'] as YamlMap) : {}),
			containers: [
				{ name: 'a', image: random.of(IMAGES), args: ['a-b', 'c'] },
				{ name: 'b', image: random.of(IMAGES), ports: [{ port: 80 }] },
			],
		},
	};
}

function value(random: Random, depth: number): Yaml {
	const shape = depth > 3 ? random.below(4) : random.below(10);
	if (shape < 3)
		return random.of<Yaml>([
			'a',
			'a:b:c',
			'x/y',
			'one',
			'',
			'5',
			'true',
			'text of words',
			'l1\nl2\n',
			'http://one.ns1:80/path',
			'{"j": {"k": [1, "two"]}}',
			'y:\n  k: v\n  l: [1, 2]\n',
		]);
	if (shape === 3) return random.of<Yaml>([0, 7, 1.5, true, false, null]);
	if (shape < 6)
		return Array.from({ length: random.below(4) }, (_, i) => ({
			name: random.of(['a', 'b', `n${i}`]),
			...maybe(random, 0.8, () => ({ value: value(random, depth + 1) })),
			...maybe(random, 0.3, () => ({ 'x.y': 'z' })),
		}));
	if (shape === 6) return Array.from({ length: random.below(4) }, () => value(random, depth + 2));
	return Object.fromEntries(
		Array.from({ length: 1 + random.below(3) }, () => [
			random.of(['k', 'l', 'image', 'dotted.key', 'a/b', '0', 'replicas']),
			value(random, depth + 1),
		]),
	);
}

/** A path to a place of the object, or to one beside it. */
function path(random: Random, root: YamlMap): string {
	const parts: string[] = [];
	let at: Yaml | undefined = root;
	while (at !== null && typeof at === 'object' && (parts.length === 0 || random.next() < 0.85)) {
		if (Array.isArray(at)) {
			const items = at as readonly Yaml[];
			if (items.length === 0) break;
			const index = random.below(items.length);
			const item: Yaml = items[index]!;
			const named: Yaml | undefined =
				item !== null && typeof item === 'object' && !Array.isArray(item) ? (item as YamlMap)['name'] : item;
			const style = random.next();
			if (style < 0.5 && typeof named === 'string') parts.push(item === named ? `[=${named}]` : `[name=${named}]`);
			else if (style < 0.65) parts.push('*');
			else parts.push(String(style < 0.95 ? index : index + random.of([1, 5, -1])));
			at = item;
			continue;
		}
		const map: YamlMap = at as YamlMap;
		const keys = Object.keys(map);
		if (keys.length === 0) break;
		const key: string = random.of(keys);
		parts.push(key.includes('.') ? random.of([key.replaceAll('.', '\\.'), `[${key}]`, key]) : key);
		at = map[key];
	}
	if (typeof at === 'string' && /^[{y]/.test(at) && random.next() < 0.6)
		parts.push(random.of(['j', 'y', 'j.k', 'y.k', 'j.k.1', 'y.l.0', 'new']));
	if (random.next() < 0.15)
		parts.push(random.of(['new', '[name=new]', '[name=new].value', '-', '0', '*', 'new.deep.er', '[name=a]', '']));
	return parts.join('.');
}

function replacement(random: Random, objects: readonly YamlMap[]): YamlMap {
	const from = random.of(objects);
	const source: YamlMap =
		random.next() < 0.12
			? { sourceValue: random.of<Yaml>(['x', 'a:b', '5', 'true', '']) }
			: {
					source: {
						...maybe(random, 0.8, () => ({ kind: from['kind'] as string })),
						...maybe(random, 0.95, () => ({ name: nameOf(from) })),
						...maybe(random, 0.9, () => ({ fieldPath: path(random, from) })),
						...maybe(random, 0.2, () => ({ options: options(random) })),
					},
				};
	return { ...source, targets: several(random, 3, () => target(random, random.of(objects))) };
}

function target(random: Random, object: YamlMap): YamlMap {
	const style = random.next();
	const select: YamlMap = {
		...maybe(random, 0.6, () => ({
			kind:
				random.next() < 0.85
					? (object['kind'] as string)
					: random.of(['Thing|Service', '.*', '^Deployment$', 'Config']),
		})),
		...maybe(random, 0.8, () => ({
			name: random.next() < 0.85 ? nameOf(object) : random.of(['p-one', 'o.*', '^two$', 'one|two', 't']),
		})),
		...(style < 0.1 ? { labelSelector: 'app in (one,two)' } : style < 0.15 ? { annotationSelector: 'note' } : {}),
	};
	return {
		select,
		...maybe(random, 0.2, () => ({
			reject: several(random, 2, () => ({
				name: random.of(['one', 'three', 'p-.*']),
				...maybe(random, 0.3, () => ({ kind: random.of(['Thing', 'Service']) })),
			})),
		})),
		...maybe(random, 0.95, () => ({ fieldPaths: several(random, 2, () => path(random, object)) })),
		...maybe(random, 0.6, () => ({ options: options(random) })),
	};
}

function options(random: Random): YamlMap {
	return {
		...maybe(random, 0.4, () => ({ delimiter: random.of([':', '/', '-', '.', ' ', 'b']) })),
		...maybe(random, 0.4, () => ({ index: random.of([0, 1, 2, -1, 7]) })),
		...maybe(random, 0.6, () => ({ create: random.next() < 0.8 })),
	};
}

function nameOf(object: YamlMap): string {
	return (object['metadata'] as YamlMap)['name'] as string;
}

const IMAGES = [
	'nginx',
	'nginx:1.0',
	'nginx@sha256:abcd',
	'nginx:1@sha256:abcd',
	'reg.io:5000/nginx',
	'reg.io:5000/team/nginx:v2@sha256:12',
	'reg.io/nginx:',
	'localhost:5000/x',
	'nginx:{{tag}}',
	'docker.io/library/nginx:1.25-alpine',
	'',
];

function image(random: Random): YamlMap {
	return {
		name: random.of([
			'nginx',
			'nginx',
			'reg.io:5000/nginx',
			'reg.io:5000/team/nginx',
			'reg.io/nginx',
			'nginx:1.0',
			'localhost:5000/x',
			'docker.io/library/nginx',
			'.*/nginx',
			'library/nginx',
			'',
		]),
		...maybe(random, 0.5, () => ({
			newName: random.of(['reg.io:6000/new', 'nginx', 'reg.io/new:tag', 'new@sha256:00', '']),
		})),
		...maybe(random, 0.5, () => ({ newTag: random.of<Yaml>(['v9', '1.10', '', 'latest', '0123', '1e3']) })),
		...maybe(random, 0.3, () => ({ digest: random.of(['sha256:ffff', 'ffff', '']) })),
		...maybe(random, 0.1, () => ({ tagSuffix: random.of(['-s', '']) })),
	};
}

function labels(random: Random, objects: readonly YamlMap[]): YamlMap {
	return {
		pairs: random.of<YamlMap>([{ app: 'l' }, { 'x/y': 'true', n: '1' }, {}]),
		...maybe(random, 0.4, () => ({ includeSelectors: random.next() < 0.7 })),
		...maybe(random, 0.4, () => ({ includeTemplates: random.next() < 0.7 })),
		...maybe(random, 0.7, () => ({
			fields: several(random, 2, () => ({
				path: path(random, random.of(objects))
					.replaceAll('.', '/')
					.replace(/\[name=\w*\]/, '0'),
				...maybe(random, 0.6, () => ({ create: random.next() < 0.8 })),
				...maybe(random, 0.5, () => ({ kind: random.of(objects)['kind'] as string })),
			})),
		})),
	};
}

/** Objects and strategic merge patches made of kustomize's own merge keys: every list that merges, with elements that lack, share or change keys. */
import { readFileSync } from 'node:fs';
import type { Random } from '../../scripts/bench/random.mjs';
import type { Tree } from './corpus';
import { maybe, type Yaml, type YamlMap } from './feature-parts';
import { styled } from './styled';

interface Shape {
	readonly merge?: readonly string[];
	readonly fields?: Readonly<Record<string, number>>;
	readonly items?: number;
}

interface MergeLists {
	readonly shapes: readonly Shape[];
	readonly kinds: Readonly<Record<string, number>>;
}

/** Those who have more to merge than their metadata, and one without a schema. */
const KINDS = [
	'apps/v1/Deployment',
	'apps/v1/Deployment',
	'apps/v1/StatefulSet',
	'batch/v1/CronJob',
	'batch/v1/Job',
	'v1/Pod',
	'v1/Service',
	'v1/Node',
	'v1/ServiceAccount',
	'v1/PodTemplate',
	'v1/ReplicationController',
	'admissionregistration.k8s.io/v1/MutatingWebhookConfiguration',
	'storage.k8s.io/v1/CSINode',
	'apiregistration.k8s.io/v1/APIService',
	'rbac.authorization.k8s.io/v1/ClusterRole',
	'autoscaling/v2/HorizontalPodAutoscaler',
	'example.com/v1/Thing',
] as const;

/** What stands in a patch only. */
type Role = 'target' | 'patch';

/** One object and a few patches, one after another or in several levels. */
export function mergeTree(random: Random): { readonly tree: Tree; readonly faults: readonly string[] } {
	const { shapes, kinds } = (
		JSON.parse(readFileSync('schemas/kustomize.json', 'utf8')) as { readonly mergeLists: MergeLists }
	).mergeLists;
	const kind = random.of(KINDS);
	const make = new Maker(random, shapes);
	const shape = kinds[kind];
	const at = kind.lastIndexOf('/');
	const head = { apiVersion: kind.slice(0, at), kind: kind.slice(at + 1) };
	const object = (role: Role): YamlMap => {
		const body = make.map(shape, role, 0);
		const metadata = (typeof body['metadata'] === 'object' ? body['metadata'] : null) as YamlMap | null;
		return { ...head, ...body, metadata: { ...metadata, name: 'o' } };
	};
	const files = new Map([['base/object.yaml', styled(random, object('target'))]]);
	const patches = (): Yaml =>
		Array.from({ length: 1 + random.below(2) }, () => {
			const text = styled(random, object('patch'));
			return random.next() < 0.3 ? { target: { kind: head.kind }, patch: text } : { patch: text };
		});
	const overlay = (): YamlMap => ({
		...maybe(random, 0.2, () => ({ namePrefix: 'p-' })),
		...maybe(random, 0.2, () => ({ commonLabels: { app: 'x' } })),
		...maybe(random, 0.2, () => ({ images: [{ name: 'a', newTag: '2' }] })),
	});
	files.set(
		'base/kustomization.yaml',
		styled(random, { resources: ['object.yaml'], ...maybe(random, 0.3, () => ({ patches: patches() })) }),
	);
	files.set('root/kustomization.yaml', styled(random, { resources: ['../base'], ...overlay(), patches: patches() }));
	return { tree: { id: 'merges', files, run: 'root' }, faults: [kind] };
}

const DEEPEST = 9;

/** Builds up values; lives as long as that takes. */
class Maker {
	readonly #random: Random;
	readonly #shapes: readonly Shape[];

	constructor(random: Random, shapes: readonly Shape[]) {
		this.#random = random;
		this.#shapes = shapes;
	}

	map(index: number | undefined, role: Role, depth: number): YamlMap {
		const random = this.#random;
		const shape = index === undefined ? {} : this.#shapes[index]!;
		const fields: Record<string, Yaml> = {};
		const known = Object.entries(shape.fields ?? {});
		for (const [name, field] of known) {
			// The way down to where lists are must not be a matter of luck alone.
			const isWay = this.#shapes[field]!.merge === undefined;
			if (random.next() > (isWay && name !== 'metadata' ? 0.9 : known.length > 4 ? 0.35 : 0.6)) continue;
			fields[name] = this.#value(field, role, depth + 1);
		}
		for (let i = random.below(3); i > 0 && depth < DEEPEST; i--) {
			const name = random.of(Object.keys(OTHERS) as (keyof typeof OTHERS)[]);
			fields[name] = this.#any(random.next() < 0.97 ? OTHERS[name] : random.of(Object.values(OTHERS)), role, depth);
		}
		return role === 'patch' ? this.#directed(fields) : fields;
	}

	#directed(fields: Record<string, Yaml>): YamlMap {
		const random = this.#random;
		const chance = random.next();
		if (chance < 0.04) return { ...fields, $patch: random.of(['delete', 'replace', 'merge', 'replace', 'what']) };
		const name = random.of([...Object.keys(fields), 'containers', 'x']);
		if (chance < 0.06) return { ...fields, [`$setElementOrder/${name}`]: [{ name: 'b' }, { name: 'a' }] };
		if (chance < 0.08) return { ...fields, [`$deleteFromPrimitiveList/${name}`]: ['a'] };
		if (chance < 0.1) return { ...fields, $retainKeys: Object.keys(fields) };
		return fields;
	}

	#value(index: number, role: Role, depth: number): Yaml {
		const random = this.#random;
		const shape = this.#shapes[index]!;
		const chance = random.next();
		if (chance < (role === 'patch' ? 0.05 : 0.02)) return null;
		if (chance > 0.99) return random.of<Yaml>(['text', {}, [], [null]]);
		if (shape.merge) return this.#list(shape.merge, shape.items, role, depth);
		if (shape.items !== undefined)
			return Array.from({ length: random.below(3) }, () => this.map(shape.items, role, depth));
		return this.map(index, role, depth);
	}

	/** A list that merges: of maps with keys, or of scalars. */
	#list(keys: readonly string[], items: number | undefined, role: Role, depth: number): Yaml {
		const random = this.#random;
		const count = random.below(4);
		if (keys.length === 0)
			return Array.from({ length: count }, () =>
				random.of<Yaml>(['a', 'b', 'c', 'd', 1, '1', role === 'patch' && random.next() < 0.1 ? null : 'e']),
			);
		const list = Array.from({ length: count }, (): YamlMap => {
			const element = this.map(items, role, depth + 1);
			const own: Record<string, Yaml> = {};
			for (const [i, key] of keys.entries()) {
				if (random.next() < (i === 0 ? 0.03 : 0.25)) continue;
				own[key] = KEY_VALUES[key] ? random.of(KEY_VALUES[key]) : random.of(['a', 'b', 'c', 'd']);
			}
			if (role === 'patch' && random.next() < 0.1)
				return { ...own, $patch: random.of(['delete', 'delete', 'replace', 'merge']) };
			return random.next() < 0.5 ? { ...own, ...element } : { ...element, ...own };
		});
		const distinct = random.next() < 0.95 ? distinctBy(list, keys) : list;
		if (role === 'patch' && random.next() < 0.06)
			return [{ $patch: random.of(['replace', 'delete', 'merge']) }, ...distinct];
		return distinct;
	}

	#any(type: (typeof OTHERS)[keyof typeof OTHERS], role: Role, depth: number): Yaml {
		const random = this.#random;
		if (role === 'patch' && random.next() < 0.08) return null;
		switch (type) {
			case 'scalar':
				return random.of<Yaml>([
					'a',
					'b',
					'a:1',
					'',
					'1',
					'true',
					'no',
					'0x1',
					'two words',
					'lines\nof text\n',
					0,
					1,
					1.5,
					true,
					80,
				]);
			case 'scalars':
				return random.of<Yaml>([[], ['a', 'b'], ['b', 'c'], [1, 'x'], ['1', 1]]);
			case 'maps':
				return Array.from({ length: random.below(3) }, () => this.map(undefined, role, depth + 2));
			case 'map':
				return this.map(undefined, role, depth + 2);
		}
	}
}

/** Fields without merge keys. A patch of another type than its target fails, so mostly a name has one type. */
const OTHERS = { x: 'scalar', image: 'scalar', y: 'maps', args: 'scalars', nodeSelector: 'map' } as const;

const KEY_VALUES: Readonly<Record<string, readonly Yaml[]>> = {
	containerPort: [80, 80, 443, 53, '80'],
	port: [80, 80, 443, 53],
	protocol: ['TCP', 'TCP', 'UDP'],
	ip: ['1.2.3.4', '5.6.7.8'],
	type: ['Ready', 'Other', 'InternalIP'],
	mountPath: ['/a', '/b', '/c'],
	devicePath: ['/dev/a', '/dev/b'],
	topologyKey: ['zone', 'host'],
	whenUnsatisfiable: ['DoNotSchedule', 'ScheduleAnyway'],
	uid: ['1', '2', 'u'],
};

function distinctBy(list: readonly YamlMap[], keys: readonly string[]): YamlMap[] {
	const idOf = (element: YamlMap) => JSON.stringify(keys.map(key => element[key]));
	return list.filter((element, i) => list.findIndex(other => idOf(other) === idOf(element)) === i);
}

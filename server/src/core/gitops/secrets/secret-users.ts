/** Where pods use Secrets and ConfigMaps: the fields of a pod's spec that name one, with the keys they need. */
import type { FieldPath } from '../../base/address';
import { itemsOf, type Node, nodeAt, type ScalarNode, scalarValue, textAt } from '../../yaml/node';

export interface Use {
	readonly kind: 'Secret' | 'ConfigMap';
	readonly name: string;
	/** The node that holds the name. */
	readonly at: ScalarNode;
	/** The keys that must be there, with the nodes that name them; none where any will do. */
	readonly keys: readonly { readonly key: string; readonly at: ScalarNode }[];
	readonly optional: boolean;
	/** What happens without it: the container does not start, the volume is not mounted, an image may not be pulled. */
	readonly effect: 'container' | 'volume' | 'pull';
}

const CONTAINERS = ['initContainers', 'containers', 'ephemeralContainers'] as const;

/** The uses of one pod's spec, in the order of its fields. */
export function usesOf(spec: Node | undefined): readonly Use[] {
	const containers = CONTAINERS.flatMap(field => itemsOf(nodeAt(spec, [field])));
	return [
		...containers.flatMap(container => [
			...itemsOf(nodeAt(container, ['env'])).flatMap(envUses),
			...itemsOf(nodeAt(container, ['envFrom'])).flatMap(envFromUses),
		]),
		...itemsOf(nodeAt(spec, ['volumes'])).flatMap(volumeUses),
		...pullUses(spec),
	];
}

/** The `imagePullSecrets` of a pod's spec or a ServiceAccount. */
export function pullUses(node: Node | undefined): readonly Use[] {
	return itemsOf(nodeAt(node, ['imagePullSecrets'])).flatMap(entry =>
		useAt(entry, ['name'], { kind: 'Secret', optional: false, effect: 'pull', keys: [] }),
	);
}

type Rest = Pick<Use, 'kind' | 'optional' | 'effect' | 'keys'>;

function envUses(entry: Node): readonly Use[] {
	return (['secretKeyRef', 'configMapKeyRef'] as const).flatMap(field => {
		const reference = nodeAt(entry, ['valueFrom', field]);
		const kind = field === 'secretKeyRef' ? 'Secret' : 'ConfigMap';
		return useAt(reference, ['name'], {
			kind,
			optional: isTrue(reference, 'optional'),
			effect: 'container',
			keys: keyAt(reference, 'key'),
		});
	});
}

function envFromUses(entry: Node): readonly Use[] {
	return (['secretRef', 'configMapRef'] as const).flatMap(field => {
		const reference = nodeAt(entry, [field]);
		const kind = field === 'secretRef' ? 'Secret' : 'ConfigMap';
		return useAt(reference, ['name'], { kind, optional: isTrue(reference, 'optional'), effect: 'container', keys: [] });
	});
}

/** The sources of a volume (or of one projection) and the field that names the object. */
const VOLUME_FIELDS = [
	{ field: 'secret', kind: 'Secret', name: 'secretName' },
	{ field: 'configMap', kind: 'ConfigMap', name: 'name' },
] as const;

/** Volumes of storage that is mounted with a Secret, which has to be there. */
const MOUNTED_WITH: readonly FieldPath[] = [
	['csi', 'nodePublishSecretRef', 'name'],
	['azureFile', 'secretName'],
	...['cephfs', 'rbd', 'iscsi', 'flexVolume', 'scaleIO', 'storageos', 'cinder'].map(field => [
		field,
		'secretRef',
		'name',
	]),
];

function volumeUses(volume: Node): readonly Use[] {
	return [
		...MOUNTED_WITH.flatMap(path =>
			useAt(volume, path, { kind: 'Secret', optional: false, effect: 'volume', keys: [] }),
		),
		...VOLUME_FIELDS.flatMap(({ field, kind, name }) => sourceUses(nodeAt(volume, [field]), kind, name)),
		...itemsOf(nodeAt(volume, ['projected', 'sources'])).flatMap(source =>
			VOLUME_FIELDS.flatMap(({ field, kind }) => sourceUses(nodeAt(source, [field]), kind, 'name')),
		),
	];
}

function sourceUses(source: Node | undefined, kind: Use['kind'], name: string): readonly Use[] {
	const keys = itemsOf(nodeAt(source, ['items'])).flatMap(item => keyAt(item, 'key'));
	return useAt(source, [name], { kind, optional: isTrue(source, 'optional'), effect: 'volume', keys });
}

function useAt(node: Node | undefined, path: FieldPath, rest: Rest): readonly Use[] {
	const at = nodeAt(node, path);
	const name = textAt(at);
	return at?.kind === 'scalar' && name ? [{ ...rest, name, at }] : [];
}

function keyAt(node: Node | undefined, field: string): Use['keys'] {
	const at = nodeAt(node, [field]);
	const key = textAt(at);
	return at?.kind === 'scalar' && key ? [{ key, at }] : [];
}

function isTrue(node: Node | undefined, field: string): boolean {
	const at = nodeAt(node, [field]);
	return at?.kind === 'scalar' && scalarValue(at) === true;
}

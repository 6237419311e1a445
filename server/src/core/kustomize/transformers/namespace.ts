/** `namespace` and the NamespaceTransformer (`api/filters/namespace`): metadata, subjects of role bindings, and what the specs name. */
import type { Problem } from '../../base/problem';
import type { FieldSpec } from '../../kube/kustomize-facts';
import { describeId } from '../../kube/resource-id';
import {
	addressOf,
	child,
	type MapNode,
	type Node,
	nodeAt,
	type Origin,
	textAt,
	withEntry,
	withItems,
} from '../../yaml/node';
import { appliesTo, editFields, type FieldTrouble, withText } from '../field-spec';
import { byIdentity, identityKey, isClusterScoped, rememberId } from '../identity';
import type { Field } from '../read/model';
import { type Tracked, type Transformed, type Transformer, withNode } from '../tracked';
import { transformEach } from './each';

/** Which subjects of a RoleBinding or ClusterRoleBinding get the namespace. */
export type RoleBindingSubjects = 'defaultOnly' | 'allServiceAccounts' | 'none';

export interface NamespaceOptions {
	readonly specs: readonly FieldSpec[];
	readonly subjects: RoleBindingSubjects;
	/** `unset`: only where there is none yet. */
	readonly fields: 'all' | 'unset';
}

const ROLE_BINDINGS: ReadonlySet<string> = new Set(['RoleBinding', 'ClusterRoleBinding']);

/** Puts every resource that is not known to be cluster-scoped into a namespace. */
export function setNamespace(namespace: Field<string>, options: NamespaceOptions): Transformer {
	const origin: Origin = { ...namespace.node.origin, step: 'namespace' };
	const specs = options.specs.filter(spec => spec.path !== 'metadata/namespace');
	return (_context, resources) => {
		const result = transformEach('namespace', namespace.at, resources, (resource, trouble) =>
			move(rememberId(resource), namespace.value, specs, options, origin, trouble),
		);
		return {
			...result,
			...sharedWhereSame(resources, result),
			problems: [...result.problems, ...conflicts(namespace, resources, result.resources)],
		};
	};
}

/** Every resource remembers its id, so every object is new; `changed` is to say whether any tree is. */
function sharedWhereSame(
	before: readonly Tracked[],
	{ resources, applications }: Transformed,
): Pick<Transformed, 'applications'> {
	const moved = resources.filter((resource, i) => resource.node !== before[i]!.node);
	return {
		applications: applications.map(application => ({
			...application,
			matched: before.filter((resource, i) => resource.node !== resources[i]!.node).map(resource => resource.id),
			changed: moved.length > 0,
		})),
	};
}

function move(
	resource: Tracked,
	namespace: string,
	specs: readonly FieldSpec[],
	options: NamespaceOptions,
	origin: Origin,
	trouble: (trouble: FieldTrouble) => void,
): Tracked {
	const set = (node: Node): Node => {
		if (node.kind !== 'scalar') {
			trouble({ at: addressOf(node.origin), details: 'wrong node kind: expected ScalarNode' });
			return node;
		}
		if (options.fields === 'unset' && node.text !== '' && node.tag !== '!!null') return node;
		return withText(node, namespace, '!!str', origin);
	};
	const edit = { set, create: 'scalar', origin, trouble } as const;
	let { node } = resource;
	if (!isClusterScoped(resource.id)) node = editFields(node, { path: 'metadata/namespace', create: true }, edit);
	const isBinding = ROLE_BINDINGS.has(resource.id.kind);
	if (isBinding) node = moveSubjects(node, options.subjects, set, origin);
	for (const spec of specs) {
		if (isBinding && spec.path === 'subjects/namespace') continue;
		// A Namespace of another group is no namespace (`removeUnneededMetaFieldSpecs`).
		if (spec.path === 'metadata/name' && (resource.id.group !== '' || resource.id.version !== 'v1')) continue;
		if (appliesTo(spec, resource.id)) node = editFields(node, spec, edit);
	}
	return withNode(resource, node);
}

function moveSubjects(root: MapNode, mode: RoleBindingSubjects, set: (node: Node) => Node, origin: Origin): MapNode {
	const subjects = child(root, 'subjects');
	if (mode === 'none' || subjects?.kind !== 'seq') return root;
	const moves = (subject: Node) =>
		mode === 'defaultOnly' ? textAt(subject, 'name') === 'default' : textAt(subject, 'kind') === 'ServiceAccount';
	const items = subjects.items.map(subject => {
		if (subject.kind !== 'map' || !moves(subject)) return subject;
		const before = nodeAt(subject, ['namespace']);
		const field = before ?? { kind: 'scalar', text: '', tag: '!!str', style: 'plain', origin };
		const after = set(field);
		return after === before ? subject : withEntry(subject, 'namespace', after);
	});
	return withEntry(root, 'subjects', withItems(subjects, items));
}

/** Two resources that only their namespaces told apart. */
function conflicts(namespace: Field<string>, before: readonly Tracked[], after: readonly Tracked[]): Problem[] {
	const old = new Map(after.map((resource, i) => [resource, before[i]!]));
	return [...byIdentity(after)].flatMap(([, same]): Problem[] => {
		const [first, second] = same;
		if (!first || !second || new Set(same.map(each => identityKey(old.get(each)!.id))).size === 1) return [];
		return [
			{
				code: 'kustomize/namespace-conflict',
				severity: 'error',
				fatal: true,
				message: `with \`namespace: ${namespace.value}\`, ${describeId(old.get(first)!.id)} and ${describeId(old.get(second)!.id)} are the same object`,
				at: namespace.at,
				related: same.map(each => ({ message: describeId(old.get(each)!.id), at: each.from })),
				details: 'namespace transformation produces ID conflict',
			},
		];
	});
}

/** As the ValueAddTransformer sets `metadata/namespace`: no specs, subjects as by default, and no previous id is kept. */
export function addNamespace(resource: Tracked, namespace: string, origin: Origin): Tracked {
	const options: NamespaceOptions = { specs: [], subjects: 'none', fields: 'all' };
	return move(resource, namespace, [], options, origin, () => undefined);
}

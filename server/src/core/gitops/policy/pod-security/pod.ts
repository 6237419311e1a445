/** A pod as the checks of the Pod Security Standards read it: fields by path, null as absent, containers of all three kinds. */
import type { FieldPath } from '../../../base/address';
import { child, entriesOf, itemsOf, isNull, type Node, nodeAt, scalarValue, textAt } from '../../../yaml/node';

export interface Pod {
	/** The Pod, or the template that pods are made from: has `metadata` and `spec`. */
	readonly root: Node;
	readonly containers: readonly Container[];
}

export interface Container {
	readonly name: string;
	readonly node: Node;
	/** From the pod's root. */
	readonly path: FieldPath;
}

/** What a check found: the controller's own words, and the fields (from the pod's root) that made it so; a missing field by where it would be. */
export interface Violation {
	readonly reason: string;
	readonly detail: string;
	readonly fields: readonly FieldPath[];
}

const CONTAINER_FIELDS = ['initContainers', 'containers', 'ephemeralContainers'] as const;

/** The pod at `root`, its containers in the order of pod-security-admission `visitContainers`. */
export function readPod(root: Node): Pod {
	const containers = CONTAINER_FIELDS.flatMap(field =>
		itemsOf(nodeAt(root, ['spec', field])).map((node, index) => ({
			name: textAt(node, 'name') ?? '',
			node,
			path: ['spec', field, index],
		})),
	);
	return { root, containers };
}

/** The node at a path, unless it is null: Go's decoder leaves the field unset then. */
export function present(node: Node | undefined, ...path: FieldPath): Node | undefined {
	const at = nodeAt(node, path);
	return isNull(at) ? undefined : at;
}

/** The boolean at a path; nothing where there is none. */
export function booleanAt(node: Node | undefined, ...path: FieldPath): boolean | undefined {
	const at = nodeAt(node, path);
	const value = at?.kind === 'scalar' ? scalarValue(at) : undefined;
	return typeof value === 'boolean' ? value : undefined;
}

/** The number at a path; nothing where there is none. */
export function numberAt(node: Node | undefined, ...path: FieldPath): number | undefined {
	const at = nodeAt(node, path);
	const value = at?.kind === 'scalar' ? scalarValue(at) : undefined;
	return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined;
}

/** The annotations of the pod. */
export function annotationsOf({ root }: Pod): readonly (readonly [key: string, value: string])[] {
	return entriesOf(nodeAt(root, ['metadata', 'annotations'])).map(({ key, value }) => [key, textAt(value) ?? '']);
}

/** Whether the pod says that it runs on Windows, where Linux' restrictions mean nothing (from 1.25 on). */
export function isWindows({ root }: Pod): boolean {
	return textAt(root, 'spec', 'os', 'name') === 'windows';
}

/** Whether root in the pod is not root on the host (`relaxPolicyForUserNamespacePod`, from 1.35 on). */
export function hasUserNamespace({ root }: Pod): boolean {
	return booleanAt(root, 'spec', 'hostUsers') === false;
}

/** What a check looks at may be set for the pod and for each container. */
export interface Setter {
	/** Nothing where it is the pod itself. */
	readonly container: Container | undefined;
	/** The `securityContext`, if there is one. */
	readonly context: Node | undefined;
	/** Of the `securityContext`, from the pod's root. */
	readonly path: FieldPath;
}

/** The security contexts: the pod's, then those of the containers. */
export function settersOf(pod: Pod): readonly Setter[] {
	return [
		{ container: undefined, context: present(pod.root, 'spec', 'securityContext'), path: ['spec', 'securityContext'] },
		...containerSettersOf(pod),
	];
}

/** The security contexts of the containers. */
export function containerSettersOf(pod: Pod): readonly (Setter & { readonly container: Container })[] {
	return pod.containers.map(container => ({
		container,
		context: child(container.node, 'securityContext'),
		path: [...container.path, 'securityContext'],
	}));
}

/** Those who set something bad, as the controller lists them: `pod and containers "a", "b"`. */
export function listSetters(setters: readonly Setter[]): string {
	const containers = setters.flatMap(({ container }) => container ?? []);
	const parts = setters.some(({ container }) => !container) ? ['pod'] : [];
	if (containers.length > 0) parts.push(listContainers(containers));
	return parts.join(' and ');
}

/** `container "a"` or `containers "a", "b"`. */
export function listContainers(containers: readonly Container[]): string {
	return `${plural('container', containers.length)} ${quoted(containers.map(({ name }) => name))}`;
}

/** `"a", "b"`, not escaped, as pod-security-admission `joinQuote`. */
export function quoted(items: readonly string[]): string {
	return items.map(item => `"${item}"`).join(', ');
}

/** Without repetitions and in the order of bytes, as Go's string sets list themselves. */
export function sortedSet(items: readonly string[]): readonly string[] {
	return [...new Set(items)].sort((a, b) => (a < b ? -1 : 1));
}

/** The word, with an s unless it is one. */
export function plural(word: string, count: number): string {
	return count === 1 ? word : `${word}s`;
}

/** `uses` for one, `use` for several. */
export function uses(count: number): string {
	return count === 1 ? 'uses' : 'use';
}

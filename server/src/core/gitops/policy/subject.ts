/** A rendered resource as the subject of admission: what a request to create it would say. */
import { kustomizeScope } from '../../kube/kustomize-facts';
import type { Resource } from '../../kube/resource';
import { nodeAt, type Plain, toPlain } from '../../yaml/node';
import { withApiDefaults } from './api-defaults';
import type { Subject } from './kyverno/match';
import { isList, isMap, mapOf, type PlainMap } from './kyverno/plain-values';
import { resourceNames, unusualDefinitions } from './resource-names';

/** The subject; its namespace is the id's, also in the object. */
export function subjectOf(
	{ id, node }: Resource,
	request: Pick<Subject, 'operation' | 'namespaceLabels' | 'resource'>,
): Subject {
	const object = toPlain(node) as PlainMap;
	const metadata = (object['metadata'] ?? {}) as PlainMap;
	return {
		object:
			id.namespace === '' || metadata['namespace']
				? object
				: { ...object, metadata: { ...metadata, namespace: id.namespace } },
		group: id.group,
		version: id.version,
		kind: id.kind,
		name: id.name || (typeof metadata['generateName'] === 'string' ? metadata['generateName'] : ''),
		namespace: id.namespace,
		...request,
	};
}

/** What policies are asked about, as the server hands it to them. */
export interface Admission {
	/** Of a namespace; nothing where the tree does not have it. */
	namespaceLabels(name: string): PlainMap | undefined;
	/** The resource as a request to create it; the same for the same. */
	subjectOf(resource: Resource): Subject;
	/** The resources that this depends on. */
	readonly surroundings: readonly Resource[];
}

/** A custom resource with the defaults of its definition; the same tree where there are none. */
export type CustomDefaults = (node: Resource['node']) => Resource['node'];

/** Admission of the resources of one environment. */
export function admissionOf(resources: readonly Resource[], customDefaults: CustomDefaults): Admission {
	const namespaces = resources.filter(({ id }) => id.kind === 'Namespace' && id.group === '');
	const labels = new Map(namespaces.map(namespace => [namespace.id.name, labelsOf(namespace)]));
	const definitions = unusualDefinitions(resources);
	const nameOf = resourceNames(definitions);
	const subjects = new Map<Resource, Subject>();
	const admitted = (resource: Resource): Subject => {
		// Where a namespaced one says no namespace it goes to `default`.
		const namespace = resource.id.namespace || (kustomizeScope(resource.id) === 'namespaced' ? 'default' : '');
		const named = { ...resource, id: { ...resource.id, namespace }, node: customDefaults(resource.node) };
		const subject = subjectOf(named, {
			operation: 'CREATE',
			namespaceLabels: labels.get(namespace),
			resource: nameOf(resource.id),
		});
		const object = withApiDefaults(withoutNulls(subject.object) as PlainMap, subject.group, subject.kind);
		return { ...subject, object };
	};
	return {
		namespaceLabels: name => labels.get(name),
		subjectOf(resource) {
			let subject = subjects.get(resource);
			if (!subject) subjects.set(resource, (subject = admitted(resource)));
			return subject;
		},
		surroundings: [...namespaces, ...definitions],
	};
}

/** With the one that the API server adds to every namespace. */
function labelsOf({ id, node }: Resource): PlainMap {
	const labels = nodeAt(node, ['metadata', 'labels']);
	return { ...(labels ? (toPlain(labels) as PlainMap) : {}), 'kubernetes.io/metadata.name': id.name };
}

/** The server decodes no fields that are null, apart from those that it always writes. */
function withoutNulls(value: Plain): Plain {
	if (isList(value)) return value.map(withoutNulls);
	if (!isMap(value)) return value;
	return mapOf(
		Object.entries(value).flatMap(([key, item]): readonly (readonly [string, Plain])[] =>
			item === null && key !== 'rules' ? [] : [[key, withoutNulls(item)]],
		),
	);
}

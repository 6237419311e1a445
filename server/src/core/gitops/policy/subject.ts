/** A rendered resource as the subject of admission: what a request to create it would say. */
import type { Resource } from '../../kube/resource';
import { toPlain } from '../../yaml/node';
import type { Subject } from './kyverno/match';
import type { PlainMap } from './kyverno/plain-values';

/** The subject; its namespace is the id's, also in the object. */
export function subjectOf(
	{ id, node }: Resource,
	request: { readonly operation: Subject['operation']; readonly namespaceLabels: PlainMap | undefined },
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

/** Built resources out of fixture texts, for tests of what judges them: no kustomization, steps are simulated one by one. */
import { contentOf } from '../../server/src/core/workspace/documents';
import type { Address } from '../../server/src/core/base/address';
import { linkOf } from '../../server/src/core/base/address';
import { Database } from '../../server/src/core/base/query';
import { resourceIdOf } from '../../server/src/core/kube/resource-id';
import type { Resource } from '../../server/src/core/kube/resource';
import {
	child,
	type MapNode,
	type Node,
	type Origin,
	type Step,
	stringNode,
	withEntry,
} from '../../server/src/core/yaml/node';
import { fixture, memorySource } from './fixture';

/** The documents of all files of a fixture as resources, in order; those of a text without headers stand in `x.yaml`. */
export function resourcesOf(text: string): Resource[] {
	const { files } = fixture(text.startsWith('-- ') ? text : `-- x.yaml --\n${text}`);
	const db = new Database(memorySource(files));
	return [...files.keys()].flatMap(file =>
		contentOf(db, file).flatMap(({ root }, document) => {
			if (root?.kind !== 'map') return [];
			const id = resourceIdOf(root);
			return [{ node: root, id, originalId: id, from: { file, document, path: [] }, removed: [] }];
		}),
	);
}

/** The resource after a step at `by` has written `value` at `path`. */
export function changed(
	resource: Resource,
	path: readonly string[],
	value: string,
	step: Step,
	by: { readonly file: string; readonly path: Address['path'] },
): Resource {
	const set = (node: Node | undefined, [key, ...rest]: readonly string[]): Node => {
		const origin: Origin = { step, file: by.file, document: 0, link: linkOf(by.path) };
		if (key === undefined) return stringNode(value, node ? { ...origin, replaced: node.origin } : origin);
		const map: MapNode = node?.kind === 'map' ? node : { kind: 'map', entries: [], origin };
		return withEntry(map, key, set(child(map, key), rest));
	};
	const node = set(resource.node, path) as MapNode;
	return { ...resource, node, id: resourceIdOf(node) };
}

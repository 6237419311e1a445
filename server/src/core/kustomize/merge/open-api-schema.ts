/**
 * Merging as a kustomization's own `openapi` file describes it (kyaml `openapi.SetSchema`, `ResourceSchema`). Such a file takes the
 * place of the built-in schema, so kinds that it does not describe have their lists replaced.
 */
import type { FilePath } from '../../base/paths';
import { type Database, query } from '../../base/query';
import { builtInMergeSchema, type MergeSchema, type MergeSchemas } from '../../kube/kustomize-facts';
import { contentOf } from '../../workspace/documents';
import { child, entriesOf, isNull, itemsOf, type Node, stringAt } from '../../yaml/node';

/** The schemas of an `openapi` file, or the built-in ones without a file. */
export function mergeSchemasOf(db: Database, file: FilePath | undefined): MergeSchemas {
	return file === undefined ? builtInMergeSchema : db.get(schemasQuery, file);
}

const schemasQuery = query<MergeSchemas>('mergeSchemas', (db, file) => readSchemas(contentOf(db, file)[0]?.root));

function readSchemas(root: Node | undefined): MergeSchemas {
	const definitions = new Map(entriesOf(child(root, 'definitions')).map(({ key, value }) => [key, value]));
	const kinds = new Map<string, Node>();
	for (const definition of definitions.values()) {
		const described = child(definition, 'x-kubernetes-group-version-kind');
		const [only, ...more] = itemsOf(described);
		const [group, version, kind] = ['group', 'version', 'kind'].map(key => stringAt(only, key));
		if (more.length === 0 && kind !== undefined) kinds.set(`${group ?? ''}/${version ?? ''}/${kind}`, definition);
	}
	return ({ group, version, kind }) => {
		const definition = kinds.get(`${group}/${version}/${kind}`);
		return definition && schemaOf(definition, definitions);
	};
}

/** Longer chains of `$ref`s lead nowhere. */
const MAX_REFERENCES = 50;

function schemaOf(node: Node, definitions: ReadonlyMap<string, Node>): MergeSchema | undefined {
	const schema = resolve(node, definitions);
	return (
		schema && {
			merge: mergeKeys(schema),
			field: name => {
				const field = child(child(schema, 'properties'), name) ?? child(schema, 'additionalProperties');
				return field?.kind === 'map' ? schemaOf(field, definitions) : undefined;
			},
			items: () => {
				const items = child(schema, 'items');
				return stringAt(schema, 'type') === 'array' && items?.kind === 'map' ? schemaOf(items, definitions) : undefined;
			},
		}
	);
}

function resolve(node: Node, definitions: ReadonlyMap<string, Node>): Node | undefined {
	let at: Node | undefined = node;
	for (let i = 0; i < MAX_REFERENCES; i++) {
		const reference: string | undefined = stringAt(at, '$ref');
		if (reference === undefined) return at;
		at = definitions.get(
			reference
				.replace(/^#\/definitions\//, '')
				.replaceAll('~1', '/')
				.replaceAll('~0', '~'),
		);
	}
	return undefined;
}

/** `PatchStrategyAndKeyList`: the keys count only where the strategy says to merge. */
function mergeKeys(schema: Node): readonly string[] | undefined {
	const strategy = stringAt(schema, 'x-kubernetes-patch-strategy');
	if (!strategy?.split(',').includes('merge')) return undefined;
	const several = child(schema, 'x-kubernetes-list-map-keys');
	if (several && !isNull(several)) return itemsOf(several).map(item => stringAt(item) ?? '');
	const key = stringAt(schema, 'x-kubernetes-patch-merge-key');
	return key === undefined ? [] : [key];
}

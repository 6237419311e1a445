/**
 * Merging as a kustomization's own `openapi` file describes it (kyaml `openapi.SetSchema`, `ResourceSchema`). Such a file takes the
 * place of the built-in schema, so kinds that it does not describe have their lists replaced.
 */
import { type Database, query } from '../../base/query';
import { BUILT_IN_MERGE_SCHEMAS, type MergeSchema, type MergeSchemas } from '../../kube/kustomize-facts';
import { contentOf } from '../../workspace/documents';
import { readContent } from '../../yaml/content';
import { child, entriesOf, isNull, itemsOf, type Node, stringAt } from '../../yaml/node';
import { parseSyntax } from '../../yaml/syntax';
import type { OpenApi } from '../tracked';

/** The schemas of an `openapi` file, or the built-in ones without a file. */
export function mergeSchemasOf(db: Database, openApi: OpenApi | undefined): MergeSchemas {
	return openApi === undefined ? BUILT_IN_MERGE_SCHEMAS : db.get(schemasQuery, `${openApi.besides} ${openApi.file}`);
}

const schemasQuery = query<MergeSchemas>('mergeSchemas', (db, key) => {
	const at = key.indexOf(' ');
	const root = contentOf(db, key.slice(at + 1))[0]?.root;
	return readSchemas(root, key.slice(0, at) === 'built-in' ? BUILT_IN_MERGE_SCHEMAS : NO_SCHEMAS);
});

const NO_SCHEMAS: MergeSchemas = { ofKind: () => undefined, ofDefinition: () => undefined };

function readSchemas(root: Node | undefined, besides: MergeSchemas): MergeSchemas {
	const definitions = new Map(entriesOf(child(root, 'definitions')).map(({ key, value }) => [key, value]));
	const kinds = new Map<string, Node>();
	for (const definition of definitions.values()) {
		for (const described of itemsOf(child(definition, 'x-kubernetes-group-version-kind'))) {
			const [group = '', version = '', kind] = ['group', 'version', 'kind'].map(key => stringAt(described, key));
			if (kind !== undefined) kinds.set(`${group}/${version}/${kind}`, definition);
		}
	}
	const known: Known = { definitions, besides };
	return {
		ofKind: gvk => {
			const definition = kinds.get(`${gvk.group}/${gvk.version}/${gvk.kind}`);
			return definition ? schemaOf(definition, known) : besides.ofKind(gvk);
		},
		ofDefinition: name => definitionOf(name, known),
	};
}

/** A schema that stands in a comment at a list (kyaml `fieldmeta.FieldMeta.Read`); what it refers to is the build's. */
export function schemaInComment(comment: string, schemas: MergeSchemas): MergeSchema | undefined {
	const [document] = readContent(parseSyntax(comment), { file: '/', step: 'patch' });
	const root = document?.root;
	if (root?.kind !== 'map' || document?.syntaxError || root.entries.length === 0) return undefined;
	const reference = stringAt(root, '$ref');
	if (reference !== undefined) return schemas.ofDefinition(definitionNamed(reference));
	const items = child(root, 'items');
	const itemsReference = stringAt(items, '$ref');
	return {
		merge: mergeKeys(root),
		field: () => undefined,
		items: () =>
			itemsReference === undefined || stringAt(root, 'type') !== 'array'
				? undefined
				: schemas.ofDefinition(definitionNamed(itemsReference)),
	};
}

/** What a `$ref` may lead to. */
interface Known {
	readonly definitions: ReadonlyMap<string, Node>;
	readonly besides: MergeSchemas;
}

function definitionNamed(reference: string): string {
	return reference
		.replace(/^#\/definitions\//, '')
		.replaceAll('~1', '/')
		.replaceAll('~0', '~');
}

/** Longer chains of `$ref`s lead nowhere. */
const MAX_REFERENCES = 50;

function schemaOf(node: Node, known: Known): MergeSchema | undefined {
	let schema = node;
	for (let i = 0; i < MAX_REFERENCES; i++) {
		const reference = stringAt(schema, '$ref');
		if (reference === undefined) return described(schema, known);
		const name = definitionNamed(reference);
		const next = known.definitions.get(name);
		if (!next) return known.besides.ofDefinition(name);
		schema = next;
	}
	return undefined;
}

function definitionOf(name: string, known: Known): MergeSchema | undefined {
	const definition = known.definitions.get(name);
	return definition ? schemaOf(definition, known) : known.besides.ofDefinition(name);
}

function described(schema: Node, known: Known): MergeSchema {
	return {
		merge: mergeKeys(schema),
		field: name => {
			const field = child(child(schema, 'properties'), name) ?? child(schema, 'additionalProperties');
			return field?.kind === 'map' ? schemaOf(field, known) : undefined;
		},
		items: () => {
			const items = child(schema, 'items');
			return stringAt(schema, 'type') === 'array' && items?.kind === 'map' ? schemaOf(items, known) : undefined;
		},
	};
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

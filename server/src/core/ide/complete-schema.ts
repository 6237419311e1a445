/** Completion from the schema of a resource's kind: fields with what they need below them, enums, booleans, defaults; kinds and versions. */
import { basename, dirname, type FilePath } from '../base/paths';
import type { Database } from '../base/query';
import { schemaAt } from '../kube/schema/at';
import type { FieldPath } from '../base/address';
import { type KeyCandidate, keyCandidates, valueCandidates } from '../kube/schema/complete';
import { descriptionAt } from '../kube/schema/descriptions';
import { kustomizationSchema } from '../kube/schema/kustomization-file';
import { knownKinds, knownVersionsOf, schemaOfNode, type KindSchema } from '../kube/schema/store';
import { schemaInTree } from '../model/chart-kinds';
import { linksOf } from '../model/links';
import { schemaOptions } from '../model/schemas';
import { type Node, textAt } from '../yaml/node';
import type { Candidate } from './candidates';
import type { CaretDocument } from './caret-document';

/** Where the kind of an object is looked up. */
type KindLookup = (db: Database, root: Node) => KindSchema | undefined;

/** As long as nobody has looked for the kinds that the tree declares; not for use inside of a query. */
export function schemaMeanwhile(db: Database, root: Node): KindSchema | undefined {
	return schemaOfNode(db, root, db.peek(schemaOptions, '') ?? {});
}

/** Fields that the kind has at the caret. */
export function schemaFields(
	db: Database,
	file: FilePath,
	{ root, path }: CaretDocument,
	kindOf: KindLookup = schemaInTree,
): Candidate[] {
	const kind = kindOf(db, root)?.schema;
	const schema = schemaAt(kind, path);
	if (!schema)
		return path.length === 0 && root.kind === 'map'
			? TOP_LEVEL.map(label => ({ label, kind: 'field', insert: label }))
			: [];
	return keyCandidates(schema, new Set(), isResource(db, file) ? 'resource' : 'patch').map(field =>
		candidate(field, descriptionAt(db, kind, [...path, field.key])),
	);
}

/** Fields of a kustomization file at a path. */
export function kustomizationFields(db: Database, path: FieldPath): Candidate[] {
	const schema = schemaAt(kustomizationSchema(db), path);
	return schema ? keyCandidates(schema, new Set(), 'patch').map(field => candidate(field)) : [];
}

function candidate(field: KeyCandidate, documentation = field.description): Candidate {
	return {
		label: field.key,
		kind: 'field',
		insert: field.key,
		detail: field.type + (field.required ? ', required' : ''),
		documentation,
		snippet: field.snippet.slice(field.key.length),
		deprecated: field.deprecated,
		rank: field.deprecated ? 9 : field.required ? 2 : 3,
	};
}

const TOP_LEVEL = ['apiVersion', 'kind', 'metadata', 'spec'];

/** Whether the file is listed as a resource; else it is a patch, of which nothing is required. */
function isResource(db: Database, file: FilePath): boolean {
	return linksOf(db, dirname(file)).links.some(
		link => link.field === 'resources' && basename(link.target) === basename(file),
	);
}

/** Values that the kind takes at the caret. */
export function schemaValues(
	db: Database,
	{ root, path }: CaretDocument,
	kindOf: KindLookup = schemaInTree,
): Candidate[] {
	const [only] = path;
	if (path.length === 1 && only === 'kind') {
		return knownKinds(db, textAt(root, 'apiVersion')).map(({ kind, apiVersion }) => ({
			label: kind,
			kind: 'enum',
			insert: kind,
			detail: apiVersion,
		}));
	}
	if (path.length === 1 && only === 'apiVersion') {
		const kind = textAt(root, 'kind');
		const versions = kind
			? knownVersionsOf(db, kind).map(id => id.slice(0, id.lastIndexOf('/')))
			: knownKinds(db).map(each => each.apiVersion);
		return [...new Set(versions)].map(version => ({ label: version, kind: 'enum', insert: version }));
	}
	const schema = schemaAt(kindOf(db, root)?.schema, path);
	return schema
		? valueCandidates(schema).map(({ text, detail }) => ({
				label: text,
				kind: detail === 'enum' ? 'enum' : 'value',
				insert: text,
				detail,
			}))
		: [];
}

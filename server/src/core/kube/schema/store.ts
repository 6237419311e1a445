/**
 * The schema of a kind: of the user's own CustomResourceDefinitions first, then Kubernetes' own, then the well-known operators'
 * that ship with Strata. Nothing is known about a kind that none of them has.
 */
import type { Database } from '../../base/query';
import { type Node, textAt } from '../../yaml/node';
import { parseApiVersion } from '../resource-id';
import type { CustomKind, CustomKinds } from './crd';
import { allowsUnknown, LazySchema, type Schema } from './schema';
import { type IndexEntry, schemaIndex, shippedSchema } from './shard';

export interface SchemaOptions {
	/** The release of Kubernetes that the resources are for, `1.31` or `v1.31.4`; the newest that is known where absent. */
	readonly kubernetesVersion?: string;
	/** The kinds that the user's tree declares. */
	readonly customKinds?: CustomKinds;
	/** The release of Flux that the tree is for, `v2.7.5`; not known where absent. */
	readonly fluxVersion?: string;
}

/** What is known about one `apiVersion` and `kind`. */
export interface KindSchema {
	readonly apiVersion: string;
	readonly kind: string;
	/** Absent where the kind has been there once, but its fields are not known any more. */
	readonly schema: Schema | undefined;
	readonly scope: 'Namespaced' | 'Cluster' | undefined;
	readonly plural: string | undefined;
	readonly from: 'kubernetes' | 'well-known' | 'tree';
	/** Whether the API server keeps every field that it does not know. */
	readonly keepsUnknown: boolean;
	readonly life: Life;
	/** The CustomResourceDefinition of the tree that declares it. */
	readonly definition?: Node;
}

/** From when to when an API version is there, in releases of Kubernetes, or of Flux in `flux`. */
export interface Life {
	readonly introduced?: string;
	/** The release that deprecated it; `true` where its CustomResourceDefinition says so without a release. */
	readonly deprecated?: string | true;
	readonly removed?: string;
	/** The API server does not answer under this version. */
	readonly notServed?: true;
	/** `apiVersion/Kind` that takes its place. */
	readonly replacedBy?: string;
	/** The API server's own words, where they are stated. */
	readonly warning?: string;
	readonly flux?: IndexEntry['flux'];
}

/** What is known about a kind; nothing where neither the tree nor Strata knows it. */
export function schemaOf(
	db: Database,
	apiVersion: string,
	kind: string,
	options: SchemaOptions = {},
): KindSchema | undefined {
	const { group, version } = parseApiVersion(apiVersion);
	const custom = options.customKinds?.find(group, kind);
	if (custom) return ofCustomKind(db, custom, apiVersion, version);
	const index = schemaIndex(db);
	const id = `${apiVersion}/${kind}`;
	const own = index.kubernetes.kinds.get(id);
	if (own) return ofEntry(db, apiVersion, kind, own, 'kubernetes');
	const known = index.crds.kinds.get(id);
	return known && ofEntry(db, apiVersion, kind, known, 'well-known');
}

/** What is known about the kind that a resource says it is of. */
export function schemaOfNode(db: Database, node: Node, options: SchemaOptions = {}): KindSchema | undefined {
	const apiVersion = textAt(node, 'apiVersion');
	const kind = textAt(node, 'kind');
	return apiVersion && kind ? schemaOf(db, apiVersion, kind, options) : undefined;
}

/** The schema of `metadata`, which custom resources do not state. */
function metadataSchema(db: Database): Schema | undefined {
	return schemaOf(db, 'v1', 'ConfigMap')?.schema?.properties.get('metadata');
}

/** Every `apiVersion/Kind` of a kind that Strata ships or the tree might declare, sorted; for "did you mean" and completion. */
export function knownVersionsOf(db: Database, kind: string): readonly string[] {
	const { kubernetes, crds } = schemaIndex(db);
	return [...(kubernetes.byKind.get(kind) ?? []), ...(crds.byKind.get(kind) ?? [])].sort();
}

/** Every kind under an apiVersion, sorted; all of them where it is absent. */
export function knownKinds(db: Database, apiVersion?: string): readonly { apiVersion: string; kind: string }[] {
	const { kubernetes, crds } = schemaIndex(db);
	const out: { apiVersion: string; kind: string }[] = [];
	for (const [id, entry] of [...kubernetes.kinds, ...crds.kinds]) {
		if (entry.shard === undefined) continue;
		const at = id.lastIndexOf('/');
		if (apiVersion === undefined || id.slice(0, at) === apiVersion)
			out.push({ apiVersion: id.slice(0, at), kind: id.slice(at + 1) });
	}
	return out.sort((a, b) => compare(a.kind, b.kind) || compare(a.apiVersion, b.apiVersion));
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function ofEntry(
	db: Database,
	apiVersion: string,
	kind: string,
	entry: IndexEntry,
	from: 'kubernetes' | 'well-known',
): KindSchema {
	const { introduced, deprecated, removed, served, replacedBy, deprecationWarning, flux } = entry;
	const shipped = shippedSchema(db, entry);
	const deprecatedSince = deprecated === false ? undefined : deprecated;
	return {
		apiVersion,
		kind,
		schema: shipped && from === 'well-known' ? customRoot(db, shipped) : shipped,
		scope: entry.scope,
		plural: entry.plural,
		from,
		keepsUnknown: false,
		life: {
			...(introduced === undefined ? undefined : { introduced }),
			...(deprecatedSince === undefined ? undefined : { deprecated: deprecatedSince }),
			...(removed === undefined ? undefined : { removed }),
			...(served === false ? { notServed: true as const } : undefined),
			...(replacedBy === undefined ? undefined : { replacedBy }),
			...(deprecationWarning === undefined ? undefined : { warning: deprecationWarning }),
			...(flux === undefined ? undefined : { flux }),
		},
	};
}

/** A version that the tree's definition does not have is known not to be served: the tree is what gets installed. */
function ofCustomKind(db: Database, custom: CustomKind, apiVersion: string, version: string): KindSchema {
	const { group, kind, scope, plural, keepsUnknown, definition } = custom;
	const found = custom.versions.get(version);
	const other = [...custom.versions].find(([, { served, deprecated }]) => served && !deprecated)?.[0];
	return {
		apiVersion,
		kind,
		schema: found && customRoot(db, found.schema),
		scope,
		plural,
		from: 'tree',
		keepsUnknown,
		definition,
		life: {
			...(found?.deprecated ? { deprecated: true as const } : undefined),
			...(found?.deprecationWarning ? { warning: found.deprecationWarning } : undefined),
			...(found?.served ? undefined : { notServed: true as const }),
			...(other !== undefined && other !== version ? { replacedBy: `${group}/${other}/${kind}` } : undefined),
		},
	};
}

const TEXT: Schema = new LazySchema<never>({ type: 'string' }, {}, ref => ref);
const UNCHECKED: Schema = new LazySchema<never>({ preserveUnknown: true, nullable: true }, {}, ref => ref);

/** The root of a custom resource: the API server adds `metadata` and knows the type fields; nobody states a status in a tree. */
function customRoot(db: Database, schema: Schema): Schema {
	const metadata = metadataSchema(db) ?? UNCHECKED;
	const properties = new Map(schema.properties)
		.set('apiVersion', TEXT)
		.set('kind', TEXT)
		.set('metadata', metadata)
		.set('status', UNCHECKED);
	const { facts, items, additional, allOf, anyOf, oneOf, not, hasLogic, pattern } = schema;
	const required = facts.required?.filter(name => name !== 'status' && name !== 'metadata');
	// The fields added above must not make a root that declares none look as if it were complete.
	const preserveUnknown = allowsUnknown(schema);
	return {
		facts: {
			...facts,
			...(required ? { required } : undefined),
			...(preserveUnknown ? { preserveUnknown } : undefined),
		},
		properties,
		items,
		additional,
		allOf,
		anyOf,
		oneOf,
		not,
		hasLogic,
		pattern,
	};
}

/**
 * Reads the schemas that ship with Strata: `schemas/index.json` says which kinds there are, and a shard is parsed when a kind of
 * it is first asked for. The format is explained in schemas/README.md; scripts/facts writes it.
 */
import { bug } from '../../base/bug';
import { type Database, query } from '../../base/query';
import { bundledText } from '../../workspace/inputs';
import type { Plain } from '../../yaml/node';
import { LazySchema, type Limits, type Schema, type SchemaFacts, type SchemaType, type ValidationRule } from './schema';

/** What the index says about one `apiVersion/Kind`. Releases are of Kubernetes (`1.25`), in `flux` of Flux (`v2.6.4`). */
export interface IndexEntry {
	/** Absent where no schema ships, only its life is known. */
	readonly shard?: string;
	readonly root?: number;
	readonly scope?: 'Namespaced' | 'Cluster';
	readonly plural?: string;
	readonly introduced?: string;
	readonly deprecated?: string | boolean;
	readonly removed?: string;
	readonly lastSeenIn?: string;
	readonly replacedBy?: string;
	readonly served?: boolean;
	readonly deprecationWarning?: string;
	readonly flux?: {
		readonly since?: string;
		readonly deprecatedSince?: string;
		/** The last release that served it. */
		readonly removedAfter?: string;
		/** The releases that brought fields of it, by path: `spec.dependsOn[].readyExpr`. Others are as old as the version. */
		readonly fields?: Readonly<Record<string, string>>;
	};
}

interface IndexSection {
	readonly kinds: ReadonlyMap<string, IndexEntry>;
	/** API groups of `kinds`. */
	readonly groups: ReadonlySet<string>;
	/** `apiVersion/Kind` by kind, sorted. */
	readonly byKind: ReadonlyMap<string, readonly string[]>;
}

export interface SchemaIndex {
	/** The newest release of Kubernetes that is known, `1.36`. */
	readonly newest: string;
	/** Kubernetes' own kinds, and those of well-known operators. */
	readonly kubernetes: IndexSection;
	readonly crds: IndexSection;
}

const indexQuery = query<SchemaIndex>('schemaIndex', db => {
	const text = db.read(bundledText, 'schemas/index.json');
	if (text === undefined) return { newest: '0.0', kubernetes: section({}), crds: section({}) };
	const index = JSON.parse(text);
	return {
		newest: index.kubernetes.newest,
		kubernetes: section(index.kubernetes.kinds),
		crds: section(index.crds.kinds),
	};
});

/** Everything that the shipped index knows; empty in a build without schemas. */
export const schemaIndex = (db: Database): SchemaIndex => db.get(indexQuery, '');

/** The schema that an index entry points to; nothing where none ships. */
export function shippedSchema(db: Database, entry: IndexEntry): Schema | undefined {
	if (entry.shard === undefined || entry.root === undefined) return undefined;
	return db.get(shardQuery, entry.shard)?.node(entry.root);
}

function section(kinds: Readonly<Record<string, IndexEntry>>): IndexSection {
	const groups = new Set<string>();
	const byKind = new Map<string, string[]>();
	for (const id of Object.keys(kinds)) {
		const parts = id.split('/');
		groups.add(parts.length === 3 ? parts[0]! : '');
		const kind = parts.at(-1)!;
		const same = byKind.get(kind);
		if (same) same.push(id);
		else byKind.set(kind, [id]);
	}
	return { kinds: new Map(Object.entries(kinds)), groups, byKind };
}

/** A node as it stands in a shard; see schemas/README.md for the keys. */
interface RawNode {
	readonly t?: keyof typeof TYPES;
	readonly f?: string;
	readonly x?: string;
	readonly e?: readonly Plain[];
	readonly d?: Plain;
	readonly r?: readonly string[];
	readonly p?: Readonly<Record<string, number>>;
	readonly i?: number;
	readonly a?: number | boolean;
	readonly c?: Limits;
	readonly n?: 1;
	readonly q?: 1;
	readonly u?: 1;
	readonly E?: 1;
	readonly l?: 'map' | 'set';
	readonly k?: readonly string[];
	readonly v?: readonly ValidationRule[];
	readonly D?: string;
	readonly s?: Readonly<Record<string, string>>;
	readonly S?: Readonly<Record<string, string>>;
	readonly all?: readonly number[];
	readonly any?: readonly number[];
	readonly one?: readonly number[];
	readonly not?: number;
}

const TYPES = {
	o: 'object',
	a: 'array',
	s: 'string',
	i: 'integer',
	n: 'number',
	b: 'boolean',
} as const satisfies Record<string, SchemaType>;

const COMMON = 'kubernetes/common';

const commonQuery = query('schemaCommonShard', db => parseShard(db, COMMON, undefined));

const shardQuery = query('schemaShard', (db, name) =>
	name === COMMON
		? db.get(commonQuery, '')
		: parseShard(db, name, name.startsWith('kubernetes/') ? db.get(commonQuery, '') : undefined),
);

function parseShard(db: Database, name: string, common: Shard | undefined): Shard | undefined {
	const text = db.read(bundledText, `schemas/${name}.json`);
	return text === undefined ? undefined : new Shard(name, JSON.parse(text).nodes, common);
}

/** The nodes of one shard, each decoded once, when it is first asked for. */
class Shard {
	readonly #decoded: (Schema | undefined)[] = [];

	constructor(
		readonly name: string,
		readonly nodes: readonly RawNode[],
		readonly common: Shard | undefined,
	) {}

	/** The node with that number; negative ones are of the common shard. */
	node(number: number): Schema {
		if (number < 0) return this.common?.node(-1 - number) ?? bug(`shard ${this.name} refers to a common one`);
		return (this.#decoded[number] ??= this.#decode(number));
	}

	#decode(number: number): Schema {
		const raw = this.nodes[number] ?? bug(`shard ${this.name} has no node ${number}`);
		const { p: properties, i: items, a: additional, all: allOf, any: anyOf, one: oneOf, not } = raw;
		const links = { properties, items, additional, allOf, anyOf, oneOf, not };
		return new LazySchema<number>(factsOf(raw), withoutAbsent(links), ref => this.node(ref));
	}
}

function factsOf(raw: RawNode): SchemaFacts {
	return withoutAbsent({
		type: raw.t && TYPES[raw.t],
		format: raw.f,
		pattern: raw.x,
		enum: raw.e,
		default: raw.d,
		required: raw.r,
		limits: raw.c,
		nullable: raw.n && true,
		intOrString: raw.q && true,
		preserveUnknown: raw.u && true,
		embedded: raw.E && true,
		listType: raw.l,
		listMapKeys: raw.k,
		rules: raw.v,
		definition: raw.D,
		since: raw.s,
		until: raw.S,
	});
}

type WithoutAbsent<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function withoutAbsent<T extends object>(value: T): WithoutAbsent<T> {
	return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as WithoutAbsent<T>;
}

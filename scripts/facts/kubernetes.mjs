// Makes schemas/kubernetes/*.json and the `kubernetes` section of schemas/index.json out of the OpenAPI definitions and lifecycle
// of Kubernetes' own kinds. A shard a group; what several groups use (ObjectMeta, PodSpec, ...) stands in `common`, kinds that
// the newest release no longer serves in `legacy`. Running it twice gives the same bytes.
import { clearShards, readJson, sourceFolder, writeIndexSection, writeShard } from './schema-files.mjs';
import { reachable, renumbered, SchemaTable } from './schema-table.mjs';

const source = sourceFolder('kubernetes');
const current = readJson(source, 'definitions.json');
const legacy = readJson(source, 'legacy.json');
const lifecycle = readJson(source, 'lifecycle.json');

const PREFIX = '#/definitions/';

const table = new SchemaTable(ref => {
	const name = ref.slice(PREFIX.length);
	const schema = current.definitions[name] ?? legacy.definitions[name];
	return { schema, name: name.replace(/^io\.k8s\./, ''), extra: fieldReleases(name, schema) };
});

const shardOfKind = new Map();
const kinds = {};
for (const [kind, { def, plural, scope }] of Object.entries(current.kinds)) {
	add(kind, kind.split('/').length === 2 ? 'core' : kind.split('/')[0], def, { scope, plural });
}
for (const [kind, { def, scope, lastSeenIn }] of Object.entries(legacy.kinds))
	add(kind, 'legacy', def, { scope, lastSeenIn });

writeShards();
for (const [kind, { introduced, deprecated, removed, replacement }] of Object.entries(lifecycle.apis)) {
	kinds[kind] = { ...kinds[kind], introduced, deprecated, removed, replacedBy: replacement };
}
writeIndexSection('kubernetes', {
	newest: current.version,
	oldest: lifecycle.version.split(' ')[0],
	origins: [current, legacy, lifecycle].map(({ origin, version, commit, license }) => ({
		origin,
		version,
		commit,
		license,
	})),
	kinds,
});

function add(kind, shard, def, facts) {
	const node = table.add({ $ref: PREFIX + def });
	shardOfKind.set(kind, { shard: `kubernetes/${shard}`, node });
	kinds[kind] = { ...facts };
}

/** `s`: the release that brought a field; `S`: the last release that had a field which is gone. */
function fieldReleases(name, schema) {
	const since = Object.entries(lifecycle.fields[name] ?? {}).filter(([field]) => schema.properties?.[field]);
	const until = Object.entries(lifecycle.removedFields[name] ?? {});
	return {
		...(since.length > 0 ? { s: Object.fromEntries(since) } : undefined),
		...(until.length > 0 ? { S: Object.fromEntries(until) } : undefined),
	};
}

function writeShards() {
	const roots = new Map();
	for (const { shard, node } of shardOfKind.values()) roots.set(shard, [...(roots.get(shard) ?? []), node]);
	const shards = [...roots.keys()].sort();
	const users = new Map();
	for (const shard of shards)
		for (const id of reachable(table.nodes, roots.get(shard))) users.set(id, [...(users.get(id) ?? []), shard]);

	const COMMON = 'kubernetes/common';
	const members = new Map([COMMON, ...shards].map(shard => [shard, []]));
	const place = new Map();
	for (const [id, of] of users) {
		const shard = of.length > 1 ? COMMON : of[0];
		place.set(id, { shard, number: members.get(shard).push(id) - 1 });
	}
	clearShards('kubernetes');
	for (const [shard, ids] of members) {
		// In a shard that is not `common`, -1 is the first node of `common`, -2 the second, ...
		const number = id => {
			const to = place.get(id);
			return to.shard === shard ? to.number : -1 - to.number;
		};
		writeShard(
			shard,
			ids.map(id => renumbered(table.nodes[id], number)),
		);
	}
	for (const [kind, { shard, node }] of shardOfKind) {
		const { shard: at, number } = place.get(node);
		kinds[kind] = { shard, root: at === shard ? number : -1 - number, ...kinds[kind] };
	}
}

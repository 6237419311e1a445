// Makes schemas/crds/*.json and the `crds` section of schemas/index.json out of the CustomResourceDefinitions of well-known
// projects, one shard a project. Running it twice gives the same bytes.
import fs from 'node:fs';
import { clearShards, readJson, sourceFolder, writeIndexSection, writeShard } from './schema-files.mjs';
import { reachable, renumbered, SchemaTable } from './schema-table.mjs';

const source = sourceFolder('crds');
const kinds = {};
const origins = [];

clearShards('crds');
for (const file of fs.readdirSync(source).sort()) {
	const project = readJson(source, file);
	const name = file.replace(/\.json$/, '');
	const { origin, version, commit, license } = project;
	origins.push({ shard: `crds/${name}`, origin, version, commit, license });
	addProject(`crds/${name}`, project);
}
writeIndexSection('crds', { origins, kinds });

function addProject(shard, { crds, shared = {}, availability = {}, fields = {} }) {
	const table = new SchemaTable(ref => ({ schema: shared[ref.slice('#/shared/'.length)] }));
	const roots = new Map();
	for (const { group, kind, plural, scope, versions } of crds) {
		const successor = preferredVersion(versions);
		for (const [version, { schema, served, deprecated, deprecationWarning }] of Object.entries(versions)) {
			const id = `${group}/${version}/${kind}`;
			roots.set(id, table.add(schema));
			kinds[id] = {
				scope,
				plural,
				...(served === false ? { served } : undefined),
				...(deprecated ? { deprecated: true, deprecationWarning } : undefined),
				...(version !== successor ? { replacedBy: `${group}/${successor}/${kind}` } : undefined),
				...fluxReleases(availability[id], fields[id]),
			};
		}
	}
	const order = new Map(reachable(table.nodes, roots.values()).map((id, number) => [id, number]));
	writeShard(
		shard,
		[...order.keys()].map(id => renumbered(table.nodes[id], child => order.get(child))),
	);
	for (const [id, node] of roots) kinds[id] = { shard, root: order.get(node), ...kinds[id] };
}

/** The version to move to: served, not deprecated, and the most stable and newest of those, as the API server orders versions. */
function preferredVersion(versions) {
	const good = Object.keys(versions).filter(name => versions[name].served !== false && !versions[name].deprecated);
	return (good.length > 0 ? good : Object.keys(versions)).sort(byPriority)[0];
}

/** apimachinery `version.CompareKubeAwareVersionStrings`: v2, v1, v2beta1, v1beta2, v1alpha1; other names last. */
function byPriority(a, b) {
	const rank = name => {
		const [, major, level, minor] = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(name) ?? [];
		return major === undefined ? [0] : [{ alpha: 1, beta: 2 }[level] ?? 3, Number(major), Number(minor ?? 0)];
	};
	const [left, right] = [rank(a), rank(b)];
	for (let i = 0; i < 3; i++) if ((left[i] ?? 0) !== (right[i] ?? 0)) return (right[i] ?? 0) - (left[i] ?? 0);
	return a < b ? -1 : 1;
}

/** In which releases of Flux the version was there; `<=` marks the oldest release that was looked at, which says nothing. */
function fluxReleases(availability, fields) {
	if (!availability) return undefined;
	const { since, deprecatedSince, removedAfter } = availability;
	const newer = fields && Object.fromEntries(Object.entries(fields).map(([path, field]) => [path, field.since]));
	const flux = { since: since?.startsWith('<=') ? undefined : since, deprecatedSince, removedAfter, fields: newer };
	return Object.values(flux).some(value => value !== undefined) ? { flux } : undefined;
}

// Writes schemas/kustomize.json: what kustomize has compiled in (merge keys, scopes, default field specs, orders), out of the
// extracts in ../shared/data/schemas/kustomize. Run it from the root of the repository: node scripts/facts/kustomize.mjs
import { readFileSync, writeFileSync } from 'node:fs';

const SOURCE = new URL('../../../shared/data/schemas/kustomize/', import.meta.url);
const TARGET = new URL('../../schemas/kustomize.json', import.meta.url);
const read = name => JSON.parse(readFileSync(new URL(name, SOURCE), 'utf8'));

const mergeKeys = read('merge-keys.json');
const scope = read('scope.json');
const specs = read('field-specs.json');
const order = read('order.json');

// One tree a kind: `fields` below a map, `items` below a list, `*` for any key, `merge` on a list that merges (with its keys;
// none for a list of scalars). Equal subtrees stand once, in `shapes`, and are referred to by their index.
const shapes = [];
const indexOf = new Map();

function intern(node) {
	const shape = {};
	if (node.merge) shape.merge = node.merge;
	if (node.items) shape.items = intern(node.items);
	if (node.fields) {
		const fields = Object.keys(node.fields).sort();
		shape.fields = Object.fromEntries(fields.map(name => [name, intern(node.fields[name])]));
	}
	const key = JSON.stringify(shape);
	if (!indexOf.has(key)) indexOf.set(key, shapes.push(shape) - 1);
	return indexOf.get(key);
}

function treeOf(paths) {
	const root = {};
	for (const [path, rule] of Object.entries(paths)) {
		const [strategies, keys] = rule.split(':');
		if (!strategies.split(',').includes('merge')) continue;
		let at = root;
		const parts = path.split('.').flatMap(part => (part.endsWith('[]') ? [part.slice(0, -2), '[]'] : [part]));
		// `merge` on a requirement's key sits on a scalar and does nothing.
		if (parts.at(-2) === '[]' && parts.at(-3) === 'matchExpressions') continue;
		for (const part of parts) at = part === '[]' ? (at.items ??= {}) : ((at.fields ??= {})[part] ??= {});
		at.merge = keys ? keys.split('+') : [];
	}
	return root;
}

// The extract leaves `status` out of its trees, but not out of its definitions.
function statusOf(kind) {
	const [name, version, group = ''] = kind.split('/').reverse();
	const found = Object.entries(mergeKeys.definitions).find(([definition]) => {
		const parts = definition.split('.');
		return (
			parts.at(-1) === `${name}Status` && parts.at(-2) === version && parts.at(-3) === (group.split('.')[0] || 'core')
		);
	});
	return Object.fromEntries(
		Object.entries(found?.[1] ?? {})
			.filter(([, { strategy }]) => strategy)
			.map(([field, { strategy, key, mapKeys }]) => {
				const keys = mapKeys ?? (key ? [key] : []);
				return [`status.${field}`, keys.length ? `${strategy}:${keys.join('+')}` : strategy];
			}),
	);
}

const kinds = {};
for (const [kind, paths] of Object.entries(mergeKeys.byKind))
	kinds[kind] = intern(treeOf({ ...paths, ...statusOf(kind) }));

// Definitions that a comment in a manifest may refer to: the kinds themselves, and parts of a Deployment and a Service.
const definitions = {};
for (const [kind, index] of Object.entries(kinds)) {
	const [name, version, group = ''] = kind.split('/').reverse();
	definitions[`io.k8s.api.${group.split('.')[0] || 'core'}.${version}.${name}`] = index;
}
const under = (index, ...path) =>
	path.reduce((at, part) => (part === '[]' ? shapes[at].items : shapes[at].fields[part]), index);
const deployment = kinds['apps/v1/Deployment'];
Object.assign(definitions, {
	'io.k8s.api.apps.v1.DeploymentSpec': under(deployment, 'spec'),
	'io.k8s.api.core.v1.PodTemplateSpec': under(deployment, 'spec', 'template'),
	'io.k8s.api.core.v1.PodSpec': under(deployment, 'spec', 'template', 'spec'),
	'io.k8s.api.core.v1.Container': under(deployment, 'spec', 'template', 'spec', 'containers', '[]'),
	'io.k8s.api.core.v1.EphemeralContainer': under(deployment, 'spec', 'template', 'spec', 'ephemeralContainers', '[]'),
	'io.k8s.api.core.v1.Volume': under(deployment, 'spec', 'template', 'spec', 'volumes', '[]'),
	'io.k8s.api.core.v1.ServiceSpec': under(kinds['v1/Service'], 'spec'),
	'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta': under(deployment, 'metadata'),
});

const facts = {
	origin: {
		project: 'kubernetes-sigs/kustomize, with its built-in OpenAPI of Kubernetes 1.21.2',
		license: 'Apache-2.0',
		version: specs.version,
		commit: specs.commit,
	},
	mergeLists: { shapes, kinds, definitions },
	scope: { cluster: scope.cluster, namespaced: scope.namespaced },
	fieldSpecs: specs.fieldSpecs,
	legacySort: order.legacySort,
	generators: order.generators,
	transformers: order.transformers,
};

// One line a fact, so that a difference can be read.
const lines = (value, depth) =>
	depth === 0 || typeof value !== 'object'
		? JSON.stringify(value)
		: Array.isArray(value)
			? `[\n${value.map(item => lines(item, depth - 1)).join(',\n')}\n]`
			: `{\n${Object.entries(value)
					.map(([key, item]) => `${JSON.stringify(key)}: ${lines(item, depth - 1)}`)
					.join(',\n')}\n}`;
const text = lines(facts, 3);
JSON.parse(text);
writeFileSync(TARGET, text + '\n');

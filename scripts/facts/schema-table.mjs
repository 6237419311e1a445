// Turns OpenAPI schemas (Kubernetes definitions, CRDs) into one table of nodes without descriptions, in which equal subtrees stand
// once. A node refers to its children by their number. schemas/README.md explains the keys; server/src/core/kube/schema/shard.ts
// reads them.

const TYPES = { object: 'o', array: 'a', string: 's', integer: 'i', number: 'n', boolean: 'b' };

const LIMITS = [
	'minimum',
	'maximum',
	'exclusiveMinimum',
	'exclusiveMaximum',
	'multipleOf',
	'minLength',
	'maxLength',
	'minItems',
	'maxItems',
	'uniqueItems',
	'minProperties',
	'maxProperties',
];

const RULE_KEYS = ['rule', 'message', 'messageExpression', 'reason', 'fieldPath', 'optionalOldSelf'];

// What says nothing that the product uses: texts, and how patches merge (kustomize has a table of its own for that).
const IGNORED = new Set([
	'description',
	'example',
	'title',
	'externalDocs',
	'$ref',
	'x-kubernetes-map-type',
	'x-kubernetes-patch-merge-key',
	'x-kubernetes-patch-strategy',
	'x-kubernetes-unions',
	'x-kubernetes-group-version-kind',
]);

export class SchemaTable {
	/** `resolve(ref)` gives `{ schema, name?, extra? }`: a name makes the node one of its own, `extra` is added to it. */
	constructor(resolve) {
		this.resolve = resolve;
		this.nodes = [];
		this.byContent = new Map();
		this.byName = new Map();
	}

	/** The number of the schema's node. */
	add(schema) {
		if (schema.$ref === undefined) return this.#anonymous(this.#encode(schema));
		const { schema: target, name, extra } = this.resolve(schema.$ref);
		const siblings = Object.keys(schema).filter(key => !IGNORED.has(key));
		if (siblings.length > 0 || name === undefined) {
			return this.#anonymous({ ...this.#encode({ ...target, ...schema, $ref: undefined }), ...extra });
		}
		const known = this.byName.get(name);
		if (known !== undefined) return known;
		// The place is taken before the children are read, since definitions may refer to themselves.
		const id = this.nodes.push(undefined) - 1;
		this.byName.set(name, id);
		this.nodes[id] = { D: name, ...this.#encode(target), ...extra };
		return id;
	}

	#anonymous(node) {
		const content = JSON.stringify(node);
		const known = this.byContent.get(content);
		if (known !== undefined) return known;
		const id = this.nodes.push(node) - 1;
		this.byContent.set(content, id);
		return id;
	}

	#encode(schema) {
		const node = {};
		for (const [key, value] of Object.entries(schema).sort(([a], [b]) => (a < b ? -1 : 1))) {
			if (value === undefined || IGNORED.has(key)) continue;
			this.#encodeKey(node, key, value);
		}
		const limits = LIMITS.filter(key => schema[key] !== undefined && schema[key] !== false);
		if (limits.length > 0) node.c = Object.fromEntries(limits.map(key => [key, schema[key]]));
		return node;
	}

	#encodeKey(node, key, value) {
		if (LIMITS.includes(key)) return;
		switch (key) {
			case 'type':
				node.t = TYPES[value] ?? fail(`type ${value}`);
				return;
			case 'format':
				node.f = value;
				return;
			case 'enum':
				node.e = value;
				return;
			case 'default':
				node.d = value;
				return;
			case 'pattern':
				node.x = value;
				return;
			case 'nullable':
				if (value) node.n = 1;
				return;
			case 'required':
				if (value.length > 0) node.r = value.toSorted();
				return;
			case 'properties': {
				const names = Object.keys(value).sort();
				if (names.length > 0) node.p = Object.fromEntries(names.map(name => [name, this.add(value[name])]));
				return;
			}
			case 'items':
				node.i = this.add(value);
				return;
			case 'additionalProperties':
				node.a = typeof value === 'boolean' ? value : this.add(value);
				return;
			case 'allOf':
			case 'anyOf':
			case 'oneOf':
				node[{ allOf: 'all', anyOf: 'any', oneOf: 'one' }[key]] = value.map(part => this.add(part));
				return;
			case 'not':
				node.not = this.add(value);
				return;
			case 'x-kubernetes-int-or-string':
				if (value) node.q = 1;
				return;
			case 'x-kubernetes-preserve-unknown-fields':
				if (value) node.u = 1;
				return;
			case 'x-kubernetes-embedded-resource':
				if (value) node.E = 1;
				return;
			case 'x-kubernetes-list-type':
				if (value !== 'atomic') node.l = value;
				return;
			case 'x-kubernetes-list-map-keys':
				node.k = value;
				return;
			case 'x-kubernetes-validations':
				node.v = value.map(rule =>
					Object.fromEntries(RULE_KEYS.filter(key => rule[key] !== undefined).map(key => [key, rule[key]])),
				);
				return;
			default:
				fail(`keyword ${key}`);
		}
	}
}

/** The numbers that a node refers to. */
export function childrenOf(node) {
	const out = [...Object.values(node.p ?? {}), ...(node.all ?? []), ...(node.any ?? []), ...(node.one ?? [])];
	for (const key of ['i', 'a', 'not']) if (typeof node[key] === 'number') out.push(node[key]);
	return out;
}

/** The node with every reference replaced by `number(reference)`. */
export function renumbered(node, number) {
	const out = { ...node };
	if (node.p) out.p = Object.fromEntries(Object.entries(node.p).map(([name, id]) => [name, number(id)]));
	for (const key of ['all', 'any', 'one']) if (node[key]) out[key] = node[key].map(number);
	for (const key of ['i', 'a', 'not']) if (typeof node[key] === 'number') out[key] = number(node[key]);
	return out;
}

/** All numbers that can be reached from `roots`, in the order of a walk. */
export function reachable(nodes, roots) {
	const seen = new Set();
	const pending = [...roots].reverse();
	while (pending.length > 0) {
		const id = pending.pop();
		if (seen.has(id)) continue;
		seen.add(id);
		pending.push(...childrenOf(nodes[id]).reverse());
	}
	return [...seen];
}

function fail(what) {
	throw new Error(`schema-table: ${what} is not known`);
}

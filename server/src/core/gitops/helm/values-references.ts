/**
 * `spec.valuesFrom` of a HelmRelease, each entry followed to the ConfigMap or Secret that it names among the resources of the
 * environment, with a word where that fails: the commonest reason of `could not resolve ConfigMap chart values reference`.
 */
import { didYouMean, nearest } from '../../base/nearest';
import type { Problem } from '../../base/problem';
import type { DataEntry, DataObject } from '../../kube/data-sources';
import type { Resource } from '../../kube/resource';
import type { ResourceIndex } from '../../kube/resource-index';
import { addressOf, child, itemsOf, type Node, nodeAt, textAt } from '../../yaml/node';
import type { ValuesPart } from './merge-values';

export interface ValuesReference {
	/** The entry in the release's tree. */
	readonly node: Node;
	readonly kind: string;
	readonly name: string;
	readonly key: string;
	readonly optional: boolean;
	readonly target: ValuesPart['target'];
	/** What it leads to: nothing where the object or the key is not in the tree. */
	readonly object: DataObject | undefined;
	readonly entry: DataEntry | undefined;
	/** Whether the data may be there although the tree does not show it. */
	readonly absence: 'found' | 'ignored' | 'unknown' | 'missing';
}

export interface ResolvedReferences {
	readonly references: readonly ValuesReference[];
	readonly problems: readonly Problem[];
}

/** Follows the entries in order. `namespace` is the release's; references never leave it. */
export function resolveReferences(release: Node, namespace: string, index: ResourceIndex): ResolvedReferences {
	const problems: Problem[] = [];
	const references = itemsOf(nodeAt(release, ['spec', 'valuesFrom'])).map(node => {
		const { reference, problem } = resolve(node, namespace, index);
		if (problem) problems.push(problem);
		return reference;
	});
	return { references, problems };
}

/** The controller's sentence for a reference that failed (`ErrValuesReference`). */
export function referenceWords(
	reference: Pick<ValuesReference, 'kind' | 'name' | 'key'>,
	namespace: string,
	words: string,
): string {
	const place = `'${namespace}/${reference.name}'`;
	return `could not resolve ${reference.kind} chart values reference ${place} with key '${reference.key}': ${words}`;
}

interface Resolution {
	readonly reference: ValuesReference;
	readonly problem?: Problem;
}

function resolve(node: Node, namespace: string, index: ResourceIndex): Resolution {
	const path = textAt(node, 'targetPath');
	const mode = textAt(node, 'literal') === 'true' ? ('literal' as const) : ('typed' as const);
	const base = {
		node,
		kind: textAt(node, 'kind') ?? '',
		name: textAt(node, 'name') ?? '',
		key: textAt(node, 'valuesKey') ?? 'values.yaml',
		optional: textAt(node, 'optional') === 'true',
		target: path ? { path, mode } : undefined,
		object: undefined,
		entry: undefined,
	};
	const { kind, name } = base;
	if (name === '' || kind === '') return { reference: { ...base, absence: 'missing' } };
	if (kind !== 'ConfigMap' && kind !== 'Secret')
		return { reference: { ...base, absence: 'missing' }, problem: unsupportedKind(base, namespace) };
	const object = findObject(kind, namespace, name, index);
	if (!object) return withoutObject({ ...base, kind }, namespace, index);
	const entry = object.data.get(base.key);
	if (entry && !isBinary(object, entry)) return { reference: { ...base, object, entry, absence: 'found' } };
	if (base.optional) return { reference: { ...base, object, absence: 'ignored' } };
	if (object.keys === 'some') return { reference: { ...base, object, absence: 'unknown' } };
	return { reference: { ...base, object, absence: 'missing' }, problem: keyNotFound(base, namespace, object) };
}

/** Of a ConfigMap the controller reads `data` alone. */
function isBinary({ kind }: DataObject, { value }: DataEntry): boolean {
	return kind === 'ConfigMap' && value.kind === 'unknown' && value.why === 'binary';
}

/** A namespace that the tree does not tell (Flux may set it from outside) matches every other. */
function findObject(
	kind: DataObject['kind'],
	namespace: string,
	name: string,
	{ data, coverage }: ResourceIndex,
): DataObject | undefined {
	const exact = data.find(kind, namespace, name);
	if (exact || (namespace !== '' && coverage === 'whole')) return exact;
	return namespace === '' ? data.findAnywhere(kind, name) : data.find(kind, '', name);
}

type Named = Omit<ValuesReference, 'absence'> & { readonly kind: DataObject['kind'] };

function withoutObject(base: Named, namespace: string, index: ResourceIndex): Resolution {
	const renamed = findRenamed(base, namespace, index);
	if (renamed) return { reference: { ...base, absence: 'missing' }, problem: nameChanged(base, namespace, renamed) };
	if (base.optional) return { reference: { ...base, absence: index.coverage === 'whole' ? 'ignored' : 'unknown' } };
	const problem = objectNotFound(base, namespace, index);
	const absence = problem?.fatal ? ('missing' as const) : ('unknown' as const);
	return { reference: { ...base, absence }, ...(problem && { problem }) };
}

/** The object that had this name in its file or generator, and has another one after the build. */
function findRenamed({ kind, name }: Named, namespace: string, index: ResourceIndex): Resource | undefined {
	return index
		.all('', kind)
		.find(
			({ id, originalId }) =>
				originalId.name === name && id.name !== name && (id.namespace === namespace || id.namespace === ''),
		);
}

function nameChanged(base: Named, namespace: string, renamed: Resource): Problem {
	const { id } = renamed;
	const hashed = /-[a-z0-9]{10}$/.test(id.name) && id.name.slice(0, -11).endsWith(base.name);
	const generator = `${base.kind === 'ConfigMap' ? 'configMapGenerator' : 'secretGenerator'}`;
	const cause = hashed ? `${generator} adds a hash of the content` : 'a prefix or suffix is added';
	const reference =
		'nothing tells kustomize that "spec.valuesFrom" holds a name; add a nameReference for HelmRelease "spec/valuesFrom/name" through "configurations:", or';
	const fix = hashed ? 'set "disableNameSuffixHash: true" in its options' : 'write the built name';
	// Names follow within a namespace only, and the controller, too, looks in no other.
	const homeless = id.namespace !== namespace && namespace !== '';
	const why = `the build calls it "${id.name}", because ${cause}, and ${
		homeless
			? `it has no namespace, while the HelmRelease is in "${namespace}"; write "namespace: ${namespace}" at the ${hashed ? 'generator' : base.kind} first, then the name follows where a nameReference says so.`
			: `${reference} ${fix}.`
	}`;
	return {
		code: hashed ? 'helm/values-name-has-hash' : 'helm/values-name-changed',
		severity: 'error',
		message: `${base.kind} "${base.name}" will not be found: ${why}`,
		at: placeOf(base, 'name'),
		related: [{ message: `${base.kind} "${base.name}" is made here`, at: renamed.from }],
		details: referenceWords(base, namespace, `${pluralOf(base.kind)} "${base.name}" not found`),
		fatal: true,
	};
}

function objectNotFound(base: Named, namespace: string, index: ResourceIndex): Problem | undefined {
	const { kind, name } = base;
	const candidates = index.data.names(kind, namespace);
	const similar = nearest(name, candidates);
	const elsewhere = index.data.findAnywhere(kind, name);
	if (index.coverage === 'part' && similar === undefined) return undefined;
	const place = namespace === '' ? '' : ` in namespace "${namespace}"`;
	const hint = elsewhere
		? elsewhere.resource.id.namespace === ''
			? '; there is one without a namespace: give it the namespace of the HelmRelease.'
			: `; there is one in namespace "${elsewhere.resource.id.namespace}", and a HelmRelease reads only its own: move it.`
		: similar !== undefined
			? `; did you mean "${similar}"?`
			: '; add it, or correct the name.';
	// Secrets are often made by hand; only what is nearly right is certain to be wrong.
	const byHand = kind === 'Secret' && !elsewhere && similar === undefined;
	return {
		code: 'helm/values-reference-not-found',
		severity: byHand ? 'information' : index.coverage === 'whole' ? 'error' : 'warning',
		message: `there is no ${kind} "${name}"${place} to take values from${hint}`,
		at: placeOf(base, 'name'),
		...(elsewhere && { related: [{ message: `${kind} "${name}"`, at: elsewhere.resource.from }] }),
		details: referenceWords(base, namespace, `${pluralOf(kind)} "${name}" not found`),
		...(index.coverage === 'whole' && !byHand && { fatal: true as const }),
	};
}

function keyNotFound(base: Omit<ValuesReference, 'absence'>, namespace: string, object: DataObject): Problem {
	const keys = [...object.data.keys()];
	const similar = nearest(base.key, keys);
	const suffix = object.data.has(base.key)
		? ' that the controller reads: it stands under "binaryData", where kustomize puts files that are no UTF-8 text; save the file as UTF-8.'
		: similar !== undefined
			? didYouMean(base.key, keys)
			: keys.length > 0
				? `; it has ${keys
						.sort()
						.slice(0, 5)
						.map(key => `"${key}"`)
						.join(', ')}: set "valuesKey".`
				: '; it has no data at all.';
	const named = child(base.node, 'valuesKey') !== undefined;
	return {
		code: 'helm/values-key-not-found',
		severity: 'error',
		message: `${base.kind} "${base.name}" has no key "${base.key}"${named ? '' : ' (the default)'}${suffix}`,
		at: placeOf(base, named ? 'valuesKey' : 'name'),
		related: [{ message: `${base.kind} "${base.name}"`, at: object.resource.from }],
		details: referenceWords(base, namespace, 'key not found'),
		fatal: true,
	};
}

function unsupportedKind(base: Omit<ValuesReference, 'absence'>, namespace: string): Problem {
	return {
		code: 'helm/values-reference-kind',
		severity: 'error',
		message: `values cannot be taken from a ${base.kind}; use a ConfigMap or a Secret${didYouMean(base.kind, ['ConfigMap', 'Secret'])}`,
		at: placeOf(base, 'kind'),
		details: referenceWords(base, namespace, 'unsupported values reference kind'),
		fatal: true,
	};
}

function placeOf({ node }: Pick<ValuesReference, 'node'>, field: string) {
	return addressOf((child(node, field) ?? node).origin);
}

function pluralOf(kind: string): string {
	return kind === 'Secret' ? 'secrets' : 'configmaps';
}

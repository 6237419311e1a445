/**
 * Lets names follow renamed objects: at the end of a build, every field that holds the name of another object gets that object's
 * present name (`api/filters/nameref`, `api/internal/accumulator.nameReferenceTransformer`).
 */
import { type Address, addressKey } from '../../base/address';
import { ofObject } from '../../base/memo';
import type { Problem } from '../../base/problem';
import { type Database, query } from '../../base/query';
import type { FieldSpec, NameBackReferences } from '../../kube/kustomize-facts';
import { describeId, formatId, type ResourceId } from '../../kube/resource-id';
import {
	addressOf,
	child,
	itemsOf,
	type MapNode,
	type Node,
	type Origin,
	type ScalarNode,
	textAt,
	withEntry,
	withItems,
} from '../../yaml/node';
import { editFields, type FieldTrouble, withText } from '../field-spec';
import {
	effectiveNamespace,
	firstId,
	fits,
	type GvkPattern,
	isClusterScoped,
	NO_NAMESPACE,
	previousIds,
} from '../identity';
import { type Tracked, type Transformed, withNode } from '../tracked';

/** Updates every reference. A resource is only found by a name that it had before. */
export function updateReferences(
	db: Database,
	references: readonly NameBackReferences[],
	at: Address,
	resources: readonly Tracked[],
): Transformed {
	const index = new CandidateIndex(resources);
	const specsOf = referrerSpecs(db, references);
	const known = db.get(updatedBefore, addressKey(at));
	const problems: Problem[] = [];
	const matched: ResourceId[] = [];
	const changed = resources.map(referrer => {
		const specs = specsOf(firstId(referrer));
		if (specs.length === 0) return referrer;
		let updated = known.get(referrer);
		if (updated?.specs !== specs || !index.answersAs(updated.asked))
			known.set(referrer, (updated = new Referrer(referrer, index).update(specs)));
		problems.push(...updated.problems);
		if (updated.result !== referrer) matched.push(referrer.id);
		return updated.result;
	});
	return {
		resources: matched.length === 0 ? resources : changed,
		problems,
		applications: [{ step: 'nameReference', at, matched, changed: matched.length > 0 }],
	};
}

/** What became of a referrer, and all that it was told about the others: as long as it would be told the same, the same becomes of it. */
interface Updated {
	readonly specs: readonly ReferrerSpec[];
	readonly asked: Asked;
	readonly result: Tracked;
	readonly problems: readonly Problem[];
}

/** By the place of the root: of its objects hardly any is another one after an edit. */
const updatedBefore = query<WeakMap<Tracked, Updated>>('updatedReferences', () => new WeakMap());

/** What a referrer asked of the index, with the answers. */
interface Asked {
	readonly named: Map<string, readonly Tracked[]>;
	readonly firstNamespaces: Map<string, boolean>;
	readonly within: ReadonlySet<string> | undefined;
}

/** One field of a referrer and the kind of object whose name it holds. */
interface ReferrerSpec {
	readonly spec: FieldSpec;
	readonly target: GvkPattern;
}

/** The specs by the kind of the referrer, remembered: a build has few kinds and many objects, and most builds have the same references. */
const referrerSpecs = ofObject<readonly NameBackReferences[], (id: ResourceId) => readonly ReferrerSpec[]>(
	references => {
		const known = new Map<string, readonly ReferrerSpec[]>();
		return id => {
			const key = `${id.group}/${id.version}/${id.kind}`;
			let specs = known.get(key);
			if (!specs) {
				specs = references.flatMap(target =>
					target.fieldSpecs.filter(spec => fits(id, spec)).map(spec => ({ spec, target })),
				);
				known.set(key, specs);
			}
			return specs;
		};
	},
);

/** The resources that have had another id, by each name they had. */
class CandidateIndex {
	readonly #byName = new Map<string, Tracked[]>();
	readonly #resources: readonly Tracked[];
	#firstNamespaces: ReadonlyMap<string, ReadonlySet<string>> | undefined;

	constructor(resources: readonly Tracked[]) {
		this.#resources = resources;
		for (const resource of resources) {
			for (const { name } of resource.previous) {
				const same = this.#byName.get(name);
				if (!same) this.#byName.set(name, [resource]);
				else if (same.at(-1) !== resource) same.push(resource);
			}
		}
	}

	named(name: string): readonly Tracked[] {
		return this.#byName.get(name) ?? NOBODY;
	}

	/** Whether the answers would still be the same. */
	answersAs({ named, firstNamespaces, within }: Asked): boolean {
		for (const [name, before] of named) {
			const now = this.named(name);
			if (now.length !== before.length || now.some((each, i) => each !== before[i])) return false;
		}
		for (const [namespace, before] of firstNamespaces)
			if (this.hasFirstNamespace(namespace, within) !== before) return false;
		return true;
	}

	/** Whether an object that stands in one of the namespaces now (in any where none are given) first stood in `namespace`. */
	hasFirstNamespace(namespace: string, within: ReadonlySet<string> | undefined): boolean {
		if (namespace === NO_NAMESPACE) return false;
		this.#firstNamespaces ??= firstNamespaces(this.#resources);
		if (within) return [...within].some(each => this.#firstNamespaces!.get(each)?.has(namespace));
		return [...this.#firstNamespaces.values()].some(first => first.has(namespace));
	}
}

/** The first effective namespaces of the objects that stand in each effective namespace now. Few references say a namespace. */
function firstNamespaces(resources: readonly Tracked[]): Map<string, Set<string>> {
	const found = new Map<string, Set<string>>();
	for (const resource of resources) {
		const now = effectiveNamespace(resource.id);
		let first = found.get(now);
		if (!first) found.set(now, (first = new Set()));
		first.add(effectiveNamespace(firstId(resource)));
	}
	return found;
}

const NOBODY: readonly Tracked[] = [];

/** One resource whose references are being updated. */
class Referrer {
	readonly #resource: Tracked;
	readonly #index: CandidateIndex;
	readonly #problems: Problem[] = [];
	/** The namespaces whose objects it can refer to; all where nothing (`SubsetThatCouldBeReferencedByResource`). */
	readonly #reach: ReadonlySet<string> | undefined;
	readonly #asked: Asked;
	#root: MapNode;

	constructor(resource: Tracked, index: CandidateIndex) {
		this.#resource = resource;
		this.#index = index;
		this.#root = resource.node;
		this.#reach = reachOf(resource);
		this.#asked = { named: new Map(), firstNamespaces: new Map(), within: this.#reach };
	}

	update(specs: readonly ReferrerSpec[]): Updated {
		for (const { spec, target } of specs) {
			const trouble = (found: FieldTrouble) => this.#problems.push(this.#invalid(spec, found));
			const set = (node: Node) => this.#set(node, spec, target, trouble);
			const origin = this.#resource.node.origin;
			this.#root = editFields(this.#root, { ...spec, create: false }, { set, create: undefined, origin, trouble });
		}
		const result = withNode(this.#resource, this.#root);
		return { specs, asked: this.#asked, result, problems: this.#problems };
	}

	#set(node: Node, spec: FieldSpec, target: GvkPattern, trouble: (trouble: FieldTrouble) => void): Node {
		if (node.kind === 'scalar') return node.tag === '!!null' ? node : this.#setScalar(node, spec, target);
		if (node.kind === 'map') return this.#setMap(node, spec, target, trouble);
		const items = node.items.map(item => {
			if (item.kind === 'scalar') return this.#setScalar(item, spec, target);
			if (item.kind === 'map') return this.#setMap(item, spec, target, trouble);
			trouble({ at: addressOf(item.origin), details: 'is expected to be either a string or a map of string' });
			return item;
		});
		return withItems(node, items);
	}

	#setScalar(node: ScalarNode, spec: FieldSpec, target: GvkPattern): Node {
		const found = this.#select(node.text, spec, target, addressOf(node.origin), () => true, sameName);
		return !found || found.id.name === node.text ? node : withText(node, found.id.name, undefined, originOf(found));
	}

	/** A map with `name` and perhaps `namespace`, both of which follow. */
	#setMap(node: MapNode, spec: FieldSpec, target: GvkPattern, trouble: (trouble: FieldTrouble) => void): Node {
		const name = child(node, 'name');
		if (!name) {
			trouble({ at: addressOf(node.origin), details: "path config error; no 'name' field in node" });
			return node;
		}
		if (name.kind !== 'scalar') return node;
		const namespace = child(node, 'namespace');
		const fitsNamespace = namespace?.kind === 'scalar' ? this.#inNamespace(namespace.text) : () => true;
		const found = this.#select(name.text, spec, target, addressOf(name.origin), fitsNamespace, sameNameAndNamespace);
		if (!found) return node;
		const origin = originOf(found);
		const named = withEntry(node, 'name', withText(name, found.id.name, undefined, origin));
		if (found.id.namespace === '') return named;
		const before = child(named, 'namespace');
		const after: Node =
			before?.kind === 'scalar'
				? withText(before, found.id.namespace, undefined, origin)
				: { kind: 'scalar', text: found.id.namespace, tag: '!!str', style: 'plain', origin };
		return withEntry(named, 'namespace', after);
	}

	/** Objects that first stood in the namespace, if there are any; else those that stand there now. */
	#inNamespace(namespace: string): (candidate: Tracked) => boolean {
		const isFirst = this.#index.hasFirstNamespace(namespace, this.#reach);
		this.#asked.firstNamespaces.set(namespace, isFirst);
		return isFirst
			? candidate => effectiveNamespace(firstId(candidate)) === namespace
			: candidate => namespace !== NO_NAMESPACE && effectiveNamespace(candidate.id) === namespace;
	}

	/** `nameref.Filter.selectReferral`: narrows the candidates down until one is left. */
	#select(
		name: string,
		spec: FieldSpec,
		target: GvkPattern,
		at: Address,
		fitsNamespace: (candidate: Tracked) => boolean,
		identical: (a: Tracked, b: Tracked) => boolean,
	): Tracked | undefined {
		const roleRef = spec.path.endsWith('roleRef/name') ? roleRefOf(this.#root) : undefined;
		const named = this.#index.named(name);
		this.#asked.named.set(name, named);
		let candidates = named.filter(candidate => {
			if (!this.#reaches(candidate) || !fitsNamespace(candidate)) return false;
			const ids = previousIds(candidate);
			if (!ids.some(id => fits(id, target)) || (roleRef && !ids.some(id => fits(id, roleRef)))) return false;
			return this.#sameNamespace(candidate);
		});
		if (candidates.length <= 1) return candidates[0];
		candidates = candidates.filter(candidate => sameAffixes(this.#resource, candidate, 'empty fits all'));
		if (candidates.length <= 1) return candidates[0];
		candidates = candidates.filter(candidate => sameAffixes(this.#resource, candidate, 'exact'));
		const [first] = candidates;
		if (!first || candidates.every(candidate => identical(first, candidate))) return first;
		this.#problems.push(this.#ambiguous(name, spec, at, candidates));
		return undefined;
	}

	#reaches({ id }: Tracked): boolean {
		return this.#reach === undefined || this.#reach.has(effectiveNamespace(id));
	}

	/** `sameCurrentNamespaceAsReferrer`: service accounts can be named across namespaces. */
	#sameNamespace({ id }: Tracked): boolean {
		const own = this.#resource.id;
		if (isClusterScoped(own) || isClusterScoped(id) || id.kind === 'ServiceAccount') return true;
		return effectiveNamespace(own) === effectiveNamespace(id);
	}

	#invalid(spec: FieldSpec, { at, details }: FieldTrouble): Problem {
		const id = formatId(this.#resource.id);
		return {
			code: 'kustomize/invalid-reference',
			severity: 'error',
			fatal: true,
			message: `\`${spec.path.replaceAll('/', '.')}\` of ${describeId(this.#resource.id)} should hold the name of another resource, and holds something else`,
			at,
			details: `updating name reference in '${spec.path}' field of '${id}': considering field '${spec.path}' of object ${id}: ...${details}`,
		};
	}

	#ambiguous(name: string, spec: FieldSpec, at: Address, candidates: readonly Tracked[]): Problem {
		const id = formatId(this.#resource.id);
		return {
			code: 'kustomize/ambiguous-reference',
			severity: 'error',
			fatal: true,
			message: `\`${name}\` can mean ${candidates.map(each => describeId(each.id)).join(' or ')}; kustomize does not know which name to put here`,
			at,
			related: candidates.map(candidate => ({ message: describeId(candidate.id), at: candidate.from })),
			details: `updating name reference in '${spec.path}' field of '${id}': considering field '${spec.path}' of object ${id}: found multiple possible referrals: ${candidates.map(each => formatId(each.id)).join(', ')}`,
		};
	}
}

/** `SubsetThatCouldBeReferencedByResource`: its own namespace, what has none, and those of a RoleBinding's service accounts. */
function reachOf({ id, node }: Tracked): ReadonlySet<string> | undefined {
	if (isClusterScoped(id)) return undefined;
	const reach = new Set([NO_NAMESPACE, effectiveNamespace(id)]);
	if (id.kind === 'RoleBinding') {
		for (const subject of itemsOf(child(node, 'subjects'))) {
			const namespace = textAt(subject, 'kind') === 'ServiceAccount' ? textAt(subject, 'namespace') : undefined;
			if (namespace) reach.add(namespace);
		}
	}
	return reach;
}

function roleRefOf(root: MapNode): GvkPattern | undefined {
	const group = textAt(root, 'roleRef', 'apiGroup');
	const kind = textAt(root, 'roleRef', 'kind');
	return group === undefined || kind === undefined ? undefined : { group, kind };
}

/** `Resource.PrefixesSuffixesEquals`: the shorter list of each is the end of the longer one. */
function sameAffixes(a: Tracked, b: Tracked, how: 'empty fits all' | 'exact'): boolean {
	const same = (x: readonly string[], y: readonly string[]) =>
		(how === 'empty fits all' && (x.length === 0 || y.length === 0)) || sameEnding(x, y);
	return same(a.namePrefixes, b.namePrefixes) && same(a.nameSuffixes, b.nameSuffixes);
}

/** `utils.SameEndingSubSlice`: an empty list is the end of an empty one only. */
function sameEnding(a: readonly string[], b: readonly string[]): boolean {
	const [short, long] = a.length <= b.length ? [a, b] : [b, a];
	if (short.length === 0) return long.length === 0;
	return short.every((text, i) => text === long[long.length - short.length + i]);
}

function sameName(a: Tracked, b: Tracked): boolean {
	return a.id.name === b.id.name;
}

function sameNameAndNamespace(a: Tracked, b: Tracked): boolean {
	return sameName(a, b) && a.id.namespace === b.id.namespace;
}

/** A name that followed comes from where the object's own name was made. */
function originOf(found: Tracked): Origin {
	const name = child(child(found.node, 'metadata'), 'name');
	return { ...(name ?? found.node).origin, step: 'nameReference' };
}

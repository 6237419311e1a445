/** `strata explain`: who wrote a field of a built resource, and who wrote it before, down to the first. */
import { formatPath, type FieldPath } from '../base/address';
import { nearest } from '../base/nearest';
import type { FilePath } from '../base/paths';
import type { Database } from '../base/query';
import { isSecretField } from '../kube/data-sources';
import type { Resource } from '../kube/resource';
import { build, type BuildOptions } from '../kustomize/build';
import { isTakenFromSecret, SECRET } from '../kube/taken-secrets';
import { syntaxOf } from '../workspace/documents';
import { addressOf, child, entriesOf, itemsOf, type Node, type Origin, textAt } from '../yaml/node';
import { locate } from '../yaml/syntax';
import { findingOf } from './build-output';
import { type PathStep } from './field-path';
import { placeOf, valueLabel } from './labels';
import type { ExplainedField, Explanation, Place } from './results';

/** What to look for. `namespace` and `path` narrow it down; every resource has the empty path. */
export interface Explained {
	readonly kind: string;
	readonly name: string;
	readonly namespace: string | undefined;
	readonly path: readonly PathStep[];
}

export function explain(db: Database, directory: FilePath, wanted: Explained, options: BuildOptions): Explanation {
	const built = build(db, directory, options);
	const titles = (resources: readonly Resource[]) => [...new Set(resources.map(({ id }) => titleOf(id)))].sort();
	const named = built.resources.filter(({ id, originalId }) => [id, originalId].some(each => isNamed(each, wanted)));
	// A resource that is called so now is meant rather than one that was.
	const now = named.filter(({ id }) => isNamed(id, wanted));
	const [resource, ...others] = now.length > 0 ? now : named;
	if (!resource) {
		if (built.failed) {
			const findings = built.problems.filter(problem => problem.fatal).map(problem => findingOf(db, problem));
			return { kind: 'no-build', findings };
		}
		const names = built.resources.flatMap(({ id, originalId }) => [id, originalId].map(titleOf));
		return { kind: 'no-resource', nearest: nearest(titleOf(wanted), names), all: titles(built.resources) };
	}
	if (others.length > 0) return { kind: 'several-resources', all: titles([resource, ...others]) };
	return explainField(db, resource, wanted.path);
}

function isNamed(id: Resource['id'], { kind, name, namespace }: Explained): boolean {
	const sameKind = id.kind.toLowerCase() === kind.toLowerCase();
	return sameKind && id.name === name && (namespace === undefined || id.namespace === namespace);
}

/** `Deployment/web`, or `shop/Deployment/web` with a namespace: as the command takes it. */
function titleOf({ namespace, kind, name }: Omit<Explained, 'path'>): string {
	return `${namespace ? `${namespace}/` : ''}${kind}/${name}`;
}

function explainField(db: Database, resource: Resource, steps: readonly PathStep[]): Explanation {
	let node: Node = resource.node;
	const path: (string | number)[] = [];
	for (const step of steps) {
		const found = follow(node, step);
		if (!found) return explainRemoved(db, resource, [...path, keyOf(step)]) ?? noField(node, path, step);
		node = found.node;
		path.push(found.key);
	}
	const fields = leaves(node, path).map(leaf => {
		const explained = explainLeaf(db, leaf);
		const isSecret = isSecretField(resource.id.kind, leaf.path) || isTakenFromSecret(leaf.node.origin);
		return isSecret ? withoutValues(explained) : explained;
	});
	return { kind: 'found', fields };
}

function follow(node: Node, step: PathStep): { readonly node: Node; readonly key: string | number } | undefined {
	if (step.kind === 'select') {
		const index = itemsOf(node).findIndex(item => textAt(item, step.field) === step.value);
		return index < 0 ? undefined : { node: itemsOf(node)[index]!, key: index };
	}
	// `containers.0.image` is what many tools write.
	const index =
		step.kind === 'index' ? step.index : node.kind === 'seq' && /^\d+$/.test(step.key) ? Number(step.key) : undefined;
	if (index !== undefined) {
		const item = itemsOf(node)[index];
		return item && { node: item, key: index };
	}
	const value = step.kind === 'key' ? child(node, step.key) : undefined;
	return value && { node: value, key: (step as { key: string }).key };
}

function keyOf(step: PathStep): string | number {
	return step.kind === 'key' ? step.key : step.kind === 'index' ? step.index : step.value;
}

function noField(node: Node, path: FieldPath, step: PathStep): Explanation {
	const selected = step.kind === 'select' ? step.field : undefined;
	const all =
		node.kind === 'seq'
			? itemsOf(node).map((item, i) => `[${selected ? `${selected}=${textAt(item, selected) ?? ''}` : i}]`)
			: entriesOf(node).map(({ key }) => key);
	return { kind: 'no-field', parent: formatPath(path), nearest: nearest(String(keyOf(step)), all), all };
}

/** A field that a patch has taken away is explained all the same. */
function explainRemoved(db: Database, { removed }: Resource, path: FieldPath): Explanation | undefined {
	const text = formatPath(path);
	const found = removed.find(removal => formatPath(removal.path) === text);
	if (!found) return undefined;
	const [remover, ...before] = writersOf(db, found.origin);
	return {
		kind: 'found',
		fields: [{ path: text, value: undefined, writers: [{ ...remover!, value: undefined }, ...before] }],
	};
}

interface Leaf {
	readonly node: Node;
	readonly path: FieldPath;
}

/** The scalars and empty collections at and below a node. */
function leaves(node: Node, path: FieldPath): Leaf[] {
	if (node.kind === 'map' && node.entries.length > 0) {
		return node.entries.flatMap(({ key, value }) => leaves(value, [...path, key]));
	}
	if (node.kind === 'seq' && node.items.length > 0) {
		return node.items.flatMap((item, i) => leaves(item, [...path, i]));
	}
	return [{ node, path }];
}

function explainLeaf(db: Database, { node, path }: Leaf): ExplainedField {
	const value = valueLabel(node);
	const [last, ...before] = writersOf(db, node.origin);
	// The last writer's own text need not be the value: a prefix is not the name that it makes.
	return { path: formatPath(path), value, writers: [{ ...last!, value }, ...before] };
}

function withoutValues({ path, writers }: ExplainedField): ExplainedField {
	return {
		path,
		value: SECRET,
		writers: writers.map((writer, i) => ({ ...writer, value: i === 0 ? SECRET : undefined })),
	};
}

function writersOf(db: Database, origin: Origin): ExplainedField['writers'] {
	const writers: ExplainedField['writers'][number][] = [];
	for (let at: Origin | undefined = origin; at; at = at.replaced) {
		const writer = { step: at.step, place: placeOf(db, addressOf(at)), value: sourceValue(db, at) };
		// A step may write a field twice, as `namespace` does where a field spec names the metadata too.
		const last = writers.at(-1);
		if (!last || last.step !== writer.step || !samePlace(last.place, writer.place)) writers.push(writer);
	}
	return writers;
}

function samePlace(a: Place, b: Place): boolean {
	return a.file === b.file && a.range.start === b.range.start && a.range.end === b.range.end;
}

/** What stands at the place of an origin, where that is a value of its own; nothing where it is a part of something else. */
function sourceValue(db: Database, { file, document, link, within }: Origin): string | undefined {
	if (within) return undefined;
	const { path } = addressOf({ step: 'resource', file, document, link });
	const root = syntaxOf(db, file).documents[document]?.root;
	const located = locate(root, path);
	return located.depth === path.length && located.node?.kind === 'scalar' ? valueOfText(located.node.text) : undefined;
}

function valueOfText(text: string): string {
	const [first = '', ...rest] = text.split('\n');
	return rest.some(Boolean) ? `${first} …` : first || '""';
}

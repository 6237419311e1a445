/**
 * `overlay/moved-object`: a `namespace:` takes an object out of the namespace that it said itself, or that its base gave it, and something
 * of the environment still looks for it there. Kustomize mends the references that it knows; those in host names, in webhooks and in
 * custom resources it leaves as they are.
 */
import { type Address, addressKey } from '../base/address';
import { ofObject } from '../base/memo';
import { piecesOf } from '../base/pieces';
import { type Database, longQuery } from '../base/query';
import { inSteps, type Steps } from '../base/steps';
import { describeId } from '../kube/resource-id';
import type { Resource } from '../kube/resource';
import type { ResourceIndex } from '../kube/resource-index';
import { environmentNames } from '../model/environments';
import { chainOf } from '../model/occurrences';
import { indexesOf } from '../model/releases';
import { sourceNode } from '../model/source-nodes';
import { addressOf, child, type Node, nodeAt, type Origin, textAt, walk } from '../yaml/node';
import type { Finding, Rule } from './rule';

export const overlayMovedObject: Rule = {
	code: 'overlay/moved-object',
	severity: 'warning',
	summary: 'A `namespace:` moves an object away from where others look for it.',
	pieces: db =>
		piecesOf(
			() => environmentNames(db),
			environment => db.get(inEnvironment, environment),
		),
	check: db => environmentNames(db).flatMap(environment => db.get(inEnvironment, environment)),
};

const inEnvironment = longQuery<readonly Finding[]>('movedObjects', function* (db, environment) {
	const found: Finding[] = [];
	for (const index of indexesOf(db, environment)) found.push(...(yield* inIndex(db, index, environment)));
	return found;
});

function* inIndex(db: Database, index: ResourceIndex, environment: string): Steps<Finding[]> {
	const moves = (yield* inSteps(index.resources, resource => movesOf(db, resource))).flat();
	const moved = moves.filter(each => isGone(index, each));
	if (moved.length === 0) return [];
	const references = yield* referencesByTarget(db, index.resources);
	return moved.flatMap(move => {
		const { id, originalId } = move.resource;
		const found = [...new Set([id.name, originalId.name])].flatMap(
			name => references.get(keyOf(id.kind, move.from, name)) ?? [],
		);
		const first = found.find(({ by }) => by.id.namespace === id.namespace) ?? found[0];
		return first ? [finding(move, first, environment)] : [];
	});
}

/** An object that was to stand in the namespace `from`, until the field at `at` came over it. */
interface Move {
	readonly resource: Resource;
	readonly from: string;
	readonly declared: Address;
	readonly at: Address;
}

function movesOf(db: Database, resource: Resource): Move[] {
	// Flux says itself what it does not find.
	if (resource.id.group.endsWith('toolkit.fluxcd.io')) return [];
	const namespace = nodeAt(resource.node, ['metadata', 'namespace']);
	if (namespace?.origin.step !== 'namespace') return [];
	return chainOf(namespace.origin).flatMap((origin, i, chain): Move[] => {
		const mover = chain[i - 1];
		// A field that was missing is made by the step that fills it.
		if (mover?.step !== 'namespace' || samePlace(mover, origin)) return [];
		const from = textAt(sourceNode(db, origin)) ?? '';
		if (from === '' || from === resource.id.namespace) return [];
		return [{ resource, from, declared: addressOf(origin), at: addressOf(mover) }];
	});
}

function samePlace(a: Origin, b: Origin): boolean {
	return addressKey(addressOf(a)) === addressKey(addressOf(b));
}

function isGone(index: ResourceIndex, { resource: { id, originalId }, from }: Move): boolean {
	return [id.name, originalId.name].every(name => index.find(id.group, id.kind, from, name) === undefined);
}

/** A place that names an object and its namespace. */
interface Mention {
	readonly target: string;
	/** As it is written there. */
	readonly text: string;
	readonly origin: Origin;
}

interface Reference extends Mention {
	readonly by: Resource;
}

function* referencesByTarget(
	db: Database,
	resources: readonly Resource[],
): Steps<ReadonlyMap<string, readonly Reference[]>> {
	const byTarget = new Map<string, Reference[]>();
	for (const by of resources) {
		for (const mention of mentionsIn(db, by.node)) {
			const same = byTarget.get(mention.target);
			if (same) same.push({ ...mention, by });
			else byTarget.set(mention.target, [{ ...mention, by }]);
		}
		yield;
	}
	return byTarget;
}

const mentionsIn = ofObject<Node, readonly Mention[]>(tree => {
	const found: Mention[] = [];
	walk(tree, (node, link) => {
		// What stands in `metadata` names the object itself.
		if (link?.key === 'metadata') return link.parent !== undefined;
		if (node.kind === 'scalar') found.push(...hostsIn(node.text, node.origin));
		if (node.kind !== 'map') return true;
		const [name, namespace] = [textAt(node, 'name'), textAt(node, 'namespace')];
		const kind = textAt(node, 'kind') ?? kindMeant(String(link?.key ?? ''));
		if (name === undefined || namespace === undefined || kind === undefined) return true;
		const text = `${kind}/${name} in namespace ${namespace}`;
		found.push({ target: keyOf(kind, namespace, name), text, origin: child(node, 'namespace')!.origin });
		return true;
	});
	return found;
});

/** `name.namespace.svc` is how a Service is called from other namespaces. */
function hostsIn(text: string, origin: Origin): Mention[] {
	if (!text.includes('.svc')) return [];
	return [...text.matchAll(/(?<![\w.-])([a-z0-9-]+)\.([a-z0-9-]+)\.svc(?![\w-])/g)].map(([host, name, namespace]) => ({
		target: keyOf('Service', namespace!, name!),
		text: host,
		origin,
	}));
}

/** What a field refers to that has a name and a namespace, and no kind. */
function kindMeant(field: string): string | undefined {
	if (field === 'service' || field === 'serviceRef') return 'Service';
	if (/^secret(Key)?(Ref|Selector)$/.test(field)) return 'Secret';
	if (/^configMap(Key)?(Ref|Selector)$/.test(field)) return 'ConfigMap';
	return /^serviceAccount(Ref)?$/.test(field) ? 'ServiceAccount' : undefined;
}

function keyOf(kind: string, namespace: string, name: string): string {
	return `${kind}/${namespace}/${name}`;
}

function finding({ resource, from, declared, at }: Move, reference: Reference, environment: string): Finding {
	const { kind, name, namespace } = resource.id;
	return {
		code: overlayMovedObject.code,
		severity: overlayMovedObject.severity,
		message:
			`this moves ${kind}/${name} from \`${from}\` to \`${namespace}\`, and ${describeId(reference.by.id)} still looks for it in \`${from}\` (\`${reference.text}\`); ` +
			'correct the reference in this environment, or build the object where no `namespace` reaches it',
		at,
		related: [
			{ message: `${kind}/${name} stands in \`${from}\` here`, at: declared },
			...(addressKey(declared) === addressKey(addressOf(reference.origin))
				? []
				: [{ message: 'the reference', at: addressOf(reference.origin) }]),
		],
		environments: environment === '' ? [] : [environment],
	};
}

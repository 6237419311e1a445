/**
 * Precompiled Rego policies on what the tree renders. Policies of conftest, of OPA's admission controller and of Gatekeeper agree in how they
 * refuse: `deny`, `violation` and `warn` are sets of messages; they differ in where they look for the object, so that it stands in all three places.
 */
import type { Address } from '../../base/address';
import type { Problem } from '../../base/problem';
import type { Resource } from '../../kube/resource';
import type { RegoAnswer, RegoFinding } from '../../workspace/rego-engine';
import { addressOf, child, itemsOf, type Node, nodeAt, type Plain, toPlain } from '../../yaml/node';
import { mapOf } from './kyverno/plain-values';
import { nearestAddress } from './policy-findings';
import { redact } from './redact';

/** One bundle that `strata.yaml` names. */
export interface RegoPolicy {
	/** As it is written there. */
	readonly name: string;
	/** Where. */
	readonly at: Address;
	/** What it has said of objects that are still the same. */
	readonly known: WeakMap<Node, readonly RegoFinding[]>;
	evaluate(objects: readonly string[]): RegoAnswer;
}

/** The problems that the policies find; a policy that cannot be run is said once. */
export function regoProblems(resources: readonly Resource[], policies: readonly RegoPolicy[]): readonly Problem[] {
	return policies.flatMap(policy => {
		const asked = resources.filter(({ node }) => !policy.known.has(node));
		const answer: RegoAnswer =
			asked.length === 0 ? { kind: 'answers', answers: [] } : policy.evaluate(asked.map(inputOf));
		if (answer.kind === 'not-evaluated') return [notEvaluated(policy, answer.why)];
		asked.forEach(({ node }, i) => policy.known.set(node, answer.answers[i] ?? []));
		return resources.flatMap(resource =>
			(policy.known.get(resource.node) ?? []).map(found => violation(policy, resource, found)),
		);
	});
}

/** The object itself (conftest), as a request to create it (OPA), and as what Gatekeeper reviews. */
function inputOf({ id: { group, version, kind, name, namespace }, node }: Resource): string {
	const object = toPlain(node);
	const ofKind = { group, version, kind };
	const request: Plain = { operation: 'CREATE', kind: ofKind, name, namespace, object };
	const own = typeof object === 'object' && object !== null && !Array.isArray(object) ? object : {};
	const input = mapOf([...Object.entries(own), ['request', request], ['review', request], ['parameters', {}]]);
	return JSON.stringify(input, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value));
}

function violation({ name, at }: RegoPolicy, resource: Resource, { rule, kind, message }: RegoFinding): Problem {
	const { id, node } = resource;
	const text = redact(message, resource).replace(/\s+/g, ' ').trim().slice(0, MAX_MESSAGE);
	return {
		code: 'policy/rego',
		severity: kind === 'deny' ? 'error' : 'warning',
		message: `${id.kind}/${id.name} violates ${rule} of ${name}${text ? `: ${text}` : '.'}`,
		at: nearestAddress(node, ['metadata', 'name']),
		related: [{ message: 'the policy', at }],
	};
}

const MAX_MESSAGE = 1_000;

function notEvaluated({ name, at }: Pick<RegoPolicy, 'name' | 'at'>, why: string): Problem {
	return {
		code: 'policy/not-evaluated',
		severity: 'information',
		message: `${name} cannot be evaluated here, so nothing is said about what it would refuse: ${why}.`,
		at,
	};
}

/** Policies of Gatekeeper hold Rego as it is written, which nothing here compiles: said once, at each. */
export function rawRegoProblems(resources: readonly Resource[]): readonly Problem[] {
	return resources.flatMap(({ id, node }): readonly Problem[] => {
		if (id.group !== 'templates.gatekeeper.sh' || id.kind !== 'ConstraintTemplate') return [];
		const target = itemsOf(nodeAt(node, ['spec', 'targets']))[0];
		const at = addressOf(
			(child(target, 'rego') ?? child(target, 'code') ?? nodeAt(node, ['metadata', 'name']) ?? node).origin,
		);
		const why =
			'it holds Rego as source; compiled with `opa build -t wasm -e` it can be listed under `policies.rego` in strata.yaml';
		return [notEvaluated({ name: `ConstraintTemplate/${id.name}`, at }, why)];
	});
}

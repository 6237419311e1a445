/** Outcomes of policies as problems: violations at the field that someone wrote, what cannot be evaluated once at the policy. */
import type { Address, FieldPath } from '../../base/address';
import type { Problem, Severity } from '../../base/problem';
import type { Resource } from '../../kube/resource';
import { addressOf, type Node, nodeAt } from '../../yaml/node';
import type { Outcome } from './kyverno/validate-rule';
import { redact, redactMade } from './redact';

/** One rule (or a policy without rules) applied to one resource. */
export interface Application {
	readonly code: string;
	readonly policy: Resource;
	/** Where the rule stands in the policy. */
	readonly rule: FieldPath;
	/** Empty where the policy has no named rules. */
	readonly ruleName: string;
	readonly resource: Resource;
	readonly severity: Severity;
	readonly outcome: Outcome;
	/** The words of the admission, for a violation with this message. */
	readonly words: (message: string) => string;
}

/** The problems of applications, in their order; of a policy that cannot be evaluated only the first reason is told. */
export function applicationProblems(applications: Iterable<Application>): readonly Problem[] {
	const problems: Problem[] = [];
	const unanswered = new Set<Node>();
	for (const application of applications) {
		const { outcome, policy } = application;
		if (outcome.status === 'fail')
			for (const { message, path } of [outcome, ...(outcome.others ?? [])])
				problems.push(violation(application, redactMade(message, policy, application.resource), path));
		const reason = unanswered.has(policy.node) ? undefined : reasonOf(outcome, application.resource);
		if (reason === undefined) continue;
		unanswered.add(policy.node);
		problems.push(notEvaluated(application, reason));
	}
	return problems;
}

/** Why nothing is said of the resource, or of a part of what is asked. An error may tell of the values that it came from. */
function reasonOf(outcome: Outcome, resource: Resource): string | undefined {
	switch (outcome.status) {
		case 'not-evaluated':
			return redact(outcome.why, resource);
		case 'fail':
			return outcome.unsaid === undefined ? undefined : redact(outcome.unsaid, resource);
		case 'error':
			return resource.id.kind === 'Secret'
				? 'an expression ends with an error, which is not shown for a Secret'
				: redact(outcome.message, resource);
		case 'pass':
		case 'skip':
			return undefined;
	}
}

function violation(
	{ code, policy, rule, ruleName, resource, severity, words }: Application,
	message: string,
	path: FieldPath,
): Problem {
	const { id } = resource;
	const name = ruleName
		? `rule "${ruleName}" of ${policy.id.kind}/${policy.id.name}`
		: `${policy.id.kind}/${policy.id.name}`;
	const text = message.replace(/\s+/g, ' ').trim();
	return {
		code,
		severity,
		message: `${id.kind}/${id.name} violates ${name}${text ? `: ${text}` : '.'}`,
		at: placeOf(resource, path),
		related: [{ message: ruleName ? `the rule "${ruleName}"` : 'the policy', at: nearestAddress(policy.node, rule) }],
		details: words(message),
	};
}

/** Where the rule tells of no field, the object's name in its own file, whoever may have put something before it. */
function placeOf({ node, from }: Resource, path: FieldPath): Address {
	if (path.length > 0 && nodeAt(node, path.slice(0, 1))) return nearestAddress(node, path);
	return { ...from, path: [...from.path, 'metadata', 'name'] };
}

function notEvaluated({ policy, rule, ruleName, resource, outcome }: Application, why: string): Problem {
	const name = `${policy.id.kind}/${policy.id.name}`;
	const whole = ruleName ? `Rule "${ruleName}" of ${name}` : name;
	const [part, pronoun] = outcome.status === 'fail' ? [`A part of ${whole}`, 'that'] : [whole, 'it'];
	return {
		code: 'policy/not-evaluated',
		severity: 'information',
		message: `${part} cannot be evaluated here, so nothing is said about what ${pronoun} would refuse: ${why} (first for ${resource.id.kind}/${resource.id.name}).`,
		at: nearestAddress(policy.node, rule),
	};
}

/** The field's own address, or that of the nearest parent that is there. */
export function nearestAddress(root: Node, path: FieldPath): Address {
	for (let length = path.length; length > 0; length--) {
		const node = nodeAt(root, path.slice(0, length));
		if (node) return addressOf(node.origin);
	}
	return addressOf(root.origin);
}

/** A policy of CEL expressions on one resource: match conditions, lazy variables, validations with their messages; apiserver `validating/validator.go`. */
import type { Subject } from '../kyverno/match';
import type { Outcome, Violation } from '../kyverno/validate-rule';
import { celMap, type CelValue, celValue } from './cel-values';
import { partlyKnown, withClusterTraps } from './cluster-functions';
import { celScope, type CelVariable, withVariables } from './environment';
import { fieldOf } from './fields-of';
import type { CelProgram, CelResult } from './program';

export interface CelPolicy {
	/** What an expression that ends with an error does: it refuses, or does not count. */
	readonly failurePolicy: 'Fail' | 'Ignore';
	readonly variables: readonly CelVariable[];
	readonly matchConditions: readonly CelVariable[];
	readonly validations: readonly {
		readonly expression: string;
		/** Empty where there is none. */
		readonly message: string;
		readonly messageExpression: string;
	}[];
}

/** Judges one subject after another; `given` are further variables, such as `params`. */
export type CelEvaluator = (subject: Subject, given: Readonly<Record<string, CelValue>>) => Outcome;

/**
 * Prepares a policy: its expressions are compiled once, when they are first needed. Of the validations that fail the server tells the first; whoever
 * mends that should not have to find out about the next one by one.
 */
export function celEvaluator(policy: CelPolicy): CelEvaluator {
	const scope = celScope(policy.variables);
	const programs = new Map<string, CelProgram>();
	const compiled = (expression: string): CelProgram => {
		let program = programs.get(expression);
		if (!program) programs.set(expression, (program = scope.compile(expression)));
		return program;
	};
	return (subject, given) => {
		let unanswered: string | undefined;
		const asked = (why: string) => {
			unanswered ??= why;
		};
		const context = withClusterTraps({ ...admissionVariables(subject, asked), ...given }, asked);
		const bound = withVariables(context, scope.bind(context, asked));
		// `a || b` swallows that `a` cannot be answered here and reports what is wrong with `b`; then nothing can be said either.
		return judge(policy, expression => {
			const result = compiled(expression).run(bound);
			return result.kind === 'error' && unanswered !== undefined ? { kind: 'not-evaluated', why: unanswered } : result;
		});
	};
}

function judge(policy: CelPolicy, run: (expression: string) => CelResult): Outcome {
	const { failurePolicy, validations } = policy;
	const unmatched = conditionsFail(policy, run);
	if (unmatched) return unmatched;
	let unsaid: Outcome | undefined;
	const violations: Violation[] = [];
	for (const { expression, message, messageExpression } of validations) {
		const result = run(expression);
		if (result.kind === 'not-evaluated') unsaid ??= { status: 'not-evaluated', why: result.why };
		else if (result.kind === 'error') {
			const denied = failurePolicy === 'Fail' && deniedByError(expression, result.message, policy.variables);
			if (denied) violations.push(denied);
			else if (failurePolicy === 'Fail') unsaid ??= { status: 'error', message: result.message };
		} else if (result.value !== true) {
			const made = messageExpression ? run(messageExpression) : undefined;
			const text =
				made?.kind === 'value' && typeof made.value === 'string' && made.value.trim() !== '' ? made.value : message;
			violations.push({
				message: text || `failed expression: ${expression}`,
				path: fieldOf(expression, policy.variables),
			});
		}
	}
	const [first, ...others] = violations;
	if (!first) return unsaid ?? { status: 'pass' };
	return { status: 'fail', ...first, others, ...(unsaid?.status === 'not-evaluated' && { unsaid: unsaid.why }) };
}

/**
 * An expression that ends with an error refuses. Of a field that is not there that is sure, unless the server or its plugins add it; other errors may be this
 * engine's own.
 */
function deniedByError(expression: string, error: string, variables: readonly CelVariable[]): Violation | undefined {
	const key = /^No such key: (\S+)$/.exec(error)?.[1];
	if (key === undefined || ADDED_LATER.has(key)) return undefined;
	return {
		message: `expression '${expression}' resulted in error: no such key: ${key}`,
		path: fieldOf(expression, variables),
	};
}

/** Fields that are set on the way to the policies, by more than defaults. */
const ADDED_LATER: ReadonlySet<string> = new Set([
	...['uid', 'creationTimestamp', 'generation', 'resourceVersion', 'managedFields', 'selfLink', 'finalizers', 'status'],
	...['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy', 'nodePort', 'healthCheckNodePort'],
	...['storageClassName', 'ingressClassName', 'selector', 'secrets'],
	...['tolerations', 'priority', 'preemptionPolicy', 'serviceAccount', 'volumeMounts', 'volumes'],
	...['requests', 'limits', 'cpu', 'memory', 'ephemeral-storage'],
]);

/** Nothing where all match conditions are met. One that is not met counts for more than one that cannot be told; apiserver `matchconditions/matcher.go`. */
function conditionsFail(
	{ failurePolicy, matchConditions }: CelPolicy,
	run: (expression: string) => CelResult,
): Outcome | undefined {
	let outcome: Outcome | undefined;
	for (const { name, expression } of matchConditions) {
		const result = run(expression);
		if (result.kind === 'value') {
			if (result.value !== true) return { status: 'skip', why: `match condition ${name} is not met` };
		} else if (result.kind === 'not-evaluated') outcome ??= { status: 'not-evaluated', why: result.why };
		else
			outcome ??=
				failurePolicy === 'Ignore'
					? { status: 'skip', why: `match condition ${name}: ${result.message}` }
					: { status: 'error', message: `match condition ${name}: ${result.message}` };
	}
	return outcome;
}

function admissionVariables(subject: Subject, asked: (why: string) => void): Readonly<Record<string, CelValue>> {
	const object = celValue(subject.object);
	return {
		object: subject.operation === 'DELETE' ? null : object,
		oldObject: subject.operation === 'CREATE' ? null : object,
		request: requestOf(subject, asked),
		namespaceObject: namespaceOf(subject, asked),
	};
}

function requestOf(subject: Subject, asked: (why: string) => void): CelValue {
	const { operation, namespace, name, group, version, kind, resource } = subject;
	const ofKind = celMap({ group, version, kind });
	const ofResource = celMap({ group, version, resource });
	return partlyKnown(
		Object.entries({
			operation,
			namespace,
			name,
			kind: ofKind,
			requestKind: ofKind,
			resource: ofResource,
			requestResource: ofResource,
			subResource: '',
			requestSubResource: '',
			dryRun: false,
		}),
		{
			userInfo: '"request.userInfo" asks who sends a request',
			options: '"request.options" is told by who sends a request',
		},
		asked,
	);
}

/** Null for what stands in no namespace. Of one that is not in the tree only the name is known. */
function namespaceOf({ namespace, kind, namespaceLabels }: Subject, asked: (why: string) => void): CelValue {
	if (namespace === '' || kind === 'Namespace') return null;
	const unknown = `namespace ${namespace} is not in the tree`;
	const metadata = namespaceLabels
		? celMap({ name: namespace, labels: celValue(namespaceLabels) })
		: partlyKnown([['name', namespace]], { labels: unknown, annotations: unknown }, asked);
	return celMap({ apiVersion: 'v1', kind: 'Namespace', metadata });
}

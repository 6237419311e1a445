/** A policy of CEL expressions on one resource: match conditions, lazy variables, validations with their messages; apiserver `validating/validator.go`. */
import type { Plain } from '../../../yaml/node';
import type { Subject } from '../kyverno/match';
import { isList, isMap } from '../kyverno/plain-values';
import type { Outcome } from '../kyverno/validate-rule';
import type { CelValue } from './cel-values';
import type { CelProgram, CelResult } from './program';
import { celScope, type CelVariable, withClusterTraps, withVariables } from './environment';

export interface CelPolicy {
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

/** Prepares a policy: its expressions are compiled once, when they are first needed. Of the validations the first that fails counts. */
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
		const context = withClusterTraps({ ...admissionVariables(subject), ...given }, asked);
		const bound = withVariables(context, scope.bind(context, asked));
		// `a || b` swallows that `a` cannot be answered here and reports what is wrong with `b`; then nothing can be said either.
		return judge(policy, expression => {
			const result = compiled(expression).run(bound);
			return result.kind === 'error' && unanswered !== undefined ? { kind: 'not-evaluated', why: unanswered } : result;
		});
	};
}

function judge({ matchConditions, validations }: CelPolicy, run: (expression: string) => CelResult): Outcome {
	for (const { name, expression } of matchConditions) {
		const result = run(expression);
		if (result.kind === 'not-evaluated') return { status: 'not-evaluated', why: result.why };
		if (result.kind === 'error') return { status: 'error', message: `match condition ${name}: ${result.message}` };
		if (result.value !== true) return { status: 'skip', why: `match condition ${name} is not met` };
	}
	let unknown: Outcome | undefined;
	for (const { expression, message, messageExpression } of validations) {
		const result = run(expression);
		if (result.kind === 'not-evaluated') unknown ??= { status: 'not-evaluated', why: result.why };
		else if (result.kind === 'error') return { status: 'error', message: result.message };
		else if (result.value !== true) {
			const made = messageExpression ? run(messageExpression) : undefined;
			const text =
				made?.kind === 'value' && typeof made.value === 'string' && made.value.trim() !== '' ? made.value : message;
			return { status: 'fail', message: text || `failed expression: ${expression}`, path: [] };
		}
	}
	return unknown ?? { status: 'pass' };
}

function admissionVariables(subject: Subject): Readonly<Record<string, CelValue>> {
	const object = celValue(subject.object);
	return {
		object: subject.operation === 'DELETE' ? null : object,
		oldObject: subject.operation === 'CREATE' ? null : object,
		request: requestOf(subject),
		namespaceObject: namespaceOf(subject),
	};
}

/** Plain values as CEL's: integers are `int`. */
export function celValue(value: Plain): CelValue {
	if (isList(value)) return value.map(celValue);
	if (isMap(value)) return new Map(Object.entries(value).map(([key, item]) => [key, celValue(item)]));
	return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value;
}

function requestOf({ operation, namespace, name, group, version, kind }: Subject): CelValue {
	const gvk = new Map([
		['group', group],
		['version', version],
		['kind', kind],
	]);
	return new Map<string, CelValue>([
		['operation', operation],
		['namespace', namespace],
		['name', name],
		['kind', gvk],
		['requestKind', gvk],
		['dryRun', false],
	]);
}

/** Null for what stands in no namespace. */
function namespaceOf({ namespace, kind, namespaceLabels }: Subject): CelValue {
	if (namespace === '' || kind === 'Namespace') return null;
	const labels = celValue(namespaceLabels ?? {});
	return new Map<string, CelValue>([
		['apiVersion', 'v1'],
		['kind', 'Namespace'],
		[
			'metadata',
			new Map<string, CelValue>([
				['name', namespace],
				['labels', labels],
			]),
		],
	]);
}

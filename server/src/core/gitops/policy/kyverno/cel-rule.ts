/** `validate.cel` with its preconditions and variables, as a ValidatingAdmissionPolicy would judge; kyverno `validate_cel.go`. */
import type { Plain } from '../../../yaml/node';
import { celEvaluator } from '../cel/validation';
import type { Subject } from './match';
import { get, isMap, listOf, type PlainMap, textOf } from './plain-values';
import type { PolicyEnvironment } from './policy-context';
import type { Outcome } from './validate-rule';

export type CelRule = (subject: Subject, environment: PolicyEnvironment) => Outcome;

/** Prepares a CEL rule. */
export function celRuleEvaluator(rule: PlainMap): CelRule {
	const cel = get(rule, 'validate', 'cel');
	const named = (list: readonly Plain[]) =>
		list.map(item => ({ name: textOf(item, 'name') ?? '', expression: textOf(item, 'expression') ?? '' }));
	const evaluate = celEvaluator({
		failurePolicy: 'Fail',
		variables: named(listOf(cel, 'variables')),
		matchConditions: named(listOf(rule, 'celPreconditions')),
		validations: listOf(cel, 'expressions').map(item => ({
			expression: textOf(item, 'expression') ?? '',
			message: textOf(item, 'message') ?? textOf(rule, 'validate', 'message') ?? '',
			messageExpression: textOf(item, 'messageExpression') ?? '',
		})),
	});
	const kind = get(cel, 'paramKind');
	if (!isMap(kind)) return subject => evaluate(subject, {});
	return (subject, { parameters }) => {
		const params = parameters?.(kind, get(cel, 'paramRef'), subject.namespace) ?? 'the rule takes parameters';
		if (typeof params === 'string') return { status: 'not-evaluated', why: params };
		let outcome: Outcome = { status: 'pass' };
		for (const given of params) {
			outcome = evaluate(subject, { params: given });
			if (outcome.status !== 'pass') break;
		}
		return outcome;
	};
}

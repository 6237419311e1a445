/** `validate.cel` with its preconditions and variables, as a ValidatingAdmissionPolicy would judge; kyverno `validate_cel.go`. */
import type { Plain } from '../../../yaml/node';
import { celEvaluator } from '../cel/validation';
import type { Subject } from './match';
import { get, isMap, listOf, type PlainMap, textOf } from './plain-values';
import type { Outcome } from './validate-rule';

/** Prepares a CEL rule. */
export function celRuleEvaluator(rule: PlainMap): (subject: Subject) => Outcome {
	const cel = get(rule, 'validate', 'cel');
	if (isMap(get(cel, 'paramKind'))) return () => ({ status: 'not-evaluated', why: 'the rule takes parameters' });
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
	return subject => evaluate(subject, {});
}

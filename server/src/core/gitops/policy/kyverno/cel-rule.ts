/** `validate.cel` with its preconditions and variables, as a ValidatingAdmissionPolicy would judge; kyverno `validate_cel.go`. */
import type { Plain } from '../../../yaml/node';
import { validateWithCel } from '../cel/validation';
import type { Subject } from './match';
import { get, isMap, listOf, type PlainMap, textOf } from './plain-values';
import type { PolicyEnvironment } from './policy-context';
import type { Outcome } from './validate-rule';

/** The outcome of a CEL rule. */
export function validateCel(rule: PlainMap, subject: Subject, _environment: PolicyEnvironment): Outcome {
	const cel = get(rule, 'validate', 'cel');
	if (isMap(get(cel, 'paramKind'))) return { status: 'not-evaluated', why: 'the rule takes parameters' };
	const named = (list: readonly Plain[]) =>
		list.map(item => ({ name: textOf(item, 'name') ?? '', expression: textOf(item, 'expression') ?? '' }));
	return validateWithCel(
		{
			variables: named(listOf(cel, 'variables')),
			matchConditions: named(listOf(rule, 'celPreconditions')),
			validations: listOf(cel, 'expressions').map(item => ({
				expression: textOf(item, 'expression') ?? '',
				message: textOf(item, 'message') ?? textOf(rule, 'validate', 'message') ?? '',
				messageExpression: textOf(item, 'messageExpression') ?? '',
			})),
		},
		subject,
		{},
	);
}

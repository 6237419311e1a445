/** One validate rule on one resource: preconditions, then deny, patterns, foreach, CEL or podSecurity; kyverno `validate_resource.go`. */
import type { FieldPath } from '../../../base/address';
import type { Node, Plain } from '../../../yaml/node';
import { validateAssertion } from './assert-rule';
import { conditionsHold } from './conditions';
import { placeOfDenial, placeOfList } from './deny-place';
import { type CelRule, celRuleEvaluator } from './cel-rule';
import { query } from './jmespath';
import type { Subject } from './match';
import { matchPattern } from './pattern';
import { get, isList, isMap, listOf, type PlainMap, textOf } from './plain-values';
import { validatePodSecurity } from './pod-security-rule';
import { type PolicyEnvironment, requestContext, withEntries } from './policy-context';
import {
	type Context,
	substitute,
	substituteLeniently,
	substituteReferences,
	Unanswerable,
	Unresolved,
} from './variables';

export type Outcome =
	| { readonly status: 'pass' }
	| { readonly status: 'skip'; readonly why: string }
	/** The first violation, and where a rule asks for several things, the others; `unsaid`: why nothing can be said of some of them. */
	| ({ readonly status: 'fail'; readonly others?: readonly Violation[]; readonly unsaid?: string } & Violation)
	| { readonly status: 'error'; readonly message: string }
	| { readonly status: 'not-evaluated'; readonly why: string };

export interface Violation {
	readonly message: string;
	/** Leads to the field that is wrong, where the rule tells. */
	readonly path: FieldPath;
}

/** Judges a resource that the rule matches; `node` is its tree. */
export type RuleValidator = (subject: Subject, node: Node, environment: PolicyEnvironment) => Outcome;

/** Prepares a rule. */
export function ruleValidator(rule: PlainMap): RuleValidator {
	const cel = isMap(get(rule, 'validate', 'cel')) ? celRuleEvaluator(rule) : undefined;
	return (subject, node, environment) => validateRule(rule, cel, subject, node, environment);
}

function validateRule(
	rule: PlainMap,
	cel: CelRule | undefined,
	subject: Subject,
	node: Node,
	environment: PolicyEnvironment,
): Outcome {
	try {
		const validate = get(rule, 'validate');
		if (!isMap(validate)) return { status: 'not-evaluated', why: 'it is no validation rule' };
		// kyverno `hasValidateManifests`: signatures.
		if (get(validate, 'manifests') !== undefined)
			return { status: 'not-evaluated', why: 'validate.manifests is not supported' };
		const context = withEntries(requestContext(subject), listOf(rule, 'context'), environment);
		if (!conditionsHold(get(rule, 'preconditions'), value => substituteLeniently(value, context)))
			return { status: 'skip', why: 'preconditions not met' };
		const assertion = get(validate, 'assert');
		if (assertion !== undefined && assertion !== null)
			return validateAssertion(rule, subject, context, message(rule, context));
		if (cel) return cel(subject, environment);
		if (isMap(get(validate, 'podSecurity'))) return validatePodSecurity(rule, subject, node);
		return validateIn(validate, context, { value: subject.object, path: [], element: [] }, environment, rule, 0);
	} catch (error) {
		if (error instanceof Unanswerable) return { status: 'not-evaluated', why: error.message };
		if (error instanceof Unresolved) return { status: 'error', message: error.message };
		throw error;
	}
}

/** The rule's message, its variables filled in as far as they can be. */
function message(rule: PlainMap, context: Context): string {
	const text = textOf(rule, 'validate', 'message') ?? '';
	try {
		const filled = substitute(text, context);
		return typeof filled === 'string' ? filled.trim() : text;
	} catch {
		return text;
	}
}

/** What is judged, and where it stands. */
interface Judged {
	readonly value: Plain;
	readonly path: FieldPath;
	/** Leads to the element of the loop around it, which need not be what is judged. */
	readonly element: FieldPath;
}

function validateIn(
	validate: PlainMap,
	context: Context,
	{ value, path, element }: Judged,
	environment: PolicyEnvironment,
	rule: PlainMap,
	nesting: number,
): Outcome {
	const deny = get(validate, 'deny');
	if (isMap(deny)) {
		const conditions = get(deny, 'conditions');
		const resolve = (item: Plain) => substituteLeniently(item, context);
		if (!conditionsHold(conditions, resolve)) return { status: 'pass' };
		return { status: 'fail', message: message(rule, context), path: placeOfDenial(conditions, resolve, element) };
	}
	const pattern = get(validate, 'pattern');
	if (pattern !== undefined && pattern !== null)
		return matchOne(value, fill(pattern, context), path, message(rule, context));
	const anyPattern = get(validate, 'anyPattern');
	if (isList(anyPattern))
		return matchAny(
			value,
			anyPattern.map(item => fill(item, context)),
			path,
			message(rule, context),
		);
	const loops = listOf(validate, 'foreach');
	if (loops.length > 0) return validateEach(loops, context, element, environment, rule, nesting);
	return { status: 'not-evaluated', why: 'the rule has none of pattern, anyPattern, deny, foreach, cel, podSecurity' };
}

function fill(pattern: Plain, context: Context): Plain {
	return substitute(substituteReferences(pattern), context);
}

function matchOne(value: Plain, pattern: Plain, path: FieldPath, text: string): Outcome {
	const mismatch = matchPattern(value, pattern);
	if (!mismatch) return { status: 'pass' };
	if (mismatch.kind === 'skip') return { status: 'skip', why: mismatch.message };
	return { status: 'fail', message: text, path: [...path, ...mismatch.path] };
}

function matchAny(value: Plain, patterns: readonly Plain[], path: FieldPath, text: string): Outcome {
	const results = patterns.map(pattern => matchOne(value, pattern, path, text));
	if (results.length === 0 || results.some(({ status }) => status === 'pass')) return { status: 'pass' };
	return results.find(({ status }) => status === 'fail') ?? results[0]!;
}

const MAX_NESTING = 5;
const MAX_ELEMENTS = 2_000;

function validateEach(
	loops: readonly Plain[],
	context: Context,
	around: FieldPath,
	environment: PolicyEnvironment,
	rule: PlainMap,
	nesting: number,
): Outcome {
	if (nesting >= MAX_NESTING) return { status: 'not-evaluated', why: 'foreach is nested too deep' };
	let applied = 0;
	for (const loop of loops) {
		if (!isMap(loop)) continue;
		const found = query(context, textOf(loop, 'list') ?? '');
		if (found.kind === 'not-evaluated') return { status: 'not-evaluated', why: found.why };
		if (found.kind !== 'value') continue;
		const elements = isList(found.value) ? found.value : [found.value];
		if (elements.length > MAX_ELEMENTS) return { status: 'not-evaluated', why: 'foreach runs over too many elements' };
		for (const [index, element] of elements.entries()) {
			if (element === null) continue;
			const outcome = validateElement(loop, { element, index, around }, context, environment, rule, nesting);
			if (outcome.status === 'skip') continue;
			// An error in one element counts only where it is the last (`validateElements`).
			if (outcome.status === 'error' && index < elements.length - 1) continue;
			if (outcome.status !== 'pass') return outcome;
			applied++;
		}
	}
	return applied > 0 ? { status: 'pass' } : { status: 'skip', why: 'rule skipped' };
}

function validateElement(
	loop: PlainMap,
	{ element, index, around }: { readonly element: Plain; readonly index: number; readonly around: FieldPath },
	outer: Context,
	environment: PolicyEnvironment,
	rule: PlainMap,
	nesting: number,
): Outcome {
	try {
		const named: Context = {
			...outer,
			element,
			elementIndex: index,
			[`element${nesting}`]: element,
			[`elementIndex${nesting}`]: index,
		};
		const context = withEntries(named, listOf(loop, 'context'), environment);
		if (!conditionsHold(get(loop, 'preconditions'), value => substituteLeniently(value, context)))
			return { status: 'skip', why: 'preconditions not met' };
		const scoped = get(loop, 'elementScope') !== false && isMap(element);
		const value = scoped ? element : (get(outer['request'], 'object') ?? null);
		const list = placeOfList(textOf(loop, 'list') ?? '', around);
		const at = list ? [...list, index] : [];
		const judged = { value, path: scoped ? at : [], element: at };
		return validateIn(loop, context, judged, environment, rule, nesting + 1);
	} catch (error) {
		if (error instanceof Unresolved) return { status: 'error', message: error.message };
		throw error;
	}
}

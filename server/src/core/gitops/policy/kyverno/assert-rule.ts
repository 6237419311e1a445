/** `validate.assert` of a rule on a resource; kyverno `validate_assert.go`. */
import type { Plain } from '../../../yaml/node';
import { assertTree } from './assertion';
import type { Subject } from './match';
import { get, isList, isMap, listOf, mapOf, type PlainMap, textOf } from './plain-values';
import type { Outcome, Violation } from './validate-rule';
import { type Context, Unanswerable } from './variables';

/** What only the request has, or what Kyverno hands over in types that no leaf can be compared with. */
const OF_THE_REQUEST = /\b(admissionInfo|admissionOperation|requestResource|operation)\b/;
const NAMESPACE_LABELS = /\bnamespaceLabels\b/;

/** Judges the resource; `context` holds what the rule's own entries say. Throws as `assertTree` does. */
export function validateAssertion(rule: PlainMap, subject: Subject, context: Context, message: string): Outcome {
	const tree = get(rule, 'validate', 'assert') ?? null;
	const asked = firstTexts(tree);
	const unknown = asked.map(text => OF_THE_REQUEST.exec(text)?.[0]).find(name => name !== undefined);
	if (unknown !== undefined) throw new Unanswerable(`the assertion asks for "${unknown}" of the request`);
	const { object, group, version, kind, namespaceLabels } = subject;
	if (!namespaceLabels && asked.some(text => NAMESPACE_LABELS.test(text)))
		throw new Unanswerable(`the labels of namespace ${subject.namespace} are not in the tree`);
	const payload = mapOf([
		['object', object],
		['oldObject', subject.operation === 'CREATE' ? null : object],
		['namespaceLabels', namespaceLabels ?? null],
		[
			'resourceKind',
			mapOf([
				['group', group],
				['version', version],
				['kind', kind],
				['subResource', ''],
			]),
		],
	]);
	const bindings = mapOf(
		listOf(rule, 'context').flatMap((entry): (readonly [string, Plain])[] => {
			const name = textOf(entry, 'name');
			return name !== undefined && Object.hasOwn(context, name) ? [[name, context[name]!]] : [];
		}),
	);
	const violations = assertTree(tree, payload, bindings).map(({ message: why, path }): Violation => ({
		message: message ? `${message.replace(/[.\s]+$/, '')}: ${why}` : why,
		path: path[0] === 'object' ? path.slice(1) : [],
	}));
	const [first, ...others] = violations;
	return first ? { status: 'fail', ...first, others } : { status: 'pass' };
}

/** What the outermost part of the tree asks the payload for: its keys, and where these are expressions, all of them. */
function firstTexts(tree: Plain): readonly string[] {
	return isMap(tree) ? Object.keys(tree) : isList(tree) ? [] : typeof tree === 'string' ? [tree] : [];
}

/** Logical parts (`allOf`, `anyOf`, `oneOf`, `not`) and rules: constraints that look at a value as a whole. */
import { type PathLink } from '../../base/address';
import { child, type Node } from '../../yaml/node';
import { listed } from './check-scalar';
import type { Schema, ValidationRule } from './schema';
import { hasPlaceholder, placeOf, report, serverPath, type Walk } from './walk';

type Check = (walk: Walk, node: Node, schema: Schema, link: PathLink | undefined) => void;

/** Checks the logical parts and rules of one place. Nothing is said where Flux will still fill in some of the value. */
export function checkLogic(walk: Walk, node: Node, schema: Schema, link: PathLink | undefined, check: Check): void {
	const { allOf, anyOf, oneOf, not } = schema;
	if (isUnsettled(node)) return;
	const constraint = { ...walk, unknownFields: false };
	for (const part of allOf) check(constraint, node, part, link);
	const fits = (part: Schema) => satisfies(walk, node, part, link, check);
	if (anyOf.length > 0 && !anyOf.some(fits)) {
		report(walk, 'schema/no-alternative', node, {
			message: `${placeOf(walk, link)} fits none of the alternatives that it has${alternatives(anyOf)}.`,
			details: `${serverPath(link)} in body must validate at least one schema (anyOf)`,
		});
	}
	if (oneOf.length > 0) {
		const fitting = oneOf.filter(fits).length;
		if (fitting !== 1) {
			report(walk, 'schema/no-alternative', node, {
				message: `${placeOf(walk, link)} must fit exactly one of its alternatives, and fits ${fitting || 'none'}${alternatives(oneOf)}.`,
				details: `${serverPath(link)} in body must validate one and only one schema (oneOf). ${
					fitting === 0 ? 'Found none valid' : `Found ${fitting} valid alternatives`
				}`,
			});
		}
	}
	if (not && fits(not)) {
		report(walk, 'schema/no-alternative', node, {
			message: `${placeOf(walk, link)} is of a form that its kind forbids${forbidden(not)}.`,
			details: `${serverPath(link)} in body must not validate the schema (not)`,
		});
	}
	for (const rule of schema.facts.rules ?? []) checkRule(walk, node, schema, rule, link);
}

function satisfies(walk: Walk, node: Node, part: Schema, link: PathLink | undefined, check: Check): boolean {
	const quiet: Walk = { ...walk, unknownFields: false, found: [], limit: 1, evaluateRule: undefined };
	check(quiet, node, part, link);
	return quiet.found.length === 0;
}

/** The fields by which alternatives differ, where that is all they ask for. */
function alternatives(parts: readonly Schema[]): string {
	const names = parts.map(part => part.facts.required ?? []);
	if (names.some(list => list.length === 0)) return '';
	return `; it takes ${listed(names.map(list => list.join('" and "')))}`;
}

function forbidden(part: Schema): string {
	const names = part.facts.required ?? [];
	return names.length > 0 ? `: it must not have ${listed(names)}` : '';
}

function checkRule(walk: Walk, node: Node, schema: Schema, rule: ValidationRule, link: PathLink | undefined): void {
	// A transition rule compares with what is in the cluster.
	if (!walk.evaluateRule || (/\boldSelf\b/.test(rule.rule) && !rule.optionalOldSelf)) return;
	const outcome = walk.evaluateRule(rule, node, schema);
	if (outcome.kind !== 'fails') return;
	const field = /^\.(\w+)$/.exec(rule.fieldPath ?? '')?.[1];
	const target = (field === undefined ? undefined : child(node, field)) ?? node;
	const at = field === undefined ? link : { parent: link, key: field };
	const said = outcome.message.trim();
	// apiextensions `pkg/apiserver/schema/cel/validation.go`: the rule itself only where it has no message.
	report(walk, 'schema/rule-failed', target, {
		message: `${placeOf(walk, at)}: ${said || `it breaks the rule ${rule.rule.trim()}`}`,
		details: `${serverPath(at)}: Invalid value: ${said || `failed rule: ${rule.rule.trim()}`}`,
	});
}

function isUnsettled(node: Node): boolean {
	switch (node.kind) {
		case 'scalar':
			return hasPlaceholder(node.text);
		case 'seq':
			return node.items.some(isUnsettled);
		case 'map':
			return node.entries.some(({ key, value }) => hasPlaceholder(key) || isUnsettled(value));
	}
}

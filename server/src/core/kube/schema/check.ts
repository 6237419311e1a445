/**
 * Walks a tree beside its structural schema. Custom resources are walked as the API server sees them: without the nulls that it
 * prunes, and with the defaults that it sets.
 */
import type { PathLink } from '../../base/address';
import { didYouMean, nearest } from '../../base/nearest';
import { addressOf, child, isNull, type MapNode, type Node, type ScalarNode, type SeqNode } from '../../yaml/node';
import { checkScalar, count, nounOf, span, wrongType } from './check-scalar';
import { checkLogic } from './logic';
import { compareReleases } from './releases';
import { allowsUnknown, propertyOf, type Schema } from './schema';
import { keyDefault, mayBeAbsent } from './server-leniency';
import { applyPath, hasPlaceholder, placeOf, report, serverPath, type Walk } from './walk';

/** Checks one value and all below it. */
export function check(walk: Walk, node: Node, schema: Schema, link: PathLink | undefined): void {
	if (walk.found.length >= walk.limit) return;
	if (isNull(node)) {
		checkNull(walk, node as ScalarNode, schema, link);
		return;
	}
	switch (node.kind) {
		case 'scalar':
			checkScalar(walk, node, schema, link);
			return;
		case 'seq':
			if (takes(schema, 'array')) checkList(walk, node, schema, link);
			else wrongShape(walk, node, schema, 'a list', link);
			break;
		case 'map':
			if (takes(schema, 'object')) checkMap(walk, node, schema, link);
			else wrongShape(walk, node, schema, 'a map', link);
			break;
	}
	if (schema.hasLogic && walk.mode === 'resource') checkLogic(walk, node, schema, link, check);
}

/** Deletes in a patch; is the zero value of a Go type; was pruned from a custom resource wherever it may be absent. */
function checkNull(walk: Walk, node: ScalarNode, schema: Schema, link: PathLink | undefined): void {
	if (walk.mode === 'patch' || walk.typed || schema.facts.nullable) return;
	if (schema.facts.type !== undefined || schema.facts.intOrString) wrongType(walk, node, schema, link);
}

function takes({ facts }: Schema, type: 'array' | 'object'): boolean {
	return !facts.intOrString && (facts.type === undefined || facts.type === type);
}

function wrongShape(
	walk: Walk,
	node: MapNode | SeqNode,
	schema: Schema,
	actual: string,
	link: PathLink | undefined,
): void {
	const type = node.kind === 'seq' ? 'array' : 'object';
	report(walk, 'schema/wrong-type', node, {
		message: `${placeOf(walk, link)} takes ${nounOf(schema)}, and ${actual} stands there.`,
		details: walk.typed
			? `${applyPath(link)}: expected ${schema.facts.type ?? 'valid'} value, got ${type}`
			: `${serverPath(link)}: Invalid value: "${type}": ${serverPath(link)} in body must be of type ${schema.facts.type}: "${type}"`,
	});
}

/** Directives of strategic merge patches (apimachinery strategicpatch), which are no fields. */
const DIRECTIVE = /^\$(patch|retainKeys|setElementOrder\/.*|deleteFromPrimitiveList\/.*)$/;

function checkMap(walk: Walk, node: MapNode, schema: Schema, link: PathLink | undefined): void {
	if (schema.facts.embedded) walk.embedded(walk, node, link);
	for (const { key, value } of node.entries) {
		if (walk.mode === 'patch' && DIRECTIVE.test(key)) continue;
		const here = { parent: link, key };
		const property = propertyOf(schema, key);
		if (property) {
			checkRelease(walk, value, schema, key, here);
			check(walk, value, property, here);
		} else if (walk.unknownFields && !allowsUnknown(schema) && !hasPlaceholder(key)) {
			unknownField(walk, value, schema, key, link);
		}
	}
	if (walk.mode === 'patch') return;
	checkRequired(walk, node, schema, link);
	if (schema.facts.embedded) checkTypeOfEmbedded(walk, node, link);
	const { minProperties = 0, maxProperties = Infinity } = schema.facts.limits ?? {};
	const size = node.entries.length;
	if (size < minProperties || size > maxProperties) {
		report(walk, 'schema/out-of-range', node, {
			message: `${placeOf(walk, link)} has ${count(size, 'field')}; it must have ${span(minProperties, maxProperties)}.`,
			details: `${serverPath(link)} in body should have ${
				size < minProperties ? `at least ${minProperties}` : `at most ${maxProperties}`
			} properties`,
		});
	}
}

function checkRequired(walk: Walk, node: MapNode, schema: Schema, link: PathLink | undefined): void {
	for (const name of schema.facts.required ?? []) {
		const value = child(node, name);
		const there = value !== undefined && !(isNull(value) && walk.typed);
		if (there || mayBeAbsent(schema.facts.definition, name)) continue;
		const part = schema.facts.definition?.split('.').at(-1);
		report(walk, 'schema/missing-field', node, {
			message: `${placeOf(walk, link)} has no "${name}"${part ? `, which every ${part} must have` : ', which is required'}.`,
			details: `${serverPath(link && { parent: link, key: name })}: Required value`,
			anchor: 'key',
		});
	}
}

/** An embedded object says what it is, whatever its schema requires (`validateEmbeddedResource` of the API server's objectmeta). */
function checkTypeOfEmbedded(walk: Walk, node: MapNode, link: PathLink | undefined): void {
	for (const name of ['apiVersion', 'kind']) {
		if (child(node, name) !== undefined) continue;
		report(walk, 'schema/missing-field', node, {
			message: `${placeOf(walk, link)} has no "${name}", which every object that stands inside of another must have.`,
			details: `${serverPath({ parent: link, key: name })}: Required value: must not be empty`,
			anchor: 'key',
		});
	}
}

function unknownField(walk: Walk, value: Node, schema: Schema, key: string, link: PathLink | undefined): void {
	const { until } = schema.facts;
	const gone = until?.[key];
	if (gone !== undefined && compareReleases(walk.kubernetesVersion, gone) <= 0) return;
	const names = [...schema.properties.keys()];
	const meant = nearest(key, names);
	const where = link ? placeOf(walk, link) : walk.subject;
	report(walk, 'schema/unknown-field', value, {
		message:
			gone === undefined
				? `"${key}" is not a field of ${where}${didYouMean(key, names)}`
				: `"${key}" is not a field of ${where} any more; Kubernetes ${gone} was the last release that had it.`,
		severity: walk.unknownFieldSeverity,
		anchor: 'key',
		details: `failed to create typed patch object: ${applyPath({ parent: link, key })}: field not declared in schema`,
		...(meant === undefined || gone !== undefined
			? undefined
			: {
					fixes: [
						{
							title: `Rename the field to "${meant}"`,
							edits: [{ kind: 'rename-key', at: addressOf(value.origin), key: meant }],
						},
					],
				}),
	});
}

/** A field that came later than the release the tree is for: an API server of that release drops it, or refuses it. */
function checkRelease(walk: Walk, value: Node, schema: Schema, key: string, link: PathLink): void {
	const since = schema.facts.since?.[key];
	if (since === undefined || compareReleases(since, walk.kubernetesVersion) <= 0) return;
	report(walk, 'schema/field-of-newer-release', value, {
		message: `${placeOf(walk, link)} came with Kubernetes ${since}, and this is for ${walk.kubernetesVersion}; such a cluster does not know it.`,
		anchor: 'key',
		details: `unknown field "${serverPath(link)}"`,
	});
}

function checkList(walk: Walk, node: SeqNode, schema: Schema, link: PathLink | undefined): void {
	const { items, facts } = schema;
	if (items) for (const [key, item] of node.items.entries()) check(walk, item, items, { parent: link, key });
	if (walk.mode === 'patch') return;
	const { minItems = 0, maxItems = Infinity, uniqueItems } = facts.limits ?? {};
	const size = node.items.length;
	if (size < minItems || size > maxItems) {
		report(walk, 'schema/out-of-range', node, {
			message: `${placeOf(walk, link)} has ${count(size, 'item')}; it must have ${span(minItems, maxItems)}.`,
			details: `${serverPath(link)} in body should have ${
				size < minItems ? `at least ${minItems}` : `at most ${maxItems}`
			} items`,
		});
	}
	if (facts.listType === 'map' && facts.listMapKeys) checkMapKeys(walk, node, schema, facts.listMapKeys, link);
	else if (facts.listType === 'set' || uniqueItems) checkSet(walk, node, link);
}

/** Elements of an associative list must differ in their keys (structured-merge-diff, typed/helpers.go). */
function checkMapKeys(
	walk: Walk,
	node: SeqNode,
	schema: Schema,
	keys: readonly string[],
	link: PathLink | undefined,
): void {
	const definition = schema.items?.facts.definition;
	const first = new Map<string, Node>();
	for (const item of node.items) {
		const texts = keys.map(key => keyText(child(item, key)) ?? keyDefault(definition, key));
		if (texts.some(text => text === undefined || hasPlaceholder(text))) continue;
		const identity = JSON.stringify(texts);
		const before = first.get(identity);
		if (before === undefined) {
			first.set(identity, item);
			continue;
		}
		const said = keys.map((key, i) => `${key}: ${texts[i]}`).join(', ');
		report(walk, 'schema/duplicate-list-key', child(item, keys[0]!) ?? item, {
			message: `${placeOf(walk, link)} has two elements with ${said}; the API server tells them apart by that.`,
			details: `failed to create typed patch object: ${applyPath(link)}: duplicate entries for key [${keys
				.map((key, i) => `${key}=${JSON.stringify(texts[i])}`)
				.join(',')}]`,
			related: [{ message: 'the first one', at: addressOf((child(before, keys[0]!) ?? before).origin) }],
		});
	}
}

function keyText(node: Node | undefined): string | undefined {
	return node?.kind === 'scalar' && node.tag !== '!!null' ? node.text : undefined;
}

function checkSet(walk: Walk, node: SeqNode, link: PathLink | undefined): void {
	const first = new Map<string, Node>();
	for (const item of node.items) {
		const text = keyText(item);
		if (text === undefined || hasPlaceholder(text)) continue;
		const before = first.get(text);
		if (before === undefined) {
			first.set(text, item);
			continue;
		}
		report(walk, 'schema/duplicate-list-key', item, {
			message: `"${text.slice(0, 80)}" stands twice in ${placeOf(walk, link)}, whose items must differ.`,
			details: `${serverPath(link)}: Duplicate value`,
			related: [{ message: 'the first one', at: addressOf(before.origin) }],
		});
	}
}

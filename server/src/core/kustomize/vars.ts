/** Puts the values of `vars` in the place of `$(NAME)` once a build is done otherwise (`ResAccumulator.ResolveVars`, `api/filters/refvar`). */
import { isSecretField } from '../kube/data-sources';
import { isTakenFromSecret } from '../kube/taken-secrets';
import { below } from '../base/address';
import { changeTo } from '../base/change-to';
import { nearest } from '../base/nearest';
import type { Problem } from '../base/problem';
import { describeId, formatId, parseApiVersion, type ResourceId } from '../kube/resource-id';
import { formatGoFloat } from '../yaml/emit';
import { addressOf, isNull, type MapNode, type Node, type Origin, type ScalarNode, withItems } from '../yaml/node';
import type { Tag } from '../yaml/scalar';
import type { FieldSpec } from '../kube/kustomize-facts';
import { appliesTo, editFields, type FieldTrouble } from './field-spec';
import { lookUp, splitFieldPath } from './field-path-match';
import { nearestField, nearestPath } from './replacement-source';
import type { VarEntry } from './read/model';
import { type Tracked, type Transformed, withNode } from './tracked';
import type { DeclaredVars } from './vars-accumulation';
import { splitVariables } from './vars-expand';

/** Replaces the variables in the fields that `specs` name. Values are those from before the first replacement. */
export function resolveVars(
	vars: DeclaredVars,
	specs: readonly FieldSpec[],
	resources: readonly Tracked[],
): Transformed {
	if (vars.length === 0) return { resources, problems: [], applications: [] };
	const problems: Problem[] = [];
	const values = new Map<string, Value>();
	for (const entry of vars.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
		const value = valueOf(entry, resources, problems);
		if (value) values.set(entry.name, { entry, value });
	}
	if (problems.length > 0) return { resources, problems, applications: [] };
	const used = new Map<string, ResourceId[]>();
	const expanded = resources.map(resource => expandIn(resource, specs, values, used, problems));
	for (const { entry, value } of values.values()) if (!used.has(entry.name)) problems.push(unused(entry, value));
	return {
		resources: expanded.every((resource, i) => resource === resources[i]) ? resources : expanded,
		problems,
		applications: vars.map(({ name, at }) => {
			const matched = used.get(name) ?? [];
			return { step: 'vars', at, matched, changed: matched.length > 0 };
		}),
	};
}

interface Filling {
	readonly text: string;
	readonly tag: Tag;
	/** Taken out of a Secret. */
	readonly secret?: true;
}

interface Value {
	readonly entry: VarEntry;
	/** What a text that is nothing but the variable becomes; a list or a map takes nobody's place. */
	readonly value: Filling | 'list or map';
}

/** `findVarValueFromResources`, `RNode.GetFieldValue`. */
function valueOf(entry: VarEntry, resources: readonly Tracked[], problems: Problem[]): Value['value'] | undefined {
	const common = { code: 'kustomize/invalid-var', severity: 'error', fatal: true } as const;
	const shown = describeVar(entry);
	const resource = resources.find(({ refVarNames }) => refVarNames.includes(entry.name));
	if (!resource) {
		const details = `var '${shown}' cannot be mapped to a field in the set of known resources`;
		const { kind, name } = entry.objref;
		const { part, meant, why } = nearestObject(entry, resources);
		const at = below(entry.at, 'objref', part);
		const message = `no resource is the ${kind || 'resource'} ${name} that the var ${entry.name} means${why}`;
		problems.push({ ...common, message, at, details, ...changeTo(at, meant) });
		return undefined;
	}
	const path = splitIndices(splitFieldPath(entry.fieldPath));
	const found = lookUp(resource.node, path);
	const node = 'error' in found ? undefined : found.node;
	const value = node && (node.kind === 'scalar' ? scalarValueOf(node) : 'list or map');
	const isSecret = node && (isSecretField(resource.id.kind, path) || isTakenFromSecret(node.origin));
	if (value !== undefined) return isSecret && value !== 'list or map' ? { ...value, secret: true } : value;
	const at = below(entry.at, 'fieldref', 'fieldpath');
	const parts = splitIndices(splitFieldPath(entry.fieldPath));
	problems.push({
		...common,
		at,
		...(!node && changeTo(at, nearestPath(resource.node, parts))),
		message: `${describeId(resource.id)} has no ${node ? 'value that a var can take' : 'field'} at \`${entry.fieldPath}\`, which the var ${entry.name} means${node ? '' : nearestField(resource.node, parts)}`,
		related: [{ message: describeId(resource.id), at: resource.from }],
		details: `field specified in var '${shown}' not found in corresponding resource`,
	});
	return undefined;
}

/** `Var` as Go prints it: `{NAME Service.v1.[noGrp] {status.ip}}`. */
function describeVar({ name, objref, fieldPath }: VarEntry): string {
	const { group, version } = objref.apiVersion ? parseApiVersion(objref.apiVersion) : objref;
	const gvk = formatId({ group, version, kind: objref.kind, name: '', namespace: '' }).replace(/\/.*/, '');
	return `{${name} ${gvk} {${fieldPath}}}`;
}

/** The part of the reference that is probably wrong, what it should be, and the end of a sentence that says so. */
function nearestObject(
	{ objref }: VarEntry,
	resources: readonly Tracked[],
): { readonly part: 'apiVersion' | 'kind' | 'name'; readonly meant: string | undefined; readonly why: string } {
	const named = resources.filter(({ originalId }) => originalId.name === objref.name);
	const sameName = named.find(({ id }) => id.kind === objref.kind) ?? named[0];
	if (sameName) {
		const { group, version, kind } = sameName.id;
		const apiVersion = group ? `${group}/${version}` : version;
		const why = `; there is ${describeId(sameName.id)} of ${apiVersion}`;
		return kind === objref.kind ? { part: 'apiVersion', meant: apiVersion, why } : { part: 'kind', meant: kind, why };
	}
	const names = resources.filter(({ id }) => id.kind === objref.kind).map(({ originalId }) => originalId.name);
	const meant = nearest(objref.name, names);
	return { part: 'name', meant, why: meant === undefined ? '' : `; did you mean \`${meant}\`?` };
}

/** `ports[0]` is `ports` and `0` (`convertSliceIndex`). */
function splitIndices(parts: readonly string[]): readonly string[] {
	return parts.flatMap(part => {
		const [, name = '', index] = /^(.*)\[(\d+)\]$/s.exec(part) ?? [];
		return index === undefined ? [part] : [...(name ? [name] : []), index];
	});
}

/** Numbers as Go's `strconv` reads them; what it cannot read is as good as not there. */
function scalarValueOf({ tag, text }: ScalarNode): { readonly text: string; readonly tag: Tag } | undefined {
	switch (tag) {
		case '!!int': {
			if (!/^[-+]?\d+$/.test(text)) return undefined;
			const value = BigInt(text.replace(/^\+/, ''));
			return value === BigInt.asIntN(64, value) ? { text: String(value), tag } : undefined;
		}
		case '!!float': {
			const value = /[\d.]/.test(text) && !/[_:]|inf|nan/i.test(text) ? Number(text) : NaN;
			return Number.isFinite(value) ? { text: formatGoFloat(value), tag } : undefined;
		}
		case '!!bool':
			return { text: text.toLowerCase(), tag };
		default:
			return { text, tag: '!!str' };
	}
}

function unused({ name, at }: VarEntry, value: Value['value']): Problem {
	return {
		code: 'kustomize/unused-var',
		severity: 'warning',
		message:
			value === 'list or map'
				? `the value of the var ${name} is a list or a map, which takes the place of no text`
				: `$(${name}) stands in no field that kustomize looks into; \`configurations\` with a \`varReference\` add fields`,
		at,
		details: `well-defined vars that were never replaced: ${name}`,
	};
}

function expandIn(
	resource: Tracked,
	specs: readonly FieldSpec[],
	values: ReadonlyMap<string, Value>,
	used: Map<string, ResourceId[]>,
	problems: Problem[],
): Tracked {
	const note = (name: string): void => {
		const matched = used.get(name) ?? [];
		if (!matched.includes(resource.id)) matched.push(resource.id);
		used.set(name, matched);
	};
	let { node } = resource;
	for (const spec of specs) {
		if (!appliesTo(spec, resource.id)) continue;
		const trouble = (found: FieldTrouble): number => problems.push(fieldProblem(spec, resource, found));
		node = editFields(
			node,
			{ ...spec, create: false },
			{
				set: field => expandField(field, values, note, trouble),
				create: undefined,
				origin: node.origin,
				trouble,
			},
		);
	}
	return withNode(resource, node);
}

/** A text, the texts of a map, or a list of texts only (`refvar.Filter`). */
function expandField(
	field: Node,
	values: ReadonlyMap<string, Value>,
	note: (name: string) => void,
	trouble: (trouble: FieldTrouble) => void,
): Node {
	if (isNull(field)) return field;
	const fail = (node: Node, details: string): void => trouble({ at: addressOf(node.origin), details });
	switch (field.kind) {
		case 'scalar':
			return field.tag === '!!str' ? expand(field, values, note) : field;
		case 'seq': {
			const wrong = field.items.find(item => !isText(item));
			if (!wrong)
				return withItems(
					field,
					field.items.map(item => expand(item as ScalarNode, values, note)),
				);
			fail(wrong, 'invalid value type expect a string');
			return field;
		}
		case 'map': {
			const wrong = field.entries.find(({ keyTag }) => keyTag !== undefined && keyTag !== '!!str');
			if (wrong) {
				fail(wrong.value, `invalid map key: value='${wrong.key}', tag='${wrong.keyTag}'`);
				return field;
			}
			const entries = field.entries.map(entry => {
				const value = isText(entry.value) ? expand(entry.value, values, note) : entry.value;
				return value === entry.value ? entry : { ...entry, value };
			});
			const same = entries.every((entry, i) => entry === field.entries[i]);
			return same ? field : ({ ...field, entries } satisfies MapNode);
		}
	}
}

function isText(node: Node): node is ScalarNode {
	return node.kind === 'scalar' && node.tag === '!!str';
}

function expand(node: ScalarNode, values: ReadonlyMap<string, Value>, note: (name: string) => void): ScalarNode {
	if (!node.text.includes('$')) return restyled(node);
	const pieces = splitVariables(node.text);
	const used: { readonly entry: VarEntry; readonly secret: boolean }[] = [];
	const known = (name: string): { readonly text: string; readonly tag: Tag } | undefined => {
		const found = values.get(name);
		if (!found || found.value === 'list or map') return undefined;
		note(name);
		used.push({ entry: found.entry, secret: found.value.secret === true });
		return found.value;
	};
	const [only] = pieces;
	const isWhole = pieces.length === 1 && only && 'name' in only && node.text === `$(${only.name})`;
	const texts = pieces.map(piece =>
		'text' in piece
			? { text: piece.text, tag: '!!str' as const }
			: (known(piece.name) ?? { text: `$(${piece.name})`, tag: '!!str' as const }),
	);
	const result = isWhole ? texts[0]! : { text: texts.map(({ text }) => text).join(''), tag: '!!str' as const };
	if (result.text === node.text && result.tag === node.tag) return restyled(node);
	const writer = used.at(-1)?.entry.node.origin;
	const isSecret = used.some(({ secret }) => secret);
	const origin: Origin = writer
		? { ...writer, step: 'vars', replaced: node.origin, ...(isSecret && { secret: true }) }
		: node.origin;
	return { kind: 'scalar', text: result.text, tag: result.tag, style: 'plain', origin };
}

/** Kustomize forgets the style of every text that it looks at, and a folded one comes out otherwise then. */
function restyled(node: ScalarNode): ScalarNode {
	return node.style === 'folded' ? { ...node, style: 'plain' } : node;
}

function fieldProblem(spec: FieldSpec, resource: Tracked, { at, details }: FieldTrouble): Problem {
	return {
		code: 'kustomize/field-of-other-kind',
		severity: 'error',
		fatal: true,
		message: `variables cannot be replaced in \`${spec.path}\` of ${describeId(resource.id)}: ${details}`,
		at,
		details: `considering field '${spec.path}' of object ${formatId(resource.id)}: ${details}`,
	};
}

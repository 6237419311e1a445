/** What rules can ask for beyond the resource itself: namespaces, ConfigMaps of the tree, and values that the user has given. */
import type { Plain } from '../../../yaml/node';
import { parseImageReference } from '../image-reference';
import type { CelValue } from '../cel/cel-values';
import { query } from './jmespath';
import type { Subject } from './match';
import { get, isMap, listOf, mapOf, type PlainMap, textOf } from './plain-values';
import { type Context, substitute, substituteLeniently, Unanswerable, Unresolved } from './variables';

export interface PolicyEnvironment {
	/** The labels of a namespace; nothing where the tree does not have it. */
	namespaceLabels(name: string): PlainMap | undefined;
	/** The `data` and `metadata` of a ConfigMap; nothing where the tree does not have it. */
	configMap(namespace: string, name: string): PlainMap | undefined;
	/** The objects that a rule takes as parameters; a reason where they are not in the tree. Absent where there is no tree. */
	readonly parameters?: (
		kind: Plain | undefined,
		reference: Plain | undefined,
		namespace: string,
	) => readonly CelValue[] | string;
	/** Values for context variables that need a cluster, by name, where somebody has given them. */
	readonly known: PlainMap;
}

/** The context in which the rules for a resource begin. */
export function requestContext(subject: Subject): Context {
	const { object, group, version, kind, name, namespace, operation } = subject;
	return {
		request: mapOf([
			['object', object],
			// Before an update that changes nothing, the object was what it is.
			...(operation === 'CREATE' ? [] : [['oldObject', object] as const]),
			['operation', operation],
			['namespace', namespace],
			['name', name],
			[
				'kind',
				mapOf([
					['group', group],
					['version', version],
					['kind', kind],
				]),
			],
		]),
		images: imagesOf(object),
	};
}

const POD_SPECS: readonly (readonly string[])[] = [
	['spec'],
	['spec', 'template', 'spec'],
	['spec', 'jobTemplate', 'spec', 'template', 'spec'],
];

/** `images.containers.<name>` with the parts of its reference; kyverno `pkg/utils/api/image.go`. */
function imagesOf(object: PlainMap): PlainMap {
	const fields = POD_SPECS.flatMap(path =>
		['initContainers', 'containers', 'ephemeralContainers'].flatMap((field): (readonly [string, Plain])[] => {
			const entries = listOf(object, ...path, field).flatMap((container): (readonly [string, Plain])[] => {
				const name = textOf(container, 'name');
				const image = parseImageReference(textOf(container, 'image') ?? '');
				if (name === undefined || !image) return [];
				const { registry, path: imagePath, tag, digest } = image;
				return [
					[
						name,
						mapOf([
							['registry', registry],
							['path', imagePath],
							['name', image.name],
							...(tag ? [['tag', tag] as const] : []),
							...(digest ? [['digest', digest] as const] : []),
							['reference', `${registry}/${imagePath}${digest ? `@${digest}` : `:${tag}`}`],
							['referenceWithTag', `${registry}/${imagePath}:${tag}`],
						]),
					],
				];
			});
			return entries.length > 0 ? [[field, mapOf(entries)]] : [];
		}),
	);
	return mapOf(fields);
}

/** The context with the entries of a rule or foreach added, in order. Throws `Unanswerable` for what only a cluster knows. */
export function withEntries(context: Context, entries: readonly Plain[], environment: PolicyEnvironment): Context {
	let at = context;
	for (const entry of entries) {
		const name = textOf(entry, 'name');
		if (name === undefined) continue;
		at = { ...at, [name]: entryValue(entry, name, at, environment) };
	}
	return at;
}

function entryValue(entry: Plain, name: string, context: Context, environment: PolicyEnvironment): Plain {
	if (Object.hasOwn(environment.known, name)) return environment.known[name]!;
	const variable = get(entry, 'variable');
	if (isMap(variable)) return variableValue(variable, name, context);
	const configMap = get(entry, 'configMap');
	if (isMap(configMap)) {
		const wanted = substitute(configMap, context);
		const found = environment.configMap(textOf(wanted, 'namespace') || 'default', textOf(wanted, 'name') ?? '');
		if (!found)
			throw new Unanswerable(
				`ConfigMap ${textOf(wanted, 'namespace') || 'default'}/${textOf(wanted, 'name') ?? ''} is not in the tree`,
			);
		return found;
	}
	if (get(entry, 'apiCall') !== undefined) throw new Unanswerable(`context variable "${name}" asks the cluster's API`);
	if (get(entry, 'imageRegistry') !== undefined)
		throw new Unanswerable(`context variable "${name}" asks an image registry`);
	throw new Unanswerable(`context variable "${name}" is of a kind that only a cluster knows`);
}

/** A value or a JMESPath, with a default for what is missing; kyverno `loadVariable`. */
function variableValue(variable: PlainMap, name: string, context: Context): Plain {
	const fallback = get(variable, 'default');
	const value = get(variable, 'value');
	const path = textOf(variable, 'jmesPath');
	const missing = (why: string): Plain => {
		if (fallback !== undefined && fallback !== null) return substitute(fallback, context);
		throw new Unresolved(`variable ${name} is not resolved: ${why}`);
	};
	if (path === undefined) return value === undefined ? missing('it has no value') : substitute(value, context);
	const source = substitute(path, context);
	const scope = value === undefined ? context : substituteLeniently(value, context);
	const result = query(scope, typeof source === 'string' ? source : '');
	switch (result.kind) {
		case 'value':
			return result.value;
		case 'not-evaluated':
			throw new Unanswerable(result.why);
		case 'error':
			return missing(result.message);
		case 'not-found':
			return missing('not found');
	}
}

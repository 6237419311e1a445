/** Rules for pods that Kyverno also applies to the controllers of pods; kyverno `pkg/autogen/v1`. */
import type { FieldPath } from '../../../base/address';
import type { Plain } from '../../../yaml/node';
import { get, isList, isMap, listOf, mapOf, mapTexts, type PlainMap, textOf, textsOf } from './plain-values';

const CONTROLLERS = ['DaemonSet', 'Deployment', 'Job', 'ReplicaSet', 'ReplicationController', 'StatefulSet'] as const;
const POD_KINDS: ReadonlySet<string> = new Set([...CONTROLLERS, 'CronJob', 'Pod']);
const ANNOTATION = 'pod-policies.kyverno.io/autogen-controllers';

/** A rule as written or as generated. */
export interface Rule {
	readonly rule: PlainMap;
	/** The name of the rule it was made from. */
	readonly original: string;
	/** Where in the policy the original stands. */
	readonly path: FieldPath;
}

/** All rules of a policy, those for controllers after the written ones. */
export function rulesOf(policy: Plain): readonly Rule[] {
	const written = listOf(policy, 'spec', 'rules').flatMap((rule, index): Rule[] =>
		isMap(rule) ? [{ rule, original: textOf(rule, 'name') ?? '', path: ['spec', 'rules', index] }] : [],
	);
	if (!written.every(({ rule }) => allowsAutogen(rule)) || !written.some(({ rule }) => needsAutogen(rule)))
		return written;
	const annotation = textOf(policy, 'metadata', 'annotations', ANNOTATION);
	const requested =
		annotation === undefined || annotation === '' || annotation === 'all'
			? undefined
			: annotation.split(',').map(name => name.trim());
	const controllers = CONTROLLERS.filter(kind => !requested || requested.includes(kind));
	const generated = written.flatMap(({ rule, original, path }): Rule[] => {
		if (original.startsWith('autogen-') || !isForPods(rule)) return [];
		const made: Rule[] = [];
		if (controllers.length > 0)
			made.push({ rule: generate(rule, `autogen-${original}`, controllers, ['template']), original, path });
		// A CronJob's rule is made of the one for controllers; without any of those there is none to make it of.
		if ((!requested || requested.includes('CronJob')) && (controllers.length > 0 || requested))
			made.push({
				rule: generate(rule, `autogen-cronjob-${original}`, ['CronJob'], ['jobTemplate', 'spec', 'template']),
				original,
				path,
			});
		return made;
	});
	return [...written, ...generated];
}

function blocksOf(rule: PlainMap, name: 'match' | 'exclude'): readonly Plain[] {
	const block = get(rule, name);
	if (block === undefined) return [];
	const listed = [...listOf(block, 'any'), ...listOf(block, 'all')];
	return (listed.length > 0 ? listed : [block]).map(filter => get(filter, 'resources') ?? null);
}

/** Names, selectors and mixed kinds may not mean the same on a controller; then no rule of the policy is generated (`CanAutoGen`). */
function allowsAutogen(rule: PlainMap): boolean {
	if (isMap(get(rule, 'generate'))) return false;
	const mutate = get(rule, 'mutate');
	if (textOf(mutate, 'patchesJson6902') || listOf(mutate, 'foreach').some(item => textOf(item, 'patchesJson6902')))
		return false;
	return [...blocksOf(rule, 'match'), ...blocksOf(rule, 'exclude')].every(resources => {
		const kinds = textsOf(resources, 'kinds').map(lastPart);
		return (
			!textOf(resources, 'name') &&
			listOf(resources, 'names').length === 0 &&
			get(resources, 'selector') === undefined &&
			get(resources, 'annotations') === undefined &&
			!(kinds.length > 1 && kinds.includes('Pod'))
		);
	});
}

function needsAutogen(rule: PlainMap): boolean {
	return [...blocksOf(rule, 'match'), ...blocksOf(rule, 'exclude')].some(resources =>
		textsOf(resources, 'kinds').some(kind => POD_KINDS.has(kind)),
	);
}

function isForPods(rule: PlainMap): boolean {
	const kinds = (name: 'match' | 'exclude') =>
		blocksOf(rule, name).flatMap(block => textsOf(block, 'kinds').map(lastPart));
	const excluded = kinds('exclude');
	return kinds('match').includes('Pod') && (excluded.length === 0 || excluded.includes('Pod'));
}

function lastPart(kind: string): string {
	return kind.slice(kind.lastIndexOf('/') + 1);
}

function generate(rule: PlainMap, name: string, kinds: readonly string[], template: readonly string[]): PlainMap {
	const validate = get(rule, 'validate');
	const isCel = isMap(get(validate, 'cel'));
	const moved = mapTexts(rule, text => moveFields(text, template, isCel)) as PlainMap;
	const wrap = (pattern: Plain): Plain =>
		['spec', ...template].reduceRight((inner, key) => mapOf([[key, inner]]), pattern);
	const fields = Object.entries(moved).map(([key, value]): readonly [string, Plain] => {
		switch (key) {
			case 'name':
				return [key, name.slice(0, 63)];
			case 'match':
			case 'exclude':
				return [key, withKinds(value, kinds)];
			case 'validate':
				return [
					key,
					mapOf(
						Object.entries(isMap(value) ? value : {}).map(([field, inner]) => [
							field,
							wrapValidation(field, inner, wrap),
						]),
					),
				];
			default:
				return [key, value];
		}
	});
	return mapOf(fields);
}

function wrapValidation(field: string, value: Plain, wrap: (pattern: Plain) => Plain): Plain {
	switch (field) {
		case 'pattern':
			return wrap(value);
		case 'anyPattern':
			return isList(value) ? value.map(wrap) : value;
		case 'assert':
			// kyverno `createAutogenAssertion`
			return isMap(value)
				? mapOf(
						Object.entries(value).map(([key, inner]) => [
							key,
							(key === 'object' || key === 'oldObject') && isMap(inner) ? wrap(inner) : inner,
						]),
					)
				: value;
		default:
			return value;
	}
}

/** What speaks of the pod's fields speaks of its template's; kyverno `updateFields`. */
function moveFields(text: string, template: readonly string[], isCel: boolean): string {
	const into = ['spec', ...template].join('.');
	const pattern = isCel
		? /\b(object|oldObject)\.(spec|metadata)/g
		: /\b(request\.(?:object|oldObject))\.(spec|metadata)/g;
	return text.replace(pattern, (_, object: string, field: string) => `${object}.${into}.${field}`);
}

function withKinds(block: Plain, kinds: readonly string[]): Plain {
	const change = (filter: Plain): Plain => {
		const resources = get(filter, 'resources');
		if (!isMap(resources) || !isMap(filter) || !textsOf(resources, 'kinds').map(lastPart).includes('Pod'))
			return filter;
		return { ...filter, resources: { ...resources, kinds: [...kinds] } };
	};
	if (!isMap(block)) return block;
	if (listOf(block, 'any').length > 0) return { ...block, any: listOf(block, 'any').map(change) };
	if (listOf(block, 'all').length > 0) return { ...block, all: listOf(block, 'all').map(change) };
	return change(block);
}

/** The same for CEL expressions of a ValidatingPolicy. */
export function moveCelFields(text: string, template: readonly string[]): string {
	return moveFields(text, template, true);
}

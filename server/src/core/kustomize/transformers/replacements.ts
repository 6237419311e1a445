/** `replacements` and the ReplacementTransformer: copies values from one field to others (`api/filters/replacement`). */
import { isTakenFromSecret } from '../../kube/taken-secrets';
import { changeTo } from '../../base/change-to';
import { type GoRegExp, goRegExpOfWhole } from '../../base/go-regexp';
import type { Problem } from '../../base/problem';
import { describeId, type ResourceId } from '../../kube/resource-id';
import { syntaxOf } from '../../workspace/documents';
import { printScalar } from '../../yaml/emit';
import { child, type Node, type Origin } from '../../yaml/node';
import { isTooHeavy } from '../../yaml/weight';
import { pathOf } from '../../base/address';
import { resolvePlain } from '../../yaml/scalar';
import { untaggedType } from '../field-spec';
import { locate } from '../../yaml/syntax';
import type { Application } from '../build';
import { type Creation, matchFields, replaceAt, splitFieldPath } from '../field-path-match';
import { previousIds } from '../identity';
import { meetsRequirements, parseLabelSelector } from '../label-selector';
import { nothingSelected } from '../patches/patch-problems';
import { badLabels, badPattern } from '../selector';
import type {
	Placed,
	Replacement,
	ReplacementEntry,
	ReplacementOptions,
	ReplacementTarget,
	Selector,
} from '../read/model';
import { replacementsOf } from '../replacement-entries';
import {
	firstLine,
	INCOMPLETE,
	nearestField,
	nearestPath,
	NOT_SCALAR,
	type SourceValue,
	sourceValueOf,
} from '../replacement-source';
import { editStructuredText } from '../structured-text';
import { type Tracked, type TransformContext, type Transformed, type Transformer, withTree } from '../tracked';

/** Applies replacements one after the other; each sees what those before it did. */
export function replacements(entries: readonly ReplacementEntry[]): Transformer {
	return (context, resources) => {
		const problems: Problem[] = [];
		const run = new Run(context, resources, problems);
		for (const replacement of replacementsOf(context, entries, problems)) run.replace(replacement);
		return run.result();
	};
}

/** The state while a list of replacements is applied. */
class Run {
	readonly #applications: Application[] = [];
	#resources: readonly Tracked[];

	constructor(
		readonly context: TransformContext,
		resources: readonly Tracked[],
		readonly problems: Problem[],
	) {
		this.#resources = resources;
	}

	result(): Transformed {
		return { resources: this.#resources, problems: this.problems, applications: this.#applications };
	}

	replace(replacement: Replacement): void {
		const isComplete = replacement.source !== undefined || replacement.sourceValue !== undefined;
		if (isComplete && replacement.targets.length === 0) {
			const written = child(replacement.node, 'targets');
			// In a file of its own an empty list is a list; in a kustomization it gets lost on the way.
			if (written?.kind === 'seq' && written.items.length === 0 && !('path' in replacement)) return;
			this.problems.push(invalid(replacement, 'a replacement needs `targets`', INCOMPLETE));
			return;
		}
		const source = sourceValueOf(replacement, this.#resources);
		if ('problem' in source) {
			this.problems.push(source.problem);
			return;
		}
		for (const target of replacement.targets) this.#target(target, source);
	}

	#target(target: ReplacementTarget, source: SourceValue): void {
		const { select } = target;
		if (!select) {
			this.problems.push(invalid(target, 'a target needs `select`', 'target must specify resources to select'));
			return;
		}
		const selects = this.#targetSelector(select, target.reject);
		if (!selects) return;
		const matched: ResourceId[] = [];
		let changed = false;
		this.#resources.forEach((_, index) => {
			const resource = this.#resources[index]!;
			if (!selects(resource)) return;
			matched.push(resource.id);
			const value = source(this.#resources);
			const result = value ? this.#setAll(resource, target, source, index) : resource;
			if (result !== resource) changed = true;
		});
		if (matched.length === 0) this.problems.push(nothingSelected(select, this.#resources, NOWHERE));
		this.#applications.push({ step: 'replacement', at: target.at, matched, changed });
	}

	/** `TargetSelectorRegex` and `selectByAnnoAndLabel`; nothing where an expression is none. */
	#targetSelector(select: Selector, reject: readonly Selector[]): ((resource: Tracked) => boolean) | undefined {
		const selected = this.#compiled(select);
		const rejected = reject.map(each => ({ selector: each, compiled: this.#compiled(each) }));
		if (!selected || rejected.some(({ compiled }) => !compiled)) return undefined;
		return resource => {
			const ids = [resource.id, ...previousIds(resource)];
			return (
				selected.labels(resource) &&
				!rejected.some(
					({ selector, compiled }) =>
						((selector.labelSelector || selector.annotationSelector) && compiled!.labels(resource)) ||
						(!isEmptyId(selector) && ids.some(compiled!.id)),
				) &&
				ids.some(selected.id)
			);
		};
	}

	#compiled(selector: Selector): CompiledTarget | undefined {
		const result = compileTarget(selector);
		if (!('problem' in result)) return result;
		this.problems.push(result.problem);
		return undefined;
	}

	#setAll(resource: Tracked, target: ReplacementTarget, source: SourceValue, index: number): Tracked {
		const paths = target.fieldPaths.length > 0 ? target.fieldPaths : [{ ...target, value: 'metadata.name' }];
		let result = resource;
		for (const fieldPath of paths) {
			const value = source(this.#resources);
			if (!value) continue;
			const set = this.#set(result, { path: fieldPath.value, place: fieldPath }, value, target.options);
			if (set !== result && isLarge(value) && isTooHeavy(set.node)) {
				const message = `with this value ${describeId(resource.id)} would hold more than Strata works with`;
				this.#fail(fieldPath, resource, message, TOO_HEAVY);
			} else result = set;
			if (result !== this.#resources[index]) this.#resources = this.#resources.with(index, result);
		}
		return result;
	}

	/** `copyValueToTarget` for one field path. */
	#set(
		resource: Tracked,
		{ path, place }: FieldPathEntry,
		value: Node,
		options: ReplacementOptions | undefined,
	): Tracked {
		const parts = splitFieldPath(path);
		const isSecret = isTakenFromSecret(value.origin);
		const origin: Origin = { ...place.node.origin, step: 'replacement', ...(isSecret && { secret: true }) };
		const creation: Creation | undefined = options?.create ? { kind: value.kind, origin } : undefined;
		const plainly = (node: Node): Node => withValue(node, value, value.kind === 'scalar' ? value.text : '', origin);
		const structured = editStructuredText(resource.node, parts, plainly, creation, node =>
			this.#isFlow(sameChildren(node, value) ? value : node),
		);
		if (structured) {
			const set = (node: Node): Node =>
				node.kind === 'scalar' && node.text !== structured.text
					? { ...node, text: structured.text, origin: { ...origin, replaced: node.origin } }
					: node;
			return withTree(resource, replaceAt(resource.node, structured.path, set));
		}
		const matches = matchFields(resource.node, parts, creation);
		const field = `"${path}"`.replaceAll('\\', '\\\\');
		const retrieval = `unable to find${options?.create ? ' or create' : ''} field ${field} in replacement target`;
		if ('error' in matches) {
			const message = `\`${path}\` cannot be followed in ${describeId(resource.id)}: ${firstLine(matches.error)}`;
			this.#fail(place, resource, message, `${retrieval}: ${matches.error}`);
			return resource;
		}
		if (matches.paths.length + matches.lost === 0) {
			const advice = options?.create
				? ''
				: nearestField(resource.node, parts) || '; `options: {create: true}` makes it';
			const meant = options?.create ? undefined : nearestPath(resource.node, parts);
			this.#fail(place, resource, `${describeId(resource.id)} has no field \`${path}\`${advice}`, retrieval, meant);
			return resource;
		}
		if (matches.paths.length === 0) this.#warnOfLoss(place, resource, path);
		const set = (node: Node): Node => this.#changed(node, value, options, origin, place, resource);
		return withTree(
			resource,
			matches.paths.reduce((tree, at) => replaceAt(tree, at, set), matches.root),
		);
	}

	/** `setFieldValue`: a scalar keeps its type, whatever else stands there is replaced whole. */
	#changed(
		node: Node,
		value: Node,
		options: ReplacementOptions | undefined,
		origin: Origin,
		place: Placed,
		resource: Tracked,
	): Node {
		let text = value.kind === 'scalar' ? value.text : '';
		if (options?.delimiter) {
			if (node.kind !== 'scalar') {
				this.#fail(place, resource, '`delimiter` needs a text, but this is a list or a map', NOT_SCALAR);
				return node;
			}
			const pieces = node.text.split(options.delimiter);
			if (options.index < 0) pieces.unshift(text);
			else if (options.index >= pieces.length) pieces.push(text);
			else pieces[options.index] = text;
			text = pieces.join(options.delimiter);
		}
		if (text.length > MAX_TEXT) {
			this.#fail(place, resource, 'this text would be longer than any cluster takes', TOO_HEAVY);
			return node;
		}
		const result = withValue(node, value, text, origin);
		const error = node.kind === 'scalar' && result.kind === 'scalar' && node !== result && printScalar(result).error;
		const isEmptyOther = result.kind === 'scalar' && result.text === '' && !['!!str', '!!null'].includes(result.tag);
		if (!error && !isEmptyOther) return result;
		const isSecret = resource.id.kind === 'Secret' || origin.secret || isTakenFromSecret(node.origin);
		const shown = isSecret ? 'the value' : `\`${text}\``;
		const message = `${shown} cannot be put here: the field of ${describeId(resource.id)} is ${TYPE_NAMES[result.kind === 'scalar' ? result.tag : ''] ?? 'of another type'}, and a replacement keeps the type`;
		const details = `yaml: cannot decode ${resolvePlain(text)} \`${text}\` as a ${result.kind === 'scalar' ? result.tag : ''}`;
		this.#fail(place, resource, message, isSecret ? 'yaml: cannot decode' : details);
		return node;
	}

	#fail(place: Placed, resource: Tracked, message: string, details: string, meant?: string): void {
		this.problems.push({
			code: 'kustomize/replacement-target',
			severity: 'error',
			fatal: true,
			message,
			at: place.at,
			related: [{ message: describeId(resource.id), at: resource.from }],
			details,
			...changeTo(place.at, meant),
		});
	}

	#warnOfLoss(place: Placed, resource: Tracked, path: string): void {
		this.problems.push({
			code: 'kustomize/replacement-without-effect',
			severity: 'warning',
			message: `\`${path}\` leads into null or into the text of a field of ${describeId(resource.id)} in a way that kustomize cannot write back; nothing is changed, without a word`,
			at: place.at,
			related: [{ message: describeId(resource.id), at: resource.from }],
		});
	}

	/** Whether a collection stands between brackets in its file. */
	#isFlow({ origin }: Node): boolean {
		if (origin.within) return false;
		const document = syntaxOf(this.context.db, origin.file).documents[origin.document];
		const { node } = locate(document?.root, pathOf(origin.link));
		return (node?.kind === 'map' || node?.kind === 'seq') && node.flow;
	}
}

/** An entry of `fieldPaths`, or the target where it has none. */
interface FieldPathEntry {
	readonly path: string;
	readonly place: Placed;
}

/** More characters than an object may have bytes in a cluster (1.5 MiB in etcd). */
const MAX_TEXT = 2_000_000;
const TOO_HEAVY = 'it would take more memory than there is';

/** Whether it could make much out of little by being put somewhere again and again. */
function isLarge(value: Node): boolean {
	return value.kind !== 'scalar' || value.text.length > 1000;
}

function withValue(node: Node, value: Node, text: string, origin: Origin): Node {
	const isMade = node.origin === origin;
	const replacing = isMade ? origin : { ...origin, replaced: node.origin };
	if (node.kind === 'scalar') {
		const untagged = isMade ? { isUntagged: true as const } : undefined;
		const tag = isMade || node.isUntagged ? untaggedType(node, text) : node.tag;
		return node.text === text && node.tag === tag ? node : { ...node, text, tag, ...untagged, origin: replacing };
	}
	return value.kind === 'scalar' ? { ...value, text, origin: replacing } : { ...value, origin: replacing };
}

/** Whether one is the other with another origin. */
function sameChildren(a: Node, b: Node): boolean {
	return (
		(a.kind === 'map' && b.kind === 'map' && a.entries === b.entries) ||
		(a.kind === 'seq' && b.kind === 'seq' && a.items === b.items)
	);
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
	'!!int': 'a whole number',
	'!!float': 'a number',
	'!!bool': 'a boolean',
	'!!null': 'null',
	'!!timestamp': 'a date',
};

interface CompiledTarget {
	readonly id: (id: ResourceId) => boolean;
	readonly labels: (resource: Tracked) => boolean;
}

/** Kustomize says nothing of it. */
const NOWHERE = 'this selects no resource, so the value goes nowhere';

const PATTERNS = ['group', 'version', 'kind', 'name', 'namespace'] as const;

/** `types.NewSelectorRegex`: here every pattern must fit the same id. */
function compileTarget(selector: Selector): CompiledTarget | { readonly problem: Problem } {
	const patterns: { readonly part: (typeof PATTERNS)[number]; readonly pattern: GoRegExp }[] = [];
	for (const part of PATTERNS) {
		if (selector[part] === '') continue;
		const pattern = goRegExpOfWhole(selector[part]);
		if (!pattern) return { problem: badPattern(selector, part, 'error creating target selector: ') };
		patterns.push({ part, pattern });
	}
	const labels = parseLabelSelector(selector.labelSelector);
	if (!labels) return { problem: badLabels(selector, 'labelSelector') };
	const annotations = parseLabelSelector(selector.annotationSelector);
	if (!annotations) return { problem: badLabels(selector, 'annotationSelector') };
	return {
		id: id => patterns.every(({ part, pattern }) => pattern.test(id[part])),
		labels: ({ node }) =>
			meetsRequirements(labels, texts(child(child(node, 'metadata'), 'labels'))) &&
			meetsRequirements(annotations, texts(child(child(node, 'metadata'), 'annotations'))),
	};
}

function isEmptyId(selector: Selector): boolean {
	return PATTERNS.every(part => selector[part] === '');
}

function texts(node: Node | undefined): ReadonlyMap<string, string> {
	const entries = node?.kind === 'map' ? node.entries : [];
	return new Map(entries.map(({ key, value }) => [key, value.kind === 'scalar' ? value.text : '']));
}

function invalid({ at }: Placed, message: string, details: string): Problem {
	return { code: 'kustomize/invalid-replacement', severity: 'error', fatal: true, message, at, details };
}

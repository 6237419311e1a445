/**
 * Merged values held against the chart: its values.schema.json and those of its subcharts, exactly where helm would fail, and
 * what no schema speaks of against its defaults. Each finding stands at the place that wrote the value.
 */
import { type Address, type FieldPath, formatPath } from '../../base/address';
import { didYouMean } from '../../base/nearest';
import type { Problem } from '../../base/problem';
import { addressOf, child, type MapNode, type Node, nodeAt, type Origin } from '../../yaml/node';
import type { Chart } from './chart';
import { coalesceChart, type CoalescedValues, type EnabledChart, type HelmVersion } from './coalesce';
import { validateSchema } from './json-schema';
import { type SchemaError, singleErrors } from './json-schema-findings';
import { defaultProblems } from './default-values';
import type { MergedValues } from './merge-values';

export interface CheckedValues {
	/** What templates see. */
	readonly coalesced: CoalescedValues;
	readonly problems: readonly Problem[];
	/** Sentences about what was not checked. */
	readonly notes: readonly string[];
}

/** Where findings go that nobody's values cause, and what must not be told. */
export interface CheckContext {
	/** The release's own field that names the chart. */
	readonly fallback: Address;
	/** Whether a value comes out of a Secret, so that no message may show it. */
	readonly isSecret: (origin: Origin) => boolean;
	readonly version: HelmVersion;
}

/** Checks the values of a release. */
export function checkValues(chart: Chart, merged: MergedValues, context: CheckContext): CheckedValues {
	const coalesced = coalesceChart(chart, merged.values, context.version);
	const check = new Check(merged, context, coalesced.values);
	if (coalesced.failure) {
		const { words, at } = coalesced.failure;
		check.report('helm/values-not-a-map', 'error', 'the values for a subchart must be a map, and these are not', at, {
			words,
		});
	}
	check.chart(coalesced.root, [], coalesced.values, []);
	return { coalesced, problems: check.problems, notes: check.notes };
}

const HEADING = "values don't meet the specifications of the schema(s) in the following chart(s):";

/** Lives as long as one release is checked. */
class Check {
	readonly problems: Problem[] = [];
	readonly notes: string[] = [];
	readonly #merged: MergedValues;
	readonly #context: CheckContext;
	readonly #unknown: readonly FieldPath[];
	readonly #all: MapNode;

	constructor(merged: MergedValues, context: CheckContext, all: MapNode) {
		this.#merged = merged;
		this.#context = context;
		this.#unknown = pathsOf(merged.values, merged.unknown);
		this.#all = all;
	}

	/** `ValidateAgainstSchema`: the chart, then its subcharts with their part of the values. */
	chart({ chart, name, subcharts }: EnabledChart, parents: readonly Chart[], values: Node, prefix: FieldPath): void {
		if (chart.schema) this.#schema(chart, name, values, prefix);
		if (this.#merged.anything === 'known') this.#defaults(chart, parents, subcharts, values, prefix);
		for (const subchart of subcharts) {
			const inner = child(values, subchart.name);
			if (inner?.kind === 'map') this.chart(subchart, [chart, ...parents], inner, [...prefix, subchart.name]);
		}
	}

	#schema(chart: Chart, name: string, values: Node, prefix: FieldPath): void {
		const { json, fault } = chart.schema ?? {};
		if (json === undefined) return this.#broken(name, 'is no JSON', 'unable to unmarshal values.schema.json');
		if (fault) {
			const { error } = singleErrors(fault.errors)[0]!;
			const where = error.path.length > 0 ? `at "${formatPath(error.path)}" ` : '';
			this.#broken(
				name,
				`is not valid (${where}${error.words})`,
				`"file:///values.schema.json#" is not valid against metaschema: jsonschema validation failed with '${fault.name}'\n${printErrors(fault.errors)}`,
			);
			return;
		}
		const result = validateSchema(json, values);
		switch (result.kind) {
			case 'remote':
				this.notes.push(`The values of chart "${name}" are not checked: its schema refers to ${result.reference}.`);
				return;
			case 'invalid':
				this.#broken(name, 'is not valid', `"file:///values.schema.json#" is not valid: ${result.words}`);
				return;
			case 'checked':
				for (const { error, groups } of singleErrors(result.errors))
					if (this.#isCertain(error, prefix)) this.#schemaError(error, groups, name, prefix);
		}
	}

	#broken(chart: string, what: string, words: string): void {
		this.report(
			'helm/chart-schema-broken',
			'error',
			`the "values.schema.json" of chart "${chart}" ${what}, so the chart cannot be installed`,
			undefined,
			{ words: `${HEADING}\n${chart}:\n${words}` },
		);
	}

	#schemaError(error: SchemaError, groups: readonly SchemaError[], chart: string, prefix: FieldPath): void {
		const secret = isTold(error, this.#context.isSecret);
		const words = secret ? undefined : `${HEADING}\n${chart}:\n${printErrors([inGroups(error, groups)])}`;
		const path = formatPath([...prefix, ...error.path]);
		const field = path === '' ? 'the values' : `"${path}"`;
		if (error.keyword === 'additionalProperties') {
			for (const name of error.names) {
				const value = child(error.node, name);
				const full = formatPath([...prefix, ...error.path, name]);
				const message = `chart "${chart}" does not know the value "${full}" and refuses it${didYouMean(name, error.known)}`;
				this.report('helm/values-schema', 'error', message, value, { words, anchor: 'key' });
			}
			return;
		}
		const what =
			secret && VALUE_IN_WORDS.has(error.keyword)
				? `it does not fit the schema's "${error.keyword}"`
				: error.words.replaceAll(/'(not|anyOf|oneOf|allOf)' failed/g, '"$1" failed');
		const more =
			error.causes.length > 0 && !secret
				? ` (${singleErrors(error.causes)
						.map(cause => cause.error.words)
						.join('; ')})`
				: '';
		const missing = error.keyword === 'required';
		this.report('helm/values-schema', 'error', `chart "${chart}" refuses ${field}: ${what}${more}.`, error.node, {
			words,
			...(missing && { anchor: 'key' as const }),
		});
	}

	#defaults(
		chart: Chart,
		parents: readonly Chart[],
		subcharts: readonly EnabledChart[],
		values: Node,
		prefix: FieldPath,
	): void {
		if (values.kind !== 'map') return;
		for (const { message, node, anchor, code } of defaultProblems(
			chart,
			parents,
			subcharts.map(({ name }) => name),
			values,
			prefix,
		)) {
			if (writerOf(node.origin)) this.report(code, 'warning', message, node, { anchor });
		}
	}

	/** Nothing is said about what may be another value in the cluster. */
	#isCertain(error: SchemaError, prefix: FieldPath): boolean {
		const path = [...prefix, ...error.path];
		if (this.#unknown.some(unknown => isPrefix(unknown, path))) return false;
		const below = this.#unknown.some(unknown => isPrefix(path, unknown));
		if (below && !['type', 'additionalProperties'].includes(error.keyword) && error.keyword !== 'required')
			return false;
		if (hasVariable(error.node) || error.causes.some(cause => !this.#isCertain(cause, prefix))) return false;
		if (this.#merged.anything === 'known') return true;
		const top = nodeAt(this.#all, path)?.origin.step;
		return (
			error.causes.length === 0 && !INCOMPLETE.has(error.keyword) && top !== 'valuesFrom' && top !== 'chartDefault'
		);
	}

	report(
		code: string,
		severity: Problem['severity'],
		message: string,
		node: Node | undefined,
		more: { readonly words?: string | undefined; readonly anchor?: Problem['anchor'] },
	): void {
		const writer = node && writerOf(node.origin);
		this.problems.push({
			code,
			severity,
			message: /[.?]$/.test(message) ? message : `${message}.`,
			at: writer ? addressOf(writer) : this.#context.fallback,
			...(writer && more.anchor ? { anchor: more.anchor } : undefined),
			...(more.words !== undefined && { details: more.words }),
			...(severity === 'error' && { fatal: true as const }),
		});
	}
}

/** Keywords that fail for lack of something, which an unknown values file may bring. */
const INCOMPLETE: ReadonlySet<string> = new Set([
	'required',
	'dependencies',
	'minProperties',
	'minItems',
	'contains',
	'minContains',
	'not',
]);

/** Keywords whose words quote the value. */
const VALUE_IN_WORDS: ReadonlySet<string> = new Set([
	'pattern',
	'format',
	'minimum',
	'maximum',
	'exclusiveMinimum',
	'exclusiveMaximum',
	'multipleOf',
]);

/** The last who wrote it, the chart's own defaults aside. */
function writerOf(origin: Origin): Origin | undefined {
	return origin.step === 'chartDefault' ? undefined : origin;
}

/** The error alone in what it stands in. */
function inGroups(error: SchemaError, groups: readonly SchemaError[]): SchemaError {
	return groups.reduceRight((inner, group) => ({ ...group, causes: [inner] }), error);
}

/** The library's own list of errors, as helm prints it. */
export function printErrors(errors: readonly SchemaError[], indent = ''): string {
	return errors
		.map(error => {
			const pointer = error.path.map(key => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
			const inner = error.causes.length > 0 ? `\n${printErrors(error.causes, `${indent}  `)}` : '';
			return `${indent}- at '${pointer}': ${error.words}${inner}`;
		})
		.join('\n');
}

function isTold(error: SchemaError, isSecret: (origin: Origin) => boolean): boolean {
	return isSecret(error.node.origin) || error.causes.some(cause => isTold(cause, isSecret));
}

/** A text that Flux has not substituted here may be anything there. */
function hasVariable(node: Node): boolean {
	return node.kind === 'scalar' && node.text.includes('${');
}

function pathsOf(root: Node, wanted: ReadonlySet<Node>): readonly FieldPath[] {
	const found: FieldPath[] = [];
	const visit = (node: Node, path: FieldPath) => {
		if (wanted.has(node)) found.push(path);
		else if (node.kind === 'map') for (const { key, value } of node.entries) visit(value, [...path, key]);
		else if (node.kind === 'seq') node.items.forEach((item, i) => visit(item, [...path, i]));
	};
	if (wanted.size > 0) visit(root, []);
	return found;
}

function isPrefix(prefix: FieldPath, path: FieldPath): boolean {
	return prefix.length <= path.length && prefix.every((key, i) => key === path[i]);
}

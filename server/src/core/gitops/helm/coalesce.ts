/**
 * From the values that were given to the values that templates see: chart defaults, subcharts, globals, aliases, conditions and
 * tags, import-values, and nulls that take defaults away (helm `chartutil.ProcessDependencies` and `CoalesceValues`).
 */
import { child, type MapNode, type Node, textAt } from '../../yaml/node';
import type { Chart, ChartDependency } from './chart';
import { isCompatible } from './semver';
import {
	appendOrigin,
	deepCopy,
	isNullValue,
	mapFromNode,
	mapToNode,
	replacing,
	type Value,
	type ValueMap,
} from './values-tree';

/** Since 4.2 nulls among a chart's defaults go. */
export type HelmVersion = '4.1' | '4.2';

/** A chart with the subcharts that are switched on, under the names their values go by. */
export interface EnabledChart {
	readonly chart: Chart;
	/** Its name, or the alias under which its parent knows it. */
	readonly name: string;
	readonly subcharts: readonly EnabledChart[];
}

export interface CoalescedValues {
	readonly values: MapNode;
	readonly root: EnabledChart;
	/** Helm's words where it gives up: a subchart's values that are no map. */
	readonly failure: { readonly words: string; readonly at: Node } | undefined;
}

/** The final values. Nothing that is given is changed. */
export function coalesceChart(chart: Chart, given: MapNode, version: HelmVersion): CoalescedValues {
	const work = new Coalescing(version);
	const root = workingChart(chart);
	const values = mapFromNode(given);
	work.enable(root, values, '');
	work.importValues(root);
	const result = work.coalesce(root, deepCopy(values), 'coalesce');
	return { values: mapToNode(result), root: asEnabled(root), failure: work.failure };
}

/** A chart while its dependencies are sorted out; helm changes names, lists and defaults in place. */
interface WorkingChart {
	readonly chart: Chart;
	name: string;
	values: ValueMap;
	subcharts: WorkingChart[];
	requirements: Requirement[];
	readonly declares: boolean;
}

interface Requirement {
	readonly dependency: ChartDependency;
	name: string;
	enabled: boolean;
}

function workingChart(chart: Chart): WorkingChart {
	return {
		chart,
		name: chart.name,
		values: mapFromNode(chart.values),
		subcharts: chart.subcharts.map(workingChart),
		requirements: chart.dependencies.map(dependency => ({ dependency, name: dependency.name, enabled: true })),
		declares: chart.dependencies.length > 0,
	};
}

function asEnabled({ chart, name, subcharts }: WorkingChart): EnabledChart {
	return { chart, name, subcharts: subcharts.map(asEnabled) };
}

/** `coalesce` takes nulls away, `merge` keeps them for later. */
type Mode = 'coalesce' | 'merge';

/** Lives as long as one chart's values are worked out. */
class Coalescing {
	readonly #version: HelmVersion;
	failure: CoalescedValues['failure'];

	constructor(version: HelmVersion) {
		this.#version = version;
	}

	/** `processDependencyEnabled`: aliases, tags, conditions. `path` leads from the root to the chart, with a dot at its end. */
	enable(chart: WorkingChart, given: ValueMap, path: string): void {
		if (!chart.declares) return;
		chart.subcharts = declaredSubcharts(chart);
		for (const requirement of chart.requirements)
			if (requirement.dependency.alias) requirement.name = requirement.dependency.alias;
		const values = this.coalesce(chart, deepCopy(given), 'coalesce');
		applyTags(chart.requirements, values);
		applyConditions(chart.requirements, values, path);
		const off = new Set(chart.requirements.filter(({ enabled }) => !enabled).map(({ name }) => name));
		chart.subcharts = chart.subcharts.filter(({ name }) => !off.has(name));
		chart.requirements = chart.requirements.filter(({ name }) => !off.has(name));
		for (const subchart of chart.subcharts) this.enable(subchart, values, `${path}${subchart.name}.`);
	}

	/** `processDependencyImportValues`: children first; imported values lie below the parent's own. */
	importValues(chart: WorkingChart): void {
		for (const subchart of chart.subcharts) this.importValues(subchart);
		if (chart.requirements.length === 0) return;
		const values = this.coalesce(chart, emptyMap(chart.values), 'merge');
		const imported = emptyMap(chart.values);
		for (const { dependency, name } of chart.requirements)
			for (const entry of dependency.importValues) {
				const from = textAt(entry) ?? undefined;
				const source = from === undefined ? (textAt(entry, 'child') ?? '<nil>') : `exports.${from}`;
				const target = from === undefined ? (textAt(entry, 'parent') ?? '<nil>') : '.';
				const table = tableAt(values, `${name}.${source}`);
				if (table) this.#coalesceTables(imported, under(target, deepCopy(table)), 'merge');
			}
		this.#coalesceTables(values, imported, 'merge');
		chart.values = values;
	}

	/** `coalesce`: the chart's defaults below `given`, then the same for each subchart. `given` is changed and returned. */
	coalesce(chart: WorkingChart, given: ValueMap, mode: Mode): ValueMap {
		this.#coalesceValues(chart, given, mode);
		for (const subchart of chart.subcharts) {
			const existing = given.entries.get(subchart.name);
			if (existing && existing.kind !== 'map') {
				const words = `type mismatch on ${subchart.name}: ${goBool(existing)}`;
				this.failure ??= { words, at: mapToNodeOf(existing) };
				return given;
			}
			const values = existing ?? emptyMap(given);
			if (!existing) given.entries.set(subchart.name, values);
			this.#coalesceGlobals(values, given);
			this.coalesce(subchart, values, mode);
		}
		return given;
	}

	#coalesceValues(chart: WorkingChart, given: ValueMap, mode: Mode): void {
		for (const [key, value] of deepCopy(chart.values).entries) {
			const cleans = this.#version === '4.2' && mode === 'coalesce';
			const existing = given.entries.get(key);
			if (existing === undefined) {
				if (cleans && isNullValue(value)) continue;
				if (cleans && value.kind === 'map') removeNulls(value);
				given.entries.set(key, value);
			} else if (isNullValue(existing) && mode === 'coalesce') given.entries.delete(key);
			else if (existing.kind === 'map') {
				if (value.kind !== 'map') continue;
				const inner = chart.subcharts.some(({ name }) => name === key) ? 'merge' : mode;
				if (this.#version === '4.2' && inner === 'coalesce') removeNulls(value);
				this.#coalesceTables(existing, value, inner);
			} else given.entries.set(key, replacing(existing, value));
		}
	}

	/** `coalesceTablesFullKey`: `from` below `into`, which is changed. */
	#coalesceTables(into: ValueMap, from: ValueMap, mode: Mode): void {
		into.origin = appendOrigin(into.origin, from.origin);
		for (const [key, value] of from.entries) {
			const existing = into.entries.get(key);
			if (existing === undefined) into.entries.set(key, value);
			else if (isNullValue(existing)) {
				if (mode === 'coalesce' && !isNullValue(value)) into.entries.delete(key);
				else into.entries.set(key, replacing(existing, value));
			} else if (value.kind === 'map' && existing.kind === 'map') this.#coalesceTables(existing, value, mode);
			else if (existing.kind !== 'map') into.entries.set(key, replacing(existing, value));
		}
	}

	/** `coalesceGlobals`: the parent's globals win over the child's. */
	#coalesceGlobals(child: ValueMap, parent: ValueMap): void {
		const theirs = parent.entries.get('global') ?? emptyMap(parent);
		if (theirs.kind !== 'map') return;
		// Who wrote the parent's wrote the child's, too; nobody wrote one that neither has.
		const own = child.entries.get('global') ?? emptyMap(parent.entries.has('global') ? theirs : child);
		if (own.kind !== 'map') return;
		if (theirs.entries.size > 0) own.origin = appendOrigin(theirs.origin, own.origin);
		for (const [key, value] of theirs.entries) {
			const existing = own.entries.get(key);
			if (value.kind === 'map') {
				const copy = { ...value, entries: new Map(value.entries) };
				if (existing === undefined) own.entries.set(key, copy);
				else if (existing.kind === 'map') {
					this.#coalesceTables(copy, existing, 'merge');
					own.entries.set(key, copy);
				}
			} else if (existing?.kind !== 'map') own.entries.set(key, replacing(value, existing));
		}
		child.entries.set('global', own);
	}
}

/** Subcharts in the order of the declared dependencies, under their aliases; undeclared ones come first. */
function declaredSubcharts(chart: WorkingChart): WorkingChart[] {
	const fits = (subchart: WorkingChart, { dependency }: Requirement) =>
		subchart.name === dependency.name && isCompatible(dependency.version, subchart.chart.version);
	const undeclared = chart.subcharts.filter(
		subchart => !chart.requirements.some(requirement => fits(subchart, requirement)),
	);
	const declared = chart.requirements.flatMap(requirement => {
		const found = chart.subcharts.find(subchart => fits(subchart, requirement));
		if (!found) return [];
		return [{ ...workingChart(found.chart), name: requirement.dependency.alias ?? found.name }];
	});
	return [...undeclared, ...declared];
}

function applyTags(requirements: readonly Requirement[], values: ValueMap): void {
	const tags = tableAt(values, 'tags');
	if (!tags) return;
	for (const requirement of requirements) {
		const set = requirement.dependency.tags.map(tag => booleanOf(tags.entries.get(tag)));
		requirement.enabled = set.includes(true) || !set.includes(false);
	}
}

/** The first condition that is a boolean decides. */
function applyConditions(requirements: readonly Requirement[], values: ValueMap, path: string): void {
	for (const requirement of requirements)
		for (const condition of requirement.dependency.condition.trim().split(',')) {
			if (condition === '') continue;
			const keys = `${path}${condition}`.split('.');
			const last = keys.pop()!;
			const table = keys.length === 0 ? values : tableAt(values, keys.join('.'));
			const value = booleanOf(table?.entries.get(last));
			if (value === undefined) continue;
			requirement.enabled = value;
			break;
		}
}

function booleanOf(value: Value | undefined): boolean | undefined {
	return value?.kind === 'scalar' && value.tag === '!!bool' ? /^[ty]|^on$/i.test(value.text) : undefined;
}

function tableAt(values: ValueMap, path: string): ValueMap | undefined {
	let at: Value | undefined = values;
	for (const key of path.split('.')) at = at?.kind === 'map' ? at.entries.get(key) : undefined;
	return at?.kind === 'map' ? at : undefined;
}

/** `pathToMap`: the table under a dotted path. */
function under(path: string, table: ValueMap): ValueMap {
	if (path === '.') return table;
	return path
		.split('.')
		.reduceRight<ValueMap>((inner, key) => ({ ...emptyMap(table), entries: new Map([[key, inner]]) }), table);
}

function emptyMap({ origin }: ValueMap): ValueMap {
	return { kind: 'map', entries: new Map(), origin };
}

function removeNulls(map: ValueMap): void {
	for (const [key, value] of map.entries) {
		if (isNullValue(value)) map.entries.delete(key);
		else if (value.kind === 'map') removeNulls(value);
	}
}

/** Helm prints the value with `%t`, which only fits booleans. */
function goBool(value: Value): string {
	if (value.kind === 'list') return '[]';
	if (value.kind === 'map') return 'map[]';
	switch (value.tag) {
		case '!!bool':
			return String(booleanOf(value));
		case '!!null':
			return '%!t(<nil>)';
		case '!!int':
		case '!!float':
			return `%!t(float64=${value.text})`;
		default:
			return `%!t(string=${value.text})`;
	}
}

function mapToNodeOf(value: Value): Node {
	return value.kind === 'scalar' ? value : { kind: 'seq', items: [], origin: value.origin };
}

/** Whether a chart can be installed at all; library charts only serve others. */
export function isLibrary({ metadata }: Chart): boolean {
	return textAt(child(metadata, 'type')) === 'library';
}

/**
 * The field specs that a kustomization's transformers work with: kustomize's defaults, what `configurations` and `crds` add, and
 * what the bases brought along (`api/internal/plugins/builtinconfig.TransformerConfig`).
 */
import type { Address } from '../base/address';
import type { Problem } from '../base/problem';
import { DEFAULT_FIELD_SPECS, type FieldSpec, LEGACY_ORDER, type NameBackReferences } from '../kube/kustomize-facts';
import { fits, type GvkPattern } from './identity';

export interface TransformerConfiguration {
	readonly namePrefix: readonly FieldSpec[];
	readonly nameSuffix: readonly FieldSpec[];
	readonly namespace: readonly FieldSpec[];
	readonly commonLabels: readonly FieldSpec[];
	readonly labels: readonly FieldSpec[];
	readonly templateLabels: readonly FieldSpec[];
	readonly commonAnnotations: readonly FieldSpec[];
	readonly nameReference: readonly NameBackReferences[];
	readonly varReference: readonly FieldSpec[];
	readonly images: readonly FieldSpec[];
	readonly replicas: readonly FieldSpec[];
	/** What it was merged out of; absent where it is of one piece. Every kustomization brings kustomize's defaults along again. */
	readonly parts?: ReadonlySet<TransformerConfiguration>;
}

export type FieldSpecList = Exclude<keyof TransformerConfiguration, 'nameReference' | 'parts'>;

export const FIELD_SPEC_LISTS: readonly FieldSpecList[] = [
	'namePrefix',
	'nameSuffix',
	'namespace',
	'commonLabels',
	'labels',
	'templateLabels',
	'commonAnnotations',
	'varReference',
	'images',
	'replicas',
];

export const NO_CONFIGURATION: TransformerConfiguration = {
	namePrefix: [],
	nameSuffix: [],
	namespace: [],
	commonLabels: [],
	labels: [],
	templateLabels: [],
	commonAnnotations: [],
	nameReference: [],
	varReference: [],
	images: [],
	replicas: [],
};

/** `commonLabels` reaches what `labels` with `includeTemplates` reaches, and the selectors. */
export const DEFAULT_CONFIGURATION: TransformerConfiguration = sortedConfiguration({
	...NO_CONFIGURATION,
	...DEFAULT_FIELD_SPECS,
	commonLabels: [...DEFAULT_FIELD_SPECS.templateLabels, ...DEFAULT_FIELD_SPECS.commonLabels],
});

/** Both together, sorted. A spec that stands in both with another `create` is a conflict (`FsSlice.MergeAll`). */
export function mergeConfigurations(
	a: TransformerConfiguration,
	b: TransformerConfiguration,
	at: Address,
	problems: Problem[],
): TransformerConfiguration {
	if (a === b || b === NO_CONFIGURATION) return a;
	if (a === NO_CONFIGURATION) return b;
	const parts = a.parts ?? new Set([a]);
	if (partsOf(b).every(part => parts.has(part))) return a;
	const same = holdsSame(a, b);
	// What has parts is the sorted result of a merge already.
	const result = same && a.parts ? a : sortedConfiguration(same ? a : joined(a, b, at, problems));
	return sameConfiguration(result, a) ? a : { ...result, parts: new Set([...parts, ...partsOf(b)]) };
}

/** The configuration as it is after being merged into nothing: a spec for every kind adds nothing to one for some kind before it. */
export function intoNothing(
	configuration: TransformerConfiguration,
	at: Address,
	problems: Problem[],
): TransformerConfiguration {
	const merged = joined(NO_CONFIGURATION, configuration, at, problems);
	if (sameConfiguration(merged, configuration)) return configuration;
	const { parts } = configuration;
	return parts ? { ...merged, parts } : merged;
}

function partsOf(configuration: TransformerConfiguration): readonly TransformerConfiguration[] {
	return configuration.parts ? [...configuration.parts] : [configuration];
}

/** Whether both say the same in the same order, as the directories of a build do that list one file of configuration each. */
function holdsSame(a: TransformerConfiguration, b: TransformerConfiguration): boolean {
	return (
		FIELD_SPEC_LISTS.every(list => sameSpecs(a[list], b[list])) &&
		a.nameReference.length === b.nameReference.length &&
		a.nameReference.every((reference, i) => {
			const other = b.nameReference[i]!;
			return samePattern(reference, other) && sameSpecs(reference.fieldSpecs, other.fieldSpecs);
		})
	);
}

function sameSpecs(a: readonly FieldSpec[], b: readonly FieldSpec[]): boolean {
	const same = (x: FieldSpec, y: FieldSpec) => x.path === y.path && x.create === y.create && samePattern(x, y);
	return a === b || (a.length === b.length && a.every((spec, i) => spec === b[i] || same(spec, b[i]!)));
}

function samePattern(a: GvkPattern, b: GvkPattern): boolean {
	return a.kind === b.kind && a.group === b.group && a.version === b.version;
}

function joined(
	a: TransformerConfiguration,
	b: TransformerConfiguration,
	at: Address,
	problems: Problem[],
): TransformerConfiguration {
	const merged: Record<string, readonly FieldSpec[]> = {};
	const conflict = (list: string, spec: FieldSpec) => problems.push(conflictProblem(list, spec, at));
	for (const list of FIELD_SPEC_LISTS) merged[list] = mergeFieldSpecs(a[list], b[list], spec => conflict(list, spec));
	const nameReference = mergeNameReferences(a.nameReference, b.nameReference, spec => conflict('nameReference', spec));
	return { ...NO_CONFIGURATION, ...merged, nameReference };
}

/** The specs, and those of `more` that are not among them. */
export function mergeFieldSpecs(
	specs: readonly FieldSpec[],
	more: readonly FieldSpec[],
	onConflict: (spec: FieldSpec) => void,
): readonly FieldSpec[] {
	const byPath = new Map<string, FieldSpec[]>();
	const result: FieldSpec[] = [];
	const add = (spec: FieldSpec): void => {
		result.push(spec);
		const same = byPath.get(spec.path);
		if (same) same.push(spec);
		else byPath.set(spec.path, [spec]);
	};
	if (more.length > 0) specs.forEach(add);
	for (const spec of more) {
		const known = byPath.get(spec.path)?.find(each => fits(asGvk(each), spec));
		if (!known) add(spec);
		else if ((known.create === true) !== (spec.create === true)) onConflict(spec);
	}
	return result.length > specs.length ? result : specs;
}

function mergeNameReferences(
	references: readonly NameBackReferences[],
	more: readonly NameBackReferences[],
	onConflict: (spec: FieldSpec) => void,
): readonly NameBackReferences[] {
	let result = references;
	const places = new Map<string, number>();
	for (const [at, reference] of references.entries()) {
		const key = sortKey(reference);
		if (!places.has(key)) places.set(key, at);
	}
	for (const reference of more) {
		const key = sortKey(reference);
		const at = places.get(key);
		const known = at === undefined ? undefined : result[at];
		if (at === undefined || !known) {
			places.set(key, result.length);
			result = [...result, reference];
			continue;
		}
		const fieldSpecs = mergeFieldSpecs(known.fieldSpecs, reference.fieldSpecs, onConflict);
		if (fieldSpecs !== known.fieldSpecs) result = result.with(at, { ...known, fieldSpecs });
	}
	return result;
}

function asGvk({ group, version, kind }: GvkPattern): { group: string; version: string; kind: string } {
	return { group: group ?? '', version: version ?? '', kind: kind ?? '' };
}

/** `Gvk.IsLessThan`: kinds in the legacy order, then by text. */
export function sortedConfiguration(configuration: TransformerConfiguration): TransformerConfiguration {
	const result: Record<string, readonly GvkPattern[]> = {};
	for (const list of [...FIELD_SPEC_LISTS, 'nameReference'] as const) {
		const keyed = configuration[list].map(of => ({ of, rank: kindRank(of.kind ?? ''), key: sortKey(of) }));
		result[list] = keyed.sort(compareKinds).map(({ of }) => of);
	}
	return { ...configuration, ...(result as Partial<TransformerConfiguration>) };
}

interface Ranked {
	readonly rank: number;
	readonly key: string;
}

function compareKinds(a: Ranked, b: Ranked): number {
	return a.rank - b.rank || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
}

/** Where the legacy order puts a kind; 0 for most. */
function kindRank(kind: string): number {
	const first = LEGACY_ORDER.orderFirst.indexOf(kind);
	return first >= 0 ? first - LEGACY_ORDER.orderFirst.length : LEGACY_ORDER.orderLast.indexOf(kind) + 1;
}

function sortKey({ group, version, kind }: GvkPattern): string {
	return `${group || '~G'}_${version || '~V'}_${kind || '~K'}`;
}

function sameConfiguration(a: TransformerConfiguration, b: TransformerConfiguration): boolean {
	return [...FIELD_SPEC_LISTS, 'nameReference' as const].every(
		list =>
			a[list].length === b[list].length && (a[list] as readonly unknown[]).every((spec, i) => spec === b[list][i]),
	);
}

function conflictProblem(list: string, spec: FieldSpec, at: Address): Problem {
	return {
		code: 'kustomize/invalid-configuration',
		severity: 'error',
		fatal: true,
		message: `the \`${list}\` spec for \`${spec.path}\` says \`create: ${spec.create === true}\`, and another one says the opposite; make them agree`,
		at,
		details: `failed to merge ${list.charAt(0).toUpperCase()}${list.slice(1)} fieldSpec: conflicting fieldspecs`,
	};
}

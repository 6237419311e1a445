/** `sortOptions`; the legacy order that the commands use by default (`api/internal/builtins.SortOrderTransformer`). */
import { below } from '../../base/address';
import { changeTo } from '../../base/change-to';
import { nearest } from '../../base/nearest';
import type { Problem } from '../../base/problem';
import { LEGACY_ORDER } from '../../kube/kustomize-facts';
import { formatId, type ResourceId } from '../../kube/resource-id';
import type { SortOptions } from '../read/model';
import type { Tracked, Transformed } from '../tracked';
import { unchanged } from './each';

/** The resources in the order that the options give them, or what is wrong with the options. */
export function applySortOptions(options: SortOptions | undefined, resources: readonly Tracked[]): Transformed {
	const problem = options && invalidOptions(options);
	if (problem) return unchanged(resources, [problem]);
	if (options?.order !== 'legacy') return unchanged(resources);
	return { ...unchanged(resources), resources: legacyOrder(resources, options) };
}

/** The order in which `kustomize build` and `kubectl kustomize` print: kinds in a fixed order, then by text. */
export function legacyOrder<T extends Pick<Tracked, 'id'>>(
	resources: readonly T[],
	options?: SortOptions,
): readonly T[] {
	const legacy = options?.legacySortOptions ?? LEGACY_ORDER;
	const ranks = new Map<string, number>();
	legacy.orderFirst.forEach((kind, i) => ranks.set(kind, i - legacy.orderFirst.length));
	legacy.orderLast.forEach((kind, i) => ranks.set(kind, i + 1));
	const keyed = resources.map(resource => ({
		resource,
		rank: ranks.get(resource.id.kind) ?? 0,
		kind: kindText(resource.id),
		isNamespace: resource.id.kind === 'Namespace',
		id: sortText(resource.id),
	}));
	keyed.sort((a, b) => a.rank - b.rank || compareKinds(a, b) || compare(a.id, b.id));
	return keyed.map(({ resource }) => resource);
}

function compare(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}

/** `legacyGVKSortString`. */
function kindText({ group, version, kind }: ResourceId): string {
	return `${group || '~G'}_${version || '~V'}_${kind || '~K'}`;
}

/** By text; among Namespaces the other way round, so that the core one comes before what other groups call so. */
function compareKinds(a: Keyed, b: Keyed): number {
	return a.isNamespace && b.isNamespace ? compare(b.kind, a.kind) : compare(a.kind, b.kind);
}

interface Keyed {
	readonly kind: string;
	readonly isNamespace: boolean;
}

/** `legacyResIDSortString`. */
function sortText(id: ResourceId): string {
	return `${formatId(id).split('/')[0]}|${id.namespace || '~X'}|${id.name || '~N'}`;
}

function invalidOptions(options: SortOptions): Problem | undefined {
	const common = { code: 'kustomize/invalid-sort-options', severity: 'error', fatal: true, at: options.at } as const;
	if (options.order !== 'fifo' && options.order !== 'legacy') {
		const at = options.order ? below(options.at, 'order') : options.at;
		return {
			...common,
			at,
			...changeTo(at, nearest(options.order, ['fifo', 'legacy'])),
			message: `\`sortOptions.order\` must be \`fifo\` (as accumulated) or \`legacy\` (by kind)${options.order ? `, not \`${options.order}\`` : ''}`,
			details: "the field 'sortOptions.order' must be one of [fifo, legacy]",
		};
	}
	if (options.order === 'legacy' || !options.legacySortOptions) return undefined;
	return {
		...common,
		message: '`legacySortOptions` has no meaning with `order: fifo`; take it out, or say `order: legacy`',
		at: options.legacySortOptions.at,
		details: "the field 'sortOptions.legacySortOptions' is set but the selected sort order is 'fifo', not 'legacy'",
	};
}

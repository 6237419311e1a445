/** One HelmRelease against its chart: what is found, what the templates will see, and what is wrong with it. */
import type { Problem } from '../../base/problem';
import type { Database } from '../../base/query';
import { addressOf, type Origin } from '../../yaml/node';
import type { HelmVersion } from './coalesce';
import { type LocatedChart, locateChart, type SourceRoot } from './locate-chart';
import type { Release } from './release';
import { type CheckedValues, checkValues } from './validate-values';

export interface ReleaseCheck {
	readonly chart: LocatedChart;
	/** Nothing where the chart is not at hand. */
	readonly checked: CheckedValues | undefined;
	/** Of the chart and of the values; those of the release itself are in the release. */
	readonly problems: readonly Problem[];
	/** Sentences about what could not be checked. */
	readonly notes: readonly string[];
}

/** Checks a release. `rootOf` tells which sources stand for this repository. */
export function checkRelease(db: Database, release: Release, rootOf: SourceRoot, version: HelmVersion): ReleaseCheck {
	const located = locateChart(db, release.chart, rootOf);
	switch (located.kind) {
		case 'unknown':
			return { chart: located, checked: undefined, problems: [], notes: [located.why] };
		case 'missing':
			return { chart: located, checked: undefined, problems: located.problems, notes: [] };
		case 'chart': {
			const named = release.chart.chartNode ?? release.chart.nameNode;
			const fallback = named ? addressOf(named.origin) : release.resource.from;
			const checked = checkValues(located.chart, release.merged, { fallback, isSecret: secretTest(release), version });
			const problems = [...located.problems, ...checked.problems];
			return { chart: located, checked, problems, notes: checked.notes };
		}
	}
}

/** Whether a value, or one that it replaced, was written where a Secret of the release is. */
function secretTest({ references }: Release): (origin: Origin) => boolean {
	const places = new Set(
		references.flatMap(({ object, entry }) => {
			if (object?.kind !== 'Secret') return [];
			return [
				placeKey(object.resource.from.file, object.resource.from.document),
				...(entry ? [placeKey(entry.origin.file, entry.origin.document)] : []),
			];
		}),
	);
	const test = (origin: Origin): boolean =>
		places.has(placeKey(origin.file, origin.document)) || (origin.replaced !== undefined && test(origin.replaced));
	return places.size === 0 ? () => false : test;
}

function placeKey(file: string, document: number): string {
	return `${file}#${document}`;
}

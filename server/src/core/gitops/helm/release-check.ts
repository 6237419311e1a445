/** One HelmRelease against its chart: what is found, what the templates will see, and what is wrong with it. */
import type { Address } from '../../base/address';
import type { Problem } from '../../base/problem';
import type { Database } from '../../base/query';
import { addressOf, type Origin, textAt } from '../../yaml/node';
import type { Chart } from './chart';
import type { HelmVersion } from './coalesce';
import { kubernetesProblem } from './kubernetes-range';
import { type LocatedChart, locateChart, OUTSIDE, type SourceRoot } from './locate-chart';
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

export interface ReleaseContext {
	/** Tells which sources stand for this repository. */
	readonly rootOf: SourceRoot;
	readonly helmVersion: HelmVersion;
	/** The release of Kubernetes that it is for, where that is known: `1.31`. */
	readonly kubernetesVersion: string | undefined;
}

/** Checks a release. */
export function checkRelease(db: Database, release: Release, context: ReleaseContext): ReleaseCheck {
	const located = locateChart(db, release.chart, context.rootOf);
	const { chartNode, nameNode, versionNode } = release.chart;
	const named = chartNode ?? nameNode;
	const fallback = named ? addressOf(named.origin) : release.resource.from;
	switch (located.kind) {
		case 'unknown':
			return { chart: located, checked: undefined, problems: [], notes: [located.why] };
		case 'missing':
			return { chart: located, checked: undefined, problems: inTree(located.problems, fallback), notes: [] };
		case 'chart': {
			const isSecret = secretTest(release);
			const values = checkValues(located.chart, release.merged, { fallback, isSecret, version: context.helmVersion });
			const checked = { ...values, problems: asActionSays(release, located.chart, values.problems) };
			const tooOld = kubernetesProblem(located.chart, context.kubernetesVersion, versionNode ?? named);
			const problems = [
				...inTree(located.problems, fallback),
				...asActionSays(release, located.chart, tooOld ? [tooOld] : []),
				...checked.problems,
			];
			return { chart: located, checked, problems, notes: checked.notes };
		}
	}
}

const OF_SCHEMA: ReadonlySet<string> = new Set(['helm/values-schema', 'helm/chart-schema-broken']);

/**
 * Helm's words as helm-controller hands them on (`fmtInstallFailure`). Of schemas nothing is said where the release asks both of its actions not to look at
 * them; where it asks one, the other fails.
 */
function asActionSays(release: Release, chart: Chart, problems: readonly Problem[]): readonly Problem[] {
	const skips = (action: string) => textAt(release.resource.node, 'spec', action, 'disableSchemaValidation') === 'true';
	const action = skips('install') ? 'upgrade' : 'install';
	const sentence = `Helm ${action} failed for release ${release.targetNamespace}/${release.name} with chart ${chart.name}@${chart.version}: `;
	const told = skips('install') && skips('upgrade') ? problems.filter(({ code }) => !OF_SCHEMA.has(code)) : problems;
	return told.map(problem =>
		problem.severity === 'error' && problem.details !== undefined
			? { ...problem, details: sentence + problem.details }
			: problem,
	);
}

/** What is wrong in an archive from outside is told where the release names the chart. */
function inTree(problems: readonly Problem[], fallback: Address): readonly Problem[] {
	return problems.map(problem => (problem.at.file.startsWith(OUTSIDE) ? { ...problem, at: fallback } : problem));
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

/**
 * Kinds that the charts of an environment bring, for judging, hover and completion: what stands below `crds/` of a chart at hand is installed with its release. Only kinds that neither the tree nor
 * Strata knows are looked up here, so that nothing else has to wait for charts.
 */
import { join } from '../base/paths';
import type { Problem } from '../base/problem';
import { type Database, query } from '../base/query';
import type { Chart } from '../gitops/helm/chart';
import { customKindsOf, type CustomKinds, declaredNames } from '../kube/schema/crd';
import { type KindSchema, schemaOfNode } from '../kube/schema/store';
import type { Resource } from '../kube/resource';
import { readContent } from '../yaml/content';
import type { Node } from '../yaml/node';
import { chartedReleases } from './charts';
import { clusterTree } from './cluster-tree';
import { isOfUnknownKind, schemaOptions, schemaProblems, schemaProblemsWith } from './schemas';

/** What is said of the resources of an environment whose kinds are not known without its charts. */
export function unknownKindProblems(
	db: Database,
	environment: string,
	resources: readonly Resource[],
): readonly Problem[] {
	if (!schemaProblems(db, resources, environment).some(isOfUnknownKind)) return [];
	return resources.flatMap(resource => {
		const problems = schemaProblems(db, [resource], environment);
		if (!problems.some(isOfUnknownKind)) return [];
		const kinds = db.get(kindsOf, environment);
		const { group, kind } = resource.id;
		return kinds.find(group, kind) ? schemaProblemsWith(db, resource, environment, kinds) : problems;
	});
}

/** What is known about the kind that an object says it is of: what the tree declares, what ships, then what the charts of some environment bring. */
export function schemaInTree(db: Database, node: Node): KindSchema | undefined {
	const options = db.get(schemaOptions, '');
	const known = schemaOfNode(db, node, options);
	if (known) return known;
	for (const environment of db.get(environmentsWithCharts, '')) {
		const found = schemaOfNode(db, node, { ...options, customKinds: db.get(kindsOf, environment) });
		if (found) return found;
	}
	return undefined;
}

const environmentsWithCharts = query<readonly string[]>(
	'environmentsWithCharts',
	db => [...new Set(db.get(clusterTree, '').entries.flatMap(entry => (entry.setAside ? [] : [entry.environment])))],
	(a, b) => a.join() === b.join(),
);

/** The charts of the releases of an environment, with their subcharts, as far as they bring kinds. */
const chartsOf = query<readonly Chart[]>(
	'chartsWithKinds',
	(db, environment) => {
		const entries = db
			.get(clusterTree, '')
			.entries.filter(entry => entry.environment === environment && !entry.setAside);
		const charts = entries.flatMap(entry =>
			chartedReleases(db, entry).flatMap(({ check: { chart } }) =>
				chart.kind === 'chart' ? withSubcharts(chart.chart) : [],
			),
		);
		return [...new Set(charts)].filter(({ files }) => files.paths.some(isDefinitions));
	},
	(a, b) => a.length === b.length && a.every((chart, i) => chart === b[i]),
);

function withSubcharts(chart: Chart): readonly Chart[] {
	return [chart, ...chart.subcharts.flatMap(withSubcharts)];
}

function isDefinitions(path: string): boolean {
	return /^crds\/.*\.(ya?ml|json)$/.test(path);
}

/** The first chart that declares a kind counts. Files are long, so that only the one that is asked for is read. */
const kindsOf = query<CustomKinds>('chartKinds', (db, environment) => {
	const sources = db.get(chartsOf, environment).flatMap(({ files }) =>
		files.paths.filter(isDefinitions).map(path => {
			let read: CustomKinds | undefined;
			return {
				names: new Set(declaredNames(files.text(path) ?? '')),
				kinds: (): CustomKinds => {
					const host = { file: join(files.directory, path), step: 'resource' } as const;
					return (read ??= customKindsOf(
						readContent(files.syntax(path), host).flatMap(({ root }) => (root ? [root] : [])),
					));
				},
			};
		}),
	);
	return {
		find(group, kind) {
			for (const { names, kinds } of sources) {
				const found = names.has(`${group}/${kind}`) ? kinds().find(group, kind) : undefined;
				if (found) return found;
			}
			return undefined;
		},
	};
});

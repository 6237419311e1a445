/** What helm would say of values and what its templates would see of them, out of Strata's answers. */
import type { Problem } from '../../server/src/core/base/problem';
import type { Chart } from '../../server/src/core/gitops/helm/chart';
import { checkValues } from '../../server/src/core/gitops/helm/validate-values';
import { readValuesFile } from '../../server/src/core/gitops/helm/merge-values';
import { type MapNode, nodeAt, toPlain } from '../../server/src/core/yaml/node';

export const VALUES_HOST = { file: '/values.yaml', step: 'values' } as const;

const HEADING = "values don't meet the specifications of the schema(s) in the following chart(s):\n";

/** The problems of the check put together again as helm prints them; nothing where there are none. */
export function schemaWords(chart: Chart, values: MapNode): string | undefined {
	const byChart = new Map<string, Set<string>>();
	for (const { details = '', severity } of valuesProblems(chart, values)) {
		const [, name = '', words = ''] = /^(.*)\n([^]*)$/m.exec(details.replace(HEADING, '')) ?? [];
		if (severity === 'error') byChart.set(name, (byChart.get(name) ?? new Set()).add(words));
	}
	if (byChart.size === 0) return undefined;
	return HEADING + [...byChart].map(([name, words]) => `${name}\n${groupedOnce(words).join('\n')}`).join('\n');
}

/** Each error names the groups that it stands in; helm names a group once, before all that stands in it. */
function groupedOnce(words: Iterable<string>): readonly string[] {
	const named = new Set<string>();
	return [...words].flatMap(text => {
		const lines = text.split('\n');
		const first = lines.findIndex(line => !line.endsWith(': validation failed'));
		return lines.filter((line, i) => i >= first || (!named.has(line) && named.add(line)));
	});
}

/** What is found in values that are all known. */
export function valuesProblems(chart: Chart, values: MapNode): readonly Problem[] {
	const merged = { values, failures: [], unknown: new Set<never>(), anything: 'known' } as const;
	const fallback = { file: '/release.yaml', document: 0, path: [] };
	return checkValues(chart, merged, { fallback, isSecret: () => false, version: '4.1' }).problems;
}

/** What the templates `dump.yaml` of a rendering print of their values, by the path of the subchart. */
export function dumps(rendered: string): readonly { readonly path: readonly string[]; readonly values: unknown }[] {
	return rendered.split(/^---\n/m).flatMap(document => {
		const source = /^# Source: (\S+\/dump\.yaml)$/m.exec(document)?.[1];
		const text = source && readValuesFile(document, VALUES_HOST);
		const dump = text && text.kind === 'values' ? nodeAt(text.root, ['data', 'values']) : undefined;
		if (!source || dump?.kind !== 'scalar') return [];
		const values = readValuesFile(dump.text, VALUES_HOST);
		const path = source
			.split('/')
			.slice(1, -2)
			.filter(part => part !== 'charts');
		return [{ path, values: values.kind === 'values' && values.root ? toPlain(values.root) : {} }];
	});
}

/** The value with the keys of all its maps in order, for comparison. */
export function sortedKeys(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(sortedKeys);
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value)
			.sort(([a], [b]) => (a < b ? -1 : 1))
			.map(([key, item]) => [key, sortedKeys(item)]),
	);
}

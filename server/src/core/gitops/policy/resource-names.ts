/** The names under which the API serves kinds. */

/** Plurals that follow no rule. */
const PLURALS: Readonly<Record<string, string>> = { Endpoints: 'endpoints', PodMetrics: 'pods', NodeMetrics: 'nodes' };

/** The name under which the API serves a kind; for custom resources the usual English plural. */
export function resourceNameOf(kind: string): string {
	if (PLURALS[kind]) return PLURALS[kind];
	const lower = kind.toLowerCase();
	if (/(s|x|z|ch|sh)$/.test(lower)) return `${lower}es`;
	return /[^aeiou]y$/.test(lower) ? `${lower.slice(0, -1)}ies` : `${lower}s`;
}

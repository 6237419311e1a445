/** Every code of a problem that this folder reports, with its usual severity and one line for a table of contents. */
import type { CodeInfo, Severity } from '../../base/problem';

const of = (name: string, severity: Severity, summary: string): CodeInfo => ({
	code: `helm/${name}`,
	severity,
	summary,
});

export const HELM_PROBLEM_CODES: readonly CodeInfo[] = [
	of('chart-reference-invalid', 'error', 'a HelmRelease names no chart, or two'),
	of('source-not-found', 'error', "a HelmRelease's chart comes from a source that nothing makes"),
	of('dependency-not-found', 'error', 'a HelmRelease waits for one that does not exist'),
	of('dependency-cycle', 'error', 'HelmReleases wait for each other'),
	of('same-release', 'error', 'two HelmReleases install the same release'),
	of('values-reference-not-found', 'error', 'valuesFrom names a ConfigMap or Secret that does not exist'),
	of('values-name-has-hash', 'error', 'valuesFrom names a generated ConfigMap without the hash that the build adds'),
	of('values-name-changed', 'error', 'valuesFrom names a ConfigMap without the prefix or suffix that the build adds'),
	of('values-key-not-found', 'error', 'valuesFrom names a key that the ConfigMap or Secret does not have'),
	of('values-reference-kind', 'error', 'valuesFrom names something that is neither a ConfigMap nor a Secret'),
	of('values-not-read', 'warning', 'a generated values file that no HelmRelease reads'),
	of('values-target-path', 'error', 'a value cannot be set at its targetPath'),
	of('values-not-yaml', 'error', 'values that cannot be read as YAML'),
	of('values-not-a-map', 'error', 'values that are no map'),
	of('values-schema', 'error', "values that the chart's schema refuses"),
	of('values-unknown-key', 'warning', 'a value that the chart does not know and ignores'),
	of('values-type', 'warning', 'a value of another type than the chart expects'),
	of('chart-schema-broken', 'error', "a chart's values.schema.json that helm cannot use"),
	of('chart-archive-refused', 'error', 'a chart archive that is too large, broken, or leads out of itself'),
	of('chart-unreadable', 'error', 'a chart whose Chart.yaml or values.yaml helm cannot use'),
	of('chart-dependency-not-found', 'error', 'a chart of the tree depends on one that is not there'),
	of('kubernetes-version', 'error', 'a chart that is not for the release of Kubernetes of its environment'),
	of('values-file-not-found', 'error', "a file for a chart's default values that does not exist"),
	of('post-renderer', 'error', 'a patch of a HelmRelease that kustomize cannot read'),
	of('chart-not-found', 'error', 'a chart path or version that does not exist'),
];

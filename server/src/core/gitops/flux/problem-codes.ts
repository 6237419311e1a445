/** Every code of a problem that this folder reports, with its usual severity and one line for a table of contents. */
import type { CodeInfo, Severity } from '../../base/problem';

const of = (name: string, severity: Severity, summary: string): CodeInfo => ({
	code: `flux/${name}`,
	severity,
	summary,
});

export const FLUX_PROBLEM_CODES: readonly CodeInfo[] = [
	of('path-not-found', 'error', 'the path of a Flux Kustomization leads to no directory'),
	of('source-not-found', 'error', 'a Flux Kustomization names a source that nothing makes'),
	of('dependency-not-found', 'error', 'a Flux Kustomization waits for one that does not exist'),
	of('dependency-cycle', 'error', 'Flux Kustomizations wait for each other'),
	of('health-check-not-found', 'error', 'a health check names an object that nothing makes'),
	of('reference-not-found', 'error', 'an object of Flux names another one that nothing makes'),
	of('two-owners', 'warning', 'one object is applied by two Flux Kustomizations'),
	of('deprecated-api-version', 'warning', 'an object of Flux has an API version that is or will be taken away'),
	of('field-too-new', 'error', "a field that the cluster's Flux version does not know"),
	of('substitute-source-not-found', 'error', 'a ConfigMap or Secret with variables does not exist'),
	of('input-not-set', 'error', 'a ResourceSet asks for an input that nothing gives'),
	of('variable-not-set', 'error', 'a text asks for a variable that nothing defines'),
	of('variable-name-invalid', 'error', 'a key of the variables cannot be the name of one'),
	of('substitution-unreadable', 'error', 'a text that Flux cannot read as a substitution'),
	of('substitution-breaks-yaml', 'error', "a variable's value makes the object unreadable"),
];

/** The releases of Kubernetes that a chart is for (`kubeVersion` of Chart.yaml) against the one that the environment runs. */
import type { Problem } from '../../base/problem';
import { addressOf, type Node, textAt } from '../../yaml/node';
import type { Chart } from './chart';
import { inRange, parseRange, parseVersion } from './semver';

/** A problem where helm refuses the chart; nothing where the release is not known, or only some of its patches will do. */
export function kubernetesProblem(
	chart: Chart,
	release: string | undefined,
	at: Node | undefined,
): Problem | undefined {
	const range = textAt(chart.metadata, 'kubeVersion') ?? '';
	if (range === '' || release === undefined || !at) return undefined;
	const parsed = parseRange(range);
	if (parsed && patchesOf(release, range).some(version => inRange(parseVersion(version)!, parsed))) return undefined;
	return {
		code: 'helm/kubernetes-version',
		severity: 'error',
		message: `chart "${chart.name}" ${chart.version} is for Kubernetes ${range}, and this is for ${release}, so it cannot be installed; take a version of the chart that is for ${release}.`,
		at: addressOf(at.origin),
		details: `chart requires kubeVersion: ${range} which is incompatible with Kubernetes v${release}`,
		fatal: true,
	};
}

/** Where only the minor version of a release is known: its first and last patch, and those that the range speaks of with their neighbours. */
function patchesOf(release: string, range: string): readonly string[] {
	if (release.split('.').length > 2) return [release];
	const named = [...range.matchAll(/\d+\.\d+\.(\d+)/g)].flatMap(([, patch]) => [
		Number(patch),
		Number(patch) + 1,
		Math.max(0, Number(patch) - 1),
	]);
	return [0, 999, ...named].map(patch => `${release}.${patch}`);
}

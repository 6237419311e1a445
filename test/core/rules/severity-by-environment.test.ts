/** One fault of a shared file, certain in one environment and a guess in another: it is told as what it is where it is certain. */
import { expect, test } from 'vitest';
import { analyse } from '../../support/check';

const cluster = (name: string, more = '') => `-- clusters/${name}/flux-system/gotk-sync.yaml --
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 1m, url: "https://example.com/x/y"}
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 1h, path: ./clusters/${name}, prune: true, sourceRef: {kind: GitRepository, name: flux-system}}
-- clusters/${name}/kustomization.yaml --
resources: [flux-system/gotk-sync.yaml, ../../base${more}]
`;

const BASE = `-- base/kustomization.yaml --
resources: [release.yaml]
-- base/release.yaml --
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: {name: charts, namespace: web}
spec: {interval: 1h, url: "https://example.com/charts"}
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: web, namespace: web}
spec:
  interval: 1h
  chart: {spec: {chart: web, version: 1.0.0, sourceRef: {kind: HelmRepository, name: chrats}}}
`;

test.each([
	['where the first is known in part', 'alpha', 'beta'],
	['where the last is known in part', 'beta', 'alpha'],
])('%s', (_, part, whole) => {
	const remote = ', "https://example.com/org/more//deploy?ref=v1"';
	const { analysis } = analyse(cluster(part, remote) + cluster(whole) + BASE);
	const found = analysis.diagnostics('/repo/base/release.yaml').filter(({ code }) => code === 'helm/source-not-found');
	expect(found.map(({ severity, environments }) => [severity, environments])).toEqual([['error', [whole]]]);
});

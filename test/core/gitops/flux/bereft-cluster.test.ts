/** A cluster that has lost what begins it: its paths are told from the repository's root, wherever `clusters/` lies in that. */
import { expect, test } from 'vitest';
import { analyse, diagnostics } from '../../../support/check';

const kustomization = (name: string, path: string) => `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: {name: ${name}, namespace: flux-system}
spec: {interval: 1h, path: ${path}, prune: true, sourceRef: {kind: GitRepository, name: flux-system}}
`;

const SOURCE = `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: flux-system, namespace: flux-system}
spec: {interval: 1m, url: "https://example.com/x/y"}
---
`;

const cluster = (name: string, sync: string) => `-- shop/clusters/${name}/flux-system/${sync} --
${SOURCE}${kustomization('flux-system', `./shop/clusters/${name}`)}-- shop/clusters/${name}/flux-system/kustomization.yaml --
resources: [gotk-sync.yaml]
-- shop/clusters/${name}/apps.yaml --
${kustomization('apps', `./shop/apps/${name}`)}-- shop/apps/${name}/config.yaml --
apiVersion: v1
kind: ConfigMap
metadata: {name: shop, namespace: shop}
data: {at: ${name}}
`;

test('beside one that has it', () => {
	expect(diagnostics(analyse(cluster('staging', 'gotk-sync.yaml') + cluster('production', 'Gotk-sync.yaml')))).toEqual([
		'shop/clusters/production/flux-system/kustomization.yaml:1 kustomize/missing-resource "gotk-sync.yaml"',
	]);
});

test('where none has it', () => {
	const without = (name: string) => `-- shop/clusters/${name}/apps.yaml --
${kustomization('apps', `./shop/apps/${name}`)}-- shop/apps/${name}/config.yaml --
apiVersion: v1
kind: ConfigMap
metadata: {name: shop, namespace: shop}
data: {at: ${name}}
`;
	expect(diagnostics(analyse(without('staging') + without('production')))).toEqual([]);
});

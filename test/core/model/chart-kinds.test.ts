/** Kinds that a chart of the environment brings in its `crds/`. */
import { expect, test } from 'vitest';
import { analyse, diagnostics } from '../../support/check';

const tree = (spec: string, crd = 'crds/') => `
-- kustomization.yaml --
resources: [release.yaml, shop.yaml]
-- release.yaml --
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata: {name: this, namespace: apps}
spec: {url: "https://example.org/x.git", interval: 1h, ref: {branch: main}}
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: shop-operator, namespace: apps}
spec:
  interval: 1h
  chart: {spec: {chart: ./charts/shop, sourceRef: {kind: GitRepository, name: this}}}
-- charts/shop/Chart.yaml --
apiVersion: v2
name: shop
version: 1.0.0
-- charts/shop/${crd}shops.yaml --
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: shops.example.org}
spec:
  group: example.org
  names: {kind: Shop, plural: shops}
  scope: Namespaced
  versions:
    - name: v1
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {size: {type: integer}}}}}}
-- shop.yaml --
apiVersion: example.org/v1
kind: Shop
metadata: {name: s, namespace: apps}
spec: ${spec}
`;
const ofShop = (text: string) => diagnostics(analyse(text)).filter(line => line.includes('schema/'));

test('are checked', () => {
	expect(ofShop(tree('{size: 1}'))).toEqual([]);
	const found = ofShop(tree('{size: big, colour: red}'));
	expect(found).toHaveLength(2);
	expect(found.join()).toMatch(/schema\/wrong-type.*schema\/unknown-field|schema\/unknown-field.*schema\/wrong-type/);
});

test('are not known where the chart does not bring them that way', () => {
	expect(ofShop(tree('{size: big}', 'files/')).join()).toContain('schema/unknown-kind');
});

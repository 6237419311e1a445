/** What `buildMetadata` writes, where other steps meet it (the bytes are those of kustomize 5.8.1). */
import { expect, test } from 'vitest';
import { buildFixture, failures, printed } from '../../support/build';

test('a JSON patch that removes the annotations removes the notes, and names that look like something else are in quotes', () => {
	const result = buildFixture(`-- kustomization.yaml --
resources: [map.yaml]
buildMetadata: [originAnnotations, transformerAnnotations]
transformers:
- |
  apiVersion: builtin
  kind: LabelTransformer
  metadata: {name: "n"}
  labels: {a: b}
  fieldSpecs: [{path: metadata/labels, create: true}]
- |
  apiVersion: builtin
  kind: PatchJson6902Transformer
  metadata: {name: "it's: 1"}
  target: {kind: ConfigMap, name: map}
  jsonOp: '[{"op": "remove", "path": "/metadata/annotations"}]'
- |
  apiVersion: builtin
  kind: LabelTransformer
  metadata: {name: "10", namespace: "on"}
  labels: {c: d}
  fieldSpecs: [{path: metadata/labels, create: true}]
-- map.yaml --
apiVersion: v1
kind: ConfigMap
metadata:
  name: map
`);
	expect(failures(result)).toEqual([]);
	expect(printed(result, 'none')).toBe(`apiVersion: v1
kind: ConfigMap
metadata:
  annotations:
    alpha.config.kubernetes.io/transformations: |
      - configuredIn: kustomization.yaml
        configuredBy:
          apiVersion: builtin
          kind: LabelTransformer
          name: "10"
          namespace: "on"
    config.kubernetes.io/origin: |
      configuredIn: kustomization.yaml
      configuredBy:
        apiVersion: builtin
        kind: PatchJson6902Transformer
        name: 'it''s: 1'
  labels:
    a: b
    c: d
  name: map
`);
});

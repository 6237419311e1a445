/** What `configurations` add to kustomize's own field specs, which come first (kustomize 5.8.1). */
import { expect, test } from 'vitest';
import { buildFixture, failures, printed } from '../../support/build';

const PARK = `apiVersion: zoo.io/v1
kind: Park
metadata:
  name: a
`;

test('a spec for every kind that says another `create` than one of kustomize’s for the same path is a conflict', () => {
	const result = buildFixture(`-- kustomization.yaml --
resources: [park.yaml]
configurations: [configuration.yaml]
-- configuration.yaml --
commonLabels:
- path: spec/selector/matchLabels
-- park.yaml --
${PARK}`);
	expect(failures(result)).toEqual([
		'kustomize/invalid-configuration /repo/kustomization.yaml#configurations.0: the `commonLabels` spec for `spec/selector/matchLabels` says `create: false`, and another one says the opposite; make them agree',
	]);
});

test('a spec for every kind adds nothing where kustomize has one for some kind at the path', () => {
	const result = buildFixture(`-- kustomization.yaml --
resources: [park.yaml]
configurations: [configuration.yaml]
namePrefix: p-
-- configuration.yaml --
nameReference:
- kind: ConfigMap
  version: v1
  fieldSpecs:
  - path: spec/volumes/configMap/name
  - path: spec/settings/name
-- park.yaml --
${PARK}spec:
  settings:
    name: a
  volumes:
  - configMap:
      name: a
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: a
`);
	expect(failures(result)).toEqual([]);
	expect(printed(result, 'none')).toBe(`apiVersion: zoo.io/v1
kind: Park
metadata:
  name: p-a
spec:
  settings:
    name: p-a
  volumes:
  - configMap:
      name: a
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: p-a
`);
});

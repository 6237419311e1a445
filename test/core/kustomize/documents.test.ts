/** Which documents of a text kustomize reads: it takes the text apart at `---`, and reads one out of each part (kustomize 5.8.1). */
import { expect, test } from 'vitest';
import { buildFixture, failures, printed } from '../../support/build';

const MAP = `apiVersion: v1
kind: ConfigMap
metadata:
  name: a
`;

test.each([
	['a patch in a file', 'patches:\n- path: patch.yaml\n', `-- patch.yaml --\n${MAP}...\ndata: {a: b}\n`],
	['an old patch', 'patchesStrategicMerge: [patch.yaml]\n', `-- patch.yaml --\n${MAP}...\ndata: {a: b}\n`],
	['a patch in place', `patches:\n- patch: |\n    ${MAP.replaceAll('\n', '\n    ')}...\n    data: {a: b}\n`, ''],
])('what stands behind `...` is not read: %s', (_, patches, files) => {
	const result = buildFixture(`-- kustomization.yaml --
resources: [map.yaml]
${patches}-- map.yaml --
${MAP}${files}`);
	expect(failures(result)).toEqual([]);
	expect(printed(result, 'none')).toBe(MAP);
});

test('a directive has no document to belong to', () => {
	const result = buildFixture(`-- kustomization.yaml --
resources: [map.yaml]
-- map.yaml --
# The release of YAML.
%YAML 1.1
---
${MAP}`);
	expect(failures(result)).toEqual([
		'kustomize/bad-yaml /repo/map.yaml#: kustomize cannot read a directive (`%YAML 1.1`), since it takes the text apart at `---` first; remove it',
	]);
});

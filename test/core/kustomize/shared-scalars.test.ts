/** Labels and annotations that kustomize wrote as one node change together; the bytes are those of kustomize 5.8.1. */
import { expect, test } from 'vitest';
import { nodeAt } from '../../../server/src/core/yaml/node';
import { buildFixture, failures, printed } from '../../support/build';

const FIXTURE = `-- base/kustomization.yaml --
resources: [web.yaml]
commonLabels: {app: base}
commonAnnotations: {note: base}
-- base/web.yaml --
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    metadata:
      labels:
        app: own
    spec:
      containers:
      - name: web
        image: nginx
-- prefixed/kustomization.yaml --
resources: [../base]
namePrefix: p-
-- over/kustomization.yaml --
resources: [../base]
labels:
- pairs: {app: over}
-- patched/kustomization.yaml --
resources: [../base]
patches:
- patch: |
    apiVersion: apps/v1
    kind: Deployment
    metadata:
      name: web
      labels: {app: patched}
      annotations: {note: patched}
-- replaced/kustomization.yaml --
resources: [../prefixed]
commonLabels: {app: renamed}
replacements:
- sourceValue: replaced
  targets:
  - select: {kind: Deployment}
    fieldPaths: [metadata.annotations.note, spec.selector.matchLabels.app]
-- json/kustomization.yaml --
resources: [../base]
patches:
- target: {kind: Deployment}
  patch: '[{"op": "replace", "path": "/metadata/labels/app", "value": "json"}]'
labels:
- pairs: {app: after}
`;

/** The Deployment with the four places that hold a label, and the two that hold the annotation. */
function web(name: string, app: Record<'own' | 'selector' | 'template', string>, note: string): string {
	return `apiVersion: apps/v1
kind: Deployment
metadata:
  annotations:
    note: ${note}
  labels:
    app: ${app.own}
  name: ${name}
spec:
  selector:
    matchLabels:
      app: ${app.selector}
  template:
    metadata:
      annotations:
        note: ${note}
      labels:
        app: ${app.template}
    spec:
      containers:
      - image: nginx
        name: web
`;
}

// The template had a label of its own, which was written over: that is another node.
test.each([
	['over', web('web', { own: 'over', selector: 'over', template: 'base' }, 'base')],
	['patched', web('web', { own: 'patched', selector: 'patched', template: 'base' }, 'patched')],
	['replaced', web('p-web', { own: 'replaced', selector: 'replaced', template: 'renamed' }, 'replaced')],
	['json', web('web', { own: 'after', selector: 'base', template: 'base' }, 'base')],
])('what a transformer of the base wrote as one, and %s changes at one place', (directory, wanted) => {
	const result = buildFixture(FIXTURE, directory);
	expect(failures(result)).toEqual([]);
	expect(printed(result, 'none')).toBe(wanted);
});

test('the selector that follows says who changed it, and who wrote it before', () => {
	const { node } = buildFixture(FIXTURE, 'over').resources[0]!;
	const { origin } = nodeAt(node, ['spec', 'selector', 'matchLabels', 'app'])!;
	expect([origin.file, origin.replaced?.file].map(file => file?.split('/').at(-2))).toEqual(['over', 'base']);
});

/** Overrides: the change that results, and that it does what was meant. */
import { describe, expect, test } from 'vitest';
import type { FilePath } from '../../../server/src/core/base/paths';
import { analyse, applied } from '../../support/check';
import { ROOT } from '../../support/fixture';

/** The files that an override of the field at the caret changes. */
function overridden(
	text: string,
	values: Readonly<Record<string, string>>,
): Record<string, string | undefined> | string {
	const analysed = analyse(text);
	const { file, offset } = analysed.fixture.caret!;
	const found = analysed.analysis.override(file, offset, values);
	return found.kind === 'refused' ? found.why : applied(analysed.fixture, found.change);
}

const deployment = (caret: string) =>
	`
-- base/kustomization.yaml --
namespace: shop
resources:
  - deployment.yaml
-- base/deployment.yaml --
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  template:
    spec:
      containers:
        - name: sidecar
          image: ghcr.io/example/sidecar:1.0.0
        - name: web
          image: ghcr.io/example/web:1.0.0
          args:
            - --level=info
            - --port=80
          env:
            - name: LEVEL
              value: "1"
          resources:
            limits:
              memory: 64Mi
-- production/kustomization.yaml --
resources:
  - ../base
-- staging/kustomization.yaml --
resources:
  - ../base
`.replace(caret, caret.slice(0, -1) + '$0' + caret.slice(-1));

describe('a field of an object', () => {
	test('goes into a new strategic merge patch, its list elements told by their merge keys', () => {
		expect(overridden(deployment('64Mi'), { production: '128Mi' })).toEqual({
			'production/patches/deployment-patch.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  template:
    spec:
      containers:
        - name: sidecar
        - name: web
          resources:
            limits:
              memory: 128Mi
`,
			'production/kustomization.yaml': `resources:
  - ../base
patches:
  - path: patches/deployment-patch.yaml
`,
		});
	});

	test('keeps the type of a text', () => {
		const files = overridden(deployment('"1"'), { production: '2' });
		expect(files).toMatchObject({
			'production/patches/deployment-patch.yaml': expect.stringContaining(
				'        - name: web\n          env:\n            - name: LEVEL\n              value: "2"\n',
			) as string,
		});
	});

	test('goes into the patch that the overlay has', () => {
		const text =
			deployment('64Mi').replace('-- production/kustomization.yaml --\nresources:\n  - ../base\n', '') +
			`-- production/kustomization.yaml --
resources:
  - ../base
patches:
  - path: web.yaml
-- production/web.yaml --
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  template:
    spec:
      containers:
        # The one that matters.
        - name: web
          env:
            - name: LEVEL
              value: "9"
`;
		const files = overridden(text, { production: '128Mi' });
		expect(files).toEqual({
			'production/web.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  template:
    spec:
      containers:
        # The one that matters.
        - name: web
          env:
            - name: LEVEL
              value: "9"
          resources:
            limits:
              memory: 128Mi
`,
		});
	});

	test('goes inline where the overlay patches inline', () => {
		const text =
			deployment('64Mi').replace('-- production/kustomization.yaml --\nresources:\n  - ../base\n', '') +
			`-- production/kustomization.yaml --
resources:
  - ../base
patches:
  - patch: |-
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: web
        namespace: shop
      spec:
        template:
          spec:
            containers:
              - name: sidecar
                command: [run]
`;
		expect(overridden(text, { production: '128Mi' })).toEqual({
			'production/kustomization.yaml': `resources:
  - ../base
patches:
  - patch: |-
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: web
        namespace: shop
      spec:
        template:
          spec:
            containers:
              - name: sidecar
                command: [run]
              - name: web
                resources:
                  limits:
                    memory: 128Mi
`,
		});
	});

	test('an element of a list without merge keys goes into a JSON patch', () => {
		expect(overridden(deployment('--level=info'), { production: '--level=debug' })).toEqual({
			'production/patches/deployment-patch.yaml': `- op: replace
  path: /spec/template/spec/containers/1/args/0
  value: --level=debug
`,
			'production/kustomization.yaml': `resources:
  - ../base
patches:
  - target:
      group: apps
      version: v1
      kind: Deployment
      name: web
    path: patches/deployment-patch.yaml
`,
		});
	});

	test('the number of replicas and an image have fields of their own', () => {
		expect(overridden(deployment('replicas: 2'), { production: '5' })).toEqual({
			'production/kustomization.yaml': 'resources:\n  - ../base\nreplicas:\n  - name: web\n    count: 5\n',
		});
		expect(overridden(deployment('web:1.0.0'), { production: 'ghcr.io/example/web:2' })).toEqual({
			'production/kustomization.yaml':
				'resources:\n  - ../base\nimages:\n  - name: ghcr.io/example/web\n    newTag: "2"\n',
		});
	});

	test('several environments at once, and what is refused', () => {
		const files = overridden(deployment('replicas: 2'), { production: '5', staging: '3' });
		expect(Object.keys(files).sort()).toEqual(['production/kustomization.yaml', 'staging/kustomization.yaml']);
		expect(overridden(deployment('replicas: 2'), { production: '2' })).toMatch(/is so in production already/);
		expect(overridden(deployment('replicas: 2'), { testing: '2' })).toMatch(/testing has no overlay/);
		expect(overridden(deployment('kind: Deployment'), { production: 'StatefulSet' })).toMatch(
			/would be another object/,
		);
	});

	test('what is no field of a base is not overridable', () => {
		const { analysis } = analyse(deployment('64Mi'));
		const file: FilePath = `${ROOT}/production/kustomization.yaml`;
		expect(analysis.overridable(file, 15)).toBeUndefined();
		const at = analyse(deployment('64Mi'));
		expect(at.analysis.overridable(at.fixture.caret!.file, at.fixture.caret!.offset)).toEqual({
			title: 'spec.template.spec.containers[1].resources.limits.memory of Deployment/web in namespace shop',
			environments: [
				{ name: 'production', value: '64Mi', overlay: 'production' },
				{ name: 'staging', value: '64Mi', overlay: 'staging' },
			],
		});
	});
});

const release = (caret: string, overlay: string) =>
	`
-- base/kustomization.yaml --
resources:
  - release.yaml
configMapGenerator:
  - name: web-values
    namespace: shop
    files:
      - values.yaml
configurations:
  - names.yaml
-- base/names.yaml --
nameReference:
  - kind: ConfigMap
    version: v1
    fieldSpecs:
      - kind: HelmRelease
        path: spec/valuesFrom/name
-- base/release.yaml --
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: web
  namespace: shop
spec:
  interval: 5m
  chart:
    spec:
      chart: web
      version: 1.0.0
      sourceRef:
        kind: HelmRepository
        name: web
  valuesFrom:
    - kind: ConfigMap
      name: web-values
    - kind: ConfigMap
      name: web-values-env
      optional: true
-- base/values.yaml --
replicas: 2
hosts:
  - name: a
    tls: false
  - name: b
-- staging/kustomization.yaml --
resources:
  - ../base
-- production/kustomization.yaml --
${overlay}`.replace(caret, caret.slice(0, -1) + '$0' + caret.slice(-1));

describe('a value of a release', () => {
	const WITH_FILE = `resources:
  - ../base
configMapGenerator:
  - name: web-values-env
    namespace: shop
    files:
      - values.yaml
-- production/values.yaml --
# What differs.
level: debug
`;

	test('goes into the overlay’s values file', () => {
		expect(overridden(release('replicas: 2', WITH_FILE), { production: '4' })).toEqual({
			'production/values.yaml': '# What differs.\nlevel: debug\nreplicas: 4\n',
		});
	});

	test('a list is said as a whole', () => {
		expect(overridden(release('tls: false', WITH_FILE), { production: 'true' })).toEqual({
			'production/values.yaml': '# What differs.\nlevel: debug\nhosts:\n  - name: a\n    tls: true\n  - name: b\n',
		});
	});

	test('goes into spec.values where the overlay has no values file', () => {
		expect(overridden(release('replicas: 2', 'resources:\n  - ../base\n'), { production: '4' })).toEqual({
			'production/patches/helmrelease-patch.yaml': `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: web
  namespace: shop
spec:
  values:
    replicas: 4
`,
			'production/kustomization.yaml': 'resources:\n  - ../base\npatches:\n  - path: patches/helmrelease-patch.yaml\n',
		});
	});
});

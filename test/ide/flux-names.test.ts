/** Every name that one object of Flux holds of another: definition, references, hover, completion and rename at each. */
import { describe, expect, test } from 'vitest';
import { analyse, applied, complete, definition, hover, references } from '../support/check';

const SYNC = `-- clusters/prod/flux-system/gotk-sync.yaml --
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: flux-system
  namespace: flux-system
spec:
  url: https://git.example.com/fleet
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: flux-system
  namespace: flux-system
spec:
  path: ./clusters/prod
  sourceRef:
    kind: GitRepository
    name: flux-system
`;

interface Named {
	readonly apiVersion: string;
	readonly kind: string;
	readonly spec?: string;
}

const SOURCE = 'source.toolkit.fluxcd.io/v1';
const NOTIFICATION = 'notification.toolkit.fluxcd.io/v1beta3';
const IMAGE = 'image.toolkit.fluxcd.io/v1';
const CORE = 'v1';

const of = (apiVersion: string, kind: string, spec?: string): Named => ({
	apiVersion,
	kind,
	...(spec !== undefined && { spec }),
});

/** The holder with `NAME` where the name stands, and what is named. */
const CASES: readonly (readonly [string, Named, Named])[] = [
	[
		'sourceRef of a Kustomization',
		of(
			'kustomize.toolkit.fluxcd.io/v1',
			'Kustomization',
			'path: ./nowhere\nsourceRef:\n  kind: OCIRepository\n  name: NAME',
		),
		of(SOURCE, 'OCIRepository', 'url: oci://x/y'),
	],
	[
		'sourceRef of an ExternalArtifact',
		of(
			'kustomize.toolkit.fluxcd.io/v1',
			'Kustomization',
			'path: ./nowhere\nsourceRef:\n  kind: ExternalArtifact\n  name: NAME',
		),
		of(SOURCE, 'ExternalArtifact'),
	],
	[
		'dependsOn of a Kustomization',
		of(
			'kustomize.toolkit.fluxcd.io/v1',
			'Kustomization',
			'path: ./nowhere\nsourceRef:\n  kind: GitRepository\n  name: flux-system\ndependsOn:\n  - name: NAME',
		),
		of(
			'kustomize.toolkit.fluxcd.io/v1',
			'Kustomization',
			'path: ./apps\nsourceRef:\n  kind: GitRepository\n  name: flux-system',
		),
	],
	[
		'substituteFrom a ConfigMap',
		of(
			'kustomize.toolkit.fluxcd.io/v1',
			'Kustomization',
			'path: ./nowhere\nsourceRef:\n  kind: GitRepository\n  name: flux-system\npostBuild:\n  substituteFrom:\n    - kind: ConfigMap\n      name: NAME',
		),
		of(CORE, 'ConfigMap'),
	],
	[
		'substituteFrom a Secret',
		of(
			'kustomize.toolkit.fluxcd.io/v1',
			'Kustomization',
			'path: ./nowhere\nsourceRef:\n  kind: GitRepository\n  name: flux-system\npostBuild:\n  substituteFrom:\n    - kind: Secret\n      name: NAME',
		),
		of(CORE, 'Secret'),
	],
	[
		'healthChecks',
		of(
			'kustomize.toolkit.fluxcd.io/v1',
			'Kustomization',
			'path: ./nowhere\nsourceRef:\n  kind: GitRepository\n  name: flux-system\nhealthChecks:\n  - apiVersion: helm.toolkit.fluxcd.io/v2\n    kind: HelmRelease\n    name: NAME',
		),
		of('helm.toolkit.fluxcd.io/v2', 'HelmRelease', 'chartRef:\n  kind: OCIRepository\n  name: other'),
	],
	[
		'decryption',
		of(
			'kustomize.toolkit.fluxcd.io/v1',
			'Kustomization',
			'path: ./nowhere\nsourceRef:\n  kind: GitRepository\n  name: flux-system\ndecryption:\n  provider: sops\n  secretRef:\n    name: NAME',
		),
		of(CORE, 'Secret'),
	],
	[
		'kubeConfig',
		of(
			'kustomize.toolkit.fluxcd.io/v1',
			'Kustomization',
			'path: ./nowhere\nsourceRef:\n  kind: GitRepository\n  name: flux-system\nkubeConfig:\n  secretRef:\n    name: NAME',
		),
		of(CORE, 'Secret'),
	],
	[
		'sourceRef of a chart',
		of(
			'helm.toolkit.fluxcd.io/v2',
			'HelmRelease',
			'chart:\n  spec:\n    chart: web\n    sourceRef:\n      kind: HelmRepository\n      name: NAME',
		),
		of(SOURCE, 'HelmRepository', 'url: https://charts.example.com'),
	],
	[
		'chartRef to a HelmChart',
		of('helm.toolkit.fluxcd.io/v2', 'HelmRelease', 'chartRef:\n  kind: HelmChart\n  name: NAME'),
		of(SOURCE, 'HelmChart', 'chart: web\nsourceRef:\n  kind: HelmRepository\n  name: other'),
	],
	[
		'chartRef to an OCIRepository',
		of('helm.toolkit.fluxcd.io/v2', 'HelmRelease', 'chartRef:\n  kind: OCIRepository\n  name: NAME'),
		of(SOURCE, 'OCIRepository', 'url: oci://x/y'),
	],
	[
		'dependsOn of a HelmRelease',
		of(
			'helm.toolkit.fluxcd.io/v2',
			'HelmRelease',
			'chartRef:\n  kind: OCIRepository\n  name: other\ndependsOn:\n  - name: NAME',
		),
		of('helm.toolkit.fluxcd.io/v2', 'HelmRelease', 'chartRef:\n  kind: OCIRepository\n  name: other'),
	],
	[
		'valuesFrom',
		of(
			'helm.toolkit.fluxcd.io/v2',
			'HelmRelease',
			'chartRef:\n  kind: OCIRepository\n  name: other\nvaluesFrom:\n  - kind: ConfigMap\n    name: NAME\n    valuesKey: a',
		),
		of(CORE, 'ConfigMap'),
	],
	[
		'sourceRef of a HelmChart',
		of(SOURCE, 'HelmChart', 'chart: web\nsourceRef:\n  kind: Bucket\n  name: NAME'),
		of(SOURCE, 'Bucket', 'bucketName: x'),
	],
	[
		'secretRef of a source',
		of(SOURCE, 'GitRepository', 'url: https://x.example.com/y\nsecretRef:\n  name: NAME'),
		of(CORE, 'Secret'),
	],
	[
		'include of a GitRepository',
		of(SOURCE, 'GitRepository', 'url: https://x.example.com/y\ninclude:\n  - repository:\n      name: NAME'),
		of(SOURCE, 'GitRepository', 'url: https://x.example.com/z'),
	],
	[
		'imageRepositoryRef',
		of(IMAGE, 'ImagePolicy', 'imageRepositoryRef:\n  name: NAME'),
		of(IMAGE, 'ImageRepository', 'image: x'),
	],
	[
		'sourceRef of an ImageUpdateAutomation',
		of(IMAGE, 'ImageUpdateAutomation', 'sourceRef:\n  kind: GitRepository\n  name: NAME'),
		of(SOURCE, 'GitRepository', 'url: https://x.example.com/z'),
	],
	[
		'providerRef',
		of(NOTIFICATION, 'Alert', 'providerRef:\n  name: NAME\neventSources: []'),
		of(NOTIFICATION, 'Provider', 'type: slack'),
	],
	[
		'eventSources',
		of(NOTIFICATION, 'Alert', 'providerRef:\n  name: other\neventSources:\n  - kind: HelmRepository\n    name: NAME'),
		of(SOURCE, 'HelmRepository', 'url: https://charts.example.com'),
	],
	[
		'resources of a Receiver',
		of(
			'notification.toolkit.fluxcd.io/v1',
			'Receiver',
			'type: github\nresources:\n  - kind: GitRepository\n    name: NAME',
		),
		of(SOURCE, 'GitRepository', 'url: https://x.example.com/z'),
	],
	[
		'secretRef of a Receiver',
		of('notification.toolkit.fluxcd.io/v1', 'Receiver', 'type: github\nsecretRef:\n  name: NAME\nresources: []'),
		of(CORE, 'Secret'),
	],
	[
		'secretRef of a Provider',
		of(NOTIFICATION, 'Provider', 'type: slack\nsecretRef:\n  name: NAME'),
		of(CORE, 'Secret'),
	],
	[
		'sources of an ArtifactGenerator',
		of(
			'source.extensions.fluxcd.io/v1beta1',
			'ArtifactGenerator',
			'sources:\n  - alias: a\n    kind: GitRepository\n    name: NAME\nartifacts: []',
		),
		of(SOURCE, 'GitRepository', 'url: https://x.example.com/z'),
	],
];

const HOLDER = 'clusters/prod/holder.yaml';
const TARGET = 'clusters/prod/target.yaml';

const manifest = ({ apiVersion, kind, spec }: Named, name: string) =>
	`apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: ${name}\n  namespace: flux-system\n${
		spec === undefined ? '' : `spec:\n${spec.replace(/^/gm, '  ')}\n`
	}`;

function tree(holder: Named, target: Named, { inHolder = 'wanted', inTarget = 'wanted' }) {
	return analyse(
		`${SYNC}-- ${HOLDER} --\n${manifest(holder, 'holder').replace('NAME', () => inHolder)}-- ${TARGET} --\n${manifest(target, 'WANTED').replace('WANTED', () => inTarget)}`,
	);
}

describe.each(CASES)('%s', (_, holder, target) => {
	test('leads to the object', () => {
		expect(definition(tree(holder, target, { inHolder: 'wan$0ted' }))).toEqual([`${TARGET}:1`]);
	});

	test('is among its references', () => {
		const found = references(tree(holder, target, { inTarget: 'wan$0ted' })).map(line => line.replace(/:\d+$/, ''));
		expect(found.map(line => line.trim())).toContain(HOLDER);
	});

	test('is completed', () => {
		expect(complete(tree(holder, target, { inHolder: '$0' }))).toContain('wanted');
	});

	test('is shown by hover', () => {
		const text = hover(tree(holder, target, { inHolder: 'wan$0ted' }));
		expect(text).toContain(`names \`${target.kind}/wanted in namespace flux-system\` · \`${TARGET}:1\``);
	});

	test.each(['inHolder', 'inTarget'])('is renamed from %s', side => {
		const { analysis, fixture } = tree(holder, target, { [side]: 'wan$0ted' });
		const change = analysis.rename(fixture.caret!.file, fixture.caret!.offset, 'renamed');
		const after = change && applied(fixture, change);
		expect(after && [after[HOLDER], after[TARGET]].map(text => text?.includes('name: renamed'))).toEqual([true, true]);
	});
});

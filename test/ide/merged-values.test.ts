/** Merged values as text: what each environment and the base hand to the chart, who wrote each line, and nothing of a Secret. */
import { describe, expect, test } from 'vitest';
import { relative } from '../../server/src/core/base/paths';
import { applyEdits, LineIndex } from '../../server/src/core/base/text';
import { type Analysed, analyse } from '../support/check';
import { ROOT } from '../support/fixture';

const TREE = `
-- charts/web/Chart.yaml --
apiVersion: v2
name: web
version: 1.0.0
-- charts/web/values.yaml --
replicas: 1
image:
  repository: registry.example.com/web
  tag: "1.0"
admin:
  password: ""
  token: ""
-- base/kustomization.yaml --
resources:
  - release.yaml
  - secret.yaml
configMapGenerator:
  - name: web-values
    files:
      - values.yaml
generatorOptions:
  disableNameSuffixHash: true
-- base/secret.yaml --
apiVersion: v1
kind: Secret
metadata:
  name: web-admin
stringData:
  password: correct horse
  more.yaml: |
    admin:
      token: battery staple
-- base/values.yaml --
image:
  tag: "2.0"
replicas: 2
-- base/release.yaml --
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: web
spec:
  interval: 10m
  chart:
    spec:
      chart: charts/web
      sourceRef:
        kind: GitRepository
        name: fleet
  valuesFrom:
    - kind: ConfigMap
      name: web-values
    - kind: Secret
      name: web-admin
      valuesKey: more.yaml
    - kind: Secret
      name: web-admin
      valuesKey: password
      targetPath: admin.password
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: fleet
spec:
  interval: 1m
  url: https://git.example.com/fleet
-- production/kustomization.yaml --
namespace: web
resources:
  - ../base
patches:
  - path: patch.yaml
-- production/patch.yaml --
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: web
spec:
  values:
    replicas: 5
-- staging/kustomization.yaml --
namespace: web
resources:
  - ../base
`;

/** What can be shown at the first place of `text` in a file. */
function pointsAt({ analysis, fixture: { files } }: Analysed, path: string, text: string) {
	const file = `${ROOT}/${path}`;
	return analysis.mergedValuesAt(file, files.get(file)!.indexOf(text));
}

/** `line  # writer`, for each line. */
function rendered({ analysis, fixture: { files } }: Analysed, id: string): string[] {
	const { text, origins } = analysis.render(id)!;
	return text
		.trimEnd()
		.split('\n')
		.map((line, i) => {
			const origin = origins[i];
			if (!origin) return line;
			const { file, range } = origin.place;
			const at = new LineIndex(files.get(file) ?? '').position(range.start).line + 1;
			return `${line}  # ${origin.step} ${relative(ROOT, file)}:${at}`;
		});
}

describe('merged values', () => {
	test('of an environment have the defaults of the chart, what each part wrote, and no secret', () => {
		const analysed = analyse(TREE);
		const points = pointsAt(analysed, 'base/release.yaml', 'interval');
		expect(points.map(({ label }) => label)).toEqual([
			'base · values of web',
			'production · values of web/web',
			'staging · values of web/web',
		]);
		expect(rendered(analysed, points[1]!.id)).toEqual([
			'admin:  # valuesFrom base/secret.yaml:8',
			'  password: (secret)  # valuesFrom base/secret.yaml:6',
			'  token: (secret)  # valuesFrom base/secret.yaml:9',
			'image:  # valuesFrom base/values.yaml:1',
			'  repository: registry.example.com/web  # chartDefault charts/web/values.yaml:3',
			'  tag: "2.0"  # valuesFrom base/values.yaml:2',
			'replicas: 5  # patch production/patch.yaml:7',
		]);
		expect(analysed.analysis.render(points[1]!.id)!.notes).toEqual([]);
	});

	test('tell of each all who wrote it, down to the chart', () => {
		const { analysis } = analyse(TREE);
		const point = analysis
			.mergedValuesAt('/repo/base/release.yaml', 0)
			.find(({ environment }) => environment === 'production')!;
		const { text, origins } = analysis.render(point.id)!;
		const labels = text.split('\n').map((line, i) => `${line.trim()}: ${origins[i]?.label}`);
		expect(labels).toContain(
			'replicas: 5: patch · production/patch.yaml:7 over valuesFrom · base/values.yaml:3 over chartDefault · charts/web/values.yaml:1',
		);
	});

	test('of the base are what it gives by itself, with the chart that the environments find', () => {
		const analysed = analyse(TREE);
		const [base] = pointsAt(analysed, 'base/release.yaml', 'interval');
		expect(rendered(analysed, base!.id)).toContain('replicas: 2  # valuesFrom base/values.yaml:3');
		expect(rendered(analysed, base!.id)).toContain(
			'  repository: registry.example.com/web  # chartDefault charts/web/values.yaml:3',
		);
	});

	test('are found from a patch, a values file, and the chart itself', () => {
		const analysed = analyse(TREE);
		const all = ['base · values of web', 'production · values of web/web', 'staging · values of web/web'];
		expect(pointsAt(analysed, 'production/patch.yaml', 'replicas').map(({ label }) => label)).toEqual([all[1]]);
		expect(pointsAt(analysed, 'base/values.yaml', 'tag').map(({ label }) => label)).toEqual(all);
		expect(pointsAt(analysed, 'charts/web/values.yaml', 'tag').map(({ label }) => label)).toEqual(all);
	});

	test('compare with those of other environments and of the base', () => {
		const analysed = analyse(TREE);
		const [, production] = pointsAt(analysed, 'base/release.yaml', 'interval');
		expect(analysed.analysis.comparableValues(production!.id).map(({ label, name }) => [label, name])).toEqual([
			['base · values of web', 'web values'],
			['staging · values of web/web', 'web values'],
		]);
	});

	test('follow what is typed, and know the line of the place under the cursor', () => {
		const analysed = analyse(TREE);
		const { analysis, fixture } = analysed;
		const [, production] = pointsAt(analysed, 'base/release.yaml', 'interval');
		const file = `${ROOT}/base/values.yaml`;
		const text = fixture.files.get(file)!;
		expect(analysis.renderedLineOf(production!.id, file, text.indexOf('"2.0"'))).toBe(5);
		const at = text.indexOf('2.0');
		analysis.apply({
			texts: new Map([[file, applyEdits(text, [{ range: { start: at, end: at + 3 }, text: '3.0' }])]]),
		});
		expect(analysis.render(production!.id)!.text).toContain('tag: "3.0"');
	});

	test('say that the chart is not known, and what is only known in the cluster', () => {
		const analysed = analyse(`
-- kustomization.yaml --
resources:
  - release.yaml
-- release.yaml --
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: web
  namespace: web
spec:
  chart:
    spec:
      chart: web
      sourceRef:
        kind: HelmRepository
        name: charts
  valuesFrom:
    - kind: Secret
      name: made-by-hand
  values:
    replicas: 1
---
apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata:
  name: charts
  namespace: web
spec:
  url: https://charts.example.com
`);
		const [only] = pointsAt(analysed, 'release.yaml', 'replicas');
		const { text, notes } = analysed.analysis.render(only!.id)!;
		expect(text).toBe('replicas: 1\n');
		expect(notes).toEqual([
			'Secret "made-by-hand" is not in the tree; what its key "values.yaml" sets is missing here.',
			'The chart "web" is not at hand, so its values are not checked.',
			"Only what the HelmRelease sets is shown here, without the chart's own defaults.",
		]);
	});

	test('an id of something that is gone renders nothing', () => {
		const { analysis } = analyse(TREE);
		expect(analysis.render('values ["entry","/repo/nowhere","web","web"]')).toBeUndefined();
		expect(analysis.render('values ["base","/repo/base","","other"]')).toBeUndefined();
		expect(analysis.render('values nonsense')).toBeUndefined();
	});
});
